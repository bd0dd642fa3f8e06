package main

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
)

// expected is what a scan, which nobody disturbs, makes of a log.
type expected struct {
	tags    map[string]string   // uuid -> the tag's bytes
	byEvent map[string][]string // event -> uuids
}

// undisturbed scans a log. More arguments are for scan.
func undisturbed(t testing.TB, log string, args ...string) expected {
	t.Helper()
	c := runChild(t, nil, append([]string{"scan", "--json", log}, args...)...)
	if c.code != exitDone {
		t.Fatalf("scan %s: code %d\n%s", log, c.code, c.stderr())
	}
	e := expected{tags: map[string]string{}, byEvent: map[string][]string{}}
	for line := range strings.Lines(c.stdout()) {
		line = strings.TrimSuffix(line, "\n")
		tag := decodeTag(t, []byte(line))
		if _, twice := e.tags[tag.UUID.String()]; twice {
			t.Errorf("the scan printed %s twice", tag.UUID)
		}
		e.tags[tag.UUID.String()] = line
		e.byEvent[tag.SourceID] = append(e.byEvent[tag.SourceID], tag.UUID.String())
	}
	return e
}

func decodeTag(t testing.TB, raw []byte) *schemas.Tag {
	t.Helper()
	tag, err := schemas.Decode[schemas.Tag](raw)
	if err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	return tag
}

// ledger is all that the line has written down.
type ledger struct {
	t                                           testing.TB
	facts, candidates, tagged, markers, letters []topology.Record
}

func readLedger(t testing.TB, cluster topology.Cluster) *ledger {
	t.Helper()
	l := &ledger{t: t}
	for _, j := range judged {
		l.facts = append(l.facts, readTopic(t, cluster, j.facts)...)
	}
	l.candidates = readTopic(t, cluster, topology.Candidate)
	l.tagged = readTopic(t, cluster, topology.Tagged)
	l.markers = readTopic(t, cluster, topology.RuleApplied)
	l.letters = readTopic(t, cluster, topology.DeadLetter)
	return l
}

func readTopic(t testing.TB, cluster topology.Cluster, topic topology.Topic) (records []topology.Record) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	reader, err := topology.NewReader(ctx, cluster, topic, topology.From{})
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	err = reader.ReadToEnd(ctx, func(r topology.Record) error { records = append(records, r); return nil })
	if err != nil {
		t.Fatal(err)
	}
	return records
}

// check compares what was written with what should have been. lines is how
// many the log has, all of them good.
func (l *ledger) check(want expected, lines int) {
	l.t.Helper()
	l.checkFacts(want, lines)
	l.checkTagged(want)
	l.checkMarkers()
	for _, letter := range l.letters[:min(3, len(l.letters))] {
		l.t.Errorf("%d dead letters, such as %s", len(l.letters), letter.Value)
	}
	l.t.Logf("%d lines: %d facts, %d candidates, %d records on ttp.tagged for %d tags, %d markers",
		lines, len(l.facts), len(l.candidates), len(l.tagged), len(want.tags), len(l.markers))
}

// checkFacts finds lines that were not published and facts that nobody judged:
// every copy of an event must have led to its candidates, whether or not
// another copy did.
func (l *ledger) checkFacts(want expected, lines int) {
	l.t.Helper()
	judged := map[string]bool{} // coordinates of the fact, uuid
	for _, c := range l.candidates {
		judged[string(c.Header(schemas.HeaderSource))+" "+c.Key] = true
	}
	events := map[string]bool{}
	missing := newLosses("fact judged by none")
	for _, fact := range l.facts {
		var envelope struct {
			EventID string `json:"event_id"`
		}
		if err := json.Unmarshal(fact.Value, &envelope); err != nil {
			l.t.Fatal(err)
		}
		events[envelope.EventID] = true
		for _, uuid := range want.byEvent[envelope.EventID] {
			if !judged[fact.Where()+" "+uuid] {
				missing.add(fact.Where() + " " + uuid)
			}
		}
	}
	if len(events) != lines {
		l.t.Errorf("%d events were published of %d", len(events), lines)
	}
	missing.report(l.t)
}

// checkTagged compares ttp.tagged, tag by tag and copy by copy.
func (l *ledger) checkTagged(want expected) {
	l.t.Helper()
	lost, foreign, changed := newLosses("tag lost"), newLosses("tag that no rule gives"), newLosses("copy that differs")
	seen := map[string]bool{}
	for _, record := range l.tagged {
		tag := decodeTag(l.t, record.Value)
		uuid := tag.UUID.String()
		seen[uuid] = true
		switch expected, known := want.tags[uuid]; {
		case !known:
			foreign.add(record.Where() + " " + uuid)
		case expected != string(record.Value):
			changed.add(record.Where() + " " + uuid)
		}
		if record.Key != tag.AttackerUUID.String() {
			l.t.Errorf("%s has key %s", record.Where(), record.Key)
		}
	}
	for uuid := range want.tags {
		if !seen[uuid] {
			lost.add(uuid)
		}
	}
	for _, losses := range []*losses{lost, foreign, changed} {
		losses.report(l.t)
	}
}

// checkMarkers finds candidates whose event lies under no marker of the
// revision that judged it. Behind a marker and before its high watermark the
// marker before may count too.
func (l *ledger) checkMarkers() {
	l.t.Helper()
	byPartition := map[string][]*schemas.AppliedMarker{}
	for _, record := range l.markers {
		marker, err := schemas.Decode[schemas.AppliedMarker](record.Value)
		if err != nil {
			l.t.Fatalf("%s: %v", record.Where(), err)
		}
		at := marker.Topic + "/" + strconv.Itoa(int(marker.Partition))
		byPartition[at] = append(byPartition[at], marker)
	}
	uncovered := newLosses("candidate under no marker")
	for _, c := range l.candidates {
		source := string(c.Header(schemas.HeaderSource))
		cut := strings.LastIndexByte(source, '/')
		offset, err := strconv.ParseInt(source[cut+1:], 10, 64)
		if err != nil {
			l.t.Fatalf("%s: source %q: %v", c.Where(), source, err)
		}
		revision := string(c.Header(schemas.HeaderRevision))
		if !covered(byPartition[source[:cut]], offset, revision) {
			uncovered.add(source + " at revision " + revision)
		}
	}
	uncovered.report(l.t)
}

// covered reports whether the markers of a partition, in the order in which
// they were written, allow an event to have been judged under a revision.
func covered(markers []*schemas.AppliedMarker, offset int64, revision string) bool {
	for _, m := range slices.Backward(markers) {
		if m.Offset > offset {
			continue
		}
		if strconv.FormatInt(m.Revision, 10) == revision {
			return true
		}
		if offset >= m.HighWatermark {
			return false // this one alone was in force
		}
	}
	return false
}

// losses counts what must not be and shows the first of it.
type losses struct {
	what  string
	count int
	first []string
}

func newLosses(what string) *losses { return &losses{what: what} }

func (l *losses) add(which string) {
	if l.count++; len(l.first) < 5 {
		l.first = append(l.first, which)
	}
}

func (l *losses) report(t testing.TB) {
	t.Helper()
	if l.count > 0 {
		t.Errorf("%d × %s:\n  %s", l.count, l.what, strings.Join(l.first, "\n  "))
	}
}
