"""Badges for everybody on the ground: photo, name, number and the person's own QR code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from compete.documents.fonts import FontBook
from compete.documents.qr import qr_ink
from compete.documents.typesetting import Sheet, Translate, typeset
from compete.domain.values import msg

PER_PAGE = 8


@dataclass(frozen=True, slots=True)
class Badge:
    """One badge. `qr_url` is the holder's own page: a random token, never an ID number.

    `number` may be empty for those who have none. `photo` is a JPEG or PNG.
    `caption` stands under the code; None for the sentence for contestants.
    """

    name: str
    unit: str
    event: str
    number: str
    qr_url: str
    group: str = ""
    role: str = "选手"
    photo: bytes | None = field(default=None, repr=False)
    caption: str | None = None


def render_badges(
    badges: Sequence[Badge],
    *,
    competition: str,
    fonts: FontBook | None = None,
    translate: Translate | None = None,
) -> bytes:
    """A PDF of badges, 95 × 67 mm, eight on an A4 page in the order given.

    Raises `GlyphsMissing` or `PhotoUnreadable` naming whose badge it is, and
    ValueError for no badges at all.
    """
    if not badges:
        raise ValueError("no badges to print")
    pages = -(-len(badges) // PER_PAGE)
    shared = {
        "title": msg("%(competition)s 胸卡", competition=competition).render(translate),
        "competition": competition,
        "words": {"photo": msg("照片").render(translate)},
        "foot": [page_foot(page, pages, translate) for page in range(1, pages + 1)],
    }
    return typeset("badges", shared, [_sheet(badge, translate) for badge in badges], fonts)


def page_foot(page: int, pages: int, translate: Translate | None) -> str:
    """How to cut the page, and which page it is."""
    return msg(
        "A4 一页 8 张，95 × 67 毫米，沿虚线裁开　第 %(page)s / %(pages)s 页", page=page, pages=pages
    ).render(translate)


def _sheet(badge: Badge, translate: Translate | None) -> Sheet:
    caption = msg("赛前看时间，赛后看成绩").render(translate)
    label = msg("参赛号").render(translate) if badge.number else ""
    return Sheet(
        who=badge.name,
        photo=badge.photo,
        data={
            "name": badge.name,
            "unit": badge.unit,
            "event": " ".join(part for part in (badge.event, badge.group) if part),
            "number": badge.number,
            "number-label": label,
            "role": badge.role,
            "caption": caption if badge.caption is None else badge.caption,
            "qr": qr_ink(badge.qr_url),
        },
    )
