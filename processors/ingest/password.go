package ingest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"

	"github.com/ttpstream/ttpstream/schemas"
)

// hashPassword puts the keyed hash of a tried password, HMAC-SHA256 in
// lower-case hex, in its place. Equal passwords stay equal under one key. No
// password stays none. A key of length 0 leaves the fact as it is.
func hashPassword(fact Fact, key []byte) {
	auth, ok := fact.(*schemas.AuthEvent)
	if !ok || len(key) == 0 || auth.Password == "" || auth.PasswordHashed {
		return
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(auth.Password))
	auth.Password = hex.EncodeToString(mac.Sum(nil))
	auth.PasswordHashed = true
}
