"""Score sheets on paper (评分表): to judge without tablets, or to print a lost one again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from itertools import groupby
from xml.sax.saxutils import quoteattr

from compete.documents.fonts import FontBook
from compete.documents.lists import Stamp, page_words
from compete.documents.qr import qr_ink
from compete.documents.typesetting import About, PrintedFile, Sheet, typeset
from compete.domain.values.messages import Message, Translate, msg


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One aspect. All texts are printed as given.

    `record` is the raw value (5 毫米), `deducted` and `scored` are marks; empty
    they are to write in, and `unit` stands small beside the place for the
    record. Rows of one criterion that follow each other share one cell for its
    name. `standard` may have several lines. `ruling` is what the chief judge set
    in place of the record; the marks are then those of the ruling.
    """

    criterion: str
    aspect: str
    points: str
    standard: str = ""
    unit: str = ""
    record: str = ""
    deducted: str = ""
    scored: str = ""
    ruling: str = ""


@dataclass(frozen=True, slots=True)
class Signed:
    """The judge's signature: SVG path data in a `box` (width, height), or a `name` that was typed.

    Without either the line stays empty. `at` is when it was signed, as printed.
    """

    at: str
    path: str = field(default="", repr=False)
    box: tuple[int, int] = (0, 0)
    name: str = ""


_TOTAL = msg("合计")


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """One sheet: one piece of work under its blind code, one judge.

    `name` is whose work it is, empty where judges do not know it. `sheet_url` tells
    which sheet it is to whoever types the marks in. `total` is the word before the totals;
    `scored` and `deducted` are those of a sheet that is printed again with its marks;
    `note` says so.
    """

    event: str
    module: str
    code: str
    judge: str
    sheet_url: str
    rows: Sequence[ScoreRow]
    points: str
    name: str = ""
    total: Message = _TOTAL
    deducted: str = ""
    scored: str = ""
    working_time: str = ""
    note: str = ""
    signed: Signed | None = None


def render_score_sheets(
    sheets: Sequence[ScoreSheet],
    *,
    competition: str,
    stamp: Stamp,
    fonts: FontBook | None = None,
    translate: Translate | None = None,
    author: str = "",
    has_chief: bool = True,
) -> PrintedFile:
    """Print a PDF on upright A4; each sheet begins on its own page and counts its own pages.

    Without `has_chief` no chief judge is asked to sign; where no row has a criterion its column
    is left out. The table's head repeats and no row is split. A character that no font has is
    set as 〓 and named on the last page and in `left_out`. Raises ValueError for no
    sheets at all.
    """
    if not sheets:
        raise ValueError("no score sheets to print")
    grouped = any(row.criterion for sheet in sheets for row in sheet.rows)
    shared = {
        "grouped": grouped,
        "title": msg("%(competition)s 评分表", competition=competition).render(translate),
        "competition": competition,
        "words": {
            "title": msg("评分表").render(translate),
            "scan": msg("扫码找到这张表").render(translate),
            "columns": [column.render(translate) for column in _columns(grouped)],
            "time": msg("用时").render(translate) + "　",
            "sign": [label.render(translate) for label in _signatures(has_chief)],
            "page": page_words(translate),
        },
    }
    foot = stamp.words(translate)
    # Most sheets of a run ask the same: what stands in their tables is made ready once.
    places: dict[tuple[ScoreRow, ...], int] = {}
    items = [
        _sheet(sheet, places.setdefault(tuple(sheet.rows), len(places)), foot, translate, has_chief)
        for sheet in sheets
    ]
    return typeset(
        "score_sheet",
        shared | {"tables": [_rows(rows) for rows in places]},
        items,
        fonts,
        about=About(author, stamp.printed_at.date()),
        translate=translate,
        whole=True,
    )


def _columns(grouped: bool) -> tuple[Message, ...]:
    return (
        msg("序号"),
        *((msg("项目"),) if grouped else ()),
        msg("要点"),
        msg("配分"),
        msg("评分标准"),
        msg("记录"),
        msg("扣分"),
        msg("得分"),
    )


def _signatures(has_chief: bool) -> tuple[Message, ...]:
    return (msg("裁判签名"), *((msg("裁判长签名"),) if has_chief else ()), msg("时间"))


def _sheet(
    sheet: ScoreSheet, table: int, foot: str, translate: Translate | None, has_chief: bool
) -> Sheet:
    head = [
        (msg("赛项"), sheet.event, False),
        (msg("编号"), sheet.code, True),
        (msg("模块"), sheet.module, False),
        (msg("裁判"), sheet.judge, False),
    ]
    if sheet.name:
        head.append((msg("姓名"), sheet.name, True))
    whose = msg("编号 %(code)s", code=sheet.code).render(translate)
    return Sheet(
        who=whose,
        data={
            "head": [
                {"label": label.render(translate), "value": value, "strong": strong}
                for label, value, strong in head
            ],
            "table": table,
            "total": sheet.total.render(translate),
            "points": sheet.points,
            "deducted": sheet.deducted,
            "scored": sheet.scored,
            "time": sheet.working_time,
            "note": sheet.note,
            "signed": _hands(sheet.signed, translate, has_chief),
            "foot": f"{whose}　{sheet.module}　{foot}",
            "qr": qr_ink(sheet.sheet_url),
        },
    )


def _hands(
    signed: Signed | None, translate: Translate | None, has_chief: bool
) -> list[dict[str, str]]:
    """The contents of the lines of `_signatures`: a drawing, words, or nothing."""
    alt = msg("手写签名").render(translate)
    empty = {"svg": "", "text": "", "alt": alt}
    chief = [empty] if has_chief else []
    if signed is None:
        return [empty, *chief, empty]
    svg = _ink(signed.path, *signed.box) if signed.path else ""
    return [{**empty, "svg": svg, "text": signed.name}, *chief, {**empty, "text": signed.at}]


def _ink(path: str, width: int, height: int) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        f'<path d={quoteattr(path)} fill="none" stroke="#172125" stroke-width="3"'
        ' stroke-linecap="round" stroke-linejoin="round"/></svg>'
    )


def _rows(rows: Sequence[ScoreRow]) -> list[dict[str, object]]:
    """Rows numbered from 1; `span` is how many rows the criterion's cell covers, 0 inside it."""
    done: list[dict[str, object]] = []
    for _criterion, group in groupby(rows, key=lambda row: row.criterion):
        members = list(group)
        for place, row in enumerate(members):
            done.append(
                {
                    **asdict(row),
                    "number": str(len(done) + 1),
                    "span": len(members) if place == 0 else 0,
                    "standard": row.standard.splitlines() or [""],
                }
            )
    return done
