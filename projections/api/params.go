package api

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/projections"
)

// Parts of questions. huma reads them from the request, by their tags, and the
// contract is made from the same tags.

// Floored is the parameter of everything that is counted.
type Floored struct {
	MinConfidence float64 `query:"min_confidence" default:"0.6" minimum:"0" maximum:"1" doc:"The least confidence that counts. 0.3 is all there is."`
}

// Conditional is what a client says that has asked before.
type Conditional struct {
	IfNoneMatch string `header:"If-None-Match" maxLength:"4096" doc:"ETags that the client has; 304 when one of them is still right."`
}

func (c *Conditional) ifNoneMatch() string { return c.IfNoneMatch }

// Paged is a question for a page.
type Paged struct {
	Limit int    `query:"limit" default:"100" minimum:"1" maximum:"1000" doc:"How many at most."`
	After string `query:"after" maxLength:"1024" pattern:"^c1[.][0-9a-f]{16}[.][A-Za-z0-9_-]+$" doc:"A cursor. Take it, with the whole address, from the Link header of the page before."`
}

// page makes the ledger's question for a page out of what was asked. question
// names everything else that was asked.
func (p *Paged) page(f *Floored, question string) (projections.PageQuery, error) {
	after, err := openCursor(question, p.After)
	if err != nil {
		return projections.PageQuery{}, err
	}
	return projections.PageQuery{Floor: f.MinConfidence, After: after, Limit: p.Limit}, nil
}

// next returns the Link header that leads to the page behind: path with the
// parameters of the question, but for the cursor. Empty on the last page.
func (p *Paged) next(path string, query url.Values, question string, at projections.Cursor) string {
	if at == "" {
		return ""
	}
	query.Set("limit", fmt.Sprint(p.Limit))
	query.Set("after", sealCursor(question, at))
	return "<" + path + "?" + query.Encode() + `>; rel="next"`
}

// OfAttacker names an attacker in the path.
type OfAttacker struct {
	Attacker string `path:"attacker" format:"uuid" pattern:"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$" doc:"The attacker's uuid: UUIDv5 of the source address."`
}

// OfSession names a session in the path.
type OfSession struct {
	Session string `path:"session" minLength:"1" maxLength:"1024" pattern:"^[^\\x00]+$" doc:"The session's id, as the sensor wrote it."`
}

// OfRule names a rule in the path.
type OfRule struct {
	Rule string `path:"rule" maxLength:"128" pattern:"^[A-Za-z0-9][A-Za-z0-9._-]*$" doc:"The rule's id."`
}

// OfTechnique names a technique in the path.
type OfTechnique struct {
	Technique string `path:"technique" pattern:"^T[0-9]{4}([.][0-9]{3})?$" doc:"A technique or a sub-technique, such as T1059 or T1059.004."`
}

// parseID parses a uuid in its one usual form; uuid.Parse knows others.
func parseID(location, text string) (uuid.UUID, error) {
	id, err := uuid.Parse(text)
	if err != nil || len(text) != 36 {
		return uuid.Nil, invalid(location, "not a uuid")
	}
	return id, nil
}

// questionOf names a question, so that a cursor of another is told apart.
func questionOf(path string, query url.Values) string {
	return strings.Join([]string{path, query.Encode()}, "?")
}
