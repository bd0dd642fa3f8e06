package ingest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"
)

// FollowOptions says how a file is followed.
type FollowOptions struct {
	// Checkpoint is the file that remembers how far the log is published, one
	// for each followed log. Its directory has to exist. Defaults to none: the
	// log is read from its start each time, which gives the same ids.
	Checkpoint string
	// Poll is how often the log is looked at when the system tells nothing of
	// changes to it. Defaults to [DefaultPoll].
	Poll time.Duration
}

// DefaultPoll is the default of [FollowOptions.Poll].
const DefaultPoll = 250 * time.Millisecond

const (
	// checkpointLines is after how many lines a checkpoint is written while
	// there is no end of lines. At an end of lines one is written anyhow.
	checkpointLines = 50_000
	// lastFlush is how long the end of a follow waits for acknowledgements.
	lastFlush = 10 * time.Second
)

// Follow reads a file as it grows, until ctx ends; that is no error. It goes
// with the file through rename-and-create and copy-and-truncate, and waits
// for a file that is not there yet. A line is read when its line feed has
// come, or its file was rotated away.
//
// A checkpoint is written only after everything up to it is acknowledged. So
// whenever the process is killed, what was not acknowledged is read again
// after the restart, and some of what was: under the same ids. What Cowrie
// lines need of earlier lines is learnt again from the file's start.
//
// Errors: the file system's, the sink's, a checkpoint that is none.
func (i *Ingester) Follow(ctx context.Context, path string, o FollowOptions) error {
	path, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	w, err := newWaker(path, cmp.Or(o.Poll, DefaultPoll), i.log)
	if err != nil {
		return fmt.Errorf("following %s: %w", path, err)
	}
	err = i.follow(ctx, path, o, w)
	return errors.Join(err, w.close())
}

func (i *Ingester) follow(ctx context.Context, path string, o FollowOptions, w waker) error {
	f := &follower{ingester: i, checkpoint: o.Checkpoint, tail: tail{path: path, log: i.log, counted: i.countBytes}}
	if err := f.load(path); err != nil {
		return err
	}
	err := f.run(ctx, w)
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastFlush)
		defer cancel()
		err = f.save(last)
	}
	return errors.Join(err, f.tail.close())
}

// follower publishes what a tail reads and remembers how far.
type follower struct {
	ingester   *Ingester
	checkpoint string
	tail       tail
	file       *file
	opened     int  // the tail's file that file is of
	unsaved    int  // lines published since the last checkpoint
	anchored   bool // there is a checkpoint
}

func (f *follower) load(path string) error {
	if f.checkpoint == "" {
		return nil
	}
	c, err := loadCheckpoint(f.checkpoint, path)
	if err != nil {
		return err
	}
	f.anchored = c != nil
	return f.tail.resume(c)
}

func (f *follower) run(ctx context.Context, w waker) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		l, known, err := f.tail.next()
		if errors.Is(err, errIdle) {
			if err := f.save(ctx); err != nil {
				return err
			}
			if err := w.wait(ctx); err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return err
		}
		if err := f.line(ctx, &l, known); err != nil {
			return err
		}
	}
}

func (f *follower) line(ctx context.Context, l *line, known bool) error {
	if f.opened != f.tail.opened {
		f.file, f.opened = f.ingester.newFile(f.tail.name, f.ingester.format), f.tail.opened
	}
	if known {
		f.file.learn(l)
		return nil
	}
	if !f.anchored {
		if err := f.anchor(l); err != nil {
			return err
		}
	}
	if err := f.file.publish(ctx, l); err != nil {
		return err
	}
	if f.unsaved++; f.unsaved >= checkpointLines {
		return f.save(ctx)
	}
	return nil
}

// anchor remembers which file was begun, before anything of it is published:
// it may be rotated before the first checkpoint.
func (f *follower) anchor(l *line) error {
	f.anchored = true
	if f.checkpoint == "" {
		return nil
	}
	return f.tail.positionBefore(l).save(f.checkpoint)
}

// save remembers how far everything is acknowledged.
func (f *follower) save(ctx context.Context) error {
	if f.unsaved == 0 {
		return nil
	}
	if err := f.ingester.publisher.sink.Flush(ctx); err != nil {
		return err
	}
	f.unsaved = 0
	c := f.tail.position()
	if f.checkpoint == "" || c == nil {
		return nil
	}
	return c.save(f.checkpoint)
}
