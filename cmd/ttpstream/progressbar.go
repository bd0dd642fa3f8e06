package main

import (
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// progressBar shows how much of the input is read. A nil one shows nothing.
type progressBar struct {
	bar  *progressbar.ProgressBar
	read int64 // by files that are done
}

// newProgressBar returns a bar over the sizes of the files, or nil where none
// is wanted.
func newProgressBar(out io.Writer, when string, files []string) *progressBar {
	file, isFile := out.(*os.File)
	terminal := isFile && term.IsTerminal(int(file.Fd()))
	if when == "never" || when == "auto" && !terminal {
		return nil
	}
	var size int64
	for _, path := range files {
		info, err := os.Stat(path)
		if err != nil || !info.Mode().IsRegular() {
			size = -1 // standard input and the like: no end in sight
			break
		}
		size += info.Size()
	}
	return &progressBar{bar: progressbar.NewOptions64(size,
		progressbar.OptionSetWriter(out), progressbar.OptionSetDescription("reading"), progressbar.OptionShowBytes(true),
		progressbar.OptionSetPredictTime(true), progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(30),
	)}
}

// barEvery is how often the bar moves: as often as an eye can tell.
const barEvery = 200 * time.Millisecond

// follow moves the bar with what read returns until the returned function is
// called.
func (b *progressBar) follow(read func() int64) (stop func()) {
	if b == nil {
		return func() {}
	}
	done := make(chan struct{})
	var wait sync.WaitGroup
	wait.Go(func() {
		tick := time.NewTicker(barEvery)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				_ = b.bar.Set64(b.read + read())
			case <-done:
				return
			}
		}
	})
	return func() {
		close(done)
		wait.Wait()
		b.read += read()
		_ = b.bar.Set64(b.read)
	}
}

// done takes the bar away.
func (b *progressBar) done() {
	if b != nil {
		_ = b.bar.Finish()
	}
}

func dirOf(path string) string { return filepath.Dir(path) }
