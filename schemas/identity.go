package schemas

import (
	"time"

	"github.com/google/uuid"
)

// IdentityLink says which identity and campaign an attacker belongs to, on
// topic attacker.identity. Merges and splits are new values; null unlinks.
type IdentityLink struct {
	AttackerUUID uuid.UUID `json:"attacker_uuid"`
	IdentityUUID uuid.UUID `json:"identity_uuid"`
	CampaignUUID uuid.UUID `json:"campaign_uuid,omitzero"`
	// Confidence is how sure the linker is, in [0,1].
	Confidence float64   `json:"confidence"`
	Reason     string    `json:"reason,omitempty"`
	LinkedAt   time.Time `json:"linked_at"`
}

// Validate returns every problem of the record, joined, or nil.
func (r *IdentityLink) Validate() error {
	var c check
	if r.AttackerUUID == uuid.Nil {
		c.add("attacker_uuid: required")
	}
	if r.IdentityUUID == uuid.Nil {
		c.add("identity_uuid: required")
	}
	c.unit("confidence", r.Confidence)
	c.long("reason", r.Reason)
	c.time("linked_at", r.LinkedAt)
	return c.result()
}

// IdentitySummary is what rules about identities may know of one linked
// attacker, on topic attacker.summary, keyed by the identity. It is bounded:
// sets that outgrow their bound keep their smallest members and say so.
type IdentitySummary struct {
	IdentityUUID uuid.UUID `json:"identity_uuid"`
	AttackerUUID uuid.UUID `json:"attacker_uuid"`
	// LinkOffset is the offset on attacker.identity of the link that this
	// summary stands under; an older one never overwrites a newer.
	LinkOffset int64 `json:"link_offset"`
	// FirstSeen and LastSeen bound the attacker's events.
	FirstSeen time.Time `json:"first_seen"`
	LastSeen  time.Time `json:"last_seen"`
	// Network is the source's /24 or /48.
	Network string `json:"network,omitempty"`
	// Services and CredentialHashes are sets, sorted; credentials are keyed
	// hashes.
	Services         []string `json:"services,omitempty"`
	CredentialHashes []string `json:"credential_hashes,omitempty"`
	// Overflow says that a set was cut to its bound.
	Overflow bool `json:"overflow,omitempty"`
}

// Validate returns every problem of the record, joined, or nil.
func (r *IdentitySummary) Validate() error {
	var c check
	if r.AttackerUUID == uuid.Nil || r.IdentityUUID == uuid.Nil {
		c.add("attacker_uuid and identity_uuid: both required")
	}
	c.notNegative("link_offset", float64(r.LinkOffset))
	c.time("first_seen", r.FirstSeen)
	c.time("last_seen", r.LastSeen)
	c.short("network", r.Network)
	c.list("services", r.Services, MaxShortText)
	c.list("credential_hashes", r.CredentialHashes, MaxShortText)
	return c.result()
}
