"""Stages of a form of rules read back: their parts, modules and sheets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from compete.domain.aspects.kinds import every_field
from compete.services.competitions.module_draft import AspectDraft, ModuleDraft
from compete.services.competitions.stage_draft import PartDraft, StageDraft
from compete.web.organiser.events.form_texts import line, lines, number, rows

_PART = {"name": "name", "weight": "weight", "full": "full", "pass": "pass_"}


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
    was = form.get(f"{path}.was", "")
    old = known.get(was, StageDraft())
    parts = _parts(form, path)
    places = {part: place for place, (part, _draft) in enumerate(parts)}
    modules = modules_in(form, path, keep)
    stage = replace(
        old,
        was=was if was in known else "",
        name=line(form, f"{path}.name"),
        modules=tuple(
            replace(module, part=_counted(form, f"{own}.part", f"{path}.parts", places))
            for own, module in modules
        ),
        parts=tuple(part for _path, part in parts),
    )
    if f"{path}.advance.ties" in form:
        stage = replace(
            stage,
            top=number(form, f"{path}.advance.top"),
            per_unit=number(form, f"{path}.advance.per_unit"),
            advance_ties=form[f"{path}.advance.ties"],
        )
    if f"{path}.carry.from" in form:
        stage = replace(
            stage,
            carry_weight=_factor(form, f"{path}.carry.weight"),
            carry_own=_factor(form, f"{path}.carry.own"),
        )
    return stage


_PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,6})?) ?%")


def _factor(form: Mapping[str, str], name: str) -> str:
    """A factor as it is typed; of so many percent the factor that they are."""
    text = number(form, name)
    share = _PERCENT.fullmatch(text)
    return f"{(Decimal(share[1]) / 100).normalize():f}" if share else text


def _parts(form: Mapping[str, str], stage: str) -> list[tuple[str, PartDraft]]:
    """Each with its path; blank ones are left out."""
    read = (
        (
            path,
            PartDraft(
                was=form.get(f"{path}.was", ""),
                name=line(form, f"{path}.name"),
                weight=number(form, f"{path}.weight"),
                full=number(form, f"{path}.full"),
                pass_=number(form, f"{path}.pass"),
            ),
        )
        for path in rows(form, f"{stage}.parts", "weight")
    )
    return [(path, part) for path, part in read if not part.is_blank]


def _counted(
    form: Mapping[str, str], name: str, list_: str, places: Mapping[str, int]
) -> int | None:
    """Which of a list's kept rows a field means by the number that its row was sent with."""
    return places.get(f"{list_}[{form.get(name, '')}]")


def _written(drafts: Iterable[AspectDraft]) -> tuple[AspectDraft, ...]:
    """The rows in which something was written."""
    return tuple(row for row in drafts if not row.is_blank)


def modules_in(
    form: Mapping[str, str], stage: str, keep: str = ""
) -> Iterator[tuple[str, ModuleDraft]]:
    """Each with its path; blank ones are left out."""
    for path in rows(form, f"{stage}.modules", "weight", keep):
        module = ModuleDraft(
            was=form.get(f"{path}.was", ""),
            name=line(form, f"{path}.name"),
            weight=number(form, f"{path}.weight"),
            full=number(form, f"{path}.full"),
            pass_=number(form, f"{path}.pass"),
            size=number(form, f"{path}.panel.size") or "1",
            drop_high=number(form, f"{path}.panel.drop_high") or "0",
            drop_low=number(form, f"{path}.panel.drop_low") or "0",
            max_spread=number(form, f"{path}.panel.max_spread"),
            combine=form.get(f"{path}.panel.combine"),
            at=form.get(f"{path}.panel.at"),
            min=number(form, f"{path}.panel.min") if f"{path}.panel.min" in form else None,
            reduced=form.get(f"{path}.panel.reduced"),
            review=f"{path}.review" in form,
            aspects=_written(row for _path, row in aspects_in(form, path)),
        )
        if path == keep or not module.is_blank:
            yield path, module


def aspects_in(form: Mapping[str, str], module: str) -> Iterator[tuple[str, AspectDraft]]:
    """Each with its path."""
    for path in rows(form, f"{module}.aspects", "type"):
        row = AspectDraft(
            was=form.get(f"{path}.was", ""),
            name=line(form, f"{path}.name"),
            criterion=line(form, f"{path}.criterion"),
            type=form[f"{path}.type"],
            max=number(form, f"{path}.max"),
            factor=number(form, f"{path}.factor") or "1",
            standard=line(form, f"{path}.standard"),
            own={
                field.key: text
                for field in every_field()
                if (text := field.tidy(form.get(f"{path}.{field.key}", "")))
            },
            unit=line(form, f"{path}.unit"),
            hint=lines(form, f"{path}.hint"),
        )
        if row.criterion and not (row.name or row.was):
            # Whoever writes one of the two means what is marked.
            row = replace(row, name=row.criterion, criterion="")
        yield path, row


def stage_fields(stages: Iterable[StageDraft]) -> dict[str, str]:
    """What stands in each field of them."""
    names: dict[str, str] = {}
    panel_keys = ("size", "drop_high", "drop_low", "max_spread", "combine", "at", "min", "reduced")
    row_keys = ("name", "criterion", "type", "max", "factor", "standard", "unit", "hint")
    own_keys = [field.key for field in every_field()]
    for s, stage in enumerate(stages):
        start = "" if stage.carry_from is None else str(stage.carry_from)
        values = {"name": stage.name, "advance.top": stage.top, "advance.per_unit": stage.per_unit}
        values |= {"advance.ties": stage.advance_ties, "carry.from": start}
        values |= {"carry.weight": stage.carry_weight, "carry.own": stage.carry_own}
        names |= {f"stages[{s}].{key}": text for key, text in values.items()}
        for n, part in enumerate(stage.parts):
            names |= {
                f"stages[{s}].parts[{n}].{key}": getattr(part, name) for key, name in _PART.items()
            }
        for m, module in enumerate(stage.modules):
            path = f"stages[{s}].modules[{m}]"
            names |= {f"{path}.{key}": getattr(module, key) for key in ("name", "weight", "full")}
            names[f"{path}.pass"] = module.pass_
            names[f"{path}.review"] = "1" if module.review else ""
            names[f"{path}.part"] = "" if module.part is None else str(module.part)
            names |= {f"{path}.panel.{key}": getattr(module, key) or "" for key in panel_keys}
            for a, row in enumerate(module.aspects):
                names |= {f"{path}.aspects[{a}].{key}": getattr(row, key) for key in row_keys}
                names |= {f"{path}.aspects[{a}].{key}": row.own.get(key, "") for key in own_keys}
    return names
