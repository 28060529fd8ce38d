"""Rule texts: the longest names in an event's rules, as lists and certificates bear them."""

from __future__ import annotations

from collections.abc import Iterator

from compete.domain.bundle.event_types import Event
from compete.domain.bundle.problems import Problem
from compete.domain.values.messages import msg
from compete.services.kernel.text_limits import check_text

LONGEST_NAME = 200
LONGEST_PRIZE = 100
"""Of an award or item: a certificate is found by the names of event, item and award together."""


def long_names(rules: Event) -> list[Problem]:
    """Find every name that is too long, by its place in a form of rules."""
    return [
        Problem(path, msg("最多 %(most)s 个字", most=most))
        for path, name, most in _names(rules)
        if len(name) > most
    ]


def refuse_long_names(rules: Event) -> None:
    """Raise `Refused` for the first name that is too long."""
    for _path, name, most in _names(rules):
        check_text(name, most)


def _names(rules: Event) -> Iterator[tuple[str, str, int]]:
    if rules.occupation is not None:
        yield "occupation.name", rules.occupation.name, LONGEST_NAME
        yield "occupation.track", rules.occupation.track or "", LONGEST_NAME
    for s, stage in enumerate(rules.stages):
        where = f"stages[{s}]"
        yield f"{where}.name", stage.name, LONGEST_NAME
        for n, part in enumerate(stage.parts):
            yield f"{where}.parts[{n}].name", part.name, LONGEST_NAME
        for m, module in enumerate(stage.modules):
            yield f"{where}.modules[{m}].name", module.name, LONGEST_NAME
            for a, aspect in enumerate(module.aspects):
                yield f"{where}.modules[{m}].aspects[{a}].name", aspect.name, LONGEST_NAME
    for n, item in enumerate(rules.items):
        yield f"items[{n}].name", item.name, LONGEST_PRIZE
    for n, award in enumerate(rules.awards):
        yield f"awards[{n}].name", award.name, LONGEST_PRIZE
    # A pack by its name has titles of ours.
    for n, rule in enumerate(() if isinstance(rules.grades, str) else rules.grades):
        for title in rule.grant.titles:
            yield f"grades[{n}].grant.titles", title, LONGEST_NAME
