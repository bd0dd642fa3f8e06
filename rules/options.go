package rules

import (
	"errors"

	"github.com/ttpstream/ttpstream/rules/document"
	"github.com/ttpstream/ttpstream/schemas/attack"
)

// Catalogue is one release of ATT&CK.
type Catalogue interface {
	// Check returns nil if a tag may carry these ids, and an error for the
	// rule's author otherwise; a *attack.CheckError says most. subTechnique is
	// empty for none.
	Check(tactic, technique, subTechnique string) error
}

// Options are what a text is checked against. The zero value is the embedded
// catalogues.
type Options struct {
	// Catalogue returns the release that a rule names, or an error that says
	// which there are. Defaults to attack.Release.
	Catalogue func(release string) (Catalogue, error)
	// Release is the ATT&CK release that Sigma rules are read against, which
	// name none. Defaults to attack.DefaultRelease.
	Release string
	// Unrouted makes Sigma rules judge every event that is taken as it is,
	// whatever its log source. Rules about what must not be there then match
	// logs they were never meant for: it is for comparisons. Facts, whose source
	// is known, are routed all the same.
	Unrouted bool
}

func (o Options) catalogue(release string) (Catalogue, error) {
	if o.Catalogue != nil {
		return o.Catalogue(release)
	}
	c, err := attack.Release(release)
	if err != nil {
		return nil, err
	}
	return c, nil
}

// checks of emits against the catalogue, by what is wrong.
var attackChecks = []struct {
	err   error
	check string
}{
	{attack.ErrTactic, "attack/tactic"},
	{attack.ErrRetired, "attack/retired"},
	{attack.ErrParent, "attack/parent"},
	{attack.ErrNotHeld, "attack/not-held"},
	{attack.ErrTechnique, "attack/technique"},
}

// attackProblem places what the catalogue says about an emit.
func attackProblem(r *document.Reader, emit *document.Node, err error) {
	at, check := emit, "attack/technique"
	for _, c := range attackChecks {
		if errors.Is(err, c.err) {
			check = c.check
			break
		}
	}
	var wrong *attack.CheckError
	if errors.As(err, &wrong) {
		for _, value := range emit.Values {
			if value.Text == wrong.ID {
				at = value // the last one: sub_technique_id stands behind technique_id
			}
		}
		if errors.Is(err, attack.ErrNotHeld) {
			if tactic, ok := emit.Get("tactic"); ok {
				at = tactic
			}
		}
	}
	r.Errorf(at, check, "", "%s", err)
}
