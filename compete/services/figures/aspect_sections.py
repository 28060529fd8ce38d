"""Sections of the occupational standard to which an event's aspects belong, as its organiser says.

They stand beside the rules, not in them: they decide nothing, so they may be said and corrected
whenever somebody knows, also of an event that is over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from compete.domain.bundle.naming import module_name
from compete.domain.values.messages import msg
from compete.models import Account, Competition, Event, SyllabusNode, db
from compete.services.kernel import audit
from compete.services.kernel.competition_settings import change_settings, settings_of
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.refusal import FieldRefused
from compete.services.kernel.text_limits import is_storable
from compete.services.kernel.transactions import changing

LONGEST_SECTION = 40
AspectKey = tuple[str, str, str]
"""Stage, module and aspect, by their codes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AspectRow:
    """An aspect of an event, the module that it is of, and the section said of it."""

    key: str
    module: str
    name: str
    section: str


def sections_by_aspect(event: Event) -> dict[AspectKey, str]:
    """The sections said of an event's aspects; of others nothing was said."""
    given = settings_of(event.competition).sections.get(event.code, {})
    keys = ((tuple(key.split("|")), section) for key, section in given.items())
    return {(key[0], key[1], key[2]): section for key, section in keys if len(key) == 3}


def aspect_rows(event: Event) -> list[AspectRow]:
    """Every aspect of an event, in the order of its rules."""
    rules, given = rules_of(event), sections_by_aspect(event)
    return [
        AspectRow(
            key="|".join(key),
            module=module_name(rules, stage, module),
            name=aspect.name,
            section=given.get(key, ""),
        )
        for stage in rules.stages
        for module in stage.modules
        for aspect in module.aspects
        for key in [(stage.code, module.code, aspect.code)]
    ]


def sections_known(events: Sequence[Event]) -> list[str]:
    """The names of sections that are offered: those said of these events, then those of banks."""
    given = [section for event in events for section in sections_by_aspect(event).values()]
    tops = select(SyllabusNode.name).where(SyllabusNode.parent_id.is_(None)).distinct()
    return list(dict.fromkeys([*given, *sorted(db.session.scalars(tops))]))


def set_sections(event: Event, wanted: Mapping[str, str], by: Account) -> bool:
    """Say to which sections the aspects belong, by their keys; whether that changed anything.

    Aspects that are not named keep theirs; an empty one takes it away. Raises `FieldRefused` for
    a name that is too long.
    """
    names = {row.key: row.name for row in aspect_rows(event)}
    tidy = {key: " ".join(text.split()) for key, text in wanted.items() if key in names}
    for key, section in tidy.items():
        if len(section) > LONGEST_SECTION or not is_storable(section):
            raise FieldRefused(
                key,
                msg("“%(name)s”：最多 %(most)s 个字", name=names[key], most=LONGEST_SECTION),
            )
    with changing(event.competition) as competition:
        every = settings_of(competition).sections
        before = every.get(event.code, {})
        after = {key: section for key, section in (before | tidy).items() if section}
        if after == before:
            return False
        _write(competition, every | {event.code: after})
        audit.record(
            competition, by, "sections.set", event.name, before=dict(before), after=dict(after)
        )
    return True


def _write(competition: Competition, every: Mapping[str, Mapping[str, str]]) -> None:
    change_settings(competition, sections={code: kept for code, kept in every.items() if kept})
