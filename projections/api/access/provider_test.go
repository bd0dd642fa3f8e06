package access_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"math/big"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/ttpstream/ttpstream/projections/api/access"
)

// idp is an OpenID provider on loopback: discovery and keys.
type idp struct {
	*httptest.Server
	rsa     *rsa.PrivateKey
	ecdsa   *ecdsa.PrivateKey
	ed      ed25519.PrivateKey
	fetched atomic.Int64
	away    atomic.Bool
}

func must[T any](tb testing.TB) func(T, error) T {
	return func(value T, err error) T {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
		return value
	}
}

func newIDP(tb testing.TB) *idp {
	tb.Helper()
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	p := &idp{
		rsa: must[*rsa.PrivateKey](tb)(rsa.GenerateKey(rand.Reader, 2048)), ed: ed,
		ecdsa: must[*ecdsa.PrivateKey](tb)(ecdsa.GenerateKey(elliptic.P256(), rand.Reader)),
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]any{
			"issuer": p.URL, "authorization_endpoint": p.URL + "/a", "token_endpoint": p.URL + "/t", "jwks_uri": p.URL + "/keys",
			"id_token_signing_alg_values_supported": []string{"RS256", "HS256", "none"},
		})
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		if p.away.Load() {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		p.fetched.Add(1)
		_ = json.NewEncoder(w).Encode(p.keys(tb))
	})
	p.Server = httptest.NewServer(mux)
	tb.Cleanup(p.Close)
	return p
}

// keys returns the public keys as a JWKS.
func (p *idp) keys(tb testing.TB) map[string]any {
	b64 := base64.RawURLEncoding.EncodeToString
	point := must[[]byte](tb)(p.ecdsa.PublicKey.Bytes()) // 4, x, y
	return map[string]any{"keys": []map[string]string{
		{"kty": "RSA", "kid": "r", "use": "sig", "n": b64(p.rsa.N.Bytes()), "e": b64(big.NewInt(int64(p.rsa.E)).Bytes())},
		{"kty": "EC", "kid": "e", "use": "sig", "crv": "P-256", "x": b64(point[1:33]), "y": b64(point[33:])},
		{"kty": "OKP", "kid": "d", "use": "sig", "crv": "Ed25519", "x": b64(p.ed.Public().(ed25519.PublicKey))},
	}}
}

func (p *idp) sign(tb testing.TB, method jwt.SigningMethod, kid string, key crypto.PrivateKey, changes jwt.MapClaims) string {
	tb.Helper()
	c := claims(jwt.MapClaims{"iss": p.URL, "aud": "client"})
	for name, value := range changes {
		c[name] = value
	}
	token := jwt.NewWithClaims(method, c)
	token.Header["kid"] = kid
	return must[string](tb)(token.SignedString(key))
}

