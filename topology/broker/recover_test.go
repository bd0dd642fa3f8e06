package broker

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/twmb/franz-go/pkg/kgo"
)

// recoverDir recovers a directory without serving it.
func recoverDir(t testing.TB, o Options) error {
	t.Helper()
	o, err := o.withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	return newDataDir(o).recover(testContext(t))
}

// busyRounds is how often busyDir does what it does; each is four offsets.
const busyRounds = 4

// busyDir returns a directory in which a bit of everything has happened, as a
// Close left it and as a kill at its last moment would have.
func busyDir(t testing.TB) (closed, killed string) {
	t.Helper()
	dir := t.TempDir()
	b := start(t, Options{DataDir: dir})
	createTopic(t, b.Addrs(), "t", 2, "segment.bytes=70", "cleanup.policy=compact")
	createTopic(t, b.Addrs(), "empty", 1)
	cl := client(t, b.Addrs())
	x := client(t, b.Addrs(), kgo.TransactionalID("x"))
	for i := range busyRounds {
		produce(t, cl, []*kgo.Record{record("t", "a", strconv.Itoa(i)), record("t", "b"+strconv.Itoa(i), "v")})
		if err := x.BeginTransaction(); err != nil {
			t.Fatal(err)
		}
		produce(t, x, []*kgo.Record{record("t", "x", strconv.Itoa(i))})
		if err := x.EndTransaction(testContext(t), i%2 == 0); err != nil {
			t.Fatal(err)
		}
		commit(t, cl, "g", "t", 0, int64(i))
	}
	killed = image(t, dir)
	mustClose(t, b)
	return dir, killed
}

// files returns the content of every file below a directory.
func files(t testing.TB, dir string) map[string]string {
	t.Helper()
	out := make(map[string]string)
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		out[rel] = string(raw)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// What kfake leaves at a Close is what recovery would have written: this
// package reads and writes kfake's format, of which nothing but its sources
// tell.
func TestRecoveryLeavesAClosedDirectoryAlone(t *testing.T) {
	t.Parallel()
	dir, _ := busyDir(t)
	before := files(t, dir)
	if err := recoverDir(t, Options{DataDir: dir, CompactMinBytes: -1}); err != nil {
		t.Fatal(err)
	}
	ours := cmpopts.IgnoreMapEntries(func(name, _ string) bool { return name == windowsFile || name == closedFile })
	if diff := cmp.Diff(before, files(t, dir), ours); diff != "" {
		t.Error(diff)
	}
	var was, is storedWindows
	if err := os.WriteFile(filepath.Join(dir, "was"), []byte(before[windowsFile]), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, into := range map[string]*storedWindows{"was": &was, windowsFile: &is} {
		if _, err := readJSON(filepath.Join(dir, name), into); err != nil {
			t.Fatal(err)
		}
	}
	byProducer := cmpopts.SortSlices(func(a, b storedWindow) bool { return a.Producer < b.Producer })
	if diff := cmp.Diff(was.Windows, is.Windows, byProducer); diff != "" {
		t.Errorf("windows (-kfake +ours): %s", diff)
	}
}

// What recovery makes of a killed directory is what a Close would have left.
func TestRecoveryOfAKilledDirectoryEqualsAClose(t *testing.T) {
	t.Parallel()
	closed, killed := busyDir(t)
	for _, dir := range []string{closed, killed} {
		if err := recoverDir(t, Options{DataDir: dir, CompactMinBytes: -1}); err != nil {
			t.Fatal(err)
		}
	}
	a, b := files(t, closed), files(t, killed)
	// The logs' order is that of a map, their epochs differ on purpose; a kill leaves no
	// time of creation.
	skip := cmpopts.IgnoreMapEntries(func(name, _ string) bool {
		return name == pidsFile || name == groupsFile || name == topicsFile || name == windowsFile || name == sessionFile || strings.HasSuffix(name, snapshotFile)
	})
	if diff := cmp.Diff(a, b, skip); diff != "" {
		t.Error(diff)
	}
	s1, err1 := readSnapshot(partitionDir(closed, "t", 0))
	s2, err2 := readSnapshot(partitionDir(killed, "t", 0))
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	if !s1.equal(s2) {
		t.Errorf("snapshots (-closed +killed): %s", cmp.Diff(s1, s2))
	}
}

// Whatever step a crash falls after, the next start has everything.
func TestCrashAtEveryStep(t *testing.T) {
	t.Parallel()
	for name, which := range map[string]func(closed, killed string) string{
		"closed": func(closed, _ string) string { return closed },
		"killed": func(_, killed string) string { return killed },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			original := which(busyDir(t))
			steps := make(map[string]bool)
			for n := int64(1); ; n++ {
				dir := image(t, original)
				o := compacting(dir)
				step, crashed := crashAt(n)
				o.step = step
				err := recoverDir(t, o)
				if err == nil {
					break
				}
				if !errors.Is(err, errCrash) {
					t.Fatal(err)
				}
				what, _, _ := strings.Cut(crashed(), " ")
				steps[what] = true
				checkBusy(t, "crash at "+crashed(), start(t, compacting(dir)))
			}
			for _, want := range []string{"repair", "write", "sync", "replace", "delete", "snapshot", "open"} {
				if !steps[want] {
					t.Errorf("no crash fell at %q, only at %v", want, steps)
				}
			}
		})
	}
}

// checkBusy checks that a directory from busyDir has what was acknowledged.
func checkBusy(t testing.TB, when string, b *Broker) {
	t.Helper()
	cl := client(t, b.Addrs())
	want := map[string]string{"a": "3", "x": "2"}
	for i := range busyRounds {
		want["b"+strconv.Itoa(i)] = "v"
	}
	checkLatest(t, readFrom(t, cl, "t", 0, 0, 1), want)
	if s, e := bounds(t, cl, "t", 0); s != 0 || e != 4*busyRounds {
		t.Errorf("%s: the log is [%d,%d), want [0,%d)", when, s, e, 4*busyRounds)
	}
	if got := committed(t, cl, "g", "t", 0); got != busyRounds-1 {
		t.Errorf("%s: committed offset = %d, want %d", when, got, busyRounds-1)
	}
	produce(t, cl, []*kgo.Record{record("t", "a", "again")})
	if t.Failed() {
		t.Fatal(when)
	}
	mustClose(t, b)
}

// Leftovers of every kind are gone after a start.
func TestLeftoversAreRemoved(t *testing.T) {
	t.Parallel()
	_, killed := busyDir(t)
	part := partitionDir(killed, "t", 0)
	for _, path := range []string{
		filepath.Join(killed, "x.tmp"), filepath.Join(part, "0.dat.tmp"),
		filepath.Join(part, "9999.idx"), filepath.Join(part, "9999.dat"),
	} {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b := start(t, compacting(killed))
	for name := range files(t, killed) {
		if strings.Contains(name, "9999") || strings.HasSuffix(name, ".tmp") {
			t.Errorf("%s is still there", name)
		}
	}
	checkBusy(t, "leftovers", b)
}
