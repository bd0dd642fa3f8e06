package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/topology/topologytest"
)

// answering is a line that answers over HTTP, in one process or several.
type answering struct {
	broker, url, database string
	children              []*child
}

// startUp starts everything in one process.
func startUp(ctx context.Context, t testing.TB, args ...string) *answering {
	t.Helper()
	return startUpOn(ctx, t, filepath.Join(t.TempDir(), "data"), args...)
}

// startUpOn starts it on a directory.
func startUpOn(ctx context.Context, t testing.TB, data string, args ...string) *answering {
	t.Helper()
	up := startChild(t, nil, append([]string{"up", "--data", data, "--port", "0"}, args...)...)
	up.must(ctx, "ready: ")
	return upAnswering(ctx, up, data)
}

// upAnswering is an up that runs already.
func upAnswering(ctx context.Context, up *child, data string) *answering {
	broker, rest, _ := strings.Cut(up.must(ctx, "Kafka broker on "), ", API on ")
	url, _, _ := strings.Cut(rest, ", data in ")
	return &answering{broker: broker, url: url, database: filepath.Join(data, "ledger.db"), children: []*child{up}}
}

// startRoles starts each role as a process of its own, on a Kafka.
func startRoles(ctx context.Context, t testing.TB, ingest ...string) *answering {
	t.Helper()
	cluster, dir := topologytest.Kafka(t), t.TempDir()
	flags := clusterArgs(cluster)
	a := &answering{broker: cluster.Brokers[0], database: filepath.Join(dir, "ledger.db")}
	start := func(args ...string) *child {
		c := startChild(t, nil, append(args, flags...)...)
		a.children = append(a.children, c)
		return c
	}
	start("process", "--state-dir", filepath.Join(dir, "state")).must(ctx, "running as ")
	if c := runChild(t, nil, append([]string{"rules", "publish", "--skip-tests"}, flags...)...); c.code != exitDone {
		t.Fatal(c.stderr())
	}
	inForce(ctx, t, cluster, topologytest.Admin(t, cluster), 1)
	start("project", "--database", "sqlite:"+a.database)
	a.url = strings.TrimSuffix(start("serve", "--database", "sqlite:"+a.database).must(ctx, "API on "), "; stop with Ctrl-C")
	start(append([]string{"ingest", "--checkpoint", filepath.Join(dir, "ingest.json"), "--from-group", cluster.Namespace}, ingest...)...)
	t.Cleanup(func() { a.leave(t) }) // last, so that it comes before each child is killed
	return a
}

// leave ends the children in good order, so that nothing of them is left on
// the broker.
func (a *answering) leave(t testing.TB) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for _, c := range a.children {
		if c.alive() {
			c.interrupt()
			c.wait(ctx)
		}
	}
}

// get returns the answer to a question, which must be a good one.
func (a *answering) get(ctx context.Context, t testing.TB, path string) []byte {
	t.Helper()
	body, status := a.ask(ctx, t, path)
	if status != http.StatusOK {
		t.Fatalf("GET %s: %d\n%s", path, status, body)
	}
	return body
}

// ask returns the answer to a question, and its status.
func (a *answering) ask(ctx context.Context, t testing.TB, path string) ([]byte, int) {
	t.Helper()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, a.url+"/api/v1/ttp/"+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatalf("GET %s: %v", path, err)
	}
	return body, response.StatusCode
}

// eventually asks until the answer, of any status, has a text in it.
func (a *answering) eventually(ctx context.Context, t testing.TB, path, text string) {
	t.Helper()
	tick := time.NewTicker(askAgain)
	defer tick.Stop()
	for {
		body, _ := a.ask(ctx, t, path)
		if strings.Contains(string(body), text) {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("GET %s never had %s; last\n%s\n%s", path, text, body, a.said())
		}
	}
}

