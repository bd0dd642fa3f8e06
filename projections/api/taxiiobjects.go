package api

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/projections/api/stix"
	"github.com/ttpstream/ttpstream/topology"
)

// Bounds of a TAXII page.
const (
	taxiiPage    = 1000
	maxTAXIIPage = 5000
	// maxTAXIIScan is how many records one page may read: what matches may be
	// far between.
	maxTAXIIScan = 200_000
)

// envelope is a page of objects.
type envelope struct {
	More    bool           `json:"more,omitempty"`
	Next    string         `json:"next,omitempty"`
	Objects []*stix.Object `json:"objects,omitempty"`

	added []time.Time
}

func (e *envelope) dates() (first, last string) { return addedDates(e.added) }

func addedDates(added []time.Time) (first, last string) {
	if len(added) == 0 {
		return "", ""
	}
	return taxiiTime(added[0]), taxiiTime(added[len(added)-1])
}

// taxiiTime spells a time as the standard does.
func taxiiTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }

// pull is a question for a page.
type pull struct {
	limit    int
	after    time.Time
	next     string
	types    []string
	ids      []string
	question string
}

// readPull reads the parameters. Those that it does not know are ignored, as
// the standard asks.
func readPull(c *collection, query url.Values) (p pull, err error) {
	p.limit = taxiiPage
	if text := query.Get("limit"); text != "" {
		if p.limit, err = strconv.Atoi(text); err != nil || p.limit < 1 {
			return p, problem(http.StatusBadRequest, "limit: not a number of at least 1")
		}
		p.limit = min(p.limit, maxTAXIIPage)
	}
	if text := query.Get("added_after"); text != "" {
		if p.after, err = time.Parse(time.RFC3339Nano, text); err != nil {
			return p, problem(http.StatusBadRequest, "added_after: not a time")
		}
	}
	p.next = query.Get("next")
	p.types, p.ids = listed(query.Get("match[type]")), listed(query.Get("match[id]"))
	if versions := listed(query.Get("match[spec_version]")); versions != nil && !slices.Contains(versions, "2.1") {
		p.types = []string{"none"}
	}
	p.question = strings.Join([]string{"taxii", c.id, query.Get("added_after"), query.Get("match[type]"), query.Get("match[id]"), query.Get("match[spec_version]")}, "\n")
	return p, nil
}

func listed(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, ",")
}

// wants reports whether an object is asked for.
func (p *pull) wants(o *stix.Object) bool {
	return (p.types == nil || slices.Contains(p.types, o.Type)) && (p.ids == nil || slices.Contains(p.ids, o.ID))
}

// taxiiObjects is a page of a collection.
func (s *Server) taxiiObjects(r *http.Request, c *collection) (any, error) {
	p, err := readPull(c, r.URL.Query())
	if err != nil {
		return nil, err
	}
	return s.pulled(r.Context(), c, p)
}

func (s *Server) pulled(ctx context.Context, c *collection, p pull) (*envelope, error) {
	if s.o.Tags == nil {
		return nil, errNoKafka
	}
	var at vector
	if p.next != "" {
		inner, err := openCursor(p.question, p.next)
		if err != nil {
			return nil, err
		}
		if at, err = parseVector(string(inner)); err != nil {
			return nil, errCursor
		}
	}
	w, err := newWalk(ctx, s.o.Tags, at, s.o.Now().Add(-settled))
	if err != nil {
		return nil, err
	}
	defer w.close()
	if p.next == "" && !p.after.IsZero() {
		if err := w.seek(ctx, p.after); err != nil {
			return nil, err
		}
	}
	return s.collect(ctx, w, c, p)
}

// collect takes objects from a walk until a page is full.
func (s *Server) collect(ctx context.Context, w *walk, c *collection, p pull) (*envelope, error) {
	page, exporter := &envelope{}, stix.New(s.catalogue, "")
	for scanned := 0; ; scanned++ {
		if len(page.Objects) == p.limit || scanned == maxTAXIIScan {
			page.More, page.Next = true, sealCursor(p.question, projections.Cursor(w.at.String()))
			return page, nil
		}
		r, ok, err := w.next(ctx)
		if err != nil || !ok {
			return page, err
		}
		if o := sightingIn(exporter, r, c); o != nil && r.Timestamp.After(p.after) && p.wants(o) {
			page.Objects, page.added = append(page.Objects, o), append(page.added, r.Timestamp)
		}
	}
}

// sightingIn returns the object of a record, nil when it has none in the
// collection.
func sightingIn(e *stix.Exporter, r topology.Record, c *collection) *stix.Object {
	entry, err := projections.DecodeEntry(r)
	if err != nil || entry.Tag == nil || entry.Tag.Step < projections.StepOf(c.floor) {
		return nil
	}
	if o, ok := e.TagSighting(entry.Tag); ok {
		return o
	}
	return nil
}

// manifest is a page of what objects there are.
type manifest struct {
	More    bool            `json:"more,omitempty"`
	Next    string          `json:"next,omitempty"`
	Objects []manifestEntry `json:"objects,omitempty"`

	added []time.Time
}

func (m *manifest) dates() (first, last string) { return addedDates(m.added) }

type manifestEntry struct {
	ID        string    `json:"id"`
	DateAdded string    `json:"date_added"`
	Version   stix.Time `json:"version"`
	MediaType string    `json:"media_type"`
}

func (s *Server) taxiiManifest(r *http.Request, c *collection) (any, error) {
	p, err := readPull(c, r.URL.Query())
	if err != nil {
		return nil, err
	}
	page, err := s.pulled(r.Context(), c, p)
	if err != nil {
		return nil, err
	}
	m := &manifest{More: page.More, Next: page.Next, added: page.added}
	for i, o := range page.Objects {
		m.Objects = append(m.Objects, manifestEntry{o.ID, taxiiTime(page.added[i]), o.Modified, stixType})
	}
	return m, nil
}

// taxiiObject is one object. It comes from the ledger, which knows it by id.
func (s *Server) taxiiObject(r *http.Request, c *collection) (any, error) {
	tag, err := s.tagIn(r, c)
	if err != nil {
		return nil, err
	}
	o, ok := stix.New(s.catalogue, "").TagSighting(&tag.TagRow)
	if !ok {
		return nil, problem(http.StatusNotFound, "there is no such object in this collection")
	}
	return &envelope{Objects: []*stix.Object{o}}, nil
}

// taxiiVersions lists the one version that a sighting of a tag has.
func (s *Server) taxiiVersions(r *http.Request, c *collection) (any, error) {
	tag, err := s.tagIn(r, c)
	if err != nil {
		return nil, err
	}
	return map[string]any{"versions": []stix.Time{stix.Time(tag.Time())}}, nil
}
