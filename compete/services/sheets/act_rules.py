"""Act rules: the reasons to refuse a judge's act: whose sheet, in which state, which value."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

import msgspec

from compete.domain.aspects.kind import Reckoning
from compete.domain.aspects.kinds import kind_of
from compete.domain.aspects.types import Aspect
from compete.domain.bundle.checks.values import shown_value
from compete.domain.bundle.event_types import Module
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.states import CompetitionState, SheetState
from compete.services.kernel.refusal import invalid
from compete.services.sheets.act_limits import LONGEST_NOTE, LONGEST_SEEN, beyond, mark_fault
from compete.services.sheets.act_table import SheetRow, Standing
from compete.services.sheets.comments import LONGEST_COMMENT, takes_comments

MARKING_KINDS = frozenset({"mark", "clear"})
TIMING_KINDS = frozenset({"watch_stop", "watch_correct"})
BESIDE = frozenset({"note", "watch_start"})
OPEN_STATES = frozenset(
    {SheetState.NOT_BEGUN, SheetState.BEGUN, SheetState.COMPLETE, SheetState.RETURNED}
)
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_SHEET = re.compile(r"[0-9a-f]{32}")


UNTOUCHED = "untouched"


class ActIn(msgspec.Struct, frozen=True):
    """An act as a tablet sends it; `value` is a decimal text, true or false.

    The `note` of a submit is a JSON object of the values that the judge had before the
    eyes, by aspect; older pages send none. `UNTOUCHED` as the note of a mark says that
    the page put down no faults because none were counted on it; `met:0,2` as the
    note of a checklist's mark which of its checks are met (`met_checks`).

    `known` is the number of the last act on the sheet that the tablet had been told of when
    this one was made: what the judge's other tablets did later, it did not know.
    """

    uuid: str
    sheet: str
    kind: str
    aspect: str | None = None
    value: str | bool | int | None = None
    at: str | None = None
    tablet: str | None = None
    seq: int | None = None
    note: str | None = None
    known: int | None = None


@dataclass
class OpenSheet:
    """A sheet while a batch is taken in: what stands on it after each act.

    `changed` says whether one of them is new, and not stored before or refused;
    `closed` of a withdrawn sheet why it is; `unknown` what other tablets of the judge did that
    the one which submits did not know, by aspect.
    """

    row: SheetRow
    module: Module
    standing: Standing
    changed: bool = False
    closed: Message | None = None
    unknown: Mapping[str, Decimal | None] = field(default_factory=dict)

    @property
    def values(self) -> dict[str, Decimal]:
        """What stands of each aspect, by its code."""
        return self.standing.values

    def aspect(self, code: str | None) -> Aspect | None:
        """The aspect of that code, or None."""
        return next((aspect for aspect in self.module.aspects if aspect.code == code), None)

    @property
    def is_shared(self) -> bool:
        """True if several tablets of the judge have marked it."""
        return len(self.standing.tablets) > 1

    @property
    def missing(self) -> list[str]:
        """List names of the aspects that have no value."""
        return [aspect.name for aspect in self.module.aspects if aspect.code not in self.values]


def required_aspect(module: Module, code: str) -> Aspect:
    """The module's aspect of that code. Raises `Refused` (INVALID) where there is none."""
    for aspect in module.aspects:
        if aspect.code == code:
            return aspect
    raise invalid(msg("评分表里没有“%(aspect)s”这一项", aspect=code[:40]))


def is_uuid(text: str) -> bool:
    """True if a text has the form of an act's UUID."""
    return _UUID.fullmatch(text) is not None


def is_sheet_id(text: str) -> bool:
    """True if a text has the form of a sheet's public id."""
    return _SHEET.fullmatch(text) is not None


def act_fault(
    act: ActIn, state: CompetitionState, opened: Mapping[str, OpenSheet]
) -> Message | None:
    """Say why the act cannot be taken in, in the judge's words; None when it can."""
    if not is_uuid(act.uuid):
        return msg("这一条的编号不对")
    if act.sheet not in opened:
        return msg("这张表现在不是你的（换了人，或者撤回了），分还在这台平板里，问裁判长")
    if state is CompetitionState.REGISTERING:
        return msg("还没开始评分，这一条没有记下")
    if state is not CompetitionState.JUDGING:
        return msg("评分已经锁定，这一条没有记下")
    sheet = opened[act.sheet]
    if sheet.row.locked:
        return msg("%(code)s 所在的模块已锁定，这一条没有记下", code=sheet.row.label)
    if act.aspect is not None and sheet.aspect(act.aspect) is None:
        return msg("评分表里没有“%(aspect)s”这一项", aspect=act.aspect[:40])
    fault = _too_long(act) or _no_watch(act, sheet)
    if fault is not None or act.kind in BESIDE:
        return fault
    if act.kind == "comment":
        return _no_comment(act, sheet)
    if sheet.row.state is SheetState.WITHDRAWN:
        return msg("%(why)s，这一条没有记下", why=sheet.closed or sheet.row.label)
    if sheet.row.state not in OPEN_STATES:
        return msg("%(code)s 已经提交，要改请找裁判长或组委会退回", code=sheet.row.label)
    if act.kind == "submit":
        return _incomplete(sheet) or _unseen(sheet, act.note)
    if act.kind in TIMING_KINDS:
        return _wrong_time(act, sheet)
    if act.kind in MARKING_KINDS:
        return _wrong_mark(act, sheet)
    return msg("不认识的动作“%(kind)s”", kind=act.kind[:40])


