package access_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/ttpstream/ttpstream/projections/api/access"
)

var (
	now    = time.Date(2026, 4, 14, 12, 0, 0, 0, time.UTC)
	secret = []byte(strings.Repeat("s", access.MinSecret))
)

func clock() time.Time { return now }

func newAuthenticator(tb testing.TB, o access.Options) *access.Authenticator {
	tb.Helper()
	if o.Now == nil {
		o.Now = clock
	}
	a, err := access.New(tb.Context(), o)
	if err != nil {
		tb.Fatal(err)
	}
	return a
}

// claims are good ones, with changes; nil takes a claim out.
func claims(changes jwt.MapClaims) jwt.MapClaims {
	c := jwt.MapClaims{"iss": "ttpstream", "aud": "ttpstream", "sub": "ada", "roles": []string{"viewer"}, "iat": now.Unix(), "exp": now.Add(time.Hour).Unix()}
	for name, value := range changes {
		if value == nil {
			delete(c, name)
		} else {
			c[name] = value
		}
	}
	return c
}

func sign(tb testing.TB, method jwt.SigningMethod, key any, c jwt.MapClaims) string {
	tb.Helper()
	token, err := jwt.NewWithClaims(method, c).SignedString(key)
	if err != nil {
		tb.Fatal(err)
	}
	return token
}

func TestSecrets(t *testing.T) {
	t.Parallel()
	old := []byte(strings.Repeat("o", access.MinSecret))
	a := newAuthenticator(t, access.Options{Secrets: [][]byte{secret, old}})
	good := sign(t, jwt.SigningMethodHS256, secret, claims(nil))
	parts := strings.Split(good, ".")
	for name, row := range map[string]struct {
		header string
		want   error
	}{
		"good":              {"Bearer " + good, nil},
		"lower case":        {"bearer " + good, nil},
		"older secret":      {"Bearer " + sign(t, jwt.SigningMethodHS256, old, claims(nil)), nil},
		"none":              {"", access.ErrNoToken},
		"basic":             {"Basic YTpi", access.ErrToken},
		"no scheme":         {good, access.ErrToken},
		"no token":          {"Bearer ", access.ErrToken},
		"nonsense":          {"Bearer a.b.c", access.ErrToken},
		"two parts":         {"Bearer " + parts[0] + "." + parts[1], access.ErrToken},
		"no signature":      {"Bearer " + parts[0] + "." + parts[1] + ".", access.ErrToken},
		"another signature": {"Bearer " + parts[0] + "." + parts[1] + "." + strings.Repeat("A", len(parts[2])), access.ErrToken},
		"other claims":      {"Bearer " + parts[0] + "." + strings.Split(sign(t, jwt.SigningMethodHS256, secret, claims(jwt.MapClaims{"roles": "admin"})), ".")[1] + "." + parts[2], access.ErrToken},
		"other secret":      {"Bearer " + sign(t, jwt.SigningMethodHS256, []byte(strings.Repeat("x", 32)), claims(nil)), access.ErrToken},
		"empty secret":      {"Bearer " + sign(t, jwt.SigningMethodHS256, []byte{}, claims(nil)), access.ErrToken},
		"HS512":             {"Bearer " + sign(t, jwt.SigningMethodHS512, secret, claims(nil)), access.ErrToken},
		"alg none":          {"Bearer " + sign(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, claims(nil)), access.ErrToken},
		"expired":           {"Bearer " + sign(t, jwt.SigningMethodHS256, secret, claims(jwt.MapClaims{"exp": now.Add(-time.Minute).Unix()})), access.ErrToken},
		"just expired":      {"Bearer " + sign(t, jwt.SigningMethodHS256, secret, claims(jwt.MapClaims{"exp": now.Add(-time.Second).Unix()})), nil},
		"never expires":     {"Bearer " + sign(t, jwt.SigningMethodHS256, secret, claims(jwt.MapClaims{"exp": nil})), access.ErrToken},
		"not yet":           {"Bearer " + sign(t, jwt.SigningMethodHS256, secret, claims(jwt.MapClaims{"nbf": now.Add(time.Minute).Unix()})), access.ErrToken},
		"wrong audience":    {"Bearer " + sign(t, jwt.SigningMethodHS256, secret, claims(jwt.MapClaims{"aud": "other"})), access.ErrToken},
		"no audience":       {"Bearer " + sign(t, jwt.SigningMethodHS256, secret, claims(jwt.MapClaims{"aud": nil})), access.ErrToken},
		"wrong issuer":      {"Bearer " + sign(t, jwt.SigningMethodHS256, secret, claims(jwt.MapClaims{"iss": "other"})), access.ErrToken},
		"too long":          {"Bearer " + sign(t, jwt.SigningMethodHS256, secret, claims(jwt.MapClaims{"x": strings.Repeat("x", 10_000)})), access.ErrToken},
	} {
		caller, err := a.Authenticate(t.Context(), row.header)
		if !errors.Is(err, row.want) || (err == nil) != (row.want == nil) {
			t.Errorf("%s: %v, want %v", name, err, row.want)
		}
		if err == nil && (caller != access.Caller{Subject: "ada", Role: access.Viewer}) || err != nil && caller != (access.Caller{}) {
			t.Errorf("%s: %+v", name, caller)
		}
	}
}

