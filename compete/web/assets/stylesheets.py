"""One stylesheet for each face, put together from the parts in `static/css`.

The parts stay small files, each for one idea; the browser gets one file, named
by its content, which it may keep for ever. A slow tablet so pays one request
for the look instead of a dozen.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, url_for

from compete.web.assets import scripts
from compete.web.assets.faces import FACES, face_text
from compete.web.assets.minified import minified
from compete.web.assets.packed import packed
from compete.web.guard import public

face = Blueprint("assets", __name__)


@dataclass(frozen=True, slots=True)
class Stylesheet:
    """A face's whole stylesheet; `digest` names its content (16 hex digits)."""

    body: bytes
    digest: str


def build(name: str, folder: Path) -> Stylesheet:
    """Put the parts of face `name` together from `folder`.

    Raises KeyError for a face that there is not, OSError for a part that is missing.
    """
    body = minified(face_text(name, folder).encode(), ".css")
    return Stylesheet(body, hashlib.sha256(body).hexdigest()[:16])


_built = lru_cache(maxsize=16)(build)


def _stylesheet(name: str) -> Stylesheet:
    folder = Path(current_app.static_folder or "") / "css"
    return (build if current_app.debug else _built)(name, folder)


def stylesheet_url(name: str) -> str:
    """Address of a face's stylesheet; it changes when its content does."""
    return url_for("assets.stylesheet", name=name, digest=_stylesheet(name).digest)


@face.get("/assets/<name>-<digest>.css")
@public
def stylesheet(name: str, digest: str) -> Response:
    """The stylesheet; a page older than the program gets today's, but may not keep it."""
    if name not in FACES:
        abort(404)
    sheet = _stylesheet(name)
    return packed(sheet.body, "text/css", current=digest == sheet.digest)


def init_app(app: Flask) -> None:
    """Serve stylesheets and scripts, and give templates what says where they are."""
    scripts.init_app(app)
    app.register_blueprint(face)
    app.jinja_env.globals["stylesheet_url"] = stylesheet_url
