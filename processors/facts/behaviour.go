package facts

import (
	"strings"

	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
)

// LiftBehaviour lifts a verdict about how an attacker behaves, ours or an
// outside profiler's. The profiler's confidence is the event's weight. Out is
// reset first.
func LiftBehaviour(ev *schemas.BehaviourEvent, out *match.Event) {
	out.Reset()
	out.SourceKind = schemas.KindBehaviour
	if ev.SourceKind == schemas.KindScan {
		out.SourceKind = schemas.KindScan
	}
	out.Weight = ev.Confidence
	f := &out.Base
	addText(f, "behaviour.class", strings.ToLower(ev.Class))
	for _, tool := range ev.ToolGuesses {
		f.Add("behaviour.tools", strings.ToLower(valid(tool)))
	}
	f.AddFloat("behaviour.confidence", ev.Confidence)
	addText(f, "behaviour.profiler", ev.Profiler)
	if !ev.WindowStart.IsZero() && ev.WindowEnd.After(ev.WindowStart) {
		f.AddFloat("behaviour.window", ev.WindowEnd.Sub(ev.WindowStart).Seconds())
	}
	addText(f, "sensor", ev.Sensor)
}
