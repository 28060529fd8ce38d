"""Sign-in cards for judges: the code on it opens the tablet for this one person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from compete.documents.badges import page_foot
from compete.documents.fonts import FontBook
from compete.documents.qr import qr_ink
from compete.documents.typesetting import About, PrintedFile, Sheet, typeset
from compete.domain.values.messages import Message, Translate, msg

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
        "foot": page_foot(cards[0].sign_in_url, translate),
    }
    return typeset(
        "cards",
        shared,
        [_sheet(card, caption or _CAPTION, translate) for card in cards],
        fonts,
        about=About(author, day),
        translate=translate,
    )


def _sheet(card: JudgeCard, caption: Message, translate: Translate | None) -> Sheet:
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
