"""Competitions to begin from: samples that ship, labour templates, earlier years, an occupation.

A template is the rules of a sample with nobody in them. What the six headings of a labour
competition are varies by place, so they stand in `labour_starts.json`. An evaluation begins with
one occupation, for each level an event with usual modules. And a scheme (方案): a competition's
rules, units and plan as a file, to begin another from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from compete.domain.bundle import types
from compete.domain.bundle.event_types import Occupation
from compete.domain.bundle.labour_types import Flags, Indicator, Labour, Period, Scoring
from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.types import Bundle, Unit
from compete.domain.bundle.versions import NEWEST
from compete.domain.grades.ladder import grade_label
from compete.domain.kinds.kinds import competition_kind
from compete.domain.labour.closed_periods import LIFTED
from compete.domain.labour.head_counts import HEAD_COUNTS
from compete.domain.labour.rule_versions import in_force_last
from compete.domain.labour.self_assessment import with_self_assessed
from compete.domain.labour.unit_spans import UNIT_PERIODS, WHOLE
from compete.domain.values.kinds import Kind
from compete.models import Account, Competition
from compete.services.competitions.drafts import (
    Beginnings,
    Origin,
    begun,
    blank,
    make_draft,
    read_blank,
)
from compete.services.competitions.editions import kept_settings, next_edition, same_again
from compete.services.competitions.event_setup import usual_module
from compete.services.competitions.file_versions import renewed
from compete.services.directory.ladders.conditions import taken_lines
from compete.services.kernel.transactions import unit_of_work
from compete.services.labour.rule_changes import changes_from_a_period
from compete.services.labour.rules import LabourRules, labour_rules, save_labour_rules
from compete.services.results.indicator_departments import with_departments

_PRESET = ".bundle.json"
"""The end of the name of a preset's file; its worked example's results stand beside it."""


@dataclass(frozen=True, slots=True)
class Template:
    """A template to begin from; `key` is the name of its folder."""

    key: str
    bundle: Bundle


@cache
def shipped_templates(folder: Path) -> tuple[Template, ...]:
    """The templates in the folder of samples, by name, then presets of common ways to rank; read
    once, since nobody changes them.

    A labour competition's values come from files alone, and an evaluation has no forms of set-up
    by which what a template leaves open could be filled in: neither begins with one.
    """
    files = {file.parent.name: file for file in sorted(folder.glob("*/bundle.*"))}
    for file in sorted(folder.glob(f"presets/*{_PRESET}")):
        files[file.name.removesuffix(_PRESET)] = file
    bundles = {name: read_sample(file) for name, file in files.items()}
    return tuple(
        Template(name, _bare(bundle))
        for name, bundle in bundles.items()
        if competition_kind(bundle.competition).ranks_people
    )


def from_template(template: Template, wanted: Beginnings) -> Bundle:
    """A competition with the template's rules, level and kind."""
    bundle = template.bundle
    return msgspec.structs.replace(bundle, competition=begun(wanted, bundle.competition))


def read_sample(file: Path) -> Bundle:
    """The bundle of a sample's file."""
    return read_bundle(file.read_bytes(), form="json" if file.suffix == ".json" else "yaml")


def _bare(bundle: Bundle) -> Bundle:
    """Strip a bundle of people, of units that rules do not name, and of all of that edition."""
    replace = msgspec.structs.replace
    return Bundle(
        format=NEWEST,
        competition=replace(
            bundle.competition,
            starts=None,
            ends=None,
            host=None,
            series=None,
            venue=None,
            extra=None,
        ),
        units=tuple(_named_units(bundle)),
        events=renewed(bundle).bundle.events,
    )


def _named_units(bundle: Bundle) -> Iterator[Unit]:
    """Find units for whose people a grade rule is, as `under` says, and those above them."""
    parents = {unit.code: unit.parent for unit in bundle.units}
    named: set[str | None] = {
        code
        for event in bundle.events
        if not isinstance(event.grades, str)
        for rule in event.grades
        for code in rule.when.under
    }
    while above := {parents.get(code) for code in named if code} - named - {None}:
        named |= above
    return (unit for unit in bundle.units if unit.code in named)


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
    shipped = msgspec.json.decode(_FILE.read_bytes(), type=_Templates)
    return tuple(_template(shipped, template) for template in shipped.templates)


def labour_rules_over_months(
    asked: Sequence[tuple[str, str, Decimal, Scoring, str, str]],
) -> LabourRules:
    """Rules of indicators asked month by month, as the shipped templates have a year.

    Each of `asked` is a heading, a name, full marks, a scoring, a department and how often:
    `month`, `quarter` or `year`.
    """
    shipped = msgspec.json.decode(_FILE.read_bytes(), type=_Templates)
    periods = [
        Period(code=code, name=name, part_of=part_of or None, weight=weight)
        for code, name, part_of, weight in shipped.periods["months"]
    ]
    wholes = {period.part_of for period in periods}
    leaves = tuple(period.code for period in periods if period.code not in wholes)
    every = {"month": (), "quarter": leaves[2::3], "year": leaves[-1:]}
    indicators, departments = [], dict[str, list[str]]()
    for place, (heading, name, most, scoring, department, often) in enumerate(asked, start=1):
        code = f"I{place:02}"
        if department:
            departments.setdefault(department, []).append(code)
        indicators.append(
            Indicator(
                code=code,
                name=name,
                heading=heading or None,
                max=most,
                scoring=scoring,
                periods=every[often],
            )
        )
    labour = Labour(
        periods=tuple(periods),
        indicators=tuple(indicators),
        adjust_cap=shipped.rules.adjust_cap,
        flags=msgspec.structs.replace(shipped.rules.flags, periods=shipped.flags["months"]),
        warn_below=shipped.rules.warn_below,
        ties=("indicator:I01",),
    )
    return LabourRules(labour, departments)


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
    bundle = blank(wanted, Kind.LABOUR, labour=msgspec.structs.replace(rules.labour, groups=None))
    if like is not None:
        bundle = msgspec.structs.replace(bundle, competition=begun(wanted, like))
    with unit_of_work():
        competition = make_draft(bundle, origin, of, by, settings)
        save_labour_rules(competition, rules, by)
    return competition


