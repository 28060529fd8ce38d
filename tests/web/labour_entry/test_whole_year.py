"""A year of the sample played month by month: entered, signed, closed, corrected, announced."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

import compete
from compete.domain import score
from compete.domain.bundle.reading import read_bundle
from compete.domain.values.roles import Role
from compete.models import Account, Competition
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.kernel.chain_checks import verify_chain
from compete.services.labour.corrections import corrections_of
from compete.services.labour.departments import save_department
from compete.services.results.record_checks import check_scores
from compete.services.results.snapshots import standing_publications
from tests.services.labour.made_up import PIN, recorder
from tests.support.signing_in import signed_in

pytestmark = pytest.mark.usefixtures("sound")

_SAMPLE = Path(compete.__file__).parents[1] / "sample_events" / "key-projects-labour"
_OF_EACH_GROUP = 2
_DEPARTMENTS = {
    "安质部": ["safety", "quality", "integrity"],
    "工程部": ["progress", "innovation", "management"],
}


def _few() -> dict[str, Any]:
    """The sample with a few units of each group, those among them that it says something about."""
    tree: dict[str, Any] = json.loads((_SAMPLE / "bundle.json").read_text())
    labour = tree["labour"]
    named_units = {row["unit"] for row in (*labour["adjustments"], *labour["vetoes"])}
    kept = set[str]()
    for group in sorted(set(labour["groups"].values())):
        units = [unit for unit, its in labour["groups"].items() if its == group]
        kept |= set(sorted(units, key=lambda unit: unit not in named_units)[:_OF_EACH_GROUP])
    tree["units"] = [unit for unit in tree["units"] if unit["code"] in kept]
    labour["groups"] = {unit: its for unit, its in labour["groups"].items() if unit in kept}
    for what in ("values", "adjustments", "vetoes"):
        labour[what] = [row for row in labour[what] if row["unit"] in kept]
    return tree


class _Year:
    """Everybody at their pages."""

    def __init__(self, app: Flask, competition: Competition, organiser: Account) -> None:
        second = create_account("沈亮")
        grant_role(second, competition, Role.ORGANISER)
        self.competition, self.code = competition, competition.code
        self.desk, self.other = signed_in(app, organiser), signed_in(app, second)
        self.clerks: dict[str, tuple[FlaskClient, list[str]]] = {}
        for name, codes in _DEPARTMENTS.items():
            made = save_department(competition, name, codes, None, organiser)
            person = recorder(f"{name}的人", competition, made)
            self.clerks[person.name] = signed_in(app, person), codes

    def enter(self, period: str, values: list[dict[str, Any]]) -> None:
        """Each department its own indicators, and signs them off."""
        for name, (client, codes) in self.clerks.items():
            mine = [row for row in values if row["indicator"] in codes]
            if not mine:
                continue
            acts = [act for row in mine for act in _acts(row)]
            reply = client.post(f"/labour-entry/{self.code}/acts", json={"acts": acts}).json
            assert reply is not None
            assert reply["refused"] == []
            signed = client.post(
                f"/labour-entry/{self.code}/{period}/sign", json={"pin": PIN, "name": name}
            )
            assert signed.status_code == 200, signed.text

    def correct(self, kind: str, *, period: str, **fields: Any) -> None:
        """One asks on the period's page, the other agrees."""
        asked = self.desk.post(
            f"/desk/{self.code}/labour/periods/{period}/correct", data={"kind": kind, **fields}
        )
        assert asked.status_code == 302, asked.text
        number = corrections_of(self.competition)[0].id
        self.other.post(f"/desk/{self.code}/labour/corrections/{number}/agree")
        assert corrections_of(self.competition)[0].ended_at is not None

    def close(self, period: str) -> None:
        closed = self.desk.post(
            f"/desk/{self.code}/labour/periods/{period}/close", data={"reason": "没有都来"}
        )
        assert closed.status_code == 302, closed.text

    def publish(self, note: str = "") -> None:
        done = self.desk.post(f"/desk/{self.code}/labour/publish", data={"note": note})
        assert done.status_code == 302, done.text


