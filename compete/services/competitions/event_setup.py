"""Setting up events: added, removed, and their rules saved as the next version."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import count
from typing import Any

import msgspec
from sqlalchemy import func, select

from compete.domain import bundle as b
from compete.domain.bundle import (
    AwardPack,
    BundleError,
    Problem,
    expand_packs,
    get_pack,
    read_bundle,
)
from compete.domain.values import CompetitionState, Message, msg
from compete.models import (
    Account,
    Application,
    Assignment,
    Competition,
    Entrant,
    Event,
    RuleVersion,
    Sheet,
    Slot,
    Team,
    Unit,
    db,
)
from compete.services.competitions.rules_draft import RulesDraft, draft_of, tree_of
from compete.services.competitions.rules_problems import odd_problems
from compete.services.kernel import (
    Refusal,
    Refused,
    audit,
    definition_of,
    for_update,
    module_title,
    rules_of,
    unit_of_work,
)
from compete.services.registration import forget_conditions, seal_people
from compete.services.schedule import DRAWS_OVER, latest_ceremony

LONGEST_EVENT_NAME = 200
_WHERE = re.compile(r"events\[0\]\.?")


class RulesRefused(Refused):
    """The rules cannot be what they say; `problems` have their places within the event."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(msg("有 %(n)s 处要改，没有存", n=len(problems)), Refusal.INVALID)
        self.problems = list(problems)


def why_rules_stay(event: Event) -> Message | None:
    """Why the event's rules cannot be changed by a form, or None."""
    if event.competition.state is not CompetitionState.REGISTERING:
        return msg("评分已经开始，规则不能在这里改")
    sheet = (
        select(Sheet.id)
        .join(Entrant, Entrant.id == Sheet.entrant_id)
        .where(Entrant.event_id == event.id)
        .limit(1)
    )
    if db.session.scalar(sheet) is not None:
        return msg("已经有评分表，规则不能在这里改")
    return None


