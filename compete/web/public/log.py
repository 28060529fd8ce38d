"""The log for everybody: its checkpoints, tiles and proofs as files, and two pages that read them.

Addresses below `/log` are those of C2SP's `tlog-tiles`, so that programs of others can
mirror the log; `proof`, `consistency`, `leaf` and `key` are made for phones. Nothing here
names anybody, and no cookie is set.
"""

from __future__ import annotations

import base64
import re
import time

from flask import Blueprint, Response, abort, current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from compete.domain.kinds.kinds import competition_kind
from compete.domain.log.checkpoints import Checkpoint, read_checkpoint, short_form
from compete.domain.log.tiles import MOST_TILE_LEVEL, TILE_WIDTH
from compete.models import LogCheckpoint, Publication
from compete.services.kernel.installation import memory_of
from compete.services.kernel.rows_by_number import competition_by_code
from compete.services.log.sequencing import (
    catch_up_quietly,
    checkpoint_at,
    checkpoint_over,
    continued,
    entries,
    kept_tile,
    leaf_of_publication,
    newest_checkpoint,
    newest_checkpoints,
    proof_of,
    require_leaf,
    verifier_key,
)
from compete.services.results.announced_periods import announced_periods
from compete.services.results.event_lines import objections_to
from compete.services.results.snapshots import standing_publications
from compete.web import guard
from compete.web.addresses import public_url
from compete.web.extensions import limiter
from compete.web.language import say
from compete.web.pages import or_404
from compete.web.public.blueprint import allow_search_engines
from compete.web.public.no_version import taken_down
from compete.web.public.results import is_taken_down
from compete.web.script_translations import script_words

face = Blueprint("log", __name__, url_prefix="/log")

_A_MINUTE = "6000 per minute"
"""The rate of one address: a hall of phones behind it, or somebody who mirrors."""

_LOOKED = "compete.log_looked"
_SELDOM = 10.0
_SHOWN = 20
_TILE = re.compile(r"((?:x[0-9]{3}/){0,5})([0-9]{3})(?:\.p/([0-9]{1,3}))?")


@face.get("")
@guard.public
def trust() -> ResponseReturnValue:
    """The newest checkpoint, to be noted or compared, and how anybody checks by themselves."""
    _look()
    newest = newest_checkpoint()
    return render_template(
        "public/log.html",
        newest=newest,
        root=_root(newest) if newest else None,
        short=short_form(newest.note.encode()) if newest else "",
        earlier=[(row, _root(row).long_words) for row in newest_checkpoints(_SHOWN)[1:]],
        key=str(verifier_key()),
        address=public_url("log.trust"),
    )


@face.get("/check/<code>")
@guard.public
def check(code: str) -> ResponseReturnValue:
    """Proves in the visitor's browser that what is published is in the log, and what was too."""
    _look(at_once=True)
    competition = competition_by_code(code)
    versions = standing_publications(competition) if competition else []
    # Of an evaluation the version that the log knows is nobody's to read.
    hidden = competition is not None and competition_kind(competition).tells_passed_alone
    if competition is None or hidden or not versions:
        return render_template("public/not_yet.html"), 404
    if is_taken_down(competition):
        return taken_down(competition)
    allow_search_engines(competition)
    proven = [proof for version in versions if (proof := _to_prove(version)) is not None]
    return render_template(
        "public/log_check.html",
        heading=competition.name,
        version=versions[0].version,
        versions=proven,
        words=script_words("public/log", "shared"),
        competition=competition.code,
        files=[url_for(f"public.{name}", code=code) for name in ("bundle", "results")],
        periods=announced_periods(versions[0])
        if competition_kind(competition).has_periods
        else None,
        contact=say(objections_to(competition)),
        key=str(verifier_key()),
        vendor=url_for("static", filename="vendor"),
        log=url_for("log.trust"),
    )


