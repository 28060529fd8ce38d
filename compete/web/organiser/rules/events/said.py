"""What the folds of the form of rules say of themselves, from the very fields that are in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask_babel import gettext as _

from compete.services.rules.draft_fields import Draft, FlagField, RuleField, rule_fields
from compete.services.rules.rules_draft import AwardDraft, GradeDraft, RankingDraft
from compete.web.language import say
from compete.web.organiser.rules.events.shapes import Words

OF_TIES = tuple(
    key
    for key, field in rule_fields(RankingDraft).items()
    if field.name.startswith(("ranking.", "rounding."))
)
OF_TEAMS = tuple(
    key
    for key, field in rule_fields(RankingDraft).items()
    if field.name.startswith("team_ranking.")
)
OF_PANEL = (
    *("pass_", "drop_high", "drop_low", "combine", "at", "min", "reduced", "comments", "review"),
)


def in_award_fold(award: AwardDraft, *, newest: bool) -> list[str]:
    """The fields of an award's fold: all but those of its sentence."""
    number = "top" if award.top and not award.percent else "percent"
    silent = {"name", number} | (set() if newest else {"within", "min_scaled"})
    return [key for key in rule_fields(AwardDraft) if key not in silent]


def in_grade_fold(rule: GradeDraft) -> list[str]:
    """The fields of a grade rule's fold: all but those of its sentence."""
    rank = "top_percent" if rule.top_percent and not rule.max_rank else "max_rank"
    given = {"up", "floor"} if rule.up and not rule.to else {"to"}
    return [key for key in rule_fields(GradeDraft) if key not in {"passing", rank} | given]


def said(draft: Draft, keys: Iterable[str], words: Words) -> list[str]:
    """List what these fields say that is not as usual."""
    fields = rule_fields(type(draft))
    return [text for key in keys for text in _said(fields[key], getattr(draft, key), words)]


def _said(field: RuleField, value: object, words: Words) -> Iterator[str]:
    label = say(field.short or field.label or "")
    offered = words.get(field.choices, {})
    if isinstance(field, FlagField):
        if value != field.usually:
            yield label if value else _("不勾“%(name)s”", name=label)
    elif isinstance(value, tuple):
        if texts := [offered.get(it, it) for it in value if it]:
            yield f"{label} {_('、').join(texts)}"
    elif value and value not in (field.usual, field.unsaid):
        text = str(value)
        yield label if field.input == "lines" else f"{label} {offered.get(text, text)}"
