"""Each field of a draft of rules is read from the form as it was shown, and told by one label."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from compete.services.rules.draft_fields import (
    Draft,
    FlagField,
    PlaceField,
    TicksField,
    read_fields,
    rule_fields,
    texts_of,
)
from compete.services.rules.rules_draft import (
    AwardDraft,
    GradeDraft,
    ItemDraft,
    RankingDraft,
    draft_of,
)
from compete.services.rules.stage_draft import (
    AspectDraft,
    ModuleDraft,
    PartDraft,
    StageDraft,
)
from tests.support.every_rule import as_stored, every_rule, least_rules

KINDS = (AwardDraft, GradeDraft, ItemDraft, AspectDraft, ModuleDraft, PartDraft, StageDraft)


def sent(draft: Draft) -> dict[str, str]:
    """What a browser sends of it."""
    form = texts_of(draft, "row.")
    for name, field in rule_fields(type(draft)).items():
        now = getattr(draft, name)
        if isinstance(field, TicksField):
            form |= {f"row.{field.name}.{value}": "1" for value in now}
        if isinstance(field, FlagField) and not now:
            del form[f"row.{field.name}"]
    return form


def rows(event: dict[str, Any]) -> list[Any]:
    draft = draft_of(as_stored(event))
    modules = [module for stage in draft.stages for module in stage.modules]
    parts = [part for stage in draft.stages for part in stage.parts]
    aspects = [row for module in modules for row in module.aspects]
    lists = (draft.stages, draft.items, draft.awards, draft.grade_rules, modules, parts, aspects)
    return [draft.ranking, *(row for listed in lists for row in listed)]


@pytest.mark.parametrize("make", [every_rule, least_rules])
def test_what_is_shown_is_read_again(make: Any) -> None:
    for row in rows(make("A")):
        # Who has the other list reads which of its rows is meant.
        kept = {
            name: getattr(row, name)
            for name, field in rule_fields(type(row)).items()
            if isinstance(field, PlaceField)
        }
        blank = type(row)(**({} if isinstance(row, RankingDraft) else {"was": row.was}))
        lists = {
            name: getattr(row, name)
            for name in ("modules", "parts", "aspects")
            if hasattr(row, name)
        }
        read = read_fields(sent(row), blank, "row.")
        assert replace(read, **kept, **lists) == row


@pytest.mark.parametrize("kind", [*KINDS, RankingDraft])
def test_no_two_fields_bear_one_label(kind: type[Any]) -> None:
    labels = [
        str(field.short or field.label) for field in rule_fields(kind).values() if field.label
    ]
    assert len(labels) == len(set(labels))


def test_what_counts_silently_is_told_among_differences() -> None:
    total = rule_fields(RankingDraft)["total"]
    assert [total.words(text) for text in ("3", "", None)] == ["3", "2", "2"]
