"""An event's rules as a form has them: texts, one for each thing that a form can show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from compete.domain.grades.ladder import (
    NATIONAL,
    GradeError,
    ladder_from,
    ladder_lines,
    ladder_tree,
    read_ladder,
)
from compete.services.competitions.award_draft import AwardDraft, award_draft_of, award_tree
from compete.services.competitions.draft_parts import coded, put, put_changed, text_of, whole
from compete.services.competitions.grade_draft import GradeDraft, grade_draft_of, grade_tree
from compete.services.competitions.item_draft import ItemDraft, item_draft_of, item_tree
from compete.services.competitions.ranking_draft import (
    RankingDraft,
    put_ranking,
    ranking_draft_of,
)
from compete.services.competitions.stage_draft import StageDraft, stage_drafts_of, stage_trees
from compete.services.ladders.conditions import CONDITIONS, taken_lines

_USUAL_RANKING = RankingDraft()
KEPT_RULES = "kept"
"""Of grade rules: as they stand."""


@dataclass(frozen=True, slots=True)
class EarlierRules:
    """A version of an event's rules before the one in force, as a file writes them."""

    number: int
    definition: Mapping[str, Any]


OWN_LINES = "own"
"""Of conditions of application: the lines that the event has itself, of no edition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsDraft:
    """What an event of an evaluation says of the grade that is tried for."""

    grade: str = ""
    cite: str = ""
    on: str = ""
    carry_months: str = ""
    conditions: str = ""
    """The key of the edition of which it has a copy, `own`, or empty: nothing is asked."""
    again: bool = False
    """The edition's lines are to be taken as they stand now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesDraft:
    """All that a form shows of an event."""

    name: str
    occupation_code: str = ""
    occupation_name: str = ""
    occupation_track: str = ""
    blind: bool = False
    stages: tuple[StageDraft, ...]
    ties: tuple[str, ...] = ()
    ranking: RankingDraft = _USUAL_RANKING
    items: tuple[ItemDraft, ...] = ()
    awards: tuple[AwardDraft, ...] = ()
    grades: str = KEPT_RULES
    """`kept` for the `grade_rules`, the name of a pack, or empty for none."""
    ladder_name: str = ""
    ladder: str = ""
    """An employer's own ladder, as `read_ladder` reads it; empty for the national one."""
    ladder_source: str = ""
    """The key of the ladder of the installation's table of which it is a copy."""
    grade_rules: tuple[GradeDraft, ...] = ()
    terms: TermsDraft | None = None
    """None for a contest."""
    base: EarlierRules | None = field(default=None, compare=False, repr=False)
    """The earlier version that it was taken from; None for the rules in force."""


def draft_of(event: Mapping[str, Any]) -> RulesDraft:
    """What a form shows of rules as a file writes them."""
    occupation = event.get("occupation") or {}
    ladder = ladder_from(event.get("extra"))
    return RulesDraft(
        name=event["name"],
        occupation_code=text_of(occupation.get("code")),
        occupation_name=text_of(occupation.get("name")),
        occupation_track=text_of(occupation.get("track")),
        blind=bool((event.get("extra") or {}).get("blind", False)),
        stages=stage_drafts_of(event["stages"]),
        ties=tuple((event.get("ranking") or {}).get("ties") or ()),
        ranking=ranking_draft_of(event),
        items=tuple(map(item_draft_of, event.get("items") or ())),
        awards=tuple(map(award_draft_of, event.get("awards") or ())),
        grade_rules=tuple(map(grade_draft_of, _grades(event))),
        ladder_name="" if ladder is NATIONAL else ladder.name,
        ladder="" if ladder is NATIONAL else ladder_lines(ladder),
        ladder_source=ladder.source,
        terms=_terms(event) if event.get("verdict") else None,
    )


