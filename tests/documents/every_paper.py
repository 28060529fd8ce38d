"""Every document there is and every field of it, found in the code and fed without being named.

A document is a public `render_…` of `compete.documents`, a record a public
dataclass of those files. `Feeder` fills each text that a record or a document
takes; what is no text of somebody's (an address, a drawing) stands in `NO_TEXT`
with the reason. A new document or record that nobody feeds fails a test.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import typing
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from typing import Any

import compete.documents
from compete.documents.admission_cards import AdmissionCard, Sitting, render_admission_cards
from compete.documents.award_certificate import AwardCertificate, render_award_certificates
from compete.documents.badges import Badge, JudgeCard, render_badges, render_cards
from compete.documents.bulletin import Bar, Bulletin, Chapter, render_bulletin
from compete.documents.exam_papers import (
    CHOICE,
    PaperForm,
    PaperHead,
    PaperItem,
    PaperOption,
    PaperPart,
    render_answer_sheets,
    render_exam_keys,
    render_exam_papers,
)
from compete.documents.forms import Form, FormLine, render_form
from compete.documents.grade_certificate import GradeCertificate, render_grade_certificates
from compete.documents.lists import Column, ListDocument, Row, Section, Stamp, render_list
from compete.documents.poster import Poster, render_poster
from compete.documents.promotion_list import PromotionRow, render_promotion_list
from compete.documents.room_papers import (
    Report,
    RoomPaper,
    Seat,
    render_doors,
    render_reports,
    render_seating,
)
from compete.documents.score_sheet import ScoreRow, ScoreSheet, Signed, render_score_sheets
from compete.documents.standings_list import (
    Beside,
    DistinctionLine,
    HonourLine,
    ItemLine,
    Notice,
    StandingsRow,
    TableLine,
    TeamLine,
    UnitLine,
    render_standings_list,
)
from compete.documents.typesetting import PrintedFile
from compete.domain.values.messages import msg

STAMP = Stamp(datetime(2022, 9, 16, 18, 20), version=1)
DAY = date(2022, 9, 16)
_COLUMNS = (Column(msg("项目"), width=2), Column(msg("说明"), width=3))

NO_TEXT = {
    "qr_url": "made by the program and drawn as a code",
    "qr_text": "made by the program and drawn as a code",
    "sheet_url": "made by the program and drawn as a code",
    "sign_in_url": "made by the program and drawn as a code",
    "verify_url": "made by the program and drawn as a code",
    "path": "SVG path data, checked when the signature is taken",
}
"""Fields that hold no text of anybody's."""
NOT_ON_PAPER = {
    "author": "in the file's data",
    "contest": "of the workbook; the paper has it in its title",
    "who": "named where something is wrong",
    "tie": "said with place and name in the lines under the tables",
}
"""Texts that no page shows."""
INTERNAL = {"About", "Sheet", "FontBook", "LeftOut", "Wording", "Setting", "Stamp", "Column"}
"""Records that no text of a competition is put into."""


@dataclass
class Feeder:
    """Fills records with what `text` gives, and remembers which records it has filled."""

    text: Callable[[str], str]
    """A text for a field, asked by the record's and the field's name."""
    copies: int = 1
    """How many of each record stand on a paper."""
    fed: set[str] = field(default_factory=set)

    def copies_of(self, record: Callable[..., Any], /, **kept: Any) -> list[Any]:
        """As many records as there are copies."""
        return [self.make(record, **kept) for _ in range(self.copies)]

    def make(self, record: Callable[..., Any], /, **kept: Any) -> Any:
        """A record or a printed document with each of its texts fed, unless it is in `kept`."""
        name = record.__name__
        self.fed.add(name)
        hints = typing.get_type_hints(record)
        for text in _names(record):
            if text in kept:
                continue
            kind = hints[text]
            if text in NO_TEXT:
                kept[text] = "https://example.cn/v/7QK3" if text != "path" else ""
            elif kind is str or kind == str | None:
                kept[text] = self.text(f"{name}.{text}")
            elif (of := typing.get_args(kind))[:1] == (str,) and bytes not in of:
                kept[text] = (self.text(f"{name}.{text}"),)
        return record(**kept)


Printer = Callable[[Feeder], PrintedFile]


def _badges(feed: Feeder) -> PrintedFile:
    return feed.make(
        render_badges, badges=[*feed.copies_of(Badge), *feed.copies_of(Badge, caption=None)]
    )


def _cards(feed: Feeder) -> PrintedFile:
    return feed.make(render_cards, cards=feed.copies_of(JudgeCard))


def _awards(feed: Feeder) -> PrintedFile:
    kinds: list[dict[str, Any]] = [
        {"rank": 2, "distinction": ""},
        {"team": True, "unit": "", "distinction": ""},
        {"honour": True, "members": (), "distinction": ""},
        {"distinction": "unit", "unit": "", "members": ()},
        {"distinction": "coach", "members": (), "score": None},
    ]
    papers = [
        paper
        for kept in kinds
        for paper in feed.copies_of(AwardCertificate, issued_on=DAY, sentence="", **kept)
    ]
    own = "在{竞赛}中，" + feed.text("AwardCertificate.sentence")
    papers += feed.copies_of(
        AwardCertificate, issued_on=DAY, sentence=own, beside=(), distinction=""
    )
    return feed.make(render_award_certificates, certificates=papers)


def _grades(feed: Feeder) -> PrintedFile:
    papers = feed.copies_of(GradeCertificate, issued_on=DAY)
    return feed.make(render_grade_certificates, certificates=papers)