@face.get("/checkpoint")
@guard.public
@limiter.limit(_A_MINUTE)
def checkpoint() -> Response:
    """The newest checkpoint, signed; 404 while the log is empty."""
    _look()
    return _text((newest_checkpoint() or abort(404)).note)


@face.get("/checkpoint/<int:size>")
@guard.public
@limiter.limit(_A_MINUTE)
def earlier(size: int) -> Response:
    """The checkpoint that was signed over so many lines."""
    return _text((checkpoint_at(_number(size)) or abort(404)).note)


@face.get("/key")
@guard.public
def key() -> Response:
    """The public key, as `compete verify-proof --key` takes it."""
    return _text(f"{verifier_key()}\n")


@face.get("/leaf/<int:number>")
@guard.public
@limiter.limit(_A_MINUTE)
def leaf(number: int) -> Response:
    """A line of the log, to the letter; counted from 0."""
    return Response(require_leaf(_number(number)).content, mimetype="application/json")


@face.get("/proof/<int:number>")
@guard.public
@limiter.limit(_A_MINUTE)
def proof(number: int) -> Response:
    """Prove that a line is in the log as it was signed last (C2SP `tlog-proof`)."""
    return _text(str(proof_of(_number(number))))


@face.get("/consistency/<int:old>/<int:new>")
@guard.public
@limiter.limit(_A_MINUTE)
def consistency(old: int, new: int) -> Response:
    """Prove that one checkpoint's log begins with that of another: a hash on each line."""
    hashes = continued(_number(old), _number(new))
    return _text("".join(f"{base64.b64encode(digest).decode()}\n" for digest in hashes))


@face.get("/tile/<int:level>/<path:place>")
@guard.public
@limiter.limit(_A_MINUTE)
def tile(level: int, place: str) -> Response:
    """Send up to 256 hashes of a level of the tree."""
    number, width = _place(place)
    if level > MOST_TILE_LEVEL:
        abort(404)
    return _bytes(kept_tile(level, number, width))


@face.get("/tile/entries/<path:place>")
@guard.public
@limiter.limit(_A_MINUTE)
def entry_bundle(place: str) -> Response:
    """Send up to 256 lines, each after its length in two bytes."""
    number, width = _place(place)
    return _bytes(
        b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries(number, width))
    )


def _look(*, at_once: bool = False) -> None:
    """Bring the log up to date, now and then: whoever asks for it must find what was done."""
    looked = memory_of(_LOOKED, dict[str, float])
    now = time.monotonic()
    if at_once or current_app.testing or now - looked.get("", -_SELDOM) >= _SELDOM:
        looked[""] = now
        catch_up_quietly()


def _root(row: LogCheckpoint) -> Checkpoint:
    return read_checkpoint(row.note.encode())[0]


def _to_prove(publication: Publication) -> dict[str, object] | None:
    """Return what the page proves of a version; `size` is of the first checkpoint with it."""
    leaf = leaf_of_publication(publication)
    first = checkpoint_over(leaf) if leaf else None
    if leaf is None or first is None:
        return None
    return {
        "version": publication.version,
        "sha256": publication.sha256,
        "proof": url_for("log.proof", number=leaf.number),
        "size": first.size,
    }


def _number(asked: int) -> int:
    """Return a number as far as any column counts; what is beyond is not there."""
    return asked if asked < 2**53 else abort(404)


def _place(place: str) -> tuple[int, int]:
    match = or_404(_TILE.fullmatch(place))
    number = int(match[1].replace("x", "").replace("/", "") + match[2])
    width = int(match[3]) if match[3] else TILE_WIDTH
    # A tile's first leaf is counted as any other is.
    _number(number * TILE_WIDTH)
    return number, width if 0 < width <= TILE_WIDTH else abort(404)


def _text(content: str) -> Response:
    return Response(content, mimetype="text/plain")


def _bytes(content: bytes) -> Response:
    return Response(content, mimetype="application/octet-stream")