def make_labour_edition(old: Competition, wanted: Beginnings, by: Account) -> Competition:
    """The next edition of a labour competition: its rules, departments, units and settings.

    Raises as `make_draft` does.
    """
    return make_labour_draft(
        _rules_of_edition(old),
        wanted,
        by,
        Origin.EDITION,
        old.name,
        same_again(old),
        kept_settings(old),
    )


def _rules_of_edition(competition: Competition) -> LabourRules:
    """An earlier year's rules, as they were in force last, with its departments, units and groups;
    none of its values, and no unit that left.
    """
    rules = labour_rules(competition)
    labour, codes = in_force_last(rules.labour, changes_from_a_period(competition))
    entered = (LIFTED, HEAD_COUNTS, UNIT_PERIODS)
    extra = {key: value for key, value in (labour.extra or {}).items() if key not in entered}
    bare = msgspec.structs.replace(
        labour, values=(), adjustments=(), vetoes=(), extra=extra or None
    )
    there = set(labour.indicator_names)
    departments = {
        name: [it for it in dict.fromkeys(codes.get(it, it) for it in theirs) if it in there]
        for name, theirs in rules.departments.items()
    }
    spans = rules.spans or {}
    units = [pair for pair in rules.units if spans.get(pair[0], WHOLE).last is None]
    return LabourRules(bare, departments, units)


def _template(shipped: _Templates, template: _Template) -> LabourTemplate:
    periods = [
        Period(code=code, name=name, part_of=part_of or None, weight=weight)
        for code, name, part_of, weight in shipped.periods[template.periods]
    ]
    wholes = {period.part_of for period in periods}
    leaves = [period.code for period in periods if period.code not in wholes]
    # An inspection stands beside the months and is asked in its own periods alone.
    inspected = [code for code in leaves if code.endswith("-I")]
    months = tuple(code for code in leaves if code not in inspected) if inspected else ()
    asked = [(row, months) for row in template.indicators]
    if template.inspection is not None:
        asked.append((template.inspection, tuple(inspected)))
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
        adjust_cap=shipped.rules.adjust_cap,
        flags=msgspec.structs.replace(shipped.rules.flags, periods=shipped.flags[template.periods]),
        warn_below=shipped.rules.warn_below,
        ties=("indicator:I01",),
    )
    headings = list(dict.fromkeys(row.heading for row in template.indicators))
    return LabourTemplate(template.key, template.name, headings, LabourRules(labour, departments))


REVIEWED = frozenset({1, 2})
"""The levels that have a 综合评审 beside theory and practice."""
EXAMINERS = 3
"""The number who mark a practical module, and a 综合评审: odd, so there is a middle."""
NO_CODE = "待核"
"""The stand-in for an occupation's code that nobody knows yet."""


def evaluation_of(
    wanted: Beginnings,
    occupation: Occupation,
    levels: Iterable[int],
    conditions: str,
) -> Bundle:
    """The evaluation as a file would bring it, its lowest level first.

    `conditions` is the key of an edition of conditions of application, or empty.

    Raises `BundleError` for what no file can say either.
    """
    highest_last = sorted(set(levels), reverse=True)
    events = [level_tree(occupation, level, conditions) for level in highest_last]
    return read_blank(wanted, Kind.EVALUATION, events=events)


def level_tree(occupation: Occupation, level: int, conditions: str) -> dict[str, Any]:
    """The usual rules of a level, as a file writes them."""
    examiners = {"size": EXAMINERS}
    modules = [
        # Two read each paper, and must come to the same.
        usual_module(
            "theory", "理论知识", "theory-1", "卷面成绩", panel={"size": 2, "combine": "agreed"}
        ),
        usual_module("practical", "操作技能", "practical-1", "操作得分", panel=examiners),
    ]
    if level in REVIEWED:
        modules.append(
            usual_module("review", "综合评审", "review-1", "评审得分", panel=examiners, review=True)
        )
    tree: dict[str, Any] = {
        "code": f"L{level}",
        "name": f"{occupation.track or occupation.name} {grade_label(level).render()}",
        "occupation": {
            key: text
            for key in ("code", "name", "track")
            if (text := getattr(occupation, key)) is not None
        },
        "verdict": "pass",
        "grade": level,
        "stages": [{"code": "s", "name": "考核", "modules": modules}],
    }
    if conditions:
        tree |= taken_lines(conditions, str(level))
    return tree


def scheme_of(competition: Competition) -> Bundle:
    """The scheme to begin a competition from: no people, marks or values, its own name and days.

    The desk's settings, conditions of entry and terms of notice and appeal, are in no bundle. A
    labour competition tells its units' groups and which department enters what.
    """
    same = Beginnings(
        name=competition.name,
        code=competition.code,
        year=competition.year,
        starts=competition.starts,
        ends=competition.ends,
    )
    bundle = next_edition(competition, same).bundle
    if competition_kind(competition).of_people:
        return bundle
    labour = with_departments(competition, _rules_of_edition(competition).labour)
    return msgspec.structs.replace(bundle, labour=labour)
