"""Who was ticked in a list, each with the version that the page showed."""

from __future__ import annotations

from flask import request


def seen_versions(field: str) -> dict[str, int]:
    """By public number the version, of a form's fields that say `NUMBER:VERSION`."""
    found = {}
    for text in request.form.getlist(field):
        who, _colon, version = text.partition(":")
        if version.isascii() and version.isdigit() and len(version) < 10:
            found[who] = int(version)
    return found
