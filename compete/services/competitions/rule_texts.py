"""Rule texts: the longest names in an event's rules, as lists and certificates bear them.

And the finest difficulties, as the database keeps what entrants attempt.
"""

from __future__ import annotations

from collections.abc import Iterator

from compete.domain.bundle.event_types import Event
from compete.domain.bundle.problems import Problem
from compete.domain.values.messages import msg
from compete.domain.values.numerals import plain
from compete.services.kernel.text_limits import check_text
from compete.services.sheets.act_rules import kept_number

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


def fine_difficulties(rules: Event) -> list[Problem]:
    """Find every difficulty that could be attempted and not be kept, by its place in the rules."""
    return [
        Problem(
            f"stages[{s}].modules[{m}].aspects[{a}].difficulties[{n}]",
            msg("%(value)s 存不下，最多 6 位小数、12 位整数", value=plain(difficulty)),
        )
        for s, stage in enumerate(rules.stages)
        for m, module in enumerate(stage.modules)
        for a, aspect in enumerate(module.aspects)
        for n, difficulty in enumerate(aspect.difficulties)
        if kept_number(plain(difficulty)) is None
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
