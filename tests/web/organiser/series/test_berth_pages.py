"""Places further up at the desk: given, people put forward, declined, begun; and to whom."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from compete.domain.values.kinds import Level
from compete.domain.values.roles import Role
from compete.models import Account, Competition, Nomination, Series, SeriesBerth, SeriesNode, db
from compete.services.accounts.accounts import create_account, grant_role
from tests.support.announced import announce
from tests.support.series import node_here, node_in, series_by
from tests.support.signing_in import signed_in

PLACES = {"places": "1", "ties": "undecided", "at_least": ""}


def berth_at(client: FlaskClient, node: SeriesNode, above: SeriesNode, **more: str) -> str:
    """The page of places that were given by the form of the node."""
    at = f"/desk/series/{node.series_id}"
    assert node.competition is not None
    event = node.competition.events[0].code
    data = {"event": event, "to": str(above.id), "to_event": "PUMP"} | PLACES | more
    answer = client.post(f"{at}/nodes/{node.id}/berths", data=data)
    assert answer.status_code == 302, answer.text
    return f"{at}/berths/{db.session.scalars(select(SeriesBerth)).one().id}"


def rows_in(page: str) -> list[str]:
    """The states of the rows, in order."""
    return re.findall(r"</td><td><span(?: class=\"is-\w+\")?>([^<]+)</span>", page)


def test_who_goes_up_is_put_forward_by_one_press(
    here: Flask, judged: Competition, organiser: Account
) -> None:
    series = series_by(organiser, level=Level.PROVINCIAL_1)
    above = node_in(series, "全国赛", organiser, level=Level.NATIONAL_1)
    node = node_here(series, judged, organiser, under=above)
    client = signed_in(here, organiser)
    own = f"/desk/series/{series.id}/nodes/{node.id}"
    assert "加名额" in client.get(own).text
    at = berth_at(client, node, above, substitutes="1")
    assert "成绩还没公布" in client.get(at).text
    assert "成绩还没公布" in client.get(f"/desk/series/{series.id}").text
    refused = client.post(f"{own}/berths", data={"event": "", "to": "0", "places": ""})
    assert refused.status_code == 400
    assert "写几个名额" in refused.text


@pytest.fixture
def announced(judged: Competition, organiser: Account) -> Competition:
    announce(judged, organiser)
    return judged


class TestPublished:
    """Places of a competition whose results are published."""

    @pytest.fixture
    def at(self, here: Flask, announced: Competition, organiser: Account) -> str:
        series = series_by(organiser, level=Level.PROVINCIAL_1)
        above = node_in(series, "全国赛", organiser, level=Level.NATIONAL_1)
        node = node_here(series, announced, organiser, under=above)
        return berth_at(signed_in(here, organiser), node, above, substitutes="1")

    def test_declined_and_the_next(self, here: Flask, organiser: Account, at: str) -> None:
        client = signed_in(here, organiser)
        page = client.get(at).text
        assert "推荐 1 人" in page
        assert rows_in(page) == ["有名额", "替补 1", "没轮到", "没轮到"]
        done = client.post(f"{at}/forward", follow_redirects=True).text
        assert "推荐了 1 人" in done
        assert rows_in(done)[0] == "推荐了，等答复"
        person = db.session.scalars(select(Nomination)).one().person
        data = {"person": person, "step": "declined"}
        refused = client.post(f"{at}/answer", data=data)
        assert refused.status_code == 400
        assert "写为什么" in refused.text
        page = client.post(f"{at}/answer", data=data | {"reason": "出差"}, follow_redirects=True)
        assert rows_in(page.text)[:2] == ["不去，换下了", "有名额"]
        assert "出差" in page.text
        page = client.post(
            f"{at}/answer", data={"person": person, "step": "cleared"}, follow_redirects=True
        )
        assert rows_in(page.text)[:2] == ["有名额", "替补 1"]
        assert client.post(f"{at}/answer", data={"step": "no"}).status_code == 400
        refused = client.post(f"{at}/erase")
        assert refused.status_code == 409
        assert "已经推荐过人" in refused.text

    def test_begun(self, here: Flask, organiser: Account, at: str) -> None:
        client = signed_in(here, organiser)
        client.post(f"{at}/forward")
        person = db.session.scalars(select(Nomination)).one().person
        client.post(f"{at}/answer", data={"person": person, "step": "accepted"})
        tree = client.get(at.rpartition("/berths")[0]).text
        assert "答应了 1 人" in tree
        page = client.post(f"{at}/begin", follow_redirects=True).text
        assert "已开赛" in page
        assert rows_in(page) == ["答应去", "没轮到", "没轮到", "没轮到"]
        settled = client.post(f"{at}/settle", data={"count": "2", "method": "抽签"})
        assert "已经开赛" in settled.text

    def test_only_for_who_runs_the_competition(
        self, here: Flask, organiser: Account, at: str
    ) -> None:
        other = create_account("别的组委会")
        admin = create_account("管理员", is_admin=True)
        series = db.session.scalars(select(Series)).one()
        elsewhere = db.session.scalars(select(Competition)).one()
        assert signed_in(here, other).get(at).status_code == 404
        grant_role(other, elsewhere, Role.OBSERVER, by=admin)
        assert signed_in(here, other).get(at).status_code == 404
        assert signed_in(here, admin).get(at).status_code == 200
        assert signed_in(here, organiser).get(f"{at[:-1]}999").status_code == 404
        assert series.made_by == organiser.id

    def test_places_nobody_was_put_forward_for_are_erased(
        self, here: Flask, organiser: Account, at: str
    ) -> None:
        client = signed_in(here, organiser)
        client.post(f"{at}/erase")
        assert db.session.scalars(select(SeriesBerth)).all() == []
