"""Putting a bundle into the database, whole or without what the judges did.

Marks, outcomes, penalties and times become the rows that judging makes."""

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from itertools import chain, islice
from typing import Any, NamedTuple, TypeVar

import msgspec
from sqlalchemy import func, insert, select

from compete.domain.bundle import types
from compete.domain.bundle.crews import participants
from compete.domain.bundle.labour_types import Labour
from compete.domain.bundle.packs.named import expand_packs
from compete.domain.bundle.types import Bundle, Mark
from compete.domain.values.messages import msg
from compete.domain.values.roles import Role
from compete.domain.values.states import CompetitionState, DecisionState, SheetState
from compete.models import (
    Account,
    Act,
    AdjustmentEntry,
    Assignment,
    Base,
    Competition,
    DifficultyEntry,
    Entrant,
    Event,
    Judge,
    LabourValueEntry,
    Member,
    OutcomeEntry,
    PenaltyEntry,
    Playoff,
    RuleVersion,
    Sheet,
    Team,
    TimeEntry,
    Unit,
    VetoEntry,
    db,
    utc_now,
)
from compete.models.compiled_statements import Prepared, table_of
from compete.models.types import PointsError, keyed_hash, scaled, stored_number
from compete.services.directory.person_records import connect_people
from compete.services.kernel import audit
from compete.services.kernel.chunks import in_chunks
from compete.services.kernel.event_rules import definition_of
from compete.services.kernel.numbering import reserve_ids
from compete.services.kernel.pinyin import name_key
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.row_seals import note
from compete.services.kernel.sealed_inserts import insert_sealed
from compete.services.kernel.text_limits import check_text
from compete.services.kernel.transactions import unit_of_work
from compete.services.labour.rules import long_rule_names
from compete.services.registration.badges import new_badge
from compete.services.registration.people_seals import seal_people
from compete.services.rules.rules_saving import (
    fine_difficulties,
    is_blind,
    refuse_long_names,
)
from compete.services.schedule.slots import place_entrants, seat_judges
from compete.services.sheets.act_seals import prints_of, seal_rows
from compete.services.sheets.blind_codes import draw_blind_codes, drawn_codes
from compete.services.sheets.entry_seals import seal_entries
from compete.sheets.resting import passing_over_what_is

_PORTION = 2000
_PUT_ACTS = insert(table_of(Act))
_PUT_SHEETS = insert(table_of(Sheet)).execution_options(noted=True)
_BARE_COLUMNS = (
    *("uuid", "sheet_id", "judge_id", "kind", "aspect", "value"),
    *("said_at", "held_at", "prints"),
)
_WITH_EXTRA = (*_BARE_COLUMNS, "extra")
_PUT_NUMBERED = {
    columns: Prepared(_PUT_ACTS, columns=("id", *columns))
    for columns in (_BARE_COLUMNS, _WITH_EXTRA)
}
_SheetKey = tuple[str, str, str, str]
R = TypeVar("R", bound=Base)
_Act = dict[str, Any]


class _Sheet(NamedTuple):
    """The rows of a sheet, its entrant and its judge."""

    id: int
    entrant: int
    judge: int


def _load_marks(
    bundle: Bundle,
    entrants: dict[str, Entrant],
    judges: dict[str, Judge],
    competition: Competition,
    planned: set[tuple[str, str, str]],
) -> dict[str, Any] | None:
    """Write them for the entrants that are there; the others' stay out. The seal over the marks.

    A sheet is submitted when it has a value for every aspect, else begun. The
    judges who marked a module become those assigned to it, unless the plan
    says who is (`planned`: event, stage and module codes).
    """
    sheets = _sheets(bundle, entrants, judges, competition, planned)
    marks = (mark for mark in bundle.marks if mark.entrant in entrants)
    acts = _put_acts(marks, sheets)
    first = next(acts, None)
    seal = None if first is None else seal_rows(chain([first], acts))
    _entries(bundle, entrants)
    return seal


