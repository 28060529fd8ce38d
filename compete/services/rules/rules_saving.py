"""An event's rules as they are saved: checked as a file is, the next version of them.

What a file may say of rules and a form may not is found besides."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NoReturn

from sqlalchemy import select

from compete.domain.aspects.kinds import class_of, type_title
from compete.domain.aspects.types import AspectType, type_of
from compete.domain.bundle import event_types
from compete.domain.bundle.packs.named import expand_packs
from compete.domain.bundle.problems import BundleError, Problem
from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.types import Bundle
from compete.domain.bundle.version_types import dialect_of, type_in
from compete.domain.bundle.versions import NEWEST
from compete.domain.grades.ladder import LONGEST_RUNG, GradeError, read_ladder
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import plain
from compete.domain.values.states import CompetitionState
from compete.models import (
    Account,
    Assignment,
    Competition,
    Entrant,
    Event,
    RuleVersion,
    Slot,
    db,
)
from compete.services.kernel import audit
from compete.services.kernel.actor_names import signer_words
from compete.services.kernel.clock import moment_words
from compete.services.kernel.event_rules import definition_of, module_title, rules_of
from compete.services.kernel.last_records import last_record
from compete.services.kernel.refusal import Refusal, Refused, refuse_if
from compete.services.kernel.text_limits import check_text
from compete.services.kernel.transactions import changing
from compete.services.registration.people_seals import seal_people
from compete.services.rules.rules_draft import (
    AwardDraft,
    EarlierRules,
    ItemDraft,
    RulesDraft,
    draft_of,
    tree_of,
)
from compete.services.rules.stage_draft import AspectDraft, ModuleDraft, PartDraft, StageDraft
from compete.services.schedule.draw_ceremonies import DRAWS_OVER, latest_ceremony
from compete.services.schedule.slots import planned_sessions, put_plan
from compete.services.sheets.act_rules import kept_number
from compete.services.sheets.sheet_lookup import is_allotted

_WHERE = re.compile(r"events\[0\]\.?")


class RulesRefused(Refused):
    """The rules cannot be what they say; `problems` have their places within the event."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(msg("有 %(n)s 处要改，没有存", n=len(problems)), Refusal.INVALID)
        self.problems = list(problems)


def why_rules_stay(event: Event) -> Message | None:
    """Say why the event's rules cannot be changed by a form, or None."""
    if event.competition.state is not CompetitionState.REGISTERING:
        return msg("评分已经开始，规则不能在这里改")
    if is_allotted(event):
        return msg("已经有评分表，规则不能在这里改")
    return None


def draft_in_force(event: Event) -> RulesDraft:
    """The rules in force as a form shows them."""
    return draft_of(event.rules.definition)


def draft_of_version(event: Event, number: int) -> RulesDraft | None:
    """The rules of an earlier version as a form shows them; None where there is none of them.

    Saved, it makes those rules the next version, under the codes that they had.
    """
    version = next((it for it in event.versions if it.number == number), None)
    if version is None or version is event.rules:
        return None
    return replace(
        draft_of(version.definition), base=EarlierRules(version.number, version.definition)
    )


def draft_problems(event: Event, draft: RulesDraft) -> list[Problem]:
    """Find all that keeps the draft from being saved, each with its place within the event."""
    try:
        rules_of_draft(event, draft)
    except RulesRefused as refused:
        return refused.problems
    return []


def save_rules(event: Event, draft: RulesDraft, seen: int, by: Account) -> int | None:
    """Make the draft the next version of the rules; its number, or None where nothing changed.

    `seen` is the number of the version that the form showed. Raises `RulesRefused`
    with all that a file could not say either, `Refused` where the rules stay or
    somebody saved meanwhile.
    """
    with changing(event.competition, event):
        refuse_if(why_rules_stay(event))
        require_same_version(event, seen)
        return put_checked(event, rules_of_draft(event, draft), by)


def put_checked(event: Event, rules: event_types.Event, by: Account) -> int | None:
    """Make checked rules the next version, inside a unit of work; None where they are the same.

    Raises `Refused` for rules that lack a module of which a draw stands.
    """
    competition, before = event.competition, event.rules
    _definition, sha256 = definition_of(rules)
    if sha256 == before.sha256:
        return None
    _refuse_drawn(event, rules)
    number = put_rules(event, rules)
    _forget_modules(competition, event, rules)
    db.session.flush()
    was = {"version": before.number, "rules": before.sha256}
    now = {"version": number, "rules": sha256, "people": seal_people(competition, ())}
    audit.record(competition, by, "event.rules", event.code, before=was, after=now)
    return number


def require_same_version(event: Event, seen: int) -> None:
    """Raise `Refused` where the form showed another version than the one in force."""
    if event.rules.number != seen:
        refuse_stale(event.competition, ("event.rules", "event.rules.change"), event.code)


