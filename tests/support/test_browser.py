from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser

from tests.support.application import serving
from tests.support.axe import violations
from tests.support.browser import SIZES, Visitor, wait_on_page

POLICED = "data:text/html,<meta http-equiv=content-security-policy content=\"script-src 'none'\">"


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


def test_no_test_waits_in_a_way_that_our_content_policy_refuses() -> None:
    """Playwright asks again with `eval`: right where it is true at once, else an error."""
    tests = Path(__file__).resolve().parents[1]
    own = {Path(__file__), tests / "support/browser.py", tests / "bench/sheet.py"}
    waits = [
        path.relative_to(tests)
        for path in tests.rglob("*.py")
        if path not in own and "wait_for_function(" in path.read_text(encoding="utf-8")
    ]
    assert waits == []


def test_waiting_on_a_page_ends_when_it_is_true_and_names_what_never_is(
    visitor: Callable[..., Visitor],
) -> None:
    page = visitor("phone").page()
    page.goto(POLICED)
    page.evaluate("() => { setTimeout(() => { document.title = 'now' }, 60) }")
    wait_on_page(page, "document.title === 'now'")
    with pytest.raises(AssertionError, match="in vain for"):
        wait_on_page(page, "document.title === 'never'", seconds=0.05)


def test_axe_sees_faint_colours_whatever_it_remembers_of_them(
    visitor: Callable[..., Visitor],
) -> None:
    page = visitor("desk").page()
    page.goto("about:blank")
    page.set_content(
        "<main><h1>a</h1><p style='color: #888'>faint</p><p style='color: #333'>plain</p>"
        "<p style='color: #888; background: #111'>well</p>"
        "<p style='color: rgb(0 0 0 / 40%)'>pale</p></main>"
    )
    for _again in range(2):
        ((rule, *where),) = violations(page, ["color-contrast"])
        assert rule == "color-contrast"
        assert [text.split("</p>")[0].split(">")[1] for text in where] == ["faint", "pale"]
        assert "contrast of 3.54 (foreground color: #888888, background color: #ffffff" in where[0]
        assert "contrast of 2.84 (foreground color: #999999" in where[1]


def test_axe_sees_faint_colours_of_what_another_size_shows(
    visitor: Callable[..., Visitor],
) -> None:
    page = visitor("desk").page()
    page.goto("about:blank")
    page.set_content(
        "<style>@media (width > 600px) { .narrow { display: none } }</style>"
        "<main><h1>a</h1><p>plain</p>"
        "<div class='narrow'><p style='color: #888'>faint</p></div></main>"
    )
    assert violations(page, ["color-contrast"]) == []
    page.set_viewport_size({"width": 390, "height": 844})
    ((rule, *where),) = [
        violation for violation in violations(page, resized=True) if "contrast" in violation[0]
    ]
    assert (rule, len(where)) == ("color-contrast", 1)
    assert "faint" in where[0]
