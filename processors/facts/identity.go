package facts

import (
	"time"

	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
)

// LiftIdentity lifts what is known of the attackers that were linked to one
// identity: over how many addresses, networks and services it goes, and over how
// many of each the same credential was tried. No attackers give no facts. Their
// order does not matter. Out is reset first.
func LiftIdentity(attackers []*schemas.IdentitySummary, out *match.Event) {
	out.Reset()
	out.SourceKind = schemas.KindIdentityRollup
	if len(attackers) == 0 {
		return
	}
	networks, services := map[string]bool{}, map[string]bool{}
	byCredential := map[string]*reuse{}
	var first, last time.Time
	for _, a := range attackers {
		if a.Network != "" {
			networks[a.Network] = true
		}
		for _, service := range a.Services {
			services[service] = true
		}
		for _, hash := range a.CredentialHashes {
			if byCredential[hash] == nil {
				byCredential[hash] = &reuse{services: map[string]bool{}}
			}
			byCredential[hash].add(a)
		}
		if first.IsZero() || a.FirstSeen.Before(first) {
			first = a.FirstSeen
		}
		if a.LastSeen.After(last) {
			last = a.LastSeen
		}
	}
	f := &out.Base
	f.AddInt("identity.attackers", int64(len(attackers)))
	f.AddInt("identity.networks", int64(len(networks)))
	f.AddInt("identity.services", int64(len(services)))
	f.AddInt("identity.credentials", int64(len(byCredential)))
	shared, across := 0, 0
	for _, r := range byCredential {
		shared, across = max(shared, r.attackers), max(across, len(r.services))
	}
	f.AddInt("identity.credential_attackers", int64(shared))
	f.AddInt("identity.credential_services", int64(across))
	f.AddFloat("identity.seconds", last.Sub(first).Seconds())
}

// reuse is who tried one credential, and on which services. Of an attacker that
// tried several credentials on several services it is not known which went
// where: then all count.
type reuse struct {
	attackers int
	services  map[string]bool
}

func (r *reuse) add(a *schemas.IdentitySummary) {
	r.attackers++
	for _, service := range a.Services {
		r.services[service] = true
	}
}
