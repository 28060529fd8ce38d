"""Setting up events: added with rules to begin with, and removed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import count
from typing import Any

import msgspec
from sqlalchemy import delete, func, select

from compete.domain.bundle import event_types, types
from compete.domain.bundle.crews import heads
from compete.domain.bundle.packs.kinds import AwardPack
from compete.domain.bundle.packs.named import get_pack
from compete.domain.eligibility import Conditions
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import CompetitionState
from compete.models import (
    Account,
    Application,
    Assignment,
    BoardSnapshot,
    Competition,
    Entrant,
    Event,
    HallBoard,
    RoomUse,
    RuleVersion,
    Team,
    Unit,
    db,
)
from compete.services.competitions.bundle_uploads import (
    drop_bundle_upload,
    keep_bundle_upload,
    open_bundle_upload,
)
from compete.services.kernel import audit
from compete.services.kernel.competition_settings import change_settings, settings_of
from compete.services.kernel.event_rules import definition_of, rules_of
from compete.services.kernel.participants import crewed_in
from compete.services.kernel.refusal import Refusal, Refused, invalid, refuse_if
from compete.services.kernel.row_references import tables_naming
from compete.services.kernel.transactions import for_update, unit_of_work
from compete.services.registration.eligibility import bring_conditions_back, forget_conditions
from compete.services.registration.people_seals import seal_people
from compete.services.rules.rules_saving import (
    checked_rules,
    forget_sessions,
    is_blind,
    stored_tables,
)
from compete.services.schedule.slots import planned_sessions, put_plan

LONGEST_EVENT_NAME = 200
_GO_ALONG = {it.__tablename__ for it in (RuleVersion, Assignment, Team, HallBoard)}
"""The tables of an event's rows that go with it."""


def add_event(
    competition: Competition,
    name: str,
    like: event_types.Event | None,
    by: Account,
    units: Iterable[types.Unit] = (),
    code: str | None = None,
) -> Event:
    """Add an event: with the rules of another, or a theory and a practical module.

    It comes back under the `code` that it had, where that is given and still free.

    `units` are those that the rules name, made where they are not there.
    Raises `Refused` (INVALID) without a name, and once judging has begun.
    """
    name = _checked_name(name)
    with unit_of_work() as session:
        competition = for_update(competition)
        if competition.state is not CompetitionState.REGISTERING:
            raise Refused(msg("评分已经开始，不能再加赛项"))
        if any(event.name == name for event in competition.events):
            raise Refused(msg("已经有叫“%(name)s”的赛项", name=name))
        taken = {event.code for event in competition.events}
        back = code is not None and code not in taken
        if code is None or not back:
            code = next(free for n in count(1) if (free := f"E{n}") not in taken)
        tree = _usual(code) if like is None else definition_of(like)[0]
        tree |= {"code": code, "name": name}
        there = {unit.code for unit in competition.units}
        session.add_all(
            Unit(competition_id=competition.id, code=unit.code, name=unit.name)
            for unit in units
            if unit.code not in there
        )
        session.flush()
        session.refresh(competition, ["units"])
        if like is not None and not back and (extra := dict(tree.get("extra") or {})):
            # Two events whose numbers begin alike would collide.
            extra.pop("code_prefix", None)
            tree["extra"] = extra
        rules = checked_rules(competition, tree)
        definition, sha256 = definition_of(rules)
        event = Event(
            competition_id=competition.id,
            code=code,
            name=name,
            blind=is_blind(rules),
            versions=[RuleVersion(number=1, definition=definition, sha256=sha256)],
        )
        session.add(event)
        session.flush()
        session.refresh(competition, ["events"])
        after = {"name": name, "rules": sha256, "people": seal_people(competition, ())}
        audit.record(competition, by, "event.add", code, after=after)
    return event


def entrants_in(event: Event) -> int:
    """Count the entrants registered for the event."""
    return (
        db.session.scalar(select(func.count(Entrant.id)).where(Entrant.event_id == event.id)) or 0
    )


def _entered_by_units(event: Event) -> int:
    query = select(func.count(Application.id)).where(Application.event_id == event.id)
    return db.session.scalar(query) or 0


def why_not_removed(event: Event) -> Message | None:
    """Say why the event stays, or None."""
    if people := entrants_in(event):
        return msg(
            "这个赛项有 %(who)s，不能删",
            who=heads(people, crewed_in(event.competition, event)),
        )
    if waiting := _entered_by_units(event):
        return msg("单位给这个赛项报了 %(n)s 人，不能删", n=waiting)
    if event.competition.state is not CompetitionState.REGISTERING:
        return msg("评分已经开始，不能删赛项")
    if tables_naming(event) - _GO_ALONG:
        return msg("这个赛项有抽签、评选的奖项、等级认定或别的记录，不能删")
    if _is_in_a_table(event):
        return msg("总表算到这个赛项，先在“总表”里去掉，再删")
    return None


