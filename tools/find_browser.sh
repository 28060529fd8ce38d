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

# Pages are measured in their own signs; boxes in their place have other widths.
lettered() {
    ! command -v fc-list >/dev/null 2>&1 || [ -n "$(fc-list :lang=zh 2>/dev/null)" ]
}

# The same engine without windows opens pages at about a third of the cost. Wanted, not
# needed: where it cannot be had at once the tests drive the whole browser.
lighter() {
    if [ -n "${COMPETE_CHROMIUM:-}" ] || command -v chromium-headless-shell >/dev/null 2>&1; then
        return 0
    fi
    [ "$(id -u)" = 0 ] || return 0
    apt-cache show chromium-headless-shell >/dev/null 2>&1 || return 0
    echo "Installing chromium-headless-shell, with which the tests of real pages run quicker."
    DEBIAN_FRONTEND=noninteractive timeout 90 apt-get install -q -y --no-install-recommends \
        chromium-headless-shell >/dev/null 2>&1 ||
        echo "It could not be installed; the tests drive the whole browser instead." >&2
}

if found && steered && lettered; then
    lighter
    exit 0
fi

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "The tests of real pages need Chromium and a Chinese font; installing what is missing."
    export DEBIAN_FRONTEND=noninteractive
    packages=libatomic1
    # certutil, of libnss3-tools, gives a browser a root certificate to trust.
    found || packages="$packages chromium libnss3-tools"
    lettered || packages="$packages fonts-noto-cjk"
    log=$(mktemp)
    # Word splitting is wanted here.
    # shellcheck disable=SC2086
    { apt-get update -q && apt-get install -q -y --no-install-recommends $packages; } \
        >"$log" 2>&1 || tail -n 5 "$log" >&2
    rm -f "$log"
    if found && steered; then
        lighter
        exit 0
    fi
fi

cat >&2 <<'END'
The tests of real pages need Chromium and the library that steers it; one is missing.
  Install them:      apt-get install chromium libatomic1
  Or name yours:     COMPETE_CHROMIUM=/path/to/chromium make test
  Or do without:     COMPETE_WITHOUT_BROWSER=1 make test   (those tests show as skipped)
END
exit 1
