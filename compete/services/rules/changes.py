"""An event's rules changed once judging has begun: one asks, chief judge and supervisor agree.

Until both have agreed nothing is scored by the new rules, and nobody is told who would gain or
lose. From then on all is worked out by them, and whom they moved is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.domain.aspects.kinds import kind_of
from compete.domain.aspects.types import Aspect
from compete.domain.bundle import event_types
from compete.domain.bundle.checks.values import accepts, wanted_value
from compete.domain.bundle.problems import Problem
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.messages import Message, msg, some_of
from compete.domain.values.numerals import plain
from compete.domain.values.period_states import CORRECTION_MOVES, CorrectionState
from compete.domain.values.rights import Right
from compete.domain.values.states import CompetitionState, move
from compete.models import Account, Competition, Event, RuleChange, db, utc_now
from compete.services.accounts.access import may
from compete.services.accounts.second_persons import (
    SecondWord,
    holders_of,
    is_linked,
    require_second,
    why_not_second,
)
from compete.services.kernel import audit
from compete.services.kernel.event_rules import (
    definition_of,
    module_title,
    read_rules,
    rules_of_definition,
)
from compete.services.kernel.refusal import Refusal, Refused, refuse_if
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import changing, claimed, unit_of_work
from compete.services.kernel.versions import is_writing
from compete.services.rules.asked_tables import TablesChange
from compete.services.rules.rules_draft import RulesDraft
from compete.services.rules.rules_saving import (
    RulesRefused,
    require_same_version,
    rules_of_draft,
    why_rules_stay,
)
from compete.services.rules.taking_effect import (
    Marked,
    Touched,
    given_values,
    marked_in,
    most_taken_off,
    put_in_force,
    ranking_scoring,
    sheet_of,
    stage_scoring,
    touched,
)
from compete.services.scoring.live import standing_of


class Seat(StrEnum):
    """The seats that have to agree: one of each, two different people."""

    CHIEF = "chief"
    SUPERVISOR = "supervisor"


Asked = RuleChange | TablesChange
"""What one asked for and both seats have to agree to."""
SEAT_RIGHTS = {Seat.CHIEF: Right.RULE, Seat.SUPERVISOR: Right.OVERSEE}
SEAT_WORDS = {Seat.CHIEF: msg("裁判长"), Seat.SUPERVISOR: msg("监督")}


class NoLongerFitsError(Refused):
    """A refusal of what does not fit what stands now; `why` has every reason."""

    def __init__(self, why: Sequence[Message]) -> None:
        super().__init__(why[0])
        self.why = list(why)


def rule_changes(event: Event) -> list[RuleChange]:
    """List all changes that were asked for of the event, newest first."""
    return list(
        db.session.scalars(
            select(RuleChange)
            .where(RuleChange.event_id == event.id)
            .options(
                joinedload(RuleChange.asker),
                joinedload(RuleChange.chief),
                joinedload(RuleChange.supervisor),
                joinedload(RuleChange.ender),
            )
            .order_by(RuleChange.id.desc())
        )
    )


def waiting_changes(competition: Competition) -> list[RuleChange]:
    """List the changes that wait for somebody, oldest first: of each event never more than one."""
    return list(
        db.session.scalars(
            select(RuleChange)
            .where(
                RuleChange.competition_id == competition.id,
                RuleChange.state == CorrectionState.ASKED,
            )
            .options(joinedload(RuleChange.asker), joinedload(RuleChange.event))
            .order_by(RuleChange.id)
        )
    )


def why_no_change(event: Event) -> Message | None:
    """Say why no other rules can be asked for of the event, or None."""
    competition = event.competition
    if competition_kind(competition).gives_verdicts:
        return msg("考核已经开始，规则不能改")
    if competition.state is CompetitionState.REGISTERING:
        if why_rules_stay(event) is None:
            return msg("评分还没开始，规则直接改就行")
        return msg("已经有评分表：开始评分以后提出改动，裁判长和监督同意才生效")
    if competition.state is not CompetitionState.JUDGING:
        return msg("评分已经锁定，先在竞赛首页解锁，再提出改规则")
    if any(change.event_id == event.id for change in waiting_changes(competition)):
        return msg("已经有一份改动在等裁判长和监督，有了结果才能再提")
    return None


def both_rules(change: RuleChange) -> tuple[event_types.Event, event_types.Event]:
    """The rules in force as the change was asked for, and those that follow."""
    version = next(row for row in change.event.versions if row.number == change.base)
    return read_rules(version), rules_of_definition(change.wanted, change.sha256)


def touched_by(change: RuleChange) -> Touched:
    """Work out what the change scores anew, as the event stands now: counts, never names."""
    return touched(change.event, *both_rules(change))


def why_not_fit(change: RuleChange) -> list[Message]:
    """Say why it cannot take effect as things stand now, a sentence each; the base first."""
    competition, event = change.competition, change.event
    if competition.state is not CompetitionState.JUDGING:
        return [msg("评分已经锁定，规则不变；先解锁评分")]
    if event.rules.number != change.base:
        return [msg("提出以后规则又变过：撤回，照现在的再提一次")]
    return [problem.message for problem in _marks_lost(event, *both_rules(change))]


def ask_change(
    event: Event, draft: RulesDraft, seen: int, reason: str, by: Account
) -> RuleChange | None:
    """Write down what the rules are to be; None where they are what they were.

    `seen` is the number of the version that the form showed. Raises `RulesRefused` with all that
    a file could not say and all that would take the meaning from marks, `Refused` (INVALID)
    without a reason, (CONFLICT) where the event takes no change, as `why_no_change` says.
    """
    with changing(event.competition, event):
        refuse_if(why_no_change(event))
        require_same_version(event, seen)
        before, (wanted, sha256) = event.rules, definition_of(rules_of_draft(event, draft))
        if sha256 == before.sha256:
            return None
        after = rules_of_definition(wanted, sha256)
        if problems := _marks_lost(event, read_rules(before), after):
            raise RulesRefused(problems)
        reason = reason_text(reason, msg("写明为什么改规则"))
        change = _ask_change(event, wanted, sha256, reason, by)
    return change


def ask_rules(event: Event, rules: event_types.Event, reason: str, by: Account) -> RuleChange:
    """The same for rules that the program itself wrote out of those in force."""
    with changing(event.competition, event):
        refuse_if(why_no_change(event))
        return _ask_change(event, *definition_of(rules), reason, by)


def _ask_change(
    event: Event, wanted: dict[str, Any], sha256: str, reason: str, by: Account
) -> RuleChange:
    change = _put_change(event, wanted, sha256, reason, by)
    _note(change, by, "event.rules.ask", reason=change.reason)
    return change


def _put_change(
    event: Event, wanted: dict[str, Any], sha256: str, reason: str, by: Account
) -> RuleChange:
    change = RuleChange(
        competition_id=event.competition_id,
        event_id=event.id,
        base=event.rules.number,
        wanted=wanted,
        sha256=sha256,
        reason=reason_text(reason),
        state=CorrectionState.ASKED,
        asked_by=by.id,
    )
    db.session.add(change)
    db.session.flush()
    return change


ItemFacts = tuple[str, str, str | None]
"""An item's name, its full marks and what each fault takes off, none where it is given points."""


