package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/ttpstream/ttpstream/projections"
)

// Problem is an error as clients get it, after RFC 9457.
type Problem struct {
	Type   string    `json:"type" doc:"about:blank: the status says what kind of problem it is."`
	Title  string    `json:"title" doc:"The status in words."`
	Status int       `json:"status" doc:"The HTTP status."`
	Detail string    `json:"detail,omitempty" doc:"What is wrong, for people."`
	Errors []Invalid `json:"errors,omitempty" doc:"What is wrong with which part of the request."`
}

// Invalid is one thing that is wrong with a request.
type Invalid struct {
	Location string `json:"location,omitempty" doc:"Where, such as query.limit or body.mode."`
	Message  string `json:"message" doc:"What is wrong there."`
}

// Error returns the detail.
func (p *Problem) Error() string { return p.Detail }

// GetStatus returns the status; huma asks for it.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType returns the type of an encoded problem; huma asks for it.
func (p *Problem) ContentType(string) string { return problemType }

const problemType = "application/problem+json"

// huma makes its own errors by this function, which is the only way to have
// them look like ours. No other package of the program uses huma.
func init() {
	huma.NewError = humaError
	huma.DefaultArrayNullable = false
}

// humaError turns what huma found wrong into a problem. Malformed is 400,
// where huma tells syntax from content. Values are not echoed: they may be
// secrets in the wrong place.
func humaError(status int, detail string, errs ...error) huma.StatusError {
	var tooLarge *http.MaxBytesError
	for _, err := range errs {
		if errors.As(err, &tooLarge) {
			return problem(http.StatusRequestEntityTooLarge, "the body is too large")
		}
	}
	switch {
	case status == http.StatusUnprocessableEntity:
		status = http.StatusBadRequest
	case status == http.StatusInternalServerError && len(errs) > 0: // of reading the body: ours are made by problemOf
		return problem(http.StatusBadRequest, "the body could not be read")
	}
	p := problem(status, detail)
	for _, err := range errs {
		if detailer, ok := err.(huma.ErrorDetailer); ok {
			d := detailer.ErrorDetail()
			p.Errors = append(p.Errors, Invalid{d.Location, d.Message})
		} else if err != nil {
			p.Errors = append(p.Errors, Invalid{Message: err.Error()})
		}
	}
	return p
}

func problem(status int, detail string) *Problem {
	return &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: detail}
}

// invalid returns the problem of one part of a request.
func invalid(location, message string) *Problem {
	p := problem(http.StatusBadRequest, "validation failed")
	p.Errors = []Invalid{{location, message}}
	return p
}

// ErrUnavailable says that something the server depends on, Kafka for one,
// cannot do it now and may later. Interfaces of [Options] return it wrapped.
var ErrUnavailable = errors.New("not available now")

// statuses say which error is which status. detail is what the client is told;
// empty: the error's own message, which then holds nothing internal.
var statuses = []struct {
	err    error
	status int
	detail string
}{
	{projections.ErrQuery, http.StatusBadRequest, ""},
	{projections.ErrNotFound, http.StatusNotFound, ""},
	{projections.ErrUnavailable, http.StatusServiceUnavailable, "the database is not available now"},
	{ErrUnavailable, http.StatusServiceUnavailable, "a service behind this one is not available now"},
	{context.DeadlineExceeded, http.StatusServiceUnavailable, "this took too long"},
	{context.Canceled, http.StatusServiceUnavailable, "the server is stopping"},
}

// problemOf returns what a client is told about an error, and whether it says
// all there is to say: otherwise the error is for the log.
func problemOf(err error) (p *Problem, told bool) {
	if errors.As(err, &p) {
		return p, true
	}
	for _, s := range statuses {
		if !errors.Is(err, s.err) {
			continue
		}
		if s.detail != "" {
			return problem(s.status, s.detail), false
		}
		return problem(s.status, err.Error()), true
	}
	return problem(http.StatusInternalServerError, "something went wrong here; the log says what"), false
}

// retryAfter is what a client that was sent away should wait, in seconds.
const retryAfter = "5"

// writeProblem answers with a problem outside of huma.
func writeProblem(w http.ResponseWriter, p *Problem) {
	raw, _ := json.Marshal(p) // strings and numbers only
	w.Header().Set("Content-Type", problemType)
	if p.Status == http.StatusServiceUnavailable || p.Status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", retryAfter)
	}
	w.WriteHeader(p.Status)
	_, _ = w.Write(raw) // the client may be gone
}
