"""What keeps a draft of rules from being saved: each fault at its field, and at its step."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from flask_babel import gettext as _

from compete.domain.bundle.problems import Problem
from compete.services.rules.rules_draft import RulesDraft
from compete.web.bundle_places import place_words
from compete.web.language import say
from compete.web.organiser.rules.events.choice_words import award_fault, grade_fault
from compete.web.organiser.rules.events.reading import field_of, is_left_empty
from compete.web.organiser.rules.events.shapes import Trouble
from compete.web.organiser.rules.events.steps import step_of

_NO_MODULES = re.compile(r"stages\[\d+\]\.modules")


def troubles(problems: Iterable[Problem], draft: RulesDraft) -> Iterator[Trouble]:
    """Yield each fault with its place and its field, in the form's own words if it has any."""
    for problem in problems:
        field, what = field_of(problem, draft), say(problem.message)
        if field is not None:
            if words := _words(problem.path):
                what = words
            elif is_left_empty(field, draft):
                what = _left_empty(field)
        yield Trouble(
            place=place_words(problem.path),
            what=what,
            field=field or "",
            step=step_of(field or problem.path),
        )


def words_by_step(faults: Iterable[Trouble]) -> dict[str, list[str]]:
    """Return the faults of each step as sentences."""
    words: dict[str, list[str]] = defaultdict(list)
    for fault in faults:
        words[fault.step].append(_("%(place)s：%(what)s", place=fault.place, what=fault.what))
    return words


def _words(path: str) -> str | None:
    """Explain a fault at a place of a file, if the form has words of its own for it."""
    return award_fault(path) or _stage_fault(path) or grade_fault(path)


def _left_empty(field: str) -> str:
    if field == "occupation.code":
        return _("写了职业就要写职业编码；还没查到的写“待核”")
    return _("这里要填")


def _stage_fault(path: str) -> str | None:
    return _("赛段里至少要有一个模块") if _NO_MODULES.fullmatch(path) else None