def change_alone(
    event: Event,
    rules: event_types.Event,
    reason: str,
    by: Account,
    correction: int | None = None,
    *,
    items: Sequence[tuple[ItemFacts, ItemFacts]] = (),
) -> RuleChange:
    """Put other rules in force at once, by one: where no grade hangs on them and one corrects.

    `correction` is the number of the version that this corrects, if one is published; `items`
    are those that were and are, for everybody to read. Whose right it is, its caller asks.
    Raises `Refused` as `why_no_change` says, `RulesRefused` with all that would take the meaning
    from marks.
    """
    with changing(event.competition, event) as competition:
        refuse_if(why_no_change(event))
        before = read_rules(event.rules)
        if problems := _marks_lost(event, before, rules):
            raise RulesRefused(problems)
        change = _put_change(event, *definition_of(rules), reason, by)
        effects = put_in_force(change, before, rules, by, None)
        change.state = move(change.state, CorrectionState.AGREED, CORRECTION_MOVES)
        change.ended_by, change.ended_at = by.id, utc_now()
        db.session.flush()
        corrects = {} if correction is None else {"correction": correction}
        audit.record(
            competition,
            by,
            "event.rules.alone",
            event.code,
            before={"version": change.base},
            after={
                **effects,
                "change": change.id,
                "rules": change.sha256,
                "items": [list(pair) for pair in items],
                **corrects,
            },
            reason=change.reason,
            bends=True,
        )
    return change


