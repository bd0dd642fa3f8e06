package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/goccy/go-yaml"
)

// settings are what a YAML file says: keys are the long names of flags, under
// the names of their commands where two commands differ. Flags and environment
// win over it; a key that is neither a flag nor a command is refused, since a
// misspelt one would be a setting that nobody sees missing.
//
//	brokers: [kafka-1:9093, kafka-2:9093]
//	partitions: 24
//	scan:
//	  navigator: layer.json
type settings map[string]any

// yamlConfig reads settings.
func yamlConfig(r io.Reader) (kong.Resolver, error) {
	read := settings{}
	if err := yaml.NewDecoder(r).Decode(&read); err != nil && !errors.Is(err, io.EOF) {
		name := "config"
		if file, ok := r.(interface{ Name() string }); ok {
			name = file.Name()
		}
		return nil, fmt.Errorf("%s: not settings in YAML (flag: value): %w", name, err)
	}
	return read, nil
}

// Resolve returns the value of a flag, or nil where the file has none or the
// environment has one.
func (s settings) Resolve(_ *kong.Context, parent *kong.Path, flag *kong.Flag) (any, error) {
	for _, name := range flag.Tag.Envs {
		if _, set := os.LookupEnv(name); set {
			return nil, nil
		}
	}
	value, at := s[flag.Name], map[string]any(s)
	if node := parent.Node(); node != nil {
		for _, name := range strings.Fields(strings.TrimPrefix(node.Path(), "ttpstream")) {
			inner, ok := at[name].(map[string]any)
			if !ok {
				break
			}
			if own, ok := inner[flag.Name]; ok {
				value = own
			}
			at = inner
		}
	}
	resolved, err := setting(value)
	if err != nil {
		return nil, fmt.Errorf("config: %w", err)
	}
	return resolved, nil
}

// Validate refuses keys that mean nothing.
func (s settings) Validate(app *kong.Application) error { return known(s, app.Node, "") }

func known(at map[string]any, node *kong.Node, prefix string) error {
	flags := flagNames(node)
	for _, name := range slices.Sorted(maps.Keys(at)) {
		inner, isMap := at[name].(map[string]any)
		i := slices.IndexFunc(node.Children, func(child *kong.Node) bool { return child.Name == name })
		switch {
		case i >= 0 && isMap:
			if err := known(inner, node.Children[i], prefix+name+"."); err != nil {
				return err
			}
		case !flags[name]:
			return fmt.Errorf("config: no flag or command %q; keys are flags without the dashes, such as log-level", prefix+name)
		}
	}
	return nil
}

// flagNames returns the flags of a command, of those above it and of those
// below it.
func flagNames(node *kong.Node) map[string]bool {
	names := map[string]bool{}
	var below func(*kong.Node)
	below = func(n *kong.Node) {
		for _, flag := range n.Flags {
			names[flag.Name] = true
		}
		for _, child := range n.Children {
			below(child)
		}
	}
	below(node)
	for n := node.Parent; n != nil; n = n.Parent {
		for _, flag := range n.Flags {
			names[flag.Name] = true
		}
	}
	return names
}

// setting returns a YAML value as kong takes it: lists joined by commas.
// Errors: it holds a map, which no flag takes.
func setting(value any) (any, error) {
	switch v := value.(type) {
	case nil:
		return nil, nil
	case map[string]any:
		return nil, errors.New("a list or a single value is wanted, not a map; values with a colon may need quotes")
	case []any:
		parts := make([]string, len(v))
		for i, item := range v {
			part, err := setting(item)
			if err != nil {
				return nil, err
			}
			parts[i] = fmt.Sprint(part)
		}
		return strings.Join(parts, ","), nil
	default:
		return fmt.Sprint(v), nil
	}
}
