package rules

import (
	"fmt"
	"strings"

	"github.com/ttpstream/ttpstream/schemas"
)

func (f *Fold) admitRule(p Publication) Admission {
	if p.Value == nil {
		return f.admitRemoval(p)
	}
	content := string(p.Value)
	unit, problems := f.parse(p.Key, []byte(content))
	if unit == nil {
		return Admission{Refused: problems}
	}
	if unit.ID != p.Key {
		return refused("key", fmt.Sprintf("the record's key is %.128q, the document's id %q", p.Key, unit.ID),
			"publish under the document's id")
	}
	if problems := f.checkVersions(unit); len(problems) > 0 {
		return Admission{Refused: problems}
	}
	if inForce, ok := f.units[p.Key]; ok && inForce.Hash == unit.Hash {
		return ignored("version %d of %s is in force already", unit.Version, unit.ID)
	}
	if problems := f.fits(unit); len(problems) > 0 {
		return Admission{Refused: problems}
	}
	change := schemas.ChangeRule
	if strings.HasPrefix(unit.ID, listPrefix) {
		change = schemas.ChangeList
	}
	return Admission{Record: &schemas.RuleHistory{Change: change, Content: content, Version: unit.Version, Hash: unit.Hash}}
}

// checkVersions compares version and hash of each rule in a text with the
// highest that was ever published of that rule.
func (f *Fold) checkVersions(unit *Unit) Problems {
	var problems Problems
	for _, rule := range unit.entries() {
		highest := f.highest[rule.id]
		hint := fmt.Sprintf("publish the text with rule_version %d", highest.Version+1)
		at := Problem{File: unit.File, Check: "version", Severity: SeverityError, Hint: hint}
		if version, ok := rule.node.Get("rule_version"); ok {
			at.Line, at.Column = version.Line, version.Column
		}
		switch {
		case rule.version < highest.Version:
			at.Message = fmt.Sprintf("%s: version %d is below %d, which was published already", rule.id, rule.version, highest.Version)
			problems = append(problems, at)
		case rule.version == highest.Version && unit.Hash != highest.Hash:
			at.Message = fmt.Sprintf("%s: version %d was published with other content (sha256 %.12s, now %.12s)", rule.id, rule.version, highest.Hash, unit.Hash)
			problems = append(problems, at)
		}
	}
	return problems
}

func (f *Fold) admitRemoval(p Publication) Admission {
	unit, inForce := f.units[p.Key]
	if _, broken := f.broken[p.Key]; !inForce && !broken {
		return ignored("nothing is published under %.128q", p.Key)
	}
	if inForce {
		if problems := f.breaks(unit, nil); len(problems) > 0 {
			return Admission{Refused: problems}
		}
	}
	return Admission{Record: &schemas.RuleHistory{Change: schemas.ChangeRemoval}}
}