def restore_event(competition: Competition, token: str, by: Account) -> Event:
    """An event that was taken away, with rules, sessions and conditions of entry; nobody judges it.

    `token` is what `remove_event` gave. Raises `Refused` as `add_event` does, and (GONE) for what
    is back already, was taken away more than a day ago, or by somebody else.
    """
    kept = open_bundle_upload(token, by)
    tree = json.loads(kept.data)
    if tree.get("competition") != competition.id:
        raise Refused(msg("这不是这个竞赛的赛项"), kind=Refusal.UNKNOWN)
    rules = msgspec.convert(tree["rules"], type=event_types.Event, strict=False)
    with unit_of_work():
        event = add_event(competition, rules.name, rules, by, code=rules.code)
        # Under another code, if its own was given away meanwhile.
        sessions = [it | {"event": event.code} for it in tree.get("sessions") or ()]
        if sessions:
            put_plan(competition, [*planned_sessions(competition), *sessions])
        if tree.get("conditions"):
            asked = msgspec.convert(tree["conditions"], type=Conditions, strict=False)
            bring_conditions_back(event, asked)
    drop_bundle_upload(token, by)
    return event


def _is_in_a_table(event: Event) -> bool:
    """True if a table over several events names it, or points for one of its awards."""
    tables = stored_tables(event.competition)
    awards = {award.code for award in rules_of(event).awards}
    return any(
        event.code in table.get("events", ())
        or (table["by"] == "awards" and not awards.isdisjoint(table["points"]))
        for table in tables
    )


def remove_event(event: Event, by: Account) -> str:
    """Take an event away, with its rules and its judges' assignments.

    The text that comes back undoes it (`restore_event`); empty where nothing was kept.
    Raises `Refused` while anybody is registered for it, and once judging has begun.
    """
    with unit_of_work() as session:
        competition = for_update(event.competition)
        session.refresh(event)
        refuse_if(why_not_removed(event))
        for board in session.scalars(select(HallBoard).where(HallBoard.event_id == event.id)):
            session.execute(delete(BoardSnapshot).where(BoardSnapshot.board_id == board.id))
            session.delete(board)
        for table in (Assignment, Team, RoomUse):
            for row in session.scalars(select(table).where(table.event_id == event.id)):
                session.delete(row)
        session.flush()
        for version in list(event.versions):
            session.delete(version)
        code, name = event.code, event.name
        kept: dict[str, Any] = {"competition": competition.id, "rules": event.rules.definition}
        session.flush()
        session.expire(event, ["versions"])
        session.delete(event)
        kept |= {
            "sessions": forget_sessions(competition, code, set()),
            "conditions": msgspec.to_builtins(forget_conditions(competition, code)),
        }
        coding = settings_of(competition).coding
        if code in coding:
            others = {other: value for other, value in coding.items() if other != code}
            change_settings(competition, coding=others or None)
        session.flush()
        session.refresh(competition, ["events"])
        before = {"name": name}
        after = {"people": seal_people(competition, ())}
        audit.record(competition, by, "event.remove", code, before=before, after=after)
    try:
        return keep_bundle_upload(f"{code}.json", json.dumps(kept).encode(), by)
    except Refused:
        # Too many files of that account are kept today: it is gone all the same.
        return ""


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise invalid(msg("名称要写"))
    if len(name) > LONGEST_EVENT_NAME:
        raise invalid(msg("最多 %(max)s 个字", max=LONGEST_EVENT_NAME))
    return name


def _usual(code: str) -> dict[str, Any]:
    """The usual rules: theory 20, practice 80, of which each has a sheet of one line."""

    theory = usual_module("theory", "理论", "a1", "卷面成绩", weight="20")
    panel = {"size": 3}
    practical = usual_module("practical", "实操", "a2", "实操得分", weight="80", panel=panel)
    return {
        "code": code,
        "stages": [{"code": "final", "name": "决赛", "modules": [theory, practical]}],
        "ranking": {"ties": ["module:practical"]},
        "awards": [json.loads(msgspec.json.encode(award)) for award in usual_awards()],
    }


def usual_module(
    code: str, name: str, aspect: str, aspect_name: str, **more: Any
) -> dict[str, Any]:
    """A module of 100 points with a sheet of one line, as a file writes it."""
    row = {"code": aspect, "name": aspect_name, "type": "score", "max": "100", "step": "0.5"}
    return {"code": code, "name": name, "full": "100", **more, "aspects": [row]}


def usual_awards() -> Sequence[event_types.Award]:
    """The awards that an event begins with."""
    pack = get_pack("awards-10-20-30-percent")
    assert isinstance(pack, AwardPack)
    return pack.awards
