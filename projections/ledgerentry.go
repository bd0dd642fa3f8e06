package projections

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
)

// Entry is one record that a ledger keeps. Exactly one of Tag, Retraction,
// Change and Link is set.
type Entry struct {
	Offset     int64
	Tag        *TagRow
	Retraction *schemas.Retraction
	// Change is of ttp.rule.history; its revision is Offset.
	Change *schemas.RuleHistory
	// Link is of attacker.identity.
	Link *Link
}

// DecodeEntry decodes a record of ttp.tagged, ttp.rule.history or
// attacker.identity. An error says that it is no record of ours; it is for the
// dead letters.
func DecodeEntry(r topology.Record) (Entry, error) {
	switch r.Topic {
	case topology.Tagged.Name:
		return decodeTagged(r)
	case topology.RuleHistory.Name:
		change, err := schemas.Decode[schemas.RuleHistory](r.Value)
		return Entry{Offset: r.Offset, Change: change}, err
	case topology.AttackerIdentity.Name:
		link, err := decodeLink(r)
		return Entry{Offset: r.Offset, Link: link}, err
	}
	return Entry{}, fmt.Errorf("topic %s has nothing for a ledger", r.Topic)
}

func decodeTagged(r topology.Record) (Entry, error) {
	tag, retraction, err := schemas.DecodeTagged(r.Value)
	if err != nil || retraction != nil {
		return Entry{Offset: r.Offset, Retraction: retraction}, err
	}
	row := rowOf(tag)
	if row.Evidence, err = rawEvidence(r.Value); err != nil {
		return Entry{}, err
	}
	sum := sha256.Sum256(r.Value)
	row.Content = int64(binary.BigEndian.Uint64(sum[:8]))
	row.TaggedPartition, row.TaggedOffset = r.Partition, r.Offset
	row.headers(r)
	return Entry{Offset: r.Offset, Tag: row}, nil
}

// rowOf copies what the tag itself says.
func rowOf(tag *schemas.Tag) *TagRow {
	return &TagRow{
		UUID: tag.UUID,
		// Versions count from 1, so no tag has this id.
		Finding: schemas.TagID(schemas.TagIdentity{
			SourceKind: tag.SourceKind, SourceID: tag.SourceID, RuleID: tag.RuleID,
			TechniqueID: tag.TechniqueID, SubTechniqueID: tag.SubTechniqueID,
		}),
		SourceKind: string(tag.SourceKind), SourceID: clean(tag.SourceID),
		AttackerUUID: tag.AttackerUUID, IdentityUUID: tag.IdentityUUID,
		SessionID: ShortID(tag.SessionID), Sensor: ShortID(tag.Sensor),
		Tactic: tag.Tactic, TechniqueID: tag.TechniqueID, SubTechniqueID: tag.SubTechniqueID,
		Step: StepOf(tag.Confidence), RuleID: clean(tag.RuleID), RuleVersion: tag.RuleVersion, RuleHash: clean(tag.RuleHash),
		AttackRelease: clean(tag.AttackRelease), CreatedAt: Nanoseconds(tag.CreatedAt),
	}
}

// headers adds what travels beside the tag.
func (t *TagRow) headers(r topology.Record) {
	t.Origin = short(r.Header(schemas.HeaderOrigin))
	t.RunID = short(r.Header(schemas.HeaderRunID))
	t.Revision = -1
	if revision, err := strconv.ParseInt(string(r.Header(schemas.HeaderRevision)), 10, 64); err == nil && revision >= 0 {
		t.Revision = revision
	}
	if topic, partition, offset, err := coordinates(short(r.Header(schemas.HeaderSource))); err == nil {
		t.SourceTopic, t.SourcePartition, t.SourceOffset = topic, partition, offset
	}
}

// coordinates reads topic/partition/offset.
func coordinates(source string) (topic string, partition int32, offset int64, err error) {
	parts := strings.Split(source, "/")
	if len(parts) != 3 || parts[0] == "" {
		return "", 0, 0, errors.New("no topic/partition/offset")
	}
	p, errPartition := strconv.ParseInt(parts[1], 10, 32)
	offset, errOffset := strconv.ParseInt(parts[2], 10, 64)
	return parts[0], int32(p), offset, errors.Join(errPartition, errOffset)
}

// rawEvidence returns the value of the field as it stands in the record.
func rawEvidence(raw []byte) (string, error) {
	var fields struct {
		Evidence jsontext.Value `json:"evidence"`
	}
	if err := jsonv2.Unmarshal(raw, &fields); err != nil {
		return "", fmt.Errorf("evidence: %w", err)
	}
	return string(fields.Evidence), nil
}

// clean makes text fit for every database.
func clean(text string) string { return strings.ReplaceAll(text, "\x00", "␀") }

// longID is the longest id that is stored as it is, in bytes. No sensor writes
// longer ones, and no index takes them.
const longID = 128

// ShortID returns what a session or a sensor is called in a ledger: its name,
// or the hash of one that is longer than 128 bytes.
func ShortID(id string) string {
	if id = clean(id); len(id) <= longID {
		return id
	}
	sum := sha256.Sum256([]byte(id))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// short is clean for what no schema has checked.
func short(raw []byte) string {
	if len(raw) > schemas.MaxShortText {
		raw = raw[:schemas.MaxShortText]
	}
	return clean(strings.ToValidUTF8(string(raw), "\uFFFD"))
}
