package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/ttpstream/ttpstream/topology"
	"github.com/ttpstream/ttpstream/topology/topologytest"
)

// A log that is published twice puts nothing new on ttp.tagged.
func TestPublishingTwiceTagsOnce(t *testing.T) {
	t.Parallel()
	topologytest.OnBrokers(t, func(t *testing.T, cluster topology.Cluster) {
		log := filepath.Join("demo", "cowrie.json.gz")
		flags := clusterArgs(cluster)
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		process := startChild(t, nil, append([]string{"process", "--state-dir", filepath.Join(t.TempDir(), "state")}, flags...)...)
		process.must(ctx, "running as ")
		if c := runChild(t, nil, append([]string{"rules", "publish", "--skip-tests"}, flags...)...); c.code != exitDone {
			t.Fatal(c.stderr())
		}
		admin := topologytest.Admin(t, cluster)
		inForce(ctx, t, cluster, admin, 1)
		var tagged []int64
		for range 2 {
			if c := runChild(t, nil, append([]string{"ingest", log}, flags...)...); c.code != exitDone {
				t.Fatal(c.stderr())
			}
			drained(ctx, t, admin)
			tagged = append(tagged, records(ctx, t, admin, topology.Tagged))
		}
		process.interrupt()
		process.wait(ctx)
		want := int64(len(undisturbed(t, log).tags))
		if tagged[0] != want || tagged[1] != want {
			t.Errorf("records on ttp.tagged after each time: %v, want %d and %d", tagged, want, want)
		}
	})
}

// The same of everything in one process, a directory and two lives.
func TestUpTwiceTagsOnce(t *testing.T) {
	t.Parallel()
	log, data := filepath.Join("demo", "cowrie.json.gz"), filepath.Join(t.TempDir(), "data")
	for range 2 {
		if c := runChild(t, nil, "up", "--once", "--data", data, "--port", "0", log); c.code != exitDone {
			t.Fatalf("code %d\n%s", c.code, c.stderr())
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	up := startChild(t, nil, "up", "--data", data, "--port", "0")
	_, admin := embeddedCluster(ctx, t, up)
	want := undisturbed(t, log)
	if got := records(ctx, t, admin, topology.Tagged); got != int64(len(want.tags)) {
		t.Errorf("%d records on ttp.tagged, want %d", got, len(want.tags))
	}
	if got := records(ctx, t, admin, factTopics...); got != 2*214 {
		t.Errorf("%d facts, want those of the log twice", got)
	}
}

func readText(t testing.TB, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
