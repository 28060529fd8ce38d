"""Setting up step by step: a part taken over from an earlier edition, registration opened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec
from sqlalchemy import func, select

from compete.domain.bundle import event_types
from compete.domain.bundle.packs.named import expand_packs
from compete.domain.eligibility import EDITION_OWN, Conditions
from compete.domain.ranking.next_in_rank import as_ruled
from compete.domain.values.canonical import short_mark
from compete.domain.values.messages import msg
from compete.domain.values.states import CompetitionState
from compete.models import Account, Application, Competition, Event, db, utc_now
from compete.services.accounts.access import competitions_for
from compete.services.competitions.details import change_details, details_of
from compete.services.competitions.overview import Lack, Lacking, what_lacks
from compete.services.competitions.rules_draft import RulesDraft, draft_of
from compete.services.competitions.rules_saving import (
    RulesRefused,
    checked_rules,
    put_checked,
    why_rules_stay,
)
from compete.services.competitions.set_up_parts import (
    OWN_DETAILS,
    Earlier,
    Look,
    Part,
    content_of,
    earlier_content,
    earlier_plan,
    item_key,
    part_items,
    set_up_of,
    taken_tree,
)
from compete.services.competitions.shifted_days import count_placed
from compete.services.competitions.templates import Template
from compete.services.kernel import audit
from compete.services.kernel.clock import local_today
from compete.services.kernel.competition_settings import asked_fields, change_settings, settings_of
from compete.services.kernel.event_rules import definition_of, rules_of
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.kernel.transactions import changing, for_update, unit_of_work
from compete.services.registration.eligibility import change_conditions, mark_of
from compete.services.registration.entry_fields import change_entry_fields
from compete.services.registration.window import change_window, window_of
from compete.services.schedule.slots import put_plan

_LATER = (Lack.CHIEF, Lack.JUDGES, Lack.BODY)
"""The lacks that registration does not wait for."""


def _earlier_edition(competition: Competition) -> Earlier:
    """An edition to take parts from."""
    events = {
        event.code: definition_of(as_ruled(rules_of(event)))[0] for event in competition.events
    }
    return Earlier(name=competition.name, events=events, edition=competition)


def earlier_template(template: Template) -> Earlier:
    """A template to take parts from."""
    events = {each.code: definition_of(each)[0] for each in expand_packs(template.bundle).events}
    return Earlier(name=template.bundle.competition.name, events=events, edition=None)


def editions_to_choose(competition: Competition, by: Account) -> list[Competition]:
    """List other competitions of its kind in which this account has a part."""
    return [
        each
        for each in competitions_for(by)
        if each.id != competition.id and each.kind == competition.kind
    ]


def edition_of(competition: Competition, by: Account) -> Earlier | None:
    """The edition from which parts are taken over, for whoever has a part in it."""
    told = set_up_of(competition)
    if not told.of or told.template:
        return None
    found = (it for it in editions_to_choose(competition, by) if it.code == told.of)
    return next((_earlier_edition(it) for it in found), None)


def choose_edition(competition: Competition, old: Competition, by: Account) -> None:
    """Take parts over from this one from now on; nothing is taken over by that."""
    with changing(competition) as competition:
        _require_set_up(competition)
        told = set_up_of(competition)
        wanted = msgspec.structs.replace(told, of=old.code, template=False, called=old.name)
        if wanted == told:
            return
        change_settings(competition, set_up=wanted)
        before = {"of": told.called}
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
        key, told = item_key(part, code), set_up_of(competition)
        if short_mark(content_of(competition, part, event)) != seen:
            raise Refused(msg("你打开以后别人改过这一部分，看一下现在的样子再点"))
        before = earlier_content(competition, earlier, part, event) if earlier else None
        came_along = told.begun.get(key) == seen
        if before is None and not came_along:
            raise Refused(msg("那一届没有这一部分，不能照旧"), kind=Refusal.UNKNOWN)
        copied = not came_along and short_mark(before) != seen
        if copied and earlier is not None:
            _copy(competition, part, event, earlier, by)
            session.flush()
        mark = short_mark(content_of(competition, part, event))
        if copied and mark != short_mark(before):
            return False
        told = set_up_of(competition)
        kept = told.kept | {key: mark}
        change_settings(competition, set_up=msgspec.structs.replace(told, kept=kept))
        audit.record(
            competition,
            by,
            "setup.keep",
            key,
            before={"mark": seen},
            after={
                "mark": mark,
                "of": earlier.name if earlier else told.called,
                "event": event.name if event else None,
                "copied": copied,
            },
        )
    return True


def opening_lacks(competition: Competition) -> list[Lacking]:
    """List what the opening of registration waits for, beside what nobody looked at."""
    found = [each for each in what_lacks(competition) if each.kind not in _LATER]
    settings = settings_of(competition)
    if settings.self_entry.open and settings.self_entry.other_units:
        found = [each for each in found if each.kind is not Lack.UNITS]
    last = competition.ends or competition.starts
    if last is not None and last < local_today():
        # As a file or last year's plan has it.
        found.insert(0, Lacking(Lack.DATES, found=last.isoformat()))
    return found + list(_without_end(competition))


def later_lacks(competition: Competition) -> list[Lacking]:
    """List what a part of the set-up lacks, though registration does not wait for it."""
    return [each for each in what_lacks(competition) if each.kind is Lack.BODY]


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
    tree = taken_tree(event.rules.definition, before, part)
    return msgspec.convert(tree, event_types.Event, strict=False)


def earlier_draft(event: Event, earlier: Earlier) -> RulesDraft | None:
    """The event's rules as they were earlier, as a form shows them; None where it is new."""
    before = earlier.tree_of(event)
    return None if before is None else draft_of(before)


