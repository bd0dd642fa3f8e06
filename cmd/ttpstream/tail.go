package main

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/schemas/attack"
	"github.com/ttpstream/ttpstream/topology"
)

type tailCommand struct {
	clusterFlags
	Oldest        bool      `help:"Begin with the oldest tag, not with the next."`
	Once          bool      `help:"With --oldest: stop at the newest tag there is."`
	JSON          bool      `help:"Print each tag as a line of JSON."`
	MinConfidence float64   `help:"Least confidence to print." default:"0.6" placeholder:"N"`
	Technique     string    `help:"Only this technique; a parent's sub-techniques are among it." placeholder:"T1059"`
	Attacker      uuid.UUID `help:"Only this attacker." placeholder:"UUID"`
	Rule          string    `help:"Only this rule." placeholder:"ID"`
	AttackRelease string    `help:"ATT&CK release whose names are shown." default:"enterprise-v19.1"`
}

// Run prints tags until it is told to stop.
func (c *tailCommand) Run(ctx context.Context, term *console) error {
	catalogue, err := attack.Release(c.AttackRelease)
	if err != nil {
		return usageError{err}
	}
	cluster, err := c.cluster(ctx, term.log)
	if err != nil {
		return err
	}
	return withAdmin(cluster, func(*topology.Admin) error {
		reader, err := topology.NewReader(ctx, cluster, topology.Tagged, topology.From{End: !c.Oldest})
		if err != nil {
			return err
		}
		defer reader.Close()
		lines := projections.NewTagLines(term.out, catalogue, textOptions(term.out))
		err = c.read(ctx, reader, func(record topology.Record) error { return c.print(term, lines, record) })
		if ctx.Err() != nil {
			return nil // Ctrl-C is how it ends
		}
		return err
	})
}

func (c *tailCommand) read(ctx context.Context, reader *topology.Reader, print func(topology.Record) error) error {
	if c.Once {
		return reader.ReadToEnd(ctx, print)
	}
	for {
		records, err := reader.Poll(ctx)
		if err != nil {
			return err
		}
		for _, record := range records {
			if err := print(record); err != nil {
				return err
			}
		}
	}
}

func (c *tailCommand) print(term *console, lines *projections.TagLines, record topology.Record) error {
	tag, _, err := schemas.DecodeTagged(record.Value)
	if err != nil {
		term.log.Warn("not a tag", "where", record.Where(), "error", err)
		return nil
	}
	if tag == nil || !c.wanted(tag) {
		return nil
	}
	if !c.JSON {
		return lines.Write(tag)
	}
	_, err = fmt.Fprintf(term.out, "%s\n", record.Value)
	return err
}

func (c *tailCommand) wanted(tag *schemas.Tag) bool {
	return tag.Confidence >= c.MinConfidence &&
		(c.Technique == "" || c.Technique == tag.TechniqueID || c.Technique == tag.SubTechniqueID) &&
		(c.Attacker == uuid.Nil || c.Attacker == tag.AttackerUUID) && (c.Rule == "" || c.Rule == tag.RuleID)
}
