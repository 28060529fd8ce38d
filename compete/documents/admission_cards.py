"""Admission cards (准考证): two on a page, each with a row a module: when, where, which seat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from compete.documents.badges import page_foot_words
from compete.documents.fonts import FontBook
from compete.documents.qr import qr_ink
from compete.documents.typesetting import About, PrintedFile, Sheet, typeset
from compete.domain.values.messages import Message, Translate, msg


@dataclass(frozen=True, slots=True)
class Sitting:
    """A module that the holder sits; what is not settled yet is empty."""

    module: str
    day: str
    time: str
    room: str
    seat: str
    until: str
    """When to be there."""


@dataclass(frozen=True, slots=True)
class AdmissionCard:
    """One card. `paper` is the masked number of the ID; `qr_url` leads to the own page."""

    name: str
    number: str
    unit: str
    occupation: str
    level: str
    paper_kind: str
    paper: str
    qr_url: str
    sittings: Sequence[Sitting]
    photo: bytes | None = field(default=None, repr=False)


_HEADS = (msg("科目"), msg("日期"), msg("时间"), msg("考场"), msg("座位"), msg("几点前到"))


def render_admission_cards(
    cards: Sequence[AdmissionCard],
    *,
    title: Message,
    of: str,
    lines: Sequence[tuple[Message, str]],
    foot: str,
    fonts: FontBook | None = None,
    translate: Translate | None = None,
    author: str = "",
    day: date | None = None,
) -> PrintedFile:
    """Print the cards in their order, two on an A4 page with a line to cut between.

    `lines` stand on each: what to bring, where it is, whom to ask. Who has a character that no
    font draws, or a photo that can't be opened, is left out and named on the last page.
    """
    if not cards:
        raise ValueError("no cards to print")
    shared = {
        "title": title.render(translate),
        "of": of,
        "lines": [[label.render(translate), text] for label, text in lines if text],
        "heads": [head.render(translate) for head in _HEADS],
        "cut": msg("剪开").render(translate),
        "caption": msg("扫码看有没有变").render(translate),
        "open": msg("还没排").render(translate),
        "labels": {
            "name": msg("姓名").render(translate),
            "number": msg("准考证号").render(translate),
            "paper": msg("证件号码").render(translate),
            "unit": msg("单位").render(translate),
            "level": msg("申报等级").render(translate),
            "occupation": msg("职业").render(translate),
        },
        "words": {"photo": msg("贴照片").render(translate)},
        "foot": foot,
        "own": page_foot_words(cards[0].qr_url, translate),
    }
    return typeset(
        "admission_cards",
        shared,
        [_sheet(card) for card in cards],
        fonts,
        about=About(author, day),
        translate=translate,
    )


def _sheet(card: AdmissionCard) -> Sheet:
    return Sheet(
        who=f"{card.number} {card.name}".strip(),
        photo=card.photo,
        data={
            "name": card.name,
            "number": card.number,
            "unit": card.unit,
            "occupation": card.occupation,
            "level": card.level,
            "paper": " ".join(filter(None, (card.paper_kind, card.paper))),
            "qr": qr_ink(card.qr_url),
            "sittings": [
                [it.module, it.day, it.time, it.room, it.seat, it.until] for it in card.sittings
            ],
        },
    )
