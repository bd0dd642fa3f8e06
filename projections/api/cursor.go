package api

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strings"

	"github.com/ttpstream/ttpstream/projections"
)

// A cursor of the API is one of the ledger, bound to the question that it is a
// place in: the ledger's own says where, not in what. Taken to another question
// it would silently skip.

// As text it is c1, the hash of the question and the ledger's cursor, joined by
// dots. What is not even that is malformed; what is, but not of this question,
// is in conflict with it.

const (
	cursorHead = "c1."
	// cursorBound is how many bytes of the question's hash a cursor has.
	cursorBound = 8
	// maxCursor bounds the text of a cursor.
	maxCursor = 1024
)

var errCursor = problem(http.StatusConflict, "after: not a cursor of this question; take the address from the Link header of the page before")

// boundTo returns what binds a cursor to a question.
func boundTo(question string) string {
	sum := sha256.Sum256([]byte(question))
	return cursorHead + hex.EncodeToString(sum[:cursorBound]) + "."
}

// sealCursor makes the text of a cursor of a question.
func sealCursor(question string, at projections.Cursor) string {
	return boundTo(question) + base64.RawURLEncoding.EncodeToString([]byte(at))
}

// openCursor reads the text of a cursor of a question. Empty is the first
// page.
func openCursor(question, text string) (projections.Cursor, error) {
	if text == "" {
		return "", nil
	}
	inner, ok := strings.CutPrefix(text, boundTo(question))
	raw, err := base64.RawURLEncoding.Strict().DecodeString(inner)
	if !ok || err != nil || len(raw) == 0 || len(text) > maxCursor {
		return "", errCursor
	}
	return projections.Cursor(raw), nil
}
