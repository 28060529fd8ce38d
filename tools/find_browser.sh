#!/bin/sh
# Makes sure that there is a Chromium for the tests of real pages, or stops.
set -eu

if [ "${COMPETE_WITHOUT_BROWSER:-}" = 1 ]; then
    echo "COMPETE_WITHOUT_BROWSER=1: the tests of real pages will show as skipped."
    exit 0
fi

found() {
    if [ -n "${COMPETE_CHROMIUM:-}" ]; then
        [ -x "$COMPETE_CHROMIUM" ]
        return
    fi
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        if command -v "$name" >/dev/null 2>&1; then return 0; fi
    done
    return 1
}

# What steers the browser is part of the Python packages, but wants one system library.
steered() {
    .venv/bin/playwright --version >/dev/null 2>&1
}

found && steered && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "The tests of real pages need Chromium; installing what is missing."
    export DEBIAN_FRONTEND=noninteractive
    packages=libatomic1
    # certutil, of libnss3-tools, gives a browser a root certificate to trust.
    found || packages="$packages chromium fonts-noto-cjk libnss3-tools"
    log=$(mktemp)
    # Word splitting is wanted here.
    # shellcheck disable=SC2086
    { apt-get update -q && apt-get install -q -y --no-install-recommends $packages; } \
        >"$log" 2>&1 || tail -n 5 "$log" >&2
    rm -f "$log"
    found && steered && exit 0
fi

cat >&2 <<'END'
The tests of real pages need Chromium and the library that steers it; one is missing.
  Install them:      apt-get install chromium libatomic1
  Or name yours:     COMPETE_CHROMIUM=/path/to/chromium make test
  Or do without:     COMPETE_WITHOUT_BROWSER=1 make test   (those tests show as skipped)
END
exit 1
