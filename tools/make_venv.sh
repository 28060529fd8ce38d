#!/bin/sh
# Makes the virtual environment named by $1 with $PYTHON, or says what is missing.
set -eu
venv=$1
python=${PYTHON:-python3}

stop() {
    printf '%s\n' "$@" >&2
    exit 1
}

command -v "$python" >/dev/null 2>&1 || stop \
    "compete needs Python 3.11 or newer, and '$python' is not on this machine." \
    "On Debian or Ubuntu: apt-get install python3 python3-venv" \
    "If it has another name: make setup PYTHON=python3.12"

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || stop \
    "compete needs Python 3.11 or newer; '$python' is $("$python" -V 2>&1)." \
    "If a newer one is installed, name it: make setup PYTHON=python3.12"

"$python" -c 'import ensurepip, venv' 2>/dev/null || stop \
    "'$python' cannot make virtual environments: a part of it is missing." \
    "On Debian or Ubuntu: apt-get install python3-venv"

"$python" -m venv --clear "$venv"
