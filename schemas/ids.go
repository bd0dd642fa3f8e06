package schemas

import (
	"crypto/sha1"
	"encoding/binary"
	"net/netip"
	"strconv"
	"strings"

	"github.com/google/uuid"
)

// The namespaces of our UUIDv5 ids. They are frozen: changing one changes
// every id of its kind. Each is the UUIDv5 of its word ("tag", "event",
// "attacker") under UUIDv5(URL namespace, "urn:ttpstream").
var (
	TagNamespace      = uuid.MustParse("0b2bdaa9-f1f5-5bb5-8470-93ee4525dd38")
	EventNamespace    = uuid.MustParse("f41a068c-bec1-5cb2-9da4-395ad2faaefd")
	AttackerNamespace = uuid.MustParse("6a3f69ad-be7f-54b9-9459-2d5019d2970f")
)

// TagIdentity is everything that a tag's id is made of, and nothing else may
// ever be added: two runs that agree on these six agree on the id.
type TagIdentity struct {
	SourceKind     SourceKind
	SourceID       string
	RuleID         string
	RuleVersion    int64
	TechniqueID    string
	SubTechniqueID string
}

// TagID returns the UUIDv5 of the six fields, each preceded by its length, so
// that no field can imitate a separator.
func TagID(id TagIdentity) uuid.UUID {
	return hashFields(TagNamespace, string(id.SourceKind), id.SourceID, id.RuleID,
		strconv.FormatInt(id.RuleVersion, 10), id.TechniqueID, id.SubTechniqueID)
}

// EventPart tells apart several events that one canonical line stands for.
// The zero value is the line itself.
type EventPart struct {
	// Index is the 1-based place in the line's list of facts (a line with
	// five login attempts has five). 0: the line is one fact.
	Index int
	// Ordinal is the 1-based place among identical lines of one second, for
	// sources whose clock is coarser than a millisecond. 0 or 1: the first.
	Ordinal int
}

// EventID returns the id of an event: the UUIDv5 of what the sensor wrote, as
// [CanonicalJSON] (or the bytes themselves where the source writes no JSON).
func EventID(canonical []byte, part EventPart) uuid.UUID {
	fields := []string{string(canonical)}
	if part.Index > 0 {
		fields = append(fields, "index", strconv.Itoa(part.Index))
	}
	if part.Ordinal > 1 {
		fields = append(fields, "ordinal", strconv.Itoa(part.Ordinal))
	}
	return hashFields(EventNamespace, fields...)
}

// AttackerID returns the anchor of a source address: of the address itself
// for IPv4 (an IPv4 address written as IPv6 is the same attacker), of its /64
// for IPv6, where one customer owns 2^64 addresses.
func AttackerID(addr netip.Addr) uuid.UUID {
	addr = addr.Unmap().WithZone("")
	if addr.Is6() {
		prefix, _ := addr.Prefix(64) // cannot fail: 64 <= 128
		return hashFields(AttackerNamespace, "ip", prefix.String())
	}
	return hashFields(AttackerNamespace, "ip", addr.String())
}

// AttackerDomainID returns the anchor of a mail whose last hop is unknown:
// its return-path's domain, case folded, without a final dot.
func AttackerDomainID(domain string) uuid.UUID {
	return hashFields(AttackerNamespace, "domain", strings.ToLower(strings.TrimSuffix(domain, ".")))
}

// hashFields is uuid.NewSHA1 over the fields, each preceded by its length as
// four bytes, most significant first. It does not allocate for short fields.
func hashFields(namespace uuid.UUID, fields ...string) uuid.UUID {
	buffer := append(make([]byte, 0, 512), namespace[:]...)
	for _, field := range fields {
		buffer = binary.BigEndian.AppendUint32(buffer, uint32(len(field)))
		buffer = append(buffer, field...)
	}
	sum := sha1.Sum(buffer)
	id := uuid.UUID(sum[:16])
	id[6] = id[6]&0x0f | 0x50 // version 5
	id[8] = id[8]&0x3f | 0x80 // RFC 4122 variant
	return id
}

// SourceID returns what a tag's id says of its event: the event id, but for
// intel, where it is made of attacker, provider and verdict, so that asking
// a provider again adds no tag.
func SourceID(fact Eventer) string {
	envelope := fact.Event()
	if intel, ok := fact.(*IntelEvent); ok {
		return hashFields(envelope.AttackerUUID, intel.Provider, intel.Verdict).String()
	}
	return envelope.EventID.String()
}
