"""Typed marks (代录): in a judge's name, by who runs a contest on which no grade hangs.

They type them anew as long as nothing is out, and so they correct what is published.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.domain.aspects.types import Aspect
from compete.domain.bundle.event_types import Module
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.numerals import plain
from compete.domain.values.rights import Right
from compete.domain.values.states import HANDED_IN, SheetState
from compete.models import Account, Act, Competition, Decision, Entrant, Event, Sheet, db
from compete.services.accounts.access import may
from compete.services.closing.paper_entry import TABLET, submit_marks
from compete.services.closing.penalties_and_outcomes import (
    Proposal,
    put_absent,
    standing_decision,
    withdraw_proposal,
)
from compete.services.judging.sent_back_sheets import send_sheet_back
from compete.services.kernel import audit
from compete.services.kernel.event_rules import module_of_sheet, rules_of
from compete.services.kernel.participants import takes_part
from compete.services.kernel.refusal import Refusal, Refused, invalid, refuse_if
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import for_update, unit_of_work
from compete.services.sheets.absences import excused_sheets
from compete.services.sheets.act_limits import typed_fault
from compete.services.sheets.act_rules import OPEN_STATES, typed_number
from compete.services.sheets.blind_codes import is_coded
from compete.services.sheets.locks_in_force import require_judging, require_open

ABSENT = "缺考"
_SAYS_ABSENT = frozenset({ABSENT, "缺", "absent", "dns"})
"""What people write for it, in either language."""
_TIMES = re.compile(r"(.+?)(?:次|x|X)")
_DOTS = str.maketrans("，、；,;", "     ")


@dataclass(frozen=True, slots=True)
class TypedSheet:
    """The values to write on a sheet, by aspect; None: the person did not come."""

    sheet: Sheet
    values: Mapping[str, Decimal] | None

    def changes(self, standing: Mapping[str, Decimal], *, away: bool) -> bool:
        """True if it says another thing than what stands there; `away`: 缺考 does."""
        if self.values is None or away:
            return away != (self.values is None)
        return self.sheet.state in OPEN_STATES or dict(self.values) != dict(standing)


def why_not_typed(event: Event, by: Account) -> Message | None:
    """Say why nobody types this event's marks, or this person does not; None: may."""
    rules = rules_of(event)
    if rules.grades or rules.verdict is not None:
        return msg("成绩关系到技能等级，要两位记分员各录一遍")
    if is_coded(event):
        return msg("盲评的按加密号评，不能代录")
    if not may(by, event.competition, Right.LEAD):
        return msg("代录由组委会或裁判长来")
    return None


def read_typed(module: Module, text: str) -> Mapping[str, Decimal] | Message | None:
    """Read a cell: points of each aspect in order, or None for 缺考; a `Message` if it is wrong.

    A typed number is points, of faults that are counted too: 8 of 10 at 2 a fault is one fault,
    which `1次` says as well.
    """
    if text.strip().casefold() in _SAYS_ABSENT:
        return None
    words = text.translate(_DOTS).split()
    if len(words) != len(module.aspects):
        names = listed([aspect.name for aspect in module.aspects])
        return msg("写 %(n)s 个数，用空格分开：%(names)s", n=len(module.aspects), names=names)
    values: dict[str, Decimal] = {}
    for aspect, word in zip(module.aspects, words, strict=True):
        value = _value_of(aspect, word)
        if isinstance(value, Message):
            return msg("%(name)s：%(fault)s", name=aspect.name, fault=value)
        values[aspect.code] = value
    return values


def _value_of(aspect: Aspect, word: str) -> Decimal | Message:
    times = aspect.type == "deduction" and _TIMES.fullmatch(word)
    counted = bool(times)
    number = typed_number(times[1] if times else word)
    if number is None:
        return msg("“%(text)s”不是数", text=word[:20])
    if aspect.type == "deduction":
        assert aspect.max is not None
        assert aspect.points is not None
        if counted:
            number = aspect.max - number * aspect.points if number >= 0 else Decimal(-1)
        if not 0 <= number <= aspect.max or (aspect.max - number) % aspect.points:
            return msg(
                "每次扣 %(off)s，%(max)s 分扣不出 %(found)s 分",
                off=plain(aspect.points),
                max=plain(aspect.max),
                found=word[:20],
            )
        return (aspect.max - number) / aspect.points
    return typed_fault(aspect, number, word) or number


