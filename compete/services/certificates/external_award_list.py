"""External award list (报送名单): a workbook of people put forward to bodies that approve."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import select

from compete.domain.explanation.grades import LEVEL_WORDS
from compete.domain.values.distinction_states import DistinctionState
from compete.domain.values.messages import Translate, msg
from compete.models import Account, Competition, Entrant, Event, Member, db
from compete.services.certificates.external_awards import honours_won
from compete.services.certificates.people_words import job_of, sex_of
from compete.services.kernel import audit
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.approved_external_awards import (
    BY_HAND,
    HonourBook,
    distinction_prize,
    honour_book,
)
from compete.services.results.nominated_awards_in_force import distinctions_in_force
from compete.services.results.shown_version import edition_words
from compete.services.results.snapshots import latest_publication

if TYPE_CHECKING:
    from compete.sheets.workbook.tables import Value

_COLUMNS = (
    msg("序号"),
    msg("荣誉称号"),
    msg("由谁核准"),
    msg("姓名"),
    msg("性别"),
    msg("证件号码"),
    msg("单位"),
    msg("职业（工种）及编码"),
    msg("赛事与级别"),
    msg("名次"),
    msg("总成绩"),
    msg("理由"),
    msg("状态"),
    msg("文号"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    """A person who has an honour; whose word it waits for goes by `event`, `title` and `key`."""

    event: str
    title: str
    key: str
    name: str
    unit: str
    person: Entrant | Member | None = None
    of_event: Event | None = None
    rank: int | None = None
    total: str | None = None
    reason: str = ""


def write_honours(competition: Competition, by: Account, translate: Translate) -> bytes:
    """Write everybody with an honour that another body approves, as an .xlsx with ID numbers.

    Won by place in the version in force, or granted by hand; whoever writes it is recorded.
    Raises `Refused` where no honour is another body's, or nobody has one.
    """
    from compete.sheets.workbook.tables import About, Table, write_tables

    book, publication = honour_book(competition), latest_publication(competition)
    found = [
        each for each in (*_won(competition), *_by_hand(competition)) if book.body_of(each.title)
    ]
    if not found or publication is None:
        raise Refused(msg("没有要报给别的机关核准的人。先写明称号由谁核准"))
    with unit_of_work():
        people = {"people": len(found)}
        audit.record(competition, by, "honour.export", competition.code, after=people)
    title = msg("%(name)s 荣誉称号报送名单", name=competition.name)
    level = LEVEL_WORDS[competition.level].render(translate)
    contest = f"{competition.name}，{level}"
    rows = [_row(place, each, book, contest, translate) for place, each in enumerate(found, 1)]
    about = About(
        title.render(translate), competition.host or competition.name, edition_words(publication)
    )
    table = Table(msg("报送名单"), title, _COLUMNS, rows, frozen=4)
    return write_tables([table], translate, about)


def _won(competition: Competition) -> Iterator[_Candidate]:
    own = select(Entrant).where(Entrant.competition_id == competition.id)
    entrants = {row.code: row for row in db.session.scalars(own)}
    crews = select(Member).where(Member.competition_id == competition.id)
    members = {row.code: row for row in db.session.scalars(crews)}
    events = {event.code: event for event in competition.events}
    for code, won in honours_won(competition):
        entrant = entrants[won.entrant or ""]
        person = members[won.member] if won.member else entrant
        yield _Candidate(
            event=code,
            title=won.award,
            key=won.member or won.entrant or "",
            name=person.name,
            unit=entrant.unit.name,
            person=person,
            of_event=events[code],
            rank=won.rank,
            total=won.total,
        )


def _by_hand(competition: Competition) -> Iterator[_Candidate]:
    for row in distinctions_in_force(competition):
        if row.state is DistinctionState.GRANTED and not row.is_erased:
            yield _Candidate(
                event=BY_HAND,
                title=row.title,
                key=distinction_prize(row),
                name=row.called,
                unit=row.of_unit,
                person=row.member or row.entrant,
                of_event=row.event,
                reason=row.reason,
            )


def _row(
    place: int, each: _Candidate, book: HonourBook, contest: str, translate: Translate
) -> list[Value]:
    word, person = book.word_on(each.event, each.title, each.key), each.person
    state = msg("等核准") if word is None else msg("已核准") if word.approved else msg("没有核准")
    occupation = rules_of(each.of_event).occupation if each.of_event is not None else None
    return [
        place,
        each.title,
        book.body_of(each.title) or "",
        each.name,
        sex_of(person, translate) if person is not None else "",
        (person.id_number if person is not None else None) or "",
        each.unit,
        job_of(occupation, translate),
        f"{contest} {each.of_event.name}" if each.of_event is not None else contest,
        each.rank if each.rank is not None else "",
        Decimal(each.total) if each.total is not None else "",
        each.reason,
        state.render(translate),
        (word.number if word is not None and word.approved else None) or "",
    ]
