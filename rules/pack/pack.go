package pack

import "embed"

// Name is the pack's name, as rule listings show it.
const Name = "ttpstream"

// AttackRelease is the release of ATT&CK that every rule of the pack is written
// for. A program whose catalogue is another one must not load the pack.
const AttackRelease = "enterprise-v19.1"

// FS holds the rules and value lists, in folders, as rules.LoadFS reads them.
//
//go:embed */*.yaml
var FS embed.FS
