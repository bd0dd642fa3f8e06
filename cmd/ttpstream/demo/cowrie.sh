#!/usr/bin/env bash
# A real Cowrie on loopback, from PyPI, without root and without containers.
#
#   cowrie.sh install                 make its Python environment (once)
#   cowrie.sh start  [SSH] [TELNET] [KAFKA]  start it on these ports (12222, 12223); with KAFKA, a host:port, it writes
#                                     to the topic cowrie there too
#   cowrie.sh attack [SSH] [TELNET]   play attack.py against it
#   cowrie.sh stop                    stop it
#   cowrie.sh record                  all of the above; writes cowrie.json.gz beside this script
#   cowrie.sh log                     print the path of its log
#
# Everything is under build/ of this repository, or under /var/tmp where Cowrie's user cannot get there. Cowrie refuses to run as root; as root, the user COWRIE_USER
# (cowrie) is made and used.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../../.." && pwd)"
venv="$root/build/venv-cowrie"
run="${COWRIE_DIR:-$root/build/cowrie}"
user="${COWRIE_USER:-cowrie}"
version="${COWRIE_VERSION:-3.1.4}"
command="${1:-help}" ssh="${2:-12222}" telnet="${3:-12223}" kafka="${4:-}"

# Where that user may not go, nothing of Cowrie's can be.
if [ "$(id -u)" = 0 ]; then
  id "$user" >/dev/null 2>&1 || useradd --system --home-dir "$run" "$user"
  if ! runuser -u "$user" -- test -x "$root"; then
    venv=/var/tmp/ttpstream-venv-cowrie
    run="${COWRIE_DIR:-/var/tmp/ttpstream-cowrie}"
  fi
fi

as_user() { if [ "$(id -u)" = 0 ]; then runuser -u "$user" -- "$@"; else "$@"; fi; }
cowrie() { (cd "$run" && as_user env PATH="$venv/bin:$PATH" "$venv/bin/cowrie" "$@"); }

install() {
  [ -f "$venv/.complete" ] && return 0
  # The first python3 in PATH may lie where only root may look.
  local python; python="$(type -a -p python3 | tail -n 1)"
  "$python" -m venv "$venv"
  "$venv/bin/pip" -q install "cowrie==$version" "asyncssh==2.*" aiokafka
  touch "$venv/.complete"
}

start() {
  install
  rm -rf "$run"; mkdir -p "$run"
  if [ "$(id -u)" = 0 ]; then chown "$user" "$run"; fi
  cowrie init >/dev/null
  as_user tee "$run/etc/cowrie.cfg" >/dev/null <<CONF

[honeypot]
hostname = web-03
sensor_name = demo

[ssh]
enabled = true
listen_endpoints = tcp:$ssh:interface=127.0.0.1

[telnet]
enabled = true
listen_endpoints = tcp:$telnet:interface=127.0.0.1
CONF
  printf '%s\n' 'root:x:!root' 'root:x:!123456' 'root:x:*' | as_user tee "$run/etc/userdb.txt" >/dev/null
  if [ -n "$kafka" ]; then
    printf '\n[output_kafka]\nenabled = true\nhost = %s\nport = %s\ntopic = cowrie\n' "${kafka%:*}" "${kafka##*:}" |
      as_user tee -a "$run/etc/cowrie.cfg" >/dev/null
    asyncio_cowrie
  else
    cowrie start >"$run/start.log" 2>&1
  fi
  for _ in $(seq 1 300); do
    (exec 3<>"/dev/tcp/127.0.0.1/$ssh") 2>/dev/null && (exec 3<>"/dev/tcp/127.0.0.1/$telnet") 2>/dev/null && return 0
    sleep 0.1
  done
  echo "cowrie did not start:" >&2; tail -n 20 "$run/start.log" "$run"/var/log/cowrie/* >&2; return 1
}

# Cowrie's Kafka output wants the asyncio reactor, and the flag that its documentation names for it does not work.
asyncio_cowrie() {
  local program="
from twisted.internet import asyncioreactor
asyncioreactor.install()
import sys
sys.argv = ['twistd', '-n', '--umask=0022', '--pidfile', 'var/run/cowrie.pid', '--logger', 'cowrie.python.logfile.logger', 'cowrie']
from twisted.scripts.twistd import run
run()"
  # Nothing of the caller's stays open: it may wait for the end of our output.
  (cd "$run" && as_user env PATH="$venv/bin:$PATH" "$venv/bin/python" -c "$program") >"$run/start.log" 2>&1 </dev/null &
}

stop() { cowrie stop >/dev/null 2>&1 || true; }

case "$command" in
  install) install ;;
  start) start ;;
  attack) "$venv/bin/python" "$here/attack.py" "$ssh" "$telnet" ;;
  stop) stop ;;
  log) echo "$run/var/log/cowrie/cowrie.json" ;;
  record)
    start
    trap stop EXIT
    "$venv/bin/python" "$here/attack.py" "$ssh" "$telnet"
    stop
    # The two connections that found out whether it listens are no attack.
    grep -v '"src_ip":"127.0.0.1"' "$run/var/log/cowrie/cowrie.json" | gzip -9n >"$here/cowrie.json.gz"
    echo "$(zcat "$here/cowrie.json.gz" | wc -l) events in $here/cowrie.json.gz"
    ;;
  *) sed -n '2,13p' "${BASH_SOURCE[0]}" | sed 's/^# \{0,1\}//'; exit 2 ;;
esac
