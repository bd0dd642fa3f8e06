package api

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/projections/printable"
)

// Exports of tags are written page by page as the ledger gives them: memory
// does not grow with what there is, and no question to the database lasts.
// When one fails in the middle the connection is cut, so that nobody takes a
// part for the whole.

const (
	// maxExports is how many are written at the same time.
	maxExports = 4
	// exportPatience is how long a client may take for a page.
	exportPatience = time.Minute
)

type exportQuestion struct {
	Filter
	Floored
}

// tagFormat writes tags one after another.
type tagFormat interface {
	write(Tag) error
	// flush passes on what is held back.
	flush() error
}

// newFormat begins a file.
type newFormat func(io.Writer) (tagFormat, error)

// beginning is what a stream is opened with: see [stream].
type beginning[I any] func(context.Context, *I) (func(http.ResponseWriter, *http.Request), error)

// exportTags returns what begins exports in a format.
func (s *Server) exportTags(name string, format newFormat) beginning[exportQuestion] {
	return func(ctx context.Context, in *exportQuestion) (func(http.ResponseWriter, *http.Request), error) {
		select {
		case s.exporting <- struct{}{}:
		default:
			return nil, problem(http.StatusServiceUnavailable, "too many exports are being written")
		}
		e, err := s.newExport(ctx, in)
		if err != nil {
			<-s.exporting
			return nil, err
		}
		return func(w http.ResponseWriter, r *http.Request) {
			defer func() { <-s.exporting }()
			w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
			if r.Method == http.MethodHead {
				return
			}
			if err := e.write(r.Context(), w, format); err != nil {
				if r.Context().Err() == nil {
					s.o.Logger.ErrorContext(r.Context(), "an export failed", "error", err)
				}
				panic(http.ErrAbortHandler) // the client sees that it is not whole
			}
		}, nil
	}
}

// export is one that is being written.
type export struct {
	s        *Server
	filter   *Filter
	attacker uuid.UUID
	list     func(context.Context, projections.TagQuery) (projections.Page[*projections.TagRow], error)
	q        projections.TagQuery
	page     projections.Page[*projections.TagRow]
}

// newExport asks for the first page, so that what is wrong with the question
// or the database is told as a problem.
func (s *Server) newExport(ctx context.Context, in *exportQuestion) (*export, error) {
	attacker, err := in.Filter.attacker()
	if err != nil {
		return nil, err
	}
	e := &export{s: s, filter: &in.Filter, attacker: attacker, list: s.o.Ledger.Tags, q: in.Filter.query(attacker)}
	e.q.Floor, e.q.Limit, e.q.OldestFirst = in.MinConfidence, projections.MaxPage, true
	if in.Filter == (Filter{}) {
		e.list = s.allTags
	}
	if in.Attacker != "" && attacker == uuid.Nil { // nobody
		return e, nil
	}
	ctx, cancel := context.WithTimeout(ctx, s.o.RequestTimeout)
	defer cancel()
	e.page, err = e.list(ctx, e.q)
	return e, err
}

func (e *export) write(ctx context.Context, w http.ResponseWriter, format newFormat) error {
	out, err := format(w)
	if err != nil {
		return err
	}
	deadline := http.NewResponseController(w)
	for {
		_ = deadline.SetWriteDeadline(time.Now().Add(exportPatience)) // a recorder has none
		for _, row := range e.page.Items {
			if !e.filter.fits(row, e.attacker) {
				continue
			}
			if err := out.write(e.s.tag(row)); err != nil {
				return err
			}
		}
		if err := out.flush(); err != nil {
			return err
		}
		if e.page.Next == "" || e.s.stopping.Err() != nil {
			return e.s.stopping.Err()
		}
		e.q.After = e.page.Next
		if e.page, err = e.list(ctx, e.q); err != nil {
			return err
		}
	}
}

// ndjson is one tag per line.
type ndjson struct{ w io.Writer }

func newNDJSON(w io.Writer) (tagFormat, error) { return ndjson{w}, nil }

func (n ndjson) write(t Tag) error {
	raw, err := encode(t)
	if err != nil {
		return err
	}
	_, err = n.w.Write(raw)
	return err
}

func (ndjson) flush() error { return nil }

// columns of the CSV.
var columns = []string{
	"uuid", "created_at", "attacker_uuid", "identity_uuid", "session_id", "sensor", "tactic", "technique_id", "sub_technique_id", "name",
	"confidence", "rule_id", "rule_version", "source_kind", "source_id", "source_topic", "source_partition", "source_offset", "evidence",
}

// csvTags is RFC 4180 with a line of column names.
type csvTags struct{ w *csv.Writer }

func newCSV(w io.Writer) (tagFormat, error) {
	c := csvTags{csv.NewWriter(w)}
	c.w.UseCRLF = true
	return c, c.w.Write(columns)
}

func (c csvTags) write(t Tag) error {
	place := [3]string{}
	if t.Source != nil {
		place = [3]string{t.Source.Topic, strconv.Itoa(int(t.Source.Partition)), strconv.FormatInt(t.Source.Offset, 10)}
	}
	cells := []string{
		t.UUID.String(), t.CreatedAt.Format(time.RFC3339Nano), idText(t.AttackerUUID), idText(t.IdentityUUID), t.SessionID, t.Sensor,
		t.Tactic, t.TechniqueID, t.SubTechniqueID, t.Name, fmt.Sprintf("%.2f", t.Confidence), t.RuleID, strconv.FormatInt(t.RuleVersion, 10),
		t.SourceKind, t.SourceID, place[0], place[1], place[2], string(t.Evidence),
	}
	for i, cell := range cells {
		cells[i] = cellOf(cell)
	}
	return c.w.Write(cells)
}

func (c csvTags) flush() error {
	c.w.Flush()
	return c.w.Error()
}

// cellOf makes text safe to open in a spreadsheet, which takes what begins with
// one of these for a formula, and attackers write session names and commands.
func cellOf(text string) string {
	text = printable.Text(text, "")
	if text != "" && strings.ContainsRune("=+-@\t\r|%", rune(text[0])) {
		return "'" + text
	}
	return text
}

func idText(id uuid.UUID) string {
	if id == uuid.Nil {
		return ""
	}
	return id.String()
}
