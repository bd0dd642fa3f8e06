package eval

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/rules/window"
)

// maxCounted bounds how many matches are kept for correlations. An input has an
// end, so correlations of every type can be decided over all of it, but only
// when it is there.
const maxCounted = 4 << 20

// errCounted ends an input that has more.
var errCounted = errors.New("too many matches for correlations: more than 4 million")

// TimeFields are where the time of an event is looked for, in this order.
var TimeFields = []string{"event_time", "@timestamp", "timestamp", "UtcTime", "EventTime", "TimeCreated", "SystemTime", "eventTime", "time", "_time", "ts"}

// counted is a match on its way to a correlation.
type counted struct {
	rules.Match
	at int64
}

// correlations collects what all inputs mean for the correlations of a set.
type correlations struct {
	set *rules.Set
	mu  sync.Mutex
	all []counted
	// ids numbers matches, timeless counts those of events without a time.
	ids      uint64
	timeless int64
	byWindow []window.Match
}

// add takes the matches of one event.
func (c *correlations) add(matches []counted) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ids++
	for _, m := range matches {
		if m.at < 0 {
			c.timeless++
			continue
		}
		if len(c.all) == maxCounted {
			return errCounted
		}
		c.all = append(c.all, m)
		c.byWindow = append(c.byWindow, window.Match{Time: m.at, ID: numberID(c.ids), Place: m.Place, Value: joined(m.Values)})
	}
	return nil
}

func numberID(n uint64) (id [16]byte) {
	binary.BigEndian.PutUint64(id[8:], n)
	return id
}

// joined spells values so that no others look the same.
func joined(values []string) string {
	if len(values) == 1 {
		return values[0]
	}
	var out strings.Builder
	for _, v := range values {
		out.Write(binary.AppendUvarint(nil, uint64(len(v))))
		out.WriteString(v)
	}
	return out.String()
}

// group is the matches of one correlation with the same values.
type group struct {
	correlation *rules.Correlation
	values      []string
	matches     []window.Match
	hits        []window.Hit
}

// Window is a window of a correlation in which its condition was met.
type Window struct {
	Correlation *rules.Correlation
	// Group are the values of group-by, in its order.
	Group      []string
	Start, End time.Time
}

// decide works out the windows, by correlation, group and time. A correlation
// may count the windows of others, never in a circle: as many rounds as there
// are correlations are enough.
func (c *correlations) decide() ([]Window, error) {
	all := c.set.Correlations()
	var groups []*group
	var chained []counted
	for range len(all) {
		groups = c.gather(chained)
		var next []counted
		for _, g := range groups {
			// Over input that is all there is nobody to report apart.
			spec := g.correlation.Sigma.Window
			hits, err := window.Evaluate(&spec, g.matches)
			if err != nil {
				return nil, err
			}
			g.hits = hits
			for _, hit := range hits {
				for _, m := range c.set.Chain(g.correlation, g.values) {
					next = append(next, counted{m, hit.Bucket})
				}
			}
		}
		if slices.EqualFunc(next, chained, same) {
			break
		}
		chained = next
	}
	return windowsOf(groups), nil
}

func same(a, b counted) bool {
	return a.at == b.at && a.Correlation == b.Correlation && a.Place == b.Place && a.Rule == b.Rule &&
		slices.Equal(a.Group, b.Group) && slices.Equal(a.Values, b.Values)
}

func windowsOf(groups []*group) []Window {
	var out []Window
	for _, g := range groups {
		if g.correlation.Silent {
			continue
		}
		for _, hit := range g.hits {
			start := time.UnixMilli(hit.Bucket).UTC()
			out = append(out, Window{g.correlation, g.values, start, start.Add(g.correlation.Sigma.Window.Timespan)})
		}
	}
	return out
}

// gather sorts the matches of rules, and those of windows, into groups.
func (c *correlations) gather(chained []counted) []*group {
	groups := map[string]*group{}
	put := func(m counted, as window.Match) {
		key := joined([]string{m.Correlation.ID, joined(m.Group), ""})
		g := groups[key]
		if g == nil {
			g = &group{correlation: m.Correlation, values: m.Group}
			groups[key] = g
		}
		g.matches = append(g.matches, as)
	}
	for i, m := range c.all {
		put(m, c.byWindow[i])
	}
	for _, m := range chained {
		sum := sha256.Sum256(binary.BigEndian.AppendUint64([]byte(joined([]string{m.Rule, joined(m.Group), joined(m.Values)})), uint64(m.at)))
		put(m, window.Match{Time: m.at, ID: [16]byte(sum[:16]), Place: m.Place, Value: joined(m.Values)})
	}
	out := make([]*group, 0, len(groups))
	for _, g := range groups {
		out = append(out, g)
	}
	slices.SortFunc(out, func(a, b *group) int {
		if a.correlation.ID != b.correlation.ID {
			return strings.Compare(a.correlation.ID, b.correlation.ID)
		}
		return slices.Compare(a.values, b.values)
	})
	return out
}

// timeOf returns the time of an event in milliseconds since 1970, -1 if none of
// the fields has one.
func timeOf(fields *match.Fields) int64 {
	for _, name := range TimeFields {
		values, _ := fields.Lookup(name)
		for _, v := range values {
			if at, ok := readTime(v); ok {
				return at
			}
		}
	}
	return -1
}

// readTime reads a time in one of the spellings that logs have, or a number of
// seconds, milli-, micro- or nanoseconds, told apart by its size.
func readTime(v match.Value) (int64, bool) {
	if n, ok := v.Float(); ok {
		if n < 0 || n >= 1e20 {
			return 0, false
		}
		n *= 1000
		for n >= 1e14 {
			n /= 1000
		}
		return int64(n), true
	}
	text := v.String()
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02 15:04:05.999999999", "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999Z07:00"} {
		if at, err := time.Parse(layout, text); err == nil && at.UnixMilli() >= 0 {
			return at.UnixMilli(), true
		}
	}
	return 0, false
}
