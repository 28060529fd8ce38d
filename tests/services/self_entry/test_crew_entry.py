"""A crew from one phone: each has an entry and a link of their own; accepted together it is one."""

from __future__ import annotations

import pytest
from flask import Flask

from compete.domain.values import ApplicationState
from compete.models import Account, Application, Competition, Entrant, db
from compete.models.types import token_hash
from compete.services.kernel import SelfEntry, check_rows, known_chains
from compete.services.registration import WrongFieldsError, accept_people, cells_of
from compete.services.self_entry import (
    badge_behind,
    change_self_entry,
    delete_own,
    entry_under,
    field_of,
    hand_in_own,
    new_link,
    others_under,
    take_own_back,
)
from tests.support.self_entry import NUMBERS, typed

_S = ApplicationState


@pytest.fixture
def open_to_crews(fresh: Competition, organiser: Account) -> Competition:
    change_self_entry(fresh, SelfEntry(open=True, crews=True), organiser)
    return fresh


def both(competition: Competition, **more: str) -> dict[str, str]:
    """What is typed for a crew of two on one phone."""
    second = {"name": "自报乙", "id_number": NUMBERS[1], "phone": "13900002222", "grade": "4"}
    beside = {field_of(key, 2): value for key, value in second.items()}
    return typed(competition, crew="甲一组") | beside | more


def seen(*applications: Application) -> dict[str, int]:
    return {row.public_id: row.version for row in applications}


def test_two_of_a_crew_from_one_phone_are_one_entry_when_accepted(
    app: Flask, open_to_crews: Competition, organiser: Account
) -> None:
    competition, link = open_to_crews, new_link()
    assert hand_in_own(competition, both(competition), link, None) == link
    assert hand_in_own(competition, both(competition), link, None) == link
    first = entry_under(link)
    assert first is not None
    [(other_link, second)] = others_under(link)
    assert db.session.query(Application).count() == 2
    assert [cells_of(row)["crew"] for row in (first, second)] == ["甲一组"] * 2
    assert second.link_hash == token_hash(other_link)
    # Nobody comes from the second one's link to the first one's.
    assert others_under(other_link) == []
    alone = accept_people(competition, seen(first), organiser)
    assert ["只有 1 个人" in str(left.why) for left in alone.left] == [True]
    accept_people(competition, seen(first, second), organiser)
    crew = db.session.query(Entrant).filter_by(name="甲一组").one()
    assert [member.name for member in crew.members] == ["自报甲", "自报乙"]
    badges = [badge_behind(row) for row in (first, second)]
    assert badges == [member.badge_token for member in crew.members]
    page = app.test_client().get(f"/r/{link}").text
    assert "组合 甲一组" in page
    assert f"/r/{other_link}" in page
    assert [fault for chain in known_chains() for fault in check_rows(chain.number)] == []


def test_what_is_wrong_with_the_second_stands_beside_their_fields(
    open_to_crews: Competition,
) -> None:
    same = both(open_to_crews, **{"id_number-2": NUMBERS[0], "phone-2": "", "crew": ""})
    with pytest.raises(WrongFieldsError) as refused:
        hand_in_own(open_to_crews, same, new_link(), None)
    assert {key: str(what) for key, what in refused.value.problems.items()} == {
        "id_number-2": "和同组前面的人一样",
        "phone-2": "请写手机号，有事好找你",
        "crew": "写组合的名字",
    }
    assert db.session.query(Application).count() == 0


def test_one_of_them_takes_back_and_deletes_their_own_alone(open_to_crews: Competition) -> None:
    link = new_link()
    hand_in_own(open_to_crews, both(open_to_crews), link, None)
    [(_link, second)] = others_under(link)
    take_own_back(second)
    delete_own(second)
    first = entry_under(link)
    assert first is not None
    assert (first.state, others_under(link)) == (_S.SUBMITTED, [])


def test_the_form_asks_for_a_crew_where_the_organiser_takes_them(
    app: Flask, open_to_crews: Competition, organiser: Account
) -> None:
    visitor, where = app.test_client(), "/p/X/enter"
    page = visitor.get(where).text
    assert "同组第 2 人" in page
    assert 'name="id_number-2"' in page
    answer = visitor.post(where, data=both(open_to_crews, **{"id_number-2": "1"}))
    assert answer.status_code == 400
    assert 'id="id_number-2-error"' in answer.text
    assert visitor.post(where, data=both(open_to_crews)).status_code == 303
    change_self_entry(open_to_crews, SelfEntry(open=True), organiser)
    assert "同组第 2 人" not in visitor.get(where).text
    hand_in_own(open_to_crews, both(open_to_crews, id_number=NUMBERS[2]), new_link(), None)
    assert db.session.query(Application).count() == 3