def _put_acts(marks: Iterator[Mark], sheets: Mapping[_SheetKey, _Sheet]) -> Iterator[_Act]:
    """Write the acts, and give each as it stands in the database, in the order of their numbers."""
    now, connection = utc_now(), db.session.connection()
    # A portion at a time: all acts of a large competition as dicts are as much again as its file.
    while portion := list(islice(marks, _PORTION)):
        named = zip(portion, _uuids(len(portion)), strict=True)
        acts = [_act(mark, uuid, sheets[_key(mark)], now) for mark, uuid in named]
        # Writing that there is nothing more costs as much as the rest of the row.
        bare = all(act["extra"] is None for act in acts)
        columns = _BARE_COLUMNS if bare else _WITH_EXTRA
        rows = [{key: act[key] for key in columns} for act in acts]
        if (ids := reserve_ids(connection, Act, len(acts))) is not None:
            for act, row, number in zip(acts, rows, ids, strict=True):
                act["id"] = row["id"] = number
            _PUT_NUMBERED[columns].run_many(connection, rows)
            yield from acts
        else:
            yield from _numbered(acts, rows)


def _numbered(acts: Sequence[_Act], rows: Sequence[dict[str, Any]]) -> Iterator[_Act]:
    """Write them where the database gives the numbers; the acts by their numbers."""
    last = db.session.scalar(select(func.max(Act.id))) or 0
    db.session.execute(_PUT_ACTS, rows)
    written = {act["uuid"]: act for act in acts}
    came = select(Act.id, Act.uuid).where(Act.id > last).order_by(Act.id)
    for number, name in db.session.execute(came).tuples():
        if (act := written.pop(name, None)) is not None:
            yield act | {"id": number}
    assert not written


def _act(mark: Mark, uuid: str, sheet: _Sheet, now: datetime) -> _Act:
    act: _Act = {
        "uuid": uuid,
        "sheet_id": sheet.id,
        "judge_id": sheet.judge,
        "kind": "mark",
        "aspect": mark.aspect,
        "value": _shared_value(mark.value),
        "note": None,
        "said_at": mark.at,
        "tablet": None,
        "tablet_seq": None,
        "held_at": now,
        "extra": mark.extra,
    }
    act["prints"] = prints_of(act)
    act["entrant_id"], act["stage"], act["module"] = sheet.entrant, mark.stage, mark.module
    return act


def _uuids(count: int) -> Iterator[str]:
    """Make random UUIDs, quicker than their class does, and asked for at once."""
    drawn = secrets.token_hex(16 * count)
    for at in range(0, len(drawn), 32):
        digits = drawn[at : at + 32]
        variant = "89ab"[int(digits[16], 16) % 4]
        yield "-".join(
            (digits[:8], digits[8:12], "4" + digits[13:16], variant + digits[17:20], digits[20:])
        )


def _key(mark: Mark) -> _SheetKey:
    return mark.entrant, mark.stage, mark.module, mark.judge


@lru_cache(maxsize=2000, typed=True)
def _shared_value(value: bool | Decimal) -> Decimal:
    """The value, kept as one object: of most aspects there are few values."""
    return stored_number(Decimal(int(value)) if isinstance(value, bool) else value)


def _sheets(
    bundle: Bundle,
    entrants: dict[str, Entrant],
    judges: dict[str, Judge],
    competition: Competition,
    planned: set[tuple[str, str, str]],
) -> dict[_SheetKey, _Sheet]:
    # A set of aspects for each sheet would be as large as the marks: a bit for each instead.
    bits: dict[str, int] = {}
    aspects: dict[_SheetKey, int] = defaultdict(int)
    for mark in bundle.marks:
        if mark.entrant in entrants:
            aspects[_key(mark)] |= bits.setdefault(mark.aspect, 1 << len(bits))
    wanted = {
        (event.code, stage.code, module.code): len(module.aspects)
        for event in bundle.events
        for stage in event.stages
        for module in stage.modules
    }
    event_of = {entrant.code: entrant.event for entrant in bundle.entrants}
    labels = _blind_labels(entrants)
    rows: list[dict[str, Any]] = []
    assigned: set[tuple[int, str, str, int]] = set()
    for key, marked in aspects.items():
        code, stage, module, judge = key
        whole = marked.bit_count() == wanted[event_of[code], stage, module]
        rows.append(
            {
                "public_id": secrets.token_hex(16),
                "competition_id": competition.id,
                "entrant_id": entrants[code].id,
                "judge_id": judges[judge].id,
                "stage": stage,
                "module": module,
                "label": labels.get(code, code),
                "state": SheetState.SUBMITTED if whole else SheetState.BEGUN,
                "version": marked.bit_count(),
            }
        )
        if (event_of[code], stage, module) not in planned:
            assigned.add((entrants[code].event_id, stage, module, judges[judge].id))
    db.session.add_all(
        Assignment(event_id=event, stage=stage, module=module, judge_id=judge)
        for event, stage, module, judge in sorted(assigned)
    )
    db.session.flush()
    return dict(zip(aspects, _put_sheets(competition, rows), strict=True))


