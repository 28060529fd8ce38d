"""The pages' scripts, each with all that it imports in one file of its own.

Their addresses stand below a digest of all scripts together: a browser keeps
each for ever, and never mixes scripts of two versions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, redirect, url_for
from flask.typing import ResponseReturnValue

from compete.web.assets.minified import maker, minified
from compete.web.assets.packed import packed
from compete.web.assets.packs import pack, read_files
from compete.web.guard import public

face = Blueprint("scripts", __name__)

# Pages that a tablet has kept from before the scripts stood in folders ask for these.
_FORMER_NAMES = {
    "home.js": "judge/home.js",
    "sheet.js": "judge/sheet.js",
    "compare.js": "judge/compare.js",
    "sign.js": "judge/sign.js",
    "field.js": "judge/field.js",
    "plain_judge.js": "judge/plain.js",
    "trust.js": "trust/trust.js",
    "hall.js": "hall/hall.js",
    "organiser.js": "organiser/desk.js",
    "board.js": "organiser/board.js",
    "entry.js": "organiser/entry.js",
    "codes_in.js": "organiser/code_reader.js",
    "upload.js": "organiser/upload.js",
}


@dataclass(frozen=True, slots=True)
class Scripts:
    """All scripts by their path below `static/js`; `digest` names their content."""

    files: Mapping[str, str]
    digest: str
    _packs: dict[str, bytes] = field(default_factory=dict, init=False, repr=False, compare=False)

    def pack(self, name: str) -> bytes:
        """A page's script together with all that it imports.

        Raises `PackError` where a script is written in a way that cannot be packed.
        """
        content = self._packs.get(name)
        if content is None:
            whole = pack(self.files, name).encode()
            content = self._packs[name] = minified(whole, ".js")
        return content


def read_scripts(folder: Path) -> Scripts:
    """The scripts in `folder` and below it, squeezed."""
    files = read_files(folder)
    digest = hashlib.sha256(maker())
    for name, body in files.items():
        digest.update(name.encode() + b"\0" + hashlib.sha256(body.encode()).digest())
    return Scripts(files, digest.hexdigest()[:16])


_read = lru_cache(maxsize=4)(read_scripts)


def _scripts() -> Scripts:
    folder = Path(current_app.static_folder or "") / "js"
    return (read_scripts if current_app.debug else _read)(folder)


def scripts_version() -> str:
    """The digest of all scripts together."""
    return _scripts().digest


def script_url(name: str) -> str:
    """Address of a page's script; it changes when any script does."""
    return url_for("scripts.script", digest=scripts_version(), name=name)


@face.get("/assets/js-<digest>/<path:name>")
@public
def script(digest: str, name: str) -> Response:
    """Send one script; a page older than the program gets today's, but may not keep it."""
    scripts = _scripts()
    name = _FORMER_NAMES.get(name, name)
    if name not in scripts.files:
        abort(404)
    return packed(scripts.pack(name), "text/javascript", current=digest == scripts.digest)


@face.get("/sw.js")
@public
def service_worker() -> Response:
    """The service worker, at the top so that it may serve every page of the judge's.

    Its address carries the scripts' version, by which the browser sees a new one.
    """
    return packed(_scripts().pack("sw.js"), "text/javascript", current=False)


@face.get("/favicon.ico")
@public
def icon() -> ResponseReturnValue:
    """Lead to the mark: what is shown without a page of ours, a PDF say, asks for it here."""
    return redirect(url_for("static", filename="icons/mark.svg"))


def init_app(app: Flask) -> None:
    """Serve the scripts, and give templates their addresses and their version."""
    app.register_blueprint(face)
    app.jinja_env.globals.update(script_url=script_url, scripts_version=scripts_version)
