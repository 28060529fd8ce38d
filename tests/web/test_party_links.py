"""A party's own link: its seal comes over the network, its share only when that is asked for."""

from __future__ import annotations

import html
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete.domain.ceremonies.types import Party
from compete.domain.values.states import CeremonyState
from compete.models import Account, AuditEntry, Competition, DrawCeremony, db
from compete.services.accounts.accounts import create_account
from compete.services.competitions.loading import load_bundle
from compete.services.kernel.chain_checks import verify_chain
from compete.services.schedule import draw_ceremonies
from compete.services.schedule.draw_ceremonies import (
    fix_openings,
    make_party_link,
    publish_head,
    remove_seal,
)
from tests.support.drawing import NAMES, openings_of, prepared
from tests.support.people import visitor
from tests.support.small import read, small


@pytest.fixture
def by(here: Flask) -> Account:
    return create_account("吴敏")


@pytest.fixture
def competition(here: Flask) -> Competition:
    return load_bundle(read(small()))


@pytest.fixture
def ceremony(competition: Competition, by: Account) -> DrawCeremony:
    return prepared(competition, by)


@pytest.fixture
def phone(app: Flask) -> FlaskClient:
    return app.test_client()


def links(ceremony: DrawCeremony, by: Account) -> dict[str, str]:
    return {name: make_party_link(ceremony, name, spare=name == NAMES[-1], by=by) for name in NAMES}


def seal(phone: FlaskClient, to: str, party: Party) -> int:
    return phone.post("/draw/party/seal", data={"to": to, "seal": party.seal}).status_code


def opened(phone: FlaskClient, to: str, party: Party) -> int:
    data = {"to": to, "share": party.share, "key": party.key}
    return phone.post("/draw/party/open", data=data).status_code


def test_a_whole_ceremony_over_the_network_and_nothing_before_its_time(
    phone: FlaskClient, ceremony: DrawCeremony, by: Account
) -> None:
    own, parties = links(ceremony, by), openings_of(ceremony)
    for party in parties:
        assert seal(phone, own[party.name], party) == 200
        # Pressed twice it is the same seal; another one is refused.
        assert seal(phone, own[party.name], party) == 200
    assert seal(phone, own[NAMES[0]], parties[1]) == 409
    assert opened(phone, own[NAMES[0]], parties[0]) == 409
    db.session.expire_all()
    assert {(row.name, row.spare, row.share) for row in ceremony.shares} == {
        (name, name == NAMES[-1], None) for name in NAMES
    }
    publish_head(ceremony, by)
    party_state = phone.post("/draw/party", data={"to": own[NAMES[0]]}).json
    assert party_state is not None
    assert (party_state["phase"], party_state["seal"], party_state["opened"]) == (
        "opening",
        parties[0].seal,
        False,
    )
    assert phone.get(party_state["file"]).json["parties"][0]["share"] is None
    # The spare not before the openings are fixed; another's share by no link but its own.
    assert opened(phone, own[NAMES[-1]], parties[-1]) == 409
    assert opened(phone, own[NAMES[0]], parties[1]) == 400
    db.session.expire_all()
    # What does not fit is no opening of the party's, and leaves no word against it.
    assert all(row.refused_at is None and row.opened_at is None for row in ceremony.shares)
    for party in parties[:-1]:
        assert opened(phone, own[party.name], party) == 200
    assert opened(phone, own[NAMES[0]], parties[0]) == 409
    fix_openings(ceremony, by)
    assert opened(phone, own[NAMES[-1]], parties[-1]) == 200
    db.session.expire_all()
    assert ceremony.state is CeremonyState.DRAWN
    competition = ceremony.event.competition
    assert list(verify_chain(competition)) == []
    seals = db.session.query(AuditEntry).filter_by(action="draw.seal").all()
    assert all(entry.after["own"] for entry in seals)


def test_a_link_is_for_one_seal_of_one_name_and_has_an_end(
    phone: FlaskClient,
    ceremony: DrawCeremony,
    by: Account,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own, parties = links(ceremony, by), openings_of(ceremony)
    first = own[NAMES[0]]
    claim, _dot, mac = first.rpartition(".")
    other = own[NAMES[1]].rpartition(".")[0]
    for forged in ("", "x", f"{other}.{mac}", f"{claim}x.{mac}", f"{claim}.", "1.0.1.1.eA.é"):
        assert phone.post("/draw/party", data={"to": forged}).status_code == 404
        assert seal(phone, forged, parties[0]) == 404
    assert seal(phone, first, parties[0]) == 200
    # Taken out at the desk, the link is over: who saw it puts no other seal in its place.
    remove_seal(ceremony, NAMES[0], by)
    assert seal(phone, first, parties[0]) == 404
    monkeypatch.setattr(draw_ceremonies, "DRAW_PARTY", timedelta(seconds=-1))
    assert seal(phone, own[NAMES[1]], parties[1]) == 404


def test_the_desk_shows_the_code_of_a_party_and_reads_the_words_before_it_publishes(
    app: Flask, competition: Competition, ceremony: DrawCeremony, by: Account, phone: FlaskClient
) -> None:
    desk = visitor(app, "organiser", competition)
    page = f"/desk/{competition.code}/draws/{ceremony.id}"
    assert 'data-part="party"' not in desk.get(page).text
    shown = desk.get(f"{page}?party={NAMES[-1]}&spare=1").text
    assert 'data-part="party"' in shown
    assert f"请保管人“{NAMES[-1]}”扫这个码" in shown
    own, parties = links(ceremony, by), openings_of(ceremony)
    for party in parties:
        assert seal(phone, own[party.name], party) == 200
    again = html.unescape(desk.get(f"{page}?party={NAMES[0]}").text)
    assert 'data-part="party"' not in again
    assert f"“{NAMES[0]}”已经交过封签" in again
    asked = desk.get(f"{page}/publish").text
    for name in NAMES:
        assert f"{name}：" in asked
    assert "和他手机上的四个词不一样，就先拿掉" in asked
    assert "在自己的手机上封签，链接是 吴敏 给的" in desk.get(f"/desk/{competition.code}/").text
