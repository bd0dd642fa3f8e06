package api

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/ttpstream/ttpstream/projections/api/access"
)

// The doors between huma and what answers. Each route of routes.go goes
// through one of them: [rollup] for sums, [lookup] for what is looked up,
// [change] for words of operators, [stream] for what is not one JSON document.

// endpoint is what a route says of itself.
type endpoint struct {
	method, path string
	// id names the operation in the contract; summary and doc describe it.
	id, summary, doc string
	// section groups operations in the contract.
	section string
	// open needs no token; change needs the admin's role.
	open, change bool
	// errors are statuses beyond those of every route.
	errors []int
	// produces is the content type of what is not application/json.
	produces string
}

// question is a pointer to what a route is asked with.
type question[I any] interface {
	*I
	ifNoneMatch() string
}

// role returns who may.
func (e endpoint) role() access.Role {
	if e.change {
		return access.Admin
	}
	return access.Viewer
}

// rollupAnswer is the answer of a rollup.
type rollupAnswer[T any] struct {
	Status       int
	ETag         string `header:"ETag" doc:"Strong validator of the body."`
	CacheControl string `header:"Cache-Control" doc:"Keep it, and ask whether it is still right."`
	Link         string `header:"Link" doc:"The address of the next page, rel=next; absent on the last one."`
	ContentType  string `header:"Content-Type" hidden:"true"`
	Body         document[T]
}

// rollup opens a route whose answer clients may keep for as long as it stays
// right. ask returns the answer and the Link header.
func rollup[I, T any, Q question[I]](s *Server, e endpoint, ask func(context.Context, Q) (T, string, error)) {
	op := s.operation(e)
	if e.produces != "" {
		schema := s.api.OpenAPI().Components.Schemas.Schema(typeOf[T](), true, "")
		op.Responses["200"] = &huma.Response{Content: map[string]*huma.MediaType{e.produces: {Schema: schema}}}
	}
	op.Responses["304"] = &huma.Response{Description: "Not Modified: what the client has is still right."}
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*rollupAnswer[T], error) {
		raw, link, err := answered(ctx, s, Q(in), ask)
		if err != nil {
			return nil, err
		}
		out := &rollupAnswer[T]{Status: http.StatusOK, ETag: etagOf(raw), CacheControl: "private, no-cache", Link: link, ContentType: e.produces, Body: document[T]{raw}}
		if holds(Q(in).ifNoneMatch(), out.ETag) {
			out.Status = http.StatusNotModified
		}
		return out, nil
	})
	trim(op)
}

// lookupAnswer is any other answer.
type lookupAnswer[T any] struct {
	CacheControl string `header:"Cache-Control" doc:"Not to be stored."`
	Link         string `header:"Link" doc:"The address of the next page, rel=next; absent on the last one."`
	Body         document[T]
}

// lookup opens a route whose answer is not to be stored by anybody.
func lookup[I, T any](s *Server, e endpoint, ask func(context.Context, *I) (T, string, error)) {
	op := s.operation(e)
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*lookupAnswer[T], error) {
		raw, link, err := answered(ctx, s, in, ask)
		if err != nil {
			return nil, err
		}
		return &lookupAnswer[T]{CacheControl: "no-store", Link: link, Body: document[T]{raw}}, nil
	})
	trim(op)
}

// change opens a route that changes something. prepare checks the question;
// the change is made, and audited, when it has found nothing wrong.
func change[I, T any](s *Server, e endpoint, prepare func(context.Context, *I) (prepared[T], error)) {
	e.change = true
	lookup(s, e, func(ctx context.Context, in *I) (answer T, link string, err error) {
		p, err := prepare(ctx, in)
		if err == nil {
			answer, err = audited(ctx, s, e.id, p)
		}
		return answer, "", err
	})
}

// stream opens a route that writes its answer itself. begin checks the
// question and returns what writes; until then an error is a problem.
func stream[I any](s *Server, e endpoint, begin beginning[I]) {
	op := s.operation(e)
	op.Responses["200"] = &huma.Response{Description: "OK", Content: map[string]*huma.MediaType{
		e.produces: {Schema: &huma.Schema{Type: huma.TypeString}},
	}}
	s.long[e.method+" "+op.Path] = true
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*huma.StreamResponse, error) {
		write, err := begin(ctx, in)
		if err != nil {
			return nil, s.told(ctx, err)
		}
		return &huma.StreamResponse{Body: func(ctx huma.Context) {
			ctx.SetHeader("Content-Type", e.produces)
			ctx.SetHeader("Cache-Control", "no-store")
			r, w := unwrap(ctx)
			write(w, r)
		}}, nil
	})
	trim(op)
}

// answered asks, and encodes the answer.
func answered[Q, T any](ctx context.Context, s *Server, in Q, ask func(context.Context, Q) (T, string, error)) ([]byte, string, error) {
	value, link, err := ask(ctx, in)
	if err != nil {
		return nil, "", s.told(ctx, err)
	}
	raw, err := encode(value)
	if err != nil {
		return nil, "", s.told(ctx, err)
	}
	return raw, link, nil
}

// told logs what the client is not told of an error, and returns what it is.
func (s *Server) told(ctx context.Context, err error) error {
	p, told := problemOf(err)
	if !told && ctx.Err() == nil {
		s.o.Logger.ErrorContext(ctx, "a request failed", "error", err)
	}
	if p.Status == http.StatusServiceUnavailable {
		return huma.ErrorWithHeaders(p, http.Header{"Retry-After": {retryAfter}})
	}
	return p
}

// everyError are the statuses that any route may answer with.
var everyError = []int{
	http.StatusBadRequest, http.StatusForbidden, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusMisdirectedRequest,
	http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusServiceUnavailable,
}

// operation makes huma's description of a route.
func (s *Server) operation(e endpoint) huma.Operation {
	op := huma.Operation{
		Method: e.method, Path: Prefix + e.path, OperationID: e.id, Summary: e.summary, Description: cmp.Or(e.doc, e.summary+"."),
		Tags: []string{e.section}, Errors: slices.Concat(everyError, e.errors), Responses: map[string]*huma.Response{},
		RejectUnknownQueryParameters: true, MaxBodyBytes: maxBody, BodyReadTimeout: bodyPatience,
	}
	if e.section == sectionServer {
		op.Path = e.path
	}
	op.Middlewares = huma.Middlewares{s.decent}
	if !e.open {
		op.Errors = append(op.Errors, http.StatusUnauthorized)
		op.Security = []map[string][]string{{securityScheme: {}}}
		op.Middlewares = huma.Middlewares{s.permitted(e.role()), s.decent}
	}
	return op
}

// trim takes out of the contract what huma adds to it and we never answer.
func trim(op huma.Operation) { delete(op.Responses, strconv.Itoa(http.StatusUnprocessableEntity)) }