func TestProvider(t *testing.T) {
	t.Parallel()
	p := newIDP(t)
	stranger := must[*rsa.PrivateKey](t)(rsa.GenerateKey(rand.Reader, 2048))
	public := must[[]byte](t)(x509.MarshalPKIXPublicKey(&p.rsa.PublicKey))
	confused := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public})
	for name, o := range map[string]access.OIDC{
		"discovered": {Issuer: p.URL, Audience: "client"}, "named": {Issuer: p.URL, Audience: "client", JWKS: p.URL + "/keys"},
	} {
		a := newAuthenticator(t, access.Options{OIDC: &o, Secrets: [][]byte{secret}})
		for token, want := range map[string]error{
			p.sign(t, jwt.SigningMethodRS256, "r", p.rsa, nil):                                                    nil,
			p.sign(t, jwt.SigningMethodES256, "e", p.ecdsa, nil):                                                  nil,
			p.sign(t, jwt.SigningMethodEdDSA, "d", p.ed, nil):                                                     nil,
			p.sign(t, jwt.SigningMethodRS256, "r", stranger, nil):                                                 access.ErrToken,
			p.sign(t, jwt.SigningMethodRS256, "unknown", stranger, nil):                                           access.ErrToken,
			p.sign(t, jwt.SigningMethodRS512, "r", p.rsa, nil):                                                    access.ErrToken,
			p.sign(t, jwt.SigningMethodPS256, "r", p.rsa, nil):                                                    access.ErrToken,
			p.sign(t, jwt.SigningMethodHS256, "r", confused, nil):                                                 access.ErrToken,
			p.sign(t, jwt.SigningMethodHS256, "r", public, nil):                                                   access.ErrToken,
			p.sign(t, jwt.SigningMethodHS256, "r", public, jwt.MapClaims{"iss": "ttpstream", "aud": "ttpstream"}): access.ErrToken,
			p.sign(t, jwt.SigningMethodNone, "r", jwt.UnsafeAllowNoneSignatureType, nil):                          access.ErrToken,
			p.sign(t, jwt.SigningMethodRS256, "r", p.rsa, jwt.MapClaims{"aud": "ttpstream"}):                      access.ErrToken,
			p.sign(t, jwt.SigningMethodRS256, "r", p.rsa, jwt.MapClaims{"iss": "https://other.example"}):          access.ErrToken,
			p.sign(t, jwt.SigningMethodRS256, "r", p.rsa, jwt.MapClaims{"exp": now.Add(-time.Minute).Unix()}):     access.ErrToken,
			sign(t, jwt.SigningMethodHS256, secret, claims(nil)):                                                  nil,
			sign(t, jwt.SigningMethodHS256, secret, claims(jwt.MapClaims{"iss": p.URL, "aud": "client"})):         access.ErrToken,
		} {
			caller, err := a.Authenticate(t.Context(), "Bearer "+token)
			if !errors.Is(err, want) || err == nil && (caller != access.Caller{Subject: "ada", Role: access.Viewer}) {
				t.Errorf("%s: %.60s: %+v, %v; want %v", name, token, caller, err, want)
			}
		}
	}
}

// Strangers cannot make us ask the provider again and again.
func TestProviderIsAskedSeldom(t *testing.T) {
	t.Parallel()
	p := newIDP(t)
	at := now
	a := newAuthenticator(t, access.Options{OIDC: &access.OIDC{Issuer: p.URL, Audience: "client"}, Now: func() time.Time { return at }})
	stranger := must[*rsa.PrivateKey](t)(rsa.GenerateKey(rand.Reader, 2048))
	for range 20 {
		if _, err := a.Authenticate(t.Context(), "Bearer "+p.sign(t, jwt.SigningMethodRS256, "unknown", stranger, nil)); !errors.Is(err, access.ErrToken) {
			t.Fatal(err)
		}
		if _, err := a.Authenticate(t.Context(), "Bearer "+p.sign(t, jwt.SigningMethodRS256, "r", p.rsa, nil)); err != nil {
			t.Fatal(err)
		}
	}
	if got := p.fetched.Load(); got != 1 {
		t.Errorf("keys were fetched %d times", got)
	}
	p.rsa = stranger // the provider changes its keys
	at = at.Add(time.Minute)
	if _, err := a.Authenticate(t.Context(), "Bearer "+p.sign(t, jwt.SigningMethodRS256, "r", p.rsa, nil)); err != nil {
		t.Errorf("after a change of keys: %v", err)
	}
}

// A provider that is away is no bad token.
func TestProviderIsAway(t *testing.T) {
	t.Parallel()
	p := newIDP(t)
	p.away.Store(true)
	a := newAuthenticator(t, access.Options{OIDC: &access.OIDC{Issuer: p.URL, Audience: "client", JWKS: p.URL + "/keys"}})
	token := "Bearer " + p.sign(t, jwt.SigningMethodRS256, "r", p.rsa, nil)
	if _, err := a.Authenticate(t.Context(), token); !errors.Is(err, access.ErrProvider) || errors.Is(err, access.ErrToken) {
		t.Errorf("away: %v", err)
	}
	p.away.Store(false)
	if _, err := a.Authenticate(t.Context(), token); err != nil {
		t.Errorf("back: %v", err)
	}
	p.Close()
	if _, err := access.New(t.Context(), access.Options{OIDC: &access.OIDC{Issuer: p.URL, Audience: "client"}}); !errors.Is(err, access.ErrProvider) {
		t.Errorf("discovery: %v", err)
	}
}
