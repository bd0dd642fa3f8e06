package eval

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/fstest"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
)

const (
	sigmaRule = `title: Reader
id: 11111111-1111-4111-8111-111111111111
status: test
level: high
tags: [attack.credential-access, attack.t1003.008]
logsource: {product: linux, category: process_creation}
detection:
  selection: {CommandLine|contains: /etc/shadow}
  condition: selection
`
	sigmaWindows = `title: Absent
id: 22222222-2222-4222-8222-222222222222
logsource: {product: windows, category: process_creation}
detection:
  selection: {ParentImage: null}
  condition: selection
`
	nativeRule = `rule_id: X1
rule_version: 1
name: shadow
description: Reads the password file.
attack_release: enterprise-v19.1
applies_to: [{source_kind: command}]
match:
  selection: {cmd.name: cat}
  condition: selection
emits:
  - {tactic: TA0006, technique_id: T1003, sub_technique_id: T1003.008, confidence: 0.9}
evidence_fields: [matched_tokens]
`
)

func evaluator(t testing.TB, opts Options) *Evaluator {
	t.Helper()
	files := fstest.MapFS{"a.yml": {Data: []byte(sigmaRule)}, "b.yml": {Data: []byte(sigmaWindows)}, "sub/c.yaml": {Data: []byte(nativeRule)}}
	units, problems := rules.LoadFS(files, rules.Options{Unrouted: !opts.Routed})
	if problems.Err() != nil {
		t.Fatal(problems)
	}
	set, problems := rules.NewSet(units, nil, 0)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return New(set, opts)
}

// run returns the output and what was bad.
func run(t testing.TB, e *Evaluator, in io.Reader) (string, []string, Report) {
	t.Helper()
	var out bytes.Buffer
	bad := []string{}
	report, err := e.Run(context.Background(), "", in, &out, func(b BadLine) { bad = append(bad, fmt.Sprintf("%d: %v", b.Line, b.Reason)) })
	if err != nil {
		t.Fatal(err)
	}
	return out.String(), bad, report
}

const (
	reader = `{"CommandLine":"cat /etc/shadow","ParentImage":"/bin/sh"}`
	orphan = `{"CommandLine":"ls"}`
	record = `{"source_kind":"command","command":"cat /etc/shadow"}`
)

func liftName(kind schemas.SourceKind, line []byte, ev *match.Event) error {
	if kind != schemas.KindCommand {
		return errors.New("no such kind")
	}
	ev.SourceKind = kind
	ev.NewScope().Add("cmd.name", "cat")
	return nil
}

func TestRun(t *testing.T) {
	t.Parallel()
	input := strings.Join([]string{reader, "", "nope", orphan, "  \r", record, `{"source_kind":"other"}`, reader}, "\n")
	hit := func(line int, id, techniques string) string {
		return fmt.Sprintf(`{"line":%d,"rule_id":"%s","techniques":[%s]}`+"\n", line, id, techniques)
	}
	const first, second = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
	linux := match.Logsource{Product: "linux", Category: "process_creation"}
	for _, c := range []struct {
		name string
		opts Options
		want string
		bad  []string
	}{
		{"unrouted", Options{Workers: 3, Lift: liftName},
			hit(1, first, `"T1003.008"`) + hit(4, second, "") + hit(6, "X1", `"T1003.008"`) + hit(8, first, `"T1003.008"`),
			[]string{"3: want an object", "7: no such kind"}},
		{"routed", Options{Routed: true, Logsource: linux, Lift: liftName},
			hit(1, first, `"T1003.008"`) + hit(6, "X1", `"T1003.008"`) + hit(8, first, `"T1003.008"`), []string{"3: want an object", "7: no such kind"}},
		{"elsewhere", Options{Routed: true}, "", []string{"3: want an object"}},
	} {
		out, bad, report := run(t, evaluator(t, c.opts), strings.NewReader(input))
		if diff := cmp.Diff(c.want, out); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
		if diff := cmp.Diff(c.bad, bad); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
		if report.Bad != int64(len(bad)) || report.Events+report.Bad != 6 || report.Matches != int64(strings.Count(c.want, "\n")) {
			t.Errorf("%s: %+v", c.name, report)
		}
	}
}

