package schemas

import "time"

// BehaviourEvent is a verdict about how an attacker behaves, ours or an
// outside profiler's, on topic attacker.behaviour.
type BehaviourEvent struct {
	Envelope
	// Class is what the behaviour is called: brute_force, scanning,
	// beaconing, hands_on_keyboard, script …
	Class string `json:"class"`
	// ToolGuesses are names of tools that would behave so, such as hydra.
	ToolGuesses []string `json:"tool_guesses,omitempty"`
	// Confidence is the profiler's, in [0,1].
	Confidence float64 `json:"confidence"`
	// WindowStart and WindowEnd bound what was looked at.
	WindowStart time.Time `json:"window_start,omitzero"`
	WindowEnd   time.Time `json:"window_end,omitzero"`
	// Profiler names who judged, such as ttpstream.
	Profiler string `json:"profiler,omitempty"`
}

// Validate returns every problem of the record, joined, or nil.
func (e *BehaviourEvent) Validate() error {
	var c check
	e.Envelope.check(&c, KindBehaviour, KindScan)
	c.required("class", e.Class, MaxShortText)
	c.list("tool_guesses", e.ToolGuesses, MaxShortText)
	c.unit("confidence", e.Confidence)
	c.spelled("window_start", e.WindowStart)
	c.spelled("window_end", e.WindowEnd)
	c.short("profiler", e.Profiler)
	return c.result()
}