def _too_long(act: ActIn) -> Message | None:
    """A note of the judge's is kept whole or not at all.

    What goes with a mark stops no mark, unless it is no remark any more.
    """
    length = len(act.note or "")
    if length <= (LONGEST_NOTE if act.kind == "note" else LONGEST_SEEN):
        return None
    return msg("备注最多 %(most)s 个字，这条 %(n)s 个，没有记下", most=LONGEST_NOTE, n=length)


def _no_comment(act: ActIn, sheet: OpenSheet) -> Message | None:
    """A comment to the contestant is of the whole sheet, while its judge has not signed it."""
    length = len(act.note or "")
    if not takes_comments(sheet.module):
        return msg("这个模块不写评语，这一条没有记下")
    if act.aspect is not None:
        return msg("评语是写整张表的，这一条没有记下")
    if sheet.row.state is SheetState.WITHDRAWN:
        return msg("%(why)s，这一条没有记下", why=sheet.closed or sheet.row.label)
    if sheet.row.state is SheetState.SIGNED:
        return msg("%(code)s 已经签名，评语没有记下", code=sheet.row.label)
    if length > LONGEST_COMMENT:
        return msg(
            "评语最多 %(most)s 个字，这条 %(n)s 个，没有记下", most=LONGEST_COMMENT, n=length
        )
    return None


def _no_watch(act: ActIn, sheet: OpenSheet) -> Message | None:
    """A watch belongs to an aspect that is timed."""
    if act.kind not in TIMING_KINDS and act.kind != "watch_start":
        return None
    aspect = sheet.aspect(act.aspect)
    if aspect is None:
        return msg("这一条没说是哪一项")
    if kind_of(aspect).reckoning is not Reckoning.TIME:
        return msg("“%(name)s”不计时，这一条没有记下", name=aspect.name)
    return None


def _incomplete(sheet: OpenSheet) -> Message | None:
    missing = sheet.missing
    return msg("还有没评的：%(names)s", names=listed(missing)) if missing else None


def _unseen(sheet: OpenSheet, note: str | None) -> Message | None:
    """A judge with two tablets hands in what stood on this one, not what the other changed.

    Nor what this one, late, put in the place of the other's marks without knowing of them.
    """
    try:
        seen = msgspec.json.decode(note or "{}", type=dict[str, str | bool | int])
    except (msgspec.MsgspecError, UnicodeError):
        return None
    changed = [
        aspect.name
        for aspect in sheet.module.aspects
        if seen
        for mine in [act_value(aspect, seen.get(aspect.code))]
        if mine != sheet.values[aspect.code] or mine != sheet.unknown.get(aspect.code, mine)
    ]
    if not changed:
        return None
    return msg("%(names)s在另一台平板上改过，请看过再提交", names=listed(changed))


def _wrong_time(act: ActIn, sheet: OpenSheet) -> Message | None:
    seconds = kept_number(act.value)
    if seconds is None or seconds < 0:
        return msg("用时要写成秒数，不能小于 0")
    aspect = sheet.aspect(act.aspect)
    return beyond(aspect, seconds) if aspect is not None else None


def _wrong_mark(act: ActIn, sheet: OpenSheet) -> Message | None:
    aspect = sheet.aspect(act.aspect)
    if aspect is None:
        return msg("这一条没说是哪一项")
    if act.kind == "clear":
        return None
    value = act_value(aspect, act.value)
    if value is None:
        return msg("“%(name)s”的分数写得不对", name=aspect.name)
    if act.note == UNTOUCHED and sheet.values.get(aspect.code, value) != value:
        return msg("另一台平板上记了 %(value)s", value=shown_value(sheet.values[aspect.code]))
    fault = mark_fault(aspect, value, act.value)
    return fault or kind_of(aspect).note_fault(act.note, value)


def act_value(aspect: Aspect, sent: str | bool | int | None) -> bool | Decimal | None:
    """The value in the domain's form, or None for what is no value at all."""
    if kind_of(aspect).is_yes_no:
        return sent if isinstance(sent, bool) else None
    return kept_number(sent)


_TYPED = re.compile(r"[+-]?[0-9]{0,40}(?:\.[0-9]{0,40})?")


def typed_number(text: str) -> Decimal | None:
    """A number that somebody typed at the desk: －０．１ is -0.1; or None for what is none.

    Nobody means 10 by `1e1`.
    """
    plain = unicodedata.normalize("NFKC", text[:80]).replace("。", ".", 1).replace("\u2212", "-")
    number = kept_number(plain.strip()) if _TYPED.fullmatch(plain.strip()) else None
    return None if number is None else number + 0


def kept_number(sent: str | bool | int | None) -> Decimal | None:
    """A number that the database keeps exactly, or None."""
    if isinstance(sent, bool) or sent is None or len(str(sent)) > 40:
        return None
    try:
        value = Decimal(sent)
    except InvalidOperation:
        return None
    places = value.as_tuple().exponent
    if not isinstance(places, int) or places < -6 or value.adjusted() > 11:
        return None
    return value
