package projections

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
)

var (
	// ErrQuery says that a question makes no sense: which field, and why.
	ErrQuery = errors.New("the query makes no sense")
	// ErrNotFound says that there is no tag or rule of that id. Rollups of what
	// does not exist are empty and no error.
	ErrNotFound = errors.New("not found")
)

// Bounds of pages.
const (
	DefaultPage = 100
	MaxPage     = 1000
)

// LedgerReader answers questions. Empty answers are empty slices, never nil.
// floor is the least confidence in [0,1] that counts: [LikelyFloor] is what
// people are shown, [Floor] all there is. Everything is bounded: pages by their
// limit, the others by what ATT&CK holds. Answers are what is committed when a
// question is asked; two questions may see two states.
type LedgerReader interface {
	// Techniques returns all techniques with current tags, most tags first.
	Techniques(ctx context.Context, floor float64) ([]TechniqueRollup, error)
	// AttackerTechniques returns those of one attacker.
	AttackerTechniques(ctx context.Context, attacker uuid.UUID, floor float64) ([]TechniqueRollup, error)
	// SessionTechniques returns those of one session.
	SessionTechniques(ctx context.Context, session string, floor float64) ([]TechniqueRollup, error)
	// IdentityTechniques returns those of one identity: of the attackers linked
	// to it, and of tags that have the identity alone.
	IdentityTechniques(ctx context.Context, identity uuid.UUID, floor float64) ([]TechniqueRollup, error)
	// CampaignTechniques returns those of one campaign: of the attackers linked
	// to it, and of tags that have an identity linked to it alone.
	CampaignTechniques(ctx context.Context, campaign uuid.UUID, floor float64) ([]TechniqueRollup, error)
	// SensorTechniques returns what one sensor saw; the empty one is all that
	// have no name.
	SensorTechniques(ctx context.Context, sensor string, floor float64) ([]TechniqueRollup, error)
	// Tactics returns all tactics with current tags, most tags first.
	Tactics(ctx context.Context, floor float64) ([]TacticRollup, error)
	// Links returns links of attackers, by attacker.
	Links(ctx context.Context, q LinkQuery) (Page[Link], error)
	// Attackers returns attackers with current tags, the last active first.
	Attackers(ctx context.Context, q PageQuery) (Page[AttackerRollup], error)
	// Days returns the days from one to another, both included, as 2026-11-24,
	// with one row per day and tactic, in order. At most 400 days.
	Days(ctx context.Context, from, to string, floor float64) ([]DayRollup, error)
	// Tags returns current tags of an attacker, session, technique or rule.
	Tags(ctx context.Context, q TagQuery) (Page[*TagRow], error)
	// Tag returns one tag, whatever its state, or [ErrNotFound].
	Tag(ctx context.Context, id uuid.UUID) (*TagDetail, error)
	// Rules returns rules that are or were published, by id.
	Rules(ctx context.Context, q PageQuery) (Page[RuleSummary], error)
	// Rule returns one rule with all its versions, or [ErrNotFound].
	Rule(ctx context.Context, id string, floor float64) (*RuleDetail, error)
	// EachTag calls f with every tag of every state, in no order that means
	// anything, until it returns an error.
	EachTag(ctx context.Context, f func(*TagRow) error) error
	// Audit recounts the ledger.
	Audit(ctx context.Context) (*Audit, error)
}

// Rollup is what is summed up over current tags.
type Rollup struct {
	Tags int64
	// MaxConfidence is the highest confidence of a tag.
	MaxConfidence float64
	// CombinedConfidence is how sure all tags together make: see [Combined].
	CombinedConfidence float64
	// FirstSeen and LastSeen are times of events, UTC.
	FirstSeen, LastSeen time.Time
	// Sensors is how many sensors saw it; those without a name count as one.
	// 0 where it is not kept: by session and by rule. 1 by sensor.
	Sensors int64
}

// TechniqueRollup is a technique or sub-technique under one tactic. A
// sub-technique's tags are not counted under its parent.
type TechniqueRollup struct {
	Tactic, TechniqueID, SubTechniqueID string
	Rollup
}

// TacticRollup is one tactic, over all its techniques.
type TacticRollup struct {
	Tactic string
	Rollup
}

// AttackerRollup is one attacker.
type AttackerRollup struct {
	AttackerUUID uuid.UUID
	Rollup
	// Techniques counts techniques and sub-techniques, each once.
	Techniques int64
}

// DayRollup is one tactic on one day.
type DayRollup struct {
	Day, Tactic string
	Rollup
}

// Page is a part of an answer.
type Page[T any] struct {
	Items []T
	// Next asks for the page behind this one. Empty: this is the last.
	Next Cursor
}

// Cursor is a place in an answer. It is opaque, is valid for the same question
// to the same ledger, and stays valid while tags come and go.
type Cursor string

// PageQuery asks for a page of what there is.
type PageQuery struct {
	// Floor is the least confidence that counts, in [0,1].
	Floor float64
	// After is the Next of the page before. Empty: the first page.
	After Cursor
	// Limit is how many at most, up to [MaxPage]. Defaults to [DefaultPage].
	Limit int
}

// TagQuery asks for tags. One of Attacker, Session, Technique and Rule is
// required; Technique may go with Attacker.
type TagQuery struct {
	PageQuery
	Attacker uuid.UUID
	Session  string
	// Technique is a technique's id, which means its sub-techniques too, or a
	// sub-technique's.
	Technique string
	Rule      string
	// OldestFirst turns the order, which is otherwise by time, newest first.
	OldestFirst bool
}

// LinkQuery asks for links: of one identity, of one campaign, or all.
type LinkQuery struct {
	// PageQuery's Floor does not matter.
	PageQuery
	Identity, Campaign uuid.UUID
}

// TagDetail is a tag and what it stands on.
type TagDetail struct {
	TagRow
	// RuleText is the text that made it, byte for byte. Empty when the rules
	// have not been projected that far.
	RuleText string
	// RuleName is empty when there is no text.
	RuleName string
	// Link is to whom the attacker belongs by now; nil for nobody.
	Link *Link
}

// RuleSummary is a rule: what is published, in which state, with what success.
type RuleSummary struct {
	RuleVersion
	// Versions is how many publications hold the rule.
	Versions int64
	// State is nil for a rule that is simply enabled.
	State *RuleStateRow
	// Hits are its current tags.
	Hits Rollup
}

// RuleDetail is a rule with its history.
type RuleDetail struct {
	RuleSummary
	// History has the versions, latest first, at most [MaxPage] of them; Texts
	// are their texts by hash.
	History []RuleVersion
	Texts   map[string]string
}

// Audit is what a recount found.
type Audit struct {
	// Tags counts the tags by state.
	Tags map[State]int64
	// Differences are the rows of rollups that a recount does not confirm, as
	// sentences, at most 100. None is how it should be.
	Differences []string
	// Checksums are of the content of each table, by its name. Ledgers of the
	// same records have the same, in whatever order and batches they came.
	Checksums map[string]string
}
