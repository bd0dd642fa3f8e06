package ingest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/ttpstream/ttpstream/schemas"
)

// Options says what an [Ingester] does. Sink is required.
type Options struct {
	// Sink is where records go.
	Sink Sink
	// Format is how lines are read, of [SourceNamed]. Defaults to [Auto]'s.
	Format Source
	// HashPasswords is a secret key. With one, a tried password is published
	// as its HMAC-SHA256, and dead letters come without the line they are
	// about. Defaults to none: passwords are published as they were typed, to
	// the topic of logins only.
	HashPasswords []byte
	// OnRefused is told of every refused line after its dead letter is on its
	// way. It runs on the reading goroutine and must be quick. Defaults to
	// nobody.
	OnRefused func(*schemas.DeadLetter)
	// Logger is told of what an operator should know: a file that went away
	// before its end was read. Defaults to discarding it.
	Logger *slog.Logger
}

// Ingester reads files and publishes facts. It is safe for concurrent use:
// several files may be read at once, each in its own order.
type Ingester struct {
	format    Source
	publisher *publisher
	log       *slog.Logger
}

// New returns an ingester. Errors: an option is missing.
func New(o Options) (*Ingester, error) {
	if o.Sink == nil {
		return nil, errors.New("ingest: Sink is required")
	}
	if o.Format == nil {
		o.Format = auto{}
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return &Ingester{
		format: o.Format, log: o.Logger,
		publisher: &publisher{
			sink: o.Sink, hashKey: o.HashPasswords, onRefused: o.OnRefused,
			report: Report{Topics: map[string]int64{}, Reasons: map[string]int64{}},
		},
	}, nil
}

// File reads a file to its end, or the standard input for [Stdin]. gzip and
// zstd are recognised by their first bytes. Errors: the file's (a damaged
// archive is one; what came before the damage is published), the sink's,
// ctx's.
func (i *Ingester) File(ctx context.Context, path string) error {
	in, err := open(ctx, path, i.countBytes)
	if err != nil {
		return err
	}
	return i.input(ctx, in)
}

// Stream reads what comes over a pipe, such as the standard input of a
// program, to its end. It differs from Reader in what File does, too: gzip and
// zstd are recognised, bytes are counted, and a read that waits ends with ctx.
// Errors: as of File.
func (i *Ingester) Stream(ctx context.Context, name string, r io.Reader) error {
	in, err := plain(interruptible(ctx, r), name, func() error { return nil }, i.countBytes)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return i.input(ctx, in)
}

func (i *Ingester) input(ctx context.Context, in *input) error {
	err := i.Reader(ctx, in.name, in)
	if closing := in.close(); err == nil && closing != nil {
		err = fmt.Errorf("%s: %w", in.name, closing)
	}
	return err
}

// Reader reads records to the end. The name stands for the file in headers and
// dead letters. Errors: as of File.
func (i *Ingester) Reader(ctx context.Context, name string, r io.Reader) error {
	lines, format, err := i.cut(name, r)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	file := i.newFile(name, format)
	last := int64(0)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		l, err := lines.next()
		if errors.Is(err, io.EOF) {
			if l, ok := lines.rest(); ok {
				return file.publish(ctx, &l)
			}
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: after line %d: %w", name, last, err)
		}
		last = l.number
		if err := file.publish(ctx, &l); err != nil {
			return err
		}
	}
}

// Finish waits until all that was read is acknowledged and returns what was
// counted. It is for when nothing is being read any more. Errors: the sink's,
// ctx's, and numbers that do not add up, as [Report.Check] says.
func (i *Ingester) Finish(ctx context.Context) (Report, error) {
	if err := i.publisher.sink.Flush(ctx); err != nil {
		return i.Report(), err
	}
	r := i.Report()
	return r, r.Check()
}

// Report returns what was counted so far. It may be called at any time; while
// a file is being read, its line at hand is read and not yet published.
func (i *Ingester) Report() Report {
	i.publisher.mu.Lock()
	defer i.publisher.mu.Unlock()
	return i.publisher.report.clone()
}

func (i *Ingester) countBytes(n int) {
	i.publisher.count(func(r *Report) { r.Bytes += int64(n) })
}

// file is one file being read.
type file struct {
	name      string
	decoder   Decoder
	publisher *publisher
}

func (i *Ingester) newFile(name string, format Source) *file {
	i.publisher.count(func(r *Report) { r.Files++ })
	return &file{name: name, decoder: format.NewDecoder(), publisher: i.publisher}
}

// publish makes of a line what it is: nothing, facts or a dead letter; or, of
// one that only wraps records, what they are.
func (f *file) publish(ctx context.Context, l *line) error {
	split, ok := f.decoder.(splitter)
	if !ok || l.blank() {
		return f.publishOne(ctx, l)
	}
	parts := split.Split(l.text)
	if parts == nil {
		return f.publishOne(ctx, l)
	}
	for _, part := range parts {
		one := *l
		one.text, one.size = bytes.Clone(part), int64(len(part))
		if err := f.publishOne(ctx, &one); err != nil {
			return err
		}
	}
	return nil
}

func (f *file) publishOne(ctx context.Context, l *line) error {
	f.publisher.count(func(r *Report) { r.Lines++ })
	if l.blank() {
		f.publisher.count(func(r *Report) { r.Blank++ })
		return nil
	}
	at := place{f.name, l.number}
	facts, refusal := f.decode(l)
	if refusal != nil {
		return f.publisher.refuse(ctx, at, l, refusal)
	}
	return f.publisher.facts(ctx, at, l, facts)
}

func (f *file) decode(l *line) ([]Fact, *Refusal) {
	if refusal := l.check(); refusal != nil {
		return nil, refusal
	}
	facts, err := f.decoder.Decode(l.text)
	if err == nil {
		return facts, nil
	}
	var refusal *Refusal
	if errors.As(err, &refusal) {
		return nil, refusal
	}
	return nil, refuse(ReasonBadValue, err.Error())
}

// learn takes from a line that was published before what later lines need.
func (f *file) learn(l *line) {
	if !l.blank() && l.check() == nil {
		f.decoder.Learn(l.text)
	}
}
