package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/rules/lint"
	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
)

type rulesPublishCommand struct {
	rulePaths
	clusterFlags
	SkipTests bool          `help:"Publish without running the rules' tests."`
	Wait      time.Duration `help:"How long to wait until the registrar has decided. 0: do not wait." default:"30s"`
}

// Run publishes the rules.
func (c *rulesPublishCommand) Run(ctx context.Context, term *console) error {
	units, all, problems, err := c.load()
	if err != nil {
		return err
	}
	if problems.Has(rules.SeverityError) {
		return errors.Join(lint.WriteText(term.err, problems, source), errSaid)
	}
	if len(units) == 0 {
		return usageError{errors.New("no rules there")}
	}
	if !c.SkipTests {
		if err := runTests(term.err, all, false); err != nil {
			return err
		}
	}
	cluster, err := c.cluster(ctx, term.log)
	if err != nil {
		return err
	}
	return withAdmin(cluster, func(admin *topology.Admin) error {
		if err := admin.Provision(ctx); err != nil {
			return err
		}
		return c.publish(ctx, term, cluster, admin, units)
	})
}

func (c *rulesPublishCommand) publish(ctx context.Context, term *console, cluster topology.Cluster, admin *topology.Admin, units []*rules.Unit) error {
	ends, err := admin.Ends(ctx, topology.RuleStatus)
	if err != nil {
		return err
	}
	producer, err := topology.NewProducer(cluster)
	if err != nil {
		return err
	}
	defer producer.Close()
	last, err := publishUnits(ctx, producer, units, func(u *rules.Unit) string { return "cli:" + u.File })
	if err != nil {
		return err
	}
	fmt.Fprintf(term.out, "published %d\n", len(units))
	if c.Wait == 0 {
		return nil
	}
	refused, err := decided(ctx, cluster, admin, c.Wait, topology.Rules, last, ends)
	if err != nil {
		return err
	}
	ours := map[string]bool{}
	for _, unit := range units {
		ours[unit.ID] = true
	}
	failed := 0
	for _, status := range refused {
		if !ours[status.RuleID] {
			continue
		}
		failed++
		printRefusal(term.err, status)
	}
	fmt.Fprintf(term.out, "admitted or in force already: %d, refused: %d\n", len(units)-failed, failed)
	if failed > 0 {
		return errSaid
	}
	return nil
}

// printRefusal says why a rule was refused and what to do.
func printRefusal(out io.Writer, status *schemas.RuleStatus) {
	for _, line := range refusal(status) {
		fmt.Fprintln(out, "refused", line)
	}
}

// refusal returns why a rule was refused and what to do, a problem a line.
func refusal(status *schemas.RuleStatus) (lines []string) {
	for _, problem := range status.Problems {
		text := strings.TrimPrefix(strings.TrimPrefix(problem.Message, "rule "), status.RuleID+": ")
		if problem.Line > 0 {
			text = fmt.Sprintf("line %d, column %d: %s", problem.Line, problem.Column, text)
		}
		if problem.Hint != "" {
			text += "; " + problem.Hint
		}
		lines = append(lines, status.RuleID+": "+text)
	}
	return lines
}

// decidedEvery is how often the registrar's progress is asked for: a person
// waits for it.
const decidedEvery = 100 * time.Millisecond

// decided waits until the registrar has committed past an offset of an inbox,
// and returns what it refused since status stood at from.
func decided(ctx context.Context, cluster topology.Cluster, admin *topology.Admin, wait time.Duration, inbox topology.Topic, offset int64, from map[int32]int64) ([]*schemas.RuleStatus, error) {
	patient, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	tick := time.NewTicker(decidedEvery)
	defer tick.Stop()
	for {
		committed, err := admin.Committed(patient, topology.RegistrarGroup)
		if err == nil && committed[inbox.Name][0] > offset {
			return refusedSince(ctx, cluster, from)
		}
		select {
		case <-tick.C:
		case <-patient.Done():
			return nil, fmt.Errorf("no registrar has decided within %s; what was published waits for one (ttpstream process)", wait)
		}
	}
}

func refusedSince(ctx context.Context, cluster topology.Cluster, from map[int32]int64) ([]*schemas.RuleStatus, error) {
	reader, err := topology.NewReader(ctx, cluster, topology.RuleStatus, topology.From{Offsets: from})
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	var refused []*schemas.RuleStatus
	err = reader.ReadToEnd(ctx, func(record topology.Record) error {
		if status, err := schemas.Decode[schemas.RuleStatus](record.Value); err == nil && status.InboxTopic != "" {
			refused = append(refused, status)
		}
		return nil
	})
	return refused, err
}
