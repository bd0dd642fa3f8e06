package match

import (
	"math"
	"testing"
)

func TestValueFloat(t *testing.T) {
	t.Parallel()
	type want struct {
		n  float64
		ok bool
	}
	for v, want := range map[Value]want{
		Number(2.5):      {2.5, true},
		Bool(true):       {0, false},
		Text("42"):       {42, true},
		Text("-4.50"):    {-4.5, true},
		Text("+.5"):      {0.5, true},
		Text("5."):       {5, true},
		Text("1e3"):      {1000, true},
		Text("1E-2"):     {0.01, true},
		Text(""):         {0, false},
		Text("."):        {0, false},
		Text("-"):        {0, false},
		Text("1e"):       {0, false},
		Text("1e+"):      {0, false},
		Text("0x10"):     {0, false},
		Text("1_000"):    {0, false},
		Text("inf"):      {0, false},
		Text("NaN"):      {0, false},
		Text("1.2.3"):    {0, false},
		Text("12 "):      {0, false},
		Text("1e999999"): {0, false},
	} {
		n, ok := v.Float()
		if ok != want.ok || ok && n != want.n {
			t.Errorf("%q: %v %v, want %v %v", v.String(), n, ok, want.n, want.ok)
		}
	}
}

func TestValueString(t *testing.T) {
	t.Parallel()
	for v, want := range map[Value]string{
		Text("x"): "x", Number(22): "22", Number(0.1): "0.1", Number(1e21): "1000000000000000000000",
		Bool(true): "true", Bool(false): "false", Number(math.Inf(1)): "+Inf",
	} {
		if got := v.String(); got != want {
			t.Errorf("%v: %q, want %q", v, got, want)
		}
		if got := string(v.AppendText([]byte("a"))); got != "a"+want {
			t.Errorf("%v appended: %q", v, got)
		}
		if got := string(foldValue(nil, v)); got != Fold(want) {
			t.Errorf("%v folded: %q", v, got)
		}
	}
}
