package schemas_test

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/ttpstream/ttpstream/schemas"
)

// limits is what Validate says of one place. Nil and empty: nothing.
type limits struct {
	maxLength, maxItems *uint64
	nonEmpty            bool
	enum                []string
	minimum, maximum    *float64
}

// probeAll asks Validate for the limits of every place of every golden: what
// it refuses there, and what its message says instead. So the schemas cannot
// drift from it. Where goldens of one type disagree (a field that only some
// targets take), the weaker limit stands.
func probeAll() map[string]limits {
	found := map[string]limits{}
	for _, g := range goldens() {
		for _, p := range places(g.value) {
			if p.value.Kind() == reflect.Pointer {
				continue // what it points to is a place of the same name
			}
			now := probe(g.value, p)
			if before, ok := found[p.String()]; ok {
				now = weaker(before, now)
			}
			found[p.String()] = now
		}
	}
	return found
}

func weaker(a, b limits) limits {
	greater := func(x, y *float64, sign float64) *float64 {
		if x == nil || y == nil || *x*sign < *y*sign {
			return x
		}
		return y
	}
	out := limits{nonEmpty: a.nonEmpty && b.nonEmpty, enum: a.enum, maxLength: a.maxLength, maxItems: a.maxItems}
	out.minimum, out.maximum = greater(a.minimum, b.minimum, 1), greater(a.maximum, b.maximum, -1)
	if !slices.Equal(a.enum, b.enum) {
		out.enum = nil
	}
	return out
}

func probe(record any, p place) (found limits) {
	switch p.value.Kind() {
	case reflect.String:
		const long = schemas.MaxRuleText + 1
		found.maxLength = number(problems(record, p, strings.Repeat("x", long)), fmt.Sprintf(`%d bytes, at most (\d+)`, long))
		found.nonEmpty = strings.Contains(problems(record, p, ""), ": required")
		found.enum = choices(problems(record, p, "no such value"))
	case reflect.Slice:
		if p.value.Type().Elem().Kind() != reflect.Uint8 {
			long := grown(p.value)
			found.maxItems = number(problems(record, p, long.Interface()), fmt.Sprintf(`%d(?: entries)?, at most (\d+)`, long.Len()))
		}
	case reflect.Int, reflect.Int32, reflect.Int64:
		found.minimum = edge(record, p, -1, []float64{-1, 0, 1})
		found.maximum = edge(record, p, 1, []float64{999, 65535})
	case reflect.Float64:
		found.minimum = edge(record, p, -0.01, []float64{0})
		found.maximum = edge(record, p, 0.01, []float64{1})
	}
	return found
}

// problems returns what Validate, or NewTag for a tag, says of record with
// value at p.
func problems(record any, p place, value any) (text string) {
	p.try(reflect.ValueOf(value), func() {
		var err error
		if tag, ok := record.(*schemas.Tag); ok {
			_, err = schemas.NewTag(*tag)
		} else {
			err = record.(validator).Validate()
		}
		text = fmt.Sprint(err)
	})
	return text
}

// edge returns the candidate that is valid while one step further is not.
func edge(record any, p place, step float64, candidates []float64) *float64 {
	const none = "<nil>"
	for _, x := range candidates {
		if problems(record, p, x) == none && problems(record, p, x+step) != none {
			return &x
		}
	}
	return nil
}

func number(text, pattern string) *uint64 {
	match := regexp.MustCompile(pattern).FindStringSubmatch(text)
	if match == nil {
		return nil
	}
	n, err := strconv.ParseUint(match[1], 10, 64)
	if err != nil {
		return nil
	}
	return &n
}

var (
	listed = regexp.MustCompile(`\(one of \[(.*)\]\)`)
	quoted = regexp.MustCompile(`"([^"]*)"`)
)

// choices returns the values that Validate lists when it refuses one.
func choices(text string) (values []string) {
	if match := listed.FindStringSubmatch(text); match != nil {
		for _, value := range quoted.FindAllStringSubmatch(match[1], -1) {
			values = append(values, value[1])
		}
	}
	return values
}
