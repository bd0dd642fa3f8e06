package eval

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
)

const correlated = `title: Failed login
name: failed
id: 11111111-1111-4111-8111-111111111111
logsource: {product: app}
detection:
  selection: {out: failed}
  condition: selection
---
title: Many
name: many
id: 22222222-2222-4222-8222-222222222222
level: high
status: test
tags: [attack.credential-access, attack.t1110.001]
correlation: {type: event_count, rules: [failed], group-by: [User], timespan: 5m, condition: {gte: 3}}
---
title: Few
id: 33333333-3333-4333-8333-333333333333
level: high
status: test
correlation: {type: event_count, rules: [failed], group-by: [User], timespan: 5m, condition: {lt: 3}}
---
title: Twice
id: 44444444-4444-4444-8444-444444444444
level: high
status: test
correlation: {type: event_count, generate: true, rules: [many], group-by: [User], timespan: 1h, condition: {gte: 2}}
`

func finished(t *testing.T, lines ...string) (out string, timeless int64) {
	t.Helper()
	units, problems := rules.LoadFS(fstest.MapFS{"a.yml": {Data: []byte(correlated)}}, rules.Options{Unrouted: true})
	set, more := rules.NewSet(units, nil, 0)
	if problems.Err() != nil || len(more) > 0 || len(set.Correlations()) != 3 {
		t.Fatal(problems, more, len(set.Correlations()))
	}
	e := New(set, Options{Lift: func(_ schemas.SourceKind, _ []byte, ev *match.Event) error {
		ev.Base.Add("out", "failed")
		ev.Base.Add("User", "lifted")
		return nil
	}})
	var written bytes.Buffer
	for _, part := range [][]string{lines[:len(lines)/2], lines[len(lines)/2:]} { // several files are one input
		if _, err := e.Run(context.Background(), "", strings.NewReader(strings.Join(part, "\n")), &written, nil); err != nil {
			t.Fatal(err)
		}
	}
	report, timeless, err := e.Finish(&written)
	if err != nil || report.Windows != int64(strings.Count(written.String(), "\n")) {
		t.Fatal(err, report)
	}
	return written.String(), timeless
}

func TestCorrelationsOverAllOfTheInput(t *testing.T) {
	t.Parallel()
	var lines []string
	for _, at := range []string{"03:02:00", "03:01:00", "03:03:00", "03:41:00", "03:42:00", "03:43:30.5"} {
		lines = append(lines, fmt.Sprintf(`{"out":"failed","User":"root","UtcTime":"2026-11-24 %s"}`, at))
	}
	lines = append(lines, `{"out":"failed","User":"adm","ts":1795489200}`, `{"out":"failed","User":"adm"}`, `{"out":"failed"}`, `{"out":"ok","User":"adm","ts":1}`,
		`{"source_kind":"session","event_time":"2026-11-24T03:00:00Z"}`)
	out, timeless := finished(t, lines...)
	window := func(id, techniques, user, from, to string) string {
		return fmt.Sprintf(`{"rule_id":"%s","techniques":[%s],"group":{"User":"%s"},"window_start":"2026-11-24T%s:00Z","window_end":"2026-11-24T%s:00Z"}`+"\n", id, techniques, user, from, to)
	}
	const many, few, twice = "22222222-2222-4222-8222-222222222222", "33333333-3333-4333-8333-333333333333", "44444444-4444-4444-8444-444444444444"
	want := window(many, `"T1110.001"`, "root", "03:00", "03:05") + window(many, `"T1110.001"`, "root", "03:40", "03:45") +
		window(few, "", "adm", "03:00", "03:05") + window(few, "", "lifted", "03:00", "03:05") + window(few, "", "root", "03:00", "03:05") + window(few, "", "root", "03:40", "03:45") +
		window(twice, "", "root", "03:00", "04:00")
	if diff := cmp.Diff(want, out); diff != "" {
		t.Error(diff)
	}
	if timeless != 2 { // one for each correlation that counts it
		t.Errorf("%d without a time", timeless)
	}
}

func TestReadTime(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		v    match.Value
		want int64
	}{
		{match.Text("2026-11-24T03:00:00Z"), 1795489200000}, {match.Text("2026-11-24T04:00:00.25+01:00"), 1795489200250},
		{match.Text("2026-11-24 03:00:00"), 1795489200000}, {match.Text("2026-11-24T03:00:00.001"), 1795489200001},
		{match.Number(1795489200), 1795489200000}, {match.Number(1795489200123), 1795489200123}, {match.Text("1795489200123456"), 1795489200123},
		{match.Text("yesterday"), -1}, {match.Number(-1), -1}, {match.Bool(true), -1}, {match.Text("0001-01-01T00:00:00Z"), -1},
	} {
		got, ok := readTime(c.v)
		if !ok {
			got = -1
		}
		if got != c.want {
			t.Errorf("%s: %d, want %d", c.v, got, c.want)
		}
	}
}
