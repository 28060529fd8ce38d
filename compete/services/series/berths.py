"""Places further up: made, erased, and what they give now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Annotated

import msgspec
from sqlalchemy import select

from compete.domain.bundle.grade_types import Holds
from compete.domain.explanation.grades import GRADE_WORDS
from compete.domain.series import types
from compete.domain.series.reckoning import berth_results
from compete.domain.series.results import BerthResults
from compete.domain.values.messages import Message, msg
from compete.domain.values.series_states import NominationStep
from compete.domain.values.states import ApplicationState, CompetitionState
from compete.models import (
    Account,
    Application,
    Nomination,
    Person,
    Series,
    SeriesBerth,
    SeriesNode,
    SeriesSettled,
    Withdrawal,
    db,
)
from compete.services.kernel import audit
from compete.services.kernel.chunks import rows_among
from compete.services.kernel.fields import Setting
from compete.services.kernel.refusal import FieldRefused, Refused, invalid, refuse_if
from compete.services.kernel.text_limits import too_long
from compete.services.kernel.transactions import unit_of_work
from compete.services.series.outside import outside_of_people
from compete.services.series.series_nodes import record_series
from compete.services.series.series_out import (
    bare_series,
    node_code,
    nodes_of,
    reports_of,
    require_sound,
)
from compete.services.series.series_rights import require_keeper
from compete.services.series.standings_above import (
    Standing,
    event_of,
    person_of,
    published_standings,
    why_no_standings,
)

_MOST, _LONGEST_METHOD, _LONGEST_EVENT = 10_000, 200, 80
_GRADES = {"": msg("不限")} | {str(grade): word for grade, word in GRADE_WORDS.items()}
_TIES = {
    types.BerthTies.UNDECIDED: msg("先空着，等人定"),
    types.BerthTies.INCLUDE: msg("同名次的都去"),
}


class BerthFields(msgspec.Struct, frozen=True, kw_only=True):
    """What is written of places further up."""

    places: Annotated[int, Setting(msg("几个名额"), least=1, most=_MOST, needed=msg("写几个名额"))]
    substitutes: Annotated[int | None, Setting(msg("替补几人"), most=_MOST)] = None
    per_unit: Annotated[
        int | None, Setting(msg("一个单位最多几人"), msg("不限就空着"), least=1, most=_MOST)
    ] = None
    ties: Annotated[types.BerthTies, Setting(msg("最后一个名额同名次"), choices=_TIES)] = (
        types.BerthTies.UNDECIDED
    )
    max_rank: Annotated[int | None, Setting(msg("名次到第几"), least=1, most=_MOST)] = None
    min_total: Annotated[Decimal | None, Setting(msg("总成绩不低于"), most=1_000_000, places=6)] = (
        None
    )
    at_least: Annotated[str | None, Setting(msg("等级不低于"), choices=_GRADES)] = None
    age_to: Annotated[int | None, Setting(msg("不超过几周岁"), most=150)] = None
    age_on: Annotated[date | None, Setting(msg("周岁算到哪天"))] = None


def _when(fields: BerthFields) -> types.BerthWhen:
    if (fields.age_to is None) != (fields.age_on is None):
        raise FieldRefused("age_on", msg("不超过几周岁、算到哪天，一起写"))
    age = None
    if fields.age_to is not None and fields.age_on is not None:
        age = types.Age(to=fields.age_to, on=fields.age_on)
    at_least = fields.at_least
    return types.BerthWhen(
        max_rank=fields.max_rank,
        min_total=fields.min_total,
        holds=None if at_least is None else Holds(at_least=int(at_least)),
        age=age,
    )


def berths_of(series: Series) -> Sequence[SeriesBerth]:
    """The places of a series, in the order in which they are given."""
    query = select(SeriesBerth).where(SeriesBerth.series_id == series.id)
    return db.session.scalars(query.order_by(SeriesBerth.id)).all()


def when_of(berth: SeriesBerth) -> types.BerthWhen:
    """The conditions of a berth."""
    return msgspec.convert(berth.conditions, types.BerthWhen, strict=False)


def has_begun(berth: SeriesBerth) -> bool:
    """True once the final further up has begun: said by its organisers, or seen here."""
    above = berth.target.competition
    return berth.begun or (above is not None and above.state is not CompetitionState.REGISTERING)


def berth_code(number: int) -> str:
    """The code that a berth has in the file."""
    return f"B{number}"


@dataclass(frozen=True)
class WholeSeries:
    """A series with its people: as the file has it, and who stands behind each code."""

    file: types.Series
    standings: Mapping[tuple[int, str], Sequence[Standing]]
    """By node and event."""
    steps: Mapping[tuple[int, str], Nomination]
    """The last step of each person in each berth."""
    applications: Mapping[str, Application]
    """Those further up, by public number."""
    left: Mapping[str, str]
    """Why who was on the list further up left it again, by the application's public number."""
    stale: Sequence[SeriesSettled] = field(default_factory=tuple)
    """What was settled of people who share no rank any more."""

    def results(self) -> dict[str, BerthResults]:
        """What each berth gives now, by its code."""
        return {row.berth: row for row in berth_results(self.file)}


