"""The form of tables over several events read back: fields are named as places of a file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from compete.domain.bundle.problems import Problem
from compete.services.competitions.overall_example import TriedPosition
from compete.services.rules.draft_fields import read_row, rows, texts_of
from compete.services.rules.overall_draft import OverallDraft
from compete.web.organiser.rules.in_force import texts_by_codes, usual_choices

_IN_TABLE = re.compile(r"overall\[(\d{1,9})\]\.(\w+)(.*)", re.DOTALL)
_TRIED = re.compile(r"try\.(\d)\.(\d)", re.ASCII)


def read_tables(
    form: Mapping[str, str], before: Sequence[OverallDraft]
) -> tuple[OverallDraft, ...]:
    """Read the typed tables, without empty new ones and those marked to go."""
    known = {draft.was: draft for draft in before}
    paths = rows(form, "overall", "name")
    drafts = (read_row(form, path, OverallDraft(), known) for path in paths)
    return tuple(draft for draft in drafts if not draft.is_blank)


def read_tried_totals(form: Mapping[str, str]) -> dict[TriedPosition, str]:
    """The example's totals by event and person."""
    found_at = ((_TRIED.fullmatch(name), text) for name, text in form.items())
    return {(int(at[1]), int(at[2])): text for at, text in found_at if at is not None}


def field_of(problem: Problem, drafts: Sequence[OverallDraft]) -> str | None:
    """The field beside which a problem is told, or None where no field shows it."""
    match = _IN_TABLE.fullmatch(problem.path)
    if match is None or int(match[1]) >= len(drafts):
        return None
    path, key, rest = f"overall[{match[1]}]", match[2], match[3]
    draft = drafts[int(match[1])]
    if key == "points" and draft.by == "awards":
        shown = rest.removeprefix(".") in dict(draft.award_points)
        return f"{path}.points{rest}" if shown else f"{path}.points"
    if key == "ties":
        return f"{path}.ties{rest or '[0]'}"
    return f"{path}.{key}" if key in _ALONE else None


_ALONE = (
    *("name", "who", "events", "by", "points", "shared", "best", "method", "places"),
    "least_events",
)


def tables_by_codes(drafts: Sequence[OverallDraft]) -> dict[str, str]:
    """Return the text of each field under these tables, named by their codes."""
    codes = {f"overall[{n}]": draft.was for n, draft in enumerate(drafts)}
    texts: dict[str, str] = {}
    for path, draft in zip(codes, drafts, strict=True):
        texts |= texts_of(draft, f"{path}.")
    usual = {f".{key}": text for key, text in usual_choices(OverallDraft).items()}
    return texts_by_codes(texts, codes, usual)
