"""Putting a bundle into the database, whole or without what the judges did.

A large one is put in by parts, none of which keeps the write lock long. Until the last part is
in, `Competition.loading` bears the bundle's hash, and nobody is shown the competition: whoever
looks sees all of it or nothing. What breaks off is gone on with by loading the same file again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, and_, bindparam, select

from compete.domain.bundle import types
from compete.domain.bundle.labour_types import Labour
from compete.domain.bundle.packs.named import expand_packs
from compete.domain.bundle.types import Bundle
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.messages import msg
from compete.domain.values.roles import Role
from compete.domain.values.states import CompetitionState, DecisionState
from compete.models import (
    Account,
    AdjustmentEntry,
    Admission,
    BlindCode,
    Competition,
    Entrant,
    Event,
    Exemption,
    Judge,
    LabourValueEntry,
    Member,
    Playoff,
    RuleVersion,
    Team,
    Unit,
    VetoEntry,
    db,
    utc_now,
)
from compete.models.types import keyed_hash, stored_number
from compete.services.competitions.bundle_checks import check_loadable
from compete.services.competitions.loading_marks import (
    load_entries,
    load_marks,
    same_fields,
    seat_all,
)
from compete.services.competitions.loading_parts import LoadedPerson, Loading, count_rows
from compete.services.competitions.loading_undone import UNDONE, take_away
from compete.services.directory.person_records import connect_people
from compete.services.jobs.one_at_a_time import worker_lock
from compete.services.kernel import audit
from compete.services.kernel.event_rules import definition_of
from compete.services.kernel.exempted import LEVEL
from compete.services.kernel.pinyin import name_key, search_keys
from compete.services.kernel.portions import Portion
from compete.services.kernel.refusal import Refused
from compete.services.kernel.sealed_inserts import insert_sealed
from compete.services.kernel.transactions import unit_of_work
from compete.services.kernel.versions import is_writing
from compete.services.registration.badges import new_badge
from compete.services.registration.people_seals import seal_people
from compete.services.rules.rules_saving import is_blind
from compete.services.schedule.admissions import admit
from compete.services.schedule.slots import place_entrants
from compete.services.sheets.blind_codes import draw_codes_among
from compete.services.sheets.entry_seals import seal_entries
from compete.sheets.resting import passing_over_what_is

_FEW_PEOPLE, _FEW_ROWS = 50, 1000
"""A bundle of no more is put in at once."""
_LIGHT_VALUES, _LIGHT_CODES = 20, 2


def load_bundle(
    bundle: types.Bundle,
    *,
    by: Account | None = None,
    away: Collection[str] = (),
    registering: bool = False,
    origin: Mapping[str, str] | None = None,
    at_end: Callable[[Competition], object] | None = None,
) -> Competition:
    """The competition of a bundle that was read without problems.

    Judges who are `away` keep their marks and get no new sheets. With marks in
    it the competition is being judged, unless it is still `registering`. Rule
    packs are written out in full. `origin` is put on record: from what it was made. `at_end`
    does what belongs to it in the last part, before anybody sees it.

    Inside a unit of work, or where there is little, all of it is in that one. Raises `Refused`
    when a competition of that code is there already, or a number cannot be kept. What is
    refused on the way is taken away again; what an earlier load of another file left is, too.
    """
    bundle = expand_packs(bundle)
    check_loadable(bundle)
    # What is read in when first asked for takes longer than a part.
    search_keys(bundle.competition.name)
    if not is_writing() and (rest := broken_off(bundle)) is not None and not rest.same_file:
        with _alone(rest.number):
            take_away(rest.number)
    judged = bool(bundle.marks) and not registering
    with passing_over_what_is(), unit_of_work() if _is_small(bundle) else nullcontext():
        loading = _begun(bundle, by)
        with _alone(loading.number):
            try:
                _put_in(loading, away)
                return _ended(loading, origin, at_end, judged=judged)
            except Refused:
                if not is_writing():
                    take_away(loading.number)
                raise


class BrokenOff(NamedTuple):
    """A load that broke off: of which competition, and whether of the same file."""

    number: int
    same_file: bool


def broken_off(bundle: Bundle) -> BrokenOff | None:
    """The load under this bundle's code that broke off, or None."""
    query = select(Competition.id, Competition.loading).where(_not_whole())
    code = code_alike(bundle.competition.code)
    row = db.session.execute(query.where(Competition.code == code)).first() if code else None
    return None if row is None else BrokenOff(row.id, row.loading == _hash_of(bundle))


