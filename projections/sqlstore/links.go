package sqlstore

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/projections"
)

// links writes the last link of each attacker.
func (w *work) links(entries []projections.Entry) error {
	put := insert("attacker_link", "attacker_uuid", "identity_uuid", "campaign_uuid") + tuple(3) + w.s.d.upsert(upsert{
		table: "attacker_link", keys: []string{"attacker_uuid"}, replace: []string{"identity_uuid", "campaign_uuid"},
	})
	for _, e := range entries {
		if e.Link == nil {
			continue
		}
		attacker := w.s.d.id(e.Link.Attacker)
		var err error
		if e.Link.Identity == uuid.Nil {
			err = w.exec("DELETE FROM attacker_link WHERE attacker_uuid = ?", attacker)
		} else {
			err = w.exec(put, attacker, w.s.d.id(e.Link.Identity), w.s.d.id(e.Link.Campaign))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

const linkSelect = "SELECT attacker_uuid, identity_uuid, campaign_uuid FROM attacker_link"

func scanLink(r rowScanner) (link projections.Link, err error) {
	err = r.Scan(&link.Attacker, &link.Identity, &link.Campaign)
	return link, err
}

// Links returns links by attacker: see [projections.LedgerReader].
func (s *Store) Links(ctx context.Context, q projections.LinkQuery) (projections.Page[projections.Link], error) {
	none := projections.Page[projections.Link]{Items: []projections.Link{}}
	limit, at, more, err := readPage(q.PageQuery)
	if err != nil {
		return none, err
	}
	after := uuid.Nil // no attacker's
	if more {
		if after, err = uuid.Parse(at.ID); err != nil {
			return none, fmt.Errorf("%w: the cursor is of another question", projections.ErrQuery)
		}
	}
	where, args := " WHERE attacker_uuid > ?", []any{s.d.id(after)}
	for column, id := range map[string]uuid.UUID{"identity_uuid": q.Identity, "campaign_uuid": q.Campaign} {
		if id != uuid.Nil {
			where, args = where+" AND "+column+" = ?", append(args, s.d.id(id))
		}
	}
	var found []projections.Link
	err = s.ask(ctx, linkSelect+where+" ORDER BY attacker_uuid LIMIT ?", append(args, limit+1), func(r rowScanner) error {
		link, err := scanLink(r)
		found = append(found, link)
		return err
	})
	if err != nil {
		return none, err
	}
	return cut(found, limit, func(l projections.Link) place { return place{ID: l.Attacker.String()} }), nil
}

// IdentityTechniques sums up over the attackers of an identity: see
// [projections.LedgerReader].
func (s *Store) IdentityTechniques(ctx context.Context, identity uuid.UUID, floor float64) ([]projections.TechniqueRollup, error) {
	return s.linkedTechniques(ctx, "identity_uuid = ?", "identity_uuid = ?", identity, floor)
}

// CampaignTechniques sums up over those of a campaign.
func (s *Store) CampaignTechniques(ctx context.Context, campaign uuid.UUID, floor float64) ([]projections.TechniqueRollup, error) {
	return s.linkedTechniques(ctx, "campaign_uuid = ?",
		"identity_uuid IN (SELECT identity_uuid FROM attacker_link WHERE campaign_uuid = ?)", campaign, floor)
}

// linkedTechniques sums up what attackers did whose links meet a condition, and
// tags that have an identity alone which meets another.
func (s *Store) linkedTechniques(ctx context.Context, linked, alone string, id uuid.UUID, floor float64) ([]projections.TechniqueRollup, error) {
	if err := checkFloor(floor); err != nil {
		return nil, err
	}
	if id == uuid.Nil { // which stands for no campaign
		return []projections.TechniqueRollup{}, nil
	}
	attackers := "attacker_uuid IN (SELECT attacker_uuid FROM attacker_link WHERE " + linked + ") AND confidence >= ?"
	alone += " AND confidence >= ?"
	args := []any{s.d.id(id), projections.StepOf(floor)}
	sums := make(map[techniqueID]*sum)
	for table, where := range map[string]string{"rollup_attacker": attackers, "rollup_identity": alone} {
		query := `SELECT tactic, technique_id, sub_technique_id, confidence, SUM(tags), MIN(first_seen), MAX(last_seen) FROM ` + table +
			" WHERE " + where + " GROUP BY tactic, technique_id, sub_technique_id, confidence LIMIT ?"
		if err := s.sumUp(ctx, sums, query, append(args[:2:2], maxAnswer)); err != nil {
			return nil, err
		}
	}
	const names = "SELECT tactic, technique_id, sub_technique_id, sensor FROM "
	query := "SELECT tactic, technique_id, sub_technique_id, COUNT(*) FROM (" +
		names + "rollup_attacker_sensor WHERE " + attackers + " UNION " + names + "rollup_identity_sensor WHERE " + alone +
		") seen GROUP BY tactic, technique_id, sub_technique_id LIMIT ?"
	err := s.countSensors(ctx, sums, query, append(append(args[:2:2], args...), maxAnswer))
	return techniqueAnswer(sums), err
}
