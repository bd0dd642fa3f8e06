package topology

// Role is one duty in the system: who it is, what it reads and what it writes.
type Role struct {
	// Name is the role's name: a word of the command line, the picture and the logs.
	Name string
	// Class names roles that differ in what they read alone. Empty for a role that is like no other.
	Class string
	// Outside says that the role is played by people or by other programs.
	Outside bool
	// Group is the consumer group whose committed offsets say how far the role has come. Empty for a role that
	// has none.
	Group Group
	// Reads are the topics it consumes as a group; Follows those that every instance reads whole, from the
	// start.
	Reads, Follows []Topic
	// Writes are the topics it produces to.
	Writes []Topic
	// Doc says what the role does, in one line.
	Doc string
}

// Groups of the roles below. A name is an identity on the broker: changing one starts the group anew, from the
// oldest record.
var (
	RegistrarGroup       = Group{Name: "ttp.registrar"}
	CommandTaggerGroup   = Group{Name: "ttp.command-tagger"}
	AuthTaggerGroup      = Group{Name: "ttp.auth-tagger"}
	SessionTaggerGroup   = Group{Name: "ttp.session-tagger"}
	TransferTaggerGroup  = Group{Name: "ttp.transfer-tagger"}
	HTTPTaggerGroup      = Group{Name: "ttp.http-tagger"}
	EmailTaggerGroup     = Group{Name: "ttp.email-tagger"}
	CanaryTaggerGroup    = Group{Name: "ttp.canary-tagger"}
	IntelTaggerGroup     = Group{Name: "ttp.intel-tagger"}
	BehaviourTaggerGroup = Group{Name: "ttp.behaviour-tagger"}
	// The offsets of these two are in the projector's database; the broker only shares partitions out.
	ProjectorGroup     = Group{Name: "ttp.projector"}
	RuleProjectorGroup = Group{Name: "ttp.rule-projector"}
	GateGroup          = Group{Name: "ttp.gate", Table: true, Doc: "tag uuid to the candidate that was let through; entries never expire"}
)

// Roles is the map on one screen: every edge of the running system.
func Roles() []Role {
	return []Role{
		{Name: "operators", Outside: true, Writes: []Topic{Rules, RuleState, Retractions},
			Doc: "people and their tools: publish rules, switch and clip them, take verdicts back"},
		{Name: "rule-directory", Writes: []Topic{Rules},
			Doc: "publishes the rule files of a directory as they change"},
		{Name: "ingest", Writes: []Topic{AttackerCommand, AttackerAuth, AttackerSession, AttackerTransfer, AttackerHTTP, AttackerIntel, EmailReceived, CanaryTriggered, AttackerBehaviour, DeadLetter},
			Doc: "the front door: sensor logs become facts"},
		{Name: "registrar", Group: RegistrarGroup, Reads: []Topic{Rules, RuleState, Retractions}, Follows: []Topic{RuleHistory},
			Writes: []Topic{RuleHistory, RuleStatus, Tagged},
			Doc:    "admits or refuses every change of rules and states; one instance is active"},
		tagger("command-tagger", CommandTaggerGroup, AttackerCommand),
		tagger("auth-tagger", AuthTaggerGroup, AttackerAuth),
		tagger("session-tagger", SessionTaggerGroup, AttackerSession),
		tagger("transfer-tagger", TransferTaggerGroup, AttackerTransfer),
		tagger("http-tagger", HTTPTaggerGroup, AttackerHTTP),
		tagger("email-tagger", EmailTaggerGroup, EmailReceived),
		tagger("canary-tagger", CanaryTaggerGroup, CanaryTriggered),
		tagger("intel-tagger", IntelTaggerGroup, AttackerIntel),
		tagger("behaviour-tagger", BehaviourTaggerGroup, AttackerBehaviour),
		{Name: "gate", Group: GateGroup, Reads: []Topic{Candidate, CandidateRun}, Writes: []Topic{Tagged, RuleFired, DeadLetter},
			Doc: "lets a tag through once"},
		{Name: "projector", Group: ProjectorGroup, Reads: []Topic{Tagged, AttackerIdentity}, Writes: []Topic{DeadLetter},
			Doc: "writes tags, retractions and rollups into a database"},
		{Name: "rule-projector", Group: RuleProjectorGroup, Reads: []Topic{RuleHistory}, Writes: []Topic{DeadLetter},
			Doc: "writes rules, all their versions, and their states into the same database"},
	}
}

// tagger is the shape all taggers share: one fact topic, judged under the rules in force.
func tagger(name string, group Group, facts Topic) Role {
	return Role{Name: name, Class: "taggers", Group: group, Reads: []Topic{facts}, Follows: []Topic{RuleHistory},
		Writes: []Topic{Candidate, RuleApplied, RuleStatus, RuleSuppressed, DeadLetter},
		Doc:    "lifts " + facts.Name + " to facts and judges them by the rules in force"}
}

// Changelogs lists the topics behind the tables of all groups.
func Changelogs() []Topic {
	var logs []Topic
	for _, r := range Roles() {
		if r.Group.Table {
			logs = append(logs, r.Group.Changelog())
		}
	}
	return logs
}

// RoleNamed finds a role by name; ok is false when there is none.
func RoleNamed(name string) (role Role, ok bool) {
	for _, r := range Roles() {
		if r.Name == name {
			return r, true
		}
	}
	return Role{}, false
}
