from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser

from tests.support.application import serving
from tests.support.browser import SIZES, Visitor


def small_site() -> Flask:
    site = Flask("small", static_folder=None)
    pages = {
        "/": "<meta name=viewport content='width=device-width'><title>well</title><h1>竞赛台</h1>",
        "/broken": "<script>undefined_name()</script>",
        "/missing": "<img src='/nowhere.png' alt=''>",
    }
    for address, html in pages.items():
        site.add_url_rule(address, address, lambda html=html: html)
    site.add_url_rule("/favicon.ico", "icon", lambda: ("", 204))
    return site


def test_a_well_page_gives_no_complaint_and_a_picture(
    visitor: Callable[..., Visitor], picture: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMPETE_TEST_PICTURES", "1")
    with serving(small_site()) as address:
        page = visitor("phone").page()
        page.goto(address)
        assert page.title() == "well"
        assert page.evaluate("innerWidth") == SIZES["phone"]["viewport"]["width"]
        taken = picture(page, "small-site")
    assert taken.read_bytes().startswith(b"\x89PNG")
    taken.unlink()


def test_an_error_in_a_script_or_a_missing_file_is_a_complaint(chromium: Browser) -> None:
    someone = Visitor(chromium.new_context())
    with serving(small_site()) as address:
        page = someone.page()
        page.goto(f"{address}/broken")
        page.goto(f"{address}/missing")
    assert any("undefined_name" in text for text in someone.unexpected())
    assert any("404" in text for text in someone.unexpected())
    someone.expect("undefined_name")
    someone.expect("404")
    assert someone.unexpected() == []
    someone.context.close()
