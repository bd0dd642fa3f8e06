package sqlstore

import (
	"context"
	"fmt"
	"slices"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/schemas"
)

const versionColumns = "rule_id, revision, unit_key, version, hash, name, in_force"

func scanVersion(r rowScanner) (v projections.RuleVersion, err error) {
	err = r.Scan(&v.RuleID, &v.Revision, &v.Key, &v.Version, &v.Hash, &v.Name, &v.InForce)
	return v, err
}

// Rules returns rules by id: see [projections.LedgerReader].
func (s *Store) Rules(ctx context.Context, q projections.PageQuery) (projections.Page[projections.RuleSummary], error) {
	none := projections.Page[projections.RuleSummary]{Items: []projections.RuleSummary{}}
	limit, at, _, err := readPage(q)
	if err != nil {
		return none, err
	}
	var found []projections.RuleSummary
	// Of a rule's publications the one in force counts, else the last.
	const query = `SELECT rule_id, COUNT(*), COALESCE(MAX(CASE WHEN in_force = 1 THEN revision END), MAX(revision))
		FROM rule_version WHERE rule_id > ? GROUP BY rule_id ORDER BY rule_id LIMIT ?`
	err = s.ask(ctx, query, []any{at.ID, limit + 1}, func(r rowScanner) error {
		var summary projections.RuleSummary
		err := r.Scan(&summary.RuleID, &summary.Versions, &summary.Revision)
		found = append(found, summary)
		return err
	})
	if err != nil {
		return none, err
	}
	page := cut(found, limit, func(r projections.RuleSummary) place { return place{ID: r.RuleID} })
	return page, s.fillRules(ctx, page.Items, q.Floor)
}

// fillRules adds versions, states and hits to summaries that have ids and
// revisions.
func (s *Store) fillRules(ctx context.Context, summaries []projections.RuleSummary, floor float64) error {
	at := make(map[string]*projections.RuleSummary, len(summaries))
	ids, revisions := make([]any, len(summaries)), make([]any, len(summaries))
	for i := range summaries {
		ids[i], revisions[i] = summaries[i].RuleID, summaries[i].Revision
		at[summaries[i].RuleID] = &summaries[i]
	}
	err := inLists(s.d, revisions, func(list string, args []any) error {
		return s.ask(ctx, "SELECT "+versionColumns+" FROM rule_version WHERE revision IN "+list, args, func(r rowScanner) error {
			v, err := scanVersion(r)
			if summary := at[v.RuleID]; summary != nil && summary.Revision == v.Revision {
				summary.RuleVersion = v
			}
			return err
		})
	})
	if err != nil {
		return err
	}
	return inLists(s.d, ids, func(list string, args []any) error {
		if err := s.ruleStates(ctx, list, args, at); err != nil {
			return err
		}
		return s.ruleHits(ctx, list, args, floor, at)
	})
}

func (s *Store) ruleStates(ctx context.Context, list string, args []any, at map[string]*projections.RuleSummary) error {
	return s.ask(ctx, "SELECT rule_id, inbox_offset, revision, record FROM rule_state WHERE rule_id IN "+list, args, func(r rowScanner) error {
		var id, record string
		state := new(projections.RuleStateRow)
		if err := r.Scan(&id, &state.InboxOffset, &state.Revision, &record); err != nil {
			return err
		}
		var err error
		if state.RuleState, err = schemas.Decode[schemas.RuleState]([]byte(record)); err != nil {
			return fmt.Errorf("%w: state of rule %s: %w", projections.ErrCorrupt, id, err)
		}
		at[id].State = state
		return nil
	})
}

func (s *Store) ruleHits(ctx context.Context, list string, args []any, floor float64, at map[string]*projections.RuleSummary) error {
	sums := make(map[string]*sum)
	query := "SELECT rule_id, confidence, tags, first_seen, last_seen FROM rollup_rule WHERE rule_id IN " + list + " AND confidence >= ?"
	err := s.ask(ctx, query, append(slices.Clone(args), projections.StepOf(floor)), func(r rowScanner) error {
		var id string
		var row stepRow
		err := r.Scan(&id, &row.step, &row.tags, &row.first, &row.last)
		if sums[id] == nil {
			sums[id] = newSum()
		}
		sums[id].add(row)
		return err
	})
	for id, sum := range sums {
		at[id].Hits = sum.rollup()
	}
	return err
}

// Rule returns one rule with its history: see [projections.LedgerReader].
func (s *Store) Rule(ctx context.Context, id string, floor float64) (*projections.RuleDetail, error) {
	if err := checkFloor(floor); err != nil {
		return nil, err
	}
	detail := &projections.RuleDetail{Texts: make(map[string]string)}
	var hashes []any
	err := s.ask(ctx, "SELECT "+versionColumns+" FROM rule_version WHERE rule_id = ? ORDER BY revision DESC LIMIT ?",
		[]any{id, projections.MaxPage}, func(r rowScanner) error {
			v, err := scanVersion(r)
			detail.History, hashes = append(detail.History, v), append(hashes, v.Hash)
			return err
		})
	switch {
	case err != nil:
		return nil, err
	case len(detail.History) == 0:
		return nil, fmt.Errorf("rule %s: %w", id, projections.ErrNotFound)
	}
	detail.RuleVersion, detail.Versions = detail.History[0], int64(len(detail.History))
	if i := slices.IndexFunc(detail.History, func(v projections.RuleVersion) bool { return v.InForce }); i > 0 {
		detail.RuleVersion = detail.History[i]
	}
	err = inLists(s.d, hashes, func(list string, args []any) error {
		return s.ask(ctx, "SELECT hash, body FROM rule_text WHERE hash IN "+list, args, func(r rowScanner) error {
			var hash, body string
			err := r.Scan(&hash, &body)
			detail.Texts[hash] = body
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	summaries := []projections.RuleSummary{detail.RuleSummary}
	err = s.fillRules(ctx, summaries, floor)
	detail.RuleSummary = summaries[0]
	return detail, err
}
