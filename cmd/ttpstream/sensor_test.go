package main

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/ttpstream/ttpstream/topology/topologytest"
)

// envCowrie, set to anything, says that Cowrie may be installed from PyPI,
// which takes a minute the first time.
const envCowrie = "TTPSTREAM_COWRIE"

// sensor is a real Cowrie on loopback.
type sensor struct {
	t           testing.TB
	ssh, telnet string
	dir         string
}

// sensorPassword is what demo/attack.py gets in with: it must not get out.
const sensorPassword = "Sommer-2026!"

func newSensor(t testing.TB) *sensor {
	t.Helper()
	if os.Getenv(envCowrie) == "" {
		topologytest.Missing(t, "cowrie", "no Cowrie: "+envCowrie+" is not set (it is installed from PyPI then)")
	}
	dir, err := os.MkdirTemp("", "ttpstream-cowrie-") // where another user may look, as t.TempDir is not
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	s := &sensor{t: t, ssh: freePort(t), telnet: freePort(t), dir: dir}
	t.Cleanup(func() {
		s.stop()
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return s
}

// script runs demo/cowrie.sh.
func (s *sensor) script(ctx context.Context, args ...string) {
	s.t.Helper()
	command := exec.CommandContext(ctx, filepath.Join("demo", "cowrie.sh"), args...)
	command.Env = append(os.Environ(), "COWRIE_DIR="+filepath.Join(s.dir, "cowrie"))
	if out, err := command.CombinedOutput(); err != nil {
		s.t.Fatalf("cowrie.sh %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// start starts it, with its Kafka output to a broker.
func (s *sensor) start(ctx context.Context, broker string) {
	s.t.Helper()
	s.script(ctx, "start", s.ssh, s.telnet, broker)
}

func (s *sensor) attack(ctx context.Context) { s.t.Helper(); s.script(ctx, "attack", s.ssh, s.telnet) }

func (s *sensor) stop() { s.t.Helper(); s.script(context.Background(), "stop") }

// log is the path of its log.
func (s *sensor) log() string {
	return filepath.Join(s.dir, "cowrie", "var", "log", "cowrie", "cowrie.json")
}

func freePort(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return strconv.Itoa(listener.Addr().(*net.TCPAddr).Port)
}

// TestRealSensor plays an attack against a real Cowrie and finds it in SQL and
// over HTTP, by way of its log and of its Kafka output, in one process and in
// several on every broker there is. All of them agree with a scan of the log.
func TestRealSensor(t *testing.T) {
	t.Parallel()
	cowrie := newSensor(t)
	ctx, cancel := context.WithTimeout(t.Context(), 5*patience)
	defer cancel()

	viaKafka := startUp(ctx, t, "--from-topic", "cowrie")
	cowrie.start(ctx, viaKafka.broker)
	viaLog := startUp(ctx, t, "--follow", cowrie.log())
	lines := map[string]*answering{"one process, Kafka output": viaKafka, "one process, log": viaLog}
	if os.Getenv(topologytest.EnvKafka) != "" {
		lines["roles on Kafka, log"] = startRoles(ctx, t, "--follow", cowrie.log())
		lines["roles on Kafka, Kafka output"] = startRoles(ctx, t, "--from-topic", "cowrie", "--from-brokers", viaKafka.broker)
	}
	cowrie.attack(ctx)
	cowrie.stop() // its log is complete

	want := undisturbed(t, cowrie.log())
	for _, technique := range []string{
		"T1110", "T1078", "T1082", "T1033", "T1105", "T1053.003", "T1098.004", "T1070.003", "T1090", "T1003.008", "T1548.001", "T1222.002",
	} {
		if !want.finds(t, technique) {
			t.Errorf("the scan did not find %s", technique)
		}
	}
	for name, line := range lines {
		t.Run(name, func(t *testing.T) {
			line.holds(ctx, t, want)
			line.keepsSecret(ctx, t, sensorPassword)
		})
	}
}

// finds reports whether a technique is among the tags.
func (e expected) finds(t testing.TB, technique string) bool {
	for _, raw := range e.tags {
		if tag := decodeTag(t, []byte(raw)); tag.TechniqueID == technique || tag.SubTechniqueID == technique {
			return true
		}
	}
	return false
}