def _put_sheets(competition: Competition, rows: list[dict[str, Any]]) -> list[_Sheet]:
    """Write them past the session, which would hold each by itself; in their order."""
    for stage, module in {(row["stage"], row["module"]) for row in rows}:
        check_text(stage, 80)
        check_text(module, 80)
    for chunk in in_chunks(rows, _PORTION):
        db.session.execute(_PUT_SHEETS, chunk)
    query = select(Sheet.public_id, Sheet.id).where(Sheet.competition_id == competition.id)
    numbers = dict(db.session.execute(query).tuples().all())
    sheets = [_Sheet(numbers[r["public_id"]], r["entrant_id"], r["judge_id"]) for r in rows]
    for sheet in sheets:
        note("sheet", sheet.id)
    return sheets


def _blind_labels(entrants: dict[str, Entrant]) -> dict[str, str]:
    """The last layer's blind code of everybody who has one."""
    drawn: dict[int, str] = {}
    for event in {entrant.event for entrant in entrants.values()}:
        drawn |= drawn_codes(event)
    return {code: drawn[entrant.id] for code, entrant in entrants.items() if entrant.id in drawn}


def _entries(bundle: Bundle, entrants: dict[str, Entrant]) -> None:
    attempted = {
        (mark.entrant, mark.stage, mark.module, mark.aspect): mark.difficulty
        for mark in bundle.marks
        if mark.difficulty is not None and mark.entrant in entrants
    }
    for (entrant, stage, module, aspect), difficulty in attempted.items():
        db.session.add(
            DifficultyEntry(
                entrant_id=entrants[entrant].id,
                stage=stage,
                module=module,
                aspect=aspect,
                difficulty=difficulty,
            )
        )
    for outcome in bundle.outcomes:
        if outcome.entrant in entrants:
            of = {"entrant_id": entrants[outcome.entrant].id, "status": outcome.status.value}
            _add(OutcomeEntry, outcome, "stage module reason extra", **of)
    for penalty in bundle.penalties:
        if penalty.entrant in entrants:
            same = "stage module points seconds reason extra"
            _add(PenaltyEntry, penalty, same, entrant_id=entrants[penalty.entrant].id)
    for time in bundle.times:
        if time.entrant in entrants:
            same = "stage module seconds extra"
            _add(TimeEntry, time, same, entrant_id=entrants[time.entrant].id)


def _add(table: type[R], source: msgspec.Struct, same: str, **more: Any) -> R:
    """Add the row of what a bundle says: its fields that the table calls the `same`, and more."""
    row = table(**{key: getattr(source, key) for key in same.split()}, **more)
    db.session.add(row)
    return row


@dataclass
class Loaded:
    """The rows made, by code; kept while a bundle is put in."""

    competition: Competition
    units: dict[str, Unit] = field(default_factory=dict)
    judges: dict[str, Judge] = field(default_factory=dict)
    events: dict[str, Event] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    entrants: dict[str, Entrant] = field(default_factory=dict)


