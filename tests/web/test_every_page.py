"""Every page of every sample competition can be drawn, in both languages and at every step."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete.models import Account, Competition
from compete.resources import resource_dir
from compete.services.accounts import create_account
from compete.services.certificates import (
    issue_award_certificates,
    issue_grade_certificates,
    unissued_awards,
)
from compete.services.closing import grade_decisions_of
from compete.services.competitions import demo_links, load_samples
from tests.support.announced import announce, approve_all, body_for
from tests.support.competitions import load_sample, sample_names
from tests.support.signing_in import signed_in

PAGES = [
    "/desk/",
    "/desk/{code}/",
    "/desk/{code}/analysis",
    "/desk/{code}/awards",
    "/desk/{code}/certificates",
    "/desk/{code}/certificates/body",
    "/desk/{code}/entrants",
    "/desk/{code}/entrants/upload",
    "/desk/{code}/entrants/workbook.xlsx",
    "/desk/{code}/judges",
    "/desk/{code}/judges?people=1",
    "/desk/{code}/labour",
    "/desk/{code}/lock",
    "/desk/{code}/locks",
    "/desk/{code}/progress",
    "/desk/{code}/publish",
    "/desk/{code}/recheck",
    "/desk/{code}/standings",
    "/desk/{code}/standings.xlsx",
    "/p/{code}",
    "/",
]


def walk(client: FlaskClient, competition: Competition) -> None:
    """Open every page; none may fail, and none may lead in a circle."""
    for page in PAGES:
        address = page.format(code=competition.code)
        answer = client.get(address, follow_redirects=True)
        assert answer.status_code in (200, 404), (address, answer.status_code)
        if answer.status_code == 404:
            # A competition without people has no lists of them.
            assert competition.kind == "labour" or address.startswith("/p/"), address


@pytest.fixture
def admin(app: Flask, here: Flask) -> FlaskClient:
    """Somebody who may open everything."""
    return signed_in(app, create_account("管理员", is_admin=True))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", sample_names())
def test_while_it_is_judged(admin: FlaskClient, here: Flask, name: str, language: str) -> None:
    admin.get(f"/language/{language}")
    walk(admin, load_sample(name))


@pytest.mark.parametrize("name", [name for name in sample_names() if "labour" not in name])
def test_when_all_is_done(admin: FlaskClient, organiser: Account, name: str) -> None:
    competition = load_sample(name, organiser)
    announce(competition, organiser)
    if grade_decisions_of(competition):
        approve_all(competition, organiser)
        issue_grade_certificates(competition, body_for(competition), organiser, "急用")
    if unissued_awards(competition):
        issue_award_certificates(competition, organiser, "急用")
    walk(admin, competition)


def test_before_anything_has_happened(admin: FlaskClient, load: Callable[..., Competition]) -> None:
    from tests.support.small import small

    empty = small()
    empty["entrants"] = []
    walk(admin, load(empty))


def test_the_demonstration_signs_its_four_people_in(app: Flask, here: Flask) -> None:
    assert len(load_samples(resource_dir("sample_events"))) == len(sample_names())
    assert load_samples(resource_dir("sample_events")) == []
    links = list(demo_links())
    assert len(links) == 4
    for link in links:
        app.config["WTF_CSRF_ENABLED"] = False
        client = app.test_client()
        answer = client.post(f"/sign-in/{link.token}", follow_redirects=True)
        assert answer.status_code == 200
        assert link.name in answer.text