def loads_broken_off() -> list[str]:
    """The codes of the competitions of which not every part is in."""
    query = select(Competition.code).where(_not_whole())
    return list(db.session.scalars(query.order_by(Competition.id)))


def _not_whole() -> ColumnElement[bool]:
    return and_(Competition.loading.is_not(None), Competition.loading != UNDONE)


def _put_in(loading: Loading, away: Collection[str]) -> None:
    """Put in what the last part does not."""
    loading.take_codes()
    _units(loading)
    _officials(loading)
    _people(loading)
    if loading.bundle.marks:
        _admissions(loading)
    _blind_codes(loading)
    seat_all(loading, away)
    loading.acts = load_marks(loading)
    load_entries(loading)
    _labour(loading)


def _ended(
    loading: Loading,
    origin: Mapping[str, str] | None,
    at_end: Callable[[Competition], object] | None,
    *,
    judged: bool,
) -> Competition:
    """End the load with its last part: then everybody sees it."""
    bundle, competition = loading.bundle, loading.competition
    # Read before the last part, which would keep the lock meanwhile: nobody else can write in
    # what nobody is shown.
    after = {
        "entrants": len(loading.entrants),
        "marks": len(bundle.marks),
        "acts": loading.acts,
        "entries": seal_entries(competition),
        "people": seal_people(competition),
        **({"origin": dict(origin)} if origin else {}),
    }
    with loading.part(recorded=True) as competition:
        _playoffs(loading)
        _record_codes(loading)
        if judged:
            competition.state = CompetitionState.JUDGING
        competition.loading = None
        audit.record(competition, loading.by, "competition.load", competition.code, after=after)
        if at_end is not None:
            at_end(competition)
    return competition


def code_alike(code: str) -> str | None:
    """The code of a competition that is the same but for its letters' case, or None.

    Whoever types or reads out an address does not tell FORK from Fork.
    """
    known = db.session.scalars(select(Competition.code))
    return next((other for other in known if other.casefold() == code.casefold()), None)


def _is_small(bundle: Bundle) -> bool:
    values = len(bundle.labour.values) if bundle.labour else 0
    return len(bundle.entrants) <= _FEW_PEOPLE and len(bundle.marks) + values <= _FEW_ROWS


def _begun(bundle: Bundle, by: Account | None) -> Loading:
    """The load of a bundle: begun by its first part, or one that broke off."""
    rest = broken_off(bundle)
    if rest is not None:
        return Loading(bundle, rest.number, by)
    with unit_of_work():
        alike = code_alike(bundle.competition.code)
        if alike is not None:
            raise Refused(msg("已经有编号为“%(code)s”的竞赛，没有写入", code=alike))
        loading = Loading(bundle, _competition(bundle).id, by)
        _events(loading)
    return loading


def _hash_of(bundle: Bundle) -> str:
    return hashlib.sha256(msgspec.json.encode(expand_packs(bundle))).hexdigest()


@contextmanager
def _alone(number: int) -> Iterator[None]:
    """Keep others from loading the same meanwhile; within one unit of work nobody can."""
    if is_writing():
        yield
        return
    with worker_lock(number, "loading") as mine:
        db.session.rollback()
        still = select(Competition.id).where(Competition.id == number, _not_whole())
        if not mine or db.session.scalar(still) is None:
            raise Refused(msg("这个竞赛正由另一个命令载入，这里没有写入"))
        yield


def _competition(bundle: Bundle) -> Competition:
    c = bundle.competition
    labour = None
    if bundle.labour is not None:
        bare = msgspec.structs.replace(bundle.labour, values=(), adjustments=(), vetoes=())
        labour = json.loads(msgspec.json.encode(bare))
    overall = json.loads(msgspec.json.encode(bundle.overall)) or None
    extra = {"competition": c.extra, "bundle": bundle.extra, "overall": overall}
    row = Competition(
        **same_fields(c, "code name year starts ends host series venue"),
        format=bundle.format,
        kind=c.kind.value,
        level=c.level.value,
        labour=labour,
        settings={},
        extra={key: value for key, value in extra.items() if value is not None} or None,
        loading=_hash_of(bundle),
    )
    db.session.add(row)
    db.session.flush()
    return row


