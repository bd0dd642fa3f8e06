package schemas_test

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ttpstream/ttpstream/schemas"
)

// golden is one record as it travels, in testdata/NAME.json.
type golden struct {
	name   string
	record string
	value  any
}

func goldens() []golden {
	return slices.Concat(factGoldens(), ruleGoldens(), tagGoldens())
}

// bytes returns the golden file without its final newline, which is the
// file's and not the record's.
func (g golden) bytes(tb testing.TB) []byte {
	tb.Helper()
	raw, err := os.ReadFile(g.path())
	if err != nil {
		tb.Fatalf("%v (go test -update writes it)", err)
	}
	return bytes.TrimSuffix(raw, []byte("\n"))
}

func (g golden) path() string { return filepath.Join("testdata", g.name+".json") }

func TestGoldenRecords(t *testing.T) {
	t.Parallel()
	for _, g := range goldens() {
		t.Run(g.name, func(t *testing.T) {
			t.Parallel()
			if err := g.value.(interface{ Validate() error }).Validate(); err != nil {
				t.Errorf("Validate: %v", err)
			}
			codec := recordNamed(g.record).codec
			raw, err := codec.Encode(g.value)
			if err != nil {
				t.Fatalf("Encode: %v", err)
			}
			if *update {
				if err := os.WriteFile(g.path(), append(raw, '\n'), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want := g.bytes(t)
			if !bytes.Equal(raw, want) {
				t.Errorf("Encode (-want +got):\n%s", cmp.Diff(string(want), string(raw)))
			}
			got, err := codec.Decode(want)
			if err != nil {
				t.Fatalf("Decode: %v", err)
			}
			if !reflect.DeepEqual(got, g.value) {
				t.Errorf("Decode (-want +got):\n%s", cmp.Diff(g.value, got))
			}
		})
	}
}

func TestEveryRecordHasAGolden(t *testing.T) {
	t.Parallel()
	have := map[string]bool{}
	for _, g := range goldens() {
		have[g.record] = true
	}
	for _, r := range records() {
		if !have[r.name] {
			t.Errorf("record %s has no golden", r.name)
		}
	}
}

// A field that no golden sets has a spelling that nothing holds still.
func TestGoldensSetEveryField(t *testing.T) {
	t.Parallel()
	set := map[string]bool{}
	for _, g := range goldens() {
		fieldsOf(reflect.ValueOf(g.value), func(field string, value reflect.Value) {
			set[field] = set[field] || !value.IsZero()
		})
	}
	for field, ok := range set {
		if !ok {
			t.Errorf("no golden sets %s", field)
		}
	}
}

// fieldsOf visits every field of every struct that value holds, named by its
// struct type.
func fieldsOf(value reflect.Value, visit func(field string, value reflect.Value)) {
	switch value.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !value.IsNil() {
			fieldsOf(value.Elem(), visit)
		}
	case reflect.Slice:
		for i := range value.Len() {
			fieldsOf(value.Index(i), visit)
		}
	case reflect.Struct:
		if value.Type().PkgPath() != reflect.TypeFor[schemas.Tag]().PkgPath() {
			return // a time
		}
		for i := range value.NumField() {
			visit(value.Type().Name()+"."+value.Type().Field(i).Name, value.Field(i))
			fieldsOf(value.Field(i), visit)
		}
	}
}
