package topology

import (
	"fmt"
	"slices"

	"github.com/lovoo/goka"
)

// CheckGraph returns an error when a goka graph reads or writes other topics than its role on the map. The
// processors' tests call it for every graph, so that the picture cannot drift from what runs. What a role
// writes by other means than goka, outside names.
func CheckGraph(c Cluster, role Role, graph *goka.GroupGraph, outside ...Topic) error {
	if got, want := graph.Group(), c.Group(role.Group); got != want {
		return fmt.Errorf("role %s: the graph's group is %s and the map says %s", role.Name, got, want)
	}
	if has := graph.GroupTable() != nil; has != role.Group.Table {
		return fmt.Errorf("role %s: the graph's having a table is %v and the map says %v", role.Name, has, role.Group.Table)
	}
	writes := slices.DeleteFunc(slices.Clone(role.Writes), func(t Topic) bool { return slices.Contains(outside, t) })
	if err := sameTopics(c, role, "reads", graph.InputStreams(), role.Reads); err != nil {
		return err
	}
	return sameTopics(c, role, "writes", graph.OutputStreams(), writes)
}

func sameTopics(c Cluster, role Role, verb string, edges goka.Edges, want []Topic) error {
	names := edges.Topics()
	for i := range names {
		names[i] = c.Plain(names[i])
	}
	wanted := make([]string, len(want))
	for i, t := range want {
		wanted[i] = t.Name
	}
	slices.Sort(names)
	slices.Sort(wanted)
	if !slices.Equal(names, wanted) {
		return fmt.Errorf("role %s: the graph %s %v and the map says %v", role.Name, verb, names, wanted)
	}
	return nil
}
