package ingest

import (
	"fmt"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Whatever a daemon and logrotate do between two looks, and wherever the
// reader is killed and goes on from its checkpoint, no line is missed. Without
// a kill none is read twice, either, and they come in order.
func TestTailMissesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp("", "tail")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		m := &tailMachine{t: t, log: newLog(t, dir)}
		m.tail = m.log.tail()
		m.log.line(1) // a log that was rotated away before anybody looked is not looked for
		m.some(1)
		steps := rapid.SliceOfN(rapid.SampledFrom([]string{
			"line", "line", "lines", "half", "rename", "copytruncate", "compress", "look", "look", "some", "checkpoint", "kill",
		}), 1, 40).Draw(t, "steps")
		for _, step := range steps {
			m.do(step)
		}
		m.finishLine()
		m.log.line(1)
		m.look()
		m.tail.close()
		m.judge()
	})
}

type tailMachine struct {
	t      *rapid.T
	log    *logFile
	tail   *tail
	saved  *checkpoint
	half   bool // a line is begun
	halves int
	plain  []string // rotated files that are not compressed
	read   []string
	killed bool
}

func (m *tailMachine) do(step string) {
	switch step {
	case "line":
		m.finishLine()
		m.log.line(1)
	case "lines":
		m.finishLine()
		m.log.line(60) // more than a file's head
	case "half":
		m.finishLine()
		m.half = true
		m.log.raw(m.start())
	case "rename":
		m.finishLine()
		m.plain = append(m.plain, m.log.rename())
	case "copytruncate":
		m.finishLine()
		m.plain = append(m.plain, m.log.copyTruncate())
	case "compress":
		if len(m.plain) > 0 {
			m.log.compress(m.plain[0])
			m.plain = m.plain[1:]
		}
	case "look":
		m.look()
	case "some":
		m.some(rapid.IntRange(1, 5).Draw(m.t, "lines"))
	case "checkpoint":
		if c := m.tail.position(); c != nil {
			m.saved = c
		}
	case "kill":
		m.killed = true
		m.log.check(m.tail.close())
		m.tail = m.log.tail()
		m.log.check(m.tail.resume(m.saved))
	}
}

func (m *tailMachine) start() string { return fmt.Sprintf("half %06d of", m.halves) }

func (m *tailMachine) finishLine() {
	if m.half {
		m.half = false
		m.log.raw(" a line\n")
		m.log.written = append(m.log.written, m.start()+" a line")
		m.halves++
	}
}

func (m *tailMachine) look() { m.read = append(m.read, drain(m.t, m.tail)...) }

func (m *tailMachine) some(n int) {
	for range n {
		l, known, err := m.tail.next()
		if err == errIdle {
			return
		}
		m.log.check(err)
		if m.saved == nil {
			m.saved = m.tail.positionBefore(&l)
		}
		if !known {
			m.read = append(m.read, string(l.text))
		}
	}
}

func (m *tailMachine) judge() {
	if !m.killed {
		if diff := cmp.Diff(m.log.written, m.read); diff != "" {
			m.t.Fatalf("lines (-written +read):\n%s", diff)
		}
		return
	}
	read := map[string]int{}
	for _, text := range m.read {
		read[text]++
	}
	written := map[string]int{}
	for _, text := range m.log.written {
		written[text]++
	}
	for text, n := range written {
		if read[text] < n {
			m.t.Fatalf("%q was read %d times of %d", text, read[text], n)
		}
	}
	for text := range read {
		if written[text] == 0 {
			m.t.Fatalf("%q was never written", text)
		}
	}
}