def agree_change(change: RuleChange, seat: Seat, by: Account) -> RuleChange:
    """Agree as chief judge or supervisor; with the second of them the rules are in force.

    Raises `Refused` for who asked, who agreed already, who counts as one of them or has no right
    to, `NoLongerFitsError` where rules, locks or marks became others since.
    """
    # What stands now is read and worked out before others' writing has to wait.
    whole = _other_of(change, seat) is not None
    standing = standing_of(change.competition) if whole and not is_writing() else None
    with unit_of_work() as session:
        change, competition = claimed(change)
        session.refresh(change.event)
        to = move(change.state, CorrectionState.AGREED, CORRECTION_MOVES)
        require_seat(change, seat, by)
        if why := why_not_fit(change):
            raise NoLongerFitsError(why)
        whole = _other_of(change, seat) is not None
        effects = put_in_force(change, *both_rules(change), by, standing) if whole else {}
        now = utc_now()
        if seat is Seat.CHIEF:
            change.chief_by, change.chief_at = by.id, now
        else:
            change.supervisor_by, change.supervisor_at = by.id, now
        if whole:
            change.state, change.ended_by, change.ended_at = to, by.id, now
        session.flush()
        session.refresh(change)
        if not whole:
            _note(change, by, "event.rules.agree", as_=seat.value)
            return change
        assert change.chief is not None
        assert change.supervisor is not None
        audit.record(
            competition,
            by,
            "event.rules.change",
            change.event.code,
            before={"version": change.base},
            after={
                **effects,
                "change": change.id,
                "rules": change.sha256,
                "asked": audit.signer(change.asker),
                "chief": audit.signer(change.chief),
                "supervisor": audit.signer(change.supervisor),
            },
            reason=change.reason,
            bends=True,
        )
    return change


def refuse_change(change: RuleChange, seat: Seat, why: str, by: Account) -> RuleChange:
    """Refuse as chief judge or supervisor, and say why (INVALID without): the rules stay."""
    with unit_of_work():
        change, _competition = claimed(change)
        to = move(change.state, CorrectionState.DROPPED, CORRECTION_MOVES)
        seat_word(change, seat).require(by)
        _drop(change, to, by, reason_text(why, msg("写明为什么不同意")))
    return change


def withdraw_change(change: RuleChange, by: Account) -> RuleChange:
    """Take back a change by who asked, or by another organiser where that one is none any more.

    `Refused` (FORBIDDEN) for others.
    """
    with unit_of_work():
        change, _competition = claimed(change)
        to = move(change.state, CorrectionState.DROPPED, CORRECTION_MOVES)
        if not may_withdraw(change, by):
            raise Refused(msg("提出的人才能撤回"), kind=Refusal.FORBIDDEN)
        _drop(change, to, by, None)
    return change


def may_withdraw(change: Asked, by: Account) -> bool:
    """True if this person may take it back."""
    if change.asked_by == by.id:
        return True
    asker, competition = change.asker, change.competition
    gone = not asker.active or not may(asker, competition, Right.SET_UP)
    return gone and may(by, competition, Right.SET_UP)


def seat_word(change: Asked, seat: Seat) -> SecondWord:
    """The conditions of agreeing in that seat, where somebody else has the other one."""
    other = _other_of(change, seat)
    return SecondWord(
        change.competition,
        change.asked_by,
        right=SEAT_RIGHTS[seat],
        but=set() if other is None else {other},
        linked=is_linked("rules"),
    )


def open_seats(change: Asked) -> list[Seat]:
    """List the seats in which nobody has agreed yet."""
    return [seat for seat in Seat if _agreed_by(change, seat) is None]


