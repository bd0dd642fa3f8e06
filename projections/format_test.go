package projections

import (
	"math"
	"testing"
	"time"
)

func TestFormats(t *testing.T) {
	t.Parallel()
	for got, want := range map[string]string{
		number(0): "0", number(999): "999", number(1000): "1,000", number(1_002_003): "1,002,003",
		number(-5): "-5", number(math.MaxInt64): "9,223,372,036,854,775,807",
		Count{12, true}.of("tag", "tags"): "12 tags", Count{1, true}.of("tag", "tags"): "1 tag", Count{1, false}.of("tag", "tags"): "≥1 tags",
		size(0): "0 bytes", size(1): "1 byte", size(1500): "1.5 kB", size(999_960): "1.0 MB", size(17_480_113): "17.5 MB", size(5e15): "5000.0 TB",
		elapsed(850 * time.Millisecond): "850 ms", elapsed(1234 * time.Millisecond): "1.2 s", elapsed(200 * time.Second): "3m20s",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
