package ingest

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/ttpstream/ttpstream/rules"
)

// ruleFile is a file as it was last read.
type ruleFile struct {
	path string
	hash ruleHash
	// text and id are of a file that holds a rule, a list or a unit of several.
	text []byte
	id   string
	// problems say why it holds none, or what is odd about it.
	problems rules.Problems
	// told is true once somebody has been told of the problems.
	told bool
}

// good reports whether the file can be published.
func (f ruleFile) good() bool { return f.id != "" }

type ruleHash [sha256.Size]byte

func hashOf(text []byte) ruleHash { return sha256.Sum256(text) }

// inboxRule is what ttp.rules holds under a key.
type inboxRule struct {
	hash ruleHash
	// path is the file it was published from, empty for another publisher's.
	path string
}

// rulePlan is what to publish.
type rulePlan struct {
	put      []ruleFile
	remove   []string
	problems rules.Problems
}

// planRules compares files with the inbox. Of two files with one id the first
// by path counts. A rule is removed when its file is gone; while the file is
// there and cannot be read as a rule, somebody may be writing it.
func planRules(seen sight, inbox map[string]inboxRule) (plan rulePlan) {
	owner, files := map[string]string{}, seen.files
	for _, path := range slices.Sorted(maps.Keys(files)) {
		file := files[path]
		if len(file.problems) > 0 && !file.told {
			plan.problems = append(plan.problems, file.problems...)
			file.told = true
			files[path] = file
		}
		if !file.good() {
			continue
		}
		if first, taken := owner[file.id]; taken {
			if !file.told {
				plan.problems = append(plan.problems, rules.Problem{
					File: path, Check: "rule/duplicate-id", Severity: rules.SeverityError,
					Message: fmt.Sprintf("%s is in %s already; this file is left out", file.id, first),
				})
				file.told = true
				files[path] = file
			}
			continue
		}
		owner[file.id] = path
		if inbox[file.id].hash != file.hash {
			plan.put = append(plan.put, file)
		}
	}
	for id, rule := range inbox {
		if rule.path == "" || owner[id] != "" || under(rule.path, seen.unread) {
			continue
		}
		if file, there := files[rule.path]; there && !file.good() {
			continue
		}
		plan.remove = append(plan.remove, id)
	}
	slices.Sort(plan.remove)
	slices.SortStableFunc(plan.put, func(a, b ruleFile) int { return rank(a.id) - rank(b.id) })
	return plan
}

// rank puts value lists before the rules that use them.
func rank(id string) int {
	if strings.HasPrefix(id, "list/") {
		return 0
	}
	return 1
}
