#!/usr/bin/env bash
# Holds a running server to its contract: schemathesis (PyPI), all checks.
#
#   schemathesis.sh URL TOKEN [OPTION...]
#
# URL is where the server is, TOKEN one of an admin. SCHEMATHESIS names the
# program; EXAMPLES how many cases there are per operation (default 30).
# Live events are left out: an answer that never ends cannot be checked so.
set -euo pipefail
url="$1" token="$2"
shift 2
exec "${SCHEMATHESIS:-schemathesis}" run "$url/openapi.json" --url "$url" --header "Authorization: Bearer $token" \
  --checks all --exclude-path-regex '/live$' --max-examples "${EXAMPLES:-30}" --workers 1 --seed 1 --request-timeout 60 \
  --generation-database none --continue-on-failure --warnings off "$@"
