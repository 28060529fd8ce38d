"""A form of rules read back: fields are named as the places of a competition file."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from compete.domain.bundle import Problem
from compete.services.competitions import (
    AspectDraft,
    ModuleDraft,
    Place,
    RankingDraft,
    RulesDraft,
    StageDraft,
    TriedMark,
)
from compete.web.organiser.events.form_texts import chosen, line, lines, number, rows
from compete.web.organiser.events.reading_prizes import awards_in, items_in, prize_fields

_INNER = {
    "scale": "levels",
    "extra": "levels",
    "bands": "bands",
    "checks": "checks",
}
"""Keys of an aspect that another field of its row stands for."""
_OUTER = {
    "panel": "panel.size",
    "aspects": "full",
    "occupation": "occupation.code",
    "grades": "grades",
    "ranking": "ranking.ties[0]",
    "unit_ranking": "unit_ranking.points",
    "team_ranking": "team_ranking.best",
}


def read_draft(form: Mapping[str, str], before: RulesDraft, keep: str = "") -> RulesDraft:
    """What was typed; empty new rows and those marked to go are left out, but the module `keep`."""
    return RulesDraft(
        name=line(form, "name"),
        occupation_code=line(form, "occupation.code"),
        occupation_name=line(form, "occupation.name"),
        occupation_track=line(form, "occupation.track"),
        blind="blind" in form,
        stages=tuple(
            StageDraft(
                name=line(form, f"stages[{s}].name") or stage.name,
                modules=tuple(module for _path, module in _modules(form, f"stages[{s}]", keep)),
            )
            for s, stage in enumerate(before.stages)
        ),
        ties=chosen(form, "ranking.ties"),
        ranking=_ranking(form, before.ranking),
        items=items_in(form, before.items),
        awards=awards_in(form, before.awards),
        grades=form.get("grades", before.grades),
    )


def _ranking(form: Mapping[str, str], before: RankingDraft) -> RankingDraft:
    if "ranking.style" not in form:
        return before
    usual = {"ranking.on": "rounded", "ranking.style": "competition"}
    # What holds unsaid stays unsaid, unless the file says it.
    said = {
        name: "" if (text := form.get(name, "")) == word and not was else text
        for (name, word), was in zip(usual.items(), (before.on, before.style), strict=True)
    }
    return RankingDraft(
        on=said["ranking.on"],
        style=said["ranking.style"],
        aspect=number(form, "rounding.aspect"),
        module=number(form, "rounding.module"),
        total=number(form, "rounding.total"),
        best=number(form, "team_ranking.best"),
        method=form.get("team_ranking.method", before.method),
        require_full="team_ranking.require_full" in form,
        min_members=number(form, "team_ranking.min_members"),
        team_ties=chosen(form, "team_ranking.ties"),
        units_by=form.get("unit_ranking.by", before.units_by),
        points=unicodedata.normalize("NFKC", lines(form, "unit_ranking.points")),
    )


def place_of(form: Mapping[str, str], before: RulesDraft, path: str) -> tuple[int, int] | None:
    """Which stage and module of the draft that was read the form calls `path`; None for none."""
    for s, _stage in enumerate(before.stages):
        for m, (known, _module) in enumerate(_modules(form, f"stages[{s}]", keep=path)):
            if known == path:
                return s, m
    return None


def read_tried(
    form: Mapping[str, str], before: RulesDraft, keep: str = ""
) -> dict[Place, TriedMark]:
    """The example's marks, by their place in the draft that was read.

    Those of an aspect whose type was changed since are left out.
    """
    found = {}
    for s, _stage in enumerate(before.stages):
        for m, (module, _read) in enumerate(_modules(form, f"stages[{s}]", keep)):
            kept = ((path, row) for path, row in _aspects(form, module) if not row.is_blank)
            for a, (path, row) in enumerate(kept):
                mark = tried_mark(form, path, row.type)
                if mark is not None:
                    found[s, m, a] = mark
    return found


def tried_mark(form: Mapping[str, str], path: str, type_: str) -> TriedMark | None:
    """The example's mark of an aspect, or None where none was sent for its type."""
    if f"try.{path}" not in form or form.get(f"try.{path}.type") != type_:
        return None
    return TriedMark(form[f"try.{path}"], form.get(f"try.{path}.best", ""))


