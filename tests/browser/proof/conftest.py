"""Pages that hold nothing but our scripts, by HTTPS or plain HTTP; a competition to be proved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page, Route

if TYPE_CHECKING:
    from flask import Flask

    from compete.models import Account, Competition

STATIC = Path(__file__).resolve().parents[3] / "static"


@pytest.fixture
def bench(visitor: Callable[..., Any]) -> Callable[..., Page]:
    """Open a bare page: `bench("http")`; the browser's own cryptography is there by `https` alone.

    `asked` gathers what the page fetches.
    """

    def open_page(scheme: str, asked: list[str] | None = None) -> Page:
        person = visitor("phone")

        def answer(route: Route) -> None:
            path = route.request.url.split("/", 3)[3]
            if asked is not None:
                asked.append(path)
            if path == "page":
                route.fulfill(body="<!doctype html><title>x</title>", content_type="text/html")
            else:
                file = STATIC / path.removeprefix("static/")
                route.fulfill(body=file.read_bytes(), content_type="text/javascript")

        person.context.route(f"{scheme}://proof.test/**", answer)
        page: Page = person.page()
        page.goto(f"{scheme}://proof.test/page")
        assert page.evaluate("isSecureContext") is (scheme == "https")
        return page

    return open_page


@pytest.fixture
def announced(here: Flask, judged: Competition, organiser: Account) -> Competition:
    """Judged and published."""
    from tests.support.announced import announce

    announce(judged, organiser)
    return judged
