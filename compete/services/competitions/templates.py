"""Competitions to begin from: the rules of the samples that ship, with nobody in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec

from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.types import Bundle, Unit
from compete.domain.bundle.versions import NEWEST
from compete.domain.values.kinds import Kind
from compete.services.competitions.drafts import Beginnings, begun
from compete.services.competitions.file_versions import renewed


@dataclass(frozen=True, slots=True)
class Template:
    """A template to begin from; `key` is the name of its folder."""

    key: str
    bundle: Bundle


@cache
def shipped_templates(folder: Path) -> tuple[Template, ...]:
    """The templates in the folder of samples, by name; read once, since nobody changes them.

    A labour competition's values come from files alone, and an evaluation has no forms of set-up
    by which what a template leaves open could be filled in: neither begins with one.
    """
    found = ((file.parent.name, _read(file)) for file in sorted(folder.glob("*/bundle.*")))
    return tuple(
        Template(name, _bare(bundle))
        for name, bundle in found
        if bundle.competition.kind is Kind.SKILLS
    )


def from_template(template: Template, wanted: Beginnings) -> Bundle:
    """A competition with the template's rules, level and kind."""
    bundle = template.bundle
    return msgspec.structs.replace(bundle, competition=begun(wanted, bundle.competition))


def _read(file: Path) -> Bundle:
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
