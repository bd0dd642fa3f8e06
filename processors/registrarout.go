package processors

import (
	"context"
	"fmt"

	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
)

// registrarInstance is the registrar's name on ttp.rule.status.
const registrarInstance = "registrar"

// maxStatusKey bounds a client's key in statuses and in the log, in bytes. No
// key that can be admitted is longer.
const maxStatusKey = 512

// statusKey is where ttp.rule.status says that a publication under key was
// refused. The record goes when the key is admitted, or removed by a null, so
// there are never more of them than there are keys in the inboxes.
func statusKey(key string) string { return registrarInstance + "/" + shortKey(key) }

func shortKey(key string) string { return cut(validText(key), maxStatusKey) }

// refusal returns what ttp.rule.status says of a refused publication.
func (r *Registrar) refusal(p rules.Publication, problems rules.Problems) *schemas.RuleStatus {
	return &schemas.RuleStatus{
		Instance: registrarInstance, Revision: r.fold.Revision(), RuleID: shortKey(p.Key),
		Problems: problemsOf(problems), InboxTopic: p.Topic, InboxOffset: p.Offset, At: r.now().UTC(),
	}
}

// loggedRefusals is how many refusals of one batch get a line each; whoever
// floods an inbox does not flood the log.
const loggedRefusals = 20

func (r *Registrar) logRefusals(refused []*schemas.RuleStatus) {
	for _, s := range refused[:min(len(refused), loggedRefusals)] {
		r.log.Warn("refused", "key", s.RuleID, "topic", s.InboxTopic, "offset", s.InboxOffset,
			"problem", s.Problems[0].Message, "problems", len(s.Problems))
	}
	if more := len(refused) - loggedRefusals; more > 0 {
		r.log.Warn("refused more; see ttp.rule.status", "publications", more)
	}
}

// announce writes refusals to ttp.rule.status.
func (r *Registrar) announce(ctx context.Context, refused []*schemas.RuleStatus) error {
	messages := make([]topology.Message, len(refused))
	for i, status := range refused {
		message, err := statusMessage(r.cluster, statusKey(status.RuleID), status)
		if err != nil {
			return err
		}
		messages[i] = message
	}
	if _, err := r.producer.ProduceSync(ctx, messages...); err != nil {
		return err
	}
	for _, status := range refused {
		r.refusals(status)
	}
	return nil
}

// clear takes back what ttp.rule.status says of publications that are no
// longer the last word on their key.
func (r *Registrar) clear(ctx context.Context, refusedLast map[string]bool) error {
	var messages []topology.Message
	for name, refused := range refusedLast {
		if !refused {
			messages = append(messages, topology.Message{Topic: topology.RuleStatus, Key: name})
		}
	}
	_, err := r.producer.ProduceSync(ctx, messages...)
	return err
}

// statusMessage returns a status as it is written: with as many problems as
// there is room for, and always one.
func statusMessage(c topology.Cluster, key string, status *schemas.RuleStatus) (topology.Message, error) {
	short := *status
	for keep := len(status.Problems); ; keep /= 2 {
		short.Problems = status.Problems[:keep:keep]
		if more := len(status.Problems) - keep; more > 0 {
			short.Problems = append(short.Problems, schemas.RuleProblem{Check: "more", Message: fmt.Sprintf("and %d more", more)})
		}
		raw, err := schemas.EncodeJSON(&short)
		if err != nil {
			return topology.Message{}, err
		}
		if err = c.CheckSize(topology.RuleStatus, key, raw); err == nil || keep <= 1 {
			return topology.Message{Topic: topology.RuleStatus, Key: key, Value: raw}, err
		}
	}
}

// Bounds on what a status says of a text's problems: a text is its author's,
// and so is what is quoted of it.
const (
	maxProblems       = 100
	maxProblemMessage = 1024
	maxProblemHint    = 512
)

// problemsOf returns problems as they travel. One always fits the smallest
// record that a broker may be set to take.
func problemsOf(problems rules.Problems) []schemas.RuleProblem {
	var out []schemas.RuleProblem
	for _, p := range problems[:min(len(problems), maxProblems)] {
		out = append(out, schemas.RuleProblem{
			Check: p.Check, Line: p.Line, Column: p.Column,
			Message: cut(validText(p.Message), maxProblemMessage), Hint: cut(validText(p.Hint), maxProblemHint),
		})
	}
	return out
}

// retractions returns those among changes that were just admitted, with their
// sequence.
func (r *Registrar) retractions(changes []*schemas.RuleHistory) []*schemas.Retraction {
	var admitted []*schemas.Retraction
	for _, change := range changes {
		if change.Change != schemas.ChangeRetraction {
			continue
		}
		if last, ok := r.fold.Retraction(change.Key); ok && last.InboxOffset == change.InboxOffset {
			admitted = append(admitted, last.Retraction)
		}
	}
	return admitted
}

// spread copies retractions to every partition of ttp.tagged: each copy acts
// on its own partition's tags, so no projector needs another's partition.
func (r *Registrar) spread(ctx context.Context, retractions []*schemas.Retraction) error {
	if len(retractions) == 0 {
		return nil
	}
	admin, err := topology.NewAdmin(r.cluster)
	if err != nil {
		return err
	}
	defer admin.Close()
	partitions, err := admin.Ends(ctx, topology.Tagged)
	if err != nil {
		return err
	}
	var messages []topology.Message
	for _, retraction := range retractions {
		raw, err := schemas.EncodeJSON(retraction)
		if err != nil {
			return err
		}
		for partition := range partitions {
			messages = append(messages, topology.Message{
				Topic: topology.Tagged, Key: retraction.Key(), Value: raw, Pinned: true, Partition: partition,
			})
		}
	}
	_, err = r.producer.ProduceSync(ctx, messages...)
	return err
}
