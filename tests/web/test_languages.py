"""A language is a line of `LANGUAGES` and a catalogue: pages offer and take what stands there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from compete.language import LANGUAGES, Language


@pytest.fixture
def _third(monkeypatch: pytest.MonkeyPatch) -> None:
    third = Language("eo", "eo", "eo", "Esperanto", "EO", " ")
    monkeypatch.setitem(LANGUAGES, third.code, third)


def offered(client: FlaskClient) -> tuple[str, list[str]]:
    """What the page says it is written in, and the languages it offers."""
    page = client.get("/verify").text
    written = re.search(r'<html lang="([^"]+)"', page)
    assert written is not None
    return written[1], re.findall(r'class="bar-language"[^>]* lang="([^"]+)"', page)


def others(tag: str) -> list[str]:
    return [language.tag for language in LANGUAGES.values() if language.tag != tag]


def test_each_language_offers_all_others(client: FlaskClient) -> None:
    for language in LANGUAGES.values():
        client.get(f"/language/{language.code}")
        assert offered(client) == (language.tag, others(language.tag))


@pytest.mark.usefixtures("_third")
def test_a_new_one_is_offered_beside_the_others_and_kept(client: FlaskClient) -> None:
    assert offered(client) == ("zh-CN", others("zh-CN"))
    assert "eo" in others("zh-CN")
    assert client.get("/language/eo").status_code == 302
    assert offered(client) == ("eo", others("eo"))


def test_a_form_that_came_back_leads_to_the_page_it_was_sent_from(client: FlaskClient) -> None:
    came = {"Referer": "http://localhost/sign-in?next=/organiser/"}
    page = client.post("/sign-in", headers=came, data={"username": "", "password": ""}).text
    assert "back=/sign-in?next%3D/organiser/" in page


def test_what_is_no_language_of_ours_is_not_taken(client: FlaskClient) -> None:
    assert client.get("/language/eo").status_code == 404


def test_a_text_without_values_writes_its_per_cent_once() -> None:
    web = Path(__file__).resolve().parents[2] / "compete" / "web"
    doubled = [
        f"{path.name}:{call.lineno}"
        for path in web.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "_"
        and not call.keywords
        and isinstance(call.args[0], ast.Constant)
        and "%%" in str(call.args[0].value)
    ]
    assert doubled == []