def _sheets(feed: Feeder) -> PrintedFile:
    def rows() -> list[ScoreRow]:
        # The unit stands where the record is still to be written.
        return [*feed.copies_of(ScoreRow), *feed.copies_of(ScoreRow, record="")]

    signed = feed.copies_of(Signed, path="")
    papers = [feed.make(ScoreSheet, rows=rows(), signed=drawing) for drawing in (*signed, None)]
    return feed.make(render_score_sheets, sheets=papers, stamp=STAMP)


def _standings(feed: Feeder) -> PrintedFile:
    beside = Beside(
        teams=feed.copies_of(TeamLine, rank=1),
        units=feed.copies_of(UnitLine, rank=1),
        tables=feed.copies_of(TableLine, rank=1),
        items=feed.copies_of(ItemLine, rank=1),
        honours=feed.copies_of(HonourLine),
        distinctions=feed.copies_of(DistinctionLine),
    )
    feed.fed.add("Beside")
    return feed.make(
        render_standings_list,
        rows=[*feed.copies_of(StandingsRow, rank=1), *feed.copies_of(StandingsRow, rank=None)],
        beside=beside,
        notice=feed.make(Notice, first_day=DAY, last_day=DAY),
        stamp=STAMP,
    )


def _poster(feed: Feeder) -> PrintedFile:
    return feed.make(render_poster, poster=feed.make(Poster))


def _promotions(feed: Feeder) -> PrintedFile:
    return feed.make(render_promotion_list, rows=feed.copies_of(PromotionRow), stamp=STAMP)


def _list(feed: Feeder) -> PrintedFile:
    def row() -> Row:
        cells = tuple(feed.text("Row.cells") for _ in _COLUMNS)
        return feed.make(Row, cells=cells)

    document = feed.make(
        ListDocument,
        columns=_COLUMNS,
        rows=[row()],
        stamp=STAMP,
        more=[feed.make(Section, columns=_COLUMNS, rows=[row()])],
    )
    return feed.make(render_list, document=document)


def _bulletin(feed: Feeder) -> PrintedFile:
    cells = tuple(feed.text("Row.cells") for _ in _COLUMNS)
    table = feed.make(Section, columns=_COLUMNS, rows=[feed.make(Row, cells=cells)])
    bars = [feed.make(Bar, share=50.0)]
    chapters = [
        feed.make(Chapter, table=table, bars=bars),
        *feed.copies_of(Chapter, table=None, bars=(), fresh=True),
    ]
    return feed.make(
        render_bulletin,
        bulletin=feed.make(Bulletin, chapters=chapters, stamp=STAMP, ticks=130),
    )


def _admissions(feed: Feeder) -> PrintedFile:
    def sittings() -> list[Sitting]:
        return feed.copies_of(Sitting)

    cards = [feed.make(AdmissionCard, sittings=sittings()) for _ in range(feed.copies)]
    lines = [(msg("带"), feed.text("render_admission_cards.lines"))]
    return feed.make(render_admission_cards, cards=cards, title=msg("准考证"), lines=lines)


def _room(feed: Feeder) -> RoomPaper:
    paper: RoomPaper = feed.make(
        RoomPaper, turns=[(feed.text("RoomPaper.turns"), feed.copies_of(Seat))]
    )
    return paper


def _seating(feed: Feeder) -> PrintedFile:
    signatures = (msg("裁判签名"), msg("实到人数"))
    return feed.make(
        render_seating, papers=[_room(feed)], title=msg("座位表"), signatures=signatures
    )


def _reports(feed: Feeder) -> PrintedFile:
    report = feed.make(Report, text=[feed.text("Report.text")], photos=[])
    return feed.make(render_reports, reports=[report], title=msg("督导记录"))


def _doors(feed: Feeder) -> PrintedFile:
    return feed.make(
        render_doors, papers=[_room(feed)], title=msg("门贴"), number_label=msg("参赛号")
    )


def _exam(render: Callable[..., PrintedFile]) -> Printer:
    def printed(feed: Feeder) -> PrintedFile:
        items = [
            feed.make(PaperItem, number=1, options=feed.copies_of(PaperOption), lines=3),
            feed.make(PaperItem, number=2, options=()),
        ]
        form = feed.make(PaperForm, parts=[feed.make(PaperPart, items=items, answered=CHOICE)])
        sizes = {"size": "a3"} if render is render_exam_papers else {}
        return feed.make(render, forms=[form], head=feed.make(PaperHead), **sizes)

    return printed


def _form(form: Form) -> Printer:
    def printed(feed: Feeder) -> PrintedFile:
        return feed.make(render_form, form=form, lines=feed.copies_of(FormLine), stamp=STAMP)

    return printed


PAPERS: dict[str, Printer] = {
    "badges": _badges,
    "cards": _cards,
    "awards": _awards,
    "grades": _grades,
    "sheets": _sheets,
    "standings": _standings,
    "promotions": _promotions,
    "poster": _poster,
    "list": _list,
    "bulletin": _bulletin,
    "admissions": _admissions,
    "seating": _seating,
    "doors": _doors,
    "reports": _reports,
    "exam_papers": _exam(render_exam_papers),
    "answer_sheets": _exam(render_answer_sheets),
    "exam_keys": _exam(render_exam_keys),
    **{form.value: _form(form) for form in Form},
}


def known_names() -> Iterator[str]:
    """Every document and every record in the files of `compete.documents`."""
    for module in pkgutil.iter_modules(compete.documents.__path__, "compete.documents."):
        for name, what in vars(importlib.import_module(module.name)).items():
            if getattr(what, "__module__", "") != module.name or name.startswith("_"):
                continue
            if name.startswith("render_") or (inspect.isclass(what) and is_dataclass(what)):
                yield name


def _names(record: Callable[..., Any]) -> list[str]:
    if inspect.isclass(record) and is_dataclass(record):
        return [field.name for field in fields(record)]
    return list(inspect.signature(record).parameters)
