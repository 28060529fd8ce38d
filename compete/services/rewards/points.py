"""Points of a scheme's people (培训积分): rules, the ledger reckoned anew, what is shown of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Annotated

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.domain.figures.small_groups import LEAST
from compete.domain.rewards.dues import Holding, Merit
from compete.domain.rewards.points import (
    Entry,
    PointAct,
    PointRule,
    PointSource,
    entries_of,
    totals_on,
)
from compete.domain.values.messages import msg
from compete.models import (
    Account,
    Competition,
    Entrant,
    Member,
    Person,
    PointConsent,
    PointEntry,
    PointRuleRow,
    Publication,
    RewardScheme,
    db,
    utc_now,
)
from compete.services.directory.merged import with_merged
from compete.services.kernel import audit
from compete.services.kernel.chunks import in_chunks, rows_among
from compete.services.kernel.clock import local_time, local_today
from compete.services.kernel.fields import Setting
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import FieldRefused, Refusal, Refused
from compete.services.kernel.shown_competitions import is_shown
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.snapshots import published_event
from compete.services.rewards.attendance import attendance_of
from compete.services.rewards.people import OwnPerson, holdings_of, people_of
from compete.services.rewards.schemes import record_reward, require_keeper

MOST_RULES = 100
SOURCES = {
    PointSource.ATTENDANCE: msg("参加培训"),
    PointSource.CONTEST: msg("参加竞赛"),
    PointSource.PRIZE: msg("获奖"),
    PointSource.GRADE: msg("取得等级"),
}
_POINTS = msg("写一个大于 0 的数，最多两位小数")


class PointRuleFields(msgspec.Struct, frozen=True, kw_only=True):
    """What is written of a point rule."""

    source: Annotated[PointSource, Setting(msg("因为什么"), choices=SOURCES)] = (
        PointSource.ATTENDANCE
    )
    match: Annotated[
        str,
        Setting(
            msg("哪一种"),
            msg("培训的名称、奖的名称、等级的数字 1 到 5；空着就是都算"),
            most=200,
        ),
    ] = ""
    points: Annotated[Decimal, Setting(msg("几分"), most=10_000, needed=_POINTS, wrong=_POINTS)]
    by_hours: Annotated[bool, Setting(msg("按学时"), msg("只对培训：一学时这么多分"))] = False
    cap: Annotated[
        Decimal | None, Setting(msg("一年最多几分"), msg("不限就空着"), least=1, most=1_000_000)
    ] = None
    months: Annotated[
        int | None, Setting(msg("几个月后作废"), msg("不作废就空着"), least=1, most=600)
    ] = 12
    first: Annotated[date, Setting(msg("从哪天起"), needed=msg("写从哪天起"))]
    last: Annotated[date | None, Setting(msg("到哪天止"), msg("不定就空着"))] = None


class LastDayFields(msgspec.Struct, frozen=True, kw_only=True):
    """The last day of a rule."""

    last: Annotated[
        date,
        Setting(
            msg("到哪天止"),
            msg("规则写错了，写它开始的前一天，一分也不给"),
            needed=msg("写到哪天止"),
        ),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamPoints:
    """The points of a unit's people: how many, and the average; None of fewer than five."""

    unit: str
    people: int
    average: Fraction | None


def point_rules_of(scheme: RewardScheme) -> Sequence[PointRuleRow]:
    """The rules of a scheme in the order in which they were made."""
    query = select(PointRuleRow).where(PointRuleRow.scheme_id == scheme.id)
    return db.session.scalars(query.order_by(PointRuleRow.id)).all()


def _rule(row: PointRuleRow) -> PointRule:
    return PointRule(
        number=row.id,
        source=row.source,
        points=row.points,
        match=row.match,
        by_hours=row.by_hours,
        cap=row.cap,
        months=row.months,
        first=row.first,
        last=row.last,
    )


def add_point_rule(scheme: RewardScheme, fields: PointRuleFields, by: Account) -> PointRuleRow:
    """Add a rule. Points are reckoned by it from then on, for what was done from its day."""
    require_keeper(by, scheme)
    if fields.points <= 0 or fields.points != round(fields.points, 2):
        raise FieldRefused("points", _POINTS)
    if fields.by_hours and fields.source is not PointSource.ATTENDANCE:
        raise FieldRefused("by_hours", msg("只有培训有学时"))
    if fields.source is PointSource.GRADE and fields.match not in ("", *"12345"):
        raise FieldRefused("match", msg("等级写 1 到 5，空着就是都算"))
    if fields.source is PointSource.CONTEST and fields.match:
        raise FieldRefused("match", msg("参加竞赛不分哪一种，空着"))
    if fields.last is not None and fields.last < fields.first:
        raise FieldRefused("last", msg("比开始的日子还早"))
    with unit_of_work() as session:
        audit.claim_chain(None)
        if len(point_rules_of(scheme)) >= MOST_RULES:
            raise Refused(msg("最多 %(most)s 条", most=MOST_RULES))
        for other in point_rules_of(scheme):
            if _is_same(other, fields):
                words = msg("同一件事已经有一条规则了，先写那一条到哪天止")
                raise FieldRefused("first", words, Refusal.CONFLICT)
        row = PointRuleRow(scheme_id=scheme.id, made_by=by.id, **msgspec.structs.asdict(fields))
        session.add(row)
        session.flush()
        record_reward(scheme, by, "point_rule", after=_facts(row))
        _reckon(scheme)
    return row


