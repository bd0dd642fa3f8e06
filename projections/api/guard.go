package api

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

const (
	// maxHeader bounds what comes before a body, in bytes. A reason of 4096
	// characters in a query takes up to 48 KiB.
	maxHeader = 64 << 10
	// maxBody bounds the body of a request, in bytes. What is larger than what
	// any route takes is not read to its end.
	maxBody = 64 << 10
	// bodyPatience is how long a client may take to send a body.
	bodyPatience = 10 * time.Second
	// placePatience is how long a request waits for others to be done before
	// it is refused.
	placePatience = 2 * time.Second
)

// chain puts the guards around the routes, the first to see a request last.
func (s *Server) chain() http.Handler {
	var h http.Handler = http.HandlerFunc(s.route)
	h = s.bounded(h)
	h = s.rated(h)
	h = s.home(h)
	h = headers(h)
	return s.logged(h)
}

// logged logs requests at Debug, by their pattern: paths name attackers and
// queries may hold anything. What panics is logged and becomes a 500.
func (s *Server) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began, sw := s.o.Now(), &statusWriter{ResponseWriter: w}
		defer func() {
			if cause := recover(); cause != nil && cause != http.ErrAbortHandler {
				s.o.Logger.ErrorContext(r.Context(), "a request panicked", "cause", cause, "stack", string(debug.Stack()))
				if sw.status == 0 {
					writeProblem(sw, problem(http.StatusInternalServerError, "something went wrong here; the log says what"))
				}
			} else if cause != nil {
				panic(cause)
			}
			s.o.Logger.DebugContext(r.Context(), "request", "method", r.Method, "route", s.patternOf(r), "status", sw.status, "took", s.o.Now().Sub(began))
		}()
		// Every route of huma has one content type. What asks for another gets it
		// all the same, and huma's parser of this header need not be trusted.
		if !strings.HasPrefix(r.URL.Path, TAXIIPrefix) {
			r.Header.Del("Accept")
		}
		next.ServeHTTP(sw, r)
	})
}

// statusWriter remembers the status.
type statusWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader remembers the status.
func (w *statusWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write is of status 200 unless another was set.
func (w *statusWriter) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets [http.ResponseController] through.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// headers are set on every answer. None of them is a page: no browser is to
// render, run, frame or embed one, whatever an attacker wrote into it.
func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store") // rollups know better
		next.ServeHTTP(w, r)
	})
}

// home refuses requests for other hosts, and changes that another site's page
// asks for. An address on loopback is no secret: any page can have its own
// name point to 127.0.0.1 and be of one origin with us.
func (s *Server) home(next http.Handler) http.Handler {
	origins := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !s.isOurs(r.Host):
			writeProblem(w, problem(http.StatusMisdirectedRequest, "this server does not answer to that host name; see the option for host names"))
		case origins.Check(r) != nil:
			writeProblem(w, problem(http.StatusForbidden, "a page of another origin asked for this"))
		default:
			next.ServeHTTP(w, r)
		}
	})
}

func (s *Server) isOurs(host string) bool {
	name := host
	if bare, _, err := net.SplitHostPort(host); err == nil {
		name = bare
	}
	name = strings.ToLower(strings.Trim(strings.TrimSuffix(name, "."), "[]"))
	if ip := net.ParseIP(name); ip != nil && (ip.IsLoopback() || s.o.AllowRemote) {
		return true // a name can be made to point here, an address cannot
	}
	return name == "localhost" || slices.ContainsFunc(s.o.Hosts, func(h string) bool { return h == "*" || strings.EqualFold(h, name) })
}

// bounded lets so many requests in and bounds their time. What is long has
// bounds of its own.
func (s *Server) bounded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		deadlines := http.NewResponseController(w)
		if s.long[s.patternOf(r)] {
			_ = deadlines.SetReadDeadline(time.Time{}) // a recorder has none
			_ = deadlines.SetWriteDeadline(time.Time{})
			next.ServeHTTP(w, r)
			return
		}
		_ = deadlines.SetWriteDeadline(time.Now().Add(s.o.RequestTimeout + bodyPatience))
		ctx, cancel := context.WithTimeout(r.Context(), s.o.RequestTimeout)
		defer cancel()
		if !s.enter(ctx) {
			writeProblem(w, problem(http.StatusServiceUnavailable, "too many requests are being worked on"))
			return
		}
		defer func() { <-s.working }()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// enter waits for a place to work in.
func (s *Server) enter(ctx context.Context) bool {
	select {
	case s.working <- struct{}{}:
		return true
	default:
	}
	patience := time.NewTimer(placePatience)
	defer patience.Stop()
	select {
	case s.working <- struct{}{}:
		return true
	case <-patience.C:
	case <-ctx.Done():
	}
	return false
}

// patternOf returns the route of a request, empty when there is none.
func (s *Server) patternOf(r *http.Request) string {
	_, pattern := s.mux.Handler(r)
	return pattern
}

// route hands the request to its route. What the mux would answer itself, that
// there is no such path or method, becomes a problem.
func (s *Server) route(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	own, pattern := s.mux.Handler(r)
	if pattern != "" {
		s.mux.ServeHTTP(w, r)
		return
	}
	said := refusal{header: make(http.Header)}
	own.ServeHTTP(&said, r)
	p := problem(said.status, "there is nothing here; GET /openapi.json lists what there is")
	if allow := said.header.Get("Allow"); allow != "" {
		w.Header().Set("Allow", allow)
		p.Detail = "this path allows " + allow
	}
	writeProblem(w, p)
}

// refusal takes what the mux says of a request without a route.
type refusal struct {
	header http.Header
	status int
}

// Header returns the headers.
func (r *refusal) Header() http.Header { return r.header }

// WriteHeader keeps the status.
func (r *refusal) WriteHeader(status int) { r.status = status }

// Write drops the text.
func (r *refusal) Write(b []byte) (int, error) { return len(b), nil }

// decent refuses what no route takes: text that is no UTF-8 or holds NUL,
// parameters that are empty or given twice. It runs behind the checks of who
// asks.
func (s *Server) decent(ctx huma.Context, next func(huma.Context)) {
	r, w := humago.Unwrap(ctx)
	if location := indecent(r.URL); location != "" {
		writeProblem(w, invalid(location, "not once, not UTF-8, empty, or with NUL in it"))
		return
	}
	next(ctx)
}

func indecent(u *url.URL) (location string) {
	if !isText(u.Path) {
		return "path"
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return "query"
	}
	for name, values := range query {
		if !isText(name) || len(values) != 1 || values[0] == "" || !isText(values[0]) {
			return "query." + strings.ToValidUTF8(name[:min(len(name), 40)], "")
		}
	}
	return ""
}

func isText(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

// unwrap returns what huma hides.
func unwrap(ctx huma.Context) (*http.Request, http.ResponseWriter) { return humago.Unwrap(ctx) }
