package api

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/projections/api/access"
)

// A TAXII 2.1 server, for platforms that pull: discovery, one API root, and a
// collection per view. Its contract is the standard, so its routes are not in
// ours; who may read is as everywhere.

const (
	// TAXIIPrefix is where discovery is.
	TAXIIPrefix = "/taxii2/"
	taxiiRoot   = TAXIIPrefix + "ttp/"
	taxiiType   = "application/taxii+json;version=2.1"
	stixType    = "application/stix+json;version=2.1"
)

// collection is a view that is pulled.
type collection struct {
	id, title, description string
	// floor is the least confidence in it.
	floor float64
}

// collections: tags as people are shown them, and all there are.
var collections = []collection{
	{"2f1c1f9a-52c4-5b0e-8b60-6f1b1c5a9d01", "tags", "A sighting for each tag of at least 0.6 confidence, as they are made.", projections.LikelyFloor},
	{"2f1c1f9a-52c4-5b0e-8b60-6f1b1c5a9d02", "all-tags", "A sighting for each tag there is.", projections.Floor},
}

func (c *collection) resource() map[string]any {
	return map[string]any{"id": c.id, "title": c.title, "alias": c.title, "description": c.description, "can_read": true, "can_write": false, "media_types": []string{stixType}}
}

// collectionNamed finds a collection by id or by title, which is its alias.
func collectionNamed(name string) *collection {
	for i := range collections {
		if collections[i].id == name || collections[i].title == name {
			return &collections[i]
		}
	}
	return nil
}

// taxiiRoutes are the standard's.
func (s *Server) taxiiRoutes() {
	s.taxii(TAXIIPrefix, func(*http.Request) (any, error) {
		return map[string]any{"title": "ttpstream", "default": taxiiRoot, "api_roots": []string{taxiiRoot}}, nil
	})
	s.taxii(taxiiRoot, func(*http.Request) (any, error) {
		return map[string]any{"title": "ttpstream", "description": "ATT&CK tags of attacker telemetry", "versions": []string{taxiiType}, "max_content_length": maxBody}, nil
	})
	s.taxii(taxiiRoot+"collections/", func(*http.Request) (any, error) {
		return map[string]any{"collections": mapped(collections, func(c collection) any { return c.resource() })}, nil
	})
	s.taxii(taxiiRoot+"collections/{collection}/", s.inCollection(func(_ *http.Request, c *collection) (any, error) { return c.resource(), nil }))
	s.taxii(taxiiRoot+"collections/{collection}/objects/", s.inCollection(s.taxiiObjects))
	s.taxii(taxiiRoot+"collections/{collection}/manifest/", s.inCollection(s.taxiiManifest))
	s.taxii(taxiiRoot+"collections/{collection}/objects/{object}/", s.inCollection(s.taxiiObject))
	s.taxii(taxiiRoot+"collections/{collection}/objects/{object}/versions/", s.inCollection(s.taxiiVersions))
}

// dated is an answer with the times of its first and last object.
type dated interface{ dates() (first, last string) }

// taxii opens a route, behind the same checks as the others.
func (s *Server) taxii(path string, answer func(*http.Request) (any, error)) {
	s.mux.HandleFunc("GET "+path+"{$}", func(w http.ResponseWriter, r *http.Request) {
		if _, p := s.authenticate(w, r, access.Viewer); p != nil {
			writeTAXII(w, p.Status, taxiiError(p))
			return
		}
		if location := indecent(r.URL); location != "" {
			writeTAXII(w, http.StatusBadRequest, taxiiError(problem(http.StatusBadRequest, location+": not once, not UTF-8, empty, or with NUL in it")))
			return
		}
		if !acceptsTAXII(r.Header.Values("Accept")) {
			writeTAXII(w, http.StatusNotAcceptable, taxiiError(problem(http.StatusNotAcceptable, "this is served as "+taxiiType)))
			return
		}
		value, err := answer(r)
		if err != nil {
			p, told := problemOf(err)
			if !told && r.Context().Err() == nil {
				s.o.Logger.ErrorContext(r.Context(), "a request failed", "error", err)
			}
			if errors.Is(err, errCursor) {
				p = problem(http.StatusBadRequest, "next: not of this question")
			}
			writeTAXII(w, p.Status, taxiiError(p))
			return
		}
		if d, ok := value.(dated); ok {
			first, last := d.dates()
			if first != "" {
				w.Header().Set("X-TAXII-Date-Added-First", first)
				w.Header().Set("X-TAXII-Date-Added-Last", last)
			}
		}
		writeTAXII(w, http.StatusOK, value)
	})
}

func writeTAXII(w http.ResponseWriter, status int, value any) {
	raw, err := encode(value)
	if err != nil {
		status, raw = http.StatusInternalServerError, []byte(`{"title":"something went wrong here","http_status":"500"}`)
	}
	w.Header().Set("Content-Type", taxiiType)
	w.WriteHeader(status)
	_, _ = w.Write(raw) // the client may be gone
}

// taxiiError is a problem as the standard spells it.
func taxiiError(p *Problem) any {
	return map[string]string{"title": p.Title, "description": p.Detail, "http_status": strconv.Itoa(p.Status)}
}

// acceptsTAXII reads an Accept header as the standard asks: our version of the
// media type, or one that does not say which.
func acceptsTAXII(headers []string) bool {
	list := strings.ToLower(strings.ReplaceAll(strings.Join(headers, ","), " ", ""))
	if list == "" {
		return true
	}
	for item := range strings.SplitSeq(list, ",") {
		kind, parameters, _ := strings.Cut(item, ";")
		known := kind == "*/*" || kind == "application/*" || kind == "application/taxii+json"
		if known && (!strings.Contains(parameters, "version=") || strings.Contains(parameters, "version=2.1")) {
			return true
		}
	}
	return false
}

// inCollection finds the collection of a path.
func (s *Server) inCollection(answer func(*http.Request, *collection) (any, error)) func(*http.Request) (any, error) {
	return func(r *http.Request) (any, error) {
		c := collectionNamed(r.PathValue("collection"))
		if c == nil {
			return nil, problem(http.StatusNotFound, "there is no such collection")
		}
		return answer(r, c)
	}
}

// tagIn returns the tag that an object of a collection is of.
func (s *Server) tagIn(r *http.Request, c *collection) (*projections.TagDetail, error) {
	none := problem(http.StatusNotFound, "there is no such object in this collection")
	text, ok := strings.CutPrefix(r.PathValue("object"), "sighting--")
	id, err := uuid.Parse(text)
	if !ok || err != nil || len(text) != 36 {
		return nil, none
	}
	tag, err := s.o.Ledger.Tag(r.Context(), id)
	if errors.Is(err, projections.ErrNotFound) || err == nil && tag.Step < projections.StepOf(c.floor) {
		return nil, none
	}
	return tag, err
}