def whole_series(series: Series) -> WholeSeries:
    """Everything of a series, from rows and published standings, for the domain to work out."""
    berths = berths_of(series)
    whens = {berth.id: when_of(berth) for berth in berths}
    steps, applications = _steps(berths)
    left = _left(applications)
    standings: dict[tuple[int, str], list[Standing]] = {}
    for berth in berths:
        key = berth.from_node_id, berth.event
        if key not in standings:
            standings[key] = published_standings(berth.source, berth.event)
    birth = any(when.age is not None for when in whens.values())
    grade = any(when.holds is not None for when in whens.values())
    people = {
        row.person: person_of(row, birth=birth, grade=grade)
        for rows in standings.values()
        for row in rows
    }
    rows_of = {
        key: {
            row.person: types.StandingRow(person=row.person, rank=row.rank, total=row.total)
            for row in rows
        }
        for key, rows in standings.items()
    }
    # Whom a correction took out of the standings is still answered for: without a rank.
    for berth in berths:
        there = rows_of[berth.from_node_id, berth.event]
        for number, person in steps:
            if number == berth.id and person not in there:
                there[person] = types.StandingRow(person=person)
                people.setdefault(person, _gone(person))
    settled, stale = _settled(berths, rows_of)
    bare = bare_series(series, nodes_of(series), reports_of(series))
    file = msgspec.structs.replace(
        bare,
        people=tuple(people[code] for code in sorted(people)),
        standings=tuple(
            types.NodeStandings(node=node_code(node), event=event, rows=tuple(rows.values()))
            for (node, event), rows in rows_of.items()
        ),
        berths=tuple(
            types.Berth(
                code=berth_code(berth.id),
                from_=node_code(berth.from_node_id),
                event=berth.event,
                to=node_code(berth.to_node_id),
                to_event=berth.to_event,
                places=berth.places,
                per_unit=berth.per_unit,
                substitutes=berth.substitutes,
                ties=berth.ties,
                when=whens[berth.id],
                begun=has_begun(berth),
            )
            for berth in berths
        ),
        settled=tuple(settled),
        nominations=tuple(_answers(steps, applications, left)),
        outside=tuple(outside_of_people(people)),
    )
    return WholeSeries(file, standings, steps, applications, left, stale)


def _gone(code: str) -> types.Person:
    row = db.session.get(Person, int(code[1:])) if code.startswith("P") else None
    return types.Person(code=code, name=row.name if row is not None else code)


def _steps(
    berths: Sequence[SeriesBerth],
) -> tuple[dict[tuple[int, str], Nomination], dict[str, Application]]:
    rows = rows_among(select(Nomination), Nomination.berth_id, [berth.id for berth in berths])
    last = {(row.berth_id, row.person): row for row in sorted(rows, key=lambda row: row.id)}
    numbers = [row.application for row in last.values() if row.application is not None]
    entered = rows_among(select(Application), Application.public_id, numbers)
    return last, {row.public_id: row for row in entered}


