package processors

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var entryGenerator = rapid.Custom(func(t *rapid.T) gateEntry {
	return gateEntry{
		hash:  contentHash([]byte(rapid.StringN(0, 3, 8).Draw(t, "content"))),
		topic: uint8(rapid.IntRange(0, 1).Draw(t, "topic")), partition: rapid.Int32Range(0, 3).Draw(t, "partition"),
		offset: rapid.Int64Range(0, 5).Draw(t, "offset"),
	}
})

func TestGateCodecKeepsEveryEntry(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		entry := entryGenerator.Draw(t, "entry")
		raw, err := gateCodec{}.Encode(entry)
		if err != nil {
			t.Fatal(err)
		}
		back, err := gateCodec{}.Decode(raw)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(entry, back, cmp.AllowUnexported(gateEntry{})); diff != "" {
			t.Fatalf("entry changed (-written +read):\n%s", diff)
		}
	})
}

func TestGateCodecRefusesForeignBytes(t *testing.T) {
	t.Parallel()
	for _, raw := range [][]byte{nil, {}, make([]byte, gateEntryLength), make([]byte, gateEntryLength+1)} {
		if value, err := (gateCodec{}).Decode(raw); err == nil {
			t.Errorf("Decode(%v) = %v, want an error", raw, value)
		}
	}
}

func TestGateDecides(t *testing.T) {
	t.Parallel()
	first := gateEntry{hash: contentHash([]byte("a")), partition: 1, offset: 7}
	redelivered, repeated, changed := first, first, first
	repeated.offset = 8
	changed.offset, changed.hash = 9, contentHash([]byte("b"))
	fromRun := first
	fromRun.topic = 1
	tests := []struct {
		name  string
		known *gateEntry
		now   gateEntry
		want  verdict
	}{
		{"a new tag passes", nil, first, pass},
		{"the one let through, delivered again after a crash, passes again", &first, redelivered, pass},
		{"the same tag from a later event offset is a repeat", &first, repeated, repeat},
		{"the same offset of another input is a repeat", &first, fromRun, repeat},
		{"the same tag with other bytes: the first wins", &first, changed, differs},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := decide(test.known, test.now); got != test.want {
				t.Errorf("decide = %v, want %v", got, test.want)
			}
		})
	}
}

// Whatever is delivered in whatever order and however often, as Kafka may: the
// contents that pass are those of one candidate.
func TestGatePassesOneContentPerTag(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		log := map[[3]int64]gateEntry{} // what stands at given coordinates never changes
		var table *gateEntry
		var passed [][16]byte
		for range rapid.IntRange(1, 30).Draw(t, "deliveries") {
			entry := entryGenerator.Draw(t, "candidate")
			at := [3]int64{int64(entry.topic), int64(entry.partition), entry.offset}
			if earlier, ok := log[at]; ok {
				entry = earlier
			}
			log[at] = entry
			if decide(table, entry) == pass {
				table = &entry
				passed = append(passed, entry.hash)
			}
		}
		if len(passed) == 0 {
			t.Fatal("nothing passed")
		}
		for _, hash := range passed {
			if hash != passed[0] {
				t.Fatal("two contents passed for one tag")
			}
		}
	})
}
