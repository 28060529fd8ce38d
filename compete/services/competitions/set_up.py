"""Setting up step by step: a part taken over from an earlier edition, registration opened.

A competition is set up in eight parts. What a part says, here and in an earlier one, is plain JSON
without what every edition has of its own (code, name, level, year, days), so that two of them can
be held beside each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import func, select

from compete.domain.bundle import event_types
from compete.domain.bundle.packs.named import expand_packs
from compete.domain.bundle.types import Bundle
from compete.domain.eligibility import EDITION_OWN, Conditions
from compete.domain.ranking.next_in_rank import as_ruled
from compete.domain.values.canonical import short_mark
from compete.domain.values.messages import msg
from compete.domain.values.states import CompetitionState
from compete.models import Account, Application, Competition, Event, db, utc_now
from compete.services.accounts.access import competitions_for
from compete.services.competitions.details import change_details, details_of
from compete.services.competitions.overview import Lack, Lacking, what_lacks
from compete.services.competitions.shifted_days import count_placed, moved_plan
from compete.services.kernel import audit
from compete.services.kernel.clock import local_today
from compete.services.kernel.competition_settings import (
    SetUp,
    asked_fields,
    change_settings,
    settings_of,
)
from compete.services.kernel.detail_fields import Details
from compete.services.kernel.event_rules import definition_of, rules_of
from compete.services.kernel.fields import fields_of, with_values
from compete.services.kernel.refusal import Refusal, Refused, invalid, refuse_if
from compete.services.kernel.transactions import changing, for_update, unit_of_work
from compete.services.registration.eligibility import (
    change_conditions,
    change_entry_fields,
    mark_of,
)
from compete.services.registration.window import change_window, window_of
from compete.services.rules.rules_draft import RulesDraft, draft_of
from compete.services.rules.rules_saving import (
    RulesRefused,
    checked_rules,
    put_checked,
    why_rules_stay,
)
from compete.services.schedule.slots import planned_sessions, put_plan


class Part(StrEnum):
    """The parts, in the order in which they are gone through."""

    BASICS = "basics"
    EVENTS = "events"
    MODULES = "modules"
    PANELS = "panels"
    AWARDS = "awards"
    GRADES = "grades"
    ENTRY = "entry"
    SCHEDULE = "schedule"


OF_EVENTS = (Part.EVENTS, Part.MODULES, Part.PANELS, Part.AWARDS, Part.GRADES)
"""The parts that each event has for itself."""
OWN_DETAILS = ("name", "level", "year", "starts", "ends")
"""The details said of each edition when it is made."""
KEYS = {
    Part.EVENTS: ("name", "occupation", "extra"),
    Part.MODULES: ("rounding", "ranking", "team_ranking", "unit_ranking", "items"),
    Part.AWARDS: ("awards",),
    Part.GRADES: ("grades",),
}
"""Of an event's rules, by part; beside them modules have the stages, and panels their panels."""


