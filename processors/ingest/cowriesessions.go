package ingest

// session is what the lines of a session are completed from.
type session struct {
	srcIP, protocol, sensor string
	// inputSeen says that the session has logged an input.
	inputSeen bool
}

// maxSessionSize bounds the texts of one session, in bytes. Real ones take
// less than a hundred.
const maxSessionSize = 1024

// sessionTable remembers the sessions of one file, the latest limit of them.
// It holds a function of the file's lines so far: a file that is read again,
// or learnt up to an offset, leaves the same table.
type sessionTable struct {
	limit    int
	sessions map[string]session
	order    []string // a ring once it is full; next is the oldest then
	next     int
}

func newSessionTable(limit int) *sessionTable {
	return &sessionTable{limit: limit, sessions: map[string]session{}}
}

func (t *sessionTable) get(id string) session { return t.sessions[id] }

// put remembers a session, in place of the oldest where there is no room. A
// session keeps its age when it is put again.
func (t *sessionTable) put(id string, s session) {
	if id == "" || len(id)+len(s.srcIP)+len(s.protocol)+len(s.sensor) > maxSessionSize {
		return
	}
	if _, known := t.sessions[id]; !known {
		if len(t.order) < t.limit {
			t.order = append(t.order, id)
		} else {
			delete(t.sessions, t.order[t.next])
			t.order[t.next] = id
			t.next = (t.next + 1) % t.limit
		}
	}
	t.sessions[id] = s
}