def require_seat(change: Asked, seat: Seat, by: Account) -> None:
    """Return for who may agree in that seat."""
    seat_word(change, seat).require(by)
    if _agreed_by(change, seat) is not None:
        raise Refused(msg("%(seat)s已经同意了", seat=SEAT_WORDS[seat]))
    other = _other_of(change, seat)
    if other == by.id:
        raise Refused(msg("你已经同意过了，另一个要由另一个人来"))
    if other is not None:
        require_second(change.competition, other, by, linked=is_linked("rules"))


def _agreed_by(change: Asked, seat: Seat) -> int | None:
    return change.chief_by if seat is Seat.CHIEF else change.supervisor_by


def _other_of(change: Asked, seat: Seat) -> int | None:
    """The account that agreed in the other seat."""
    return _agreed_by(change, Seat.SUPERVISOR if seat is Seat.CHIEF else Seat.CHIEF)


def _drop(change: RuleChange, to: CorrectionState, by: Account, why: str | None) -> None:
    change.state, change.ended_by, change.ended_at, change.ended_why = to, by.id, utc_now(), why
    db.session.flush()
    _note(change, by, "event.rules.withdraw" if why is None else "event.rules.refuse", reason=why)


def _note(
    change: RuleChange, by: Account, action: str, *, as_: str = "", reason: str | None = None
) -> None:
    content: dict[str, str | int] = {
        "change": change.id,
        "version": change.base,
        "rules": change.sha256,
        **({"as": as_} if as_ else {}),
    }
    audit.record(change.competition, by, action, change.event.code, after=content, reason=reason)


@dataclass(frozen=True, slots=True)
class SeatState:
    """The state of one seat: who agreed and when, or whether who looks may, and why not.

    `vacant`: nobody in the competition could.
    """

    seat: Seat
    agreed: Account | None
    at: datetime | None
    open: bool
    vacant: bool
    why_not: Message | None


def seats_of(change: Asked, by: Account) -> list[SeatState]:
    """List both seats, as `by` finds them."""
    return [_seat(change, seat, by) for seat in Seat]


def vacant_seats(competition: Competition) -> list[Message]:
    """Say who is missing, a sentence each: nobody could agree in that seat."""
    return [_vacant(seat) for seat in Seat if not holders_of(competition, SEAT_RIGHTS[seat])]


def _vacant(seat: Seat) -> Message:
    return msg(
        "这个竞赛没有能登录的%(seat)s：在“裁判”的人员里加上，再给登录卡", seat=SEAT_WORDS[seat]
    )


def why_not_seat(change: Asked, seat: Seat, by: Account) -> Message | None:
    """Say why this person does not agree in that seat, and who can; None: may."""
    competition, right = change.competition, SEAT_RIGHTS[seat]
    if not holders_of(competition, right):
        return _vacant(seat)
    other = _other_of(change, seat)
    if other == by.id and may(by, competition, right):
        return msg("你已经同意过了，另一个要由另一个人来")
    whose = msg("等%(seat)s", seat=SEAT_WORDS[seat])
    why_not = replace(seat_word(change, seat), whose=whose).why_not(by)
    if why_not is not None or other is None:
        return why_not
    return why_not_second(other, by, linked=is_linked("rules"))


def _seat(change: Asked, seat: Seat, by: Account) -> SeatState:
    agreed, at = (
        (change.chief, change.chief_at)
        if seat is Seat.CHIEF
        else (change.supervisor, change.supervisor_at)
    )
    if agreed is not None or change.state is not CorrectionState.ASKED:
        return SeatState(seat, agreed, at, open=False, vacant=False, why_not=None)
    vacant = not holders_of(change.competition, SEAT_RIGHTS[seat])
    why_not = why_not_seat(change, seat, by)
    return SeatState(seat, None, None, open=why_not is None, vacant=vacant, why_not=why_not)


@dataclass(frozen=True, slots=True)
class _Here:
    """A module before and after, with its place in the rules and in words."""

    path: str
    place: tuple[str, str]
    title: str
    before: event_types.Module
    after: event_types.Module


