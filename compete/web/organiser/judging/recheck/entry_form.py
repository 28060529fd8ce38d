"""A sheet that is entered again: one field for each aspect, nothing of its present marks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask import render_template
from flask_babel import gettext as _

from compete.domain.aspects.kind import Reckoning
from compete.domain.aspects.kinds import kind_of
from compete.domain.aspects.types import Aspect
from compete.domain.bundle.checks.values import accepts, wanted_value
from compete.domain.bundle.event_types import Module
from compete.domain.marking.working_time import read_clock
from compete.models import RecheckEntry
from compete.services.judging.panels.rulings import standing_rulings
from compete.services.kernel.event_rules import module_of_sheet
from compete.services.sheets.act_limits import beyond
from compete.services.sheets.act_rules import typed_number
from compete.web.language import say
from compete.web.shapes import Choice

_YES, _NO = "1", "0"


def read_fields(
    module: Module, typed: Mapping[str, str]
) -> tuple[dict[str, Decimal], dict[str, str]]:
    """The numbers in a sheet's fields by aspect, and what is wrong with the others in words."""
    values: dict[str, Decimal] = {}
    faults: dict[str, str] = {}
    for aspect in module.aspects:
        text = typed.get(f"v-{aspect.code}", "").strip().replace(",", ".").replace("，", ".")
        if not text:
            faults[aspect.code] = _("没填。纸上没有就找裁判长")
            continue
        value = _number(aspect, text)
        if value is None:
            wanted = _("是或否") if kind_of(aspect).is_yes_no else _value_hint(aspect)
            faults[aspect.code] = _("要%(wanted)s，现在是 %(found)s", wanted=wanted, found=text)
        elif (too_much := beyond(aspect, value)) is not None:
            faults[aspect.code] = say(too_much)
        else:
            values[aspect.code] = value
    return values, faults


def describe_sheet(
    entry: RecheckEntry,
    typed: Mapping[str, str] | None = None,
    faults: Mapping[str, str] | None = None,
    doubts: Collection[str] = (),
    *,
    looked_again: bool = False,
) -> str:
    """Render `organiser/judging/recheck/sheet.html`; whatever was typed stays in its field."""
    typed, faults = typed or {}, faults or {}
    sheet, module = entry.sheet, module_of_sheet(entry.sheet)
    ruled_on = {ruling.aspect for ruling in standing_rulings([sheet.id]).get(sheet.id, [])}
    return render_template(
        "organiser/judging/recheck/sheet.html",
        entry=entry,
        sheet=sheet,
        fields=[
            field_row(
                aspect,
                typed,
                faults.get(aspect.code)
                or (_("和原表不一样，再看一眼纸上的数") if aspect.code in doubts else None),
                _("裁判长裁定过，照录纸上裁判自己给的") if aspect.code in ruled_on else "",
            )
            for aspect in module.aspects
        ],
        doubts=len(doubts),
        faults=len(faults),
        looked_again=looked_again,
        left=sum(other_entry.entered is None for other_entry in entry.round.entries),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryField:
    """One field of `organiser/_entry_fields.html`."""

    name: str
    label: str
    value: str
    """The typed value."""
    choices: Sequence[Choice]
    """The choices; empty if a number is typed."""
    unit: str
    bounds: str
    """The values that may stand there; empty beside choices."""
    note: str
    """A warning about the value on paper; empty mostly."""
    error: str | None


def field_row(
    aspect: Aspect, typed: Mapping[str, str], error: str | None, note: str = ""
) -> EntryField:
    """Describe one field of `organiser/_entry_fields.html`: its value, choices and fault."""
    extra = aspect.extra or {}
    kind = kind_of(aspect)
    choices: list[Choice] = []
    if kind.is_yes_no:
        choices = [Choice(value=_YES, label=_("是")), Choice(value=_NO, label=_("否"))]
    return EntryField(
        name=f"v-{aspect.code}",
        label=aspect.name,
        value=typed.get(f"v-{aspect.code}", ""),
        choices=choices,
        unit=extra.get("unit") or (_("秒") if kind.reckoning is Reckoning.TIME else ""),
        bounds="" if choices else _value_hint(aspect),
        note=note,
        error=error,
    )


def _value_hint(aspect: Aspect) -> str:
    if kind_of(aspect).reckoning is Reckoning.TIME:
        return _("秒数，或者分:秒，如 7:14.5")
    return say(wanted_value(aspect))


def _number(aspect: Aspect, text: str) -> Decimal | None:
    # As the tablet shows a time, and as people write it on paper.
    timed = read_clock(text) if kind_of(aspect).reckoning is Reckoning.TIME else None
    value = typed_number(text) if timed is None else timed
    if value is None:
        return None
    if kind_of(aspect).is_yes_no:
        return value if text in (_YES, _NO) else None
    return value if accepts(aspect)(value) else None
