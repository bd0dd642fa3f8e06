package sqlstore

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"

	"github.com/ttpstream/ttpstream/projections"
)

// place is what a cursor holds: the sort key of the last item of a page.
type place struct {
	// Time in nanoseconds and Row, or Time and ID, or ID alone.
	Time int64  `json:"t,omitempty"`
	Row  int64  `json:"r,omitempty"`
	ID   string `json:"i,omitempty"`
}

func (p place) cursor() projections.Cursor {
	raw, _ := json.Marshal(p) // it has a spelling always
	return projections.Cursor(base64.RawURLEncoding.EncodeToString(raw))
}

// readPage checks what all questions for pages have in common. ok is false on
// the first page.
func readPage(q projections.PageQuery) (limit int, at place, ok bool, err error) {
	if err := checkFloor(q.Floor); err != nil {
		return 0, at, false, err
	}
	limit = cmp.Or(q.Limit, projections.DefaultPage)
	if limit < 1 || limit > projections.MaxPage {
		return 0, at, false, fmt.Errorf("%w: limit %d is not between 1 and %d", projections.ErrQuery, limit, projections.MaxPage)
	}
	if q.After == "" {
		return limit, at, false, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(string(q.After))
	if err == nil {
		err = json.Unmarshal(raw, &at)
	}
	if err != nil {
		return 0, at, false, fmt.Errorf("%w: the cursor is not one of ours", projections.ErrQuery)
	}
	return limit, at, true, nil
}

// cut makes a page of items, of which one more than limit was asked for.
func cut[T any](items []T, limit int, at func(T) place) projections.Page[T] {
	if items == nil {
		items = []T{}
	}
	page := projections.Page[T]{Items: items}
	if len(items) > limit {
		page.Items = items[:limit]
		page.Next = at(items[limit-1]).cursor()
	}
	return page
}

// compare orders places by time, then by row.
func compare(a, b place) int { return cmp.Or(cmp.Compare(a.Time, b.Time), cmp.Compare(a.Row, b.Row)) }
