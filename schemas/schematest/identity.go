package schematest

import (
	"time"

	"github.com/ttpstream/ttpstream/schemas"
)

// Identity is the identity that the default attacker is linked to.
var Identity = ID("identity")

// IdentityLink returns the link of the default attacker to [Identity].
func IdentityLink(changes ...func(*schemas.IdentityLink)) *schemas.IdentityLink {
	return changed(&schemas.IdentityLink{
		AttackerUUID: Attacker(SrcIP), IdentityUUID: Identity, Confidence: 0.9,
		Reason: "same key on two addresses", LinkedAt: Time,
	}, changes)
}

// IdentitySummary returns the summary of the default attacker under
// [Identity].
func IdentitySummary(changes ...func(*schemas.IdentitySummary)) *schemas.IdentitySummary {
	return changed(&schemas.IdentitySummary{
		IdentityUUID: Identity, AttackerUUID: Attacker(SrcIP), LinkOffset: 1,
		FirstSeen: Time.Add(-time.Hour), LastSeen: Time, Network: "198.51.100.0/24", Services: []string{"ssh"},
	}, changes)
}
