"""代录: marks that whoever runs a contest types in a judge's name, where no grade hangs on them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.domain import bundle as b
from compete.domain.bundle import accepts, wanted_value
from compete.domain.values import Message, Right, SheetState, listed, msg, plain
from compete.models import Account, Act, Competition, Entrant, Event, Sheet, db
from compete.services.accounts import may
from compete.services.closing.decisions import Proposal, put_absent, standing_decision
from compete.services.closing.paper_entry import TABLET, module_of_sheet, submit_marks
from compete.services.kernel import (
    Refusal,
    Refused,
    audit,
    for_update,
    reason_text,
    rules_of,
    takes_part,
    unit_of_work,
)
from compete.services.sheets import (
    OPEN_STATES,
    beyond,
    is_coded,
    require_judging,
    require_open,
    typed_number,
)

ABSENT = "缺考"
_DOTS = str.maketrans("，、；,;", "     ")


@dataclass(frozen=True, slots=True)
class TypedSheet:
    """What is to be written on a sheet, by aspect; None: the person did not come."""

    sheet: Sheet
    values: Mapping[str, Decimal] | None


def why_not_typed(event: Event, by: Account) -> Message | None:
    """Why nobody types this event's marks, or this person does not; None: may."""
    rules = rules_of(event)
    if rules.grades or rules.verdict is not None:
        return msg("成绩关系到技能等级，要两位记分员各录一遍")
    if is_coded(event):
        return msg("盲评的按加密号评，不能代录")
    if not may(by, event.competition, Right.LEAD):
        return msg("代录由组委会或裁判长来")
    return None


def read_typed(module: b.Module, text: str) -> Mapping[str, Decimal] | Message | None:
    """What a cell says: points of each aspect in their order, or 缺考; a `Message`: what is wrong.

    A typed number is points, of faults that are counted too: 8 of 10 at 2 a fault is one fault.
    """
    if text.strip() == ABSENT:
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


def _value_of(aspect: b.Aspect, word: str) -> Decimal | Message:
    number = typed_number(word)
    if number is None:
        return msg("“%(text)s”不是数", text=word[:20])
    if aspect.type == "deduction":
        assert aspect.max is not None
        assert aspect.points is not None
        if not 0 <= number <= aspect.max or (aspect.max - number) % aspect.points:
            return msg(
                "每次扣 %(off)s，%(max)s 分扣不出 %(found)s 分",
                off=plain(aspect.points),
                max=plain(aspect.max),
                found=word[:20],
            )
        return (aspect.max - number) / aspect.points
    too_much = beyond(aspect, number)
    if too_much is not None:
        return too_much
    if not accepts(aspect)(number):
        return msg("要%(wanted)s，现在是 %(found)s", wanted=wanted_value(aspect), found=word[:20])
    return number


def type_marks(
    event: Event,
    rows: Sequence[TypedSheet],
    *,
    reason: str,
    evidence: str,
    by: Account,
    over: bool = False,
) -> None:
    """Write marks in their judges' names, with who typed them, why and out of what.

    A sheet that its judge handed in stays; what a judge began gives way where `over` says so.
    Raises `Refused` (CONFLICT) naming the sheets that a judge has meanwhile, (INVALID) without
    a reason, (FORBIDDEN) as `why_not_typed`.
    """
    reason, evidence = reason_text(reason), reason_text(evidence)
    if not reason:
        raise Refused(msg("写上为什么代录"), kind=Refusal.INVALID)
    if not rows:
        raise Refused(msg("还没有填要记的分"), kind=Refusal.INVALID)
    with unit_of_work() as session:
        competition = for_update(session.get_one(Competition, event.competition_id))
        require_judging(competition)
        barred = why_not_typed(event, by)
        if barred is not None:
            raise Refused(barred, kind=Refusal.FORBIDDEN)
        for row in rows:
            session.refresh(row.sheet)
        _refuse_judged([row.sheet for row in rows], over=over)
        seals, absent = {}, set()
        extra: dict[str, object] = {"typed_by": f"#{by.id}"}
        for row in rows:
            sheet = row.sheet
            require_open(competition, sheet.entrant, sheet.stage, sheet.module)
            if row.values is None:
                absent.add(sheet.entrant)
                continue
            module = module_of_sheet(sheet)
            seals[f"{sheet.label} {sheet.judge.code}"] = submit_marks(
                sheet, module, dict(row.values), extra
            )
        for entrant in sorted(absent, key=lambda person: person.code):
            wanted = Proposal("dns", _stage_of(rows, entrant), None, reason, evidence)
            if standing_decision(entrant, wanted) is None:
                put_absent(entrant, wanted, by)
        audit.record(
            competition,
            by,
            "marks.typed",
            event.code,
            after={
                "sheets": seals,
                "absent": sorted(person.code for person in absent),
                "evidence": evidence,
            },
            reason=reason,
            bends=True,
        )


def sheets_to_type(event: Event) -> list[Sheet]:
    """Every sheet of who takes part, by person and judge, but those taken from their judges."""
    query = (
        select(Sheet)
        .join(Entrant, Entrant.id == Sheet.entrant_id)
        .where(Entrant.event_id == event.id, takes_part(), Sheet.state != SheetState.WITHDRAWN)
        .options(joinedload(Sheet.entrant).joinedload(Entrant.unit), joinedload(Sheet.judge))
        .order_by(Entrant.code, Sheet.judge_id)
    )
    return list(db.session.scalars(query))


def typed_sheets(sheets: Collection[Sheet]) -> dict[int, str]:
    """By sheet, who typed its marks, of those whose marks stand as they were typed."""
    query = (
        select(Act)
        .where(Act.sheet_id.in_([sheet.id for sheet in sheets]), Act.kind == "submit")
        .order_by(Act.id)
    )
    newest = {act.sheet_id: act for act in db.session.scalars(query)}
    typed = {
        number: str((act.extra or {}).get("typed_by"))
        for number, act in newest.items()
        if act.tablet == TABLET and (act.extra or {}).get("typed_by")
    }
    accounts = {int(mark.removeprefix("#")) for mark in typed.values()}
    names = {
        account.id: account.name
        for account in db.session.scalars(select(Account).where(Account.id.in_(accounts)))
    }
    return {number: names.get(int(mark.removeprefix("#")), mark) for number, mark in typed.items()}


def _refuse_judged(sheets: Sequence[Sheet], *, over: bool) -> None:
    """What a judge handed in is the judge's, and what one began is asked about."""
    done = [sheet for sheet in sheets if sheet.state not in OPEN_STATES]
    if done:
        raise Refused(msg("裁判已经交了：%(which)s。要改的先退回", which=_named(done)))
    begun = [sheet for sheet in sheets if sheet.state in (SheetState.BEGUN, SheetState.COMPLETE)]
    if begun and not over:
        raise Refused(msg("裁判正在评：%(which)s。用这里录的，勾上再记", which=_named(begun)))


def _named(sheets: Sequence[Sheet]) -> Message | str:
    words = (
        msg("%(who)s（%(judge)s）", who=sheet.entrant.name, judge=sheet.judge.name)
        for sheet in sheets
    )
    return listed(list(words))


def _stage_of(rows: Sequence[TypedSheet], entrant: Entrant) -> str:
    return next(row.sheet.stage for row in rows if row.sheet.entrant_id == entrant.id)