def _units(loading: Loading) -> None:
    """Write the units in the file's order, and then which stands under which."""
    loading.add_in_parts(
        Unit,
        Unit.competition_id == loading.number,
        loading.bundle.units,
        lambda u: Unit(competition_id=loading.number, **same_fields(u, "code name extra")),
    )
    loading.take_codes()
    parents = {u.code: u.parent for u in loading.bundle.units if u.parent is not None}
    query = select(Unit).where(Unit.competition_id == loading.number, Unit.parent_id.is_(None))
    under = query.where(Unit.code.in_(bindparam("codes", expanding=True)))
    waiting, portion = list(parents), Portion()
    while waiting:
        codes = waiting[: portion.size]
        del waiting[: portion.size]
        with loading.part(portion):
            for unit in db.session.scalars(under, {"codes": codes}):
                unit.parent_id = loading.units[parents[unit.code]]


def _officials(loading: Loading) -> None:
    def judge(j: types.Judge) -> Judge:
        return Judge(
            competition_id=loading.number,
            unit_id=loading.units[j.unit] if j.unit else None,
            role=Role(j.role.value) if j.role else None,
            **same_fields(j, "code name extra"),
        )

    own = Judge.competition_id == loading.number
    loading.add_in_parts(
        Judge, own, loading.bundle.judges, judge, lambda it: connect_people(it, loading.by)
    )


def _events(loading: Loading) -> None:
    for e in loading.bundle.events:
        definition, sha256 = definition_of(e)
        db.session.add(
            Event(
                competition_id=loading.number,
                code=e.code,
                name=e.name,
                blind=is_blind(e),
                versions=[RuleVersion(number=1, definition=definition, sha256=sha256)],
            )
        )
    db.session.flush()


def _playoffs(loading: Loading) -> None:
    """Store how equals were parted, in force as the file says it; nobody here proposed it."""
    for p in loading.bundle.playoffs:
        db.session.add(
            Playoff(
                competition_id=loading.number,
                event_id=loading.events[p.event],
                kind=p.kind.value,
                order=[list(it) if isinstance(it, tuple) else it for it in p.order],
                state=DecisionState.CONFIRMED,
                confirmed_at=utc_now(),
                **same_fields(p, "stage reason at extra"),
            )
        )
        # In the file's order, which is the order in which they part.
        db.session.flush()


def _people(loading: Loading) -> None:
    bundle = loading.bundle
    loading.add_in_parts(
        Team,
        Team.competition_id == loading.number,
        bundle.teams,
        lambda t: Team(
            competition_id=loading.number,
            event_id=loading.events[t.event],
            unit_id=loading.units[t.unit],
            **same_fields(t, "code name extra"),
        ),
    )
    loading.take_codes()
    crews = any(e.members for e in bundle.entrants)
    exempt = {e.code for e in bundle.entrants if e.exempt}
    waiting = [e for e in bundle.entrants if e.code not in loading.entrants]
    portion = Portion()
    while waiting:
        people = [_entrant(loading, e) for e in waiting[: portion.size]]
        del waiting[: portion.size]
        with loading.part(portion) as competition:
            if crews:
                db.session.add_all(people)
                connect_people(competition, loading.by)
            else:
                connect_people(competition, loading.by, added=people, past_session=True)
            for person in people:
                loading.entrants[person.code] = LoadedPerson(person.id, person.event_id)
                if person.code in exempt:
                    db.session.add(_exemption(loading, person.id))
            place_entrants(competition, people)


def _exemption(loading: Loading, entrant: int) -> Exemption:
    return Exemption(
        entrant_id=entrant,
        rule=LEVEL,
        reason=msg("随文件载入").render(),
        made_by=loading.by.id if loading.by is not None else None,
        agreed_at=utc_now(),
    )


def _entrant(loading: Loading, e: types.Entrant) -> Entrant:
    token, hashed = new_badge()
    return Entrant(
        competition_id=loading.number,
        event_id=loading.events[e.event],
        unit_id=loading.units[e.unit],
        team_id=loading.teams[e.team] if e.team else None,
        **_person_columns(e),
        name_key=name_key(e.name),
        **_evaluated_columns(e),
        badge_hash=hashed,
        badge_token=token,
        members=[_member(loading, m, place) for place, m in enumerate(e.members)],
    )


