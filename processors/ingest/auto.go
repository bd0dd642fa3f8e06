package ingest

import "bytes"

// auto is whichever source recognises a record. It keeps to the first that
// did, and asks the others again only about a record that this one refuses: a
// file may hold what several sensors wrote, each in its own decoder.
type auto struct{ more []Source }

// AutoWith returns [Auto]'s source that knows more formats, such as mappings;
// they are asked before its own.
func AutoWith(more ...Source) Source { return auto{more: more} }

func (auto) Name() string { return Auto }

func (a auto) Detect(line []byte) bool { return a.recognise(line) != nil }

func (a auto) NewDecoder() Decoder { return &autoDecoder{auto: a, decoders: map[string]Decoder{}} }

func (a auto) recognise(line []byte) Source {
	for _, s := range a.more {
		if s.Detect(line) {
			return s
		}
	}
	for _, s := range Sources() {
		if s.Detect(line) {
			return s
		}
	}
	return nil
}

type autoDecoder struct {
	auto     auto
	chosen   Source
	decoders map[string]Decoder
}

// decoder returns the one decoder of this file for a source.
func (d *autoDecoder) decoder(s Source) Decoder {
	if d.decoders[s.Name()] == nil {
		d.decoders[s.Name()] = s.NewDecoder()
	}
	return d.decoders[s.Name()]
}

// Decode implements [Decoder].
func (d *autoDecoder) Decode(line []byte) ([]Fact, error) {
	if d.chosen == nil {
		if d.chosen = d.auto.recognise(line); d.chosen == nil {
			return nil, refuseUnknown(line)
		}
	}
	facts, err := d.decoder(d.chosen).Decode(line)
	if err == nil {
		return facts, nil
	}
	if other := d.auto.recognise(line); other != nil && other.Name() != d.chosen.Name() {
		return d.decoder(other).Decode(line)
	}
	return nil, err
}

func refuseUnknown(line []byte) error {
	if line[0] == '#' {
		return refuse(ReasonNoEvent, "a comment before the first line that says what format this is")
	}
	return refuse(ReasonUnknownFormat, "no source recognises this line, nor any line before it")
}

// Learn implements [Decoder]. Cowrie's lines, the many, have a fast way.
func (d *autoDecoder) Learn(line []byte) {
	if _, ok := d.chosen.(Cowrie); ok && bytes.Contains(line, []byte(`"cowrie.`)) {
		d.decoder(d.chosen).Learn(line)
		return
	}
	_, _ = d.Decode(line)
}

// Split implements splitter.
func (d *autoDecoder) Split(line []byte) [][]byte {
	s := d.chosen
	if s == nil {
		s = d.auto.recognise(line)
	}
	if s == nil {
		return nil
	}
	if split, ok := d.decoder(s).(splitter); ok {
		return split.Split(line)
	}
	return nil
}
