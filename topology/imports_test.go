package topology_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The house: which room may import which, where drivers live, and how long things may get. The rules are tests
// so that a pull request is told, not a reader.

const module = "github.com/ttpstream/ttpstream"

// layers says, for a room and what is below it, which of our rooms its code may import. The most exact entry
// counts. A room always may import what is below itself. Tests may look further up: they prove nothing about
// what runs.
var layers = map[string]struct {
	may []string
	why string
}{
	"schemas":          {nil, "schemas is the ground floor: it imports nothing of ours"},
	"schemas/attack":   {[]string{"schemas"}, "the catalogue is as low as the records"},
	"rules":            {[]string{"schemas"}, "rules are pure: no Kafka, no SQL"},
	"topology":         {[]string{"schemas"}, "topology knows records, not what judges them"},
	"processors":       {[]string{"schemas", "topology", "rules"}, "processors and projections meet on topics only"},
	"processors/facts": {[]string{"schemas", "rules", "processors/facts"}, "lifters are pure: no Kafka, and any source may be absent"},
	"projections":      {[]string{"schemas", "topology", "rules"}, "projections and processors meet on topics only"},
	"cmd":              {[]string{"schemas", "topology", "rules", "processors", "projections"}, "the switchboard wires everything"},
}

// drivers says in which rooms a foreign module may be imported, tests included.
var drivers = map[string][]string{
	"github.com/twmb/franz-go":           {"topology"},
	"github.com/IBM/sarama":              {"topology"},
	"github.com/lovoo/goka":              {"topology", "processors"},
	"github.com/jackc/pgx":               {"projections/sqlstore"},
	"github.com/go-sql-driver/mysql":     {"projections/sqlstore"},
	"modernc.org/sqlite":                 {"projections/sqlstore"},
	"github.com/fsnotify/fsnotify":       {"processors/ingest"},
	"github.com/testcontainers":          {"projections/projectiontest", "topology/topologytest"},
	"github.com/stretchr/testify":        {},
	"github.com/hashicorp/go-multierror": {},
	"github.com/sirupsen/logrus":         {},
	"github.com/confluentinc":            {},
	"github.com/segmentio/kafka-go":      {},
}

// unlayered are exceptions within a layer: this room must not import that one.
var unlayered = []struct{ room, not, why string }{
	{"processors", "processors/ingest", "any source may be absent: taggers do not know the front door"},
	{"processors/facts", "topology", "lifters are pure: no Kafka"},
	{"processors/facts", "github.com/lovoo/goka", "lifters are pure: no Kafka"},
}

const (
	maxFileLines     = 300
	maxFunctionLines = 100
)

// source is one Go file of the module.
type source struct {
	path, room string // slash-separated, below the root
	isTest     bool
	generated  bool
	file       *ast.File
	fset       *token.FileSet
}

func TestImportRules(t *testing.T) {
	t.Parallel()
	for _, src := range sources(t) {
		for _, spec := range src.file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if why := forbidden(src, imported); why != "" {
				t.Errorf("%s imports %s: %s", src.path, imported, why)
			}
		}
	}
}

// forbidden returns why the import is not allowed, or nothing.
func forbidden(src source, imported string) string {
	for driver, rooms := range drivers {
		if within(imported, driver) && !slices.ContainsFunc(rooms, func(room string) bool { return within(src.room, room) }) {
			return driver + " is imported only in " + orNowhere(rooms)
		}
	}
	for _, u := range unlayered {
		ours := strings.TrimPrefix(imported, module+"/")
		if !src.isTest && within(src.room, u.room) && within(ours, u.not) && !within(src.room, u.not) {
			return u.why
		}
	}
	ours, isOurs := strings.CutPrefix(imported, module+"/")
	if !isOurs || src.isTest {
		return ""
	}
	if strings.HasSuffix(ours, "test") && !strings.HasSuffix(src.room, "test") {
		return "packages ending in test are imported by tests only"
	}
	room, ok := layerOf(src.room)
	if !ok {
		return "its folder is no room of the house"
	}
	layer := layers[room]
	if within(ours, room) || slices.ContainsFunc(layer.may, func(may string) bool { return within(ours, may) }) {
		return ""
	}
	return layer.why
}

func layerOf(room string) (layer string, ok bool) {
	for at := room; at != "."; at = path.Dir(at) {
		if _, ok := layers[at]; ok {
			return at, true
		}
	}
	return "", false
}

func orNowhere(rooms []string) string {
	if len(rooms) == 0 {
		return "no room"
	}
	return strings.Join(rooms, ", ")
}

func within(what, room string) bool { return what == room || strings.HasPrefix(what, room+"/") }

// The rules must be able to fail.
func TestImportRulesCatch(t *testing.T) {
	t.Parallel()
	for _, bad := range []struct{ room, imports string }{
		{"schemas", module + "/topology"},
		{"schemas/attack", module + "/rules"},
		{"rules/pack", module + "/processors/facts"},
		{"rules", "github.com/twmb/franz-go/pkg/kgo"},
		{"topology", module + "/rules/match"},
		{"processors", module + "/projections"},
		{"processors", module + "/processors/ingest"},
		{"processors", "github.com/IBM/sarama"},
		{"processors", module + "/topology/topologytest"},
		{"processors/facts", module + "/topology"},
		{"processors/facts", module + "/processors/ingest"},
		{"projections/api", module + "/processors/replay"},
		{"projections/api", "github.com/jackc/pgx/v5"},
		{"utils", module + "/schemas"},
	} {
		if forbidden(source{room: bad.room}, bad.imports) == "" {
			t.Errorf("%s may import %s", bad.room, bad.imports)
		}
	}
	for _, good := range []struct{ room, imports string }{
		{"schemas/attack", module + "/schemas"},
		{"rules/pack", module + "/schemas/attack"},
		{"topology", "github.com/twmb/franz-go/pkg/kgo"},
		{"topology/topologytest", module + "/topology/broker"},
		{"processors", "github.com/lovoo/goka"},
		{"processors", module + "/processors/facts"},
		{"processors/ingest", module + "/processors/facts"},
		{"processors/facts", module + "/rules/match"},
		{"cmd/ttpstream", module + "/projections/api"},
	} {
		if why := forbidden(source{room: good.room}, good.imports); why != "" {
			t.Errorf("%s may not import %s: %s", good.room, good.imports, why)
		}
	}
}

func TestHouseLimits(t *testing.T) {
	t.Parallel()
	for _, src := range sources(t) {
		if src.generated {
			continue
		}
		if lines := src.fset.Position(src.file.FileEnd).Line; lines > maxFileLines+1 {
			t.Errorf("%s has %d lines; split it, %d is the limit", src.path, lines, maxFileLines)
		}
		for _, d := range src.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if lines := src.fset.Position(f.End()).Line - src.fset.Position(f.Pos()).Line + 1; lines > maxFunctionLines {
				t.Errorf("%s: %s has %d lines; %d is the limit", src.path, f.Name.Name, lines, maxFunctionLines)
			}
		}
	}
}

// sources parses every Go file of the module.
func sources(t *testing.T) (all []source) {
	t.Helper()
	root := ".."
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, p)
		rel = filepath.ToSlash(rel)
		if d.IsDir() {
			if name := d.Name(); rel != "." && (strings.HasPrefix(name, ".") || name == "testdata" || name == "build" || name == "node_modules") {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(p, ".go") {
			return nil
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, p, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		all = append(all, source{path: rel, room: path.Dir(rel), isTest: strings.HasSuffix(p, "_test.go"),
			generated: ast.IsGenerated(file), file: file, fset: fset})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