func TestRoles(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		claim  string
		roles  map[string]access.Role
		claims jwt.MapClaims
		want   access.Role
	}{
		"none":           {"", nil, jwt.MapClaims{"roles": nil}, access.None},
		"empty":          {"", nil, jwt.MapClaims{"roles": []string{}}, access.None},
		"unknown":        {"", nil, jwt.MapClaims{"roles": []string{"root", "Admin", "admin "}}, access.None},
		"viewer":         {"", nil, jwt.MapClaims{"roles": []string{"viewer"}}, access.Viewer},
		"highest":        {"", nil, jwt.MapClaims{"roles": []string{"viewer", "admin", "viewer"}}, access.Admin},
		"text":           {"", nil, jwt.MapClaims{"roles": "x viewer"}, access.Viewer},
		"odd":            {"", nil, jwt.MapClaims{"roles": map[string]any{"admin": true}}, access.None},
		"odd items":      {"", nil, jwt.MapClaims{"roles": []any{1, nil, []string{"admin"}, "viewer"}}, access.Viewer},
		"path":           {"realm_access.roles", nil, jwt.MapClaims{"realm_access": map[string]any{"roles": []string{"admin"}}}, access.Admin},
		"path to text":   {"roles.x", nil, jwt.MapClaims{"roles": "admin"}, access.None},
		"name with dots": {"https://ttp.example/roles", nil, jwt.MapClaims{"https://ttp.example/roles": "admin"}, access.Admin},
		"renamed":        {"groups", map[string]access.Role{"soc": access.Viewer, "": access.Admin}, jwt.MapClaims{"groups": []string{"soc", "admin"}}, access.Viewer},
	} {
		a := newAuthenticator(t, access.Options{Secrets: [][]byte{secret}, RoleClaim: row.claim, Roles: row.roles})
		caller, err := a.Authenticate(t.Context(), "Bearer "+sign(t, jwt.SigningMethodHS256, secret, claims(row.claims)))
		if err != nil || caller.Role != row.want {
			t.Errorf("%s: %s, %v; want %s", name, caller.Role, err, row.want)
		}
	}
}

func TestIssue(t *testing.T) {
	t.Parallel()
	mine := access.NewSecret()
	a := newAuthenticator(t, access.Options{Secrets: [][]byte{mine}})
	for _, role := range []access.Role{access.Viewer, access.Admin} {
		token, err := access.Issue(mine, access.Grant{Subject: "ada", Role: role}, now)
		if err != nil {
			t.Fatal(err)
		}
		if caller, err := a.Authenticate(t.Context(), "Bearer "+token); err != nil || caller.Role != role || caller.Subject != "ada" {
			t.Errorf("%+v, %v", caller, err)
		}
		later := newAuthenticator(t, access.Options{Secrets: [][]byte{mine}, Now: func() time.Time { return now.Add(access.DefaultLife + time.Minute) }})
		if _, err := later.Authenticate(t.Context(), "Bearer "+token); !errors.Is(err, access.ErrToken) {
			t.Errorf("an hour later: %v", err)
		}
		if parsed, ok := access.ParseRole(role.String()); !ok || parsed != role {
			t.Errorf("%s is read as %s", role, parsed)
		}
	}
	for name, g := range map[string]access.Grant{
		"subject": {Role: access.Admin}, "role": {Subject: "x"}, "life": {Subject: "x", Role: access.Viewer, Life: access.MaxLife + 1},
	} {
		if _, err := access.Issue(mine, g, now); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := access.Issue(mine[:31], access.Grant{Subject: "x", Role: access.Viewer}, now); err == nil {
		t.Error("a short secret signed")
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	for want, o := range map[string]access.Options{
		"required":   {},
		"Secrets":    {Secrets: [][]byte{secret, []byte("short")}},
		"Audience":   {OIDC: &access.OIDC{Issuer: "https://idp.example"}},
		"Algorithms": {OIDC: &access.OIDC{Issuer: "https://idp.example", Audience: "a", JWKS: "https://idp.example/k", Algorithms: []string{"RS256", "HS256"}}},
	} {
		if _, err := access.New(t.Context(), o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}

// No header makes it panic or lets anybody in.
func FuzzAuthenticate(f *testing.F) {
	good := sign(f, jwt.SigningMethodHS256, secret, claims(nil))
	a, err := access.New(context.Background(), access.Options{Secrets: [][]byte{[]byte(strings.Repeat("z", 32))}, Now: clock})
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{"Bearer " + good, "Bearer eyJhbGciOiJub25lIn0.e30.", "Bearer ..", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		if caller, err := a.Authenticate(t.Context(), header); err == nil || caller != (access.Caller{}) {
			t.Errorf("%q let %+v in", header, caller)
		}
	})
}
