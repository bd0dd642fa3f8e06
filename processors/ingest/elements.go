package ingest

import "bytes"

// elements returns the values of a JSON list as written. The list is
// well-formed: an object was parsed that holds it.
func elements(list []byte) [][]byte {
	var found [][]byte
	o := object{line: list, at: 1}
	for {
		o.space()
		if o.peek() == ',' {
			o.at++
			continue
		}
		if o.peek() == ']' || o.at >= len(list) {
			return found
		}
		start := o.at
		var m member
		if o.parseValue(&m) != nil || o.at == start {
			return found
		}
		found = append(found, list[start:o.at])
	}
}

// looseText returns the text of a JSON value: of a string what it says, of a
// number or a boolean how it is written, of anything else nothing.
func looseText(raw []byte) string {
	o := object{line: bytes.TrimSpace(raw)}
	var m member
	if o.parseValue(&m) != nil || m.kind == kindNull || m.kind == kindArray || m.kind == kindObject {
		return ""
	}
	return string(m.text)
}