def count_left(competition: Competition) -> int:
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
        if left := count_left(competition):
            raise Refused(msg("还差 %(n)s 样，补齐了才能开放报名", n=left))
        _set_opened(competition, utc_now())
        audit.record(competition, by, "setup.open", competition.code)


def shut_registration(competition: Competition, by: Account) -> None:
    """Take the opening back. Raises `Refused` once anybody was entered."""
    with changing(competition) as competition:
        _require_set_up(competition)
        told = settings_of(competition).set_up
        if told is None or told.opened is None:
            raise Refused(msg("报名没有开放"))
        query = select(func.count(Application.id)).join(Event, Event.id == Application.event_id)
        entered = db.session.scalar(query.where(Event.competition_id == competition.id))
        if entered:
            raise Refused(msg("已经报进来 %(n)s 人，不能收回；要停就改报名截止", n=entered))
        _set_opened(competition, None)
        audit.record(competition, by, "setup.shut", competition.code)


def _set_opened(competition: Competition, at: Any) -> None:
    told = set_up_of(competition)
    change_settings(competition, set_up=msgspec.structs.replace(told, opened=at))


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
        wanted = replace(details_of(old), **{name: getattr(now, name) for name in OWN_DETAILS})
        change_details(competition, wanted, now, by, why=old.name)
    elif part is Part.ENTRY:
        _copy_entry(competition, old, by)
    else:
        _copy_plan(competition, old)


def _copy_rules(
    competition: Competition, event: Event, part: Part, earlier: Earlier, by: Account
) -> None:
    if why := why_rules_stay(event):
        raise Refused(why)
    before = earlier.tree_of(event)
    assert before is not None
    tree = taken_tree(event.rules.definition, before, part)
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
    asked = [field.value for field in asked_fields(competition)]
    change_entry_fields(competition, [field.value for field in asked_fields(old)], asked, by)
    change_window(competition, replace(window_of(competition), quota=were.unit_quota), by)
    change_settings(competition, self_entry=were.self_entry)


def _copy_plan(competition: Competition, old: Competition) -> None:
    if placed := count_placed(competition):
        raise Refused(msg("已经给 %(n)s 人排了场次，日程不能整个照旧", n=placed))
    put_plan(competition, earlier_plan(competition, old))
