package sigma

import (
	"strconv"

	"github.com/ttpstream/ttpstream/rules/detection"
	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
)

// A command that an attacker types is a process that would be created, one for
// each simple command of the line. What the honeypot cannot know stays absent:
// user, working directory, integrity, process ids, hashes, and the parent but
// for wrappers (sudo, nohup, busybox), which are one.
var processFields = map[string]detection.Source{
	"Image":            program("cmd.path"),
	"CommandLine":      one("cmd.line"),
	"ParentImage":      program("cmd.wrappers"),
	"OriginalFileName": {},
}

var processCreation = Pipeline{
	Name:       "linux/process_creation",
	Doc:        "Each simple command of a line is a process: its program is the image, its words are the command line.",
	Logsources: []match.Logsource{{Product: "linux", Category: "process_creation"}, {Category: "process_creation"}},
	Kinds:      []schemas.SourceKind{schemas.KindCommand},
	Raw:        []string{"cmd.line"},
	Fields:     processFields,
}

var linuxLog = Pipeline{
	Name:       "linux",
	Doc:        "Rules about anything that a Linux log says, mostly keywords, look into the line as typed and what it decodes to.",
	Logsources: []match.Logsource{{Product: "linux"}},
	Kinds:      []schemas.SourceKind{schemas.KindCommand},
	Raw:        []string{"command", "command.decoded"},
	Fields:     processFields,
}

var auditd = Pipeline{
	Name:       "linux/auditd",
	Doc:        "A simple command is the EXECVE record that auditd would write, and the SYSCALL record with it. Arguments lose their place: a1 to a19 are any argument.",
	Logsources: []match.Logsource{{Product: "linux", Service: "auditd"}},
	Kinds:      []schemas.SourceKind{schemas.KindCommand},
	Raw:        []string{"cmd.line"},
	Fields:     auditdFields(),
}

func auditdFields() map[string]detection.Source {
	fields := map[string]detection.Source{
		"type":      always("EXECVE", "SYSCALL"),
		"syscall":   always("execve", "59"),
		"SYSCALL":   always("execve", "59"),
		"success":   always("yes"),
		"a0":        one("cmd.path", "cmd.name"),
		"exe":       program("cmd.path"),
		"comm":      one("cmd.name"),
		"proctitle": one("cmd.line"),
	}
	for i := 1; i < 20; i++ {
		fields["a"+strconv.Itoa(i)] = one("cmd.args")
	}
	return fields
}
