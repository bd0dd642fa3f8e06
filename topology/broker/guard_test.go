package broker

import (
	"bytes"
	"encoding/binary"
	"io"
	"log/slog"
	"net"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// frame is a request's bytes with a length of our choice.
func frame(length uint32, key int16, body string) []byte {
	b := binary.BigEndian.AppendUint32(nil, length)
	b = binary.BigEndian.AppendUint16(b, uint16(key))
	return append(b, body...)
}

// What is no Kafka client is hung up on, at no cost to those that are.
func TestStrangersAreHungUpOn(t *testing.T) {
	t.Parallel()
	b := start(t, Options{})
	for name, hello := range map[string][]byte{
		"a browser":                      []byte("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
		"a length of 4 GiB":              frame(1<<32-1, 3, "\x00\x05"),
		"a length of nothing":            frame(0, 3, "\x00\x05"),
		"an unknown key":                 frame(10, 999, "\x00\x01\x00\x00\x00\x00\xff\xff"),
		"a negative key":                 frame(10, -1, "\x00\x01\x00\x00\x00\x00\xff\xff"),
		"a broken produce request":       frame(14, 0, "\x00\x09\x00\x00\x00\x00\xff\xff\x00\xff\xff\xff"),
		"a produce of a version to come": frame(14, 0, "\x7f\xff\x00\x00\x00\x00\xff\xff\x00\xff\xff\xff"),
		"a broken fetch request":         frame(14, 1, "\x00\x0b\x00\x00\x00\x00\xff\xff\x00\xff\xff\xff"),
	} {
		c, err := net.Dial("tcp", b.Addrs()[0])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Write(hello); err != nil {
			t.Fatal(err)
		}
		if got, _ := io.ReadAll(c); len(got) != 0 { // an error is an end, too
			t.Errorf("%s was answered %q", name, got)
		}
		c.Close()
	}
	if err := client(t, b.Addrs()).Ping(testContext(t)); err != nil {
		t.Errorf("a client afterwards: %v", err)
	}
}

// FuzzGuard sends anything through a guard: it hands on what it takes as it
// is, apart from spoilt checksums, and takes nothing that kfake would die of.
func FuzzGuard(f *testing.F) {
	f.Add([]byte("GET / HTTP/1.1\r\n\r\n"), uint8(3))
	f.Add(frame(10, 3, "\x00\x05\x00\x00\x00\x00\xff\xff"), uint8(1))
	f.Add(frame(12, 0, "\x00\x09\x00\x00\x00\x00\xff\xff\x00\x00"), uint8(200))
	d, err := newDecoder()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, in []byte, chunk uint8) {
		if len(in) >= 4 && binary.BigEndian.Uint32(in) > 1<<20 && binary.BigEndian.Uint32(in) <= maxRequestBytes {
			t.Skip("a produce request as large as it says: allowed, and slow")
		}
		g := guard{log: slog.New(slog.DiscardHandler), decoder: d}
		var out []byte
		p := make([]byte, int(chunk)+1)
		for r := bytes.NewReader(in); ; {
			n, err := g.read(pipe{Reader: r}, p)
			out = append(out, p[:n]...)
			if err != nil {
				break
			}
		}
		if len(out) > len(in) {
			t.Fatalf("%d bytes made of %d", len(out), len(in))
		}
		for at := 0; at+6 <= len(out); {
			size := int(binary.BigEndian.Uint32(out[at:]))
			if size < 8 || kmsg.RequestForKey(int16(binary.BigEndian.Uint16(out[at+4:]))) == nil {
				t.Fatalf("passed %q", out[at:])
			}
			at += 4 + size
		}
	})
}

// pipe is a connection that is only read from.
type pipe struct {
	net.Conn
	io.Reader
}

func (p pipe) Read(b []byte) (int, error) { return p.Reader.Read(b) }
func (pipe) RemoteAddr() net.Addr         { return &net.TCPAddr{} }

// Batches that are not what they say are refused, each by itself, and kfake
// gets none that would kill it.
func TestMalformedBatchesAreRefused(t *testing.T) {
	t.Parallel()
	b := start(t, Options{})
	createTopic(t, b.Addrs(), "t", 1)
	cl := client(t, b.Addrs())
	for name, spoil := range map[string]func(*kmsg.RecordBatch){
		"LogAppendTime":    func(b *kmsg.RecordBatch) { b.Attributes = attrLogAppendTime },
		"no records":       func(b *kmsg.RecordBatch) { b.NumRecords, b.LastOffsetDelta = 0, -1 },
		"a negative count": func(b *kmsg.RecordBatch) { b.NumRecords, b.LastOffsetDelta = -5, -6 },
		"too few":          func(b *kmsg.RecordBatch) { b.NumRecords, b.LastOffsetDelta = 2, 1 },
		"no record":        func(b *kmsg.RecordBatch) { b.Records = []byte("what is this") },
		"a long record":    func(b *kmsg.RecordBatch) { b.Records = []byte{0xfe, 0xff, 0xff, 0xff, 0x0f, 0} },
		"not compressed":   func(b *kmsg.RecordBatch) { b.Attributes = 4 },
		"a bomb": func(b *kmsg.RecordBatch) {
			b.Records, b.Attributes, _ = compress(bytes.Repeat([]byte{0}, maxInflated+1), 4)
		},
	} {
		batch := plainBatch()
		spoil(&batch)
		if code := produceRaw(t, cl, "t", encodeBatch(batch)); code != kerr.CorruptMessage.Code {
			t.Errorf("%s: code %d, want %d", name, code, kerr.CorruptMessage.Code)
		}
	}
	produce(t, cl, []*kgo.Record{record("t", "a", "1")})
	if _, err := kadm.NewClient(cl).ListOffsetsAfterMilli(testContext(t), 1, "t"); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]string{"0 a=1"}, texts(readAll(t, cl, "t", 0))); diff != "" {
		t.Error(diff)
	}
}

func TestBrokerSettingsAreRefusedOnDisk(t *testing.T) {
	t.Parallel()
	b := start(t, Options{DataDir: t.TempDir()})
	createTopic(t, b.Addrs(), "t", 1)
	cl := client(t, b.Addrs())
	adm := kadm.NewClient(cl)
	v := "1"
	cleaner := []kadm.AlterConfig{{Name: "log.cleaner.backoff.ms", Value: &v}}
	resp, err := adm.AlterBrokerConfigs(testContext(t), cleaner)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(kerr.PolicyViolation.Message, resp[0].Err.(*kerr.Error).Message); diff != "" {
		t.Errorf("incremental: %s", diff)
	}
	resp, err = adm.AlterBrokerConfigsState(testContext(t), cleaner)
	if err != nil {
		t.Fatal(err)
	}
	if resp[0].Err == nil {
		t.Error("settings of the broker were set")
	}
	for range 2 { // a topic's may be, again and again
		resp, err = adm.AlterTopicConfigs(testContext(t), []kadm.AlterConfig{{Name: "retention.ms", Value: &v}}, "t")
		if err != nil || resp[0].Err != nil {
			t.Errorf("settings of a topic: %v, %v", err, resp[0].Err)
		}
	}
	if err := cl.ProduceSync(testContext(t), &kgo.Record{Topic: "t"}).FirstErr(); err != nil {
		t.Error(err)
	}
}
