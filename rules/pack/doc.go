// Package pack is the rule pack that comes with the program: what a sensor
// sees, said in ATT&CK, as YAML that anyone can read, change and publish again.
//
// # How the rules are cut
//
// One rule is one idea. Where a technique is performed both by intruders and
// by every administrator (wget, useradd, uname), two rules share it: a broad
// one below 0.6, and one that asks for what makes it suspicious, above. So a
// reader of a tag knows from its confidence alone whether it stands by itself.
// 0.85 and more: hardly anybody does this for an honest reason. 0.6 to 0.85:
// few do. Below: everybody does, and only the company of other tags says more.
//
// Rules are written from how a technique is performed and not from collected
// samples. They speak of facts (cmd.name, cmd.args, cmd.writes …) of one
// simple command and of the line it stood in, so quoted or echoed text is
// never taken for a command. Each carries tests in both directions, the
// negative ones from what administrators do that looks alike.
//
// # Where things stand
//
// A folder holds the rules of one intention, named ID_name.yaml; R0001 to R0058
// keep the numbers of the reference catalogue, R0101 and up are our own;
// COVERAGE.md, generated, says what they cover and what not. The
// folder lists holds the value lists, one a file, which rules use as
// `cmd.name|expand: '%NAME%'`: to teach every rule a new download program, add
// it to lists/downloaders.yaml.
package pack
