"""The pages' scripts, under one address that changes when any of them does.

The modules import each other by relative paths, so they all stand below the
digest of the whole: a browser keeps each of them for ever, and never mixes
modules of two versions. A page names beforehand all that its first module will
import, so that a slow line fetches them side by side.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, url_for

from compete.web.guard import public
from compete.web.packed import packed

_IMPORT = re.compile(r"""^\s*(?:import|export)\b[^"';]*?["'](\.{1,2}/[^"']+)["']""", re.MULTILINE)

face = Blueprint("scripts", __name__)


@dataclass(frozen=True, slots=True)
class Scripts:
    """All scripts by their path below `static/js`; `digest` names their content."""

    files: Mapping[str, bytes]
    digest: str

    def graph(self, name: str) -> tuple[str, ...]:
        """`name` and every module it imports, near or far, in the order they are met.

        Raises KeyError where one of them is missing.
        """
        met: list[str] = []
        waiting = [name]
        while waiting:
            module = waiting.pop(0)
            if module in met:
                continue
            met.append(module)
            here = posixpath.dirname(module)
            imports = _IMPORT.findall(self.files[module].decode("utf-8"))
            waiting += [posixpath.normpath(posixpath.join(here, each)) for each in imports]
        return tuple(met)


def squeeze(script: str) -> str:
    """The same program without the comments that fill whole lines, and without indents.

    Our scripts keep both out of their template strings, where they would count.
    """
    script = re.sub(r"^\s*/\*\*.*?\*/\s*\n", "", script, flags=re.DOTALL | re.MULTILINE)
    script = re.sub(r"^\s*//.*\n", "", script, flags=re.MULTILINE)
    return re.sub(r"^\s+", "", script, flags=re.MULTILINE)


def read_scripts(folder: Path) -> Scripts:
    """The scripts in `folder` and below it, squeezed."""
    files = {
        path.relative_to(folder).as_posix(): squeeze(path.read_text(encoding="utf-8")).encode()
        for path in sorted(folder.rglob("*.js"))
    }
    digest = hashlib.sha256()
    for name, body in files.items():
        digest.update(name.encode() + b"\0" + hashlib.sha256(body).digest())
    return Scripts(files, digest.hexdigest()[:16])


_read = lru_cache(maxsize=4)(read_scripts)


def _scripts() -> Scripts:
    folder = Path(current_app.static_folder or "") / "js"
    return (read_scripts if current_app.debug else _read)(folder)


def scripts_version() -> str:
    """The digest of all scripts together."""
    return _scripts().digest


def script_url(name: str) -> str:
    """Where a script is; the address changes when any script does."""
    return url_for("scripts.script", digest=scripts_version(), name=name)


def script_urls(name: str) -> list[str]:
    """Where the script and all that it imports are."""
    return [script_url(each) for each in _scripts().graph(name)]


@face.get("/assets/js-<digest>/<path:name>")
@public
def script(digest: str, name: str) -> Response:
    """One script; a page older than the program gets today's, but may not keep it."""
    found = _scripts()
    if name not in found.files:
        abort(404)
    return packed(found.files[name], "text/javascript", current=digest == found.digest)


@face.get("/sw.js")
@public
def service_worker() -> Response:
    """The service worker, at the top so that it may serve every page of the judge's.

    Its address carries the scripts' version, by which the browser sees a new one.
    """
    return packed(_scripts().files["sw.js"], "text/javascript", current=False)


def init_app(app: Flask) -> None:
    """Serve the scripts, and give templates their addresses and their version."""
    app.register_blueprint(face)
    app.jinja_env.globals.update(
        script_url=script_url, script_urls=script_urls, scripts_version=scripts_version
    )
