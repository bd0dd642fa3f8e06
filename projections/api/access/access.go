package access

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Defaults of [Options].
const (
	DefaultIssuer    = "ttpstream"
	DefaultAudience  = "ttpstream"
	DefaultRoleClaim = "roles"
	// Leeway is by how much clocks may differ.
	Leeway = 30 * time.Second
)

// MinSecret is the least length of a secret, in bytes: that of the hash.
const MinSecret = 32

// Options say which tokens are accepted. At least one of Secrets and OIDC is
// required.
type Options struct {
	// Secrets verify HS256 tokens; any of them may have signed. The first is
	// the newest. Each has at least [MinSecret] bytes.
	Secrets [][]byte
	// Issuer and Audience are those of HS256 tokens. Default to "ttpstream".
	Issuer, Audience string
	// OIDC accepts tokens of an OpenID provider. Nil: none.
	OIDC *OIDC
	// RoleClaim names the claim with the roles; dots lead into objects.
	// Defaults to "roles".
	RoleClaim string
	// Roles say what the claim's names mean. Defaults to viewer and admin as
	// they are.
	Roles map[string]Role
	// Now is the clock. Defaults to [time.Now].
	Now func() time.Time
}

// OIDC is an OpenID provider.
type OIDC struct {
	// Issuer is the provider's address, exactly as its tokens name it.
	Issuer string
	// Audience is the one that tokens must be for: our client id there.
	Audience string
	// JWKS is where the provider's keys are. Empty: found by discovery.
	JWKS string
	// Algorithms that are accepted. Defaults to RS256, ES256 and EdDSA. Never
	// an HMAC.
	Algorithms []string
	// Client reaches the provider. Defaults to one with a time-out of 10 s.
	Client *http.Client
}

var (
	// ErrNoToken says that there was no token at all.
	ErrNoToken = errors.New("no token")
	// ErrToken says that the token is not accepted. What is wrong with it is
	// for the log; whoever holds a bad token need not know.
	ErrToken = errors.New("the token is not accepted")
	// ErrProvider says that the provider's keys could not be had, so that it is
	// not known whether the token is good.
	ErrProvider = errors.New("the OpenID provider is not available")
)

// Authenticator verifies tokens. It is safe for concurrent use.
type Authenticator struct {
	o        Options
	provider *provider
}

// New makes an authenticator; with discovery it asks the provider. Errors name
// the option that is wrong, or are [ErrProvider].
func New(ctx context.Context, o Options) (*Authenticator, error) {
	o.Issuer, o.Audience = cmp.Or(o.Issuer, DefaultIssuer), cmp.Or(o.Audience, DefaultAudience)
	o.RoleClaim = cmp.Or(o.RoleClaim, DefaultRoleClaim)
	if o.Roles == nil {
		o.Roles = map[string]Role{Viewer.String(): Viewer, Admin.String(): Admin}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if len(o.Secrets) == 0 && o.OIDC == nil {
		return nil, errors.New("access: Secrets or OIDC is required")
	}
	if slices.ContainsFunc(o.Secrets, func(s []byte) bool { return len(s) < MinSecret }) {
		return nil, fmt.Errorf("access: Secrets: at least %d bytes each", MinSecret)
	}
	a := &Authenticator{o: o}
	if o.OIDC != nil {
		var err error
		if a.provider, err = newProvider(ctx, *o.OIDC, o.Now); err != nil {
			return nil, fmt.Errorf("access: OIDC: %w", err)
		}
	}
	return a, nil
}

// maxToken bounds a token, in bytes.
const maxToken = 8 << 10

// Authenticate reads the value of an Authorization header. Errors: [ErrNoToken],
// [ErrToken], [ErrProvider].
func (a *Authenticator) Authenticate(ctx context.Context, header string) (Caller, error) {
	if header == "" {
		return Caller{}, ErrNoToken
	}
	scheme, token, _ := strings.Cut(header, " ")
	token = strings.TrimSpace(token)
	if !strings.EqualFold(scheme, "Bearer") || token == "" || len(token) > maxToken {
		return Caller{}, fmt.Errorf("%w: no bearer token", ErrToken)
	}
	algorithm, err := algorithmOf(token)
	if err != nil {
		return Caller{}, fmt.Errorf("%w: %w", ErrToken, err)
	}
	var claims map[string]any
	switch {
	case algorithm == hs256 && len(a.o.Secrets) > 0:
		claims, err = a.verifySecret(token)
	case a.provider != nil && a.provider.accepts(algorithm):
		claims, err = a.provider.verify(ctx, token)
	default:
		err = fmt.Errorf("algorithm %.20q", algorithm)
	}
	if errors.Is(err, ErrProvider) {
		return Caller{}, err
	}
	if err != nil {
		return Caller{}, fmt.Errorf("%w: %w", ErrToken, err)
	}
	return callerOf(claims, &a.o), nil
}

// algorithmOf reads the algorithm that a token claims, which decides who
// verifies it; that it is that algorithm is then required.
func algorithmOf(token string) (string, error) {
	head, _, _ := strings.Cut(token, ".")
	raw, err := base64.RawURLEncoding.Strict().DecodeString(head)
	if err != nil {
		return "", err
	}
	var header struct {
		Algorithm string `json:"alg"`
	}
	err = json.Unmarshal(raw, &header)
	return header.Algorithm, err
}
