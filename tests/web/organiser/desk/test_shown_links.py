"""Nobody is shown a link to a page that does not let them in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete.domain.bundle.writing import write_bundle
from compete.domain.values.roles import Role
from compete.models import Account, Competition
from tests.domain.labour.build import indicator, labour_bundle, quarter, value
from tests.support.announced import announce
from tests.support.appealing import official
from tests.support.signing_in import signed_in

LINK = re.compile(r'<a\b[^>]*\bhref="(/[^"#]*)')
MOST = 150


def refused_links(client: FlaskClient, start: str) -> set[tuple[str, str, int]]:
    """From `start` along all links: the page, where it led and the status, where that is refused.

    Of each address one form of its search words is followed.
    """
    met, waiting = {urlsplit(start).path}, [("", start)]
    refused = set[tuple[str, str, int]]()
    for on, address in waiting:
        answer = client.get(address, follow_redirects=True)
        if answer.status_code >= 400:
            refused.add((on, address, answer.status_code))
        if answer.mimetype != "text/html":
            continue
        for link in LINK.findall(answer.text):
            path = urlsplit(unescape(link)).path
            if path not in met and not path.startswith(("/language/", "/sign-out")):
                met.add(path)
                waiting.append((address, unescape(link)))
    assert 2 < len(met) < MOST
    return refused


@pytest.fixture
def labour(load: Callable[..., Competition]) -> Competition:
    values = [value(unit, "一月", "安全", 90) for unit in "甲乙"]
    bundle = labour_bundle(
        "甲乙", periods=quarter("一月"), indicators=[indicator("安全", 100)], values=values
    )
    return load(json.loads(write_bundle(bundle)))


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.RECORDER])
def test_every_link_shown_in_a_skills_competition_opens(
    app: Flask, judged: Competition, organiser: Account, role: Role
) -> None:
    announce(judged, organiser)
    client = signed_in(app, official(judged, role, "某人", organiser))
    assert refused_links(client, "/") == set()


def test_every_link_shown_in_a_labour_competition_opens(
    app: Flask, labour: Competition, organiser: Account
) -> None:
    client = signed_in(app, official(labour, Role.SUPERVISOR, "某人", organiser))
    assert refused_links(client, "/") == set()