def _marks_lost(event: Event, before: event_types.Event, after: event_types.Event) -> list[Problem]:
    """Find why `after` does not fit what was marked by `before`, each with its place in `after`."""
    problems = list(_structure(before, after))
    if problems:
        return problems
    marked = marked_in(event)
    if _is_blind(before) != _is_blind(after):
        problems.append(Problem("blind", msg("评分已经开始，盲评不能改")))
    for s, stage in enumerate(after.stages):
        was = next(known for known in before.stages if known.code == stage.code)
        for m, module in enumerate(stage.modules):
            old = next(known for known in was.modules if known.code == module.code)
            here = _Here(
                f"stages[{s}].modules[{m}]",
                (stage.code, module.code),
                module_title(event, stage.code, module.code),
                old,
                module,
            )
            problems += _locked(here, marked)
            problems += _judges(here, marked)
            problems += _aspects(here, marked)
    problems += _locked_rounding(event, before, after, marked)
    problems += _gone_on(before, after, marked)
    # Values are only compared with aspects that stayed what they were.
    return problems or [*_values(event, after), *_penalties(event, after)]


def _structure(before: event_types.Event, after: event_types.Event) -> Iterator[Problem]:
    """Find changes of stages and modules: sheets, draws and the plan hang on them."""
    was = {stage.code: stage for stage in before.stages}
    if list(was) != [stage.code for stage in after.stages]:
        yield Problem("stages", msg("评分已经开始，赛段不能增减，也不能换次序"))
        return
    for s, stage in enumerate(after.stages):
        old = {module.code: module.name for module in was[stage.code].modules}
        new = {module.code for module in stage.modules}
        gone = [name for code, name in old.items() if code not in new]
        if gone:
            what = msg("%(names)s已经有评分表，不能去掉", names=some_of(gone))
            yield Problem(f"stages[{s}].modules", what)
        for m, module in enumerate(stage.modules):
            if module.code not in old:
                why = msg("评分已经开始，不能再加模块：没有人有它的评分表")
                yield Problem(f"stages[{s}].modules[{m}].name", why)


def _locked(here: _Here, marked: Marked) -> Iterator[Problem]:
    if here.place in marked.locked and sheet_of(here.before) != sheet_of(here.after):
        why = msg(
            "“%(module)s”锁着：评分点、满分、裁判怎么合分都不能改，先由两个人解锁",
            module=here.title,
        )
        yield Problem(f"{here.path}.name", why)


def _judges(here: _Here, marked: Marked) -> Iterator[Problem]:
    most = marked.judges.get(here.place, 0)
    if here.after.panel.size < most:
        why = msg("“%(module)s”里有人已经由 %(n)s 名裁判评了", module=here.title, n=most)
        yield Problem(f"{here.path}.panel.size", why)


def _aspects(here: _Here, marked: Marked) -> Iterator[Problem]:
    """Find aspects gone, new or made into something else where there are marks."""
    sheets = marked.of(*here.place)
    old = {aspect.code: aspect for aspect in here.before.aspects}
    new = {aspect.code for aspect in here.after.aspects}
    for code, aspect in old.items():
        if code not in new and sheets.get(code):
            why = msg(
                "“%(module)s”的“%(name)s”已经评了 %(n)s 张，不能去掉",
                module=here.title,
                name=aspect.name,
                n=sheets[code],
            )
            yield Problem(f"{here.path}.aspects", why)
    for a, aspect in enumerate(here.after.aspects):
        path = f"{here.path}.aspects[{a}]"
        if aspect.code not in old:
            if sheets:
                why = msg("“%(module)s”已经评了，不能再加评分点", module=here.title)
                yield Problem(f"{path}.name", why)
        elif sheets.get(aspect.code):
            yield from _remade(path, old[aspect.code], aspect)


def _remade(path: str, old: Aspect, new: Aspect) -> Iterator[Problem]:
    """Find what was marked and would mean something else, whatever it is worth."""

    def problem(field: str, why: Message) -> Problem:
        return Problem(f"{path}.{field}", why)

    if old.type is not new.type:
        yield problem("type", msg("“%(name)s”已经评了，类型不能改", name=old.name))
        return
    if kind_of(old).is_yes_no != kind_of(new).is_yes_no:
        why = msg("“%(name)s”已经评了，合格不合格和量偏差不能互换", name=old.name)
        yield problem("bands", why)
    if kind_of(old).levels != kind_of(new).levels:
        yield problem("levels", msg("“%(name)s”已经评了，分几档不能改", name=old.name))
    if old.checks != new.checks:
        yield problem("checks", msg("“%(name)s”已经评了，清单的条目不能改", name=old.name))
    if (old.extra or {}).get("unit") != (new.extra or {}).get("unit"):
        yield problem("unit", msg("“%(name)s”已经评了，单位不能改", name=old.name))