def add_event(
    competition: Competition,
    name: str,
    like: b.Event | None,
    by: Account,
    units: Iterable[b.Unit] = (),
) -> Event:
    """One more event: with the rules of another, or a theory and a practical module to begin with.

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
        code = next(code for n in count(1) if (code := f"E{n}") not in taken)
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
        if like is not None and (extra := dict(tree.get("extra") or {})):
            # Two events whose numbers begin alike would collide.
            extra.pop("code_prefix", None)
            tree["extra"] = extra
        rules = _checked(competition, tree)
        definition, sha256 = definition_of(rules)
        event = Event(
            competition_id=competition.id,
            code=code,
            name=name,
            blind=_is_blind(rules),
            versions=[RuleVersion(number=1, definition=definition, sha256=sha256)],
        )
        session.add(event)
        session.flush()
        session.refresh(competition, ["events"])
        audit.record(
            competition,
            by,
            "event.add",
            code,
            after={"name": name, "rules": sha256, "people": seal_people(competition)},
        )
    return event


def entrants_in(event: Event) -> int:
    """How many are registered for the event."""
    return (
        db.session.scalar(select(func.count(Entrant.id)).where(Entrant.event_id == event.id)) or 0
    )


def _entered_by_units(event: Event) -> int:
    query = select(func.count(Application.id)).where(Application.event_id == event.id)
    return db.session.scalar(query) or 0


def why_not_removed(event: Event) -> Message | None:
    """Why the event stays, or None."""
    if people := entrants_in(event):
        return msg("这个赛项有 %(n)s 名选手，不能删", n=people)
    if waiting := _entered_by_units(event):
        return msg("单位给这个赛项报了 %(n)s 人，不能删", n=waiting)
    if event.competition.state is not CompetitionState.REGISTERING:
        return msg("评分已经开始，不能删赛项")
    return None


def remove_event(event: Event, by: Account) -> None:
    """Take an event away, with its rules and its judges' assignments.

    Raises `Refused` while anybody is registered for it, and once judging has begun.
    """
    with unit_of_work() as session:
        competition = for_update(event.competition)
        session.refresh(event)
        if why := why_not_removed(event):
            raise Refused(why)
        for table in (Assignment, Team):
            for row in session.scalars(select(table).where(table.event_id == event.id)):
                session.delete(row)
        session.flush()
        for version in list(event.versions):
            session.delete(version)
        code, name = event.code, event.name
        session.flush()
        session.expire(event, ["versions"])
        session.delete(event)
        _forget_sessions(competition, code, set())
        forget_conditions(competition, code)
        session.flush()
        session.refresh(competition, ["events"])
        audit.record(
            competition,
            by,
            "event.remove",
            code,
            before={"name": name},
            after={"people": seal_people(competition)},
        )


def stage_weight(stage: b.Stage) -> Decimal:
    """What the weights of a stage add up to: of its parts, and of modules in none."""
    weights = [part.weight for part in stage.parts]
    weights += [module.weight for module in stage.modules if module.part is None]
    return sum(weights, Decimal(0))


def draft_in_force(event: Event) -> RulesDraft:
    """The rules in force as a form shows them."""
    return draft_of(event.rules.definition)


def draft_problems(event: Event, draft: RulesDraft) -> list[Problem]:
    """All that keeps the draft from being saved, each with its place within the event."""
    tree = tree_of(draft, event.rules.definition)
    try:
        _checked(event.competition, tree, odd_problems(event, draft))
    except RulesRefused as refused:
        return refused.problems
    return []


def save_rules(event: Event, draft: RulesDraft, seen: int, by: Account) -> int | None:
    """Make the draft the next version of the rules; its number, or None where nothing changed.

    `seen` is the number of the version that the form showed. Raises `RulesRefused`
    with all that a file could not say either, `Refused` where the rules stay or
    somebody saved meanwhile.
    """
    with unit_of_work() as session:
        competition = for_update(event.competition)
        session.refresh(event)
        if why := why_rules_stay(event):
            raise Refused(why)
        before = event.rules
        if before.number != seen:
            raise Refused(
                msg(
                    "你打开以后别人存了第 %(n)s 版，你填的还在下面。另开一页看过再存",
                    n=before.number,
                )
            )
        rules = _checked(competition, tree_of(draft, before.definition), odd_problems(event, draft))
        definition, sha256 = definition_of(rules)
        if sha256 == before.sha256:
            return None
        _refuse_drawn(event, rules)
        number = before.number + 1
        session.add(
            RuleVersion(event_id=event.id, number=number, definition=definition, sha256=sha256)
        )
        event.name, event.blind = rules.name, _is_blind(rules)
        _forget_modules(competition, event, rules)
        session.flush()
        session.refresh(event, ["versions"])
        audit.record(
            competition,
            by,
            "event.rules",
            event.code,
            before={"version": before.number, "rules": before.sha256},
            after={"version": number, "rules": sha256, "people": seal_people(competition)},
        )
    return number


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Refused(msg("名称要写"), kind=Refusal.INVALID)
    if len(name) > LONGEST_EVENT_NAME:
        raise Refused(msg("最多 %(max)s 个字", max=LONGEST_EVENT_NAME), kind=Refusal.INVALID)
    return name


def _usual(code: str) -> dict[str, Any]:
    """Theory 20, practice 80, of which each has a sheet of one line."""

    def module(key: str, name: str, weight: str, judges: int, aspect: str) -> dict[str, Any]:
        row = {"code": "a1", "name": aspect, "type": "score", "max": "100", "step": "0.5"}
        panel = {"panel": {"size": judges}} if judges > 1 else {}
        return {
            "code": key,
            "name": name,
            "weight": weight,
            "full": "100",
            **panel,
            "aspects": [row],
        }

    return {
        "code": code,
        "stages": [
            {
                "code": "final",
                "name": "决赛",
                "modules": [
                    module("theory", "理论", "20", 1, "卷面成绩"),
                    module("practical", "实操", "80", 3, "实操得分"),
                ],
            }
        ],
        "ranking": {"ties": ["module:practical"]},
        "awards": [json.loads(msgspec.json.encode(award)) for award in _usual_awards()],
    }


def _usual_awards() -> Sequence[b.Award]:
    pack = get_pack("awards-10-20-30-percent")
    assert isinstance(pack, AwardPack)
    return pack.awards


def _checked(
    competition: Competition, tree: dict[str, Any], problems: Sequence[Problem] = ()
) -> b.Event:
    """The tree as an event, having passed all that a file must pass; with packs written out.

    Raises `RulesRefused` with what is wrong, and with the `problems` that were found before.
    """
    text = {
        "format": "compete-bundle/1",
        "competition": {
            "code": competition.code,
            "name": competition.name,
            "kind": competition.kind,
            "level": competition.level,
        },
        "units": [{"code": unit.code, "name": unit.name} for unit in competition.units],
        "events": [tree],
    }
    try:
        bundle = read_bundle(json.dumps(text, ensure_ascii=False).encode())
    except BundleError as error:
        found = [Problem(_WHERE.sub("", it.path, count=1), it.message) for it in error.problems]
        raise RulesRefused([*problems, *found]) from None
    if problems:
        raise RulesRefused(problems)
    return expand_packs(bundle).events[0]


def _is_blind(rules: b.Event) -> bool:
    return bool((rules.extra or {}).get("blind", False))


def _refuse_drawn(event: Event, rules: b.Event) -> None:
    """Raise `Refused` for rules that lack a module of which a draw stands or is being held.

    Its draw would go on, and give people places in a module that is no more.
    """
    for stage in rules_of(event).stages:
        left = {
            it.code for known in rules.stages if known.code == stage.code for it in known.modules
        }
        for module in stage.modules:
            draw = latest_ceremony(event, stage.code, module.code)
            if module.code not in left and draw is not None and draw.state not in DRAWS_OVER:
                raise Refused(
                    msg(
                        "“%(module)s”有抽签“%(draw)s”，先在“抽签”里结束它，再删这个模块",
                        module=module_title(event, stage.code, module.code),
                        draw=draw.name,
                    )
                )


def _forget_modules(competition: Competition, event: Event, rules: b.Event) -> None:
    """Nobody judges or is expected for a module that is no more."""
    places = {(stage.code, module.code) for stage in rules.stages for module in stage.modules}
    for seat in db.session.scalars(select(Assignment).where(Assignment.event_id == event.id)):
        if (seat.stage, seat.module) not in places:
            db.session.delete(seat)
    slots = select(Slot).join(Entrant, Entrant.id == Slot.entrant_id)
    for slot in db.session.scalars(slots.where(Entrant.event_id == event.id)):
        if (slot.stage, slot.module) not in places:
            db.session.delete(slot)
    _forget_sessions(competition, event.code, places)


def _forget_sessions(competition: Competition, code: str, places: set[tuple[str, str]]) -> None:
    """The plan keeps the event's sessions of these modules alone."""
    extra = dict(competition.extra or {})
    kept = dict(extra.get("competition") or {})
    plan = kept.get("schedule")
    if not isinstance(plan, list):
        return
    left = [
        it
        for it in plan
        if not isinstance(it, dict)
        or it.get("event") != code
        or (it.get("stage"), it.get("module")) in places
    ]
    if len(left) != len(plan):
        competition.extra = extra | {"competition": kept | {"schedule": left}}
