package api_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ttpstream/ttpstream/projections/api"
)

// serve starts a server on a port of its own and returns its address and what
// ends it, which returns what Serve returned.
func serve(tb testing.TB, server *api.Server) (url string, end func() error) {
	tb.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx, listener) }()
	end = func() error {
		cancel()
		select {
		case err := <-ended:
			ended <- err
			return err
		case <-time.After(patience):
			return errors.New("the server did not end")
		}
	}
	tb.Cleanup(func() {
		if err := end(); err != nil {
			tb.Error(err)
		}
	})
	return "http://" + listener.Addr().String(), end
}

func TestServe(t *testing.T) {
	t.Parallel()
	url, end := serve(t, newServer(t, api.Options{Ledger: seeded(t)}))
	answer, err := http.Get(url + api.Prefix + "/techniques")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Errorf("status %s", answer.Status)
	}
	if err := end(); err != nil {
		t.Error(err)
	}
	if _, err := http.Get(url + "/healthz"); err == nil {
		t.Error("it answers after its end")
	}
}

// Requests under way are answered when the server stops.
func TestServeEndsOrderly(t *testing.T) {
	t.Parallel()
	ledger := &heldLedger{asked: make(chan struct{}), let: make(chan struct{})}
	url, end := serve(t, newServer(t, api.Options{Ledger: ledger}))
	answered := make(chan string, 1)
	go func() {
		answer, err := http.Get(url + api.Prefix + "/techniques")
		if err != nil {
			answered <- err.Error()
			return
		}
		defer answer.Body.Close()
		raw, _ := io.ReadAll(answer.Body)
		answered <- fmt.Sprint(answer.StatusCode, strings.TrimSpace(string(raw)))
	}()
	<-ledger.asked
	stopped := make(chan error, 1)
	go func() { stopped <- end() }()
	ledger.let <- struct{}{}
	if got := <-answered; got != "200[]" && got != "200 []" {
		t.Errorf("answered %s", got)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

// addressed is a listener that says it is elsewhere.
type addressed struct {
	net.Listener
	at net.Addr
}

func (l addressed) Addr() net.Addr { return l.at }

// Other machines reach the server only when it was said that they may.
func TestServeStaysAtHome(t *testing.T) {
	t.Parallel()
	store := newStore(t)
	for _, at := range []string{"0.0.0.0", "::", "10.1.2.3", "::ffff:10.0.0.1", "fe80::1"} {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		err = newServer(t, api.Options{Ledger: store}).Serve(t.Context(), addressed{listener, &net.TCPAddr{IP: net.ParseIP(at), Port: 1}})
		if !errors.Is(err, api.ErrNotLoopback) {
			t.Errorf("%s: %v", at, err)
		}
		if _, err := listener.Accept(); err == nil {
			t.Errorf("%s: the listener is open", at)
		}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	everywhere := addressed{listener, &net.TCPAddr{IP: net.IPv4zero}}
	if err := newServer(t, api.Options{Ledger: store, AllowRemote: true, Access: newAccess(t)}).Serve(ctx, everywhere); err != nil {
		t.Error(err)
	}
}

// A socket in the file system is at home.
func TestServeOnASocket(t *testing.T) {
	t.Parallel()
	dir, err := os.MkdirTemp("", "api")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	listener, err := net.Listen("unix", filepath.Join(dir, "s"))
	if err != nil {
		t.Skip("SKIPPED: no sockets in the file system: ", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := newServer(t, api.Options{Ledger: newStore(t)}).Serve(ctx, listener); err != nil {
		t.Error(err)
	}
}

// Headers that are too long are refused before anything reads them.
func TestHeadersAreBounded(t *testing.T) {
	t.Parallel()
	url, _ := serve(t, newServer(t, api.Options{Ledger: newStore(t)}))
	r, err := http.NewRequestWithContext(t.Context(), "GET", url+"/healthz", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Long", strings.Repeat("x", 256<<10))
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("status %s", answer.Status)
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	for want, o := range map[string]api.Options{
		"Ledger": {}, "AttackRelease": {Ledger: newStore(t), AttackRelease: "enterprise-v0"}, "MaxConcurrent": {Ledger: newStore(t), MaxConcurrent: -1},
		"AllowRemote": {Ledger: newStore(t), AllowRemote: true},
	} {
		if _, err := api.New(o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}
