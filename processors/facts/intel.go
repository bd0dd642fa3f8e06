package facts

import (
	"strings"

	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
)

// LiftIntel lifts what a provider says of an address. Its score, where it gave
// one that is mapped, is also the event's weight, so that what a provider doubts
// is doubted here. A score of 0 speaks for the address: then the facts hold no
// category and no tag, and no rule about them can match. Out is reset first.
func LiftIntel(ev *schemas.IntelEvent, out *match.Event) {
	out.Reset()
	out.SourceKind = schemas.KindIntelVerdict
	f := &out.Base
	addText(f, "intel.provider", ev.Provider)
	addText(f, "intel.verdict", ev.Verdict)
	addText(f, "sensor", ev.Sensor)
	if ev.Score != nil {
		f.AddFloat("intel.score", *ev.Score)
		if *ev.Score == 0 {
			return
		}
		out.Weight = *ev.Score
	}
	for _, category := range ev.Categories {
		f.Add("intel.categories", valid(category))
	}
	for _, tag := range ev.Tags {
		f.Add("intel.tags", strings.ToLower(valid(tag)))
	}
	addText(f, "intel.malware_family", ev.MalwareFamily)
	addText(f, "intel.threat_type", ev.ThreatType)
}
