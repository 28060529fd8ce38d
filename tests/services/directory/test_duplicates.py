"""Two records that may be one person: proposed, merged by hand, taken apart, and by whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from compete.domain.identity.citizen_id import citizen_check_digit
from compete.domain.values.roles import Role
from compete.models import Account, AuditEntry, Competition, Expert, Person, db
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.directory.duplicates import (
    keep_apart,
    merge_people,
    part_person,
    possibly_same,
    propose_again,
    said_to_be_others,
)
from compete.services.directory.experts import add_expert
from compete.services.directory.merged import records_about
from compete.services.directory.visible_people import (
    find_person,
    find_persons,
    known_as,
    may_decide,
    merged_records,
    parts_of,
)
from compete.services.kernel.refusal import Refused
from compete.services.registration.corrections import correct_person
from compete.services.registration.officials import add_official
from tests.services.directory.test_person_records import NEW_ID, another, assert_whole, entrant
from tests.sheets.people import citizen_id
from tests.support.small import IDS, small

Load = Callable[..., Competition]
UNKNOWN: dict[str, Any] = {"id_number": None}
PASSPORT = {
    "id_type": "passport",
    "id_number": "E12345678",
    "birth": "1990-01-01",
    "gender": "male",
}


def person(competition: Competition, code: str) -> Person:
    holder = entrant(competition, code).person
    assert holder is not None
    return holder


def pairs(account: Account) -> set[tuple[str, str]]:
    """By names; without the officials, of whom each competition has the same."""
    pairs_there, total = possibly_same(account, limit=100, offset=0)
    assert total == len(pairs_there)
    return {
        (pair.first.name, pair.second.name)
        for pair in pairs_there
        if db.session.scalar(select(Person.id).where(Person.id == pair.first.id))
    }


@pytest.fixture
def both(load: Load) -> tuple[Competition, Competition]:
    """Last year's and this year's: P1 is known, P2 has another name, P3 and P4 no number."""
    born = {"birth": date(1990, 1, 1).isoformat()}
    first = small()
    for plain in first["entrants"]:
        plain.update(born)
    second = another(P2={"name": "钱文文"}, P3=UNKNOWN | born, P4=UNKNOWN)
    second["entrants"][3].pop("birth", None)
    second["units"][1]["name"] = "丙单位"
    return load(first), load(second)


@pytest.mark.each_database
def test_they_are_proposed_merged_and_taken_apart_with_a_trace(
    both: tuple[Competition, Competition], organiser: Account
) -> None:
    first, second = both
    assert pairs(organiser) == {("钱文", "钱文文"), ("孙䶮", "孙䶮")}, "P4 shares the name alone"
    old, new = person(first, "P3"), person(second, "P3")
    kept, gone = merge_people(new, old, organiser, "本人来电")
    assert (kept.id, gone.id) == (old.id, new.id), "what has a number stays"
    assert pairs(organiser) == {("钱文", "钱文文")}
    assert [part.competition.code for part in parts_of([old.id], organiser)[old.id]] == [
        "NEXT",
        "X",
    ]
    assert find_person(new.id, organiser) is old
    assert merged_records(old, organiser) == [new]
    assert entrant(second, "P3").person_id == new.id, "no competition is touched"
    with pytest.raises(Refused, match="已经是一个人"):
        merge_people(old, new, organiser)
    with pytest.raises(Refused, match="证件号码不同"):
        merge_people(person(first, "P1"), person(first, "P2"), organiser)
    assert part_person(new, organiser) is old
    with pytest.raises(Refused, match="没有合并"):
        part_person(new, organiser)
    assert pairs(organiser) == {("钱文", "钱文文"), ("孙䶮", "孙䶮")}
    records = records_about(old)
    assert [(row.action, row.reason) for row in records] == [
        ("person.part", None),
        ("person.merge", "本人来电"),
    ]
    everything = " ".join(
        f"{row.before} {row.after}" for row in db.session.scalars(select(AuditEntry))
    )
    assert IDS["P3"] not in everything
    keep_apart(new, old, organiser)
    keep_apart(old, new, organiser)
    assert pairs(organiser) == {("钱文", "钱文文")}
    assert said_to_be_others(old) == [new]
    propose_again(old, new, organiser)
    with pytest.raises(Refused, match="没有人说过"):
        propose_again(old, new, organiser)
    assert ("孙䶮", "孙䶮") in pairs(organiser)
    # Who stand in one event are two people, whatever they share.
    twin = entrant(first, "P4")
    with pytest.raises(Refused, match="同一个赛项"):
        merge_people(person(second, "P3"), person(second, "P4"), organiser)
    assert twin.person_id is not None
    assert_whole()


def test_who_organises_one_sees_its_people_alone_and_decides_about_no_others(
    both: tuple[Competition, Competition], organiser: Account
) -> None:
    first, second = both
    neighbour, nobody = create_account("邻"), create_account("过路人")
    admin = create_account("管理员", is_admin=True)
    grant_role(neighbour, second, Role.ORGANISER, by=admin)
    mine, total = find_persons(neighbour, "", limit=100, offset=0)
    assert total == len(mine) == 4 + 5
    assert find_persons(admin, "", limit=1, offset=0)[1] == 4 + 3 + 2 * 5
    assert find_persons(nobody, "", limit=9, offset=0) == ([], 0)
    known, elsewhere = person(first, "P1"), person(first, "P2")
    assert find_person(known.id, neighbour) is known
    assert [part.competition.code for part in parts_of([known.id], neighbour)[known.id]] == ["NEXT"]
    assert find_person(elsewhere.id, neighbour) is None
    assert find_person(elsewhere.id, admin) is elsewhere
    assert [row.name for row in find_persons(neighbour, " 钱 文", limit=9, offset=0)[0]] == [
        "钱文文"
    ]
    assert pairs(neighbour) == set(), "the other of each pair is not theirs"
    assert not may_decide(known, neighbour)
    assert may_decide(person(second, "P3"), neighbour)
    with pytest.raises(Refused, match="由管理员来定"):
        merge_people(person(second, "P3"), person(first, "P3"), neighbour)
    db.session.rollback()
    assert pairs(admin) >= {("孙䶮", "孙䶮")}
    merge_people(person(second, "P3"), person(first, "P3"), admin)
    # The record that stays is seen by whose competition knows the one that was merged.
    assert find_person(person(second, "P3").id, neighbour) is person(first, "P3")
    assert person(first, "P3") in find_persons(neighbour, "", limit=100, offset=0)[0]
    with pytest.raises(Refused, match="由管理员来定"):
        part_person(person(second, "P3"), neighbour)


def test_who_looks_alike_is_proposed(load: Load, organiser: Account) -> None:
    """Another character of the same sound, another paper, and a number that ends the same."""
    first = small()
    born = {"birth": date(1990, 1, 1).isoformat()}
    for plain in first["entrants"]:
        plain.update(born)
    load(first)
    known = IDS["P2"]
    numbers = (f"{region}{known[6:17]}" for region in range(320001, 320999))
    other = next(
        number + known[-1] for number in numbers if citizen_check_digit(number) == known[-1]
    )
    second = another(
        P1={"name": "赵企明", "id_number": None},
        P2={"id_number": other} | born,
        P3=UNKNOWN | born,
        P4={"name": "毫不相干", "id_number": None},
    )
    second["units"][0]["name"] = "甲单位"
    here = load(second)
    passport = {"id_type": "passport", "id_number": "E12345678", "birth": "1990-01-01"}
    correct_person(entrant(here, "P3"), passport, "补证件", organiser)
    names = {"P1": entrant(here, "P1").name, "P2": entrant(here, "P2").name}
    pairs_there, _total = possibly_same(organiser, limit=100, offset=0)
    by_name = {
        pair.second.name: pair for pair in pairs_there if pair.first.id_number or pair.first.birth
    }
    assert not by_name[names["P1"]].same("name_key")
    assert by_name[names["P1"]].may_merge
    tail = by_name[names["P2"]]
    assert (tail.same("id_tail"), tail.other_number, tail.may_merge) == (True, True, False)
    paper = by_name[entrant(here, "P3").name]
    assert (paper.other_number, paper.may_merge) == (True, True)
    assert "毫不相干" not in by_name
    with pytest.raises(Refused, match="证件号码不同"):
        merge_people(tail.first, tail.second, organiser)
    kept, gone = merge_people(paper.first, paper.second, organiser)
    assert gone.merged_into_id == kept.id
    assert_whole()


def test_what_was_corrected_after_a_merger_is_kept_when_it_is_taken_back(
    both: tuple[Competition, Competition], organiser: Account
) -> None:
    first, second = both
    old, new = person(first, "P3"), person(second, "P3")
    merge_people(new, old, organiser)
    for competition, name in ((first, "孙䶮一"), (second, "孙䶮二")):
        correct_person(entrant(competition, "P3"), {"name": name}, "名字写错", organiser)
    assert (old.name, new.name) == ("孙䶮", "孙䶮"), "what two share is nobody's to change"
    part_person(new, organiser)
    assert (old.name, new.name) == ("孙䶮一", "孙䶮二")
    assert [row.name for row in find_persons(organiser, "sunyan", limit=9, offset=0)[0]]
    assert_whole()


def test_people_are_found_by_pinyin_letters_and_the_last_four(
    both: tuple[Competition, Competition],
) -> None:
    admin = create_account("管理员", is_admin=True)

    def names(typed: str) -> set[str]:
        return {row.name for row in find_persons(admin, typed, limit=99, offset=0)[0]}

    assert "钱文文" in names("qianwen")
    assert "钱文文" in names("qww")
    assert names(IDS["P1"][-4:]) >= {person(both[0], "P1").name}
    assert names("zzzz") == set()


def test_an_organiser_finds_people_by_a_unit_of_the_own_competitions(
    both: tuple[Competition, Competition],
) -> None:
    first, second = both
    admin, neighbour = create_account("管理员", is_admin=True), create_account("邻")
    grant_role(neighbour, second, Role.ORGANISER, by=admin)
    own, others = second.units[1].name, first.units[1].name
    here = [entrant(second, code) for code in ("P1", "P2", "P3", "P4")]
    sent = {it.person_id for it in here if it.unit.name == own}

    def ids_of(typed: str) -> set[int]:
        return {row.id for row in find_persons(neighbour, typed, limit=99, offset=0)[0]}

    assert own != others
    assert ids_of(own) == ids_of(f" {own[:2]} ") == sent != set()
    assert ids_of(others) == set(), "a unit of another competition says nothing here"
    merge_people(person(second, "P3"), person(first, "P3"), admin)
    stays, unit = person(first, "P3"), entrant(second, "P3").unit
    assert stays.id in ids_of(unit.name), "who was merged is found as the record that stands"
    merge_people(person(second, "P2"), person(first, "P2"), admin)
    for typed in ("钱文文", "qianwenwen"):
        rows = find_persons(admin, typed, limit=9, offset=0)[0]
        assert [row.name for row in rows] == ["钱文"], "by the name of the record that gave way"
    assert ids_of("钱文文") == {person(first, "P2").id}


def test_a_judge_of_the_own_competition_beside_an_expert_of_the_pool(
    both: tuple[Competition, Competition],
) -> None:
    first, second = both
    admin, neighbour = create_account("管理员", is_admin=True), create_account("邻")
    for account, competition in ((admin, first), (neighbour, second)):
        grant_role(account, competition, Role.ORGANISER, by=admin)
    judge = add_official(second, Role.JUDGE, "许静远", admin, unit=second.units[0])
    for name, unit in (("许静远", second.units[0].name), ("许静源", second.units[0].name)):
        add_expert({"name": name, "kind": "考评员", "unit": unit}, admin)
    assert judge.person is not None
    own = judge.person
    same, sounding = (row.person for row in db.session.scalars(select(Expert).order_by(Expert.id)))
    assert pairs(neighbour) == {("许静远", "许静远"), ("许静远", "许静源")}, (
        "two experts: not theirs"
    )
    assert find_person(same.id, neighbour) is same
    assert find_person(same.id, create_account("过路人")) is None
    with pytest.raises(Refused, match="由管理员来定"):
        merge_people(same, sounding, neighbour)
    db.session.rollback()
    merge_people(same, own, neighbour)
    assert ("许静远", "许静远") not in pairs(neighbour)
    # Whoever judges elsewhere as well is no more theirs to decide about.
    part_person(db.session.get_one(Person, max(own.id, same.id)), neighbour)
    elsewhere = add_official(first, Role.JUDGE, "许静远", admin, unit=first.units[0])
    assert elsewhere.person is not None
    merge_people(elsewhere.person, same, admin)
    assert ("许静远", "许静远") not in pairs(neighbour)
    assert_whole()


def test_a_merger_follows_a_corrected_number_as_long_as_it_can_be_one_person(
    load: Load, organiser: Account
) -> None:
    """The card's number of last year was written wrong; this year's passport is the same person."""
    first, second = load(small()), load(another(P2=UNKNOWN))
    correct_person(entrant(second, "P2"), PASSPORT, "补上", organiser)
    card, paper = person(first, "P2"), person(second, "P2")
    assert merge_people(card, paper, organiser) == (card, paper)
    number = citizen_id(date(1993, 4, 5), 7)
    correct_person(entrant(first, "P2"), {"id_number": number}, "录错", organiser)
    assert person(first, "P2") is card, "no record stays behind with a number that nobody has"
    assert card.id_number == number
    assert merged_records(card, organiser) == [paper]
    correct_person(entrant(second, "P2"), {"id_number": "E87654321"}, "录错", organiser)
    assert person(second, "P2") is paper
    assert (paper.id_number, paper.merged_into_id) == ("E87654321", card.id)
    # Two numbers of one kind of paper: it was not one person, and either page says so.
    other = {"id_type": "citizen_id", "id_number": NEW_ID}
    correct_person(entrant(second, "P2"), other, "证件种类也录错", organiser)
    assert person(second, "P2").id_number == NEW_ID
    assert person(second, "P2").merged_into_id is None
    assert merged_records(card, organiser) == []
    record = records_about(card)[0]
    assert (record.action, record.after["corrected"]) == ("person.part", True)
    assert_whole()


def test_who_counted_for_a_record_that_nobody_holds_stands_alone_again(
    load: Load, organiser: Account
) -> None:
    first, second = load(small()), load(another(P2={"name": "钱雯"}))
    old, new = person(first, "P2"), person(second, "P2")
    kept, gone = merge_people(old, new, organiser)
    assert (kept, gone) == (old, new)
    left = old.id
    correct_person(entrant(first, "P2"), {"id_number": NEW_ID}, "录错", organiser)
    assert person(first, "P2").id_number == NEW_ID
    assert db.session.get(Person, left) is None, "nobody has that number any more"
    assert (person(second, "P2"), new.merged_into_id) == (new, None)
    assert_whole()


def test_of_a_merged_record_an_organiser_sees_what_own_competitions_say(
    load: Load, organiser: Account
) -> None:
    first, second = load(small()), load(another(P2=UNKNOWN | {"name": "钱雯"}))
    correct_person(entrant(second, "P2"), PASSPORT, "补上", organiser)
    neighbour = create_account("邻")
    grant_role(neighbour, second, Role.ORGANISER, by=create_account("管理员", is_admin=True))
    card, paper = person(first, "P2"), person(second, "P2")
    merge_people(card, paper, organiser)
    assert paper.merged_into_id == card.id
    assert known_as([card], neighbour) == {card.id: paper}
    assert known_as([card], organiser) == {card.id: card}
    assert find_persons(neighbour, IDS["P2"][-4:], limit=9, offset=0)[1] == 0
    assert find_persons(neighbour, "5678", limit=9, offset=0)[0] == [card]
    assert merged_records(card, neighbour) == [paper]
    assert merged_records(card, create_account("过路人")) == []
