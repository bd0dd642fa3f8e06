package broker

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/twmb/franz-go/pkg/kgo"
)

func TestTornEndIsCutOff(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	b := start(t, Options{DataDir: dir})
	createTopic(t, b.Addrs(), "t", 1)
	cl := client(t, b.Addrs())
	for i := range 3 {
		produce(t, cl, []*kgo.Record{record("t", "a", strconv.Itoa(i))})
	}
	killed := image(t, dir)
	part := partitionDir("", "t", 0)
	whole, err := os.ReadFile(filepath.Join(killed, part, "0.dat"))
	if err != nil {
		t.Fatal(err)
	}
	one := len(whole) / 3
	for cut := 2 * one; cut <= len(whole); cut++ {
		torn := image(t, killed)
		if err := os.Truncate(filepath.Join(torn, part, "0.dat"), int64(cut)); err != nil {
			t.Fatal(err)
		}
		if err := recoverDir(t, Options{DataDir: torn}); err != nil {
			t.Fatalf("cut at %d: %v", cut, err)
		}
		s, err := readSnapshot(filepath.Join(torn, part))
		if want := int64(cut / one); err != nil || s.HighWatermark != want {
			t.Errorf("cut at %d: the log ends at %d, %v, want %d", cut, s.HighWatermark, err, want)
		}
		index, err := os.ReadFile(filepath.Join(torn, part, "0.idx"))
		if want := cut / one * indexEntryBytes; err != nil || len(index) != want {
			t.Errorf("cut at %d: the index has %d bytes, %v, want %d", cut, len(index), err, want)
		}
	}
}

func TestDamageInTheMiddleIsNotCutOff(t *testing.T) {
	t.Parallel()
	_, killed := busyDir(t)
	part := partitionDir(killed, "t", 0)
	names, err := os.ReadDir(part)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range names {
		// The last segment holds one batch, and after that nothing tells a torn end.
		base, ok := baseOf(e.Name(), ".dat")
		if !ok || base == 4*busyRounds-1 {
			continue
		}
		for _, at := range []int64{lengthAt, magicAt, crcAt, headerBytes + 3} {
			dir := image(t, killed)
			path := filepath.Join(partitionDir(dir, "t", 0), e.Name())
			flip(t, path, at)
			before := files(t, dir)
			if err := recoverDir(t, Options{DataDir: dir}); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), e.Name()) {
				t.Errorf("%s with byte %d flipped: %v, want %v naming it", e.Name(), at, err, ErrDamaged)
			}
			data := cmpopts.IgnoreMapEntries(func(name, _ string) bool { return filepath.Ext(name) != ".dat" })
			if diff := cmp.Diff(before, files(t, dir), data); diff != "" {
				t.Errorf("%s with byte %d flipped: %s", e.Name(), at, diff)
			}
		}
	}
}

// flip changes one byte of a file.
func flip(t testing.TB, path string, at int64) {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	raw[at] ^= 0xff
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestMissingFilesAreDamage(t *testing.T) {
	t.Parallel()
	_, killed := busyDir(t)
	stranger := image(t, killed)
	if err := os.Mkdir(partitionDir(stranger, "deleted", 0), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := Start(t.Context(), Options{DataDir: stranger}); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "deleted-0") {
		t.Errorf("Start with a partition of no topic = %v, want %v naming it", err, ErrDamaged)
	}
	for _, name := range []string{metaFile, topicsFile} {
		dir := image(t, killed)
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
		if _, err := Start(t.Context(), Options{DataDir: dir}); !errors.Is(err, ErrDamaged) {
			t.Errorf("Start without %s = %v, want %v", name, err, ErrDamaged)
		}
	}
}

// A loss of power may shorten a log. Its offsets are not given out again.
func TestShortenedLogSkipsItsOffsets(t *testing.T) {
	t.Parallel()
	for name, lose := range map[string]func(path string) error{
		"shorter": func(path string) error { return os.Truncate(path, 100) },
		"gone":    os.Remove,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			b := start(t, Options{DataDir: dir})
			createTopic(t, b.Addrs(), "t", 1)
			cl := client(t, b.Addrs())
			for i := range 5 {
				produce(t, cl, []*kgo.Record{record("t", "a", strconv.Itoa(i))})
			}
			mustClose(t, b)
			if err := lose(filepath.Join(partitionDir(dir, "t", 0), "0.dat")); err != nil {
				t.Fatal(err)
			}
			b = start(t, Options{DataDir: dir})
			cl = client(t, b.Addrs())
			produce(t, cl, []*kgo.Record{record("t", "a", "new")})
			got := texts(readAll(t, cl, "t", 0))
			if last := got[len(got)-1]; last != "5 a=new" {
				t.Errorf("the next record is %q, want it at offset 5", last)
			}
		})
	}
}
