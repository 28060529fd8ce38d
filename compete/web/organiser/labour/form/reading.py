"""The form of a labour competition's rules read back: fields are named as places of a file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from werkzeug.datastructures import MultiDict

from compete.domain.bundle.problems import Problem
from compete.services.competitions.labour_draft import (
    IndicatorDraft,
    LabourDraft,
    PeriodDraft,
    PrizeDraft,
    SpanDraft,
    TriedValue,
    UnitDraft,
    with_codes,
)
from compete.services.rules.draft_fields import (
    line,
    number,
    read_fields,
    read_row,
    rows,
)

Form = MultiDict[str, str]
_IN_ROW = re.compile(r"(periods|indicators|prizes|units|spans)\[(\d+)\]\.(.+)")
_LONG = 5
_TICKS = re.compile(r"(indicators\[\d+\]\.periods|flags\.periods)\[\d+\]")


def read_labour_draft(form: Form, before: LabourDraft) -> LabourDraft:
    """Read the typed form; empty new rows and those marked to go are left out.

    New periods and indicators have codes: what was typed, else the next free ones.
    """
    return with_codes(
        replace(
            read_fields(form, before),
            periods=tuple(period for period in _periods(form, before) if not period.is_blank),
            indicators=tuple(
                indicator for indicator in _indicators(form, before) if not indicator.is_blank
            ),
            flag_periods=_ticked(form, "flags.periods", before.flag_periods),
            prizes=tuple(prize for prize in _prizes(form, before) if not prize.is_blank),
            units=tuple(unit for unit in _units(form, before) if not unit.is_blank),
            spans=tuple(row for row in _spans(form, before) if not row.is_blank),
        )
    )


def read_paths(form: Form, before: LabourDraft) -> list[str]:
    """The paths of the indicators' rows in the form, in the order of the draft that is read."""
    rows = zip(_rows(form, "indicators"), _indicators(form, before), strict=True)
    return [path for path, row in rows if not row.is_blank]


def read_tried_values(
    form: Form, draft: LabourDraft, paths: Mapping[int, str]
) -> dict[int, TriedValue]:
    """The example's values by the places of the indicators in the draft, each at its path.

    One whose kind of scoring was changed since is left out.
    """
    return {
        n: TriedValue(form[f"try.{path}"], form.get(f"try.{path}.target", ""))
        for n, path in paths.items()
        if f"try.{path}" in form and form.get(f"try.{path}.type") == draft.indicators[n].type
    }


def field_at(problem: Problem, draft: LabourDraft) -> str | None:
    """The field beside which a problem is told, or None where no field shows it."""
    path = problem.path
    if path == "periods":
        return "periods[0].part_of" if draft.periods else None
    if (ticks := _TICKS.match(path)) is not None:
        return ticks[1]
    match = _IN_ROW.fullmatch(path)
    if match is not None:
        kind, n, key = match[1], int(match[2]), match[3]
        if kind == "indicators" and key.startswith("scoring"):
            _scoring, _dot, key = key.partition(".")
            key = key.partition("[")[0]
            if key == "points" and draft.indicators[n].type == "rank":
                key = "places"
            return f"indicators[{n}].scoring.{key}" if key else f"indicators[{n}].scoring.type"
        return f"{kind}[{n}].{key}"
    if path.startswith("ties["):
        return path
    return path if path in _ALONE else None


_ALONE = (
    *("adjust_cap", "warn_below", "missing", "veto_rank", "starts", "reason"),
    *("flags", "flags.count", "flags.min", "flags.min_leaves"),
)


def text_in(field: str, draft: LabourDraft) -> str:
    """Return the text of a field of a row or of the whole; empty for what has no text."""
    match = _IN_ROW.fullmatch(field)
    if match is not None:
        row = getattr(draft, match[1])[int(match[2])]
        return str(getattr(row, match[3].removeprefix("scoring."), ""))
    return str(getattr(draft, field.removeprefix("flags."), ""))


def _rows(form: Form, name: str) -> list[str]:
    """The paths of a list's rows, each where its field `place` wants it.

    A new indicator that says no place follows the last one of its heading.
    """
    paths = list(rows(form, name, "name"))
    last = {
        line(form, f"{path}.heading"): n
        for n, path in enumerate(paths)
        if form.get(f"{path}.was") and form.get(f"{path}.heading")
    }

    def sort_key(row: tuple[int, str]) -> float:
        n, path = row
        typed = number(form, f"{path}.place")
        place = int(typed) - 1 if typed.isdecimal() and len(typed) < _LONG else n
        if place != n:
            # Before whom it pushes down, behind whom it pushes up.
            return place - 0.5 if place < n else place + 0.5
        if not typed and not form.get(f"{path}.was"):
            return last.get(line(form, f"{path}.heading"), n - 0.5) + 0.5
        return n

    return [path for _n, path in sorted(enumerate(paths), key=sort_key)]


def _periods(form: Form, before: LabourDraft) -> Iterator[PeriodDraft]:
    known = {period.was: period for period in before.periods}
    for path in _rows(form, "periods"):
        row = read_row(form, path, PeriodDraft(), known)
        yield replace(row, code=row.was or row.code)


def _indicators(form: Form, before: LabourDraft) -> Iterator[IndicatorDraft]:
    known = {indicator.was: indicator for indicator in before.indicators}
    for path in _rows(form, "indicators"):
        row = read_row(form, path, IndicatorDraft(), known)
        yield replace(
            row,
            code=row.was or row.code,
            periods=_ticked(form, f"{path}.periods", row.periods),
        )


def _prizes(form: Form, before: LabourDraft) -> Iterator[PrizeDraft]:
    if not any(name.startswith("prizes[") for name in form):
        # A form without the list says nothing about it.
        yield from before.prizes
        return
    known = {prize.was: prize for prize in before.prizes}
    for path in rows(form, "prizes", "name"):
        row = read_row(form, path, PrizeDraft(), known)
        yield replace(row, code=row.was or row.code)


def _units(form: Form, before: LabourDraft) -> Iterator[UnitDraft]:
    known = {unit.was: unit for unit in before.units}
    sent = set[str]()
    for path in rows(form, "units", "group"):
        row = read_row(form, path, UnitDraft(), known)
        sent.add(row.was)
        yield replace(row, name=known[row.was].name) if row.was else row
    # No unit goes by being left out of a form.
    yield from (unit for unit in before.units if unit.was not in sent)


def _spans(form: Form, before: LabourDraft) -> Iterator[SpanDraft]:
    if not any(name.startswith("spans[") for name in form):
        # A form without the list says nothing about it.
        yield from before.spans
        return
    known = {row.was: row for row in before.spans}
    for path in rows(form, "spans", "unit"):
        yield read_row(form, path, SpanDraft(), known)


def _ticked(form: Form, name: str, before: tuple[str, ...]) -> tuple[str, ...]:
    """Return the ticked values; in their former order if they are the same."""
    ticked = tuple(dict.fromkeys(form.getlist(name)))
    return before if set(ticked) == set(before) else ticked