def _is_same(row: PointRuleRow, fields: PointRuleFields) -> bool:
    """True if both would give points for the same act."""
    if (row.source, row.match) != (fields.source, fields.match):
        return False
    last = row.last or date.max
    return fields.first <= last and row.first <= (fields.last or date.max) and row.first <= last


def end_point_rule(row: PointRuleRow, fields: LastDayFields, by: Account) -> None:
    """Let a rule end with a day; acts after it earn nothing by it.

    One that was wrong ends the day before its first, and gives nothing.
    """
    require_keeper(by, row.scheme)
    with unit_of_work() as session:
        audit.claim_chain(None)
        session.refresh(row)
        if fields.last < row.first - timedelta(days=1):
            raise FieldRefused("last", msg("比开始的日子还早"))
        before, row.last = _facts(row), fields.last
        session.flush()
        record_reward(row.scheme, by, "end_point_rule", before=before, after=_facts(row))
        _reckon(row.scheme)


def _facts(row: PointRuleRow) -> dict[str, object]:
    return {
        "rule": row.id,
        "source": row.source.value,
        "match": row.match,
        "points": str(row.points),
        "first": row.first.isoformat(),
        "last": row.last.isoformat() if row.last else None,
    }


def reckon_points(scheme: RewardScheme, by: Account) -> tuple[int, int]:
    """Reckon the ledger anew from what stands now; how many entries came and how many ended."""
    require_keeper(by, scheme)
    with unit_of_work():
        audit.claim_chain(None)
        came, ended = _reckon(scheme)
        if came or ended:
            record_reward(scheme, by, "reckon", after={"came": came, "ended": ended})
    return came, ended


def _reckon(scheme: RewardScheme) -> tuple[int, int]:
    """The ledger as rules and acts have it; inside a unit of work.

    An entry whose act is gone ends; it stands again where the act is back.
    """
    people = people_of(scheme.organisation)
    rules = [_rule(row) for row in point_rules_of(scheme)]
    wanted = {(it.rule, it.person, it.key): it for it in entries_of(rules, _acts(scheme, people))}
    came = ended = 0
    now = utc_now()
    rows = rows_among(
        select(PointEntry).order_by(PointEntry.id),
        PointEntry.rule_id,
        [rule.number for rule in rules],
    )
    for row in rows:
        entry = wanted.pop((row.rule_id, row.person_id, row.source_key), None)
        if entry is None:
            if row.ended_at is None:
                row.ended_at, ended = now, ended + 1
            continue
        if row.ended_at is not None:
            row.ended_at, came = None, came + 1
        row.points, row.day = entry.points, entry.day
    fresh = sorted(wanted.values(), key=lambda it: (it.rule, it.person, it.key))
    db.session.add_all(
        PointEntry(
            rule_id=it.rule,
            person_id=it.person,
            source_key=it.key,
            points=it.points,
            day=it.day,
            made_at=now,
        )
        for it in fresh
    )
    scheme.reckoned_at = now
    db.session.flush()
    return came + len(fresh), ended


def _acts(scheme: RewardScheme, people: Mapping[int, OwnPerson]) -> Iterator[PointAct]:
    for person, row in attendance_of(scheme, people):
        yield PointAct(
            person=person,
            source=PointSource.ATTENDANCE,
            key=f"attendance/{row.course}/{row.day.isoformat()}",
            day=row.day,
            of=row.course,
            hours=row.hours,
        )
    for holding in holdings_of(people):
        if holding.ended is None:
            yield _act_of(holding)
    yield from _contests(people)


def _act_of(holding: Holding) -> PointAct:
    by_grade = holding.merit is Merit.GRADE
    return PointAct(
        person=holding.person,
        source=PointSource.GRADE if by_grade else PointSource.PRIZE,
        key=f"certificate/{holding.key}",
        day=holding.day,
        of=str(holding.grade) if by_grade else holding.honour,
    )


