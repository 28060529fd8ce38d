"""The 成绩册: the whole of what was published, to be handed out and kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import select

from compete.documents.dates import printed_date
from compete.documents.lists import Column, ListDocument, Row, Section, render_list
from compete.documents.standings_list import NONE, Beside, StandingsRow, beside_sections
from compete.documents.typesetting import PrintedFile
from compete.domain.bundle.types import Bundle
from compete.domain.values.messages import Message, Translate, msg
from compete.models import Entrant, db
from compete.services.jobs.papers.kinds import Asked, printed_as
from compete.services.kernel.installation import fonts
from compete.services.kernel.participants import takes_part
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refused
from compete.services.results.event_lines import EventLines, table_lines
from compete.services.results.mark_heads import mark_heads
from compete.services.results.notice import stamp_of
from compete.services.results.result_stands import stand_words, stands_of
from compete.services.results.score_figures import figures, took_part
from compete.services.results.shown_version import edition_words
from compete.services.results.snapshots import read_snapshot
from compete.sheets.results_workbook.score_columns import score_titles, score_values, stage_rows

RESULTS_BOOK = "results_book"
_MANY = 4
"""With more columns of marks than these they are narrow."""
_UPRIGHT = 5
"""With more of them the page lies: a head or 取消成绩 of four characters stands in one line."""
_LONG = {False: 12, True: 8}
"""A longer name of a column stands over the table: where columns are many, a shorter one."""


def _everybody(asked: Asked) -> list[int]:
    query = select(Entrant.id).where(Entrant.competition_id == asked.competition.id, takes_part())
    return list(db.session.scalars(query))


@printed_as(RESULTS_BOOK, at_once=400, keys=_everybody)
def print_results_book(asked: Asked, _rows: Sequence[int] = ()) -> PrintedFile:
    """Print every event of the version in force as PDF, names as its public pages show them.

    Raises `Refused` while nothing is published.
    """
    competition, translate = asked.competition, asked.translate
    publication = latest_publication(competition)
    if publication is None:
        raise Refused(msg("成绩还没公布，公布以后才能印成绩册"))
    bundle, results = read_snapshot(publication)
    stands = stands_of(competition)
    sections: list[Section] = []
    for event in results.events:
        lines = EventLines(competition, publication, bundle, event, translate)
        stand = stands.get(event.code)
        sections += _event_sections(lines, settled=stand is not None and stand.stands)
    # Once for all events that they count.
    tables = table_lines(bundle, results.overall or ())
    sections += beside_sections(Beside(tables=tables), translate)
    sentences = [
        msg("%(event)s：%(state)s", event=event.name, state=stand_words(stands[event.code]))
        for event in bundle.events
        if event.code in stands
    ]
    cover = [*_cover(bundle, translate), edition_words(publication), *sentences]
    first, *more = sections
    document = ListDocument(
        title=bundle.competition.name,
        subtitle=msg("成绩册").render(translate),
        heading=first.title,
        intro=first.intro,
        columns=first.columns,
        rows=first.rows,
        more=more,
        stamp=stamp_of(publication),
        before=[line.render(translate) for line in cover],
        issuer=[competition.issuer, ""],
        text_size=12.5,
        cover=True,
        lying=any(len(score_titles(rules)) > _UPRIGHT for rules in bundle.events),
    )
    return render_list(document, fonts=fonts(), translate=translate, author=competition.issuer)


def _cover(bundle: Bundle, translate: Translate | None) -> Iterator[Message]:
    """The cover: host, days and place, as far as is known."""
    competition = bundle.competition
    if competition.host:
        yield msg("主办单位：%(host)s", host=competition.host)
    days = [
        printed_date(day, translate)
        for day in (competition.starts, competition.ends)
        if day is not None
    ]
    if days:
        yield msg("时间：%(days)s", days=" — ".join(dict.fromkeys(days)))
    if competition.venue:
        yield msg("地点：%(venue)s", venue=competition.venue)


def _event_sections(lines: EventLines, *, settled: bool) -> Iterator[Section]:
    rules, event, translate = lines.rules, lines.event, lines.translate

    def called(what: Message | str) -> str:
        return msg("%(event)s　%(what)s", event=rules.name, what=what).render(translate)

    yield Section(called(took_part(event)), *_people(lines, settled=settled))
    for section in beside_sections(lines.beside(), translate):
        yield Section(called(section.title), section.columns, section.rows)
    yield figures(rules, event, called(msg("统计")), translate)


def _people(lines: EventLines, *, settled: bool) -> tuple[list[Column], list[Row], list[str]]:
    """Lay out everybody with the marks of each module, and which module a numbered column is.

    Columns nobody has anything in are left out.
    """
    rules, event, translate = lines.rules, lines.event, lines.translate
    people, by_stage = lines.people(), stage_rows(event)
    # As the notice says it: a grade is proposed until the results stand.
    grade = msg("晋升等级") if settled else msg("拟晋升等级")
    last = [
        (Column(msg("总成绩"), align="right"), [_score(row, translate) for row in people]),
        (Column(msg("用时"), align="right"), [row.time for row in people]),
        (Column(msg("奖项"), width=2.5), [row.award for row in people]),
        (Column(grade, width=3), [row.grade for row in people]),
        (Column(msg("同分凭什么"), width=5), [row.tie for row in people]),
    ]
    shown = [(column, texts) for column, texts in last if any(texts)]
    titles = score_titles(rules)
    heads, notes = mark_heads(titles, translate, _LONG[len(titles) > _MANY])
    columns = [
        Column(msg("名次"), align="right"),
        Column(msg("姓名"), width=2.5),
        Column(msg("单位"), width=4),
        *(Column(msg("%(name)s", name=name), 2, "right") for name in heads),
        *(column for column, _texts in shown),
    ]
    rows = []
    for place, (row, final) in enumerate(zip(people, event.standings, strict=True)):
        marks = [
            mark.render(translate) if isinstance(mark, Message) else mark
            for mark in score_values(rules, by_stage, final.entrant)
        ]
        values = [row.rank, row.name, row.unit, *marks, *(texts[place] for _column, texts in shown)]
        cells = tuple(NONE if value in (None, "") else str(value) for value in values)
        rows.append(Row(cells, who=row.name))
    return columns, rows, notes


def _score(row: StandingsRow, translate: Translate | None) -> str:
    """The total, marked where an appeal may still change it."""
    if not row.appealed:
        return row.score
    return msg("%(score)s（申诉中）", score=row.score or NONE).render(translate)
