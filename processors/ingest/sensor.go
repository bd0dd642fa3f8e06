package ingest

import (
	"bytes"
	"net/netip"

	"github.com/ttpstream/ttpstream/schemas"
)

// sensor is a format of one JSON object a record. Its values stand in files of
// their own; everything that they share is here.
//
// The id of a record is made of its canonical JSON, without what a shipper
// added (shipped). A record of which decode makes several facts gives each its
// own part: 0 is the record as a whole, and each entry of a list in it has its
// place, counted from 1.
type sensor struct {
	// name is the word for --format.
	name string
	// has reports whether an object is of this sensor, by names and kinds that
	// no other sensor's has.
	has func(*object) bool
	// decode adds the record's facts, or refuses it.
	decode func(*sensorEvent)
	// coarse says that the sensor's clock is coarser than a millisecond, so
	// that identical records of one file are counted apart.
	coarse bool
	// split returns the records that an object only wraps, nil where it is one
	// itself. Nil: it always is.
	split func(*object) [][]byte
}

// Name implements [Source].
func (s sensor) Name() string { return s.name }

// Detect implements [Source].
func (s sensor) Detect(line []byte) bool {
	var o object
	return o.parse(line) == nil && unwrap(&o, s.holds) == nil && s.holds(&o)
}

// NewDecoder implements [Source].
func (s sensor) NewDecoder() Decoder {
	return &sensorDecoder{sensor: s, words: words{}, seen: newOrdinals(maxOrdinals)}
}

// holds reports whether an object is a record, or wraps several.
func (s sensor) holds(o *object) bool {
	return s.has(o) || s.split != nil && s.split(o) != nil
}

type sensorDecoder struct {
	sensor    sensor
	object    object
	canonical []byte
	facts     []Fact
	words     words
	seen      *ordinals
}

// Decode implements [Decoder].
func (d *sensorDecoder) Decode(line []byte) ([]Fact, error) {
	if err := d.object.parse(line); err != nil {
		return nil, err
	}
	if err := unwrap(&d.object, d.sensor.has); err != nil {
		return nil, err
	}
	if !d.sensor.has(&d.object) {
		return nil, refuse(ReasonForeignEvent, "the object has not the members of "+d.sensor.name)
	}
	d.canonical = d.object.appendCanonical(d.canonical[:0], shipped(d.sensor.name))
	e := &sensorEvent{reader: reader{object: &d.object, words: d.words}, name: d.sensor.name, canonical: d.canonical, facts: d.facts[:0]}
	if d.sensor.coarse {
		e.ordinal = d.seen.next(schemas.EventID(d.canonical, schemas.EventPart{}))
	}
	d.sensor.decode(e)
	d.facts = e.facts
	return e.result()
}

// Learn implements [Decoder].
func (d *sensorDecoder) Learn(line []byte) {
	if d.sensor.coarse {
		_, _ = d.Decode(line) // a record that Decode would refuse teaches no more than Decode learns of it
	}
}

// Split implements splitter.
func (d *sensorDecoder) Split(line []byte) [][]byte {
	if d.sensor.split == nil || d.object.parse(line) != nil {
		return nil
	}
	return d.sensor.split(&d.object)
}

// sensorEvent is one record on its way to facts.
type sensorEvent struct {
	reader
	name      string
	canonical []byte
	ordinal   int
	envelope  schemas.Envelope
	srcIP     string
	facts     []Fact
}

// as returns the envelope of one of the record's facts.
func (e *sensorEvent) as(kind schemas.SourceKind, part int) schemas.Envelope {
	envelope := e.envelope
	envelope.SourceKind = kind
	envelope.EventID = schemas.EventID(e.canonical, schemas.EventPart{Index: part, Ordinal: e.ordinal})
	return envelope
}

func (e *sensorEvent) add(fact Fact) { e.facts = append(e.facts, fact) }

func (e *sensorEvent) result() ([]Fact, error) {
	if e.refusal != nil {
		return nil, e.refusal
	}
	for _, fact := range e.facts {
		if err := fact.Validate(); err != nil {
			return nil, refuseInvalid(err)
		}
	}
	if len(e.facts) == 0 {
		return nil, refuse(ReasonNoEvent, "the record tells of nothing that anybody did")
	}
	return e.facts, nil
}

// from takes who did it from a member that holds an address.
func (e *sensorEvent) from(name string) { e.fromText(e.word(name), name) }

func (e *sensorEvent) fromText(text, name string) {
	if e.refusal != nil {
		return
	}
	if text == "" {
		e.refuse(ReasonNoSource, "the record has no "+name)
		return
	}
	addr, err := netip.ParseAddr(text)
	if err != nil {
		e.refuse(ReasonBadSource, "the "+name+" is no IP address")
		return
	}
	e.srcIP = text
	e.envelope.AttackerUUID = schemas.AttackerID(addr)
}

// sub returns a reader of an object among the members, or an empty one.
func (e *sensorEvent) sub(name string) *reader {
	inner := &reader{object: new(object), words: e.words}
	m := e.member(name)
	if m == nil {
		return inner
	}
	if m.kind != kindObject {
		e.refuse(ReasonWrongType, name+" is "+m.kind.String()+" and no object")
		return inner
	}
	if err := inner.object.parse(m.text); err != nil {
		e.refuse(ReasonNotJSON, name+" is malformed")
	}
	return inner
}

// taken is for what inner refused.
func (e *sensorEvent) taken(inner *reader) {
	if e.refusal == nil {
		e.refusal = inner.refusal
	}
}

// text of a member by names that releases and shippers gave it, the first that
// is there.
func (e *reader) either(names ...string) string {
	for _, name := range names {
		if e.member(name) != nil {
			return e.text(name)
		}
	}
	return ""
}

// hasKind reports whether an object has a member of that kind.
func hasKind(o *object, name string, kind valueKind) bool {
	m := o.get(name)
	return m != nil && m.kind == kind
}

func hasStrings(o *object, names ...string) bool {
	for _, name := range names {
		if !hasKind(o, name, kindString) {
			return false
		}
	}
	return true
}

// eventNamed reports whether eventid begins with a sensor's prefix.
func eventNamed(o *object, prefix string) bool {
	m := o.get("eventid")
	return m != nil && m.kind == kindString && bytes.HasPrefix(m.text, []byte(prefix))
}
