"""The paper sheet as the last way: read by two recorders, who must agree.

Neither sees the other's figures. Where they differ both are told which rows,
and may look again; what they cannot settle, the chief judge does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import func, select

from compete.domain.bundle.event_types import Module
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.rights import Right, roles_for
from compete.domain.values.states import SheetState
from compete.models import Account, Act, Competition, Membership, PaperEntry, Sheet, db, utc_now
from compete.services.accounts.access import membership_of
from compete.services.accounts.second_persons import SecondWord, require_second
from compete.services.closing.penalties_and_outcomes import (
    Proposal,
    propose_decision,
    standing_decision,
)
from compete.services.judging.disputes import chief_judge
from compete.services.judging.signed_content import last_act
from compete.services.judging.signing import put_signature
from compete.services.kernel import audit
from compete.services.kernel.event_rules import module_of_sheet
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import claimed, unit_of_work
from compete.services.sheets.act_rules import OPEN_STATES
from compete.services.sheets.act_seals import add_act, seal_acts
from compete.services.sheets.closing_words import why_closed
from compete.services.sheets.locks_in_force import require_open

TABLET = "paper"
READERS = 2
DEVICES = 0
"""Stands for the reader where a device is one; no account has it."""
_MOST_BEGUN = 200


@dataclass
class PaperState:
    """The progress of reading one sheet. `differs` are codes of aspects, never figures."""

    mine: PaperEntry | None = None
    others: int = 0
    differs: list[str] = field(default_factory=list)
    signature_differs: bool = False
    settled: bool = False
    by_device: PaperEntry | None = None
    """The reading that a device measured."""

    @property
    def word(self) -> str:
        """The state: `none`, `waits` (for the other), `open` (to me), `differs` or `settled`."""
        if self.settled:
            return "settled"
        if self.differs or self.signature_differs:
            return "differs"
        if self.mine is not None:
            return "waits"
        return "open" if self.others else "none"


@dataclass(frozen=True, slots=True)
class DeviceReading:
    """What measured marks that another system sends, and when: a reading that settles nothing."""

    source: str
    at: datetime


def _require_recorder(account: Account, sheet: Sheet) -> None:
    """Raise `Refused` (FORBIDDEN) for who may not read paper, or judged this sheet."""
    competition = db.session.get_one(Competition, sheet.competition_id)
    membership = membership_of(account, competition, roles_for(Right.READ_AGAIN))
    if membership is None or membership.judge_id == sheet.judge_id:
        raise Refused(
            msg("纸质评分表由记分员或监督来录，不能是评这张表的人"), kind=Refusal.FORBIDDEN
        )


def paper_state(sheet: Sheet, account: Account) -> PaperState:
    """The reading of a sheet as one recorder may know it."""
    entries = _last_entries(sheet)
    state = PaperState(settled=any(entry.settled_at for entry in entries.values()))
    state.mine = entries.get(account.id)
    state.others = len(entries) - (state.mine is not None)
    state.by_device = entries.get(DEVICES)
    if len(entries) == READERS and not state.settled:
        first, second = entries.values()
        state.differs = _differences(first, second)
        state.signature_differs = _signatures_differ(first, second)
    return state


def count_half_entered(competition: Competition, account: Account) -> int:
    """Count the sheets that the account read and nobody has read a second time."""
    query = select(func.count(PaperEntry.sheet_id.distinct())).where(
        PaperEntry.sheet_id == Sheet.id,
        Sheet.competition_id == competition.id,
        PaperEntry.account_id == account.id,
        PaperEntry.device.is_(None),
        PaperEntry.settled_at.is_(None),
    )
    return db.session.scalar(query) or 0


def why_not_second_reader(sheet: Sheet, by: Account) -> Message | None:
    """Say why this person is not the second reader of a sheet, and who is; None: may read it."""
    competition = db.session.get_one(Competition, sheet.competition_id)
    for entry in _last_entries(sheet).values():
        if _reader(entry) != by.id:
            word = SecondWord(
                competition, entry.account_id, right=Right.READ_AGAIN, but=_judged(sheet)
            )
            fault = word.why_not(by)
            if fault is not None:
                return fault
    return None


def enter_paper(
    sheet: Sheet,
    values: Mapping[str, Decimal | None],
    *,
    signed: bool,
    by: Account,
    package: str | None = None,
    marks_list: str | None = None,
    device: DeviceReading | None = None,
) -> PaperState:
    """Take one recorder's reading; when both agree the sheet is marked and submitted.

    `values` has every aspect of the sheet, checked by the form; `signed` says
    that the judge's signature stands on the paper; `package` that it is no paper but
    a tablet's file without proof; `marks_list` that it is a row of that list, where None
    is 缺考: that is proposed as such when both agree. What a `device` read is the first reading,
    taken for the account whose token brought it; a recorder's is the second. Raises `Refused`:
    FORBIDDEN for somebody else, CONFLICT for a sheet that is in already, under a lock, or read by
    two others.
    """
    module = module_of_sheet(sheet)
    # Before what is missing: nothing that is filled in would help.
    _require_standing(sheet)
    missing = [aspect.name for aspect in module.aspects if aspect.code not in values]
    if missing:
        raise invalid(msg("还有没填的：%(names)s", names=listed(missing)))
    with unit_of_work() as session:
        sheet, competition = claimed(sheet)
        if device is None:
            _require_recorder(by, sheet)
        _require_readable(competition, sheet)
        entries, me = _last_entries(sheet), by.id if device is None else DEVICES
        if me not in entries and len(entries) >= READERS:
            raise Refused(msg("%(code)s 已经有两位记分员在录了", code=sheet.label))
        others = [entry for reader, entry in entries.items() if reader != me]
        if device is not None and others:
            raise Refused(msg("%(code)s 记分员已经在录，设备的读数不收了", code=sheet.label))
        for other in others:
            if other.account_id == by.id:
                raise Refused(
                    msg("%(code)s 的读数是你建的接口送来的，另请一位记分员录", code=sheet.label)
                )
            require_second(competition, other.account_id, by)
            if package is not None and other.package is not None:
                raise Refused(
                    msg("%(code)s 另一位交的也是文件，这一次要照着平板自己录", code=sheet.label)
                )
        entry = PaperEntry(
            sheet_id=sheet.id,
            account_id=by.id,
            package=package,
            listed=marks_list,
            device=device.source if device is not None else None,
            read_at=device.at if device is not None else None,
            values=_texts(values),
            signed=signed,
        )
        session.add(entry)
        session.flush()
        after = {
            "judge": sheet.judge.code,
            "module": sheet.module,
            "entry": entry.id,
            **({"list": marks_list} if marks_list else {}),
            **({"device": device.source} if device is not None else {}),
        }
        audit.record(competition, by, "paper.enter", sheet.label, after=after)
        state = paper_state(sheet, by)
        agree = state.others and not state.differs and not state.signature_differs
        if agree and device is None:
            _settle(competition, sheet, module, dict(values), signed, by)
            state.settled = True
    return state


def settle_paper(
    sheet: Sheet, choice: Mapping[str, int], signed: bool, reason: str, by: Account
) -> None:
    """The chief judge's look at a paper that two recorders read differently.

    `choice` names for each aspect that differs whose reading holds, by the
    entry's number.
    """
    reason = reason_text(reason, msg("要写理由"))
    with unit_of_work():
        sheet, competition = claimed(sheet)
        chief_judge(by, competition)
        _require_readable(competition, sheet)
        entries = {entry.id: entry for entry in _last_entries(sheet).values()}
        if len(entries) < READERS:
            raise Refused(msg("两位记分员还没录齐"))
        first, second = entries.values()
        values = {code: _value(text) for code, text in first.values.items()}
        for code in _differences(first, second):
            chosen = entries.get(choice.get(code, 0))
            if chosen is None:
                raise invalid(msg("每个不一样的都要选一个"))
            values[code] = _value(chosen.values[code])
        _settle(competition, sheet, module_of_sheet(sheet), values, signed, by, reason)


def differing_papers(competition: Competition) -> list[Sheet]:
    """List sheets that two recorders read differently and that have not come in otherwise."""
    rows = db.session.scalars(
        select(Sheet)
        .where(
            Sheet.competition_id == competition.id,
            Sheet.state.in_(OPEN_STATES),
            Sheet.id.in_(
                select(PaperEntry.sheet_id)
                .where(PaperEntry.settled_at.is_(None))
                .group_by(PaperEntry.sheet_id)
                .having(func.count(PaperEntry.account_id.distinct()) >= READERS)
            ),
        )
        .order_by(Sheet.label)
    ).all()
    return [sheet for sheet in rows if _differ(sheet)]


def paper_readings(sheet: Sheet) -> list[PaperEntry]:
    """The recorders' last readings, for the chief judge alone."""
    return list(_last_entries(sheet).values())


