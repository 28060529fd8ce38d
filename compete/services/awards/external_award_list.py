"""External award list (报送名单): a workbook of people put forward to bodies that approve."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import select

from compete.domain.explanation.grades import LEVEL_WORDS
from compete.domain.values.messages import Translate, msg
from compete.models import Account, Competition, Entrant, Member, db
from compete.services.awards.external_awards import Honoured, honours_there
from compete.services.awards.holders import job_of, sex_of
from compete.services.kernel import audit
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.approved_external_awards import HonourBook, honour_book
from compete.services.results.shown_version import edition_words

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


def write_honours(competition: Competition, by: Account, translate: Translate) -> bytes:
    """Write everybody with an honour that another body approves, as an .xlsx with ID numbers.

    Won by place in the version in force, or granted by hand; whoever writes it is recorded.
    Raises `Refused` where no honour is another body's, or nobody has one.
    """
    from compete.sheets.workbook.tables import About, Table, write_tables

    book, publication = honour_book(competition), latest_publication(competition)
    honours = [honour for honour in honours_there(competition) if book.body_of(honour.title)]
    if not honours or publication is None:
        raise Refused(msg("没有要报给别的机关核准的人。先写明称号由谁核准"))
    with unit_of_work():
        after = {"people": len(honours)}
        audit.record(competition, by, "honour.export", competition.code, after=after)
    title = msg("%(name)s 荣誉称号报送名单", name=competition.name)
    level = LEVEL_WORDS[competition.level].render(translate)
    contest = f"{competition.name}，{level}"
    people = _people(competition)
    rows = [
        _row(place, honour, book, contest, people, translate)
        for place, honour in enumerate(honours, 1)
    ]
    about = About(title.render(translate), competition.issuer, edition_words(publication))
    table = Table(msg("报送名单"), title, _COLUMNS, rows, frozen=4)
    return write_tables([table], translate, about)


def _people(competition: Competition) -> dict[str, Entrant | Member]:
    """Everybody who takes part by code, a crew's members too."""
    entrants = select(Entrant).where(Entrant.competition_id == competition.id)
    members = select(Member).where(Member.competition_id == competition.id)
    rows = (*db.session.scalars(entrants), *db.session.scalars(members))
    return {row.code: row for row in rows}


def _row(
    place: int,
    honoured: Honoured,
    book: HonourBook,
    contest: str,
    people: Mapping[str, Entrant | Member],
    translate: Translate,
) -> list[Value]:
    won, given = honoured.won, honoured.given
    person: Entrant | Member | None
    if given is not None:
        person, event = given.member or given.entrant, given.event
        name, unit = given.called, given.of_unit
    else:
        person = people[honoured.key]
        home = person.entrant if isinstance(person, Member) else person
        event, name, unit = home.event, person.name, home.unit.name
    word = book.word_on(honoured.event, honoured.title, honoured.key)
    state = msg("等核准") if word is None else msg("已核准") if word.approved else msg("没有核准")
    return [
        place,
        honoured.title,
        book.body_of(honoured.title) or "",
        name,
        sex_of(person, translate) if person is not None else "",
        (person.id_number if person is not None else None) or "",
        unit,
        job_of(rules_of(event).occupation if event is not None else None, translate),
        f"{contest} {event.name}" if event is not None else contest,
        won.rank if won is not None and won.rank is not None else "",
        Decimal(won.total) if won is not None and won.total is not None else "",
        given.reason if given is not None else "",
        state.render(translate),
        (word.number if word is not None and word.approved else None) or "",
    ]