def _contests(people: Mapping[int, OwnPerson]) -> Iterator[PointAct]:
    """Contests in which they took part, by the results that are published and in force."""
    records: dict[int, int] = {}
    for chunk in in_chunks(sorted(people)):
        records |= with_merged(Person, chunk)
    by_competition: defaultdict[int, list[tuple[int, Entrant]]] = defaultdict(list)
    for chunk in in_chunks(sorted(records)):
        alone = select(Entrant.person_id, Entrant).where(Entrant.person_id.in_(chunk))
        crew = (
            select(Member.person_id, Entrant)
            .join(Entrant, Entrant.id == Member.entrant_id)
            .where(Member.person_id.in_(chunk))
        )
        for query in (alone, crew):
            joined = query.options(joinedload(Entrant.event)).order_by(Entrant.id)
            for person, entrant in db.session.execute(joined).tuples():
                by_competition[entrant.competition_id].append((records[person or 0], entrant))
    shown = select(Competition).where(is_shown()).order_by(Competition.id)
    for competition in rows_among(shown, Competition.id, sorted(by_competition)):
        publication = latest_publication(competition)
        if publication is None:
            continue
        for person, entrant in by_competition[competition.id]:
            published = published_event(publication, entrant.event.code)
            ranked = published is not None and any(
                row.entrant == entrant.code and row.rank is not None
                for row in published[1].standings
            )
            if ranked:
                day = competition.ends or competition.starts or _day_of(publication)
                key = f"contest/{competition.code}/{entrant.event.code}"
                yield PointAct(person=person, source=PointSource.CONTEST, key=key, day=day)


def _day_of(publication: Publication) -> date:
    return local_time(publication.published_at).date()


def totals_of(scheme: RewardScheme, on: date | None = None) -> Mapping[int, Decimal]:
    """The points that count on a day (today), by person, as they were last reckoned."""
    rules = [_rule(row) for row in point_rules_of(scheme)]
    query = select(PointEntry).where(PointEntry.ended_at.is_(None)).order_by(PointEntry.id)
    rows = rows_among(query, PointEntry.rule_id, [rule.number for rule in rules])
    return totals_on(rules, map(_entry, rows), on or local_today())


def _entry(row: PointEntry) -> Entry:
    return Entry(
        person=row.person_id,
        rule=row.rule_id,
        key=row.source_key,
        points=row.points,
        day=row.day,
    )


def team_points(scheme: RewardScheme) -> Sequence[TeamPoints]:
    """The average of each unit over all its people; of fewer than five none is told."""
    totals = totals_of(scheme)
    by_unit: defaultdict[str, list[Decimal]] = defaultdict(list)
    for person, part in people_of(scheme.organisation).items():
        by_unit[part.unit].append(totals.get(person, Decimal(0)))
    return [
        TeamPoints(
            unit=unit,
            people=len(points),
            average=Fraction(sum(points, Decimal(0))) / len(points)
            if len(points) >= LEAST
            else None,
        )
        for unit, points in sorted(by_unit.items())
    ]


def agreed_points(scheme: RewardScheme) -> Sequence[tuple[Person, str, Decimal]]:
    """The people who agreed to be named, with unit and points, the most points first."""
    totals, people = totals_of(scheme), people_of(scheme.organisation)
    query = select(PointConsent.person_id).where(PointConsent.ended_at.is_(None))
    agreed = set(rows_among(query, PointConsent.person_id, sorted(people)))
    rows = rows_among(select(Person), Person.id, sorted(agreed))
    lines = [(row, people[row.id].unit, totals.get(row.id, Decimal(0))) for row in rows]
    return sorted(lines, key=lambda it: (-it[2], it[0].id))


def own_points(person: Person) -> Decimal | None:
    """The points of somebody that count today, of all schemes; None where there are no rules."""
    stands = PointEntry.person_id == person.id, PointEntry.ended_at.is_(None)
    rows = db.session.scalars(select(PointEntry).where(*stands).order_by(PointEntry.id)).all()
    if not rows:
        return None
    numbers = sorted({row.rule_id for row in rows})
    rules = rows_among(select(PointRuleRow), PointRuleRow.id, numbers)
    totals = totals_on(map(_rule, rules), map(_entry, rows), local_today())
    return totals.get(person.id, Decimal(0))


def lets_be_named(person: Person) -> bool:
    """True if somebody agreed to stand on a list of points."""
    return _consent(person) is not None


def let_be_named(person: Person, *, agrees: bool) -> None:
    """Keep what somebody says of it. Raises `Refused` where it stands so already."""
    with unit_of_work() as session:
        audit.claim_chain(None)
        row = _consent(person)
        if (row is not None) is agrees:
            raise Refused(msg("已经是这样了"), kind=Refusal.CONFLICT)
        if row is not None:
            row.ended_at = utc_now()
        else:
            session.add(PointConsent(person_id=person.id))
        session.flush()
        act = "person.points_shown" if agrees else "person.points_hidden"
        audit.record(None, None, act, str(person.id), after={"name": person.name})


def _consent(person: Person) -> PointConsent | None:
    query = select(PointConsent).where(
        PointConsent.person_id == person.id, PointConsent.ended_at.is_(None)
    )
    return db.session.scalar(query)