def load_bundle(
    bundle: types.Bundle,
    *,
    by: Account | None = None,
    away: Collection[str] = (),
    registering: bool = False,
    origin: Mapping[str, str] | None = None,
) -> Competition:
    """The competition of a bundle that was read without problems.

    Judges who are `away` keep their marks and get no new sheets. With marks in
    it the competition is being judged, unless it is still `registering`. Rule
    packs are written out in full. `origin` is put on record: from what it was made.
    Raises `Refused` when a competition of that code is there already, or a number
    cannot be kept.
    """
    bundle = expand_packs(bundle)
    _check_numbers(bundle)
    _check_people(bundle)
    with passing_over_what_is(), unit_of_work() as session:
        code = bundle.competition.code
        alike = code_alike(code)
        if alike is not None:
            raise Refused(msg("已经有编号为“%(code)s”的竞赛，没有写入", code=alike))
        loaded = Loaded(_competition(bundle))
        _units(bundle, loaded)
        _officials(bundle, loaded)
        _events(bundle, loaded)
        _people(bundle, loaded)
        connect_people(loaded.competition, by)
        db.session.refresh(loaded.competition)
        place_entrants(loaded.competition, loaded.entrants.values())
        planned = seat_judges(loaded.competition, away)
        for event in loaded.events.values():
            if event.blind:
                draw_blind_codes(event, by)
        _playoffs(bundle, loaded)
        acts = _load_marks(bundle, loaded.entrants, loaded.judges, loaded.competition, planned)
        _labour(bundle, loaded)
        if bundle.marks and not registering:
            loaded.competition.state = CompetitionState.JUDGING
        session.flush()
        after = {
            "entrants": len(loaded.entrants),
            "marks": len(bundle.marks),
            "acts": acts,
            "entries": seal_entries(loaded.competition),
            "people": seal_people(loaded.competition),
            **({"origin": dict(origin)} if origin else {}),
        }
        audit.record(loaded.competition, by, "competition.load", code, after=after)
    return loaded.competition


def code_alike(code: str) -> str | None:
    """The code of a competition that is the same but for its letters' case, or None.

    Whoever types or reads out an address does not tell FORK from Fork.
    """
    known = db.session.scalars(select(Competition.code))
    return next((other for other in known if other.casefold() == code.casefold()), None)


def _check_numbers(bundle: types.Bundle) -> None:
    """The database keeps six decimal places; a finer number is refused, not bent."""
    checked: set[Decimal | bool] = set()
    for index, mark in enumerate(bundle.marks):
        if mark.value not in checked:
            _keepable(mark.value, f"marks[{index}].value")
            checked.add(mark.value)
        check_text(mark.at or "", 40)
    for place, event in enumerate(bundle.events):
        for problem in fine_difficulties(event):
            path = f"events[{place}].{problem.path}"
            raise invalid(msg("%(path)s：%(why)s", path=path, why=problem.message))
    for index, penalty in enumerate(bundle.penalties):
        _keepable(penalty.points or 0, f"penalties[{index}].points")
        _keepable(penalty.seconds or 0, f"penalties[{index}].seconds")
    for index, time in enumerate(bundle.times):
        _keepable(time.seconds, f"times[{index}].seconds")
    if bundle.labour is not None:
        # Names longer than the desk takes: else its form could not be saved any more.
        for problem in long_rule_names(bundle.labour):
            raise invalid(msg("labour.%(path)s：%(why)s", path=problem.path, why=problem.message))
        for index, value in enumerate(bundle.labour.values):
            if value.value not in checked:
                _keepable(value.value, f"labour.values[{index}].value")
                checked.add(value.value)
            if value.target is not None and value.target not in checked:
                _keepable(value.target, f"labour.values[{index}].target")
                checked.add(value.target)
        for index, adjustment in enumerate(bundle.labour.adjustments):
            _keepable(adjustment.points, f"labour.adjustments[{index}].points")


def _check_people(bundle: types.Bundle) -> None:
    """Refuse people who stand twice in one event: the database finds people by ID number."""
    seen: dict[tuple[str, str], str] = {}
    for entrant in bundle.entrants:
        for person in participants(entrant):
            if person.id_number is None:
                continue
            code = person.member or person.entrant
            first = seen.setdefault((entrant.event, person.id_number), code)
            if first != code:
                raise invalid(
                    msg(
                        "选手 %(first)s 和 %(second)s 的证件号码一样，"
                        "同一个人不能在一个赛项里出现两次",
                        first=first,
                        second=code,
                    )
                )


def _keepable(value: Decimal | int | bool, path: str) -> None:
    try:
        scaled(Decimal(value))
    except PointsError:
        raise invalid(
            msg(
                "%(path)s：%(value)s 存不下，最多 6 位小数、12 位整数",
                path=path,
                value=str(value),
            )
        ) from None