// techniqueCounts returns the tags of each technique.
func (a *answering) techniqueCounts(ctx context.Context, t testing.TB) map[string]int64 {
	t.Helper()
	var rows []struct {
		Tactic         string `json:"tactic"`
		TechniqueID    string `json:"technique_id"`
		SubTechniqueID string `json:"sub_technique_id"`
		Tags           int64  `json:"tags"`
	}
	if err := json.Unmarshal(a.get(ctx, t, "techniques?min_confidence=0.3"), &rows); err != nil {
		t.Fatal(err)
	}
	counts := map[string]int64{}
	for _, row := range rows {
		counts[row.Tactic+"/"+row.TechniqueID+"/"+row.SubTechniqueID] += row.Tags
	}
	return counts
}

func (e expected) techniqueCounts(t testing.TB) map[string]int64 {
	counts := map[string]int64{}
	for _, raw := range e.tags {
		tag := decodeTag(t, []byte(raw))
		counts[tag.Tactic+"/"+tag.TechniqueID+"/"+tag.SubTechniqueID]++
	}
	return counts
}

// askAgain is how often a question is repeated whose answer is not there yet.
const askAgain = 50 * time.Millisecond

// holds waits until the rollups are those of the tags, and compares them.
func (a *answering) holds(ctx context.Context, t testing.TB, want expected) {
	t.Helper()
	counts := want.techniqueCounts(t)
	patient, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tick := time.NewTicker(askAgain)
	defer tick.Stop()
	for {
		got := a.techniqueCounts(ctx, t)
		if maps.Equal(got, counts) {
			return
		}
		select {
		case <-tick.C:
		case <-patient.Done():
			t.Fatalf("techniques over HTTP (-want +got):\n%s\n%s", cmp.Diff(counts, got), a.said())
		}
	}
}

func (a *answering) said() string {
	var all strings.Builder
	for _, c := range a.children {
		fmt.Fprintf(&all, "%s:\n%s\n", strings.Join(c.command.Args, " "), c.stderr())
	}
	return all.String()
}

// keepsSecret looks for a secret in every answer and in the database.
func (a *answering) keepsSecret(ctx context.Context, t testing.TB, secret string) {
	t.Helper()
	answers := map[string][]byte{}
	for _, path := range []string{"techniques", "by-attacker", "by-rule", "rules", "export/navigator"} {
		answers[path] = a.get(ctx, t, path)
	}
	var attackers []struct {
		AttackerUUID string `json:"attacker_uuid"`
	}
	if err := json.Unmarshal(answers["by-attacker"], &attackers); err != nil || len(attackers) == 0 {
		t.Fatalf("attackers: %v\n%s", err, answers["by-attacker"])
	}
	for _, attacker := range attackers {
		path := "tags?min_confidence=0.3&limit=1000&attacker=" + attacker.AttackerUUID
		answers[path] = a.get(ctx, t, path)
	}
	files, err := filepath.Glob(a.database + "*")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if answers[file], err = os.ReadFile(file); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(answers)) {
		if bytes.Contains(answers[name], []byte(secret)) {
			t.Errorf("%s holds the secret", name)
		}
	}
}

// recount opens a database that nobody has open, counts its tags anew, and
// compares them with what is wanted.
func recount(ctx context.Context, t testing.TB, path string, want expected) {
	t.Helper()
	store, err := openStore(ctx, "sqlite:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	audit, err := store.Audit(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, difference := range audit.Differences {
		t.Errorf("%s: %s", path, difference)
	}
	left := maps.Clone(want.tags)
	err = store.EachTag(ctx, func(row *projections.TagRow) error {
		if _, wanted := left[row.UUID.String()]; !wanted || row.State != projections.StateCurrent {
			t.Errorf("tag %s is %s, and wanted: %t", row.UUID, row.State, wanted)
		}
		delete(left, row.UUID.String())
		return nil
	})
	if err != nil || len(left) > 0 {
		t.Errorf("%s: %d tags are missing (%v)", path, len(left), err)
	}
}