def refuse_stale(competition: Competition, actions: Collection[str], subject: str) -> NoReturn:
    """Raise `Refused` for a form of rules that others changed since it was shown, as on record.

    The form shows what stands beside what differs from it.
    """
    last = last_record(competition, actions, subject)
    if last is None:
        raise Refused(
            msg(
                "你打开以后别人存过。你填的还在下面，和他存的不一样的，"
                "划掉的是他的值；看过，要用他的就改回去，再存"
            )
        )
    raise Refused(
        msg(
            "你打开以后，%(who)s %(at)s 存过。你填的还在下面，和他存的不一样的，"
            "划掉的是他的值；看过，要用他的就改回去，再存",
            who=signer_words(last.actor),
            at=moment_words(last.at),
        )
    )


def rules_of_draft(event: Event, draft: RulesDraft) -> event_types.Event:
    """The draft as rules that a file could say; `RulesRefused` with all that keeps it from that."""
    tree = tree_of(draft, event.rules.definition)
    return checked_rules(event.competition, tree, odd_problems(event, draft))


def put_rules(event: Event, rules: event_types.Event, reason: str | None = None) -> int:
    """Make them the event's next version, inside a unit of work; its number."""
    definition, sha256 = definition_of(rules)
    number = event.rules.number + 1
    db.session.add(
        RuleVersion(
            event_id=event.id, number=number, definition=definition, sha256=sha256, reason=reason
        )
    )
    event.name, event.blind = rules.name, is_blind(rules)
    db.session.flush()
    db.session.refresh(event, ["versions"])
    return number


def checked_rules(
    competition: Competition, tree: dict[str, Any], problems: Sequence[Problem] = ()
) -> event_types.Event:
    """The tree as an event, having passed all that a file must pass; with packs written out.

    Raises `RulesRefused` with what is wrong, and with the `problems` that were found before.
    """
    if later := list(_later_types(competition, tree)):
        raise RulesRefused([*problems, *later])
    tables = stored_tables(competition)
    # What they count must be there as before, in this event or another.
    others = [it for it in competition.events if it.code != tree.get("code")] if tables else []
    try:
        bundle = read_as_file(competition, [tree, *(it.rules.definition for it in others)], tables)
    except BundleError as error:
        faults = [Problem(_WHERE.sub("", it.path, count=1), it.message) for it in error.problems]
        raise RulesRefused([*problems, *faults]) from None
    rules = expand_packs(bundle).events[0]
    wrong = [*problems, *long_names(rules), *fine_difficulties(rules)]
    if wrong:
        raise RulesRefused(wrong)
    return rules


def stored_tables(competition: Competition) -> list[dict[str, Any]]:
    """The tables over several events, as a file writes them."""
    return list((competition.extra or {}).get("overall") or ())


def read_as_file(
    competition: Competition,
    events: Sequence[Mapping[str, Any]],
    tables: Sequence[Mapping[str, Any]] = (),
) -> Bundle:
    """Read the competition with these events and tables as if a file had them, without people.

    Raises `BundleError`.
    """
    text: dict[str, Any] = {
        "format": competition.format,
        "competition": {
            "code": competition.code,
            "name": competition.name,
            "kind": competition.kind,
            "level": competition.level,
            # An evaluation looks at conditions on that day.
            **({"starts": competition.starts.isoformat()} if competition.starts else {}),
        },
        "units": [{"code": unit.code, "name": unit.name} for unit in competition.units],
        "events": events,
        **({"overall": tables} if tables else {}),
    }
    return read_bundle(json.dumps(text, ensure_ascii=False).encode())


def _later_types(competition: Competition, tree: Mapping[str, Any]) -> Iterator[Problem]:
    """Find types of aspects that only a newer version of the competition's file can say."""
    known = {*type_in(dialect_of(competition.format, competition.kind), AspectType)}
    newest = {*type_in(dialect_of(NEWEST, competition.kind), AspectType)}
    for s, stage in enumerate(tree.get("stages") or ()):
        for m, module in enumerate(stage.get("modules") or ()):
            for a, aspect in enumerate(module.get("aspects") or ()):
                if (kind := aspect.get("type")) in newest - known:
                    title = type_title(AspectType(kind))
                    yield Problem(
                        f"stages[{s}].modules[{m}].aspects[{a}].type",
                        msg("“%(type)s”要竞赛文件第 2 版，这场竞赛用的是第 1 版", type=title),
                    )


def is_blind(rules: event_types.Event) -> bool:
    return bool((rules.extra or {}).get("blind", False))


