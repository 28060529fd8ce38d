"""Labour competitions to begin from: templates that are rows of a file, and earlier years.

What the six headings are varies by place, so they stand in `labour_starts.json`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from compete.domain.bundle import types
from compete.domain.bundle.labour_types import Flags, Indicator, Labour, Period, Scoring
from compete.domain.bundle.versions import NEWEST
from compete.domain.labour.closed_periods import LIFTED
from compete.domain.labour.head_counts import HEAD_COUNTS
from compete.domain.labour.self_assessment import with_self_assessed
from compete.domain.values.kinds import Kind, Level
from compete.models import Account, Competition
from compete.services.competitions.drafts import Beginnings, Origin, make_draft
from compete.services.competitions.editions import kept_settings, same_again
from compete.services.kernel.transactions import unit_of_work
from compete.services.labour.rules import LabourRules, labour_rules, save_labour_rules

_FILE = Path(__file__).with_name("labour_starts.json")


class _Asked(msgspec.Struct, frozen=True):
    """An indicator of a template, with the department that enters it."""

    heading: str
    name: str
    max: Decimal
    scoring: Scoring
    department: str
    own: bool = True
    """True if units assess themselves in it."""


class _Template(msgspec.Struct, frozen=True):
    key: str
    name: str
    periods: str
    indicators: tuple[_Asked, ...]
    inspection: _Asked | None = None


class _Rules(msgspec.Struct, frozen=True):
    """The rules that all templates share."""

    adjust_cap: Decimal
    flags: Flags
    warn_below: Decimal


class _Templates(msgspec.Struct, frozen=True):
    """The file. A period is [code, name, code of the whole or empty, weight]."""

    periods: dict[str, tuple[tuple[str, str, str, Decimal], ...]]
    flags: dict[str, tuple[str, ...]]
    rules: _Rules
    templates: tuple[_Template, ...]


@dataclass(frozen=True, slots=True)
class LabourTemplate:
    """A template to begin from; `headings` are what units compete in."""

    key: str
    name: str
    headings: Sequence[str]
    rules: LabourRules


@cache
def labour_templates() -> tuple[LabourTemplate, ...]:
    """The labour templates that ship with the program."""
    told = msgspec.json.decode(_FILE.read_bytes(), type=_Templates)
    return tuple(_template(told, each) for each in told.templates)


def make_labour_draft(
    rules: LabourRules,
    wanted: Beginnings,
    by: Account,
    origin: Origin,
    of: str,
    like: types.Competition | None = None,
    settings: Mapping[str, Any] | None = None,
) -> Competition:
    """A labour competition with these rules, departments and units, and no value.

    What else is said of it is as of `like`. Raises as `make_draft` does.
    """
    like = like or types.Competition(code="", name="", kind=Kind.LABOUR, level=Level.ENTERPRISE)
    bundle = types.Bundle(
        format=NEWEST,
        competition=msgspec.structs.replace(
            like,
            code=wanted.code,
            name=wanted.name,
            level=wanted.level or like.level,
            year=wanted.year or (wanted.starts.year if wanted.starts else None),
            starts=wanted.starts,
            ends=wanted.ends,
        ),
        labour=msgspec.structs.replace(rules.labour, groups=None),
    )
    with unit_of_work():
        competition = make_draft(bundle, origin, of, by, settings)
        save_labour_rules(competition, rules, by)
    return competition


def make_labour_edition(old: Competition, wanted: Beginnings, by: Account) -> Competition:
    """The next edition of a labour competition: its rules, departments, units and settings.

    Raises as `make_draft` does.
    """
    return make_labour_draft(
        rules_of_edition(old),
        wanted,
        by,
        Origin.EDITION,
        old.name,
        same_again(old),
        kept_settings(old),
    )


def rules_of_edition(competition: Competition) -> LabourRules:
    """An earlier year's rules with its departments, units and groups; none of its values."""
    rules = labour_rules(competition)
    entered = (LIFTED, HEAD_COUNTS)
    extra = {key: said for key, said in (rules.labour.extra or {}).items() if key not in entered}
    bare = msgspec.structs.replace(
        rules.labour, values=(), adjustments=(), vetoes=(), extra=extra or None
    )
    return LabourRules(bare, rules.departments, rules.units)


def _template(told: _Templates, each: _Template) -> LabourTemplate:
    periods = [
        Period(code=code, name=name, part_of=part_of or None, weight=weight)
        for code, name, part_of, weight in told.periods[each.periods]
    ]
    wholes = {period.part_of for period in periods}
    leaves = [period.code for period in periods if period.code not in wholes]
    # An inspection stands beside the months and is asked in its own periods alone.
    inspected = [code for code in leaves if code.endswith("-I")]
    months = tuple(code for code in leaves if code not in inspected) if inspected else ()
    asked = [(row, months) for row in each.indicators]
    if each.inspection is not None:
        asked.append((each.inspection, tuple(inspected)))
    indicators, departments = [], dict[str, list[str]]()
    for place, (row, where) in enumerate(asked, start=1):
        code = f"I{place:02}"
        departments.setdefault(row.department, []).append(code)
        indicators.append(
            Indicator(
                code=code,
                name=row.name,
                heading=row.heading,
                max=row.max,
                scoring=row.scoring,
                periods=where,
                extra=with_self_assessed(None, row.own),
            )
        )
    labour = Labour(
        periods=tuple(periods),
        indicators=tuple(indicators),
        adjust_cap=told.rules.adjust_cap,
        flags=msgspec.structs.replace(told.rules.flags, periods=told.flags[each.periods]),
        warn_below=told.rules.warn_below,
        ties=("indicator:I01",),
    )
    headings = list(dict.fromkeys(row.heading for row in each.indicators))
    return LabourTemplate(each.key, each.name, headings, LabourRules(labour, departments))
