package main

import (
	"cmp"
	"fmt"
	"runtime/debug"

	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/schemas/attack"
)

// version is stamped by the build: -ldflags "-X main.version=1.2.3".
var version = ""

type versionCommand struct {
	JSON bool `help:"Print JSON."`
}

// versionInfo is what the command prints.
type versionInfo struct {
	Version       string   `json:"version"`
	Go            string   `json:"go"`
	AttackRelease string   `json:"attack_release"`
	Releases      []string `json:"attack_releases"`
}

// Run prints the version.
func (c *versionCommand) Run(term *console) error {
	info := versionInfo{Version: buildVersion(), AttackRelease: attack.DefaultRelease, Releases: attack.Releases()}
	if build, ok := debug.ReadBuildInfo(); ok {
		info.Go = build.GoVersion
	}
	if c.JSON {
		raw, err := schemas.EncodeJSON(info)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(term.out, "%s\n", raw)
		return err
	}
	_, err := fmt.Fprintf(term.out, "ttpstream %s (%s), ATT&CK %s\n", info.Version, info.Go, info.AttackRelease)
	return err
}

// buildVersion is the version as stamped, else as the module knows it.
func buildVersion() string {
	if build, ok := debug.ReadBuildInfo(); ok {
		return cmp.Or(version, build.Main.Version, "(devel)")
	}
	return cmp.Or(version, "(devel)")
}
