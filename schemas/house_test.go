package schemas_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const importPath = "github.com/ttpstream/ttpstream/schemas"

// NewTag is the only way to a tag: a literal elsewhere could carry any id. The
// one place where a literal with fields may stand is NewTag's argument.
// Test kits and tests are free; Decode refuses what they get wrong.
func TestTagsAreMadeByNewTagOnly(t *testing.T) {
	t.Parallel()
	files := token.NewFileSet()
	walked := 0
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		if entry.IsDir() {
			if name == "testdata" || name == "build" || strings.HasSuffix(name, "test") || len(name) > 2 && name[0] == '.' {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || filepath.Dir(path) == filepath.Join("..", "schemas") {
			return nil
		}
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil // the compiler says it better
		}
		walked++
		for _, position := range strayTags(file) {
			t.Errorf("%s: a schemas.Tag with fields that is not the argument of schemas.NewTag", files.Position(position))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if walked == 0 {
		t.Error("no file was looked at: is this the module's schemas folder?")
	}
}

func TestStrayTagsAreFound(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]int{
		`import "` + importPath + `"; var t, err = schemas.NewTag(schemas.Tag{RuleID: "R1"})`:               0,
		`import "` + importPath + `"; var t = schemas.Tag{}`:                                                0,
		`import "` + importPath + `"; var t = schemas.Tag{RuleID: "R1"}`:                                    1,
		`import "` + importPath + `"; var t = &schemas.Candidate{RuleID: "R1"}`:                             1,
		`import "` + importPath + `"; var t = []schemas.Tag{{RuleID: "R1"}, {}, schemas.Tag{RuleID: "R2"}}`: 2,
		`import "` + importPath + `"; var t = map[string]*schemas.Tag{"a": {RuleID: "R1"}}`:                 1,
		`import s "` + importPath + `"; var t = s.Tag{RuleID: "R1"}`:                                        1,
		`import . "` + importPath + `"; var t = Tag{RuleID: "R1"}`:                                          1,
		`import schemas "example.org/other"; var t = schemas.Tag{RuleID: "R1"}`:                             0,
		`import "` + importPath + `"; var t = schemas.Token{Field: "f"}`:                                    0,
		`import "` + importPath + `"; var t, err = other(schemas.Tag{RuleID: "R1"})`:                        1,
	} {
		file, err := parser.ParseFile(token.NewFileSet(), "a.go", "package p\n"+source, parser.SkipObjectResolution)
		if err != nil {
			t.Fatalf("%v: %s", err, source)
		}
		if got := len(strayTags(file)); got != want {
			t.Errorf("%d stray tags, want %d: %s", got, want, source)
		}
	}
}

// strayTags returns where file builds a tag with fields other than as the
// argument of NewTag.
func strayTags(file *ast.File) []token.Pos {
	local, imported := localName(file)
	if !imported {
		return nil
	}
	named := func(expr ast.Expr, names ...string) bool {
		if star, ok := expr.(*ast.StarExpr); ok {
			expr = star.X
		}
		switch e := expr.(type) {
		case *ast.Ident:
			return local == "." && slices.Contains(names, e.Name)
		case *ast.SelectorExpr:
			x, ok := e.X.(*ast.Ident)
			return ok && x.Name == local && slices.Contains(names, e.Sel.Name)
		}
		return false
	}
	var stray []token.Pos
	allowed := map[ast.Node]bool{}
	ast.Inspect(file, func(node ast.Node) bool {
		switch n := node.(type) {
		case *ast.CallExpr:
			if named(n.Fun, "NewTag") && len(n.Args) == 1 {
				allowed[n.Args[0]] = true
			}
		case *ast.CompositeLit:
			if named(n.Type, "Tag", "Candidate") && len(n.Elts) > 0 && !allowed[n] {
				stray = append(stray, n.Pos())
			}
			if named(elementType(n.Type), "Tag", "Candidate") {
				stray = append(stray, untypedElements(n)...)
			}
		}
		return true
	})
	return stray
}

// localName returns the name under which file imports this package.
func localName(file *ast.File) (name string, imported bool) {
	for _, spec := range file.Imports {
		if path, err := strconv.Unquote(spec.Path.Value); err != nil || path != importPath {
			continue
		}
		if spec.Name != nil {
			return spec.Name.Name, true
		}
		return "schemas", true
	}
	return "", false
}

func elementType(expr ast.Expr) ast.Expr {
	switch e := expr.(type) {
	case *ast.ArrayType:
		return e.Elt
	case *ast.MapType:
		return e.Value
	}
	return nil
}

// untypedElements returns where a list or map literal builds elements with
// fields without naming their type again.
func untypedElements(list *ast.CompositeLit) []token.Pos {
	var found []token.Pos
	for _, element := range list.Elts {
		if pair, ok := element.(*ast.KeyValueExpr); ok {
			element = pair.Value
		}
		if literal, ok := element.(*ast.CompositeLit); ok && literal.Type == nil && len(literal.Elts) > 0 {
			found = append(found, literal.Pos())
		}
	}
	return found
}