def _judged(sheet: Sheet) -> Sequence[int]:
    """The accounts of who judged it."""
    query = select(Membership.account_id).where(Membership.judge_id == sheet.judge_id)
    return db.session.scalars(query).all()


def _require_standing(sheet: Sheet) -> None:
    """Raise `Refused` where the sheet is its judge's no more, in words."""
    if sheet.state is SheetState.WITHDRAWN:
        why = why_closed(db.session.connection(), sheet.id)
        raise Refused(msg("%(why)s，这张没有记下", why=why))


def _require_readable(competition: Competition, sheet: Sheet) -> None:
    require_open(competition, sheet.entrant, sheet.stage, sheet.module)
    _require_standing(sheet)
    if sheet.state not in OPEN_STATES:
        raise Refused(msg("%(code)s 已经提交，要改请找裁判长或组委会退回", code=sheet.label))


def _last_entries(sheet: Sheet) -> dict[int, PaperEntry]:
    """The last reading of each recorder since the sheet was settled, in the order they began."""
    entries: dict[int, PaperEntry] = {}
    for entry in db.session.scalars(
        select(PaperEntry).where(PaperEntry.sheet_id == sheet.id).order_by(PaperEntry.id)
    ):
        if entry.settled_at is not None and sheet.state in OPEN_STATES:
            # The sheet was sent back after that: whoever reads it now begins anew.
            continue
        entries[_reader(entry)] = entry
    return entries