def _written(drafts: Iterable[AspectDraft]) -> tuple[AspectDraft, ...]:
    """The rows in which something was written."""
    return tuple(row for row in drafts if not row.is_blank)


def _modules(
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
            aspects=_written(row for _path, row in _aspects(form, path)),
        )
        if path == keep or not module.is_blank:
            yield path, module


def _aspects(form: Mapping[str, str], module: str) -> Iterator[tuple[str, AspectDraft]]:
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
            step=number(form, f"{path}.step"),
            points=number(form, f"{path}.points"),
            full_at=number(form, f"{path}.full_at"),
            zero_at=number(form, f"{path}.zero_at"),
            levels=lines(form, f"{path}.levels"),
            bands=unicodedata.normalize("NFKC", lines(form, f"{path}.bands")),
            checks=lines(form, f"{path}.checks"),
            better=form.get(f"{path}.better", ""),
            unit=line(form, f"{path}.unit"),
            hint=lines(form, f"{path}.hint"),
        )
        if row.criterion and not (row.name or row.was):
            # Whoever writes one of the two means what is marked.
            row = replace(row, name=row.criterion, criterion="")
        yield path, row


def field_of(problem: Problem, draft: RulesDraft) -> str | None:
    """The field beside which a problem is told, or None where no field shows it."""
    names = _fields(draft).keys()
    path = problem.path
    while path:
        if path in names:
            return path
        head, dot, last = path.rpartition(".")
        key = last.partition("[")[0]
        for known in (_INNER.get(key), _OUTER.get(key)):
            if known is not None and (name := f"{head}{dot}{known}") in names:
                return name
        if path.endswith("]") and f"{path}.top" in names:
            return f"{path}.top"
        path = head
    return None


def is_left_empty(field: str, draft: RulesDraft) -> bool:
    """Whether a number or a list that is wanted was not written at all."""
    return not _fields(draft)[field] and not field.endswith((".name", "]", ".top"))


def _fields(draft: RulesDraft) -> dict[str, str]:
    """What stands in each field."""
    names = {
        "name": draft.name,
        "grades": draft.grades,
        "occupation.code": draft.occupation_code,
        "occupation.name": draft.occupation_name,
        "occupation.track": draft.occupation_track,
    }
    names |= {f"ranking.ties[{n}]": key for n, key in enumerate((*draft.ties, ""))}
    ranking = draft.ranking
    names |= {"ranking.on": ranking.on, "ranking.style": ranking.style}
    names |= {f"rounding.{key}": getattr(ranking, key) for key in ("aspect", "module", "total")}
    names |= {f"team_ranking.{key}": getattr(ranking, key) for key in ("best", "min_members")}
    teams = enumerate((*ranking.team_ties, ""))
    names |= {f"team_ranking.ties[{n}]": key for n, key in teams}
    names["unit_ranking.points"] = ranking.points
    names |= prize_fields(draft.items, draft.awards)
    panel_keys = ("size", "drop_high", "drop_low", "max_spread", "combine", "at", "min", "reduced")
    row_keys = (
        *("name", "criterion", "type", "max", "factor", "standard", "step", "points"),
        *("full_at", "zero_at", "levels", "bands", "checks", "better", "unit", "hint"),
    )
    for s, stage in enumerate(draft.stages):
        names[f"stages[{s}].name"] = stage.name
        for m, module in enumerate(stage.modules):
            path = f"stages[{s}].modules[{m}]"
            names |= {f"{path}.{key}": getattr(module, key) for key in ("name", "weight", "full")}
            names[f"{path}.pass"] = module.pass_
            names |= {f"{path}.panel.{key}": getattr(module, key) or "" for key in panel_keys}
            for a, row in enumerate(module.aspects):
                names |= {f"{path}.aspects[{a}].{key}": getattr(row, key) for key in row_keys}
    return names
