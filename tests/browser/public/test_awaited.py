"""Another list of published results is asked for, and the network takes its time."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

import pytest
from flask import Flask, request
from flask.typing import ResponseReturnValue
from playwright.sync_api import Page, expect

from compete.models import Account, Competition
from tests.support.announced import announce

WATCH = """() => {
  const main = document.querySelector("main");
  const said = document.querySelector("[data-part=awaited]");
  const seen = [];
  new MutationObserver(() => {
    seen.push([main.classList.contains("is-awaited"), !said.hidden]);
    sessionStorage.setItem("seen", JSON.stringify(seen));
  }).observe(document.body, { subtree: true, attributeFilter: ["class", "hidden"] });
}"""


def test_grey_rows_stand_for_a_second_and_then_it_is_said(
    app: Flask,
    judged: Competition,
    organiser: Account,
    live_url: str,
    visitor: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at_once = app.view_functions["public.standings"]

    @wraps(at_once)
    def late(**named: str) -> ResponseReturnValue:
        if "q" in request.args:
            time.sleep(1.6)
        return app.ensure_sync(at_once)(**named)

    announce(judged, organiser)
    monkeypatch.setitem(app.view_functions, "public.standings", late)
    page: Page = visitor("phone").page()
    page.goto(f"{live_url}/p/X")
    page.evaluate(WATCH)
    page.get_by_label("姓名、参赛号、单位").fill("P1")
    page.keyboard.press("Enter")
    page.wait_for_url("**/p/X?q=P1")
    seen = page.evaluate("JSON.parse(sessionStorage.seen)")
    assert [states for states in seen if any(states)] == [[True, False], [False, True]]
    assert seen[-1] == [False, False]
    expect(page.get_by_text("还没收到，再等等")).to_be_hidden()