def _left(applications: Mapping[str, Application]) -> dict[str, str]:
    """Why people further up who were taken into the list have withdrawn from it."""
    entered = {
        row.entrant_id: row.public_id
        for row in applications.values()
        if row.state is ApplicationState.ACCEPTED and row.entrant_id is not None
    }
    query = select(Withdrawal).where(Withdrawal.ended_at.is_(None))
    rows = rows_among(query, Withdrawal.entrant_id, list(entered))
    return {entered[row.entrant_id]: row.reason for row in rows}


def _answers(
    steps: Mapping[tuple[int, str], Nomination],
    applications: Mapping[str, Application],
    left: Mapping[str, str],
) -> list[types.Nomination]:
    """The answers as they stand; who is on the list further up has accepted, who left declined."""
    answers = []
    for (number, person), row in sorted(steps.items(), key=lambda it: it[1].id):
        step = row.step
        entered = applications.get(row.application or "")
        is_on_list = entered is not None and entered.state is ApplicationState.ACCEPTED
        if step is NominationStep.PROPOSED and is_on_list:
            step = NominationStep.ACCEPTED
        reason = row.reason
        why = left.get(row.application or "")
        if step is NominationStep.ACCEPTED and why is not None:
            step, reason = NominationStep.DECLINED, why
        if step in (NominationStep.PROPOSED, NominationStep.CLEARED):
            continue
        answers.append(
            types.Nomination(
                berth=berth_code(number),
                person=person,
                state=types.NominationState(step.value),
                day=row.day,
                reason=reason,
            )
        )
    return answers


def _settled(
    berths: Sequence[SeriesBerth],
    rows_of: Mapping[tuple[int, str], Mapping[str, types.StandingRow]],
) -> tuple[list[types.Settled], list[SeriesSettled]]:
    """The orders that still are of people of one rank, the last of each rank; and the others."""
    keys = {berth.id: (berth.from_node_id, berth.event) for berth in berths}
    rows = rows_among(select(SeriesSettled), SeriesSettled.berth_id, list(keys))
    standing: dict[tuple[int, int], SeriesSettled] = {}
    stale = []
    for row in sorted(rows, key=lambda row: row.id):
        there = rows_of[keys[row.berth_id]]
        ranks = {there[code].rank if code in there else None for code in row.people}
        [rank, *others] = ranks
        if others or rank is None:
            stale.append(row)
        else:
            standing[row.berth_id, rank] = row
    orders = [
        types.Settled(berth=berth_code(row.berth_id), order=tuple(row.people), method=row.method)
        for row in standing.values()
    ]
    return orders, stale


def add_berth(
    source: SeriesNode,
    event: str,
    target: SeriesNode | None,
    to_event: str,
    fields: BerthFields,
    by: Account,
) -> SeriesBerth:
    """Give places further up to people of an event. Raises `Refused`."""
    series = source.series
    require_keeper(by, series)
    refuse_if(why_no_standings(source))
    own = event_of(source, event)
    if own is None:
        raise FieldRefused("event", msg("选一个赛项"))
    if target is None or target.series_id != series.id:
        raise FieldRefused("to", msg("选去哪一站"))
    to_event = " ".join(to_event.split())
    refuse_if(_why_not_to(target, to_event))
    when = _when(fields)
    with unit_of_work() as session:
        audit.claim_chain(None)
        _refuse_same(source, own.code, target, to_event)
        berth = SeriesBerth(
            series_id=series.id,
            from_node_id=source.id,
            event=own.code,
            to_node_id=target.id,
            to_event=to_event,
            places=fields.places,
            per_unit=fields.per_unit,
            substitutes=fields.substitutes or 0,
            ties=fields.ties,
            conditions=msgspec.to_builtins(when),
            begun=any(
                it.begun
                for it in berths_of(series)
                if (it.to_node_id, it.to_event) == (target.id, to_event)
            ),
            made_by=by.id,
        )
        session.add(berth)
        session.flush()
        require_sound_people(series)
        facts = {"node": source.name, "to": target.name, "places": fields.places}
        record_series(series, by, "berth", after=facts)
    return berth


