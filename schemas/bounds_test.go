package schemas_test

import (
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/ttpstream/ttpstream/schemas"
)

type validator interface{ Validate() error }

// refuses checks that a golden with value at p is not valid.
func refuses(t *testing.T, g golden, p place, what string, value reflect.Value) {
	t.Helper()
	p.try(value, func() {
		if err := g.value.(validator).Validate(); err == nil {
			t.Errorf("%s: %s is valid with %s", g.name, p, what)
		}
	})
}

// The attacker writes our input: no text, list or number may be without a
// bound, and none may be such that JSON cannot hold it.
func TestValidateBoundsEveryField(t *testing.T) {
	t.Parallel()
	long := reflect.ValueOf(strings.Repeat("x", schemas.MaxRuleText+1))
	for _, g := range goldens() {
		t.Run(g.name, func(t *testing.T) {
			t.Parallel()
			for _, p := range places(g.value) {
				switch {
				case p.value.Kind() == reflect.String:
					refuses(t, g, p, "256 KiB of text", long)
					refuses(t, g, p, "bytes that are not UTF-8", reflect.ValueOf("a\xff"))
				case p.value.Kind() == reflect.Slice:
					refuses(t, g, p, "a long list", grown(p.value))
				case p.value.Kind() == reflect.Float64:
					for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
						refuses(t, g, p, "no number", reflect.ValueOf(x))
					}
				case p.value.Type() == reflect.TypeFor[time.Time]():
					refuses(t, g, p, "the year 10000", reflect.ValueOf(time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)))
				}
			}
		})
	}
}

// grown returns a list longer than any that is allowed, of what list holds.
func grown(list reflect.Value) reflect.Value {
	if raw, ok := list.Interface().([]byte); ok {
		return reflect.ValueOf(append(raw, make([]byte, schemas.MaxDeadLetterPayload)...))
	}
	long := list
	for long.Len() <= schemas.MaxListLength {
		long = reflect.AppendSlice(long, list)
	}
	return long
}

// What must be there must not be missed silently.
func TestValidateRefusesTheEmptyRecord(t *testing.T) {
	t.Parallel()
	for _, r := range records() {
		if err := r.zero.(validator).Validate(); err == nil {
			t.Errorf("an empty %s is valid", r.name)
		}
	}
}

func TestValidateBoundsTheClock(t *testing.T) {
	t.Parallel()
	for at, valid := range map[time.Time]bool{
		{}:                           false,
		time.Unix(0, 0):              false,
		schemas.MinEventTime.Add(-1): false,
		schemas.MinEventTime:         true,
		schemas.MaxEventTime.Add(-1): true,
		schemas.MaxEventTime:         false,
		time.Unix(math.MaxInt32, 0):  true,
		time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC): false,
	} {
		event := factGoldens()[0].value.(*schemas.CommandEvent)
		event.EventTime = at
		if err := event.Validate(); (err == nil) != valid {
			t.Errorf("event_time %v: %v", at, err)
		}
	}
}

// Each case says what is wrong with a golden, and which words the error has.
func TestValidateRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range refusals() {
		t.Run(test.golden+"/"+test.want, func(t *testing.T) {
			t.Parallel()
			value := goldenNamed(test.golden).value
			test.change(value)
			if err := value.(validator).Validate(); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Validate = %v, want an error with %q", err, test.want)
			}
		})
	}
}

func goldenNamed(name string) golden {
	for _, g := range goldens() {
		if g.name == name {
			return g
		}
	}
	panic("no golden " + name)
}
