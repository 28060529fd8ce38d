"""Stages of a form of rules read back: their parts, modules and sheets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from compete.services.competitions.draft_fields import read_row, rows
from compete.services.competitions.module_draft import AspectDraft, ModuleDraft
from compete.services.competitions.stage_draft import PartDraft, StageDraft


def stages_in(
    form: Mapping[str, str], before: Sequence[StageDraft], keep: str = ""
) -> list[tuple[str, StageDraft]]:
    """Each with its path; empty new ones and those marked to go are left out.

    A form without stages has those `before`. What is counted among the sent ones (the stage
    that is carried from, a module's part) counts among those that are left.
    """
    known = {stage.was: stage for stage in before}
    sent = list(rows(form, "stages", "was", keep))
    if not sent:
        return [
            (f"stages[{s}]", _unsent(form, f"stages[{s}]", stage, keep))
            for s, stage in enumerate(before)
        ]
    read = ((path, _stage(form, path, known, keep)) for path in sent)
    kept = [(path, stage) for path, stage in read if path == keep or not stage.is_blank]
    places = {path: place for place, (path, _stage) in enumerate(kept)}
    return [
        (path, replace(stage, carry_from=_counted(form, f"{path}.carry.from", "stages", places)))
        if f"{path}.carry.from" in form
        else (path, stage)
        for path, stage in kept
    ]


def _unsent(form: Mapping[str, str], path: str, stage: StageDraft, keep: str) -> StageDraft:
    """The stage with the modules that were sent, each in its part."""
    parts = {module.was: module.part for module in stage.modules if module.was}
    modules = (module for _path, module in modules_in(form, path, keep))
    return replace(
        stage, modules=tuple(replace(module, part=parts.get(module.was)) for module in modules)
    )


def _stage(
    form: Mapping[str, str], path: str, known: Mapping[str, StageDraft], keep: str
) -> StageDraft:
    parts = _parts(form, path)
    places = {part: place for place, (part, _draft) in enumerate(parts)}
    return replace(
        read_row(form, path, StageDraft(), known),
        modules=tuple(
            replace(module, part=_counted(form, f"{own}.part", f"{path}.parts", places))
            for own, module in modules_in(form, path, keep)
        ),
        parts=tuple(part for _path, part in parts),
    )


def _parts(form: Mapping[str, str], stage: str) -> list[tuple[str, PartDraft]]:
    """Each with its path; blank ones are left out."""
    paths = rows(form, f"{stage}.parts", "weight")
    read = ((path, read_row(form, path, PartDraft())) for path in paths)
    return [(path, part) for path, part in read if not part.is_blank]


def _counted(
    form: Mapping[str, str], name: str, list_: str, places: Mapping[str, int]
) -> int | None:
    """Which of a list's kept rows a field means by the number that its row was sent with."""
    return places.get(f"{list_}[{form.get(name, '')}]")


def modules_in(
    form: Mapping[str, str], stage: str, keep: str = ""
) -> Iterator[tuple[str, ModuleDraft]]:
    """Each with its path; blank ones are left out."""
    for path in rows(form, f"{stage}.modules", "weight", keep):
        rows_in = tuple(row for _path, row in aspects_in(form, path) if not row.is_blank)
        module = replace(read_row(form, path, ModuleDraft()), aspects=rows_in)
        if path == keep or not module.is_blank:
            yield path, module


def aspects_in(form: Mapping[str, str], module: str) -> Iterator[tuple[str, AspectDraft]]:
    """Each with its path."""
    for path in rows(form, f"{module}.aspects", "type"):
        row = read_row(form, path, AspectDraft())
        if row.criterion and not (row.name or row.was):
            # Whoever writes one of the two means what is marked.
            row = replace(row, name=row.criterion, criterion="")
        yield path, row