def type_marks(
    event: Event,
    rows: Sequence[TypedSheet],
    *,
    reason: str,
    evidence: str,
    by: Account,
    over: bool = False,
    correction: int | None = None,
) -> None:
    """Write marks in their judges' names, with who typed them, why and out of what.

    A sheet that its judge handed in stays, but in a `correction` of what is out, which bears
    its number; what the same person typed is typed anew. What a judge began gives way where
    `over` says so, and 缺考 where somebody has marks after all.
    Raises `Refused` (CONFLICT) naming the sheets that a judge has meanwhile, (INVALID) without
    a reason, (FORBIDDEN) as `why_not_typed`.
    """
    reason = reason_text(reason, msg("写上为什么代录"))
    evidence = reason_text(evidence, msg("选上凭什么"))
    if not rows:
        raise invalid(msg("还没有填要记的分"))
    with unit_of_work() as session:
        competition = for_update(session.get_one(Competition, event.competition_id))
        require_judging(competition)
        refuse_if(why_not_typed(event, by), Refusal.FORBIDDEN)
        for row in rows:
            session.refresh(row.sheet)
        typed = typists([it.sheet for it in rows])
        if correction is None:
            own = {number for number, typist in typed.items() if typist == by.id}
            _refuse_judged([row.sheet for row in rows if row.sheet.id not in own], over=over)
        seals, absent = {}, set()
        anew: list[str] = []
        judged: list[str] = []
        extra: dict[str, object] = {"typed_by": f"#{by.id}"}
        for row in rows:
            sheet = row.sheet
            require_open(competition, sheet.entrant, sheet.stage, sheet.module)
            if row.values is None:
                absent.add(sheet.entrant)
                continue
            name = f"{sheet.label} {sheet.judge.code}"
            if sheet.state in HANDED_IN:
                send_sheet_back(sheet, reason, by)
                anew.append(name)
                if sheet.id not in typed:
                    judged.append(name)
            _came_after_all(sheet, reason, by)
            seals[name] = submit_marks(sheet, module_of_sheet(sheet), dict(row.values), extra)
        for entrant in sorted(absent, key=lambda person: person.code):
            wanted = Proposal("dns", _stage_of(rows, entrant), None, reason, evidence)
            if standing_decision(entrant, wanted) is None:
                put_absent(entrant, wanted, by)
        after = {
            "sheets": seals,
            "absent": sorted(person.code for person in absent),
            "evidence": evidence,
            **({"anew": sorted(anew)} if anew else {}),
            **({"judged": sorted(judged)} if judged else {}),
            **({"correction": correction} if correction is not None else {}),
        }
        audit.record(
            competition, by, "marks.typed", event.code, after=after, reason=reason, bends=True
        )


def sheets_to_type(event: Event) -> list[Sheet]:
    """List every sheet of who takes part, by person and judge, without those taken from judges."""
    query = (
        select(Sheet)
        .join(Entrant, Entrant.id == Sheet.entrant_id)
        .where(Entrant.event_id == event.id, takes_part(), Sheet.state != SheetState.WITHDRAWN)
        .options(joinedload(Sheet.entrant).joinedload(Entrant.unit), joinedload(Sheet.judge))
        .order_by(Entrant.code, Sheet.judge_id)
    )
    return list(db.session.scalars(query))


def typists(sheets: Collection[Sheet]) -> dict[int, int]:
    """The accounts that typed marks, by sheet, of those whose marks stand as typed."""
    query = (
        select(Act)
        .where(Act.sheet_id.in_([sheet.id for sheet in sheets]), Act.kind == "submit")
        .order_by(Act.id)
    )
    newest = {act.sheet_id: act for act in db.session.scalars(query)}
    handed_in = {sheet.id for sheet in sheets if sheet.state in HANDED_IN}
    return {
        number: int(str(act.extra["typed_by"]).removeprefix("#"))
        for number, act in newest.items()
        if number in handed_in and act.tablet == TABLET and act.extra and "typed_by" in act.extra
    }


def typed_sheets(sheets: Collection[Sheet]) -> dict[int, str]:
    """The same by name."""
    typed = typists(sheets)
    query = select(Account).where(Account.id.in_(set(typed.values())))
    names = {account.id: account.name for account in db.session.scalars(query)}
    return {number: names.get(typist, f"#{typist}") for number, typist in typed.items()}


def half_absent(event: Event) -> list[Entrant]:
    """List people who are 缺考 though some judge marked them, by number: they get no place."""
    sheets = sheets_to_type(event)
    away = excused_sheets(event.competition)
    absent = {it.entrant for it in sheets if it.id in away and it.state in HANDED_IN}
    return sorted(absent, key=lambda person: person.code)


def _came_after_all(sheet: Sheet, reason: str, by: Account) -> None:
    """Take 缺考 back, as marks came; it stays on record."""
    wanted = Proposal("dns", sheet.stage, None, reason, "")
    number = standing_decision(sheet.entrant, wanted)
    if number is not None:
        decision = db.session.get_one(Decision, number)
        withdraw_proposal(decision, reason, by, seen=decision.state.value)


def _refuse_judged(sheets: Sequence[Sheet], *, over: bool) -> None:
    """Refuse sheets that a judge handed in; ask about those that one began."""
    done = [sheet for sheet in sheets if sheet.state not in OPEN_STATES]
    if done:
        raise Refused(msg("裁判已经交了：%(which)s。要改的先退回", which=_sheet_names(done)))
    begun = [sheet for sheet in sheets if sheet.state in (SheetState.BEGUN, SheetState.COMPLETE)]
    if begun and not over:
        raise Refused(msg("裁判正在评：%(which)s。用这里录的，勾上再记", which=_sheet_names(begun)))


def _sheet_names(sheets: Sequence[Sheet]) -> Message | str:
    words = (
        msg("%(who)s（%(judge)s）", who=sheet.entrant.name, judge=sheet.judge.name)
        for sheet in sheets
    )
    return listed(list(words))


def _stage_of(rows: Sequence[TypedSheet], entrant: Entrant) -> str:
    return next(row.sheet.stage for row in rows if row.sheet.entrant_id == entrant.id)
