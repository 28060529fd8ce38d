"""The folds of the form of rules say whatever in them is not as usual."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from compete.models import Account, Competition
from compete.services.rules.draft_fields import Draft, FlagField, ListField, rule_fields
from compete.services.rules.rules_draft import AwardDraft, GradeDraft, RankingDraft
from compete.services.rules.stage_draft import ModuleDraft
from compete.web.organiser.rules.events.said import (
    OF_PANEL,
    OF_TEAMS,
    OF_TIES,
    in_award_fold,
    in_grade_fold,
    said,
)
from tests.support.signing_in import signed_in
from tests.web.organiser.rules.test_event_pages import fields
from tests.web.organiser.rules.test_every_fault import everything

_FOLDS = [
    (AwardDraft(top="3"), in_award_fold(AwardDraft(top="3"), newest=True)),
    (GradeDraft(), in_grade_fold(GradeDraft())),
    (RankingDraft(), OF_TIES),
    (RankingDraft(), OF_TEAMS),
    (ModuleDraft(), OF_PANEL),
]


def other_than_usual(draft: Draft, key: str) -> object:
    field = rule_fields(type(draft))[key]
    if isinstance(field, FlagField):
        return not field.usually
    return ("x",) if isinstance(field, ListField) else "7"


@pytest.mark.parametrize(("draft", "keys"), _FOLDS)
def test_each_field_of_a_fold_is_said_once_it_is_not_as_usual(
    app: Flask, draft: Draft, keys: list[str]
) -> None:
    with app.test_request_context():
        assert said(draft, keys, {}) == []
        for key in keys:
            changed = replace(draft, **{key: other_than_usual(draft, key)})  # type: ignore[type-var]
            assert len(said(changed, keys, {})) == 1, key


def test_rounding_is_said_of_the_folded_fields(
    app: Flask, organiser: Account, load: Callable[..., Competition]
) -> None:
    load(everything())
    desk = signed_in(app, organiser)
    place = "/desk/D/events/rules?event=E"
    page = desk.get(place).text
    (fold,) = re.findall(r'data-typed-part="fold-ties">.*?</details>', page, re.DOTALL)
    head, _summary, body = fold.partition("</summary>")
    # The very fields that are in it are counted.
    many = len(re.findall(r"<(?:select|input) ", body))
    assert f"更多 {many} 样" in head
    assert "评分点几位小数 3" in head
    assert "多出的小数 截去" in head
    sent = fields(page) | {"rounding.aspect": "", "rounding.mode": "half_up"}
    head = desk.post(place, data=sent | {"act": "try"}).text.partition("fold-ties")[2]
    assert "多出的小数 截去" not in head.partition("</summary>")[0]
