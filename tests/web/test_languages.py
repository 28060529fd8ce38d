"""A language is a line of `LANGUAGES` and a catalogue: pages offer and take what stands there."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from compete.language import LANGUAGES, Language


@pytest.fixture
def _third(monkeypatch: pytest.MonkeyPatch) -> None:
    third = Language("fr", "fr", "fr", "Français", "FR", " ")
    monkeypatch.setitem(LANGUAGES, third.code, third)


def offered(client: FlaskClient) -> tuple[str, list[str]]:
    """What the page says it is written in, and the languages it offers."""
    page = client.get("/verify").text
    written = re.search(r'<html lang="([^"]+)"', page)
    assert written is not None
    return written[1], re.findall(r'class="bar-language"[^>]* lang="([^"]+)"', page)


def test_each_of_two_languages_offers_the_other(client: FlaskClient) -> None:
    assert offered(client) == ("zh-CN", ["en"])
    client.get("/language/en")
    assert offered(client) == ("en", ["zh-CN"])


@pytest.mark.usefixtures("_third")
def test_a_third_is_offered_beside_the_others_and_kept(client: FlaskClient) -> None:
    assert offered(client) == ("zh-CN", ["en", "fr"])
    assert client.get("/language/fr").status_code == 302
    assert offered(client) == ("fr", ["zh-CN", "en"])


def test_what_is_no_language_of_ours_is_not_taken(client: FlaskClient) -> None:
    assert client.get("/language/fr").status_code == 404
