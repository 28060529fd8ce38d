"""What was entered or closed against a form of rules, told at the row that it is about."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TypeVar

from flask_babel import gettext as _

from compete.services.competitions.labour_draft import IndicatorDraft, LabourDraft, PeriodDraft
from compete.services.labour.rule_fit import Misfit
from compete.web.language import say

Row = TypeVar("Row", IndicatorDraft, PeriodDraft)
STARTS = "starts"


def with_refused_rows(
    draft: LabourDraft, before: LabourDraft, misfits: Sequence[Misfit]
) -> tuple[LabourDraft, set[str]]:
    """The draft with the rows that were to go and may not, and the codes of these."""
    there = {each.code for each in draft.indicators} | {each.code for each in draft.periods}
    gone = {each.code for each in misfits if each.of and each.code not in there}
    indicators = _standing_again(draft.indicators, before.indicators, gone)
    periods = _standing_again(draft.periods, before.periods, gone)
    return replace(draft, indicators=indicators, periods=periods), gone


def misfit_words(
    misfits: Sequence[Misfit], draft: LabourDraft, gone: Collection[str]
) -> dict[str, str]:
    """Sentences by field; where several are about one, all of them."""
    told: dict[str, list[str]] = {}
    for each in misfits:
        told.setdefault(_field(each, draft, gone), []).append(say(each.why))
    return {field: _("；").join(dict.fromkeys(words)) for field, words in told.items()}


def _field(misfit: Misfit, draft: LabourDraft, gone: Collection[str]) -> str:
    rows: Sequence[IndicatorDraft | PeriodDraft] = draft.indicators
    if misfit.of == "periods":
        rows = draft.periods
    codes = [each.code for each in rows]
    if not misfit.of or misfit.code not in codes:
        return STARTS
    key = "gone" if misfit.code in gone else misfit.key
    return f"{misfit.of}[{codes.index(misfit.code)}].{key}"


def _standing_again(
    rows: Sequence[Row], before: Sequence[Row], gone: Collection[str]
) -> tuple[Row, ...]:
    """The rows with those of `before` that are `gone`, each where it stood."""
    found = list(rows)
    for place, each in enumerate(before):
        if each.was in gone:
            found.insert(place, each)
    return tuple(found)
