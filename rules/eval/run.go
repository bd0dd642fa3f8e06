package eval

import (
	"bytes"
	"context"
	"errors"
	"io"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"
)

// Report says what came of an input.
type Report struct {
	Events  int64 // lines that were judged
	Matched int64 // of them, those that some rule matched
	Matches int64 // rules that matched, over all events
	Bad     int64 // lines that are no JSON object, or could not be lifted
	Bytes   int64 // read, decompressed
	Windows int64 // windows of correlations, where [Evaluator.Finish] has been asked
}

// Add adds the counts of another input.
func (r *Report) Add(other Report) {
	r.Events += other.Events
	r.Matched += other.Matched
	r.Matches += other.Matches
	r.Bad += other.Bad
	r.Bytes += other.Bytes
	r.Windows += other.Windows
}

type tally = Report

// BadLine is a line that could not be judged.
type BadLine struct {
	Line   int64
	Reason error
}

// chunksPerWorker bounds how much is read ahead, maxKeptOutput how much room
// for output a chunk keeps.
const (
	chunksPerWorker = 4
	maxKeptOutput   = 4 << 20
)

// Run judges every line of in and writes the matches to out, in the order of
// the lines and of the rules. name, if not empty, is put into every line of
// output. bad is told of each line that could not be judged, in order; blank
// lines are nothing. Errors: ctx's, and those of in and out.
func (e *Evaluator) Run(ctx context.Context, name string, in io.Reader, out io.Writer, bad func(BadLine)) (Report, error) {
	workers := e.opts.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	group, ctx := errgroup.WithContext(ctx)
	free := make(chan *chunk, workers*chunksPerWorker)
	for range cap(free) {
		free <- &chunk{}
	}
	todo, inOrder := make(chan *chunk, cap(free)), make(chan *chunk, cap(free))
	group.Go(func() error {
		defer close(todo)
		defer close(inOrder)
		return read(ctx, in, free, todo, inOrder)
	})
	start := head(name)
	for range workers {
		group.Go(func() error {
			w := e.newWorker()
			for c := range todo {
				w.chunk(c, start)
				close(c.done)
			}
			return nil
		})
	}
	var report Report
	group.Go(func() error {
		return e.write(ctx, out, free, inOrder, &report, bad)
	})
	err := group.Wait()
	return report, err
}

// Finish decides the correlations over all that was run, and writes their
// windows. A correlation counts an event with a time only ([TimeFields]);
// timeless says how many matches were left aside for want of one.
func (e *Evaluator) Finish(out io.Writer) (report Report, timeless int64, err error) {
	if e.correlations == nil {
		return Report{}, 0, nil
	}
	windows, err := e.correlations.decide()
	if err != nil {
		return Report{}, 0, err
	}
	for _, w := range windows {
		line, err := w.line()
		if err != nil {
			return Report{}, 0, err
		}
		if _, err := out.Write(line); err != nil {
			return Report{}, 0, err
		}
	}
	return Report{Windows: int64(len(windows))}, e.correlations.timeless, nil
}

// read fills chunks until the input ends.
func read(ctx context.Context, in io.Reader, free <-chan *chunk, todo, inOrder chan<- *chunk) error {
	r := &chunker{in: in}
	for {
		var c *chunk
		select {
		case c = <-free:
		case <-ctx.Done():
			return ctx.Err()
		}
		c.reset()
		err := r.fill(ctx, c)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		// Neither blocks: there are no more chunks than room.
		todo <- c
		inOrder <- c
	}
}

// write writes what is done, in order.
func (e *Evaluator) write(ctx context.Context, out io.Writer, free chan<- *chunk, inOrder <-chan *chunk, report *Report, bad func(BadLine)) error {
	for c := range inOrder {
		select {
		case <-c.done:
		case <-ctx.Done():
			return ctx.Err()
		}
		if len(c.out) > 0 {
			if _, err := out.Write(c.out); err != nil {
				return err
			}
		}
		for _, b := range c.bad {
			bad(b)
		}
		for _, counts := range c.counts {
			if err := e.correlations.add(counts); err != nil {
				return err
			}
		}
		report.Add(c.tally)
		if cap(c.out) > maxKeptOutput {
			c.out = nil
		}
		free <- c
	}
	return nil
}

// chunk judges the lines of a chunk.
func (w *worker) chunk(c *chunk, head []byte) {
	if c.tooLong {
		c.refuse(c.first, errTooLong)
		return
	}
	c.tally.Bytes = int64(len(c.data))
	number := c.first
	for rest := c.data; len(rest) > 0; number++ {
		line := rest
		if i := bytes.IndexByte(rest, '\n'); i >= 0 {
			line, rest = rest[:i], rest[i+1:]
		} else {
			rest = nil
		}
		w.line(c, head, number, line)
	}
}

// line judges one line.
func (w *worker) line(c *chunk, head []byte, number int64, line []byte) {
	if len(line) > MaxLineBytes {
		c.refuse(number, errTooLong)
		return
	}
	if blank(line) {
		return
	}
	matched, err := w.judge(line)
	if err != nil {
		c.refuse(number, err)
		return
	}
	c.tally.Events++
	if len(w.counts) > 0 {
		c.counts = append(c.counts, slices.Clone(w.counts))
	}
	if len(matched) > 0 {
		c.tally.Matched++
		c.tally.Matches += int64(len(matched))
		c.out = w.appendMatches(c.out, head, number, matched)
	}
}

func (c *chunk) refuse(number int64, reason error) {
	c.tally.Bad++
	c.bad = append(c.bad, BadLine{Line: number, Reason: reason})
}

func blank(line []byte) bool {
	return len(line) == 0 || line[0] <= ' ' && len(bytes.TrimSpace(line)) == 0
}
