package access

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
)

// provider verifies tokens with the keys of an OpenID provider.
type provider struct {
	algorithms []string
	verifier   *oidc.IDTokenVerifier
}

const (
	// providerPatience bounds a question to the provider.
	providerPatience = 10 * time.Second
	// refetchAfter is how long a token with an unknown key has to wait after
	// the keys were fetched for another: who may ask must not be able to make
	// us ask somebody else as often.
	refetchAfter = 10 * time.Second
)

func newProvider(ctx context.Context, o OIDC, now func() time.Time) (*provider, error) {
	if o.Issuer == "" || o.Audience == "" {
		return nil, errors.New("an Issuer and an Audience are required")
	}
	p := &provider{algorithms: o.Algorithms}
	if len(p.algorithms) == 0 {
		p.algorithms = []string{oidc.RS256, oidc.ES256, oidc.EdDSA}
	}
	if slices.ContainsFunc(p.algorithms, func(a string) bool { return strings.HasPrefix(a, "HS") || strings.EqualFold(a, "none") }) {
		return nil, errors.New("of Algorithms only those with public keys")
	}
	client := cmp.Or(o.Client, &http.Client{Timeout: providerPatience})
	client = &http.Client{Timeout: cmp.Or(client.Timeout, providerPatience), CheckRedirect: client.CheckRedirect, Jar: client.Jar,
		Transport: &seldom{next: client.Transport, now: now, keys: o.JWKS}}
	ctx = oidc.ClientContext(ctx, client)
	config := &oidc.Config{ClientID: o.Audience, SupportedSigningAlgs: p.algorithms, Now: func() time.Time { return now().Add(-Leeway) }}
	if o.JWKS != "" {
		p.verifier = oidc.NewVerifier(o.Issuer, tellingKeys{oidc.NewRemoteKeySet(ctx, o.JWKS)}, config)
		return p, nil
	}
	found, err := oidc.NewProvider(ctx, o.Issuer)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrProvider, err)
	}
	var metadata struct {
		Keys string `json:"jwks_uri"`
	}
	if err := found.Claims(&metadata); err != nil || metadata.Keys == "" {
		return nil, fmt.Errorf("%w: its discovery document names no keys", ErrProvider)
	}
	p.verifier = oidc.NewVerifier(o.Issuer, tellingKeys{oidc.NewRemoteKeySet(ctx, metadata.Keys)}, config)
	client.Transport.(*seldom).keys = metadata.Keys
	return p, nil
}

func (p *provider) accepts(algorithm string) bool { return slices.Contains(p.algorithms, algorithm) }

// verify returns the claims of a token that the provider signed for us.
func (p *provider) verify(ctx context.Context, token string) (claims map[string]any, err error) {
	var unreachable error
	verified, err := p.verifier.Verify(context.WithValue(ctx, unreachableKey{}, &unreachable), token)
	if unreachable != nil {
		return nil, fmt.Errorf("%w: %w", ErrProvider, unreachable)
	}
	if err != nil {
		return nil, err
	}
	err = verified.Claims(&claims)
	return claims, err
}

// unreachableKey leads to where tellingKeys says that keys could not be had:
// the verifier makes every error one text.
type unreachableKey struct{}

// tellingKeys tells a token that is not verified from keys that are not there.
type tellingKeys struct{ oidc.KeySet }

// VerifySignature asks the keys.
func (k tellingKeys) VerifySignature(ctx context.Context, token string) ([]byte, error) {
	payload, err := k.KeySet.VerifySignature(ctx, token)
	if at, ok := ctx.Value(unreachableKey{}).(*error); ok && err != nil && strings.Contains(err.Error(), "fetching keys") && !strings.Contains(err.Error(), errSeldom.Error()) {
		*at = err
	}
	return payload, err
}

var errSeldom = errors.New("the keys were fetched a moment ago")

// seldom fetches keys not more often than it must.
type seldom struct {
	next http.RoundTripper
	now  func() time.Time
	keys string

	mu      sync.Mutex
	fetched time.Time
}

// RoundTrip refuses to fetch the keys again too soon after they were fetched
// with success.
func (s *seldom) RoundTrip(r *http.Request) (*http.Response, error) {
	next := s.next
	if next == nil {
		next = http.DefaultTransport
	}
	if s.keys == "" || r.URL.String() != s.keys {
		return next.RoundTrip(r)
	}
	s.mu.Lock()
	soon := s.now().Sub(s.fetched) < refetchAfter
	s.mu.Unlock()
	if soon {
		return nil, errSeldom
	}
	answer, err := next.RoundTrip(r)
	if err == nil && answer.StatusCode == http.StatusOK {
		s.mu.Lock()
		s.fetched = s.now()
		s.mu.Unlock()
	}
	return answer, err
}