def tree_of(draft: RulesDraft, event: Mapping[str, Any]) -> dict[str, Any]:
    """The rules with what the draft says; what no form shows, or nobody changed, stays as it is.

    A draft that was taken from an earlier version changes that one, codes and all.
    Not checked: numbers that are none stay the texts that they are, for a reader to refuse.
    """
    event = draft.base.definition if draft.base else event
    old = draft_of(event)
    tree: dict[str, Any] = dict(event)
    if draft.name != old.name:
        tree["name"] = draft.name
    _put_occupation(tree, draft, old)
    if draft.blind != old.blind:
        extra = {key: it for key, it in (tree.get("extra") or {}).items() if key != "blind"}
        put(tree, "extra", extra | ({"blind": True} if draft.blind else {}))
    _put_ladder(tree, draft, old)
    tree["stages"] = stage_trees(draft.stages, event["stages"])
    if draft.ties != old.ties:
        ranking = dict(event.get("ranking") or {})
        put(ranking, "ties", list(draft.ties))
        put(tree, "ranking", ranking)
    if draft.terms is not None:
        _put_terms(tree, draft.terms, old.terms or TermsDraft())
    put_ranking(tree, draft.ranking, event)
    if draft.items != old.items:
        items = {item["code"]: item for item in event.get("items") or ()}
        put(tree, "items", list(coded(draft.items, items, item_tree, "item")))
    if draft.awards != old.awards:
        awards = {award["code"]: award for award in event.get("awards") or ()}
        put(tree, "awards", list(coded(draft.awards, awards, award_tree, "award")))
    if draft.grades != KEPT_RULES:
        put(tree, "grades", draft.grades)
    elif draft.grade_rules != old.grade_rules:
        grades = {rule["code"]: rule for rule in _grades(event)}
        put(tree, "grades", list(coded(draft.grade_rules, grades, grade_tree, "rule")))
    return tree


def _grades(event: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The rules of grades that are written out; a pack that is only named has none here."""
    grades = event.get("grades") or ()
    return () if isinstance(grades, str) else grades


def _put_ladder(tree: dict[str, Any], draft: RulesDraft, old: RulesDraft) -> None:
    said = (draft.ladder, draft.ladder_name, draft.ladder_source)
    if said == (old.ladder, old.ladder_name, old.ladder_source):
        return
    try:
        own = (
            read_ladder(draft.ladder_name, draft.ladder, draft.ladder_source)
            if draft.ladder
            else None
        )
    except GradeError:
        # Refused by `odd_problems`, with the line.
        return
    extra = {key: it for key, it in (tree.get("extra") or {}).items() if key != "ladder"}
    put(tree, "extra", extra | ({"ladder": ladder_tree(own)} if own else {}))


def _terms(event: Mapping[str, Any]) -> TermsDraft:
    taken = (event.get("extra") or {}).get(CONDITIONS) or {}
    return TermsDraft(
        grade=text_of(event.get("grade")),
        cite=text_of(event.get("cite")),
        on=text_of(event.get("on")),
        carry_months=text_of(event.get("carry_months")),
        conditions=taken.get("id") or (OWN_LINES if event.get("apply") else ""),
    )


def _put_terms(tree: dict[str, Any], terms: TermsDraft, old: TermsDraft) -> None:
    put_changed(tree, terms, old, ("cite", "on"))
    put_changed(tree, terms, old, ("grade", "carry_months"), whole, needed=("grade",))
    for stage in tree["stages"]:
        # Only the modules of a part have a share in it.
        for scored in (*stage["modules"], *stage.get("parts", ())):
            if scored.get("weight") == "":
                del scored["weight"]
    same = (terms.conditions, terms.grade) == (old.conditions, old.grade)
    if terms.conditions == OWN_LINES or (same and not terms.again):
        return
    for key, value in taken_lines(terms.conditions, terms.grade).items():
        own = tree.get("extra") or {}
        others = {name: said for name, said in own.items() if name != CONDITIONS}
        put(tree, key, others | value if key == "extra" else value)


def _put_occupation(tree: dict[str, Any], draft: RulesDraft, old: RulesDraft) -> None:
    keys = ("code", "name", "track")
    occupation = dict(tree.get("occupation") or {})
    for key in keys:
        name = f"occupation_{key}"
        if getattr(draft, name) != getattr(old, name):
            put(occupation, key, getattr(draft, name))
    if not any(occupation.get(key) for key in keys):
        occupation = {}
    put(tree, "occupation", occupation)
