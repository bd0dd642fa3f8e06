package api

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"runtime"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/schemas/attack"
)

// Vitals says how the rest of the program is doing. It must answer within a
// second or so, or with ctx's error.
type Vitals interface {
	// Lag returns by topic how many records the ledger is behind.
	Lag(ctx context.Context) (map[string]int64, error)
	// Rules returns how many rules are in force here, and their revision; -1
	// when no rule set is loaded.
	Rules(ctx context.Context) (count int, revision int64, err error)
}

type nothing struct{}

type conditionalOnly struct{ Conditional }

func (s *Server) version(context.Context, *conditionalOnly) (Version, string, error) {
	return Version{s.o.Version, runtime.Version(), s.catalogue.Name(), attack.Releases()}, "", nil
}

func (s *Server) healthz(context.Context, *nothing) (Health, string, error) {
	return Health{OK: true}, "", nil
}

// readyAnswer has a status of its own.
type readyAnswer struct {
	Status       int
	CacheControl string `header:"Cache-Control"`
	Body         Readiness
}

// openReadyz opens the one route whose answer has two statuses.
func (s *Server) openReadyz(e endpoint) {
	op := s.operation(e)
	schema := s.api.OpenAPI().Components.Schemas.Schema(typeOf[Readiness](), true, "")
	op.Responses["503"] = nil
	op.Errors = slices.DeleteFunc(op.Errors, func(status int) bool { return status == http.StatusServiceUnavailable })
	op.Responses["503"] = &huma.Response{Description: "Not ready, and why", Content: map[string]*huma.MediaType{"application/json": {Schema: schema}}}
	huma.Register(s.api, op, func(ctx context.Context, _ *nothing) (*readyAnswer, error) {
		answer := &readyAnswer{Status: http.StatusOK, CacheControl: "no-store", Body: s.readiness(ctx)}
		if !answer.Body.Ready {
			answer.Status = http.StatusServiceUnavailable
		}
		return answer, nil
	})
	trim(op)
}

// readiness asks everything that an answer depends on.
func (s *Server) readiness(ctx context.Context) Readiness {
	r := Readiness{Reasons: []string{}, Lag: map[string]int64{}, Revision: -1}
	if err := s.countRules(ctx, &r); err != nil {
		r.Reasons = append(r.Reasons, s.told(ctx, err).Error())
	}
	if s.o.Vitals != nil {
		s.askVitals(ctx, &r)
	}
	r.Ready = len(r.Reasons) == 0
	return r
}

// countRules counts the rules in force that the ledger knows of. With Vitals,
// who know better, it only sees whether the ledger answers.
func (s *Server) countRules(ctx context.Context, r *Readiness) error {
	q := projections.PageQuery{Floor: 1, Limit: projections.MaxPage}
	if s.o.Vitals != nil {
		q.Limit = 1
	}
	for {
		page, err := s.o.Ledger.Rules(ctx, q)
		if err != nil {
			return err
		}
		for _, rule := range page.Items {
			if rule.InForce {
				r.Rules++
			}
		}
		if q.After = page.Next; page.Next == "" || s.o.Vitals != nil {
			return nil
		}
	}
}

func (s *Server) askVitals(ctx context.Context, r *Readiness) {
	if lag, err := s.o.Vitals.Lag(ctx); err != nil {
		r.Reasons = append(r.Reasons, "lag: "+s.told(ctx, err).Error())
	} else {
		maps.Copy(r.Lag, lag)
	}
	for _, topic := range slices.Sorted(maps.Keys(r.Lag)) {
		if s.o.MaxLag > 0 && r.Lag[topic] > s.o.MaxLag {
			r.Reasons = append(r.Reasons, fmt.Sprintf("the ledger is %d records of %s behind", r.Lag[topic], topic))
		}
	}
	if count, revision, err := s.o.Vitals.Rules(ctx); err != nil {
		r.Reasons = append(r.Reasons, "rules: "+s.told(ctx, err).Error())
	} else {
		r.Rules, r.Revision = count, revision
	}
}
