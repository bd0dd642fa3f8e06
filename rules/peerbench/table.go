package main

import (
	"fmt"
	"io"
	"os"
	"time"
)

// sigmaTable compares, measures and writes the first table.
func (b *bench) sigmaTable(out io.Writer) error {
	programs, err := b.programs()
	if err != nil {
		return err
	}
	for _, peer := range programs[1:] {
		if err := b.compare(programs[0], peer); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "%d Sigma rules on process creations (JSON in, matches out), %d events, one core.\n\n", len(b.set.rules), b.events)
	fmt.Fprintln(out, "| | routed, events/s | unrouted, events/s | loaded in | memory |\n|---|---:|---:|---:|---:|")
	for _, p := range programs {
		fmt.Fprintf(os.Stderr, "measuring %s\n", p.name)
		if err := b.row(out, p); err != nil {
			return err
		}
	}
	return b.sigmaGoRow(out)
}

// row measures one program.
func (b *bench) row(out io.Writer, p program) error {
	idle, err := measure(b.empty, p.path, p.unrouted...)
	if err != nil {
		return err
	}
	idleRouted, err := measure(b.empty, p.path, p.routed...)
	if err != nil {
		return err
	}
	routed, err := measure(b.many, p.path, p.routed...)
	if err != nil {
		return err
	}
	unrouted, err := measure(b.many, p.path, p.unrouted...)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "| %s | %s | %s | %.2f s | %d MB |\n", p.name,
		rate(b.events, routed.processor-idleRouted.processor), rate(b.events, unrouted.processor-idle.processor),
		idle.processor.Seconds(), max(routed.memory, unrouted.memory)/1e6)
	return nil
}

func rate(events int, took time.Duration) string {
	perSecond := float64(events) / max(took.Seconds(), 1e-6)
	if perSecond < 1000 {
		return fmt.Sprintf("%.0f", perSecond)
	}
	return fmt.Sprintf("%d,%03d", int(perSecond)/1000, int(perSecond)%1000)
}

func (b *bench) sigmaGoRow(out io.Writer) error {
	events := b.fewEvents[:min(b.slow, len(b.fewEvents))]
	g := newSigmaGo(b.set)
	found, failed, each, err := g.run(events)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "| sigma-go 0.6.5 (library, %d events) | | %s | %.2f s | |\n\n", len(events), rate(1, each), g.loading.Seconds())
	return g.agreement(b.set, events, found, failed)
}
