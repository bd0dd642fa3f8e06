package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/ttpstream/ttpstream/projections/api/access"
)

// Who asks is found out before anything else of a request is read: without a
// token 401, without the role 403, and only then can a request be malformed.

type callerKey struct{}

// anybody is who asks where nobody is asked for a token.
var anybody = access.Caller{Subject: "api", Role: access.Admin}

// who returns the name of who asks.
func who(ctx context.Context) string {
	caller, ok := ctx.Value(callerKey{}).(access.Caller)
	if !ok || caller.Subject == "" {
		return anybody.Subject
	}
	return caller.Subject
}

// permitted lets callers with a role through.
func (s *Server) permitted(least access.Role) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		r, w := unwrap(ctx)
		caller, p := s.authenticate(w, r, least)
		if p != nil {
			writeProblem(w, p)
			return
		}
		next(huma.WithValue(ctx, callerKey{}, caller))
	}
}

// authenticate returns who asks, or why they may not, with the headers set
// that go with it.
func (s *Server) authenticate(w http.ResponseWriter, r *http.Request, least access.Role) (access.Caller, *Problem) {
	if s.o.Access == nil {
		return anybody, nil
	}
	caller, err := s.o.Access.Authenticate(r.Context(), r.Header.Get("Authorization"))
	switch {
	case errors.Is(err, access.ErrProvider):
		s.o.Logger.ErrorContext(r.Context(), "tokens cannot be verified", "error", err)
		return caller, problem(http.StatusServiceUnavailable, "tokens cannot be verified now")
	case errors.Is(err, access.ErrNoToken):
		w.Header().Set("WWW-Authenticate", `Bearer realm="ttpstream"`)
		return caller, problem(http.StatusUnauthorized, "a bearer token is required")
	case err != nil:
		s.o.Logger.DebugContext(r.Context(), "a token was refused", "error", err)
		w.Header().Set("WWW-Authenticate", `Bearer realm="ttpstream", error="invalid_token"`)
		return caller, problem(http.StatusUnauthorized, "the token is not accepted")
	case caller.Role < least:
		return caller, problem(http.StatusForbidden, "this needs the role "+least.String())
	}
	return caller, nil
}
