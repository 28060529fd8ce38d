"""A labour competition has its ranking and its people, and says what pages it has not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

import compete
from compete.models import Account, Competition
from tests.support.signing_in import signed_in

_SAMPLE = Path(compete.__file__).parents[1] / "sample_events" / "key-projects-labour"


@pytest.fixture
def desk(app: Flask, load: Callable[..., Competition], organiser: Account) -> FlaskClient:
    load(json.loads((_SAMPLE / "bundle.json").read_text()))
    return signed_in(app, organiser)


_OF_SKILLS = (
    "awards",
    "certificates",
    "certificates/register.xlsx",
    "recheck",
    "entrants",
    "entrants/upload",
    "entrants/workbook.xlsx",
    "judges?people=1",
    "paper",
    "handover",
    "coding",
    "decisions",
    "recusals",
    "standings.xlsx",
    "publish",
    "lock",
)


def test_it_has_its_own_pages_and_says_that_it_has_no_others(desk: FlaskClient) -> None:
    for page in ("", "labour", "labour.xlsx", "accounts"):
        assert desk.get(f"/desk/LB-2022/{page}", follow_redirects=True).status_code == 200, page
    for page in _OF_SKILLS:
        answer = desk.get(f"/desk/LB-2022/{page}")
        assert answer.status_code == 404, page
        assert "劳动竞赛没有这一页" in answer.text
    for act in ("open", "lock", "publish", "recheck/settings", "judges/add"):
        assert desk.post(f"/desk/LB-2022/{act}", data={"name": "甲"}).status_code == 404, act
