#!/usr/bin/env bash
# A real single-node Apache Kafka for tests, without containers: the jars come from Maven, broker and controller
# run in one process (KRaft), everything listens on loopback only.
#
#   kafka.sh install              fetch the jars (once)
#   kafka.sh start  [PORT] [DIR]  format the directory the first time, start, return when it answers
#   kafka.sh stop   [PORT] [DIR]  SIGTERM, wait up to 20 s, then SIGKILL
#   kafka.sh kill   [PORT] [DIR]  SIGKILL: what a crash test wants
#   kafka.sh status [PORT] [DIR]  exit 0 when it runs
#   kafka.sh wipe   [PORT] [DIR]  stop and remove the directory
#
# PORT defaults to 19092 (the controller takes the next port), DIR to build/kafka-PORT in this repository.
# Environment: KAFKA_VERSION (4.4.0), KAFKA_HEAP (512m), KAFKA_JARS (build/kafka-jars-VERSION).
# Needs java 17 or newer, and mvn for install.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
version="${KAFKA_VERSION:-4.4.0}"
heap="${KAFKA_HEAP:-512m}"
jars="${KAFKA_JARS:-$root/build/kafka-jars-$version}"
command="${1:-help}"
port="${2:-19092}"
dir="${3:-$root/build/kafka-$port}"
pidfile="$dir/pid"

say() { printf 'kafka: %s\n' "$*"; }
fail() { printf 'kafka: %s\n' "$*" >&2; exit 1; }

# running tells whether the process we started still lives; the command line guards against a reused pid.
running() {
  [ -f "$pidfile" ] || return 1
  local pid; pid="$(cat "$pidfile")"
  kill -0 "$pid" 2>/dev/null && tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF "$dir/server.properties"
}

install_jars() {
  [ -f "$jars/.complete" ] && return 0
  command -v mvn >/dev/null || fail "mvn is not installed; it fetches Kafka's jars (apt-get install maven)"
  mkdir -p "$jars"
  cat >"$jars/pom.xml" <<XML
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>ttpstream</groupId><artifactId>kafka-for-tests</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>$version</version></dependency>
    <dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-slf4j-impl</artifactId><version>2.25.5</version></dependency>
  </dependencies>
</project>
XML
  mvn -q -B -f "$jars/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies \
    -DincludeScope=runtime -DoutputDirectory="$jars/lib"
  touch "$jars/.complete"
}

write_config() {
  mkdir -p "$dir/log"
  cat >"$dir/server.properties" <<CONF
process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:$((port + 1))
controller.listener.names=CONTROLLER
listeners=CLIENTS://127.0.0.1:$port,CONTROLLER://127.0.0.1:$((port + 1))
advertised.listeners=CLIENTS://127.0.0.1:$port,CONTROLLER://127.0.0.1:$((port + 1))
listener.security.protocol.map=CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=CLIENTS
log.dirs=$dir/data
# Nothing may come into being by being mentioned: the program makes its own topics.
auto.create.topics.enable=false
# One node: every internal topic has one replica, and few partitions so that a start is quick.
default.replication.factor=1
min.insync.replicas=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=8
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
# A group of one test forms at once.
group.initial.rebalance.delay.ms=0
log.cleaner.dedupe.buffer.size=16777216
CONF
  cat >"$dir/log4j2.yaml" <<CONF
Configuration:
  Appenders:
    Console: {name: STDOUT, PatternLayout: {pattern: "[%d] %p %m (%c)%n"}}
  Loggers:
    Root: {level: WARN, AppenderRef: [{ref: STDOUT}]}
    Logger: [{name: kafka.server.KafkaRaftServer, level: INFO}]
CONF
}

start() {
  if running; then say "already runs on 127.0.0.1:$port (pid $(cat "$pidfile"))"; return 0; fi
  command -v java >/dev/null || fail "java is not installed; Kafka $version needs 17 or newer"
  install_jars
  write_config
  local jvm=(java -Xms"$heap" -Xmx"$heap" -XX:+UseG1GC -Djava.awt.headless=true
    -Dlog4j2.configurationFile="$dir/log4j2.yaml" -cp "$jars/lib/*")
  if [ ! -f "$dir/data/meta.properties" ]; then
    local id; id="$("${jvm[@]}" kafka.tools.StorageTool random-uuid | tail -1)"
    "${jvm[@]}" kafka.tools.StorageTool format --standalone -t "$id" -c "$dir/server.properties" >"$dir/log/format.log" 2>&1 ||
      fail "formatting $dir failed: $(tail -3 "$dir/log/format.log")"
  fi
  : >"$dir/log/server.log"
  setsid nohup "${jvm[@]}" kafka.Kafka "$dir/server.properties" >>"$dir/log/server.log" 2>&1 </dev/null &
  echo $! >"$pidfile"
  for _ in $(seq 1 600); do
    kill -0 "$(cat "$pidfile")" 2>/dev/null || fail "it died at start: $(tail -5 "$dir/log/server.log")"
    if grep -q 'Kafka Server started' "$dir/log/server.log" && (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      say "$version runs on 127.0.0.1:$port (pid $(cat "$pidfile"), data in $dir)"
      return 0
    fi
    sleep 0.1
  done
  fail "it did not answer on 127.0.0.1:$port within 60 s; see $dir/log/server.log"
}

stop() {
  if ! running; then rm -f "$pidfile"; say "does not run"; return 0; fi
  local pid; pid="$(cat "$pidfile")"
  kill -TERM "$pid"
  for _ in $(seq 1 200); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
  if kill -0 "$pid" 2>/dev/null; then kill -KILL "$pid"; fi
  rm -f "$pidfile"
  say "stopped"
}

case "$command" in
  install) install_jars; say "jars are in $jars" ;;
  start) start ;;
  stop) stop ;;
  kill) if running; then kill -KILL "$(cat "$pidfile")"; fi; rm -f "$pidfile"; say "killed" ;;
  status) if running; then say "runs on 127.0.0.1:$port"; else say "does not run"; exit 1; fi ;;
  wipe) stop; rm -rf "$dir" ;;
  help | *) sed -n '2,15p' "${BASH_SOURCE[0]}" | sed 's/^# \{0,1\}//'; [ "$command" = help ] || exit 2 ;;
esac
