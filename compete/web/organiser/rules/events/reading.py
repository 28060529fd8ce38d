"""A form of rules read back: fields are named as the places of a competition file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from compete.domain.aspects.kinds import every_field
from compete.domain.bundle.problems import Problem
from compete.models import Event
from compete.services.competitions.worked_example import AspectPosition, TriedMark
from compete.services.rules.draft_fields import (
    R,
    Row,
    TicksField,
    read_fields,
    read_row,
    rows,
    rule_fields,
    texts_of,
)
from compete.services.rules.rules_draft import (
    AwardDraft,
    GradeDraft,
    ItemDraft,
    RankingDraft,
    RulesDraft,
)
from compete.services.rules.rules_saving import draft_in_force
from compete.services.rules.stage_draft import (
    AspectDraft,
    ModuleDraft,
    PartDraft,
    StageDraft,
)
from compete.web.organiser.rules.events.ladder_fields import OWN, ladder_chosen, with_ladder
from compete.web.organiser.rules.in_force import texts_by_codes, usual_choices


def _stages_in(
    form: Mapping[str, str], before: Sequence[StageDraft], keep: str = ""
) -> list[tuple[str, StageDraft]]:
    """Read the stages, each with its path, without empty new ones and those marked to go.

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
    modules = (module for _path, module in _modules_in(form, path, keep))
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
            for own, module in _modules_in(form, path, keep)
        ),
        parts=tuple(part for _path, part in parts),
    )


def _parts(form: Mapping[str, str], stage: str) -> list[tuple[str, PartDraft]]:
    """Read the parts, each with its path, without blank ones."""
    paths = rows(form, f"{stage}.parts", "weight")
    read = ((path, read_row(form, path, PartDraft())) for path in paths)
    return [(path, part) for path, part in read if not part.is_blank]


def _counted(
    form: Mapping[str, str], name: str, list_: str, places: Mapping[str, int]
) -> int | None:
    """Find the kept row that a field means, by the number its row was sent with."""
    return places.get(f"{list_}[{form.get(name, '')}]")


def _modules_in(
    form: Mapping[str, str], stage: str, keep: str = ""
) -> Iterator[tuple[str, ModuleDraft]]:
    """Read the modules, each with its path, without blank ones."""
    for path in rows(form, f"{stage}.modules", "weight", keep):
        rows_in = tuple(row for _path, row in _aspects_in(form, path) if not row.is_blank)
        module = replace(read_row(form, path, ModuleDraft()), aspects=rows_in)
        if path == keep or not module.is_blank:
            yield path, module


def _aspects_in(form: Mapping[str, str], module: str) -> Iterator[tuple[str, AspectDraft]]:
    """Read the aspects, each with its path."""
    for path in rows(form, f"{module}.aspects", "type"):
        row = read_row(form, path, AspectDraft())
        if row.criterion and not (row.name or row.was):
            # Whoever writes one of the two means what is marked.
            row = replace(row, name=row.criterion, criterion="")
        yield path, row


_INNER = {key: field.key for field in every_field() for key in (field.key, *field.also)}
"""Keys of an aspect that another field of its row stands for."""
_OUTER = {
    "panel": "panel.size",
    "aspects": "full",
    "occupation": "occupation.code",
    "grades": "grades",
    "ranking": "ranking.ties[0]",
    "unit_ranking": "unit_ranking.points",
    "advance": "advance.top",
    "carry": "carry.weight",
    "modules": "name",
    "grant": "grant.to",
    "item": "item.code",
    "team_ranking": "team_ranking.best",
}

_TICKED = {
    field.place.rpartition(".")[2]
    for field in rule_fields(GradeDraft).values()
    if isinstance(field, TicksField)
}
"""Lists of a grade rule: a box for each thing, one place for their faults."""


def read_draft(form: Mapping[str, str], before: RulesDraft, keep: str = "") -> RulesDraft:
    """Read the typed rules, without empty new rows and rows marked to go, but the module `keep`."""
    terms, ranking = before.terms, before.ranking
    # Items and grades that a form does not have stay.
    has_grades = any(name.startswith("grades[") for name in form)
    draft = replace(
        read_fields(form, before),
        stages=tuple(stage for _path, stage in _stages_in(form, before.stages, keep)),
        ranking=read_fields(form, ranking) if "ranking.style" in form else ranking,
        items=_listed(form, "items", "of", ItemDraft(), before.items)
        if "items[0].of" in form
        else before.items,
        awards=_listed(form, "awards", "name", AwardDraft(), before.awards),
        grades=form.get("grades", before.grades),
        grade_rules=_listed(form, "grades", "grant.to", GradeDraft(), before.grade_rules)
        if has_grades
        else before.grade_rules,
        terms=read_fields(form, terms) if terms and "grade" in form else terms,
    )
    return with_ladder(form, before, draft)


def _listed(
    form: Mapping[str, str], name: str, by: str, fresh: R, before: Sequence[R]
) -> tuple[R, ...]:
    """The rows of a list in which something was written; each sent row has the field `by`."""
    known = {row.was: row for row in before}
    read = (read_row(form, path, fresh, known) for path in rows(form, name, by))
    return tuple(row for row in read if not row.is_blank)


