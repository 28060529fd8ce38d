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
from compete.domain.values.messages import msg
from compete.services.competitions.award_draft import AwardDraft
from compete.services.competitions.draft_fields import (
    ChainField,
    ChoiceField,
    FlagField,
    RuleField,
    WholeField,
    draft_from,
    put_said,
    row_tree,
    told,
)
from compete.services.competitions.draft_parts import coded, put
from compete.services.competitions.grade_draft import GradeDraft, grade_tree
from compete.services.competitions.item_draft import ItemDraft
from compete.services.competitions.ranking_draft import (
    RankingDraft,
    put_ranking,
    ranking_draft_of,
)
from compete.services.competitions.stage_draft import StageDraft, stage_drafts_of, stage_trees
from compete.services.directory.ladders.conditions import CONDITIONS, taken_lines

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
    """The terms of the grade tried for, in an event of an evaluation."""

    grade: str = told(WholeField, "grade", needed=True)
    cite: str = told(RuleField, "cite")
    on: str = told(RuleField, "on")
    carry_months: str = told(WholeField, "carry_months")
    conditions: str = told(ChoiceField, "conditions", by_hand=True)
    """The key of the edition of which it has a copy, `own`, or empty: nothing is asked."""
    again: bool = told(FlagField, "conditions.again", by_hand=True)
    """The edition's lines are to be taken as they stand now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesDraft:
    """A draft of rules: all that a form shows of an event."""

    name: str = told(RuleField, "name", msg("赛项名称"), needed=True)
    occupation_name: str = told(RuleField, "occupation.name", msg("职业"))
    occupation_code: str = told(RuleField, "occupation.code", msg("职业编码"))
    occupation_track: str = told(RuleField, "occupation.track", msg("工种"))
    blind: bool = told(FlagField, "extra.blind", msg("盲评"), named="blind")
    stages: tuple[StageDraft, ...]
    ties: tuple[str, ...] = told(ChainField, "ranking.ties", msg("同分先比什么"))
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
    """The form's draft of rules from a file."""
    ladder = ladder_from(event.get("extra"))
    return draft_from(
        RulesDraft,
        event,
        stages=stage_drafts_of(event["stages"]),
        ranking=ranking_draft_of(event),
        items=tuple(draft_from(ItemDraft, item) for item in event.get("items") or ()),
        awards=tuple(draft_from(AwardDraft, award) for award in event.get("awards") or ()),
        grade_rules=tuple(draft_from(GradeDraft, rule) for rule in _grades(event)),
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
    put_said(tree, draft, old)
    if not any((tree.get("occupation") or {}).get(key) for key in ("code", "name", "track")):
        tree.pop("occupation", None)
    _put_ladder(tree, draft, old)
    tree["stages"] = stage_trees(draft.stages, event["stages"])
    if draft.terms is not None:
        _put_terms(tree, draft.terms, old.terms or TermsDraft())
    put_ranking(tree, draft.ranking, event)
    if draft.items != old.items:
        items = {item["code"]: item for item in event.get("items") or ()}
        put(tree, "items", list(coded(draft.items, items, row_tree, "item")))
    if draft.awards != old.awards:
        awards = {award["code"]: award for award in event.get("awards") or ()}
        put(tree, "awards", list(coded(draft.awards, awards, row_tree, "award")))
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
    own = OWN_LINES if event.get("apply") else ""
    return draft_from(TermsDraft, event, conditions=taken.get("id") or own, again=False)


def _put_terms(tree: dict[str, Any], terms: TermsDraft, old: TermsDraft) -> None:
    put_said(tree, terms, old)
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
