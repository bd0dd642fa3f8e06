package projections

import (
	"bytes"
	"cmp"
	"strings"

	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/schemas"
)

// limits bounds what a Picture remembers.
type limits struct {
	tactics    int // tactics
	rows       int // tactics × techniques
	distinct   int // attackers and sessions told apart, per tactic and per technique
	sessions   int // sessions told apart in all
	attackers  int // attackers followed one by one
	techniques int // techniques told apart per attacker
	tokens     int // matched tokens per technique, at most 256 bytes each
	rules      int // rules per technique
}

// The bounds of a Picture. At worst it takes 30 MB and 1.5 MB more for each
// technique; for an ordinary log it is one or two in all.
var defaultLimits = limits{
	tactics: 64, rows: 4096, distinct: 4096, sessions: 1 << 16, attackers: 1 << 16, techniques: 1024, tokens: 2048, rules: 64,
}

// Picture is a fold of tags into what a report needs: counts per tactic and
// technique, the attackers, and the tokens that matched most. See the package
// documentation for what it promises. It is for one goroutine at a time; make
// one with [NewPicture].
type Picture struct {
	limits    limits
	total     numbers
	sessions  distinct
	noAnchor  int64 // tags without an attacker: of an identity only
	releases  firsts[string, int64]
	tactics   firsts[string, tally]
	rows      firsts[rowKey, row]
	attackers firsts[uuid.UUID, attacker]
}

// rowKey names a row of the matrix: a technique or sub-technique under a
// tactic.
type rowKey struct{ tactic, technique string }

func compareRows(a, b rowKey) int {
	return cmp.Or(strings.Compare(a.tactic, b.tactic), strings.Compare(a.technique, b.technique))
}

// row is what is known of one technique under one tactic.
type row struct {
	tally
	tokens firsts[string, int64]
	rules  firsts[string, int64]
}

// attacker is what is known of one attacker.
type attacker struct {
	numbers
	techniques distinct
}

// NewPicture returns an empty Picture.
func NewPicture() *Picture { return newPicture(defaultLimits) }

func newPicture(l limits) *Picture {
	return &Picture{
		limits:    l,
		releases:  newFirsts[string, int64](l.rules, strings.Compare),
		tactics:   newFirsts[string, tally](l.tactics, strings.Compare),
		rows:      newFirsts[rowKey, row](l.rows, compareRows),
		attackers: newFirsts[uuid.UUID, attacker](l.attackers, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }),
	}
}

// Add counts a tag, which must be a valid one. Adding a tag twice counts it
// twice. The tag is not kept.
func (p *Picture) Add(t *schemas.Tag) {
	p.total.add(t)
	addSession(&p.sessions, t, p.limits.sessions)
	count(&p.releases, t.AttackRelease)
	if c := atText(&p.tactics, t.Tactic); c != nil {
		c.add(t, p.limits.distinct)
	}
	p.addRow(t)
	if t.AttackerUUID == uuid.Nil {
		p.noAnchor++
		return
	}
	if a := p.attackers.at(t.AttackerUUID); a != nil {
		a.numbers.add(t)
		a.techniques.add(textKey(t.Technique()), p.limits.techniques)
	}
}

func (p *Picture) addRow(t *schemas.Tag) {
	key := rowKey{t.Tactic, t.Technique()}
	r := p.rows.get(key)
	if r == nil {
		key = rowKey{strings.Clone(key.tactic), strings.Clone(key.technique)}
		if r = p.rows.at(key); r == nil {
			return
		}
		p.prepare(r)
	}
	r.tally.add(t, p.limits.distinct)
	count(&r.rules, t.RuleID)
	for _, token := range tokensOf(t.Evidence) {
		count(&r.tokens, token)
	}
}

func (p *Picture) prepare(r *row) {
	if r.tokens.entries == nil {
		r.tokens = newFirsts[string, int64](p.limits.tokens, byHash)
		r.rules = newFirsts[string, int64](p.limits.rules, strings.Compare)
	}
}

// Merge adds what other has counted, as if its tags had been added here. Other
// is left as it is but for its spare room, and may be used again.
func (p *Picture) Merge(other *Picture) {
	p.total.merge(&other.total)
	p.sessions.merge(&other.sessions, p.limits.sessions)
	p.noAnchor += other.noAnchor
	p.releases.merge(&other.releases, addCounts)
	p.tactics.merge(&other.tactics, func(to, from *tally) { to.merge(from, p.limits.distinct) })
	p.rows.merge(&other.rows, func(to, from *row) {
		p.prepare(to)
		to.tally.merge(&from.tally, p.limits.distinct)
		to.tokens.merge(&from.tokens, addCounts)
		to.rules.merge(&from.rules, addCounts)
	})
	p.attackers.merge(&other.attackers, func(to, from *attacker) {
		to.numbers.merge(&from.numbers)
		to.techniques.merge(&from.techniques, p.limits.techniques)
	})
}

// count adds one to the number under a text.
func count(f *firsts[string, int64], text string) {
	if c := atText(f, text); c != nil {
		*c++
	}
}

// atText is at for a text that may be part of a larger buffer: it is copied
// when it is new.
func atText[V any](f *firsts[string, V], text string) *V {
	if value := f.get(text); value != nil {
		return value
	}
	return f.at(strings.Clone(text))
}

func addCounts(to, from *int64) { *to += *from }
