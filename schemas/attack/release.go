package attack

import (
	"embed"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// DefaultRelease is the release that is meant where none is named.
const DefaultRelease = "enterprise-v19.1"

// Domain is the ATT&CK domain of every release here, as Navigator layers and
// STIX exports name it.
const Domain = "enterprise-attack"

// ErrUnknownRelease says that no catalogue of that name is embedded.
var ErrUnknownRelease = errors.New("unknown ATT&CK release")

//go:embed data
var data embed.FS

//go:embed data/NOTICE.txt
var notice string

// groupsRelease is the one release whose record of groups is embedded.
const groupsRelease = "enterprise-v18.1"

// release is one embedded release; load parses it on its first call.
type release struct {
	name string
	load func() (*Catalogue, error)
}

// releases lists what is embedded, newest first.
var releases = []release{embedded(DefaultRelease), embedded("enterprise-v18.1")}

func embedded(name string) release {
	return release{name, sync.OnceValues(func() (*Catalogue, error) { return load(name) })}
}

// Release returns the catalogue of that name; the empty name means
// DefaultRelease. Every call returns the same catalogue. The error of a name
// that is not embedded wraps ErrUnknownRelease and lists those that are.
func Release(name string) (*Catalogue, error) {
	if name == "" {
		name = DefaultRelease
	}
	for i := range releases {
		if releases[i].name == name {
			return releases[i].load()
		}
	}
	return nil, fmt.Errorf("%w %q: this build has %s", ErrUnknownRelease, name, strings.Join(Releases(), ", "))
}

// Releases returns the names that Release knows, newest first.
func Releases() []string {
	names := make([]string, 0, len(releases))
	for i := range releases {
		names = append(names, releases[i].name)
	}
	return slices.Clip(names)
}

// Notice returns MITRE's copyright designation and licence, which must go
// wherever the catalogue's content goes: exports, pages, copies of the binary.
func Notice() string { return notice }