def _reader(entry: PaperEntry) -> int:
    return entry.account_id if entry.device is None else DEVICES


def _signatures_differ(first: PaperEntry, second: PaperEntry) -> bool:
    """True if two recorders say otherwise of the signature; a device has none to see."""
    by_people = first.device is None and second.device is None
    return by_people and first.signed != second.signed


def _differ(sheet: Sheet) -> bool:
    entries = list(_last_entries(sheet).values())
    if len(entries) < READERS or any(entry.settled_at for entry in entries):
        return False
    return bool(_differences(*entries)) or _signatures_differ(*entries)


def _differences(first: PaperEntry, second: PaperEntry) -> list[str]:
    return [
        code for code, text in first.values.items() if _value(text) != _value(second.values[code])
    ]


def _value(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _texts(values: Mapping[str, Decimal | None]) -> dict[str, str | None]:
    return {code: None if value is None else f"{value:f}" for code, value in values.items()}


def _settle(
    competition: Competition,
    sheet: Sheet,
    module: Module,
    values: dict[str, Decimal | None],
    signed: bool,
    by: Account,
    reason: str | None = None,
) -> None:
    """Make what both read the judge's marks; `tablet` says that they came on paper.

    缺考 becomes a proposal, which the chief judge confirms as any other.
    """
    now = utc_now()
    entries = _last_entries(sheet)
    for entry in db.session.scalars(select(PaperEntry).where(PaperEntry.sheet_id == sheet.id)):
        entry.settled_at = entry.settled_at or now
    extra: dict[str, object] = {
        "on_paper": True,
        "entered_by": sorted(_names(competition, entries)),
    }
    files = [entry.package for entry in entries.values() if entry.package]
    if files:
        extra["from_file"] = files[0]
    lists = sorted({entry.listed for entry in entries.values() if entry.listed})
    if lists:
        extra["from_list"] = lists
    devices = sorted({entry.device for entry in entries.values() if entry.device})
    if devices:
        extra["from_device"] = devices
    if None in values.values():
        _propose_absent(competition, sheet, lists, by, reason)
        return
    before = sheet.state
    acts = submit_marks(sheet, module, values, extra)
    audit.record(
        competition,
        by,
        "paper.settle",
        sheet.label,
        before={"state": before.value},
        after={
            "judge": sheet.judge.code,
            "module": sheet.module,
            "values": _texts(values),
            "entries": [entry.id for entry in entries.values()],
            "acts": acts,
        },
        reason=reason,
        bends=True,
    )
    if signed:
        put_signature(sheet, by, drawing=None, method="paper")


def submit_marks(
    sheet: Sheet,
    module: Module,
    values: Mapping[str, Decimal | None],
    extra: dict[str, object],
) -> dict[str, Any] | None:
    """Submit the sheet with these marks in its judge's name; returns the seal of the acts.

    `extra` goes with each act and says how the marks came. Inside a unit of work.
    """
    newest, add = last_act(sheet), partial(add_act, sheet, sheet.judge_id, tablet=TABLET)
    for aspect in module.aspects:
        add("mark", aspect.code, values[aspect.code], extra)
    db.session.flush()
    add("submit", None, None, extra)
    sheet.state, sheet.submitted_at, sheet.return_reason = SheetState.SUBMITTED, utc_now(), None
    sheet.version += 1
    db.session.flush()
    return seal_acts(Act.sheet_id == sheet.id, Act.id > newest)


def _propose_absent(
    competition: Competition, sheet: Sheet, lists: Sequence[str], by: Account, reason: str | None
) -> None:
    """Propose 缺考 once for somebody, though there are several sheets."""
    evidence = msg("成绩单的 SHA-256：%(lists)s", lists=listed(lists)).render()
    text = reason or msg("成绩单上写着缺考").render()
    wanted = Proposal("dns", sheet.stage, sheet.module, text, evidence)
    number = standing_decision(sheet.entrant, wanted)
    if number is None:
        number = propose_decision(sheet.entrant, wanted, by).id
    after = {"judge": sheet.judge.code, "module": sheet.module, "decision": number}
    audit.record(
        competition, by, "paper.settle", sheet.label, after=after, reason=reason, bends=True
    )


def _names(competition: Competition, entries: Mapping[int, PaperEntry]) -> list[str]:
    """The recorders by their codes as officials, or by account where they have none."""
    names = []
    for entry in entries.values():
        if entry.device is not None:
            continue
        membership = membership_of(entry.account, competition, roles_for(Right.READ_AGAIN))
        judge = membership.judge if membership else None
        names.append(judge.code if judge else f"#{entry.account_id}")
    return names


def begun_papers(competition: Competition) -> list[Sheet]:
    """List sheets that somebody is reading from paper, the newest first."""
    newest = (
        select(PaperEntry.sheet_id)
        .where(PaperEntry.settled_at.is_(None))
        .order_by(PaperEntry.id.desc())
        .limit(_MOST_BEGUN)
    )
    numbers = list(dict.fromkeys(db.session.scalars(newest)))
    query = select(Sheet).where(Sheet.id.in_(numbers), Sheet.competition_id == competition.id)
    rows = {sheet.id: sheet for sheet in db.session.scalars(query)}
    return [rows[number] for number in numbers if number in rows]
