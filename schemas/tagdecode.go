package schemas

import (
	"fmt"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
)

// A tag is decoded twice on its way, by the gate and by whoever reads it, and
// more often than any other record. So it is decoded member by member, by the
// same rules as [unmarshal] and in half the time.

// UnmarshalJSON decodes a tag, its evidence by its source kind.
func (t *Tag) UnmarshalJSON(raw []byte) error { return unmarshal(raw, t) }

// UnmarshalJSONFrom is UnmarshalJSON for a decoder.
func (t *Tag) UnmarshalJSONFrom(decoder *jsontext.Decoder) error {
	if open, err := decoder.ReadToken(); err != nil {
		return err
	} else if open.Kind() != '{' {
		return fmt.Errorf("a tag is an object, not %s", open.Kind())
	}
	var evidence jsontext.Value
	for decoder.PeekKind() != '}' {
		name, err := decoder.ReadValue() // a name is a value too, and a token would allocate
		if err != nil {
			return err
		}
		member := memberOf(name)
		value, err := decoder.ReadValue()
		if err != nil {
			return err
		}
		if member == memberEvidence {
			evidence = append(evidence[:0], value...) // valid until the next read only
		} else if err := t.set(member, value); err != nil {
			return fmt.Errorf("%s: %w", tagMembers[member], err)
		}
	}
	if _, err := decoder.ReadToken(); err != nil {
		return err
	}
	decoded, err := decodeEvidence(t.SourceKind, evidence)
	if err != nil {
		return err
	}
	t.Evidence = decoded
	return nil
}

// set gives a member of a tag its value. null is the zero value, as anywhere.
func (t *Tag) set(member int, value jsontext.Value) error {
	if into := t.text(member); into != nil {
		return decodeText(into, value)
	}
	var err error
	switch member {
	case memberUUID:
		err = decodeUUID(&t.UUID, value)
	case memberAttacker:
		err = decodeUUID(&t.AttackerUUID, value)
	case memberIdentity:
		err = decodeUUID(&t.IdentityUUID, value)
	case memberSourceKind:
		err = decodeText((*string)(&t.SourceKind), value)
	case memberConfidence:
		err = unmarshal(value, &t.Confidence)
	case memberRuleVersion:
		t.RuleVersion, err = strconv.ParseInt(string(value), 10, 64)
		if err != nil {
			err = unmarshal(value, &t.RuleVersion) // null, or an error in the words of all others
		}
	case memberCreatedAt:
		err = unmarshal(value, &t.CreatedAt)
	}
	return err
}

// text returns the field of a member that is text, nil for any other.
func (t *Tag) text(member int) *string {
	switch member {
	case memberSourceID:
		return &t.SourceID
	case memberSession:
		return &t.SessionID
	case memberSensor:
		return &t.Sensor
	case memberTactic:
		return &t.Tactic
	case memberTechnique:
		return &t.TechniqueID
	case memberSubTechnique:
		return &t.SubTechniqueID
	case memberRuleID:
		return &t.RuleID
	case memberRuleHash:
		return &t.RuleHash
	case memberRelease:
		return &t.AttackRelease
	}
	return nil
}

// decodeText decodes a string. Most have no escapes.
func decodeText(into *string, value jsontext.Value) error {
	if value.Kind() != '"' {
		return unmarshal(value, into)
	}
	for _, c := range value[1 : len(value)-1] {
		if c == '\\' {
			return unmarshal(value, into)
		}
	}
	*into = string(value[1 : len(value)-1])
	return nil
}

func decodeUUID(into *uuid.UUID, value jsontext.Value) (err error) {
	if value.Kind() != '"' {
		return unmarshal(value, into)
	}
	*into, err = uuid.ParseBytes(value[1 : len(value)-1])
	return err
}