def _acts(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    at = {"at": "2022-02-03T01:02:03Z", "sure": True, "unit": row["unit"]}
    for kind, key in (("target", "target"), ("value", "value")):
        if key in row:
            yield {
                **{"uuid": str(uuid4()), "period": row["period"], "kind": kind, **at},
                **{"indicator": row["indicator"], "text": str(row[key])},
            }


def _after_its_parts(periods: list[dict[str, Any]]) -> list[str]:
    """The periods in the order in which they are closed."""

    def below(code: str | None) -> Iterator[str]:
        for period in periods:
            if period.get("part_of") == code:
                yield from below(period["code"])
                yield period["code"]

    return list(below(None))


@pytest.fixture
def played(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> tuple[_Year, dict[str, Any]]:
    """The year with its first quarter corrected after it was announced."""
    tree = _few()
    labour = tree["labour"]
    empty = {**tree, "labour": {**labour, "values": [], "adjustments": [], "vetoes": []}}
    year = _Year(app, load(empty), organiser)
    slip = next(row for row in labour["values"] if row["period"] == "M02")
    for period in _after_its_parts(labour["periods"]):
        there = [row for row in labour["values"] if row["period"] == period]
        # One square is signed off wrong, and put right by two persons when the quarter is out.
        year.enter(period, [{**row, "value": "9"} if row is slip else row for row in there])
        for kind, key in (("adjustment", "adjustments"), ("veto", "vetoes")):
            for entry in (row for row in labour[key] if row["period"] == period):
                year.correct(kind, **entry)
        year.close(period)
        if period in ("M01", "Q1", "Q2", "Q3", "Y2022"):
            year.publish()
        if period == "Q1":
            year.correct(
                "value",
                period="M02",
                unit=slip["unit"],
                indicator=slip["indicator"],
                points=slip["value"],
                reason="看错行",
            )
            year.publish("2 月看错行")
    return year, tree


def test_the_pages_of_a_year_say_what_score_says_of_the_file_that_anyone_gets(
    app: Flask, played: tuple[_Year, dict[str, Any]]
) -> None:
    year, tree = played
    wanted = score(read_bundle(json.dumps(tree).encode())).labour
    visitor = app.test_client()
    year_results = score(read_bundle(visitor.get(f"/p/{year.code}/bundle.json").data)).labour
    assert wanted is not None
    assert year_results is not None
    assert year_results.periods == wanted.periods, "one year, whether entered or loaded"
    names = {unit["code"]: unit["name"] for unit in tree["units"]}
    standings = {
        period.code: {
            names[row.unit]: (str(row.rank or "—"), row.total or "—") for row in period.standings
        }
        for period in wanted.periods
    }
    for code, rows in standings.items():
        assert _standings(visitor.get(f"/p/{year.code}/periods/{code}").text) == rows
    desk = _standings(year.desk.get(f"/desk/{year.code}/labour").text)
    assert len(desk) == _OF_EACH_GROUP, "a group at a time"
    assert desk.items() <= standings[wanted.final].items()
    versions = standing_publications(year.competition)
    assert [check_scores(version) for version in versions] == [None] * 6
    assert list(verify_chain(year.competition)) == []


def _standings(page: str) -> dict[str, tuple[str, str]]:
    """Rank and total by the unit's name, as the rows of a page's tables have them."""
    standings = {}
    for row in re.findall(r"<tr[^>]*>(.*?)</tr>", page, re.S):
        cells = [
            " ".join(unescape(re.sub(r"<[^>]+>", " ", cell)).split())
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)
        ]
        link = re.search(r'<th scope="row"[^>]*>\s*<a [^>]*>([^<]+)</a>', row)
        total = re.search(r'<td class="num (?:total|sum)[^"]*">(?:<b>)?\s*([^<\s]+)', row)
        if link is not None and total is not None:
            standings[unescape(link[1]).strip()] = cells[0], total[1]
    return standings
