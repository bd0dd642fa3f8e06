package projections

import (
	"maps"
	"slices"
	"strings"

	"github.com/ttpstream/ttpstream/projections/printable"
)

// summary writes the numbers that everything below is a part of.
func (p *page) summary(r *Report) {
	p.read(&r.Intake)
	p.events(&r.Intake)
	topics := make([][]span, 0, len(r.Intake.ByTopic))
	for _, topic := range slices.Sorted(maps.Keys(r.Intake.ByTopic)) {
		topics = append(topics, []span{{plain, safe(topic) + " "}, {bold, number(r.Intake.ByTopic[topic])}})
	}
	if len(topics) > 0 {
		p.items(label("Published"), topics...)
	}
	if r.Totals.Tags == 0 {
		p.items(label("Found"), text(noTags(&r.Intake)))
		return
	}
	p.found(r)
}

func label(text string) span { return span{faint, printable.Left(text, labelWidth)} }

// text makes an item of plain text.
func text(s string) []span { return []span{{plain, s}} }

func (p *page) read(in *Intake) {
	sum := in.Total()
	if len(in.Files) == 0 {
		p.items(label("Read"), text("nothing"))
		return
	}
	items := [][]span{text(inputs(in.Files, p.width/2))}
	if sum.Lines > 0 {
		items = append(items, text(of(sum.Lines, "line", "lines")))
	}
	if sum.Blank > 0 {
		items = append(items, text(number(sum.Blank)+" blank"))
	}
	items = append(items, text(size(sum.Bytes)))
	if in.Elapsed > 0 {
		items = append(items, text(elapsed(in.Elapsed)), text(number(int64(float64(sum.Read)/in.Elapsed.Seconds()))+" events/s"))
	}
	p.items(label("Read"), items...)
}

// inputs names the input when there is one, else says how many there are.
func inputs(files []FileIntake, width int) string {
	switch {
	case len(files) > 1:
		return of(int64(len(files)), "file", "files")
	case files[0].Name == "-":
		return "standard input"
	}
	return printable.CutLeft(safe(files[0].Name), width)
}

func (p *page) events(in *Intake) {
	sum := in.Total()
	refused := span{plain, number(sum.Refused) + " refused"}
	if sum.Refused > 0 {
		refused.style = yellow
	}
	line := []span{label("Events"), {bold, number(sum.Read)}, {plain, " read = " + number(sum.Published) + " published + "}, refused}
	if missing := in.Missing(); missing != 0 {
		line = append(line, span{red, " + " + number(missing) + " unaccounted for (a bug)"})
	}
	p.line(line...)
}

func (p *page) found(r *Report) {
	t := &r.Totals
	p.items(label("Found"),
		[]span{{bold, of(t.Tags, "tag", "tags")}},
		[]span{{plain, number(t.Likely) + " likely (confidence ≥ " + confidence(r.LikelyConfidence) + ")"}},
		[]span{{bold, of(int64(t.Techniques), "technique", "techniques")}, {plain, " in " + of(int64(t.Tactics), "tactic", "tactics")}},
		text(t.Attackers.of("attacker", "attackers")), text(t.Sessions.of("session", "sessions")))
	const layout = "2006-01-02 15:04:05"
	p.items(label("Seen"), text(t.FirstSeen.Format(layout)+" to "+t.LastSeen.Format(layout)+" UTC"))
	var notes [][]span
	if t.IdentityOnly > 0 {
		notes = append(notes, text(of(t.IdentityOnly, "tag names", "tags name")+" an identity and no attacker"))
	}
	if others := slices.DeleteFunc(slices.Clone(r.TagReleases), func(s string) bool { return s == r.AttackRelease }); len(others) > 0 {
		notes = append(notes, text("some tags are of "+safe(strings.Join(others, ", "))))
	}
	if len(notes) > 0 {
		p.items(label("Note"), notes...)
	}
}

// noTags says why there may be none.
func noTags(in *Intake) string {
	published := in.Total().Published
	switch {
	case published == 0:
		return "no tags: there was no event to judge"
	case in.Rules == 0:
		return "no tags: " + of(published, "event", "events") + " and no rule in force to judge them by"
	default:
		return "no tags: " + of(published, "event", "events") + " judged by " + of(int64(in.Rules), "rule", "rules")
	}
}

// files lists the inputs when there are several.
func (p *page) files(files []FileIntake, o TextOptions) {
	if len(files) < 2 {
		return
	}
	const events, refused, blank, bytes = 12, 10, 8, 12
	name := p.width - 2 - events - refused - blank - bytes
	p.heading(span{bold, printable.Left("FILES", name+2)}, span{faint, printable.Right("EVENTS", events) +
		printable.Right("REFUSED", refused) + printable.Right("BLANK", blank) + printable.Right("SIZE", bytes)})
	n := shown(len(files), o.MaxRows)
	for _, f := range files[:n] {
		refusedStyle := faint
		if f.Refused > 0 {
			refusedStyle = yellow
		}
		p.line(span{plain, "  " + printable.Left(printable.CutLeft(safe(f.Name), name), name)},
			span{plain, printable.Right(number(f.Read), events)}, span{refusedStyle, printable.Right(number(f.Refused), refused)},
			span{faint, printable.Right(number(f.Blank), blank) + printable.Right(size(f.Bytes), bytes)})
	}
	if n < len(files) {
		rest := Intake{Files: files[n:]}
		p.line(span{faint, "  … " + of(int64(len(files)-n), "more file", "more files") + " with " + of(rest.Total().Read, "event", "events")})
	}
}
