package schemas

import "strings"

// checkTechnique checks the form of ATT&CK ids. Whether they exist and belong
// together is for the catalogue of the release to say.
func checkTechnique(c *check, tactic, technique, subTechnique string) {
	if !isTacticID(tactic) {
		c.add("tactic: %q is no tactic id (such as TA0002)", tactic)
	}
	if !isTechniqueID(technique) {
		c.add("technique_id: %q is no technique id (such as T1059)", technique)
	}
	if subTechnique == "" {
		return
	}
	parent, number, found := strings.Cut(subTechnique, ".")
	if !found || len(number) != 3 || !isDigits(number) || parent != technique {
		c.add("sub_technique_id: %q is no sub-technique of %s (such as T1059.004)", subTechnique, technique)
	}
}

func isTacticID(id string) bool {
	return len(id) == 6 && strings.HasPrefix(id, "TA") && isDigits(id[2:])
}

func isTechniqueID(id string) bool {
	return len(id) == 5 && id[0] == 'T' && isDigits(id[1:])
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