def _locked_rounding(
    event: Event, before: event_types.Event, after: event_types.Event, marked: Marked
) -> Iterator[Problem]:
    """Find changes of rounding under a lock: it makes the score of every module."""
    titles = [module_title(event, *place) for place in sorted(marked.locked)]
    for key in ("aspect", "module"):
        if titles and getattr(before.rounding, key) != getattr(after.rounding, key):
            why = msg("%(modules)s锁着，小数位数不能改，先由两个人解锁", modules=some_of(titles))
            yield Problem(f"rounding.{key}", why)


def _gone_on(
    before: event_types.Event, after: event_types.Event, marked: Marked
) -> Iterator[Problem]:
    """Find changes of what decided who went on, once the later stage was marked."""
    later = [n for n, stage in enumerate(after.stages) if n and marked.in_stage(stage.code)]
    if not later:
        return
    name = after.stages[later[-1]].name
    for s in range(later[-1]):
        if stage_scoring(_rule_alone(before.stages[s])) != stage_scoring(
            _rule_alone(after.stages[s])
        ) or (_decided(before.stages[s]) - _decided(after.stages[s])):
            why = msg(
                "“%(later)s”已经评了，“%(stage)s”的分怎么算、谁晋级不能再改",
                later=name,
                stage=after.stages[s].name,
            )
            yield Problem(f"stages[{s}].name", why)
    if ranking_scoring(before) != ranking_scoring(after):
        why = msg("“%(later)s”已经评了，名次、同分和小数不能再改：晋级是照它定的", later=name)
        yield Problem("ranking.style", why)


def _rule_alone(stage: event_types.Stage) -> event_types.Stage:
    """The stage without what was decided beside the rule: more may be, whatever is marked later."""
    if stage.advance is None:
        return stage
    advance = msgspec.structs.replace(stage.advance, also=(), missed=())
    return msgspec.structs.replace(stage, advance=advance)


def _decided(stage: event_types.Stage) -> frozenset[tuple[str, str]]:
    """Who goes on beside the rule, and who does not though it names them."""
    if stage.advance is None:
        return frozenset()
    named = {"also": stage.advance.also, "missed": stage.advance.missed}
    return frozenset((key, code) for key, codes in named.items() for code in codes)


def _values(event: Event, after: event_types.Event) -> Iterator[Problem]:
    """Find values that the new rules do not let stand."""
    given = given_values(event)
    for s, stage in enumerate(after.stages):
        for m, module in enumerate(stage.modules):
            for a, aspect in enumerate(module.aspects):
                values = given.get((stage.code, module.code, aspect.code), {})
                kind, fits = kind_of(aspect), accepts(aspect)
                wrong = sum(n for value, n in values.items() if not fits(kind.judge_value(value)))
                if wrong:
                    yield Problem(
                        f"stages[{s}].modules[{m}].aspects[{a}].max",
                        msg(
                            "“%(name)s”要 %(wanted)s，已经评的有 %(n)s 张放不进去",
                            name=aspect.name,
                            wanted=wanted_value(aspect),
                            n=wrong,
                        ),
                    )


def _penalties(event: Event, after: event_types.Event) -> Iterator[Problem]:
    """Find points taken off, or proposed to be, that are more than a module can be worth."""
    most = most_taken_off(event)
    for s, stage in enumerate(after.stages):
        for m, module in enumerate(stage.modules):
            taken = most.get((stage.code, module.code))
            if taken is not None and taken > module.full:
                yield Problem(
                    f"stages[{s}].modules[{m}].full",
                    msg(
                        "“%(module)s”有人扣了 %(points)s 分，满分不能比它少，先撤回那份扣罚",
                        module=module_title(event, stage.code, module.code),
                        points=plain(taken),
                    ),
                )


def _is_blind(rules: event_types.Event) -> tuple[object, object]:
    extra = rules.extra or {}
    return bool(extra.get("blind")), extra.get("code_prefix")
