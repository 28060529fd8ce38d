"""Badges for everybody at the venue, and sign-in cards: eight on a page, each with its own code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from compete.documents.fonts import FontBook
from compete.documents.qr import opens_here_alone, qr_ink
from compete.documents.typesetting import About, PrintedFile, Sheet, typeset
from compete.domain.values.messages import Message, Translate, msg


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
    place: str = ""
    """When and where the holder competes; empty before it is settled."""


def render_badges(
    badges: Sequence[Badge],
    *,
    competition: str,
    fonts: FontBook | None = None,
    translate: Translate | None = None,
    author: str = "",
    day: date | None = None,
) -> PrintedFile:
    """Print a PDF of badges, 95 × 67 mm, eight on an A4 page in the order given.

    Who has a character that no font draws, or a photo that can't be opened, is left
    out and named on the last page and in `left_out`. `day` goes into the file's data.
    Raises `NothingPrinted` when none can be printed, ValueError for no badges at all.
    """
    if not badges:
        raise ValueError("no badges to print")
    shared = {
        "title": msg("%(competition)s 参赛证", competition=competition).render(translate),
        "competition": competition,
        "words": {"photo": msg("照片").render(translate)},
        "foot": _page_foot(badges[0].qr_url, translate),
    }
    return typeset(
        "badges",
        shared,
        [_sheet(badge, translate) for badge in badges],
        fonts,
        about=About(author, day),
        translate=translate,
    )


def _page_foot(address: str, translate: Translate | None) -> str:
    """The foot: how to cut the page, and its number (`{page}`, `{pages}`, filled when set).

    It says so where codes lead to this machine alone: on paper nobody can correct that.
    """
    foot = msg(
        "A4 一页 8 张，95 × 67 毫米，沿虚线裁开　第 %(page)s / %(pages)s 页",
        page="{page}",
        pages="{pages}",
    ).render(translate)
    own = page_foot_words(address, translate)
    return f"{own}　{foot}" if own else foot


def page_foot_words(address: str, translate: Translate | None) -> str:
    """Say that codes lead to this machine alone; empty where they lead on."""
    if not opens_here_alone(address):
        return ""
    return msg(
        "别发出去：码里的网址只有这台电脑打得开。先用别的设备也打得开的网址打开网站，再打印"
    ).render(translate)


def _sheet(badge: Badge, translate: Translate | None) -> Sheet:
    caption = msg("赛前看时间，赛后看成绩").render(translate)
    label = msg("参赛号").render(translate) if badge.number else ""
    return Sheet(
        # The number first: two names may be told apart by nothing but what no font has.
        who=f"{badge.number} {badge.name}".strip(),
        photo=badge.photo,
        data={
            "name": badge.name,
            "unit": badge.unit,
            "event": " ".join(part for part in (badge.event, badge.group) if part),
            "group": badge.group,
            "number": badge.number,
            "number-label": label,
            "place": badge.place,
            "role": badge.role,
            "caption": caption if badge.caption is None else badge.caption,
            "qr": qr_ink(badge.qr_url),
        },
    )


_CAPTION = msg("扫码进自己的页面。只给本人用，丢了马上告诉组委会。")
"""The text of a card where nothing else is said: not every official judges."""


@dataclass(frozen=True, slots=True)
class JudgeCard:
    """One card. `sign_in_url` carries a secret of this judge, so cards are handed over in person.

    `typed` is what to type where no camera is at hand: an address or a short code.
    """

    name: str
    role: str
    sign_in_url: str = field(repr=False)
    event: str = ""
    typed: str = field(default="", repr=False)


def render_cards(
    cards: Sequence[JudgeCard],
    *,
    competition: str,
    title: Message | None = None,
    caption: Message | None = None,
    fonts: FontBook | None = None,
    translate: Translate | None = None,
    author: str = "",
    day: date | None = None,
) -> PrintedFile:
    """Print a PDF of cards, 95 × 67 mm, eight on an A4 page in the order given.

    Who has a character that no font draws, or a photo that can't be opened, is left
    out and named on the last page and in `left_out`.
    Raises `NothingPrinted` when none can be printed, ValueError for none at all.
    """
    if not cards:
        raise ValueError("no cards to print")
    shared = {
        "title": (title or msg("%(competition)s 裁判登录卡", competition=competition)).render(
            translate
        ),
        "competition": competition,
        "foot": _page_foot(cards[0].sign_in_url, translate),
    }
    return typeset(
        "cards",
        shared,
        [_card_sheet(card, caption or _CAPTION, translate) for card in cards],
        fonts,
        about=About(author, day),
        translate=translate,
    )


def _card_sheet(card: JudgeCard, caption: Message, translate: Translate | None) -> Sheet:
    return Sheet(
        who=card.name,
        data={
            "name": card.name,
            "role": card.role,
            "event": card.event,
            "typed": card.typed,
            "typed-label": msg("扫不了就输入").render(translate),
            "caption": caption.render(translate),
            "qr": qr_ink(card.sign_in_url),
        },
    )
