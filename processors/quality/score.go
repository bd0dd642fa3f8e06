package quality

import (
	"cmp"
	"slices"
)

// Thresholds are the confidences at which everything is counted.
var Thresholds = [...]float64{0.3, 0.6}

// Figures count the cases of a set, or of a part of one.
type Figures struct {
	// Labelled are the cases with a wanted technique; Exact and Parent of them
	// got it, by threshold.
	Labelled      int
	Exact, Parent [len(Thresholds)]int
	// Pairs are the distinct techniques named in labelled cases; of them
	// RightExact and RightParent were wanted.
	Pairs, RightExact, RightParent [len(Thresholds)]int
	// Harmless are the cases without a wanted technique; Tagged of them got a
	// tag that counts, Tags in all.
	Harmless     int
	Tagged, Tags [len(Thresholds)]int
}

// Result is what a judge made of a set.
type Result struct {
	Set *Set
	// All are the figures of the whole set, Tuned of what rules may be tuned
	// on, Held of what is held out.
	All, Tuned, Held Figures
	// What follows leaves held-out cases out.
	//
	// Techniques are the figures of labelled cases by wanted technique, sorted.
	Techniques []TechniqueFigures
	// Outcomes are those of the single cases, in their order.
	Outcomes []Outcome
	// Noise counts, per rule and technique, the harmless cases tagged.
	Noise []Noise
}

// TechniqueFigures are the figures of one wanted technique.
type TechniqueFigures struct {
	Technique string
	Figures
}

// Outcome is what was said about one case.
type Outcome struct {
	Case *Case
	// Tags are the best per technique, most confident first.
	Tags []Tag
	// Exact and Parent are the best confidence that named a wanted technique,
	// 0 for none.
	Exact, Parent float64
}

// Noise is how often a rule spoke about something harmless.
type Noise struct {
	Rule, Technique string
	Confidence      float64
	Cases           int
}

// Score judges every case of a set. Errors: a case that cannot be lifted.
func Score(set *Set, judge Judge) (*Result, error) {
	result := &Result{Set: set}
	byTechnique := map[string]*Figures{}
	noise := map[Noise]int{}
	for i := range set.Cases {
		c := &set.Cases[i]
		outcome, err := judged(c, judge)
		if err != nil {
			return nil, err
		}
		result.All.add(set, &outcome)
		if c.HeldOut() {
			result.Held.add(set, &outcome)
			continue
		}
		result.Tuned.add(set, &outcome)
		result.Outcomes = append(result.Outcomes, outcome)
		for _, want := range c.Want {
			if byTechnique[want] == nil {
				byTechnique[want] = new(Figures)
			}
			byTechnique[want].add(set, &outcome)
		}
		if len(c.Want) == 0 {
			for _, tag := range outcome.Tags {
				noise[Noise{Rule: tag.Rule, Technique: tag.Technique, Confidence: tag.Confidence}]++
			}
		}
	}
	result.sort(byTechnique, noise)
	return result, nil
}

// sort puts what was counted in maps into a fixed order.
func (r *Result) sort(byTechnique map[string]*Figures, noise map[Noise]int) {
	for technique, figures := range byTechnique {
		r.Techniques = append(r.Techniques, TechniqueFigures{technique, *figures})
	}
	slices.SortFunc(r.Techniques, func(a, b TechniqueFigures) int { return cmp.Compare(a.Technique, b.Technique) })
	for n, cases := range noise {
		n.Cases = cases
		r.Noise = append(r.Noise, n)
	}
	slices.SortFunc(r.Noise, func(a, b Noise) int {
		return cmp.Or(cmp.Compare(b.Cases, a.Cases), cmp.Compare(a.Rule, b.Rule),
			cmp.Compare(a.Technique, b.Technique), cmp.Compare(b.Confidence, a.Confidence))
	})
}

// judged judges the events of a case and keeps the best tag per technique.
func judged(c *Case, judge Judge) (Outcome, error) {
	o := Outcome{Case: c}
	best := map[string]Tag{}
	for _, ev := range c.Events {
		tags, err := judge(ev)
		if err != nil {
			return o, err
		}
		for _, tag := range tags {
			if tag.Confidence > best[tag.Technique].Confidence {
				best[tag.Technique] = tag
			}
		}
	}
	for _, tag := range best {
		o.Tags = append(o.Tags, tag)
		for _, want := range c.Want {
			if tag.Technique == want {
				o.Exact = max(o.Exact, tag.Confidence)
			}
			if parent(tag.Technique) == parent(want) {
				o.Parent = max(o.Parent, tag.Confidence)
			}
		}
	}
	slices.SortFunc(o.Tags, func(a, b Tag) int {
		return cmp.Or(cmp.Compare(b.Confidence, a.Confidence), cmp.Compare(a.Technique, b.Technique))
	})
	return o, nil
}

// add counts one outcome.
func (f *Figures) add(set *Set, o *Outcome) {
	if len(o.Case.Want) == 0 {
		f.addHarmless(set, o)
		return
	}
	f.Labelled++
	for i, threshold := range Thresholds {
		if o.Exact >= threshold {
			f.Exact[i]++
		}
		if o.Parent >= threshold {
			f.Parent[i]++
		}
		for _, tag := range o.Tags {
			if tag.Confidence < threshold {
				continue
			}
			f.Pairs[i]++
			if slices.Contains(o.Case.Want, tag.Technique) {
				f.RightExact[i]++
			}
			if slices.ContainsFunc(o.Case.Want, func(want string) bool { return parent(want) == parent(tag.Technique) }) {
				f.RightParent[i]++
			}
		}
	}
}

func (f *Figures) addHarmless(set *Set, o *Outcome) {
	f.Harmless++
	for i, threshold := range Thresholds {
		tags := 0
		for _, tag := range o.Tags {
			if tag.Confidence >= threshold && set.counts(tag.Technique) {
				tags++
			}
		}
		f.Tags[i] += tags
		if tags > 0 {
			f.Tagged[i]++
		}
	}
}