// However the input arrives, lines keep their numbers and their order.
func TestLinesKeepTheirOrder(t *testing.T) {
	t.Parallel()
	e := evaluator(t, Options{Routed: true, Logsource: match.Logsource{Product: "linux", Category: "process_creation"}, Workers: 4})
	var input, want strings.Builder
	for i := range 30_000 {
		switch i % 7 {
		case 0:
			input.WriteString(reader)
			fmt.Fprintf(&want, `{"line":%d,"rule_id":"11111111-1111-4111-8111-111111111111","techniques":["T1003.008"]}`+"\n", i+1)
		case 3:
		default:
			input.WriteString(orphan)
		}
		input.WriteByte('\n')
	}
	for name, in := range map[string]io.Reader{
		"whole": strings.NewReader(input.String()), "halves": iotest.HalfReader(strings.NewReader(input.String())),
		"with end": iotest.DataErrReader(strings.NewReader(input.String())),
	} {
		if out, _, _ := run(t, e, in); out != want.String() {
			t.Errorf("%s: %d bytes, want %d", name, len(out), want.Len())
		}
	}
}

func TestChunksAreTheLines(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOfN(rapid.SampledFrom([]string{"", "a", "bb\r", strings.Repeat("x", 300<<10), strings.Repeat("y", MaxLineBytes+1), strings.Repeat("z", 3*MaxLineBytes)}), 0, 6).Draw(t, "lines")
		text := strings.Join(lines, "\n")
		r := &chunker{in: iotest.HalfReader(strings.NewReader(text))}
		got, number := []string{}, int64(1)
		for c := (&chunk{}); ; c.reset() {
			err := r.fill(context.Background(), c)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil || c.first != number {
				t.Fatalf("error %v, first %d, want %d", err, c.first, number)
			}
			if c.tooLong {
				got = append(got, "too long")
				number++
				continue
			}
			part := strings.TrimSuffix(string(c.data), "\n")
			for _, line := range strings.Split(part, "\n") {
				if len(line) > MaxLineBytes {
					line = "too long"
				}
				got = append(got, line)
				number++
			}
		}
		var want []string
		for _, line := range lines {
			if len(line) > MaxLineBytes {
				line = "too long"
			}
			want = append(want, line)
		}
		if n := len(want); n > 0 && want[n-1] == "" { // nothing follows the last line end
			want = want[:n-1]
		}
		if diff := cmp.Diff(append([]string{}, want...), got); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestByteOrderMark(t *testing.T) {
	t.Parallel()
	if _, bad, report := run(t, evaluator(t, Options{}), strings.NewReader("\xef\xbb\xbf"+orphan+"\n"+orphan)); len(bad) > 0 || report.Events != 2 {
		t.Errorf("%v %+v", bad, report)
	}
}

func TestFileNameInOutput(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if _, err := evaluator(t, Options{}).Run(context.Background(), `a"b`, strings.NewReader(orphan), &out, nil); err != nil {
		t.Fatal(err)
	}
	var line struct{ File string }
	if err := json.Unmarshal(out.Bytes(), &line); err != nil || line.File != `a"b` {
		t.Errorf("%v: %s", err, out.String())
	}
}

func TestRunEndsWithItsContextAndItsStreams(t *testing.T) {
	t.Parallel()
	e := evaluator(t, Options{})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := e.Run(ctx, "", strings.NewReader(strings.Repeat(orphan+"\n", 100_000)), io.Discard, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	broken := errors.New("broken")
	if _, err := e.Run(context.Background(), "", iotest.ErrReader(broken), io.Discard, nil); !errors.Is(err, broken) {
		t.Errorf("reader: %v", err)
	}
	if _, err := e.Run(context.Background(), "", strings.NewReader(strings.Repeat(orphan+"\n", 100_000)), failing{broken}, nil); !errors.Is(err, broken) {
		t.Errorf("writer: %v", err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func TestJudgingDoesNotAllocate(t *testing.T) {
	w := evaluator(t, Options{}).newWorker()
	lines := [][]byte{[]byte(`{"CommandLine":"ls \"x\\y\"","ParentImage":"/bin/sh","n":{"m":[1,2.5,true,null,"é"]}}`), []byte(reader)}
	judge := func() {
		for _, line := range lines {
			if _, err := w.judge(line); err != nil {
				t.Fatal(err)
			}
		}
	}
	judge()
	if n := testing.AllocsPerRun(100, judge); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
