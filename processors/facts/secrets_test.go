package facts

import (
	"encoding/base64"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ttpstream/ttpstream/rules/match"
)

// planted are command lines with a place for a password: §s quoted for a
// shell in single quotes, §d in double quotes, §r as it is.
var planted = []string{
	"echo root:§s | chpasswd", "echo root:§d | sudo chpasswd; id", "chpasswd <<< root:§s", "chpasswd <<E\nroot:§r\nE\n", "printf '%s\\n' root:§s | chpasswd",
	"echo §s | passwd --stdin root", "(echo §s; echo §s) | passwd root", "yes §s | passwd root", "P=§s; echo root:$P | chpasswd",
	"sshpass -p §s ssh a@198.51.100.4", "sshpass -p§s scp f a@h:", "P=§d; sshpass -p $P ssh h", "nohup sshpass -p §s ssh h &",
	"curl -u user:§s http://h/", "curl -sSuuser:§s http://h/", "curl --user user:§d -k http://h/", "curl --user=user:§s http://h/", "curl -H 'Authorization: Bearer '§s http://h/",
	"wget --password=§s http://h/", "wget --http-password §s http://h/", "mysql -uroot -p§s -e x", "mysql --password=§s db", "docker exec db mysqldump -p§s all",
	"PGPASSWORD=§s psql -h h", "export DB_PASS=§s", "API_TOKEN=§d ./run", "useradd -m -p §s bob", "openssl passwd -1 -salt ab §s", "smbclient //h/s -U user%§s",
	"redis-cli -h h -a §s PING", "redis-cli AUTH §s", "docker login -u me -p §s reg", "echo §s | sudo -S id", "echo §s | su - root -c id", "rclone obscure §s",
	"sh -c 'sshpass -p abcdefgh id'; sshpass -p §s x", "find . -exec sshpass -p §s x {} \\;", "xargs sshpass -p §s", "$(sshpass -p §s x)", "f(){ sshpass -p §s x; }",
	"if true; then mysql -p§s; fi", "for i in 1; do curl -u a:§s h; done", "busybox sh -c \"$(echo aWQ= | base64 -d)\"; zip -P §s x y",
}

// TestNoSecretShows plants a password in a line, plainly, in a script and in
// a layer of base64, and looks for it in every fact after masking.
func TestNoSecretShows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		password := rapid.StringMatching(`[a-zA-Z0-9!#%&+,./:;<=>?@^_|~ '"$\\-]{1,14}`).Filter(plausible).Draw(t, "password")
		line := plant(rapid.SampledFrom(planted).Draw(t, "line"), password)
		switch rapid.IntRange(0, 4).Draw(t, "wrapping") {
		case 1:
			line = "sh -c " + quoteSingle(line)
		case 2:
			line = "echo " + base64.StdEncoding.EncodeToString([]byte(line)) + " | base64 -d | sh"
		case 4:
			line += "\n)" // no shell
		case 3:
			line = "ssh h " + quoteSingle(line)
		}
		e := checkLift(t, line)
		if at, shown := shows(e, password, rapid.IntRange(8, 300).Draw(t, "size")); shown != "" {
			t.Fatalf("%q shows in %s of %q: %q (secrets %q)", password, at, line, shown, e.Secrets)
		}
	})
}

// plausible leaves out what no shell takes for a password or no reader could
// tell from what stands around it.
func plausible(password string) bool {
	return strings.TrimSpace(password) == password && !strings.ContainsAny(password[:1], "-$") &&
		strings.Trim(password, `\"' `) != "" && !isVariable(password)
}

func plant(line, password string) string {
	line = strings.ReplaceAll(line, "§s", quoteSingle(password))
	line = strings.ReplaceAll(line, "§d", quoteDouble(password))
	return strings.ReplaceAll(line, "§r", strings.NewReplacer(`\`, `\\`, "$", `\$`, "`", "\\`").Replace(password))
}

func quoteSingle(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

func quoteDouble(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "$", `\$`, "`", "\\`").Replace(s) + `"`
}

// shows returns a fact in whose excerpt the password can be read.
func shows(e *match.Event, password string, size int) (at, shown string) {
	look := func(f *match.Fields) bool {
		for _, field := range f.All() {
			if strings.HasSuffix(field.Name, "names") || field.Name == "cmd.name" {
				continue
			}
			for _, v := range field.Values {
				if v.Kind() != match.KindText {
					continue
				}
				if got := Excerpt(v.String(), e.Secrets, size); readable(got, password) {
					at, shown = field.Name, got
					return true
				}
			}
		}
		return false
	}
	for i := range e.Scopes {
		if look(&e.Scopes[i]) {
			return at, shown
		}
	}
	look(&e.Base)
	return at, shown
}

// readable says that the password stands in a text: anywhere when it is long
// enough to be no accident, else as a word.
func readable(text, password string) bool {
	for from := 0; ; {
		at := strings.Index(text[from:], password)
		if at < 0 {
			return false
		}
		at += from
		if len(password) >= shortSecret || len(password) >= 3 && delimited(text, at, at+len(password)) {
			return true
		}
		from = at + 1
	}
}

func TestHarmlessLinesHaveNoSecrets(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		"ls -la /root", "mysql -u root -p -e 'show databases'", "PWD=/root ls", "passwd root", "sudo -S id", "curl -s http://h/a:b@c", "ssh root@198.51.100.4 -p 22",
		"sshpass -e ssh h", "wget http://198.51.100.4:8080/x", "docker run -p 80:80 img", "sshpass -p \"$PASS\" ssh h", "git clone git@github.com:a/b", "cat /etc/passwd | grep -v nologin",
		"curl --password-stdin", "tar -pxf a.tar", "echo mailto:x@y.org", "rsync -a h:/x@y .", "export TOKEN", "PASSWORD= ./x", "date +%H:%M", "openssl passwd -1",
	} {
		if e := lifted(line); len(e.Secrets) > 0 {
			t.Errorf("%s: %q", line, e.Secrets)
		}
	}
}
