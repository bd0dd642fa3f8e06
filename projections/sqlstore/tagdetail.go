package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/projections"
)

// Tag returns one tag with the text of its rule: see
// [projections.LedgerReader].
func (s *Store) Tag(ctx context.Context, id uuid.UUID) (*projections.TagDetail, error) {
	var detail *projections.TagDetail
	err := s.ask(ctx, "SELECT id, "+strings.Join(tagColumns, ", ")+" FROM ttp_tag WHERE uuid = ?", []any{s.d.id(id)}, func(r rowScanner) error {
		t, err := scanTag(r)
		detail = &projections.TagDetail{TagRow: *t}
		return err
	})
	switch {
	case err != nil:
		return nil, err
	case detail == nil:
		return nil, fmt.Errorf("tag %s: %w", id, projections.ErrNotFound)
	}
	// The hash is of the text, whatever the rule was called in which revision.
	errText := s.ask(ctx, "SELECT body FROM rule_text WHERE hash = ?", []any{detail.RuleHash}, func(r rowScanner) error {
		return r.Scan(&detail.RuleText)
	})
	errName := s.ask(ctx, "SELECT name FROM rule_version WHERE rule_id = ? AND hash = ? ORDER BY revision DESC LIMIT 1",
		[]any{detail.RuleID, detail.RuleHash}, func(r rowScanner) error { return r.Scan(&detail.RuleName) })
	var errLink error
	if detail.AttackerUUID != uuid.Nil {
		errLink = s.ask(ctx, linkSelect+" WHERE attacker_uuid = ?", []any{s.d.id(detail.AttackerUUID)}, func(r rowScanner) error {
			link, err := scanLink(r)
			detail.Link = &link
			return err
		})
	}
	return detail, errors.Join(errText, errName, errLink)
}

// EachTag calls f with every tag: see [projections.LedgerReader].
func (s *Store) EachTag(ctx context.Context, f func(*projections.TagRow) error) error {
	return s.ask(ctx, "SELECT id, "+strings.Join(tagColumns, ", ")+" FROM ttp_tag", nil, func(r rowScanner) error {
		t, err := scanTag(r)
		if err != nil {
			return err
		}
		return f(t)
	})
}