def forget_sessions(
    competition: Competition, code: str, places: set[tuple[str, str]]
) -> list[dict[str, Any]]:
    """The plan keeps the event's sessions of these modules alone; those that went."""
    plan = planned_sessions(competition)
    dropped = [
        it
        for it in plan
        if it.get("event") == code and (it.get("stage"), it.get("module")) not in places
    ]
    if dropped:
        put_plan(competition, [it for it in plan if it not in dropped])
    return dropped


def _refuse_drawn(event: Event, rules: event_types.Event) -> None:
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


def _forget_modules(competition: Competition, event: Event, rules: event_types.Event) -> None:
    """Drop judges and expected people of modules that are no more."""
    places = {(stage.code, module.code) for stage in rules.stages for module in stage.modules}
    for seat in db.session.scalars(select(Assignment).where(Assignment.event_id == event.id)):
        if (seat.stage, seat.module) not in places:
            db.session.delete(seat)
    slots = select(Slot).join(Entrant, Entrant.id == Slot.entrant_id)
    for slot in db.session.scalars(slots.where(Entrant.event_id == event.id)):
        if (slot.stage, slot.module) not in places:
            db.session.delete(slot)
    forget_sessions(competition, event.code, places)


LEAST_FOR_DROPPING = 5
"""So many judges there must be before the highest or lowest is left out."""
LEAST_PERCENT = 10
"""A factor of this much or more was meant as percent: the form asks for the weights so."""
_MOST_DIGITS = 9
"""The most digits of a panel's size; on longer ones the file's checks speak."""


def odd_problems(event: Event, draft: RulesDraft) -> list[Problem]:
    """Find names left empty, dropping from too few judges, fewer judges than are assigned, a factor
    that was meant as percent.

    What stands in the rules already and was not touched is let pass.
    """
    definition = draft.base.definition if draft.base else event.rules.definition
    old = draft_of(definition)
    stages = {stage.was: stage for stage in old.stages}
    was = {(stage.was, module.was): module for stage in old.stages for module in stage.modules}
    problems = [] if draft.name else [Problem("name", msg("名称要写"))]
    if (draft.ladder, draft.ladder_name) != (old.ladder, old.ladder_name):
        problems += _wrong_ladder(draft)
    for s, stage in enumerate(draft.stages):
        seats = _seats(event, stage.was)
        if not stage.name:
            problems.append(Problem(f"stages[{s}].name", msg("名称要写")))
        problems += _percent_problems(stage, stages.get(stage.was), f"stages[{s}].carry")
        problems += _unnamed_rows(stage.parts, f"stages[{s}].parts")
        for m, module in enumerate(stage.modules):
            path = f"stages[{s}].modules[{m}]"
            problems += _unnamed(module, path)
            before = was.get((stage.was, module.was))
            if before is None or _panel(before) != _panel(module):
                problems += _panel_problems(module, seats.get(module.was, 0), path)
            problems += _own_problems(module, before, path)
    problems += _unnamed_rows(draft.items, "items")
    problems += _unnamed_rows(draft.awards, "awards")
    return problems


def new_module_problems(module: ModuleDraft, path: str) -> Iterator[Problem]:
    """The same of a module that is new, on whose panel nobody sits."""
    yield from _unnamed(module, path)
    yield from _own_problems(module, None, path)


def _wrong_ladder(draft: RulesDraft) -> Iterator[Problem]:
    if len(draft.ladder_name) > LONGEST_RUNG:
        yield Problem("ladder.name", msg("最长 %(most)s 个字", most=LONGEST_RUNG))
    if draft.ladder_name and not draft.ladder:
        yield Problem("ladder", msg("每一级叫什么要写；不用自己的叫法，名称也空着"))
    if draft.ladder:
        try:
            read_ladder(draft.ladder_name, draft.ladder)
        except GradeError as error:
            yield Problem("ladder", error.message)


def _unnamed(module: ModuleDraft, path: str) -> Iterator[Problem]:
    if not module.name:
        yield Problem(f"{path}.name", msg("名称要写"))
    yield from _unnamed_rows(module.aspects, f"{path}.aspects")


def _unnamed_rows(
    rows: Sequence[AspectDraft | AwardDraft | ItemDraft | PartDraft], path: str
) -> Iterator[Problem]:
    for n, row in enumerate(rows):
        if not row.name:
            yield Problem(f"{path}[{n}].name", msg("名称要写"))


def _percent_problems(stage: StageDraft, before: StageDraft | None, path: str) -> Iterator[Problem]:
    for key in ("weight", "own"):
        text = getattr(stage, f"carry_{key}")
        whole = text.partition(".")[0].lstrip("0")
        stood_so = before is not None and getattr(before, f"carry_{key}") == text
        if not stood_so and whole.isdecimal() and len(whole) >= len(str(LEAST_PERCENT)):
            fault = msg("这里是倍数：%(n)s 是 %(n)s 倍。百分之几写成 0.4 或者 40%%", n=text)
            yield Problem(f"{path}.{key}", fault)


