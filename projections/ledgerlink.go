package projections

import (
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
)

// Link says to whom an attacker belongs.
//
// A ledger keeps the last link of each attacker and sums the rollups of
// identities and campaigns up over their attackers when one asks. So a link
// that comes late, merges two identities or splits one changes one row, and
// there is no sum that could miss a tag or count one twice.
type Link struct {
	Attacker uuid.UUID
	// Identity is the nil uuid for an attacker that is linked no more. Campaign
	// is it for none.
	Identity, Campaign uuid.UUID
}

// decodeLink reads a record of attacker.identity. A key that is not the
// attacker's would put a link beside those of another partition, and nobody
// could say which is the last.
func decodeLink(r topology.Record) (*Link, error) {
	attacker, err := uuid.Parse(r.Key)
	if err != nil || attacker == uuid.Nil || attacker.String() != r.Key {
		return nil, errors.New("key: not an attacker's uuid")
	}
	if r.Value == nil {
		return &Link{Attacker: attacker}, nil
	}
	link, err := schemas.Decode[schemas.IdentityLink](r.Value)
	switch {
	case err != nil:
		return nil, err
	case link.AttackerUUID != attacker:
		return nil, fmt.Errorf("key: %s, and the record is of %s", attacker, link.AttackerUUID)
	}
	return &Link{Attacker: attacker, Identity: link.IdentityUUID, Campaign: link.CampaignUUID}, nil
}