def _evaluated_columns(entrant: types.Entrant) -> dict[str, Any]:
    """The columns of an entrant that an evaluation looks at, as the database keeps it."""
    return {
        "grade_since": entrant.grade_since,
        "months": entrant.trade and entrant.trade.months,
        **{
            key: msgspec.to_builtins(value) if (value := getattr(entrant, key)) else None
            for key in ("trade", "papers", "carried", "resit")
        },
    }


def _person_columns(person: types.Entrant | types.Member) -> dict[str, Any]:
    """The columns that an entrant and a member of a crew share."""
    same = ("code", "name", "id_number", "grade", "promoted", "phone", "gender", "birth", "extra")
    return {
        **{key: getattr(person, key) for key in same},
        "id_hash": keyed_hash(person.id_number) if person.id_number else None,
        "group": person.group.value if person.group else None,
    }


def _member(loading: Loading, m: types.Member, place: int) -> Member:
    return Member(
        competition_id=loading.number,
        position=place,
        role=m.role.value if m.role else None,
        **_person_columns(m),
    )


def _admissions(loading: Loading) -> None:
    """Pass everybody where applicants are reviewed: they come with their marks."""
    if not competition_kind(loading.competition).has_review:
        return
    own = Entrant.competition_id == loading.number
    there = set(db.session.scalars(select(Admission.entrant_id).join(Entrant).where(own)))
    waiting = sorted({it.id for it in loading.entrants.values()} - there)
    portion = Portion()
    while waiting:
        turn = waiting[: portion.size]
        del waiting[: portion.size]
        with loading.part(portion) as competition:
            admit(competition, turn, loading.by)


def _blind_codes(loading: Loading) -> None:
    """Draw the codes of blind events."""
    for event in loading.competition.events:
        if not event.blind:
            continue
        people = sorted(it.id for it in loading.entrants.values() if it.event == event.id)
        coded = set(db.session.scalars(_codes_of(event.id)))
        waiting = [number for number in people if number not in coded]
        portion = Portion(_LIGHT_CODES)
        while waiting:
            turn = waiting[: portion.size]
            del waiting[: portion.size]
            with loading.part(portion):
                draw_codes_among(event, people, turn)


def _codes_of(event: int) -> Any:
    return select(BlindCode.entrant_id).where(BlindCode.event_id == event)


def _record_codes(loading: Loading) -> None:
    """Record of each blind event how many codes were drawn."""
    competition = loading.competition
    for event in competition.events:
        if event.blind and (drawn := count_rows(BlindCode, BlindCode.event_id == event.id)):
            audit.record(competition, loading.by, "blind.draw", event.code, after={"drawn": drawn})


def _values(labour: Labour, numbers: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    """The values' rows, as the database keeps them."""
    kept = lru_cache(maxsize=2000)(stored_number)
    now = utc_now()
    # Writing that there is nothing more costs as much as the rest of the row.
    with_extra = any(v.extra is not None for v in labour.values)
    with_target = any(v.target is not None for v in labour.values)
    for v in labour.values:
        row = {
            "unit_id": numbers[v.unit],
            "period": v.period,
            "indicator": v.indicator,
            "value": kept(v.value),
            "made_at": now,
        }
        if with_target:
            row["target"] = None if v.target is None else kept(v.target)
        if with_extra:
            row["extra"] = v.extra
        yield row


def _labour(loading: Loading) -> None:
    labour = loading.bundle.labour
    if labour is None:
        return
    units = select(Unit.id).where(Unit.competition_id == loading.number)
    values = _values(labour, loading.units)
    for _there in range(count_rows(LabourValueEntry, LabourValueEntry.unit_id.in_(units))):
        next(values)
    portion = Portion(_LIGHT_VALUES)
    while rows := list(islice(values, portion.size)):
        with loading.part(portion) as competition:
            insert_sealed(competition, LabourValueEntry, rows)
    loading.add_in_parts(
        AdjustmentEntry,
        AdjustmentEntry.unit_id.in_(units),
        labour.adjustments,
        lambda it: AdjustmentEntry(
            unit_id=loading.units[it.unit], **same_fields(it, "period points reason extra")
        ),
    )
    loading.add_in_parts(
        VetoEntry,
        VetoEntry.unit_id.in_(units),
        labour.vetoes,
        lambda it: VetoEntry(
            unit_id=loading.units[it.unit], **same_fields(it, "period reason extra")
        ),
    )
