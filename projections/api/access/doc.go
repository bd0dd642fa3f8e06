// Package access says who asks and what they may.
//
// A caller shows a JSON Web Token. Two kinds are accepted, each only when it
// is configured, and a token can never choose how it is verified:
//
//   - HS256, with a secret that the program keeps: what `up` and `token issue`
//     hand out. Nothing else than HS256 is ever verified with a secret.
//   - RS256, ES256 or EdDSA, with the public keys of an OpenID provider. Only
//     keys from its JWKS verify them, so that a public key taken for an HMAC
//     secret, the oldest trick with these tokens, verifies nothing here.
//
// Any other algorithm, none included, is refused before a key is looked at.
// Issuer, audience and expiry are required of both.
//
// Roles come from a claim whose name is configured. There are two: a viewer
// reads, an admin also changes. A valid token without either may nothing, which
// is another answer than that of an invalid one.
package access
