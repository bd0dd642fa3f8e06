package processors

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
)

// errNewerChange says that a record of the history is a change, but none that
// this version knows.
var errNewerChange = errors.New("a registrar of a newer version wrote it; upgrade this one")

// decodeChange returns a record of ttp.rule.history. Errors: what no registrar
// wrote, and, wrapping [errNewerChange], what only a newer one can have
// written.
func decodeChange(record topology.Record) (*schemas.RuleHistory, error) {
	change, err := schemas.Decode[schemas.RuleHistory](record.Value)
	if err == nil {
		return change, nil
	}
	var shape struct {
		Change     string `json:"change"`
		InboxTopic string `json:"inbox_topic"`
	}
	if json.Unmarshal(record.Value, &shape) == nil && shape.Change != "" && shape.InboxTopic != "" {
		return nil, fmt.Errorf("%s: %w: %w", record.Where(), errNewerChange, err)
	}
	return nil, fmt.Errorf("%s: %w", record.Where(), err)
}
