package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
)

// pair is a rule that matches an event.
type pair struct {
	event int
	rule  string
}

type pairs map[pair]bool

// ourPairs reads the output of ttpstream.
func ourPairs(out []byte) (pairs, error) {
	all := pairs{}
	for r := json.NewDecoder(bytes.NewReader(out)); ; {
		var line struct {
			Line int    `json:"line"`
			Rule string `json:"rule_id"`
		}
		if err := r.Decode(&line); err == io.EOF {
			return all, nil
		} else if err != nil {
			return nil, err
		}
		all[pair{line.Line - 1, line.Rule}] = true
	}
}

// rsigmaPairs reads the output of rsigma --include-event.
func rsigmaPairs(out []byte) (pairs, error) {
	all := pairs{}
	for r := json.NewDecoder(bytes.NewReader(out)); ; {
		var line struct {
			Event event  `json:"event"`
			Rule  string `json:"rule_id"`
		}
		if err := r.Decode(&line); err == io.EOF {
			return all, nil
		} else if err != nil {
			return nil, err
		}
		all[pair{line.Event.Number, line.Rule}] = true
	}
}

// compare runs both programs on a few events and says where they differ.
func (b *bench) compare(ours, theirs program) error {
	for _, routed := range []bool{true, false} {
		ourArgs, theirArgs := ours.unrouted, theirs.unrouted
		if routed {
			ourArgs, theirArgs = ours.routed, theirs.routed
		}
		var ourOut, theirOut bytes.Buffer
		if _, err := execute(&ourOut, b.few, ours.path, ourArgs...); err != nil {
			return err
		}
		if _, err := execute(&theirOut, b.few, theirs.path, append(slices.Clone(theirArgs), "--include-event")...); err != nil {
			return err
		}
		got, err := ourPairs(ourOut.Bytes())
		if err != nil {
			return err
		}
		want, err := rsigmaPairs(theirOut.Bytes())
		if err != nil {
			return err
		}
		fmt.Fprintf(os.Stderr, "ttpstream and %s, routed=%v: %d and %d matches\n", theirs.name, routed, len(got), len(want))
		if differ := difference(got, want); len(differ) > 0 {
			return fmt.Errorf("ttpstream and %s differ, routed=%v: %v", theirs.name, routed, differ)
		}
	}
	return nil
}

// difference counts, by rule, the events that only one of the two matches.
func difference(a, b pairs) []string {
	counts := map[string]int{}
	for p := range a {
		if !b[p] {
			counts[p.rule+" only ours"]++
		}
	}
	for p := range b {
		if !a[p] {
			counts[p.rule+" only theirs"]++
		}
	}
	var out []string
	for _, rule := range slices.Sorted(maps.Keys(counts)) {
		out = append(out, fmt.Sprintf("%s: %d", rule, counts[rule]))
	}
	return out
}
