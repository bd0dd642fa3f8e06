package access

import (
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const hs256 = "HS256"

// Bounds on the life of tokens that [Issue] makes.
const (
	DefaultLife = time.Hour
	MaxLife     = 366 * 24 * time.Hour
)

// verifySecret returns the claims of a token that one of the secrets signed.
func (a *Authenticator) verifySecret(token string) (claims map[string]any, err error) {
	parser := jwt.NewParser(jwt.WithValidMethods([]string{hs256}), jwt.WithIssuer(a.o.Issuer), jwt.WithAudience(a.o.Audience),
		jwt.WithExpirationRequired(), jwt.WithLeeway(Leeway), jwt.WithTimeFunc(a.o.Now), jwt.WithStrictDecoding())
	for _, secret := range a.o.Secrets {
		verified := jwt.MapClaims{}
		if _, err = parser.ParseWithClaims(token, verified, func(*jwt.Token) (any, error) { return secret, nil }); err == nil {
			return verified, nil // signatures are compared in constant time
		}
	}
	return nil, err
}

// NewSecret returns a secret of 32 random bytes.
func NewSecret() []byte {
	secret := make([]byte, MinSecret)
	_, _ = rand.Read(secret) // never fails
	return secret
}

// Grant is what a token says.
type Grant struct {
	// Subject is who it is for. Required.
	Subject string
	// Role is viewer or admin.
	Role Role
	// Life is how long it is good. Defaults to an hour, at most [MaxLife].
	Life time.Duration
}

// Issue returns an HS256 token that an [Authenticator] with this secret, and
// otherwise defaults, accepts. Errors name the field that is wrong.
func Issue(secret []byte, g Grant, now time.Time) (string, error) {
	if g.Life == 0 {
		g.Life = DefaultLife
	}
	switch {
	case len(secret) < MinSecret:
		return "", fmt.Errorf("the secret needs at least %d bytes", MinSecret)
	case g.Subject == "" || len(g.Subject) > maxSubject:
		return "", fmt.Errorf("the subject needs between 1 and %d bytes", maxSubject)
	case g.Role != Viewer && g.Role != Admin:
		return "", errors.New("the role is viewer or admin")
	case g.Life < 0 || g.Life > MaxLife:
		return "", fmt.Errorf("the life is up to %s", MaxLife)
	}
	return jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
		"iss": DefaultIssuer, "aud": DefaultAudience, "sub": g.Subject, DefaultRoleClaim: []string{g.Role.String()},
		"iat": now.Unix(), "exp": now.Add(g.Life).Unix(),
	}).SignedString(secret)
}