class Look(StrEnum):
    """The progress of the look at what came along."""

    OWN = "own"
    UNSEEN = "unseen"
    KEPT = "kept"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """The source of parts: an earlier edition, or a template's events alone."""

    name: str
    events: Mapping[str, dict[str, Any]]
    """By code, as a file says them."""
    edition: Competition | None

    def tree_of(self, event: Event) -> dict[str, Any] | None:
        """The rules of the event of that name, else of the code under which it came along."""
        named = (it for it in self.events.values() if it["name"] == event.name)
        came_along = item_key(Part.EVENTS, event) in set_up_of(event.competition).begun
        return next(named, self.events.get(event.code) if came_along else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartItem:
    """A part, of those that events have for themselves each event's.

    `mark` tells what it says from anything else; `takes`: 照旧 is there to be said.
    """

    part: Part
    event: Event | None
    look: Look
    mark: str
    takes: bool

    @property
    def key(self) -> str:
        """The item's key in the settings."""
        return item_key(self.part, self.event)


def item_key(part: Part, event: Event | None) -> str:
    """The key of a part, of those that events have for themselves an event's."""
    return f"{part.value}/{event.code}" if event else part.value


def set_up_of(competition: Competition) -> SetUp:
    """The set-up: its source and what was looked at; empty if it was not made on the desk."""
    return settings_of(competition).set_up or SetUp()


def part_items(competition: Competition, earlier: Earlier | None) -> list[PartItem]:
    """List all that is set up, in order; the plan only where there is one, here or earlier."""
    set_up, items = set_up_of(competition), []
    changeable = competition.state is CompetitionState.REGISTERING
    for part, event in _places(competition, earlier):
        content = content_of(competition, part, event)
        before = _earlier_content(competition, earlier, part, event) if earlier else None
        mark, key = short_mark(content), item_key(part, event)
        look = Look.OWN
        if set_up.kept.get(key) == mark:
            look = Look.KEPT
        elif set_up.begun.get(key) == mark:
            look = Look.UNSEEN
        elif key in set_up.begun or before is not None:
            look = Look.CHANGED
        takes = look is Look.UNSEEN or (before is not None and look in (Look.CHANGED, Look.OWN))
        items.append(
            PartItem(part=part, event=event, look=look, mark=mark, takes=takes and changeable)
        )
    return items


def marks_now(competition: Competition, *, whole: bool) -> dict[str, str]:
    """The marks of what stands, by key: all parts, or those of the events alone."""
    return {
        item_key(part, event): short_mark(content_of(competition, part, event))
        for part, event in _places(competition, None)
        if whole or part in OF_EVENTS
    }


def _places(
    competition: Competition, earlier: Earlier | None
) -> Iterator[tuple[Part, Event | None]]:
    for part in Part:
        if part in OF_EVENTS:
            yield from ((part, event) for event in competition.events)
        elif part is not Part.SCHEDULE or _has_plan(competition, earlier):
            yield part, None


def _has_plan(competition: Competition, earlier: Earlier | None) -> bool:
    old = earlier.edition if earlier else None
    return bool(planned_sessions(competition) or (old and _earlier_plan(competition, old)))


def content_of(competition: Competition, part: Part, event: Event | None) -> Any:
    """The content of a part as it stands."""
    if event is not None:
        return _event_content(event.rules.definition, part)
    if part is Part.BASICS:
        return _basics(details_of(competition))
    if part is Part.ENTRY:
        return _entry(competition, competition)
    return _plan(planned_sessions(competition))


def _earlier_content(
    competition: Competition, earlier: Earlier, part: Part, event: Event | None
) -> Any:
    """The part's earlier content, a plan's days moved to those of now; None for nothing."""
    if event is not None:
        tree = earlier.tree_of(event)
        return _event_content(tree, part) if tree is not None else None
    old = earlier.edition
    if old is None:
        return None
    if part is Part.BASICS:
        return _basics(details_of(old))
    if part is Part.ENTRY:
        return _entry(old, competition)
    return _plan(_earlier_plan(competition, old)) or None


def _earlier_plan(competition: Competition, old: Competition) -> list[dict[str, Any]]:
    """The sessions of its events there, on the days of now, with nobody in them."""
    codes = {event.code for event in competition.events}
    sessions, _moved = moved_plan(old, competition.starts)
    return [session for session in sessions if session.get("event") in codes]


def _event_content(tree: Mapping[str, Any], part: Part) -> dict[str, Any]:
    """The part of an event's rules; absent is what is not said."""
    if part is Part.PANELS:
        return {
            f"{stage['code']}/{module['code']}": module["panel"]
            for stage in tree["stages"]
            for module in stage["modules"]
            if module.get("panel")
        }
    content = {key: tree[key] for key in KEYS[part] if tree.get(key)}
    if part is Part.MODULES:
        content["stages"] = [_with_panels(stage, {}) for stage in tree["stages"]]
    return content


def _basics(details: Details) -> dict[str, Any]:
    own = set(fields_of(Details)) - set(OWN_DETAILS)
    return {key: it for key, it in msgspec.to_builtins(details).items() if key in own}


def _entry(competition: Competition, other: Competition) -> dict[str, Any]:
    """The conditions of the events that `other` has, fields asked, quota, who enters themselves."""
    settings, codes = settings_of(competition), {event.code for event in other.events}
    conditions = {
        code: {key: it for key, it in msgspec.to_builtins(asked).items() if key not in EDITION_OWN}
        for code, asked in settings.conditions.items()
        if code in codes
    }
    return {
        "conditions": conditions,
        "fields": [field.value for field in asked_fields(competition)],
        "quota": settings.unit_quota,
        "self_entry": msgspec.to_builtins(settings.self_entry),
    }


def _plan(sessions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    people = ("entrants", "judges")
    return [{key: it for key, it in session.items() if key not in people} for session in sessions]


def _taken_tree(now: Mapping[str, Any], before: Mapping[str, Any], part: Part) -> dict[str, Any]:
    """The rules of now with one part as it was before."""
    tree = dict(now)
    if part is Part.PANELS:
        panels = _event_content(before, part)
        tree["stages"] = [_with_panels(stage, panels) for stage in now["stages"]]
        return tree
    for key in KEYS[part]:
        tree.pop(key, None)
        if before.get(key):
            tree[key] = before[key]
    if part is Part.MODULES:
        # Panels are a part of their own: a module that stays keeps its own.
        own = _event_content(now, Part.PANELS)
        were = _event_content(before, Part.PANELS)
        places = set(_modules_in(now))
        panels = {key: it for key, it in were.items() if key not in places} | own
        tree["stages"] = [_with_panels(stage, panels) for stage in before["stages"]]
    return tree


def _modules_in(tree: Mapping[str, Any]) -> Iterator[str]:
    for stage in tree["stages"]:
        yield from (f"{stage['code']}/{module['code']}" for module in stage["modules"])


def _with_panels(stage: Mapping[str, Any], panels: Mapping[str, Any]) -> dict[str, Any]:
    """The stage with these panels alone, by stage and module."""
    modules = []
    for module in stage["modules"]:
        bare = {key: it for key, it in module.items() if key != "panel"}
        panel = panels.get(f"{stage['code']}/{module['code']}")
        modules.append(bare | ({"panel": panel} if panel else {}))
    return {**stage, "modules": modules}


_LATER = (Lack.CHIEF, Lack.JUDGES, Lack.BODY)
"""The lacks that registration does not wait for."""


def _earlier_edition(competition: Competition) -> Earlier:
    """An edition to take parts from."""
    events = {
        event.code: definition_of(as_ruled(rules_of(event)))[0] for event in competition.events
    }
    return Earlier(name=competition.name, events=events, edition=competition)


def earlier_template(bundle: Bundle) -> Earlier:
    """A template's bundle to take parts from."""
    events = {event.code: definition_of(event)[0] for event in expand_packs(bundle).events}
    return Earlier(name=bundle.competition.name, events=events, edition=None)


def editions_to_choose(competition: Competition, by: Account) -> list[Competition]:
    """List other competitions of its kind in which this account has a part."""
    return [
        edition
        for edition in competitions_for(by)
        if edition.id != competition.id and edition.kind == competition.kind
    ]


def edition_of(competition: Competition, by: Account) -> Earlier | None:
    """The edition from which parts are taken over, for whoever has a part in it."""
    set_up = set_up_of(competition)
    if not set_up.of or set_up.template:
        return None
    editions = (it for it in editions_to_choose(competition, by) if it.code == set_up.of)
    return next((_earlier_edition(it) for it in editions), None)


def choose_edition(competition: Competition, old: Competition, by: Account) -> None:
    """Take parts over from this one from now on; nothing is taken over by that."""
    with changing(competition) as competition:
        _require_set_up(competition)
        set_up = set_up_of(competition)
        wanted = msgspec.structs.replace(set_up, of=old.code, template=False, called=old.name)
        if wanted == set_up:
            return
        change_settings(competition, set_up=wanted)
        before = {"of": set_up.called}
        after = {"of": old.name}
        audit.record(competition, by, "setup.edition", competition.code, before=before, after=after)


def keep_part(
    competition: Competition, part: Part, code: str, seen: str, earlier: Earlier | None, by: Account
) -> bool:
    """Let a part say what it said earlier (照旧), and note that somebody looked; True if it does.

    `code` names the event of a part that events have for themselves; `seen` is the mark of what
    the page showed. Nothing is copied where it says so already. False where a second person has
    to agree first. Raises `Refused`: CONFLICT where it changed meanwhile, or people have places
    already; INVALID for what the rest of the rules does not allow; UNKNOWN for what there is not.
    """
    with unit_of_work() as session:
        competition = for_update(competition)
        _require_set_up(competition)
        event = next((it for it in competition.events if it.code == code), None)
        if bool(code) != (event is not None):
            raise Refused(msg("这个赛项已经删掉了"), kind=Refusal.UNKNOWN)
        key, set_up = item_key(part, event), set_up_of(competition)
        if short_mark(content_of(competition, part, event)) != seen:
            raise Refused(msg("你打开以后别人改过这一部分，看一下现在的样子再点"))
        before = _earlier_content(competition, earlier, part, event) if earlier else None
        came_along = set_up.begun.get(key) == seen
        if before is None and not came_along:
            raise Refused(msg("那一届没有这一部分，不能照旧"), kind=Refusal.UNKNOWN)
        copied = not came_along and short_mark(before) != seen
        if copied and earlier is not None:
            _copy(competition, part, event, earlier, by)
            session.flush()
        mark = short_mark(content_of(competition, part, event))
        if copied and mark != short_mark(before):
            return False
        set_up = set_up_of(competition)
        kept = set_up.kept | {key: mark}
        change_settings(competition, set_up=msgspec.structs.replace(set_up, kept=kept))
        after = {
            "mark": mark,
            "of": earlier.name if earlier else set_up.called,
            "event": event.name if event else None,
            "copied": copied,
        }
        audit.record(competition, by, "setup.keep", key, before={"mark": seen}, after=after)
    return True


def opening_lacks(competition: Competition) -> list[Lacking]:
    """List what the opening of registration waits for, beside what nobody looked at."""
    lacks = [lack for lack in what_lacks(competition) if lack.kind not in _LATER]
    settings = settings_of(competition)
    if settings.self_entry.open and settings.self_entry.other_units:
        lacks = [lack for lack in lacks if lack.kind is not Lack.UNITS]
    last = competition.ends or competition.starts
    if last is not None and last < local_today():
        # As a file or last year's plan has it.
        lacks.insert(0, Lacking(Lack.DATES, found=last.isoformat()))
    return lacks + list(_without_end(competition))


def later_lacks(competition: Competition) -> list[Lacking]:
    """List what a part of the set-up lacks, though registration does not wait for it."""
    return [lack for lack in what_lacks(competition) if lack.kind is Lack.BODY]


def _without_end(competition: Competition) -> Iterator[Lacking]:
    """Find where no last day to come is written: of all events, and of each that has its own."""
    shared = window_of(competition)
    windows = [(event, window_of(competition, event)) for event in competition.events]
    own = [(event.code, event.name, window.closes) for event, window in windows if window != shared]
    if not own or len(own) < len(windows):
        own.insert(0, ("", "", shared.closes))
    for code, name, closes in own:
        if closes is None or closes <= utc_now():
            yield Lacking(Lack.CLOSES, code, name, "" if closes is None else "past")


def earlier_rules(event: Event, part: Part, earlier: Earlier) -> event_types.Event | None:
    """The rules in force with one part as it was earlier; None where the event is new."""
    before = earlier.tree_of(event)
    if before is None:
        return None
    tree = _taken_tree(event.rules.definition, before, part)
    return msgspec.convert(tree, event_types.Event, strict=False)


def earlier_draft(event: Event, earlier: Earlier) -> RulesDraft | None:
    """The event's rules as they were earlier, as a form shows them; None where it is new."""
    before = earlier.tree_of(event)
    return None if before is None else draft_of(before)


def count_set_up_to_do(competition: Competition) -> int:
    """Count the things the opening waits for: what lacks, and what nobody looked at."""
    unseen = sum(it.look is Look.UNSEEN for it in part_items(competition, None))
    return len(opening_lacks(competition)) + unseen


def is_shut(competition: Competition) -> bool:
    """True if registration waits for somebody to open it."""
    shut = settings_of(competition).waits_to_open
    return competition.state is CompetitionState.REGISTERING and shut


def open_registration(competition: Competition, by: Account) -> None:
    """Let units and people themselves enter people. Raises `Refused` while anything lacks."""
    with changing(competition) as competition:
        _require_set_up(competition)
        if not is_shut(competition):
            raise Refused(msg("报名已经开放了"))
        if left := count_set_up_to_do(competition):
            raise Refused(msg("还差 %(n)s 样，补齐了才能开放报名", n=left))
        _set_opened(competition, utc_now())
        audit.record(competition, by, "setup.open", competition.code)


def shut_registration(competition: Competition, by: Account) -> None:
    """Take the opening back. Raises `Refused` once anybody was entered."""
    with changing(competition) as competition:
        _require_set_up(competition)
        set_up = settings_of(competition).set_up
        if set_up is None or set_up.opened is None:
            raise Refused(msg("报名没有开放"))
        query = select(func.count(Application.id)).join(Event, Event.id == Application.event_id)
        entered = db.session.scalar(query.where(Event.competition_id == competition.id))
        if entered:
            raise Refused(msg("已经报进来 %(n)s 人，不能收回；要停就改报名截止", n=entered))
        _set_opened(competition, None)
        audit.record(competition, by, "setup.shut", competition.code)


def _set_opened(competition: Competition, at: Any) -> None:
    set_up = set_up_of(competition)
    change_settings(competition, set_up=msgspec.structs.replace(set_up, opened=at))


def _require_set_up(competition: Competition) -> None:
    if competition.state is not CompetitionState.REGISTERING:
        raise Refused(msg("评分已经开始，筹备清单不能再改"))


def _copy(
    competition: Competition, part: Part, event: Event | None, earlier: Earlier, by: Account
) -> None:
    if event is not None:
        _copy_rules(competition, event, part, earlier, by)
        return
    old = earlier.edition
    assert old is not None
    if part is Part.BASICS:
        now = details_of(competition)
        wanted = with_values(details_of(old), **{name: getattr(now, name) for name in OWN_DETAILS})
        change_details(competition, wanted, now, by, why=old.name)
    elif part is Part.ENTRY:
        _copy_entry(competition, old, by)
    else:
        _copy_plan(competition, old)


def _copy_rules(
    competition: Competition, event: Event, part: Part, earlier: Earlier, by: Account
) -> None:
    refuse_if(why_rules_stay(event))
    before = earlier.tree_of(event)
    assert before is not None
    tree = _taken_tree(event.rules.definition, before, part)
    try:
        rules = checked_rules(competition, tree)
    except RulesRefused as refused:
        raise invalid(
            msg(
                "和现在的其他规则合不上，没有动：%(why)s",
                why=refused.problems[0].message,
            )
        ) from None
    put_checked(event, rules, by)


def _copy_entry(competition: Competition, old: Competition, by: Account) -> None:
    were, now = settings_of(old), settings_of(competition)
    for event in competition.events:
        stands = now.conditions.get(event.code, Conditions())
        wanted = were.conditions.get(event.code, Conditions())
        # Days are each edition's own.
        own = {name: getattr(stands, name) for name in EDITION_OWN}
        wanted = msgspec.structs.replace(wanted, **own)
        change_conditions(event, wanted, mark_of(stands), by)
    change_entry_fields(competition, asked_fields(old), asked_fields(competition), by)
    change_window(competition, replace(window_of(competition), quota=were.unit_quota), by)
    change_settings(competition, self_entry=were.self_entry)


def _copy_plan(competition: Competition, old: Competition) -> None:
    if placed := count_placed(competition):
        raise Refused(msg("已经给 %(n)s 人排了场次，日程不能整个照旧", n=placed))
    put_plan(competition, _earlier_plan(competition, old))
