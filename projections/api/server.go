package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"path"
	"reflect"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/ttpstream/ttpstream/schemas/attack"
)

// Prefix is the path that all routes but those about the server have in common.
const Prefix = "/api/v1/ttp"

// Server answers. It is safe for concurrent use.
type Server struct {
	o         Options
	catalogue *attack.Catalogue
	mux       *http.ServeMux
	api       huma.API
	handler   http.Handler
	// long are the patterns of routes whose answers take as long as the client
	// listens.
	long map[string]bool
	// working has a place for each request that is worked on.
	working chan struct{}
	// listening has a place for each listener, catching for each of those that
	// read the log by themselves.
	listening, catching chan struct{}
	feeds               *feeds
	// exporting has a place for each export that is being written.
	exporting chan struct{}
	// stopping ends when the server is closed, and with it what is long.
	stopping context.Context
	stop     context.CancelFunc
	contract func() ([]byte, error)
}

// New makes a server. Errors name the option that is wrong.
func New(o Options) (*Server, error) {
	o, catalogue, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	s := &Server{
		o: o, catalogue: catalogue, mux: http.NewServeMux(), long: make(map[string]bool), working: make(chan struct{}, o.MaxConcurrent),
	}
	s.listening, s.catching = make(chan struct{}, o.MaxLive), make(chan struct{}, catchingUp)
	s.exporting = make(chan struct{}, maxExports)
	s.feeds = &feeds{log: o.Tags, view: s.tag, logg: o.Logger, starting: make(chan struct{}, 1)}
	s.stopping, s.stop = context.WithCancel(context.Background())
	s.api = humago.New(s.mux, huma.Config{
		OpenAPI: contractHead(), Formats: map[string]huma.Format{"application/json": jsonFormat, "json": jsonFormat},
		DefaultFormat: "application/json",
	})
	s.routes()
	s.contract = sync.OnceValues(func() ([]byte, error) {
		raw, err := json.MarshalIndent(s.api.OpenAPI(), "", "  ")
		return append(raw, '\n'), err
	})
	s.mux.HandleFunc("GET /openapi.json", s.serveContract)
	s.handler = s.chain()
	return s, nil
}

// Handler returns what answers, for tests and for servers of one's own; it
// does not care where it is listened on. Close the server when done with it.
func (s *Server) Handler() http.Handler { return s.handler }

// Close ends live events and lets the rest finish.
func (s *Server) Close() { s.stop() }

// Contract returns the OpenAPI document, indented, with a final newline.
func (s *Server) Contract() ([]byte, error) {
	raw, err := s.contract()
	if err != nil {
		return nil, fmt.Errorf("api: the contract: %w", err)
	}
	return raw, nil
}

func (s *Server) serveContract(w http.ResponseWriter, r *http.Request) {
	raw, err := s.Contract()
	if err != nil {
		s.o.Logger.ErrorContext(r.Context(), "a request failed", "error", err)
		writeProblem(w, problem(http.StatusInternalServerError, ""))
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("ETag", etagOf(raw))
	if holds(r.Header.Get("If-None-Match"), etagOf(raw)) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	_, _ = w.Write(raw) // the client may be gone
}

// contractHead is what the contract says before the routes.
func contractHead() *huma.OpenAPI {
	return &huma.OpenAPI{
		OpenAPI: "3.1.0",
		Info: &huma.Info{
			Title: "ttpstream", Version: "1",
			Description: "MITRE ATT&CK tags of attacker telemetry: rollups, tags with their evidence, rules and their states. " +
				"Lists are arrays; the next page is in the Link header. Errors are RFC 9457 problems.",
			Contact: &huma.Contact{Name: "ttpstream", URL: "https://github.com/ttpstream/ttpstream"},
			License: &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"},
		},
		Servers: []*huma.Server{{URL: "/", Description: "Wherever this document came from."}},
		Components: &huma.Components{
			Schemas: huma.NewMapRegistry("#/components/schemas/", schemaName),
			SecuritySchemes: map[string]*huma.SecurityScheme{securityScheme: {
				Type: "http", Scheme: "bearer", BearerFormat: "JWT",
				Description: "Role viewer reads, role admin also changes. A server on loopback may be told to ask nobody.",
			}},
		},
		Tags: []*huma.Tag{
			{Name: sectionRollups, Description: "Sums over current tags. An unknown id is no error: nothing is known of it."},
			{Name: sectionTags, Description: "Tags one by one, with evidence and where they came from."},
			{Name: sectionRules, Description: "Rules, their versions, texts and states."},
			{Name: sectionExport, Description: "For other tools."},
			{Name: sectionServer, Description: "The server itself."},
		},
	}
}

// schemaName names a type in the contract: those of other packages with the
// package's name.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if room := path.Base(t.PkgPath()); t.Name() != "" && room != "api" {
		return strings.ToUpper(room[:1]) + room[1:] + name
	}
	return name
}

const securityScheme = "bearer"

// Sections of the contract.
const (
	sectionRollups = "Rollups"
	sectionTags    = "Tags"
	sectionRules   = "Rules"
	sectionExport  = "Export"
	sectionServer  = "Server"
)
