package api_test

import (
	"bufio"
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/ttpstream/ttpstream/projections/api"
)

// heard is one event as a client gets it.
type heard struct{ id, name, data string }

// ear is a client that listens.
type ear struct {
	tb     testing.TB
	answer *http.Response
	lines  *bufio.Reader
	lastID string
	hangUp context.CancelFunc
}

// listen connects, and returns when the server has said where it begins.
func listen(tb testing.TB, url, query, lastID string) *ear {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	tb.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, "GET", url+api.Prefix+"/live"+query, nil)
	if err != nil {
		tb.Fatal(err)
	}
	if lastID != "" {
		r.Header.Set("Last-Event-ID", lastID)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { answer.Body.Close() })
	e := &ear{tb: tb, answer: answer, lines: bufio.NewReader(answer.Body), hangUp: cancel}
	if answer.StatusCode == http.StatusOK {
		if first, err := e.block(); err != nil || first.name != "" || first.id == "" {
			tb.Fatalf("the beginning: %+v, %v", first, err)
		}
	}
	return e
}

// block reads up to an empty line.
func (e *ear) block() (h heard, err error) {
	for {
		line, err := e.lines.ReadString('\n')
		if err != nil {
			return h, err
		}
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		switch name {
		case "id":
			h.id, e.lastID = value, value
		case "event":
			h.name = value
		case "data":
			h.data = value
		case "":
			return h, nil
		}
	}
}

// hear reads one event.
func (e *ear) hear() heard {
	e.tb.Helper()
	for {
		h, err := e.block()
		if err != nil {
			e.tb.Fatal(err)
		}
		if h.name != "" {
			return h
		}
	}
}

// hearTag reads one tag.
func (e *ear) hearTag() api.Tag {
	e.tb.Helper()
	h := e.hear()
	if h.name != "tag" {
		e.tb.Fatalf("heard %+v", h)
	}
	return decode[api.Tag](e.tb, []byte(h.data))
}

// onRequest is told when the server is done with a request.
type onRequest func(route string)

// Enabled is true of everything.
func (onRequest) Enabled(context.Context, slog.Level) bool { return true }

// Handle tells of requests.
func (f onRequest) Handle(_ context.Context, r slog.Record) error {
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == "route" {
			f(a.Value.String())
		}
		return true
	})
	return nil
}

// WithAttrs changes nothing.
func (f onRequest) WithAttrs([]slog.Attr) slog.Handler { return f }

// WithGroup changes nothing.
func (f onRequest) WithGroup(string) slog.Handler { return f }
