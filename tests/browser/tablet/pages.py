"""The judge's real templates, rendered without the application."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader

from compete.domain.values.upload_limits import LARGEST_SHEET_PHOTO
from compete.web.assets.scripts import Scripts, read_scripts
from compete.web.assets.stylesheets import build
from compete.web.site import Person, Site
from compete.web.state_chips import state_chip

if TYPE_CHECKING:
    from tests.browser.tablet.hall import Hall

ROOT = Path(__file__).resolve().parents[3]


@lru_cache
def stylesheet() -> bytes:
    """The stylesheet of the judge's face."""
    return build("judge", ROOT / "static" / "css").body


@lru_cache
def scripts() -> Scripts:
    """The scripts."""
    return read_scripts(ROOT / "static" / "js")


def _url_for(endpoint: str, **values: str) -> str:
    if endpoint == "static":
        return f"/static/{values['filename']}"
    if endpoint == "judge.sheet":
        return f"/judge/sheets/{values['public_id']}"
    if endpoint == "judge.home":
        return "/judge/"
    if endpoint == "auth.sign_out":
        return "/sign-out"
    return "/" + endpoint.replace(".", "/")


def _gettext(text: str, **holes: object) -> str:
    return text % holes if holes else text


@lru_cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(ROOT / "templates"), autoescape=True, extensions=["jinja2.ext.do"]
    )
    environment.globals.update(
        _=_gettext,
        url_for=_url_for,
        script_url=lambda name: f"/assets/js/{name}",
        clock_zone=lambda: "Asia/Shanghai",
        sheet_photo_bytes=LARGEST_SHEET_PHOTO,
        stylesheet_url=lambda _face: "/assets/judge.css",
        get_flashed_messages=lambda **_options: [],
        lang="zh-CN",
        request=None,
        words=None,
        tablet_words=lambda: None,
        current_user=SimpleNamespace(is_admin=False),
        site=Site(person=Person(name="许静", role="裁判 03", mark="1"), languages=[]),
    )
    environment.filters["state_chip"] = state_chip
    return environment


def _render(hall: Hall, name: str, **context: Any) -> str:
    environment = _environment()
    # The macros see the globals alone.
    environment.globals["csrf_token"] = lambda: hall.token
    environment.globals["page_key"] = lambda: "once"
    environment.globals["scripts_version"] = lambda: hall.worker
    request = SimpleNamespace(cookies={"theme": hall.theme})
    template = environment.get_template(name)
    return template.render(judge_id=hall.judge, request=request, **context)


def stranger_page(hall: Hall) -> str:
    """What a card that is void leads to: nobody is signed in here any more."""
    return _render(hall, "auth/card.html", owner=None, token="none")


def sheet_page(hall: Hall, data: dict[str, Any]) -> str:
    """`/judge/sheets/<id>`."""
    return _render(
        hall,
        "judge/sheet.html",
        where=[data["station"], data["session"], data["module"]],
        data=data,
        field="#field",
    )


def home_page(hall: Hall, data: dict[str, Any]) -> str:
    """`/judge/`."""
    return _render(
        hall,
        "judge/home.html",
        competition=data["competition"],
        where=["实操", "2号工位"],
        data=data,
    )


def sign_page(hall: Hall, data: dict[str, Any]) -> str:
    """`/judge/sign`."""
    return _render(hall, "judge/sign.html", data=data, has_pin=hall.pin is not None)


def compare_page(hall: Hall, first: str, second: str) -> str:
    """`/judge/compare`."""
    rows = hall.home()["sheets"]
    return _render(
        hall,
        "judge/compare.html",
        sheets=[hall.whole(first), hall.whole(second)],
        firsts=rows,
        seconds=[row for row in rows if row["id"] != first],
    )
