#!/bin/sh
# Installs what the requirements file $2 pins into the virtual environment $1.
# pip uses one processor, and most of its time goes into choosing among files. So two of
# them take half of the packages each, without looking at dependencies: every one is pinned.
# The last call takes pip itself, which must not change under the other two, and sees that
# all is there.
set -eu
venv=$1
pins=$2
halves=$(mktemp -d)
trap 'rm -rf "$halves"' EXIT

install() {
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes "$@"
}

awk -v to="$halves" '
    /^[^ #]/ { half = /^pip==/ ? "last" : number++ % 2 }
    { print > (to "/" half) }
' "$pins"
install --no-deps -r "$halves/1" &
other=$!
failed=0
install --no-deps -r "$halves/0" || failed=1
wait "$other" || failed=1
[ "$failed" = 0 ] && install -r "$pins"