def _competition(bundle: types.Bundle) -> Competition:
    c = bundle.competition
    labour = None
    if bundle.labour is not None:
        bare = msgspec.structs.replace(bundle.labour, values=(), adjustments=(), vetoes=())
        labour = json.loads(msgspec.json.encode(bare))
    overall = json.loads(msgspec.json.encode(bundle.overall)) or None
    extra = {"competition": c.extra, "bundle": bundle.extra, "overall": overall}
    row = _add(
        Competition,
        c,
        "code name year starts ends host series venue",
        format=bundle.format,
        kind=c.kind.value,
        level=c.level.value,
        labour=labour,
        settings={},
        extra={key: value for key, value in extra.items() if value is not None} or None,
    )
    db.session.flush()
    return row


def _units(bundle: types.Bundle, loaded: Loaded) -> None:
    for u in bundle.units:
        of = {"competition_id": loaded.competition.id}
        loaded.units[u.code] = _add(Unit, u, "code name extra", **of)
    db.session.flush()
    for u in bundle.units:
        if u.parent is not None:
            loaded.units[u.code].parent_id = loaded.units[u.parent].id


def _officials(bundle: types.Bundle, loaded: Loaded) -> None:
    for j in bundle.judges:
        loaded.judges[j.code] = _add(
            Judge,
            j,
            "code name extra",
            competition_id=loaded.competition.id,
            unit_id=loaded.units[j.unit].id if j.unit else None,
            role=Role(j.role.value) if j.role else None,
        )
    db.session.flush()


def _events(bundle: types.Bundle, loaded: Loaded) -> None:
    for e in bundle.events:
        refuse_long_names(e)
        definition, sha256 = definition_of(e)
        event = Event(
            competition_id=loaded.competition.id,
            code=e.code,
            name=e.name,
            blind=is_blind(e),
            versions=[RuleVersion(number=1, definition=definition, sha256=sha256)],
        )
        loaded.events[e.code] = event
        db.session.add(event)
    db.session.flush()


def _playoffs(bundle: types.Bundle, loaded: Loaded) -> None:
    """Store how equals were parted, in force as the file says it; nobody here proposed it."""
    for p in bundle.playoffs:
        _add(
            Playoff,
            p,
            "stage reason at extra",
            competition_id=loaded.competition.id,
            event_id=loaded.events[p.event].id,
            kind=p.kind.value,
            order=[list(it) if isinstance(it, tuple) else it for it in p.order],
            state=DecisionState.CONFIRMED,
            confirmed_at=utc_now(),
        )
        # In the file's order, which is the order in which they part.
        db.session.flush()


def _people(bundle: types.Bundle, loaded: Loaded) -> None:
    for t in bundle.teams:
        loaded.teams[t.code] = _add(
            Team,
            t,
            "code name extra",
            competition_id=loaded.competition.id,
            event_id=loaded.events[t.event].id,
            unit_id=loaded.units[t.unit].id,
        )
    db.session.flush()
    for e in bundle.entrants:
        token, hashed = new_badge()
        entrant = Entrant(
            competition_id=loaded.competition.id,
            event_id=loaded.events[e.event].id,
            unit_id=loaded.units[e.unit].id,
            team_id=loaded.teams[e.team].id if e.team else None,
            **_person_columns(e),
            name_key=name_key(e.name),
            **_evaluated_columns(e),
            badge_hash=hashed,
            badge_token=token,
            members=[_member(loaded, m, place) for place, m in enumerate(e.members)],
        )
        loaded.entrants[e.code] = entrant
        db.session.add(entrant)
    db.session.flush()


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


def _member(loaded: Loaded, m: types.Member, place: int) -> Member:
    return Member(
        competition_id=loaded.competition.id,
        position=place,
        role=m.role.value if m.role else None,
        **_person_columns(m),
    )


def _values(labour: Labour, units: Mapping[str, Unit]) -> Iterator[dict[str, Any]]:
    """The values' rows, as the database keeps them."""
    numbers = {code: unit.id for code, unit in units.items()}
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


def _labour(bundle: types.Bundle, loaded: Loaded) -> None:
    if bundle.labour is None:
        return
    units = loaded.units
    db.session.flush()
    insert_sealed(loaded.competition, LabourValueEntry, _values(bundle.labour, units))
    for a in bundle.labour.adjustments:
        _add(AdjustmentEntry, a, "period points reason extra", unit_id=units[a.unit].id)
    for x in bundle.labour.vetoes:
        _add(VetoEntry, x, "period reason extra", unit_id=units[x.unit].id)
