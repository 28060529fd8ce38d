"""The competition's page tells that a place is free and somebody waits for it."""

from __future__ import annotations

from flask import Flask

from compete.models import Account, Competition
from compete.services.accounts.sign_in_cards import use_card
from compete.services.registration.acceptance import accept_people
from compete.services.registration.units.links import make_link
from compete.services.registration.window import Window, change_window
from compete.services.registration.withdrawals import withdraw_person
from tests.services.registration.test_waiting_list import hand_in, seen
from tests.support.people import visitor


def test_a_free_place_for_who_waits_is_told_until_it_is_taken(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    contact = use_card(make_link(fresh.units[0], fresh, "顾燕", organiser))
    change_window(fresh, Window(quota=3), organiser)
    rows = hand_in(fresh, contact, "甲", "乙")
    listed = visitor(app, "organiser", fresh).get("/desk/X/applications").text
    assert listed.count("每个单位最多 3 人，前面的都收下就满了，排候补") == 1
    taken = accept_people(fresh, seen(*rows), organiser)
    desk, sentence = visitor(app, "organiser", fresh), "空出名额了，候补的 乙 可以递补"
    assert sentence not in desk.get("/desk/X/").text
    withdraw_person(taken.entrants[0], "病了", organiser)
    home = desk.get("/desk/X/").text
    assert sentence in home
    assert "/desk/X/applications?show=waiting" in home
    assert sentence not in visitor(app, "chief", fresh).get("/desk/X/").text
    accept_people(fresh, seen(rows[1]), organiser)
    assert sentence not in desk.get("/desk/X/").text
