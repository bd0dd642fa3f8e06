package api

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"time"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/topology"
)

const (
	// liveBatch is how many events are written before the client must have
	// taken them.
	liveBatch = 256
	// aliveEvery is how often a client hears something, so that proxies do not
	// take it for dead, and its place moves past what it does not listen to.
	aliveEvery = 15 * time.Second
	// catchingUp bounds how many listeners read the log by themselves.
	catchingUp = 16
	// reconnectAfter is what clients are told to wait, in milliseconds.
	reconnectAfter = 2000
)

type liveQuestion struct {
	Filter
	Floored
	LastEventID string `header:"Last-Event-ID" maxLength:"16384" pattern:"^[0-9]+([.][0-9]+)*$" doc:"The id of the last event that the client has: it gets all that came since. Absent: what comes from now on."`
}

// listener is one client.
type listener struct {
	s      *Server
	feed   *feed
	wants  func(*projections.TagRow) bool
	at     vector
	events *http.ResponseController
	w      http.ResponseWriter
	ctx    context.Context
}

// live lets a client in, or says why not.
func (s *Server) live(ctx context.Context, in *liveQuestion) (func(http.ResponseWriter, *http.Request), error) {
	if s.o.Tags == nil {
		return nil, errNoKafka
	}
	wants, err := in.wants()
	if err != nil {
		return nil, err
	}
	select {
	case s.listening <- struct{}{}:
	default:
		return nil, problem(http.StatusServiceUnavailable, "too many clients listen already")
	}
	feed, at, err := s.begin(ctx, in.LastEventID)
	if err != nil {
		<-s.listening
		return nil, err
	}
	return func(w http.ResponseWriter, r *http.Request) {
		defer func() { <-s.listening }()
		if r.Method == http.MethodHead {
			return
		}
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		defer context.AfterFunc(s.stopping, cancel)()
		l := &listener{s: s, feed: feed, wants: wants, at: at, events: http.NewResponseController(w), w: w, ctx: ctx}
		w.Header().Set("X-Accel-Buffering", "no")
		l.run()
	}, nil
}

// begin returns the feed and the place to begin at.
func (s *Server) begin(ctx context.Context, lastEventID string) (*feed, vector, error) {
	feed, err := s.feeds.get(ctx, s.stopping)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	if lastEventID == "" {
		return feed, feed.now(), nil
	}
	at, err := s.resume(ctx, feed, lastEventID)
	return feed, at, err
}

// resume returns the place that an id names, when the log has it.
func (s *Server) resume(ctx context.Context, feed *feed, id string) (vector, error) {
	at, err := parseVector(id)
	if err != nil || !at.fits(feed.now()) {
		return nil, invalid("header.Last-Event-ID", "not the id of an event of this server")
	}
	if feed.now().reaches(at) {
		return at, nil
	}
	// Ahead of the feed: it was given out by an instance that has read further,
	// or by a log that is no more.
	reader, err := s.o.Tags.Read(ctx, at)
	if err != nil {
		return nil, lostPlace(err)
	}
	reader.Close()
	return at, nil
}

// lostPlace is the problem of a place that is not in the log.
func lostPlace(err error) error {
	if errors.Is(err, topology.ErrOffsetLost) {
		return problem(http.StatusGone, "the log does not have that place any more; begin anew, without it")
	}
	return fmt.Errorf("%w: %w", ErrUnavailable, err)
}

// wants returns what a client listens to.
func (q *liveQuestion) wants() (func(*projections.TagRow) bool, error) {
	attacker, err := q.Filter.attacker()
	if err != nil {
		return nil, err
	}
	if !(q.MinConfidence >= 0 && q.MinConfidence <= 1) { // NaN passes every other check
		return nil, invalid("query.min_confidence", "not between 0 and 1")
	}
	step := projections.StepOf(q.MinConfidence)
	return func(t *projections.TagRow) bool { return t.Step >= step && q.fits(t, attacker) }, nil
}

// run writes until the client is gone, too slow, or the server stops. The
// client comes back with the id of the last event that it has.
func (l *listener) run() {
	if l.write(fmt.Sprintf("retry: %d\nid: %s\n\n", reconnectAfter, l.at)) != nil {
		return
	}
	seq, ok := l.feed.join(l.at)
	if !ok {
		if seq, ok = l.catchUp(); !ok {
			return
		}
	}
	alive := time.NewTicker(aliveEvery)
	defer alive.Stop()
	for {
		events, changed, ok, err := l.feed.since(seq, liveBatch)
		if !ok || err != nil { // too slow, or the feed has ended
			return
		}
		seq += int64(len(events))
		if l.send(events) != nil {
			return
		}
		if len(events) > 0 {
			continue
		}
		select {
		case <-changed:
		case <-alive.C:
			if l.write(": alive\nid: "+l.at.String()+"\n\n") != nil {
				return
			}
		case <-l.ctx.Done():
			return
		}
	}
}

// catchUp reads the log until the feed has what is behind the client's place.
func (l *listener) catchUp() (seq int64, ok bool) {
	select {
	case l.s.catching <- struct{}{}:
		defer func() { <-l.s.catching }()
	case <-l.ctx.Done():
		return 0, false
	}
	reader, err := l.s.o.Tags.Read(l.ctx, maps.Clone(l.at))
	if err != nil {
		l.s.o.Logger.WarnContext(l.ctx, "a listener could not catch up", "error", err)
		return 0, false
	}
	defer reader.Close()
	for {
		if seq, ok = l.feed.join(l.at); ok {
			return seq, true
		}
		records, err := reader.Poll(l.ctx)
		if err != nil {
			return 0, false
		}
		for len(records) > 0 {
			n := min(len(records), liveBatch)
			events := make([]*event, n)
			for i, r := range records[:n] {
				events[i] = eventOf(r, l.s.tag)
			}
			if l.send(events) != nil {
				return 0, false
			}
			records = records[n:]
		}
	}
}

// send writes those of the events that the client has not and wants.
func (l *listener) send(events []*event) error {
	var b strings.Builder
	for _, e := range events {
		if e.offset < l.at[e.partition] {
			continue
		}
		l.at[e.partition] = e.offset + 1
		if e.name == "" || e.tag != nil && !l.wants(e.tag) {
			continue
		}
		fmt.Fprintf(&b, "id: %s\nevent: %s\ndata: %s\n\n", l.at, e.name, e.data)
	}
	if b.Len() == 0 {
		return nil
	}
	return l.write(b.String())
}

// write gives the client some time to take the text.
func (l *listener) write(text string) error {
	_ = l.events.SetWriteDeadline(time.Now().Add(l.s.o.LivePatience)) // a recorder has none
	if _, err := l.w.Write([]byte(text)); err != nil {
		return err
	}
	return l.events.Flush()
}
