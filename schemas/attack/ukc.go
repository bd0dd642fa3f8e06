package attack

// Phase is a phase of the Unified Kill Chain, spelt like an ATT&CK short name.
type Phase string

// The eighteen phases, in the order of an attack.
const (
	PhaseReconnaissance      Phase = "reconnaissance"
	PhaseResourceDevelopment Phase = "resource-development"
	PhaseDelivery            Phase = "delivery"
	PhaseSocialEngineering   Phase = "social-engineering"
	PhaseExploitation        Phase = "exploitation"
	PhasePersistence         Phase = "persistence"
	PhaseDefenseEvasion      Phase = "defense-evasion"
	PhaseCommandAndControl   Phase = "command-and-control"
	PhasePivoting            Phase = "pivoting"
	PhaseDiscovery           Phase = "discovery"
	PhasePrivilegeEscalation Phase = "privilege-escalation"
	PhaseExecution           Phase = "execution"
	PhaseCredentialAccess    Phase = "credential-access"
	PhaseLateralMovement     Phase = "lateral-movement"
	PhaseCollection          Phase = "collection"
	PhaseExfiltration        Phase = "exfiltration"
	PhaseImpact              Phase = "impact"
	PhaseObjectives          Phase = "objectives"
)

var phases = [...]Phase{
	PhaseReconnaissance, PhaseResourceDevelopment, PhaseDelivery, PhaseSocialEngineering, PhaseExploitation,
	PhasePersistence, PhaseDefenseEvasion, PhaseCommandAndControl, PhasePivoting, PhaseDiscovery,
	PhasePrivilegeEscalation, PhaseExecution, PhaseCredentialAccess, PhaseLateralMovement, PhaseCollection,
	PhaseExfiltration, PhaseImpact, PhaseObjectives,
}

// phaseOf is what a tag's tactic says about the kill chain. TA0043 and TA0042
// are missing on purpose: see UKCPhases. TA0001 is delivery alone; whether the
// way in was social engineering or exploitation is the technique's to say.
var phaseOf = map[string][]Phase{
	"TA0001": {PhaseDelivery},
	"TA0002": {PhaseExecution},
	"TA0003": {PhasePersistence},
	"TA0004": {PhasePrivilegeEscalation},
	"TA0005": {PhaseDefenseEvasion},
	"TA0112": {PhaseDefenseEvasion},
	"TA0006": {PhaseCredentialAccess},
	"TA0007": {PhaseDiscovery},
	"TA0008": {PhaseLateralMovement},
	"TA0009": {PhaseCollection},
	"TA0011": {PhaseCommandAndControl},
	"TA0010": {PhaseExfiltration},
	"TA0040": {PhaseImpact},
}

// tacticOf is the inverse, with its losses.
var tacticOf = map[Phase][]string{
	PhaseReconnaissance:      {"TA0043"},
	PhaseResourceDevelopment: {"TA0042"},
	PhaseDelivery:            {"TA0001"},
	PhasePersistence:         {"TA0003"},
	PhaseDefenseEvasion:      {"TA0005"},
	PhaseCommandAndControl:   {"TA0011"},
	PhaseDiscovery:           {"TA0007"},
	PhasePrivilegeEscalation: {"TA0004"},
	PhaseExecution:           {"TA0002"},
	PhaseCredentialAccess:    {"TA0006"},
	PhaseLateralMovement:     {"TA0008"},
	PhaseCollection:          {"TA0009"},
	PhaseExfiltration:        {"TA0010"},
	PhaseImpact:              {"TA0040"},
}

// Phases returns every phase of the Unified Kill Chain in the order of an attack.
func Phases() []Phase { return append([]Phase(nil), phases[:]...) }

// PreTarget says whether the phase is over before anything reaches the target,
// so that no sensor can have seen it: reconnaissance and resource development.
func (p Phase) PreTarget() bool {
	return p == PhaseReconnaissance || p == PhaseResourceDevelopment
}

// UKCPhases returns the phases of the Unified Kill Chain that a tag with this
// tactic belongs to, in any release: one, or none. A tag is something a sensor
// saw, so it never yields a pre-target phase: TA0043 and TA0042 have none, nor
// has an unknown tactic. TA0005 and TA0112, which v19 made of Defense Evasion,
// are both PhaseDefenseEvasion. Shared: do not change it.
func UKCPhases(tacticID string) []Phase { return phaseOf[tacticID] }

// TacticsOf returns the tactics that stand for a phase when one has to be
// named. It is lossy, and not the way to find the tags of a phase (for that,
// ask UKCPhases of each tag's tactic):
//
//   - PhaseDefenseEvasion gives TA0005 alone, which exists in every release.
//   - The pre-target phases give TA0043 and TA0042, which do not lead back.
//   - Social engineering, exploitation, pivoting and objectives have no tactic
//     of their own and give none.
//
// Shared: do not change it.
func TacticsOf(p Phase) []string { return tacticOf[p] }
