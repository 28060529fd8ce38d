"""Whatever is wrong with a draft of rules is told beside a field of the form, and at its step."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from flask import Flask

from compete.domain.bundle.problems import Problem
from compete.models import Account, Competition
from compete.services.rules.rules_draft import RulesDraft
from compete.services.rules.rules_saving import draft_in_force, draft_problems
from compete.web.organiser.rules.events.faults import troubles
from compete.web.organiser.rules.events.reading import read_draft
from tests.support.every_rule import every_rule
from tests.support.signing_in import signed_in
from tests.web.organiser.rules.test_event_pages import fields
from tests.web.organiser.rules.test_rule_steps import step_head

_BAD = ("", "x", "1e99", "999")
_NOT_OF_RULES = ("csrf", "once", "seen", "try.")


def everything() -> dict[str, object]:
    units = [{"code": "U1", "name": "甲市"}, {"code": "U2", "name": "甲厂", "parent": "U1"}]
    head = {"code": "D", "name": "省赛", "kind": "skills", "level": "municipal"}
    return {
        "format": "compete-bundle/2",
        "competition": head,
        "units": units,
        "events": [every_rule("E")],
    }


def faults(
    competition: Competition, form: dict[str, str]
) -> Iterator[tuple[RulesDraft, list[Problem]]]:
    """Yield what is wrong once one field, of those alike the first, has something else in it."""
    event = competition.events[0]
    before = draft_in_force(event)
    alike = {re.sub(r"\d+", "", name): name for name in reversed(form)}
    for name in alike.values():
        for bad in () if name.startswith(_NOT_OF_RULES) else _BAD:
            draft = read_draft(form | {name: bad}, before)
            yield draft, draft_problems(event, draft)


def test_every_fault_has_a_field_and_a_step(
    app: Flask, organiser: Account, load: Callable[..., Competition]
) -> None:
    competition = load(everything())
    page = signed_in(app, organiser).get("/desk/D/events/rules?event=E").text
    steps = set(re.findall(r'data-step="(\w+)"', page))
    places = set()
    with app.test_request_context():
        for draft, problems in faults(competition, fields(page)):
            for trouble in troubles(problems, draft):
                assert trouble.field, trouble
                assert trouble.step in steps, trouble
                places.add(trouble.field)
    shown = {re.sub(r"\d+", "", name) for name in re.findall(r' name="([^"]+)"', page)}
    ticked = {name.rpartition(".")[0] for name in shown}
    assert {name for name in places if re.sub(r"\d+", "", name) not in shown | ticked} == set()
    assert len(places) > len(steps)


def test_more_attempts_than_there_are_is_told_at_the_step(
    app: Flask, organiser: Account, load: Callable[..., Competition]
) -> None:
    load(everything())
    desk = signed_in(app, organiser)
    place = "/desk/D/events/rules?event=E"
    form = fields(desk.get(place).text)
    name = next(key for key in form if key.endswith(".take.best") and form[key])
    page = desk.post(place, data=form | {name: "9"}).text
    assert f'id="{name}-error"' in page
    assert "有不对的" in step_head(page, "stages")
    answer = desk.post(place.replace("rules?", "rules/try?"), data=form | {name: "9"}).json
    assert answer is not None
    head, lines = answer["told"]["stages"]
    assert "有不对的" in head
    assert "field-error" in lines
    assert "有不对的" in desk.post(place, data=form | {"scale.of": "x"}).text
