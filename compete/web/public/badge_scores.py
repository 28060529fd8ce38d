"""What a contestant's total is made of: modules, parts and an earlier stage, as bars."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, replace
from decimal import Decimal

from flask_babel import gettext as _

from compete.services.publication.contestants import ModuleLine, Verdict
from compete.web.drawing.charts import share
from compete.web.templating import plain
from compete.web.words import outcome_word


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleBar:
    """A module's score and its bar; shares are of a hundred."""

    name: str
    weight: str | None
    value: str
    bad: bool
    """Whether it did not pass."""
    median: str | None
    share: Decimal
    median_share: Decimal | None
    note: str | None


def module_bars(verdict: Verdict, appealed: Set[tuple[str, str]] = frozenset()) -> list[ModuleBar]:
    """What the total is made of: what an earlier stage brings stands first.

    `appealed` are the stages and modules about which an appeal of theirs is open.
    """
    here = {stage.code for stage in verdict.rules.stages if stage.name == verdict.stage}
    modules = {module for stage, module in appealed if stage in here}
    own = verdict.carried.own if verdict.carried else Decimal(1)
    shares = not any(stage.as_given for stage in verdict.rules.stages if stage.code in here)
    bars = [
        _flagged(_module(line, own, shares=shares), line.code in modules)
        for line in verdict.modules
    ]
    carried = verdict.carried
    if carried is None:
        return bars
    full = Decimal(carried.full)
    earlier = ModuleBar(
        name=carried.name,
        weight=_weighs(100 * carried.weight),
        value=carried.total,
        bad=False,
        median=carried.median,
        share=share(Decimal(carried.total), full),
        median_share=share(Decimal(carried.median), full) if carried.median else None,
        note=None,
    )
    return [_flagged(earlier, any(stage not in here for stage, _module in appealed)), *bars]


def _flagged(bar: ModuleBar, appealed: bool) -> ModuleBar:
    if not appealed:
        return bar
    return replace(bar, note=_("、").join([_("申诉中"), *([bar.note] if bar.note else [])]))


def _weighs(percent: Decimal) -> str:
    return _("占 %(n)s%%", n=plain(percent))


def _module(line: ModuleLine, own: Decimal, *, shares: bool) -> ModuleBar:
    """`own` is how much the stage's own total counts beside what an earlier one brings.

    `shares`: weights are shares of the whole, and not points as they were given.
    """
    full = Decimal(line.full)
    absent = next((outcome_word(flag) for flag in ("dns", "dsq") if flag in line.flags), None)
    value = line.score if line.score is not None else "—"
    return ModuleBar(
        name=line.name,
        # A weight inside a part is a share of the part, not of the whole.
        weight=None
        if line.in_part or line.weight is None or not shares
        else _weighs(Decimal(line.weight) * own),
        value=absent or value,
        bad=line.passes is False and absent is None,
        median=line.median,
        share=share(Decimal(line.score or 0), full) if absent is None else Decimal(0),
        median_share=share(Decimal(line.median), full) if line.median else None,
        note=_("、").join(_flag(flag) for flag in line.flags if not absent) or None,
    )


def _flag(flag: str) -> str:
    words = {
        "penalised": _("有扣罚"),
        "disputed": _("有争议"),
        "incomplete": _("没评完"),
        "carried": _("以前考的，留用"),
        "carry_void": _("带来的成绩作废了"),
    }
    return words.get(flag) or outcome_word(flag)
