"""The batches before an evaluation: who failed in the last or was absent, or left any unseen, may
go on in this one.

They come as the rows of a registration workbook, which is looked through and written as any other:
conditions, double numbers and what is missing are asked there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import joinedload, load_only

from compete.domain.evaluation.conditions import trade_of
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.days import months_later, months_until
from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.models import Account, Competition, Entrant, Event, ImportBatch, Withdrawal, db
from compete.services.accounts.access import may
from compete.services.kernel.chunks import rows_among
from compete.services.kernel.clock import local_time, local_today
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.refusal import Refused
from compete.services.kernel.rows_by_number import competition_by_code
from compete.services.registration.earlier_sittings import (
    attempt_of,
    failed_codes,
    is_alike,
    tried_in,
)
from compete.services.registration.person_cells import cells_of_person
from compete.services.registration.preview import keep_upload, offer_of


@dataclass(frozen=True, slots=True)
class FormerApplicant:
    """Somebody of the batch before, and the event here that tries for the same grade."""

    entrant: Entrant
    event: Event
    left: bool
    """True if the person left that batch before it began; else it was in vain."""


def batch_before(competition: Competition, by: Account) -> Competition | None:
    """The batch that this one was made from, for whoever may register people in both."""
    code = settings_of(competition).batch_before
    before = competition_by_code(code) if code else None
    if before is None or not competition_kind(before).has_sittings:
        return None
    return before if may(by, before, Right.REGISTER) else None


def batches_before(competition: Competition, by: Account) -> list[Competition]:
    """The batch before, the one before that and so on, the newest first, as `batch_before` tells.

    Whoever was moved and comes in none of the next is offered as long as this goes back.
    """
    batches: list[Competition] = []
    before = batch_before(competition, by)
    while before is not None and before not in (competition, *batches):
        batches.append(before)
        before = batch_before(before, by) if len(batches) < _BATCHES_BACK else None
    return batches


_BATCHES_BACK = 8
"""Two years of a centre that holds four batches a year."""


def former_applicants(
    competition: Competition, batches: Sequence[Competition], *, bare: bool = False
) -> list[FormerApplicant]:
    """List who may go on here and is not registered yet, by batch, then number there.

    Of `batches`, the newest first, the last is asked in which somebody was: who left it before it
    began is offered, and who tried in vain in the newest of all.
    `bare`: to be counted, without names and numbers, which take long to unseal.
    """
    here = _occupations_here(competition)
    known: set[tuple[str | None, _Level]] = set()
    wanted: list[FormerApplicant] = []
    for before in batches:
        alike, left = _events_alike(competition, before), _left(before)
        failed = failed_codes(before) if before is batches[0] else set()
        last = _last_times(before, alike)
        wanted += [
            FormerApplicant(person, alike[person.event_id], person.code not in failed)
            for (key, level), person in sorted(last.items(), key=lambda pair: pair[1].code)
            if (person.code in failed or person.id in left)
            and (key, level) not in known
            and (key, level.occupation) not in here
        ]
        known |= last.keys()
    if bare:
        return wanted
    whole = select(Entrant).options(joinedload(Entrant.unit))
    rows = rows_among(whole, Entrant.id, [it.entrant.id for it in wanted])
    people = {row.id: row for row in rows}
    return [replace(it, entrant=people[it.entrant.id]) for it in wanted]


def _left(before: Competition) -> set[int]:
    """The numbers of those who left a batch."""
    query = (
        select(Withdrawal.entrant_id)
        .join(Entrant, Entrant.id == Withdrawal.entrant_id)
        .where(Entrant.competition_id == before.id, Withdrawal.ended_at.is_(None))
    )
    return set(db.session.scalars(query))


class _Level(NamedTuple):
    """What an event tries people for."""

    occupation: tuple[str, str | None]
    grade: int


def _levels(competition: Competition) -> Mapping[int, _Level]:
    """The levels of the events, by number."""
    tried = {event.id: tried_in(event) for event in competition.events}
    return {number: _Level(it.occupation, it.grade) for number, it in tried.items() if it}


def _last_times(
    before: Competition, alike: Mapping[int, Event]
) -> Mapping[tuple[str | None, _Level], Entrant]:
    """Whoever was there for a level that is tried here; the last time where it was several times.

    By the look-up key of the number, and the level.
    """
    query = select(Entrant).where(
        Entrant.competition_id == before.id,
        Entrant.event_id.in_(alike),
        Entrant.id_hash.is_not(None),
        Entrant.erased_at.is_(None),
    )
    columns = load_only(Entrant.code, Entrant.event_id, Entrant.id_hash, Entrant.resit)
    people, levels = db.session.scalars(query.options(columns)), _levels(before)
    return {
        (person.id_hash, levels[person.event_id]): person
        for person in sorted(people, key=lambda person: (attempt_of(person), person.id))
    }


def _occupations_here(competition: Competition) -> set[tuple[str | None, tuple[str, str | None]]]:
    """Who is registered, by the look-up key of the number, for which occupation."""
    query = select(Entrant.id_hash, Entrant.event_id)
    query = query.where(Entrant.competition_id == competition.id)
    levels = _levels(competition)
    return {
        (key, levels[event].occupation)
        for key, event in db.session.execute(query).tuples()
        if event in levels
    }


def _events_alike(competition: Competition, before: Competition) -> Mapping[int, Event]:
    """The event here for the same level, by the number of the one there: of several its own."""
    alike = {}
    for former in before.events:
        events = [event for event in competition.events if is_alike(former, event)]
        own = [event for event in events if event.code == former.code]
        if events:
            alike[former.id] = (own or events)[0]
    return alike


def offer_former_applicants(competition: Competition, by: Account) -> ImportBatch:
    """Keep their rows as an upload, to be looked through and written.

    Raises `Refused` where there is nobody, or nobody can be registered any more.
    """
    from compete.sheets.registration.template import write_registration_workbook

    batches = batches_before(competition, by)
    people = former_applicants(competition, batches)
    if not people:
        raise Refused(msg("上一批没有要接着考的人，或者都报进来了"))
    book = write_registration_workbook(offer_of(competition), [_row(it) for it in people])
    return keep_upload(competition, f"{batches[0].name[:80]} 接着考的人.xlsx", book, by)


def _row(former: FormerApplicant) -> dict[str, str]:
    """The cells of somebody's row, in words as anybody fills them in."""
    person, instead = former.entrant, {}
    registered, today = local_time(person.registered_at).date(), local_today()
    trade = trade_of(person.months, person.trade, registered, None)
    if trade is not None:
        # Said of a day there; whoever works on has more by now. A month that has begun is none.
        since = max(0, months_until(today, trade.at))
        begun = since > 0 and months_later(trade.at, since) > today
        instead["months"] = trade.months + since - begun
    return cells_of_person(person, **instead) | {
        "unit": person.unit.name,
        "team": "",
        "event": _event_cell(former.event),
        "code": "",
    }


def _event_cell(event: Event) -> str:
    """Its name, or where several have that its code."""
    names = [rules_of(other).name for other in event.competition.events]
    name = rules_of(event).name
    return name if names.count(name) == 1 else event.code