def place_of(form: Mapping[str, str], before: RulesDraft, path: str) -> tuple[int, int] | None:
    """Find the stage and module of the read draft that the form calls `path`; None for none."""
    for s, (stage, _read) in enumerate(_stages_in(form, before.stages, keep=path)):
        for m, (known, _module) in enumerate(_modules_in(form, stage, keep=path)):
            if known == path:
                return s, m
    return None


def stage_place(form: Mapping[str, str], before: RulesDraft, path: str) -> int | None:
    """Find the stage of the read draft that the form calls `path`; None for none."""
    paths = [known for known, _stage in _stages_in(form, before.stages)]
    return paths.index(path) if path in paths else None


def read_tried(
    form: Mapping[str, str], before: RulesDraft, keep: str = ""
) -> dict[AspectPosition, TriedMark]:
    """The example's marks, by their place in the draft that was read.

    Those of an aspect whose type was changed since are left out.
    """
    marks = {}
    for s, (stage, _stage) in enumerate(_stages_in(form, before.stages, keep)):
        for m, (module, _read) in enumerate(_modules_in(form, stage, keep)):
            kept = ((path, row) for path, row in _aspects_in(form, module) if not row.is_blank)
            for a, (path, row) in enumerate(kept):
                mark = tried_mark(form, path, row.type)
                if mark is not None:
                    marks[s, m, a] = mark
    return marks


def tried_mark(form: Mapping[str, str], path: str, type_: str) -> TriedMark | None:
    """The example's mark of an aspect, or None where none was sent for its type.

    Nor where it still is the one that the page began with: another full mark has another.
    """
    name = f"try.{path}"
    if name not in form or form.get(f"{name}.type") != type_:
        return None
    if form[name] == form.get(f"{name}.usual") and f"{name}.best" not in form:
        return None
    return TriedMark(form[name], form.get(f"{name}.best", ""))


def field_of(problem: Problem, draft: RulesDraft) -> str | None:
    """The field beside which a problem is told, or None where no field shows it."""
    names = _fields_of_draft(draft).keys()
    path = problem.path
    while path:
        if path in names:
            return path
        head, dot, last = path.rpartition(".")
        key = last.partition("[")[0]
        for known in (_INNER.get(key), _OUTER.get(key)):
            if known is not None and (name := f"{head}{dot}{known}") in names:
                return name
        if key in _TICKED and (name := f"{head}{dot}{key}") in names:
            return name
        if path.endswith("]") and f"{path}.top" in names:
            return f"{path}.top"
        if path.endswith("]") and key == "parts" and f"{path}.name" in names:
            return f"{path}.name"
        path = head
    return None


def is_left_empty(field: str, draft: RulesDraft) -> bool:
    """True if a required number or list was not written at all."""
    return not _fields_of_draft(draft)[field] and not field.endswith((".name", "]", ".top"))


def rows_of(draft: RulesDraft) -> Iterator[tuple[str, Row]]:
    """List each row of each list with the beginning of its fields' names."""
    for name, listed in (
        ("items", draft.items),
        ("awards", draft.awards),
        ("grades", draft.grade_rules),
        ("stages", draft.stages),
    ):
        yield from _numbered(name, listed)
    for s, stage in enumerate(draft.stages):
        yield from _numbered(f"stages[{s}].parts", stage.parts)
        for path, module in _numbered(f"stages[{s}].modules", stage.modules):
            yield path, module
            yield from _numbered(f"{path}.aspects", module.aspects)


def _numbered(name: str, listed: Iterable[R]) -> Iterator[tuple[str, R]]:
    return ((f"{name}[{n}]", row) for n, row in enumerate(listed))


def _fields_of_draft(draft: RulesDraft) -> dict[str, str]:
    """Return the text of each field; the ticks of a grade rule's boxes as a whole."""
    chosen_ladder = ladder_chosen(draft)
    own = chosen_ladder == OWN
    names = texts_of(draft) | texts_of(draft.ranking)
    names |= {
        "grades": draft.grades,
        "ladder": draft.ladder if own else "",
        "ladder.name": draft.ladder_name if own else "",
        "ladder.from": chosen_ladder,
    }
    if draft.terms:
        names |= texts_of(draft.terms)
    for path, row in rows_of(draft):
        names |= texts_of(row, f"{path}.")
    return names


_USUAL = usual_choices(RankingDraft) | {
    f".{field.key}": field.usual for field in every_field() if field.choices
}
"""The usual choice of each list, if nothing was said."""


def fields_in_force(event: Event) -> dict[str, str]:
    """Return the text of each field under the rules in force, its rows named by their codes.

    A field that points at another row (a module's part, the stage that is carried from) has its
    code.
    """
    draft = draft_in_force(event)
    codes = {path: row.was for path, row in rows_of(draft)}

    def meant(path: str, text: str) -> str:
        if path.endswith(".part"):
            return codes[f"{path.partition('.')[0]}.parts[{text}]"]
        return codes[f"stages[{text}]"] if path.endswith(".carry.from") else text

    return texts_by_codes(_fields_of_draft(draft), codes, _USUAL, meant)
