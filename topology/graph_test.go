package topology_test

import (
	"testing"

	"github.com/lovoo/goka"
	"github.com/lovoo/goka/codec"
	"github.com/ttpstream/ttpstream/topology"
)

func TestCheckGraph(t *testing.T) {
	t.Parallel()
	c := topology.Cluster{Namespace: "lab"}
	role := topology.Role{Name: "r", Group: topology.Group{Name: "g", Table: true, Doc: "d"},
		Reads: []topology.Topic{topology.Candidate}, Writes: []topology.Topic{topology.Tagged, topology.RuleStatus}}
	input := goka.Input(c.Stream(topology.Candidate), new(codec.String), func(goka.Context, any) {})
	output := goka.Output(c.Stream(topology.Tagged), new(codec.String))
	table := goka.Persist(new(codec.String))

	if err := topology.CheckGraph(c, role, goka.DefineGroup(c.Group(role.Group), input, output, table), topology.RuleStatus); err != nil {
		t.Errorf("a graph like its role is refused: %v", err)
	}
	for want, graph := range map[string]*goka.GroupGraph{
		"the graph's group is lab.other":  goka.DefineGroup("lab.other", input, output, table),
		"having a table is false":         goka.DefineGroup("lab.g", input, output),
		"writes [] and the map says":      goka.DefineGroup("lab.g", input, table),
		"reads [ttp.candidate ttp.match]": goka.DefineGroup("lab.g", input, output, table, goka.Input(c.Stream(topology.Match), new(codec.String), func(goka.Context, any) {})),
	} {
		if err := topology.CheckGraph(c, role, graph, topology.RuleStatus); !containsText(err, want) {
			t.Errorf("CheckGraph says %v, want %q", err, want)
		}
	}
}
