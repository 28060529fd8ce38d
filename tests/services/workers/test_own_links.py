"""Links to own records: given, entered, guessed at in vain, shared, ended with who they lead to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from compete.models import Account, Competition, Person, PersonLink, PersonShare, db, utc_now
from compete.services.competitions.erasure_requests import erase_person
from compete.services.directory.duplicates import merge_people
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.workers.own_links import (
    IN,
    MOST_MISSED,
    MOST_SHARES,
    MOST_TRIES,
    REST,
    SHARED_DAYS,
    UNCLAIMED,
    RestingError,
    choose_pin,
    enter,
    give_link,
    is_in,
    leave,
    link_behind,
    links_of,
    prove_first,
    share,
    shared_person,
    shares_of,
    take_share_back,
    withdraw_link,
)
from tests.services.directory.test_person_records import another, assert_whole, entrant
from tests.support.small import IDS, small
from tests.support.together import together

FOUR = IDS["P1"][-4:]


def of(competition: Competition, code: str = "P1") -> Person:
    person = entrant(competition, code).person
    assert person is not None
    return person


def given(competition: Competition, by: Account, code: str = "P1") -> PersonLink:
    return give_link(of(competition, code), by)


def claimed(competition: Competition, by: Account, pin: str = "482716") -> PersonLink:
    """A link whose holder was in and set a PIN."""
    link = given(competition, by)
    choose_pin(link, prove_first(link, FOUR), pin, pin)
    return link


def wrong(link: PersonLink, answer: str = "0000") -> Refused:
    with pytest.raises(Refused) as refused:
        (enter if link.pin_hash else prove_first)(link, answer)
    return refused.value


@pytest.mark.each_database
def test_the_first_entry_takes_the_last_four_and_every_other_the_pin(
    fresh: Competition, organiser: Account
) -> None:
    link = given(fresh, organiser)
    token = link.link
    assert link_behind(token).id == link.id
    with pytest.raises(Refused, match="先填证件号码的后四位"):
        enter(link, "482716")
    with pytest.raises(Refused, match="先证明是本人"):
        choose_pin(link, "", "482716", "482716")
    entry = prove_first(link, f" {FOUR.lower()} ")
    assert is_in(link, entry)
    for pin, again, why in (
        ("482", "482", "4 到 6 位"),
        ("123456", "123456", "太好猜"),
        ("482716", "482717", "不一样"),
    ):
        with pytest.raises(Refused, match=why):
            choose_pin(link, entry, pin, again)
    choose_pin(link, entry, "482716", "482716")
    with pytest.raises(Refused, match="用 PIN 进"):
        prove_first(link, FOUR)
    with pytest.raises(Refused, match="用 PIN 进"):
        choose_pin(link, entry, "482717", "482717")
    again = enter(link, "482716")
    # A second device puts the first one out.
    assert is_in(link, again)
    assert not is_in(link, entry)
    assert not is_in(link, None)
    leave(link)
    assert not is_in(link, again)
    assert_whole()


def test_an_entry_ends_by_itself(fresh: Competition, organiser: Account) -> None:
    link = claimed(fresh, organiser)
    entry = enter(link, "482716")
    with time_machine.travel(utc_now() + IN + timedelta(seconds=1)):
        assert not is_in(link, entry)


@pytest.mark.each_database
def test_five_wrong_ones_rest_a_quarter_of_an_hour_and_the_right_one_waits_too(
    fresh: Competition, organiser: Account
) -> None:
    link = given(fresh, organiser)
    left = [str(wrong(link).message) for _try in range(MOST_TRIES)]
    assert "还能试 4 次" in left[0]
    assert "还能试 1 次" in left[3]
    assert "以后再试" in left[4]
    with pytest.raises(RestingError):
        prove_first(link, FOUR)
    with time_machine.travel(utc_now() + REST + timedelta(seconds=1)):
        prove_first(link, FOUR)
    assert (link.tries, link.missed, link.rest_until) == (0, 0, None)


def test_who_goes_on_guessing_finds_the_link_ended(fresh: Competition, organiser: Account) -> None:
    link = claimed(fresh, organiser)
    token, now = link.link, utc_now()
    for round_ in range(MOST_MISSED // MOST_TRIES):
        with time_machine.travel(now + round_ * (REST + timedelta(seconds=1))):
            refusals = [wrong(link, "111222") for _try in range(MOST_TRIES)]
    assert refusals[-1].kind is Refusal.LOCKED_OUT
    assert "停用" in str(refusals[-1].message)
    with pytest.raises(Refused, match="停用") as gone:
        link_behind(token)
    assert gone.value.kind is Refusal.GONE
    assert wrong(link, "482716").kind is Refusal.LOCKED_OUT
    # Whoever gave it gives a new one, and the guesses of before count no more.
    new = given(fresh, organiser)
    assert prove_first(link_behind(new.link), FOUR)
    assert_whole()


def test_tries_side_by_side_are_no_more_than_one_after_another(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    number = given(fresh, organiser).id

    def guess(n: int) -> Callable[[], str]:
        return lambda: prove_first(db.session.get_one(PersonLink, number), f"{n:04}")

    answers = together(app, *map(guess, range(9000, 9012)))
    assert {type(it) for it in answers} == {Refused, RestingError}
    wrong_ones = [it for it in answers if it.kind is Refusal.WRONG_SECRET]
    assert len(wrong_ones) < MOST_TRIES
    assert db.session.get_one(PersonLink, number).missed == MOST_TRIES


def test_what_is_no_answer_costs_no_try(fresh: Competition, organiser: Account) -> None:
    link = given(fresh, organiser)
    with pytest.raises(Refused) as short:
        prove_first(link, "12")
    assert short.value.kind is Refusal.INVALID
    assert link.missed == 0


def test_a_link_that_nobody_used_lapses(fresh: Competition, organiser: Account) -> None:
    link = given(fresh, organiser)
    later = utc_now() + UNCLAIMED + timedelta(days=1)
    with time_machine.travel(later), pytest.raises(Refused, match="过期"):
        link_behind(link.link)


def test_a_new_link_ends_the_one_before(fresh: Competition, organiser: Account) -> None:
    first = claimed(fresh, organiser)
    entry, token = enter(first, "482716"), first.link
    second = given(fresh, organiser)
    assert not is_in(first, entry)
    with pytest.raises(Refused, match="不能用"):
        link_behind(token)
    assert links_of([second.person_id])[second.person_id].id == second.id
    withdraw_link(of(fresh), organiser)
    with pytest.raises(Refused, match="没有能用的链接"):
        withdraw_link(of(fresh), organiser)
    with pytest.raises(Refused, match="没有这个链接"):
        link_behind("no-such-link")
    assert_whole()


def test_who_has_no_number_gets_no_link(
    load: Callable[..., Competition], organiser: Account
) -> None:
    plain = small()
    del plain["entrants"][0]["id_number"]
    with pytest.raises(Refused, match="没有登记证件号码"):
        given(load(plain), organiser)


def test_a_merger_ends_the_links_of_both(
    load: Callable[..., Competition], organiser: Account
) -> None:
    first, second = load(small()), load(another(P2={"name": "钱文文"}))
    links = [give_link(of(it, "P2"), organiser) for it in (first, second)]
    tokens = [it.link for it in links]
    shown = share(links[0]).token
    merge_people(of(first, "P2"), of(second, "P2"), organiser)
    for token in tokens:
        with pytest.raises(Refused, match="不能用"):
            link_behind(token)
    with pytest.raises(Refused, match="收回"):
        shared_person(shown)
    # The link of the merged record is that of the one that stands for it.
    new = give_link(of(second, "P2"), organiser)
    assert links_of([of(first, "P2").id, of(second, "P2").id]).keys() == {
        of(first, "P2").id,
        of(second, "P2").id,
    }
    assert new.person_id in {of(first, "P2").id, of(second, "P2").id}
    assert_whole()


@pytest.mark.each_database
def test_erasure_takes_link_and_shares_away(fresh: Competition, organiser: Account) -> None:
    link = claimed(fresh, organiser)
    share(link)
    with unit_of_work():
        erase_person(entrant(fresh, "P1"), "本人要求", organiser)
    assert db.session.scalars(select(PersonLink.id)).all() == []
    assert db.session.scalars(select(PersonShare.id)).all() == []
    assert_whole()


def test_a_share_ends_after_its_days_or_sooner(fresh: Competition, organiser: Account) -> None:
    link = claimed(fresh, organiser)
    first, second = share(link), share(link)
    tokens = first.token, second.token
    assert [it.number for it in shares_of(link)] == [second.id, first.id]
    take_share_back(link, second.id)
    with pytest.raises(Refused, match="收回"):
        shared_person(tokens[1])
    assert shared_person(tokens[0]).owner.person_id == link.person_id
    with time_machine.travel(utc_now() + timedelta(days=SHARED_DAYS, seconds=1)):
        with pytest.raises(Refused, match="到期"):
            shared_person(tokens[0])
        assert shares_of(link) == []
    for _more in range(MOST_SHARES - 1):
        share(link)
    with pytest.raises(Refused, match="先收回一个"):
        share(link)
    assert_whole()


def test_nobody_takes_back_what_another_shared(fresh: Competition, organiser: Account) -> None:
    own, other = share(claimed(fresh, organiser)), given(fresh, organiser, "P2")
    with pytest.raises(Refused, match="没有这个链接"):
        take_share_back(other, own.id)
    assert shared_person(own.token).ended_at is None
