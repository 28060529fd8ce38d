"""A crew from one phone: each has an entry and a link of their own; accepted together it is one."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask import Flask

from compete.domain.values.states import ApplicationState
from compete.models import Account, Application, Competition, Entrant, Member, db
from compete.models.types import token_hash
from compete.services.accounts.sign_in_cards import use_card
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.chains import known_chains
from compete.services.kernel.competition_settings import SelfEntry
from compete.services.kernel.refusal import Refused
from compete.services.kernel.row_checks import check_rows
from compete.services.registration.acceptance import accept_people, return_people
from compete.services.registration.applications import cells_of
from compete.services.registration.badges import replace_badge
from compete.services.registration.corrections import WrongFieldsError
from compete.services.registration.portraits import marks_of_people, portrait_mark, portrait_of
from compete.services.registration.self_entry.confirmation import (
    assign_unit,
    confirm_own,
    return_own,
)
from compete.services.registration.self_entry.crew_entry import field_of, others_under, partners_of
from compete.services.registration.self_entry.own_entry import (
    badge_behind,
    correct_own,
    delete_own,
    entry_under,
    hand_in_own,
    new_link,
    take_own_back,
)
from compete.services.registration.self_entry.settings import OTHER_UNIT, change_self_entry
from compete.services.registration.units.links import make_link
from tests.support.pictures import photo
from tests.support.self_entry import NUMBERS, typed
from tests.support.signing_in import signed_in
from tests.support.small import IDS

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
    assert [str(left.why) for left in alone.left] == ["同组的还有 自报乙，一组的人一起办"]
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


def test_a_crew_goes_back_as_a_whole_and_each_deletes_their_own(
    app: Flask, open_to_crews: Competition
) -> None:
    competition, link, other = open_to_crews, new_link(), new_link()
    hand_in_own(competition, both(competition), link, None)
    # Somebody else who only wrote the same name of a crew takes nobody with them.
    hand_in_own(competition, typed(competition, crew="甲一组", id_number=NUMBERS[2]), other, None)
    first, stranger = entry_under(link), entry_under(other)
    assert first is not None
    assert stranger is not None
    [(other_link, second)] = others_under(link)
    assert "同组 2 人的一起撤回" in app.test_client().get(f"/r/{other_link}").text
    assert "人的一起撤回" not in app.test_client().get(f"/r/{other}").text
    take_own_back(stranger)
    assert [row.state for row in (first, second)] == [_S.SUBMITTED] * 2
    take_own_back(second)
    assert [row.state for row in (first, second)] == [_S.TAKEN_BACK] * 2
    delete_own(second)
    assert (first.state, others_under(link)) == (_S.TAKEN_BACK, [])
    # Handed in again it is the same crew still.
    correct_own(first, both(competition), first.version, None)
    assert [left.name for left in partners_of(first, (_S.TAKEN_BACK,))] == []


def test_a_crew_is_confirmed_given_back_and_accepted_as_a_whole(
    app: Flask, open_to_crews: Competition, organiser: Account
) -> None:
    competition, unit, link = open_to_crews, open_to_crews.units[0], new_link()
    contact = use_card(make_link(unit, competition, "顾燕", organiser))
    third = {"name": "自报丙", "id_number": NUMBERS[2], "phone": "13900003333", "grade": "4"}
    beside = {field_of(key, 3): value for key, value in third.items()}
    hand_in_own(competition, both(competition) | beside, link, None)
    rows = db.session.query(Application).order_by(Application.id).all()
    assert {row.state for row in rows} == {_S.UNCONFIRMED}
    page = signed_in(app, contact).get("/unit/X/").text
    assert "一组 3 人一起确认、退回：自报甲、自报乙、自报丙" in page
    assert "3 人自己报了名" in page
    with pytest.raises(Refused, match="同组的还有 自报丙"):
        confirm_own(unit, competition, seen(*rows[:2]), contact)
    with pytest.raises(Refused, match="同组的还有 自报甲、自报丙"):
        return_own(unit, competition, seen(rows[1]), "照片不清", contact)
    whole = " ".join(f"{row.public_id}:{row.version}" for row in rows)
    assert f'value="{whole}"' in page
    answer = signed_in(app, contact).post("/unit/X/confirm", data={"who": whole})
    assert answer.status_code == 302
    db.session.expire_all()
    assert {row.state for row in rows} == {_S.SUBMITTED}
    desk = signed_in(app, organiser).get("/desk/X/applications").text
    assert desk.count('name="who"') == 1
    assert "勾上就是一组 3 人：自报甲、自报乙、自报丙" in desk
    in_part = return_people(competition, seen(rows[0]), "照片不清", organiser)
    assert [str(left.why) for left in in_part.left] == ["同组的还有 自报乙、自报丙，一组的人一起办"]
    assert not return_people(competition, seen(*rows), "照片不清", organiser).left
    for row in rows[:2]:
        correct_own(row, read_again(competition, row), row.version, None)
    with pytest.raises(Refused, match="同组的 自报丙 退回了还没再交"):
        confirm_own(unit, competition, seen(*rows[:2]), contact)
    two = accept_people(competition, seen(*rows[:2]), organiser)
    assert [len(two.entrants), len(two.left)] == [0, 2]
    correct_own(rows[2], read_again(competition, rows[2]), rows[2].version, None)
    done = accept_people(competition, seen(*rows), organiser)
    assert [done.left, {entrant.name for entrant in done.entrants}] == [[], {"甲一组"}]


def read_again(competition: Competition, row: Application) -> dict[str, str]:
    """What the form sends of somebody who changes nothing."""
    own_cells = {key: typed(competition)[key] for key in ("unit", "consent")}
    return {**cells_of(row), **own_cells}


def test_of_a_crew_with_one_who_is_on_the_list_nobody_is_accepted(
    open_to_crews: Competition, organiser: Account
) -> None:
    competition, link = open_to_crews, new_link()
    third = {"name": "自报丙", "id_number": IDS["P1"], "phone": "13900003333", "grade": "4"}
    beside = {field_of(key, 3): value for key, value in third.items()}
    hand_in_own(competition, both(competition) | beside, link, None)
    rows = db.session.query(Application).order_by(Application.id).all()
    done = accept_people(competition, seen(*rows), organiser)
    assert (len(done.entrants), {str(left.why) for left in done.left}) == (
        0,
        {
            "这个赛项的名单里已经有这个人：甲单位 P1 赵启明。用不着这一份就退回",
            "同组的 自报丙 收不了，一组的人一起收",
        },
    )


def test_whose_a_crew_is_that_wrote_its_unit_is_said_once(
    open_to_crews: Competition, organiser: Account
) -> None:
    competition, link = open_to_crews, new_link()
    change_self_entry(competition, SelfEntry(open=True, crews=True, other_units=True), organiser)
    hand_in_own(competition, both(competition, unit=OTHER_UNIT, other_unit="新单位"), link, None)
    rows = db.session.query(Application).order_by(Application.id).all()
    unit = assign_unit(rows[0], competition.units[0].code, rows[0].version, organiser)
    assert [row.unit_id for row in rows] == [unit.id] * 2


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


def test_each_of_a_crew_sends_the_own_photo_from_the_own_phone(
    app: Flask, open_to_crews: Competition, organiser: Account
) -> None:
    competition, link = open_to_crews, new_link()
    hand_in_own(competition, both(competition), link, None)
    first = entry_under(link)
    assert first is not None
    [(other_link, second)] = others_under(link)
    visitor = app.test_client()

    def send(token: str, seen: str) -> int:
        data = {"photo": (BytesIO(photo(size=(600, 840))), "p.jpg"), "seen": seen}
        return visitor.post(f"/r/{token}/photo", data=data).status_code

    version = second.version
    assert "同组的人各传各的" in visitor.get(f"/r/{other_link}").text
    assert [send(other_link, "none"), send(other_link, "none")] == [303, 409]
    assert visitor.get(f"/r/{other_link}/photo.jpg").mimetype == "image/jpeg"
    assert (portrait_of(first), second.version) == (None, version + 1)
    # Whoever saw the entry before has to look again.
    stale = accept_people(competition, {**seen(first), second.public_id: version}, organiser)
    assert (stale.entrants, len(stale.left)) == ([], 2)
    accept_people(competition, seen(first, second), organiser)
    crew = db.session.query(Entrant).filter_by(name="甲一组").one()
    assert [portrait_of(member) is not None for member in crew.members] == [False, True]
    # On the list one that is lacking may come still; none is changed unseen.
    assert [send(link, "none"), send(link, mark(crew.members[0]))] == [303, 409]
    assert send(other_link, mark(crew.members[1])) == 409
    assert "照片有了，要换找组委会" not in visitor.get(f"/r/{link}").text
    assert visitor.get(f"/r/{link}/photo.jpg").mimetype == "image/jpeg"
    assert set(marks_of_people(competition, [crew])) == {
        ("member", member.id) for member in crew.members
    }
    replace_badge(crew.members[0], "丢了", organiser)
    assert visitor.get(f"/r/{link}/photo.jpg").status_code == 404
    assert send("x" * 32, "none") == 404
    assert list(verify_chain(competition)) == []


def mark(holder: Member) -> str:
    return portrait_mark(portrait_of(holder))
