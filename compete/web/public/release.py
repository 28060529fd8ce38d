"""The program and the settings by which a stored page was made."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from flask import Flask

from compete.domain.values.canonical import sealed_text
from compete.resources import package_dir, resource_dir

_KEY = "compete.release"
_SHOWN = {".py", ".html", ".svg", ".mo", ".js", ".css"}
_SETTINGS = ("BABEL_DEFAULT_TIMEZONE", "SESSION_COOKIE_SECURE", "APPLICATION_ROOT")


def release_of(app: Flask) -> str:
    """A digest of the program's files as they were when first asked; 32 hex digits."""
    if _KEY not in app.extensions:
        app.extensions[_KEY] = _digest(app)
    return str(app.extensions[_KEY])


def _digest(app: Flask) -> str:
    digest = hashlib.sha256(sealed_text([app.config[name] for name in _SETTINGS]))
    for path in _files():
        known = path.stat()
        digest.update(f"{path}\n{known.st_size}\n{known.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:32]


def _files() -> Iterator[Path]:
    for folder in (package_dir(), resource_dir("templates"), resource_dir("static")):
        for path in sorted(folder.rglob("*")):
            if path.suffix in _SHOWN and path.is_file():
                yield path
