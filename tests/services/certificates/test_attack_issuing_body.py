"""Another competition's organiser cannot put an issuing body on this one's certificates."""

from __future__ import annotations

from compete.models import Account, Competition
from compete.services.certificates import body_for, create_body
from compete.services.kernel import audit, rules_of
from tests.support.announced import body_for as entered


def code_of(competition: Competition) -> str:
    occupation = rules_of(competition.events[0]).occupation
    assert occupation is not None
    return occupation.code


def enter(name: str, code: str, by: Account, competition: Competition | None = None) -> None:
    create_body(
        name=name,
        kind="Y",
        body_code="0000",
        province="32",
        site="000999",
        phone=None,
        scope=[{"code": code, "name": "叉车司机", "grades": [3, 2]}],
        by=by,
        competition=competition,
    )


def test_a_body_entered_later_does_not_take_over(forklift: Competition, organiser: Account) -> None:
    assert body_for(forklift) is None
    first = entered(forklift)
    enter("AAA", code_of(forklift), organiser)
    chosen = body_for(forklift)
    assert chosen is not None
    assert chosen.name == first.name


def test_the_body_that_its_own_organiser_enters_is_the_competitions(
    forklift: Competition, organiser: Account
) -> None:
    entered(forklift)
    enter("本次的", code_of(forklift), organiser, forklift)
    chosen = body_for(forklift)
    assert chosen is not None
    assert chosen.name == "本次的"
    assert audit.recent(forklift, 1)[0].action == "body.choose"
    assert forklift.settings["body"] == chosen.id
