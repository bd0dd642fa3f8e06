package navigator

// The versions that a layer of ours names.
const (
	// FormatVersion is the version of the layer format.
	FormatVersion = "4.5"
	// navigatorVersion is that of the Navigator whose documentation of the
	// format this follows. Navigators read layers of any 4.x format version
	// and do not compare this number; the format asks for at least 4.9.0.
	navigatorVersion = "5.2.0"
)

// Layer is a layer file. Fields stand in the order of the file; those that the
// format has and that are not here keep the Navigator's defaults (all
// platforms, for one).
type Layer struct {
	Name        string   `json:"name"`
	Versions    Versions `json:"versions"`
	Domain      string   `json:"domain"`
	Description string   `json:"description"`
	// Sorting is the order of techniques within a tactic: 3, by score, highest
	// first.
	Sorting int    `json:"sorting"`
	Layout  Layout `json:"layout"`
	// HideDisabled hides disabled techniques. We disable none.
	HideDisabled bool         `json:"hideDisabled"`
	Techniques   []Technique  `json:"techniques"`
	Gradient     Gradient     `json:"gradient"`
	LegendItems  []LegendItem `json:"legendItems"`
	Metadata     []Metadata   `json:"metadata"`
	Links        []Link       `json:"links"`
	// ShowTacticRowBackground colours the row of tactics.
	ShowTacticRowBackground bool   `json:"showTacticRowBackground"`
	TacticRowBackground     string `json:"tacticRowBackground"`
	// The three say what else a click selects.
	SelectTechniquesAcrossTactics bool `json:"selectTechniquesAcrossTactics"`
	SelectSubtechniquesWithParent bool `json:"selectSubtechniquesWithParent"`
	SelectVisibleTechniques       bool `json:"selectVisibleTechniques"`
}

// Versions names what the layer was made for. Attack is the major number of
// the ATT&CK release.
type Versions struct {
	Attack    string `json:"attack"`
	Navigator string `json:"navigator"`
	Layer     string `json:"layer"`
}

// Layout is how the matrix is drawn.
type Layout struct {
	Layout                string `json:"layout"`
	AggregateFunction     string `json:"aggregateFunction"`
	ShowID                bool   `json:"showID"`
	ShowName              bool   `json:"showName"`
	ShowAggregateScores   bool   `json:"showAggregateScores"`
	CountUnscored         bool   `json:"countUnscored"`
	ExpandedSubtechniques string `json:"expandedSubtechniques"`
}

// Technique annotates a technique or sub-technique under one tactic.
type Technique struct {
	TechniqueID string `json:"techniqueID"`
	// Tactic is the tactic's short name.
	Tactic string `json:"tactic"`
	// Score is in [0,100]; nil: unscored, and without a colour.
	Score             *int       `json:"score,omitempty"`
	Color             string     `json:"color"`
	Comment           string     `json:"comment"`
	Enabled           bool       `json:"enabled"`
	Metadata          []Metadata `json:"metadata"`
	Links             []Link     `json:"links"`
	ShowSubtechniques bool       `json:"showSubtechniques"`
}

// Gradient maps scores to colours.
type Gradient struct {
	Colors   []string `json:"colors"`
	MinValue int      `json:"minValue"`
	MaxValue int      `json:"maxValue"`
}

// LegendItem explains a colour.
type LegendItem struct {
	Label string `json:"label"`
	Color string `json:"color"`
}

// Metadata is a name and a value. The Navigator drops it when one is empty.
type Metadata struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Link is a label and where it leads.
type Link struct {
	Label string `json:"label"`
	URL   string `json:"url"`
}
