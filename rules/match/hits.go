package match

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Bounds on what is shown of a match.
const (
	// MaxHits is the most hits that one condition reports for an event.
	MaxHits = 32
	// MaxHitBytes is the longest Value and Pattern of a hit.
	MaxHitBytes = 256
)

// Hit says what made a condition hold.
type Hit struct {
	// Field is the field that was looked at.
	Field string `json:"field"`
	// Value is the part of the field's value that was matched: valid UTF-8,
	// at most MaxHitBytes, with every one of the event's secrets masked. Empty
	// where the field has no value.
	Value string `json:"value"`
	// Pattern is what the rule asks for, masked where it would give away a
	// secret, and as bounded as Value.
	Pattern string `json:"pattern"`
}

// Hits returns why condition i held in the last [Engine.Match]: the predicates
// that are true in the first scope where it holds, in the order of the rule,
// with the first value that passed. What is only true by absence (a negation)
// gives no hit. It is worked out anew, so ask only for what matched; nil if
// the condition did not hold. The event must be unchanged.
func (s *Scratch) Hits(i int) []Hit {
	if s.engine == nil || !s.isHeld(int32(i)) {
		return nil
	}
	var hits []Hit
	// A panic would have shown when the condition was judged.
	contained(func() bool {
		w := viewOf(s.event, s.heldBy[i])
		hits = w.collect(s.engine.conditions[i].Expr, s.event.Secrets, nil)
		return true
	})
	return hits
}

// Hits is [Scratch.Hits] for any event; it looks for the scope by itself.
func (e *Engine) Hits(i int, ev *Event) []Hit {
	var hits []Hit
	contained(func() bool {
		scope, ok := firstScope(e.conditions[i].Expr, ev)
		if ok {
			hits = viewOf(ev, scope).collect(e.conditions[i].Expr, ev.Secrets, nil)
		}
		return ok
	})
	return hits
}

// collect appends the hits of an expression that holds, or of a predicate if
// it does.
func (w *view) collect(e Expr, secrets []string, hits []Hit) []Hit {
	if len(hits) >= MaxHits {
		return hits
	}
	switch e := e.(type) {
	case And:
		for _, part := range e {
			hits = w.collect(part, secrets, hits)
		}
	case Or:
		for _, part := range e {
			if _, single := part.(*Predicate); single || w.holds(part) {
				hits = w.collect(part, secrets, hits)
			}
		}
	case *Predicate:
		if got, ok := w.passes(e); ok {
			if hit := newHit(e, got, secrets); !slices.Contains(hits, hit) {
				hits = append(hits, hit)
			}
		}
	}
	return hits
}

func newHit(p *Predicate, got passed, secrets []string) Hit {
	text := capped(got.value)
	from, to := p.find(text)
	value, secret := mask(text, from, to, secrets)
	pattern := p.source
	if secret {
		pattern = p.maskSource(secrets)
	}
	return Hit{Field: got.field, Value: clip(value), Pattern: clip(pattern)}
}

// find returns which part of a text that passed was matched. Tests of the
// whole value match all of it.
func (p *Predicate) find(text string) (from, to int) {
	switch p.op {
	case OpRegex:
		if at := p.re.FindStringIndex(text); at != nil {
			return at[0], at[1]
		}
	case OpContains, OpPrefix, OpSuffix:
		if p.text == "" {
			break
		}
		if p.cased || isASCII(text) {
			return p.place(p.view(text))
		}
		fold, offsets := foldMap(text)
		from, to = p.place(string(fold))
		return offsets[from], offsets[to]
	}
	return 0, len(text)
}

// place returns where the predicate's text is in a view of the value that it
// fits.
func (p *Predicate) place(text string) (from, to int) {
	switch p.op {
	case OpContains:
		from = max(0, strings.Index(text, p.text))
	case OpSuffix:
		from = max(0, len(text)-len(p.text))
	}
	return from, min(len(text), from+len(p.text))
}

// clip makes s valid UTF-8 of at most MaxHitBytes.
func clip(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if len(s) <= MaxHitBytes {
		return s
	}
	end := MaxHitBytes
	for !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end]
}
