#!/usr/bin/env bash
# PostgreSQL and MariaDB for tests, from Debian's packages and without containers. They listen on loopback only, trust
# whoever connects, and do not flush to the disk: what is in them is thrown away.
#
#   databases.sh install          install the packages (once, as root)
#   databases.sh start [NAME]     make the data directory the first time, start, return when it answers
#   databases.sh stop  [NAME]     stop in an orderly way
#   databases.sh wipe  [NAME]     stop and remove the data
#   databases.sh env              print what the tests want: eval "$(databases.sh env)"
#
# NAME is postgres or mysql; without it both. Data is in build/databases of this repository, or in /var/tmp when the
# servers' user cannot get there. Servers refuse root: as root they run as DATABASES_USER, which is made when missing.
# Environment: POSTGRES_PORT (15432), MYSQL_PORT (13306), DATABASES_DIR, DATABASES_USER (ttpstream-test).
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
command="${1:-help}"
names="${2:-postgres mysql}"
postgres_port="${POSTGRES_PORT:-15432}"
mysql_port="${MYSQL_PORT:-13306}"
user="${DATABASES_USER:-ttpstream-test}"

say() { printf 'databases: %s\n' "$*"; }
fail() { printf 'databases: %s\n' "$*" >&2; exit 1; }

# as_user runs a command as whom the servers run.
as_user() {
  if [ "$(id -u)" -eq 0 ]; then (cd / && runuser -u "$user" -- "$@"); else "$@"; fi
}

ensure_user() {
  [ "$(id -u)" -ne 0 ] || id "$user" >/dev/null 2>&1 || useradd --system --no-create-home --shell /usr/sbin/nologin "$user"
}

# find_dir sets dir to where data is kept.
find_dir() {
  ensure_user
  mkdir -p "$root/build"
  dir="${DATABASES_DIR:-}"
  if [ -z "$dir" ]; then
    dir="$root/build/databases"
    as_user test -x "$root/build" || dir="/var/tmp/ttpstream-databases-$(printf %s "$root" | cksum | cut -d' ' -f1)"
  fi
  mkdir -p "$dir"
  [ "$(id -u)" -ne 0 ] || chown "$user" "$dir"
}

postgres_bin() {
  local initdb
  initdb="$(ls /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V | tail -n 1)"
  [ -n "$initdb" ] || fail "no PostgreSQL; databases.sh install"
  dirname "$initdb"
}

start_postgres() {
  local bin; bin="$(postgres_bin)"
  if [ ! -f "$dir/postgres/PG_VERSION" ]; then
    as_user "$bin/initdb" -D "$dir/postgres" -U ttpstream -A trust -E UTF8 --locale=C.UTF-8 >"$dir/initdb.log" 2>&1 || fail "$(tail -n 3 "$dir/initdb.log")"
  fi
  as_user "$bin/pg_ctl" -D "$dir/postgres" status >/dev/null 2>&1 && { say "postgres runs already on 127.0.0.1:$postgres_port"; return; }
  as_user "$bin/pg_ctl" -D "$dir/postgres" -w -l "$dir/postgres.log" start -o "-p $postgres_port -c listen_addresses=127.0.0.1 \
    -c unix_socket_directories='' -c max_connections=500 -c fsync=off -c full_page_writes=off -c shared_buffers=256MB" >/dev/null \
    || fail "postgres does not start: $(tail -n 3 "$dir/postgres.log")"
  say "postgres runs on 127.0.0.1:$postgres_port"
}

stop_postgres() {
  [ ! -f "$dir/postgres/postmaster.pid" ] || as_user "$(postgres_bin)/pg_ctl" -D "$dir/postgres" -m fast -w stop >/dev/null
  say "postgres is stopped"
}

# mysql_runs tells whether the process we started still lives; the command line guards against a reused pid.
mysql_runs() {
  local pid
  pid="$(cat "$dir/mysql.pid" 2>/dev/null)" && [ -r "/proc/$pid/cmdline" ] && tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF -- "--datadir=$dir/mysql"
}

start_mysql() {
  command -v mariadbd >/dev/null || fail "no MariaDB; databases.sh install"
  if [ ! -d "$dir/mysql/mysql" ]; then
    as_user mariadb-install-db --no-defaults --datadir="$dir/mysql" --auth-root-authentication-method=normal --skip-test-db \
      >"$dir/install-db.log" 2>&1 || fail "$(tail -n 3 "$dir/install-db.log")"
  fi
  mysql_runs && { say "mysql runs already on 127.0.0.1:$mysql_port"; return; }
  as_user setsid mariadbd --no-defaults --datadir="$dir/mysql" --socket="$dir/mysql.sock" --pid-file="$dir/mysql.pid" \
    --bind-address=127.0.0.1 --port="$mysql_port" --max-connections=500 --innodb-flush-log-at-trx-commit=0 --innodb-flush-method=nosync \
    --innodb-buffer-pool-size=256M --innodb-doublewrite=0 --skip-name-resolve --skip-log-bin >"$dir/mysql.log" 2>&1 </dev/null &
  for _ in $(seq 300); do
    if mysql_runs && (exec 3<>"/dev/tcp/127.0.0.1/$mysql_port") 2>/dev/null; then
      say "mysql (MariaDB) runs on 127.0.0.1:$mysql_port"
      return
    fi
    sleep 0.1
  done
  fail "mysql does not start: $(tail -n 3 "$dir/mysql.log")"
}

stop_mysql() {
  if mysql_runs; then
    local pid; pid="$(cat "$dir/mysql.pid")"
    kill -TERM "$pid"
    for _ in $(seq 300); do mysql_runs || break; sleep 0.1; done
    mysql_runs && kill -KILL "$pid"
  fi
  say "mysql is stopped"
}

each() { for name in $names; do "$1_$name"; done; }
wipe_postgres() { stop_postgres; rm -rf "$dir/postgres" "$dir"/postgres.log "$dir/initdb.log"; }
wipe_mysql() { stop_mysql; rm -rf "$dir/mysql" "$dir"/mysql.* "$dir/install-db.log"; }

case "$command" in
  install)
    { command -v mariadbd && ls /usr/lib/postgresql/*/bin/initdb; } >/dev/null 2>&1 || {
      apt-get update -qq
      DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql mariadb-server >/dev/null
    } ;;
  start | stop | wipe) find_dir; each "$command" ;;
  env)
    echo "export TTPSTREAM_POSTGRES='postgres://ttpstream@127.0.0.1:$postgres_port/postgres?sslmode=disable'"
    echo "export TTPSTREAM_MYSQL='mysql://root@127.0.0.1:$mysql_port/mysql'" ;;
  *) sed -n '2,16s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" ;;
esac
