"""Scripts and styles as the build has made them smaller (`hatch_build.py`).

Each stands under the digest of what it was made from, so that a file changed since
is served as it is written, and never as it was.
"""

from __future__ import annotations

import hashlib

from compete.resources import package_dir

_FOLDER = package_dir() / "_minified"


def minified(body: bytes, ending: str) -> bytes:
    """The same program or stylesheet, smaller; `body` itself where the build has not met it."""
    try:
        return (_FOLDER / f"{hashlib.sha256(body).hexdigest()}{ending}").read_bytes()
    except FileNotFoundError:
        return body


def maker() -> bytes:
    """Return the name and version of the tool that minified them; nothing if none did."""
    try:
        return (_FOLDER / "MAKER").read_bytes()
    except FileNotFoundError:
        return b""
