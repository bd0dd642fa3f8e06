package projections_test

import (
	"strings"
	"testing"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/projections/navigator"
)

// The layer of a report, as `scan --navigator` writes it. That the Navigator
// takes such layers is checked where they are made.
func TestLayerGolden(t *testing.T) {
	t.Parallel()
	for name, report := range map[string]*projections.Report{"night": nightReport(t), "hostile": hostileReport(t)} {
		var b strings.Builder
		layer := navigator.NewLayer("scan: "+name, "", catalogue(t), report.Scores())
		if err := navigator.Write(&b, layer); err != nil {
			t.Fatal(err)
		}
		golden(t, name+"-layer.json", b.String())
	}
}
