"""Poster that leads people to the page on which they enter themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from compete.documents.fonts import FontBook
from compete.documents.qr import qr_ink
from compete.documents.typesetting import About, PrintedFile, Sheet, typeset
from compete.domain.values.messages import Translate, msg

_STEPS = (msg("扫码填资料"), msg("单位确认"), msg("组委会收下"))


@dataclass(frozen=True, slots=True)
class Poster:
    """The contents of a poster; `typed` is the address to type where no camera is at hand."""

    competition: str
    host: str
    qr_url: str
    typed: str
    until: str
    events: Sequence[str] = ()
    contact: str = ""


def render_poster(
    poster: Poster,
    *,
    fonts: FontBook | None = None,
    translate: Translate | None = None,
    day: date | None = None,
) -> PrintedFile:
    """Print one A4 page as PDF. Raises `NothingPrinted` for a character that no font draws."""
    title = msg("%(competition)s 个人报名", competition=poster.competition).render(translate)
    steps = [f"{number}  {step.render(translate)}" for number, step in enumerate(_STEPS, start=1)]
    data = {
        **asdict(poster),
        "heading": msg("扫码报名").render(translate),
        "qr": qr_ink(poster.qr_url),
        "steps": steps,
    }
    return typeset(
        "poster",
        {"title": title},
        [Sheet(who=poster.competition, data=data)],
        fonts,
        about=About(poster.host or poster.competition, day),
        translate=translate,
    )
