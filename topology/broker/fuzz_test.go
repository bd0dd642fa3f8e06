package broker

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// FuzzReadSegment reads anything as a segment: what it takes for batches are
// whole batches in a row, and what it does not is where they end.
func FuzzReadSegment(f *testing.F) {
	one, two := emptyBatch(3, 0, 0), oddBatch(0, 1)
	two[7] = 9 // its offset
	f.Add(append(bytes.Clone(one), two...))
	f.Add(append(bytes.Clone(two), one...)) // out of order
	f.Add(append(bytes.Clone(one), two[:40]...))
	f.Add(make([]byte, 200))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, raw []byte) {
		path := filepath.Join(dir, dataName(0))
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		var read []byte
		next := int64(0)
		bad, err := readSegment(path, 0, func(h header, b []byte) error {
			if h.offset < next || !intact(b, next) {
				t.Fatalf("batch at %d after %d", h.offset, next)
			}
			next = h.next()
			read = append(read, b...)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.HasPrefix(raw, read) || (bad == nil) != (len(read) == len(raw)) || bad != nil && bad.at != int64(len(read)) {
			t.Fatalf("read %d of %d bytes, damage %+v", len(read), len(raw), bad)
		}
	})
}

// FuzzFrames reads anything as a log of entries; what it reads, written again,
// is what it read.
func FuzzFrames(f *testing.F) {
	f.Add(appendFrame(appendFrame(nil, []byte("{}")), []byte(`{"type":"init"}`)))
	f.Add([]byte{2, 0, 0, 0})
	f.Fuzz(func(t *testing.T, raw []byte) {
		var again []byte
		rest := raw
		for data, n := nextFrame(rest, len(rest)); n > 0; data, n = nextFrame(rest, len(rest)) {
			again = appendFrame(again, data)
			rest = rest[n:]
		}
		if !bytes.Equal(again, raw[:len(raw)-len(rest)]) {
			t.Fatalf("%q became %q", raw[:len(raw)-len(rest)], again)
		}
	})
}

// FuzzKeep compacts a batch of anything: it stays as it is if it is no row of
// records, and otherwise loses only records of keys that come again.
func FuzzKeep(f *testing.F) {
	records := encodeRecord(encodeRecord(nil, kmsg.Record{Key: []byte("a"), Value: []byte("1")}), kmsg.Record{OffsetDelta: 1, Key: []byte("b"), TimestampDelta64: 5, TimestampDelta: 5})
	for codec := range codecs {
		packed, attrs, err := compress(records, int16(codec))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(packed, attrs, int32(2), int32(1))
	}
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0x0f, 1}, int16(0), int32(1), int32(0))
	f.Fuzz(func(t *testing.T, records []byte, attrs int16, count, lastDelta int32) {
		b := plainBatch()
		b.FirstOffset, b.Attributes, b.NumRecords, b.LastOffsetDelta, b.Records = 7, attrs&^attrControl, count, lastDelta, records
		raw := encodeBatch(b)
		k, err := newKeeper(&dataDir{}, &partition{})
		if err != nil {
			t.Fatal(err)
		}
		defer k.close()
		k.end = 1 << 40
		k.keys[keyHash([]byte("a"))] = 1 << 41
		before, badly := k.decoder.records(raw)
		out, err := k.batch(parseHeader(raw), raw)
		if err != nil {
			t.Fatal(err)
		}
		if badly != nil {
			if !bytes.Equal(out, raw) {
				t.Fatal("what cannot be read was changed")
			}
			return
		}
		var want, got []kmsg.Record
		expired := attrs&attrDeleteHorizon != 0 && b.FirstTimestamp <= k.now
		for _, r := range before {
			if string(r.Key) != "a" && !(expired && r.Value == nil && r.Key != nil) {
				want = append(want, r)
			}
		}
		base := b.FirstTimestamp
		if out != nil {
			if got, err = k.decoder.records(out); err != nil || !intact(out, 7) {
				t.Fatalf("wrote what cannot be read: %v", err)
			}
			base = parseHeader(out).baseTime
		}
		if diff := cmp.Diff(plain(want, b.FirstTimestamp), plain(got, base)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// plain are records with their timestamps written out.
func plain(records []kmsg.Record, base int64) []kmsg.Record {
	var out []kmsg.Record
	for _, r := range records {
		r.Length, r.TimestampDelta, r.TimestampDelta64 = 0, 0, r.TimestampDelta64+base
		out = append(out, r)
	}
	return out
}