def _panel(module: ModuleDraft) -> tuple[str, str, str]:
    return module.size, module.drop_high, module.drop_low


def _panel_problems(module: ModuleDraft, seated: int, path: str) -> Iterator[Problem]:
    if not module.size.isdecimal() or len(module.size) > _MOST_DIGITS:
        return
    size = int(module.size)
    for key in ("drop_high", "drop_low"):
        if getattr(module, key) not in ("", "0") and size < LEAST_FOR_DROPPING:
            yield Problem(
                f"{path}.panel.{key}",
                msg(
                    "%(least)s 人起才能去掉最高分、最低分，现在是 %(size)s 人；可以按“取中位数”",
                    least=LEAST_FOR_DROPPING,
                    size=size,
                ),
            )
    if size < seated:
        yield Problem(
            f"{path}.panel.size", msg("已经安排了 %(n)s 名裁判，先在“裁判”里去掉", n=seated)
        )


def _own_problems(module: ModuleDraft, before: ModuleDraft | None, path: str) -> Iterator[Problem]:
    """Find a row's faults by its own fields; what stood so may stay so."""
    stood = {row.was: row for row in before.aspects} if before else {}
    for a, row in enumerate(module.aspects):
        known = stood.get(row.was)
        for field, fault in class_of(type_of(row.type)).form_faults(row.own):
            stood_so = known is not None and (known.type, known.own.get(field)) == (
                row.type,
                row.own.get(field),
            )
            if not stood_so:
                yield Problem(f"{path}.aspects[{a}].{field}", fault)


def _seats(event: Event, stage: str) -> dict[str, int]:
    """The most judges that sit at one station, or everywhere, by module."""
    at: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    query = select(Assignment).where(Assignment.event_id == event.id, Assignment.stage == stage)
    for seat in db.session.scalars(query):
        at[seat.module][seat.station] += 1
    return {
        module: here.get("", 0) + max((n for name, n in here.items() if name), default=0)
        for module, here in at.items()
    }


LONGEST_NAME = 200
LONGEST_PRIZE = 100
"""Of an award or item: a certificate is found by the names of event, item and award together."""


def long_names(rules: event_types.Event) -> list[Problem]:
    """Find every name that is too long, by its place in a form of rules."""
    return [
        Problem(path, msg("最多 %(most)s 个字", most=most))
        for path, name, most in _names(rules)
        if len(name) > most
    ]


def fine_difficulties(rules: event_types.Event) -> list[Problem]:
    """Find every difficulty that could be attempted and not be kept, by its place in the rules."""
    return [
        Problem(
            f"stages[{s}].modules[{m}].aspects[{a}].difficulties[{n}]",
            msg("%(value)s 存不下，最多 6 位小数、12 位整数", value=plain(difficulty)),
        )
        for s, stage in enumerate(rules.stages)
        for m, module in enumerate(stage.modules)
        for a, aspect in enumerate(module.aspects)
        for n, difficulty in enumerate(aspect.difficulties)
        if kept_number(plain(difficulty)) is None
    ]


def refuse_long_names(rules: event_types.Event) -> None:
    """Raise `Refused` for the first name that is too long."""
    for _path, name, most in _names(rules):
        check_text(name, most)


def _names(rules: event_types.Event) -> Iterator[tuple[str, str, int]]:
    if rules.occupation is not None:
        yield "occupation.name", rules.occupation.name, LONGEST_NAME
        yield "occupation.track", rules.occupation.track or "", LONGEST_NAME
    for s, stage in enumerate(rules.stages):
        where = f"stages[{s}]"
        yield f"{where}.name", stage.name, LONGEST_NAME
        for n, part in enumerate(stage.parts):
            yield f"{where}.parts[{n}].name", part.name, LONGEST_NAME
        for m, module in enumerate(stage.modules):
            yield f"{where}.modules[{m}].name", module.name, LONGEST_NAME
            for a, aspect in enumerate(module.aspects):
                yield f"{where}.modules[{m}].aspects[{a}].name", aspect.name, LONGEST_NAME
    for n, item in enumerate(rules.items):
        yield f"items[{n}].name", item.name, LONGEST_PRIZE
    for n, award in enumerate(rules.awards):
        yield f"awards[{n}].name", award.name, LONGEST_PRIZE
    # A pack by its name has titles of ours.
    for n, rule in enumerate(() if isinstance(rules.grades, str) else rules.grades):
        for title in rule.grant.titles:
            yield f"grades[{n}].grant.titles", title, LONGEST_NAME
