package ingest

import (
	"bytes"
	"errors"
	"slices"
	"testing"
	"unicode/utf8"
)

// formats are the sources whose records stand in testdata/sensors, each in a
// file of its name.
func formats(tb testing.TB) []Source {
	tb.Helper()
	return slices.DeleteFunc(Sources(), func(s Source) bool { return s.Name() == "cowrie" || s.Name() == "mail" })
}

func TestSensorGoldens(t *testing.T) {
	t.Parallel()
	for _, s := range formats(t) {
		t.Run(s.Name(), func(t *testing.T) {
			t.Parallel()
			lines := fileLines(t, "sensors/"+s.Name()+".jsonl")
			golden(t, "sensors/"+s.Name()+".golden", decoded(t, s.NewDecoder(), lines))
		})
	}
}

// No source takes another's first record for its own, so that auto cannot
// mistake a file.
func TestSourcesKnowTheirOwn(t *testing.T) {
	t.Parallel()
	for _, owner := range formats(t) {
		first := fileLines(t, "sensors/"+owner.Name()+".jsonl")[0]
		if owner.Name() == "feodo-csv" {
			first = fileLines(t, "sensors/feodo-csv.jsonl")[1]
		}
		if got := (auto{}).recognise(first); got == nil || got.Name() != owner.Name() {
			t.Errorf("the first record of %s is taken for %v", owner.Name(), got)
		}
		for _, other := range Sources() {
			if other.Name() != owner.Name() && other.Detect(first) {
				t.Errorf("%s takes a record of %s for its own", other.Name(), owner.Name())
			}
		}
	}
}

// What is planted in the records as a secret, a recipient or a body is in the
// password of a login and nowhere else.
func TestPlantedSecretsOfSensors(t *testing.T) {
	t.Parallel()
	for _, s := range formats(t) {
		d := s.NewDecoder()
		for i, l := range fileLines(t, "sensors/"+s.Name()+".jsonl") {
			facts, err := d.Decode(l)
			if err != nil {
				if bytes.Contains([]byte(err.Error()), []byte("lanted")) {
					t.Errorf("%s line %d: the refusal quotes a secret", s.Name(), i+1)
				}
				continue
			}
			for _, fact := range facts {
				checkPlanted(t, s.Name(), fact)
			}
		}
	}
}

func TestLearnIsDecodeOfSensors(t *testing.T) {
	t.Parallel()
	for _, s := range formats(t) {
		lines := fileLines(t, "sensors/"+s.Name()+".jsonl")
		learnt, whole := s.NewDecoder(), s.NewDecoder()
		for _, l := range lines[:len(lines)-1] {
			learnt.Learn(l)
			_, _ = whole.Decode(l)
		}
		last := lines[len(lines)-1:]
		if got, want := decoded(t, learnt, last), decoded(t, whole, last); got != want {
			t.Errorf("%s: %s\nwant %s", s.Name(), got, want)
		}
	}
}

// Whatever a record is, every decoder says what it is: valid facts, or a
// refusal with a reason and a sentence, and the same the second time.
func FuzzSensors(f *testing.F) {
	for _, s := range formats(f) {
		for _, l := range fileLines(f, "sensors/"+s.Name()+".jsonl") {
			f.Add(l)
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if !utf8.Valid(raw) || len(bytes.TrimSpace(raw)) == 0 {
			return
		}
		for _, s := range append(formats(t), Source(auto{})) {
			facts, err := s.NewDecoder().Decode(raw)
			var refusal *Refusal
			if errors.As(err, &refusal) {
				if refusal.Reason == "" || refusal.Detail == "" {
					t.Fatalf("%s: a bad refusal: %#v", s.Name(), refusal)
				}
				continue
			}
			if err != nil || len(facts) == 0 {
				t.Fatalf("%s: %d facts, %v", s.Name(), len(facts), err)
			}
			checkFacts(t, s, facts, raw)
		}
	})
}
