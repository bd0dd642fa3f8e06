package eval

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/rules/match"
)

// shared returns a path among the data beside the project, or skips.
func shared(tb testing.TB, parts ...string) string {
	tb.Helper()
	pattern := filepath.Join(append([]string{"..", "..", "..", "shared", "data"}, parts...)...)
	found, err := filepath.Glob(pattern)
	if err != nil {
		tb.Fatal(err)
	}
	if len(found) == 0 {
		tb.Skipf("SKIPPED %s: %s is not beside the project", tb.Name(), filepath.Join(parts...))
	}
	return found[0]
}

// sigmaHQ returns the SigmaHQ rules as a file system.
func sigmaHQ(tb testing.TB) fstest.MapFS {
	tb.Helper()
	file, err := os.Open(shared(tb, "sigma", "*.tar.gz"))
	if err != nil {
		tb.Fatal(err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		tb.Fatal(err)
	}
	files := fstest.MapFS{}
	for archive := tar.NewReader(unzipped); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		if err != nil {
			tb.Fatal(err)
		}
		if header.Typeflag != tar.TypeReg {
			continue
		}
		text, err := io.ReadAll(archive)
		if err != nil {
			tb.Fatal(err)
		}
		files[strings.TrimPrefix(header.Name, "./")] = &fstest.MapFile{Data: text, Mode: 0o644}
	}
}

// shellProcesses returns events as a Linux sensor writes them when it sees a
// process start, one for each sample command.
func shellProcesses(tb testing.TB) []byte {
	tb.Helper()
	text, err := os.ReadFile(shared(tb, "samples", "commands", "benign_nl2bash_dev_MIT.txt"))
	if err != nil {
		tb.Fatal(err)
	}
	var out bytes.Buffer
	pid := 1000
	for command := range strings.Lines(string(text)) {
		command = strings.TrimSuffix(command, "\n")
		words := strings.Fields(command)
		if len(words) == 0 {
			continue
		}
		pid++
		line, err := json.Marshal(map[string]any{
			"UtcTime": "2026-01-02 03:04:05.678", "ProcessGuid": fmt.Sprintf("0197231e-8bff-6926-1308-%012d", pid), "ProcessId": pid,
			"Image": "/usr/bin/" + filepath.Base(words[0]), "CommandLine": command, "CurrentDirectory": "/root/", "User": "root",
			"LogonId": 0, "TerminalSessionId": 3, "ParentProcessId": 900, "ParentImage": "/usr/bin/bash", "ParentCommandLine": "-bash", "ParentUser": "root",
		})
		if err != nil {
			tb.Fatal(err)
		}
		out.Write(append(line, '\n'))
	}
	return out.Bytes()
}

// BenchmarkSigmaHQ is the whole way of an event, from JSON to matches, through
// all SigmaHQ rules on one core.
func BenchmarkSigmaHQ(b *testing.B) {
	files, events := sigmaHQ(b), shellProcesses(b)
	count := bytes.Count(events, newline)
	events = bytes.Repeat(events, 4)
	linux := match.Logsource{Product: "linux", Category: "process_creation"}
	for _, routed := range []bool{true, false} {
		units, problems := rules.LoadFS(files, rules.Options{Unrouted: !routed})
		set, _ := rules.NewSet(units, nil, 0)
		b.Logf("%d rules, %d problems", set.Len(), len(problems))
		e := New(set, Options{Routed: routed, Logsource: linux, Workers: 1})
		b.Run(fmt.Sprintf("routed=%v", routed), func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(events)))
			var report Report
			for b.Loop() {
				var err error
				if report, err = e.Run(context.Background(), "", bytes.NewReader(events), io.Discard, func(bad BadLine) { b.Fatal(bad) }); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(4*count)*float64(b.N)/b.Elapsed().Seconds(), "events/s")
			b.ReportMetric(float64(report.Matches)/float64(report.Events), "matches/event")
		})
	}
}

// BenchmarkLoadSigmaHQ is what it takes until the first event can be judged.
func BenchmarkLoadSigmaHQ(b *testing.B) {
	files := sigmaHQ(b)
	b.ReportAllocs()
	for b.Loop() {
		units, _ := rules.LoadFS(files, rules.Options{})
		set, _ := rules.NewSet(units, nil, 0)
		New(set, Options{Routed: true})
	}
}
