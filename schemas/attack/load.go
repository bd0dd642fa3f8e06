package attack

import (
	"fmt"
	"io/fs"
	"strings"
)

// load parses the tables of one release and links them.
func load(name string) (*Catalogue, error) {
	c := &Catalogue{
		release:       name,
		tacticAt:      map[string]int{},
		techniqueAt:   map[string]int{},
		retired:       map[string]Retired{},
		predecessorOf: map[string][]string{},
	}
	for _, table := range []struct {
		file string
		min  int
		max  int
		row  func(columns []string) error
	}{
		{name + "/tactics.tsv", 4, 4, c.addTactic},
		{name + "/techniques.tsv", 5, 5, c.addTechnique},
		{name + "/retired.tsv", 3, 5, c.addRetired},
	} {
		if err := eachRow(data, "data/"+table.file, table.min, table.max, table.row); err != nil {
			return nil, fmt.Errorf("ATT&CK release %s: %w", name, err)
		}
	}
	if err := c.loadGroups(); err != nil {
		return nil, fmt.Errorf("ATT&CK release %s: %w", name, err)
	}
	return c, nil
}

// maxColumns is the width of the widest table.
const maxColumns = 5

// eachRow calls row for every line of a tab-separated table that is no comment,
// with columns cut from the file's own memory. A row of least columns or more
// is filled up to most; others are errors that name file and line.
func eachRow(from fs.FS, file string, least, most int, row func(columns []string) error) error {
	raw, err := fs.ReadFile(from, file)
	if err != nil {
		return err
	}
	number := 0
	for line := range strings.Lines(string(raw)) {
		number++
		line = strings.TrimSuffix(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		var columns [maxColumns]string
		width := strings.Count(line, "\t") + 1
		if width < least || width > most {
			return fmt.Errorf("%s:%d: %d columns, want %d to %d", file, number, width, least, most)
		}
		for i := range width {
			columns[i], line, _ = strings.Cut(line, "\t")
		}
		if err := row(columns[:most]); err != nil {
			return fmt.Errorf("%s:%d: %w", file, number, err)
		}
	}
	return nil
}

func (c *Catalogue) addTactic(col []string) error {
	t := Tactic{ID: col[0], ShortName: col[1], Name: col[2]}
	t.STIXID, t.STIXDerived = stixID("x-mitre-tactic--", col[3])
	c.tacticAt[t.ID], c.tacticAt[t.ShortName] = len(c.tactics), len(c.tactics)
	c.tactics = append(c.tactics, t)
	return nil
}

func (c *Catalogue) addTechnique(col []string) error {
	t := Technique{
		ID: col[0], Name: col[1],
		Tactics: strings.Split(col[2], ","), Platforms: strings.Split(col[3], ","),
	}
	if parent, _, isSub := strings.Cut(t.ID, "."); isSub {
		t.Parent = parent
		if _, ok := c.techniqueAt[parent]; !ok {
			return fmt.Errorf("%s stands before its parent", t.ID)
		}
	}
	for _, tactic := range t.Tactics {
		if _, ok := c.Tactic(tactic); !ok {
			return fmt.Errorf("%s: no tactic %q", t.ID, tactic)
		}
	}
	t.STIXID, t.STIXDerived = stixID("attack-pattern--", col[4])
	c.techniqueAt[t.ID] = len(c.techniques)
	c.techniques = append(c.techniques, t)
	return nil
}

func (c *Catalogue) addRetired(col []string) error {
	r := Retired{ID: col[0], Name: col[1], Reason: Reason(col[2]), Successor: col[3], Note: col[4]}
	if _, ok := c.techniqueAt[r.ID]; ok {
		return fmt.Errorf("%s is retired and exists", r.ID)
	}
	if r.Successor != "" {
		if _, ok := c.techniqueAt[r.Successor]; !ok {
			return fmt.Errorf("%s: successor %s does not exist", r.ID, r.Successor)
		}
		c.predecessorOf[r.Successor] = append(c.predecessorOf[r.Successor], r.ID)
	}
	c.retired[r.ID] = r
	return nil
}

// stixID reads the STIX column: a bare UUID, behind '~' when it is derived.
func stixID(prefix, column string) (id string, derived bool) {
	bare, derived := strings.CutPrefix(column, "~")
	return prefix + bare, derived
}
