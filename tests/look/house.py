"""The application on a filled database, and a browser's screen that shows its pages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, CDPSession, Page

from compete import create_app
from compete.config import Config
from compete.models import db
from tests.look.filling import Filled, Filling
from tests.look.look import SIZES, Look
from tests.support.application import serving
from tests.support.browser import SETTINGS, Visitor
from tests.support.browser import SIZES as DEVICES

MADE = "made.json"


def application(folder: Path) -> Flask:
    """The application on the database and with the keys of this folder, known to the world."""
    settings = {"COMPETE_DATA_DIR": str(folder), "COMPETE_BASE_URL": "https://compete.example"}
    read = Config.from_env(settings)
    url = f"sqlite:///{folder / 'compete.sqlite'}"
    return create_app(replace(read, database_url=url, sqlite_synchronous="OFF", testing=True))


def fill(folder: Path) -> None:
    """Fill the empty database of this folder, and leave what was made beside it."""
    app = application(folder)
    with app.app_context():
        made = Filling(app).all()
        db.session.remove()
        db.engine.dispose()
    (folder / MADE).write_text(json.dumps(asdict(made)), encoding="utf-8")


class House:
    """A filled installation: its application and who may come in."""

    def __init__(self, folder: Path) -> None:
        self.app = application(folder)
        self.made = Filled(**json.loads((folder / MADE).read_text(encoding="utf-8")))
        self.cookie = str(self.app.config["SESSION_COOKIE_NAME"])

    def path(self, look: Look) -> str:
        """The address of a page."""
        return look.address.format_map(self.made.ends)

    def client(self, who: str) -> FlaskClient:
        """A browser without pages, signed in as one of those who were let in."""
        client = self.app.test_client()
        if who:
            client.set_cookie(self.cookie, self.made.cookies[who])
        return client


class Screen:
    """A browser's page, on which one page of the house after another is shown."""

    def __init__(self, visitor: Visitor, house: House, address: str) -> None:
        self.page: Page = visitor.page()
        self.visitor, self.house = visitor, house
        self._address = address
        self._tools: CDPSession = visitor.context.new_cdp_session(self.page)

    def resize(self, size: str) -> None:
        """Another size of the same page."""
        width, height = SIZES[size]
        self.page.set_viewport_size({"width": width, "height": height})

    def open(self, look: Look, size: str, theme: str = "light") -> Page:
        """Open a page at a size."""
        self.resize(size)
        cookies = {"theme": theme}
        if look.who:
            cookies[self.house.cookie] = self.house.made.cookies[look.who]
        self.visitor.context.add_cookies(
            [{"name": key, "value": it, "url": self._address} for key, it in cookies.items()]
        )
        if look.status != 200:
            self.visitor.expect(str(look.status))
        answer = self.page.goto(self._address + self.house.path(look))
        assert answer is not None
        assert (answer.status, answer.request.redirected_from) == (look.status, None), answer.url
        if look.by_script:
            self.page.wait_for_load_state("networkidle")
        return self.page

    def forget(self) -> None:
        """What a page left in the browser is not there for the next one."""
        self.page.goto("about:blank")
        self.visitor.context.clear_cookies()
        kinds = {"origin": self._address, "storageTypes": "all"}
        self._tools.send("Storage.clearDataForOrigin", kinds)


@contextmanager
def screen_of(house: House, chromium: Browser, **window: Any) -> Iterator[Screen]:
    """One screen for all pages: another process for each would cost more than the page."""
    settings = SETTINGS | DEVICES["desk"] | {"service_workers": "block"} | window
    visitor = Visitor(chromium.new_context(**settings))
    with serving(house.app) as address:
        yield Screen(visitor, house, address)
        visitor.context.close()
