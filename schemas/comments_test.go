package schemas_test

import (
	"cmp"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/ttpstream/ttpstream/schemas"
)

// comments holds what the package's source says of its types (under the
// type's name) and of their fields (under Type.Field), as a reader of JSON
// would say it.
type comments map[string]string

// lookup is the reflector's: field is empty for the type itself.
func (c comments) lookup(t reflect.Type, field string) string {
	if field == "" {
		return c[t.Name()]
	}
	return cmp.Or(c[t.Name()+"."+field], c[shared[field]])
}

func readComments(tb testing.TB) comments {
	tb.Helper()
	paths, err := filepath.Glob("*.go")
	if err != nil {
		tb.Fatal(err)
	}
	found := comments{}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			tb.Fatal(err)
		}
		for _, decl := range file.Decls {
			if gen, ok := decl.(*ast.GenDecl); ok && gen.Tok == token.TYPE {
				found.add(gen)
			}
		}
	}
	return found
}

func (c comments) add(gen *ast.GenDecl) {
	for _, spec := range gen.Specs {
		typ := spec.(*ast.TypeSpec)
		structure, ok := typ.Type.(*ast.StructType)
		if !ok {
			continue
		}
		spelling := jsonNames(structure)
		c[typ.Name.Name] = withoutSubject(prose(gen.Doc.Text(), spelling), typ.Name.Name)
		last := "" // a comment may speak of the fields that follow, too
		for _, field := range structure.Fields.List {
			if field.Doc != nil {
				last = field.Doc.Text()
			}
			for _, name := range field.Names {
				if field.Doc != nil || regexp.MustCompile(`\b`+name.Name+`\b`).MatchString(last) {
					c[typ.Name.Name+"."+name.Name] = prose(last, spelling)
				}
			}
		}
	}
}

func jsonNames(structure *ast.StructType) map[string]string {
	names := map[string]string{}
	for _, field := range structure.Fields.List {
		if field.Tag == nil {
			continue
		}
		tag, _ := strconv.Unquote(field.Tag.Value)
		spelling, _, _ := strings.Cut(reflect.StructTag(tag).Get("json"), ",")
		for _, name := range field.Names {
			names[name.Name] = spelling
		}
	}
	return names
}

var (
	docLink = regexp.MustCompile(`\[(\w+)\]`)
	word    = regexp.MustCompile(`[\w-]+`)
)

// linked says in a reader's words what some doc links lead to.
var linked = map[string]string{
	"EventID": "the UUIDv5", "TagID": "the UUIDv5", "AttackerID": "the UUIDv5 of the address", "AttackerDomainID": "of the mail domain",
	"TagIdentity": "its identity: source_kind, source_id, rule_id, rule_version, technique_id, sub_technique_id",
	"Activities":  "the values listed", "RuleState": "rule_state record", "Retraction": "retraction record",
	"MaxShortText": strconv.Itoa(schemas.MaxShortText), "MaxLongText": strconv.Itoa(schemas.MaxLongText),
	"MaxTokenText": strconv.Itoa(schemas.MaxTokenText), "MaxTokens": strconv.Itoa(schemas.MaxTokens),
	"MaxDeadLetterPayload": strconv.Itoa(schemas.MaxDeadLetterPayload),
}

// shared are fields that mean the same wherever they have no comment.
var shared = map[string]string{
	"SrcIP": "CommandEvent.SrcIP", "SrcPort": "AuthEvent.SrcPort", "SessionID": "Envelope.SessionID", "Sensor": "Envelope.Sensor",
	"MatchedTokens": "Matched",
}

// prose turns a Go comment into a description: bounds as numbers, fields as
// JSON spells them, one line a paragraph.
func prose(comment string, spelling map[string]string) string {
	comment = docLink.ReplaceAllStringFunc(comment, func(link string) string {
		name := link[1 : len(link)-1]
		return cmp.Or(linked[name], name)
	})
	comment = word.ReplaceAllStringFunc(comment, func(w string) string {
		if name, ok := spelling[w]; ok {
			return name
		}
		return w
	})
	paragraphs := strings.Split(strings.TrimSpace(comment), "\n\n")
	for i, p := range paragraphs {
		paragraphs[i] = strings.Join(strings.Fields(p), " ")
	}
	return strings.ReplaceAll(strings.Join(paragraphs, "\n\n"), "Nil:", "Absent:")
}

// withoutSubject takes a type's name off its description: the schema's title
// says it.
func withoutSubject(description, name string) string {
	rest, ok := strings.CutPrefix(description, name+" ")
	if !ok || rest == "" {
		return description
	}
	rest = strings.TrimPrefix(rest, "is ")
	return strings.ToUpper(rest[:1]) + rest[1:]
}
