"""The chief judge has looked at a doubtful value and finds it right; or takes that back."""

from __future__ import annotations

from decimal import Decimal

from compete.domain.aspects.kind import Reckoning
from compete.domain.aspects.kinds import kind_of
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import plain
from compete.models import Account, Sheet
from compete.services.judging.disputes import chief_judge
from compete.services.judging.panels.doubts import FOUND_RIGHT, TAKEN_BACK, Implausible, Outlier
from compete.services.judging.panels.module_watch import ModuleWatch, watch_module
from compete.services.kernel import audit
from compete.services.kernel.event_rules import module_of_sheet
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.sheets.locks_in_force import claim_open
from compete.services.sheets.totals import Totals
from compete.services.sheets.values import standing_values


def find_right(sheet: Sheet, aspect: str | None, value: str, by: Account) -> None:
    """Find this value, or without an aspect the sheet's total, right though it lies outside.

    Nothing of it changes. Raises `Refused` where the sheet says something else by now, where
    nothing is doubtful, and where it is locked. Said twice it is said once.
    """
    watch, doubt = _doubt(sheet, aspect)
    if doubt is not None and watch.looked_at(doubt):
        return
    if doubt is None or plain(doubt.number) != value:
        raise Refused(_otherwise(sheet))
    _record(sheet, doubt, FOUND_RIGHT, by)


def doubt_again(sheet: Sheet, aspect: str | None, by: Account) -> None:
    """Make doubtful again what was found right. Raises `Refused` where it is locked."""
    watch, doubt = _doubt(sheet, aspect)
    if doubt is not None and watch.looked_at(doubt):
        _record(sheet, doubt, TAKEN_BACK, by)


def _doubt(sheet: Sheet, aspect: str | None) -> tuple[ModuleWatch, Implausible | Outlier | None]:
    watch = watch_module(sheet.entrant.event, sheet.stage, sheet.module)
    doubts = (doubt for doubt in watch.doubts() if doubt.key == (sheet.id, aspect))
    return watch, next(doubts, None)


def _record(sheet: Sheet, doubt: Implausible | Outlier, action: str, by: Account) -> None:
    with unit_of_work():
        competition = claim_open(sheet)
        chief_judge(by, competition)
        if _says(sheet, doubt) != doubt.number:
            raise Refused(_otherwise(sheet))
        aspect = doubt.aspect if isinstance(doubt, Implausible) else None
        timed = aspect is not None and kind_of(aspect).reckoning is Reckoning.TIME
        after = {
            "row": sheet.id,
            "judge": sheet.judge.code,
            "aspect": aspect.code if aspect else None,
            "name": aspect.name if aspect else None,
            "value": plain(doubt.number),
            "timed": timed,
        }
        audit.record(competition, by, action, sheet.label, after=after)


def _says(sheet: Sheet, doubt: Implausible | Outlier) -> Decimal | None:
    """The value on the sheet in this moment."""
    values = standing_values([sheet.id])[sheet.id]
    if isinstance(doubt, Implausible):
        return values.get(doubt.aspect.code)
    cents = Totals(module_of_sheet(sheet)).cents(values)
    return None if cents is None else Decimal(cents) / 100


def _otherwise(sheet: Sheet) -> Message:
    return msg("%(code)s 的这一项已经改过了，再看一次", code=sheet.label)
