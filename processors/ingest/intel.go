package ingest

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/ttpstream/ttpstream/schemas"
)

// What providers say of addresses. Their answers wrap one or many entries;
// each entry is a record (split), so that one that is about no address is
// refused by name and the others are not. A provider's score is mapped to
// [0,1] here, once; a value that nobody mapped gives no score.

// asked are the members in which a collector may say when it asked, for answers
// that name no time themselves.
const askedAt = "asked_at"

// indicator takes the attacker from an address, or from address and port.
func (e *sensorEvent) indicator(text string) {
	if e.refusal != nil {
		return
	}
	if _, err := netip.ParseAddr(text); err != nil {
		host := text
		if at := strings.LastIndexByte(text, ':'); at > 0 && parseWhole(text[at+1:]) >= 0 {
			host = strings.Trim(text[:at], "[]")
		}
		if _, err := netip.ParseAddr(host); err != nil {
			e.refuse(ReasonNoAddress, "the indicator is no IP address")
			return
		}
		text = host
	}
	e.fromText(text, "indicator")
}

// verdict adds a provider's answer, score in [0,1] where there is one.
func (e *sensorEvent) verdict(provider, verdict string, score *float64) *schemas.IntelEvent {
	fact := &schemas.IntelEvent{
		Envelope: e.as(schemas.KindIntelVerdict, 0), SrcIP: e.srcIP, Provider: provider, Verdict: clip(verdict, schemas.MaxShortText), Score: score,
	}
	e.add(fact)
	return fact
}

// share returns a score of 0 to 100 as one in [0,1], or nil where it is none.
func share(percent float64, ok bool) *float64 {
	if !ok || !(percent >= 0 && percent <= 100) {
		return nil
	}
	percent /= 100
	return &percent
}

// sortedSet sorts texts and leaves out what comes twice.
func sortedSet(texts []string) []string {
	slices.Sort(texts)
	texts = slices.Compact(texts)
	return texts[:min(len(texts), schemas.MaxListLength)]
}

// dataOf returns the entries in a member that wraps them: a list's, or the one
// object.
func dataOf(o *object, name string) [][]byte {
	m := o.get(name)
	switch {
	case m == nil:
	case m.kind == kindArray:
		return nonNil(elements(m.text))
	case m.kind == kindObject:
		return [][]byte{m.text}
	}
	return nil
}

func nonNil(entries [][]byte) [][]byte {
	if entries == nil {
		return [][]byte{}
	}
	return entries
}
