package match

import (
	"encoding/binary"
	"slices"
)

// scan looks up every field of fields that some condition asks for, and
// touches the atoms that its values lead to.
func (e *Engine) scan(fields *Fields, s *Scratch, slots []slot, generation uint32, scope bool) {
	resolved := 0
	if fields.of == e {
		resolved = len(fields.ids)
	}
	for i := range fields.list {
		f := &fields.list[i]
		id := int32(unknownField)
		if i < resolved {
			id = fields.ids[i]
		} else if known, ok := e.names[f.Name]; ok {
			id = known
		}
		if id >= 0 {
			slots[id] = slot{generation: generation, values: f.Values}
		}
		s.scanField(id, f.Values, scope)
	}
}

// scanField touches what a field's values lead to in each shard that accepts
// the event. A value is folded once for all of them.
func (s *Scratch) scanField(id int32, values []Value, scope bool) {
	lookups := s.active.plan(id)
	texts := false
	for i := range lookups {
		st, x := lookups[i].st, lookups[i].index
		if x.present != 0 {
			st.layer(scope).touch(st.shard, x.present)
		}
		if x.valued != 0 && len(values) > 0 {
			st.layer(scope).touch(st.shard, x.valued)
		}
		texts = texts || x.texts
	}
	if !texts {
		return
	}
	for i := range values {
		s.text = slices.Grow(foldValue(s.text[:0], values[i]), gramRead)
		for i := range lookups {
			if st, x := lookups[i].st, lookups[i].index; x.texts {
				x.search(s.text, st.layer(scope), st.shard)
			}
		}
	}
}

func (st *state) layer(scope bool) *layer {
	if scope {
		return &st.scope
	}
	return &st.base
}

// foldValue appends the fold of the part of v that is looked at.
func foldValue(dst []byte, v Value) []byte {
	if v.kind == KindText {
		return foldText(dst, capText(v.text))
	}
	at := len(dst)
	dst = v.AppendText(dst)
	for i := at; i < len(dst); i++ {
		dst[i] = lower[dst[i]&0x7f] // ASCII; capitals in NaN and +Inf only
	}
	return dst
}

// foldText is appendFold that takes eight bytes at a time as long as they are
// ASCII.
func foldText(dst []byte, text string) []byte {
	const high, ones = 0x8080808080808080, 0x0101010101010101
	at := len(dst)
	dst = append(dst, text...)
	for ; at+8 <= len(dst); at += 8 {
		w := binary.LittleEndian.Uint64(dst[at:])
		if w&high != 0 {
			break
		}
		// Per byte: the high bit of upper is set from 'A' on, that of above
		// from behind 'Z' on; a capital has the first only.
		upper, above := w+(0x80-'A')*ones, w+(0x80-'Z'-1)*ones
		binary.LittleEndian.PutUint64(dst[at:], w|(upper&^above&high)>>2)
	}
	if at == len(dst) {
		return dst
	}
	return appendFold(dst[:at], text[len(text)-(len(dst)-at):])
}
