"""A form of rules read back: fields are named as the places of a competition file."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from compete.domain.aspects.kinds import every_field
from compete.domain.bundle.problems import Problem
from compete.services.competitions.ranking_draft import RankingDraft
from compete.services.competitions.rules_draft import RulesDraft, TermsDraft
from compete.services.competitions.worked_example import Place, TriedMark
from compete.web.organiser.events.form_texts import chosen, line, lines, number
from compete.web.organiser.events.ladder_fields import OWN, ladder_chosen, with_ladder
from compete.web.organiser.events.reading_grades import grade_fields, grades_in
from compete.web.organiser.events.reading_prizes import awards_in, items_in, prize_fields
from compete.web.organiser.events.reading_stages import (
    aspects_in,
    modules_in,
    stage_fields,
    stages_in,
)

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

_TICKED = ("levels", "groups", "awards", "pass_modules", "roles")
"""Lists of a grade rule: a box for each thing, one place for what is wrong."""

USUAL_RANKING = {
    "ranking.on": "rounded",
    "ranking.style": "competition",
    "rounding.mode": "half_up",
}
"""What these lists of choices show, and what holds, where nothing was said."""


def read_draft(form: Mapping[str, str], before: RulesDraft, keep: str = "") -> RulesDraft:
    """What was typed; empty new rows and those marked to go are left out, but the module `keep`."""
    draft = RulesDraft(
        name=line(form, "name"),
        occupation_code=line(form, "occupation.code"),
        occupation_name=line(form, "occupation.name"),
        occupation_track=line(form, "occupation.track"),
        blind="blind" in form,
        stages=tuple(stage for _path, stage in stages_in(form, before.stages, keep)),
        ties=chosen(form, "ranking.ties"),
        ranking=_ranking(form, before.ranking),
        items=items_in(form, before.items),
        awards=awards_in(form, before.awards),
        grades=form.get("grades", before.grades),
        grade_rules=grades_in(form, before.grade_rules),
        terms=_terms(form, before.terms),
        base=before.base,
    )
    return with_ladder(form, before, draft)


def _terms(form: Mapping[str, str], before: TermsDraft | None) -> TermsDraft | None:
    if before is None or "grade" not in form:
        return before
    return TermsDraft(
        grade=form["grade"],
        cite=line(form, "cite"),
        on=form.get("on", "").strip(),
        carry_months=number(form, "carry_months"),
        conditions=form.get("conditions", before.conditions),
        again="conditions.again" in form,
    )


def _ranking(form: Mapping[str, str], before: RankingDraft) -> RankingDraft:
    if "ranking.style" not in form:
        return before
    # What holds unsaid stays unsaid, unless the file says it.
    said = {
        name: "" if (text := form.get(name, "")) == word and not was else text
        for (name, word), was in zip(
            USUAL_RANKING.items(), (before.on, before.style, before.mode), strict=True
        )
    }
    return RankingDraft(
        on=said["ranking.on"],
        style=said["ranking.style"],
        aspect=number(form, "rounding.aspect"),
        module=number(form, "rounding.module"),
        total=number(form, "rounding.total"),
        mode=said["rounding.mode"],
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
    for s, (stage, _read) in enumerate(stages_in(form, before.stages, keep=path)):
        for m, (known, _module) in enumerate(modules_in(form, stage, keep=path)):
            if known == path:
                return s, m
    return None


def stage_place(form: Mapping[str, str], before: RulesDraft, path: str) -> int | None:
    """Which stage of the draft that was read the form calls `path`; None for none."""
    paths = [known for known, _stage in stages_in(form, before.stages)]
    return paths.index(path) if path in paths else None


def read_tried(
    form: Mapping[str, str], before: RulesDraft, keep: str = ""
) -> dict[Place, TriedMark]:
    """The example's marks, by their place in the draft that was read.

    Those of an aspect whose type was changed since are left out.
    """
    found = {}
    for s, (stage, _stage) in enumerate(stages_in(form, before.stages, keep)):
        for m, (module, _read) in enumerate(modules_in(form, stage, keep)):
            kept = ((path, row) for path, row in aspects_in(form, module) if not row.is_blank)
            for a, (path, row) in enumerate(kept):
                mark = tried_mark(form, path, row.type)
                if mark is not None:
                    found[s, m, a] = mark
    return found


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
    names = fields_of_draft(draft).keys()
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
    """Whether a number or a list that is wanted was not written at all."""
    return not fields_of_draft(draft)[field] and not field.endswith((".name", "]", ".top"))


def fields_of_draft(draft: RulesDraft) -> dict[str, str]:
    """What stands in each field; a list of boxes of a grade rule stands as a whole."""
    chosen_ladder = ladder_chosen(draft)
    names = {
        "name": draft.name,
        "blind": "1" if draft.blind else "",
        "grades": draft.grades,
        "ladder": draft.ladder if chosen_ladder == OWN else "",
        "ladder.name": draft.ladder_name if chosen_ladder == OWN else "",
        "ladder.from": chosen_ladder,
        "occupation.code": draft.occupation_code,
        "occupation.name": draft.occupation_name,
        "occupation.track": draft.occupation_track,
    }
    if terms := draft.terms:
        keys = ("grade", "cite", "on", "carry_months", "conditions")
        names |= {key: getattr(terms, key) for key in keys}
    names |= {f"ranking.ties[{n}]": key for n, key in enumerate((*draft.ties, ""))}
    ranking = draft.ranking
    names |= {"ranking.on": ranking.on, "ranking.style": ranking.style}
    names |= {
        f"rounding.{key}": getattr(ranking, key) for key in ("aspect", "module", "total", "mode")
    }
    names |= {f"team_ranking.{key}": getattr(ranking, key) for key in ("best", "min_members")}
    names |= {"team_ranking.method": ranking.method, "unit_ranking.by": ranking.units_by}
    teams = enumerate((*ranking.team_ties, ""))
    names |= {f"team_ranking.ties[{n}]": key for n, key in teams}
    names["unit_ranking.points"] = ranking.points
    names |= prize_fields(draft.items, draft.awards)
    names |= stage_fields(draft.stages)
    names |= grade_fields(draft.grade_rules)
    return names