def _why_not_to(target: SeriesNode, to_event: str) -> Message | None:
    if not to_event:
        return msg("写去哪个赛项")
    if len(to_event) > _LONGEST_EVENT:
        return too_long(to_event, _LONGEST_EVENT)
    if target.competition is not None and event_of(target, to_event) is None:
        return msg("“%(name)s”没有这个赛项，选一个", name=target.name)
    return None


def _refuse_same(source: SeriesNode, event: str, target: SeriesNode, to_event: str) -> None:
    query = select(SeriesBerth.id).where(
        SeriesBerth.from_node_id == source.id,
        SeriesBerth.event == event,
        SeriesBerth.to_node_id == target.id,
        SeriesBerth.to_event == to_event,
    )
    if db.session.scalar(query) is not None:
        raise Refused(msg("这个赛项到那里的名额已经有了"))


def require_sound_people(series: Series) -> None:
    """Raise `Refused` (INVALID) where the whole is not as the format has it."""
    db.session.flush()
    require_sound(whole_series(series).file)


def why_not_erase_berth(berth: SeriesBerth) -> Message | None:
    """Say why a berth cannot be erased; None: it can."""
    query = select(Nomination.id).where(Nomination.berth_id == berth.id)
    if db.session.scalar(query.limit(1)) is not None:
        return msg("已经推荐过人，不能删")
    return None


def erase_berth(berth: SeriesBerth, by: Account) -> None:
    """Erase places of which nobody was put forward yet."""
    require_keeper(by, berth.series)
    with unit_of_work() as session:
        audit.claim_chain(None)
        session.refresh(berth)
        refuse_if(why_not_erase_berth(berth))
        query = select(SeriesSettled).where(SeriesSettled.berth_id == berth.id)
        for row in session.scalars(query.order_by(SeriesSettled.id)).all():
            session.delete(row)
        session.flush()
        facts = {"node": berth.source.name, "to": berth.target.name}
        record_series(berth.series, by, "erase_berth", after=facts)
        session.delete(berth)


def begin_final(berth: SeriesBerth, by: Account) -> None:
    """Say that the final elsewhere has begun: who accepted stays, nobody else is put forward."""
    require_keeper(by, berth.series)
    if berth.target.competition is not None:
        raise Refused(msg("那一站在这里办，开始评分就算开赛"))
    with unit_of_work() as session:
        audit.claim_chain(None)
        session.refresh(berth)
        if berth.begun:
            raise Refused(msg("已经写了开赛"))
        for it in berths_of(berth.series):
            if (it.to_node_id, it.to_event) == (berth.to_node_id, berth.to_event):
                it.begun = True
        record_series(berth.series, by, "begin", after={"to": berth.target.name})


def settle(berth: SeriesBerth, people: Sequence[str], method: str, by: Account) -> None:
    """Put people of one rank in order, and say by what. Raises `Refused`."""
    method = method.strip()
    if not method:
        raise FieldRefused("method", msg("写凭什么定的，比如加赛、抽签"))
    if len(method) > _LONGEST_METHOD:
        raise FieldRefused("method", too_long(method, _LONGEST_METHOD))
    with unit_of_work() as session:
        audit.claim_chain(None)
        session.refresh(berth)
        if has_begun(berth):
            raise Refused(msg("已经开赛，不再定先后"))
        rows = {row.person: row.rank for row in published_standings(berth.source, berth.event)}
        ranks = {rows.get(code) for code in people}
        if len(people) < 2 or len(set(people)) != len(people) or len(ranks) != 1 or None in ranks:
            raise invalid(msg("先后要排同一个名次的两个人以上，一人一位"))
        session.add(
            SeriesSettled(berth_id=berth.id, people=list(people), method=method, made_by=by.id)
        )
        session.flush()
        require_sound_people(berth.series)
        facts = {"node": berth.source.name, "to": berth.target.name, "people": list(people)}
        record_series(berth.series, by, "settle", after=facts, reason=method)
