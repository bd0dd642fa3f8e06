package main

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
)

type topicsCommand struct {
	Create topicsCreateCommand `cmd:"" help:"Create the topics that are missing, then verify all."`
	Verify topicsVerifyCommand `cmd:"" help:"Compare the broker's topics with what ttpstream needs."`
	List   topicsListCommand   `cmd:"" help:"List the topics: key, policy, who writes and reads them. Needs no broker."`
}

// withAdmin runs f with an admin client.
func withAdmin(cluster topology.Cluster, f func(*topology.Admin) error) error {
	admin, err := topology.NewAdmin(cluster)
	if err != nil {
		return err
	}
	defer admin.Close()
	return f(admin)
}

// answers returns an error when no broker answers. The client's own log would
// only say the same again.
func answers(ctx context.Context, cluster topology.Cluster, patience time.Duration) error {
	cluster.Logger = nil
	admin, err := topology.NewAdmin(cluster)
	if err != nil {
		return usageError{err}
	}
	defer admin.Close()
	patient, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := admin.Ping(patient); err != nil && ctx.Err() == nil {
		return fmt.Errorf("%w\nIs Kafka running there? Name another with --brokers, or use scan or up, which need none", err)
	}
	return ctx.Err()
}

type topicsCreateCommand struct {
	clusterFlags
}

// Run creates the topics.
func (c *topicsCreateCommand) Run(ctx context.Context, term *console) error {
	cluster, err := c.cluster(ctx, term.log)
	if err != nil {
		return err
	}
	return withAdmin(cluster, func(admin *topology.Admin) error {
		if err := admin.Provision(ctx); err != nil {
			return err
		}
		_, err := fmt.Fprintf(term.out, "all %d topics are there as they should be\n", topicCount())
		return err
	})
}

type topicsVerifyCommand struct {
	clusterFlags
}

// Run verifies the topics.
func (c *topicsVerifyCommand) Run(ctx context.Context, term *console) error {
	cluster, err := c.cluster(ctx, term.log)
	if err != nil {
		return err
	}
	return withAdmin(cluster, func(admin *topology.Admin) error {
		if err := admin.Verify(ctx); err != nil {
			return err
		}
		_, err := fmt.Fprintf(term.out, "all %d topics are there as they should be\n", topicCount())
		return err
	})
}

func topicCount() int { return len(topology.Topics()) + len(topology.Changelogs()) }

type topicsListCommand struct {
	JSON bool `help:"Print JSON, one topic a line."`
}

// topicLine is what the list says of one topic.
type topicLine struct {
	Topic   string   `json:"topic"`
	Key     string   `json:"key"`
	Policy  string   `json:"policy"`
	Writers []string `json:"writers,omitempty"`
	Readers []string `json:"readers,omitempty"`
	Doc     string   `json:"doc"`
}

// Run lists the topics.
func (c *topicsListCommand) Run(term *console) error {
	lines := topicLines()
	if c.JSON {
		for _, line := range lines {
			raw, err := schemas.EncodeJSON(line)
			if err != nil {
				return err
			}
			if _, err := fmt.Fprintf(term.out, "%s\n", raw); err != nil {
				return err
			}
		}
		return nil
	}
	table := tabwriter.NewWriter(term.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "TOPIC\tKEY\tPOLICY\tWHAT")
	for _, line := range lines {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", line.Topic, line.Key, line.Policy, line.Doc)
	}
	return table.Flush()
}

func topicLines() []topicLine {
	var lines []topicLine
	for _, topic := range append(topology.Topics(), topology.Changelogs()...) {
		line := topicLine{Topic: topic.Name, Key: topic.Key, Policy: topic.Policy.String(), Doc: topic.Doc}
		for _, role := range topology.Roles() {
			for _, written := range role.Writes {
				if written.Name == topic.Name {
					line.Writers = append(line.Writers, role.Name)
				}
			}
			for _, read := range append(role.Reads, role.Follows...) {
				if read.Name == topic.Name {
					line.Readers = append(line.Readers, role.Name)
				}
			}
		}
		lines = append(lines, line)
	}
	return lines
}
