"""The head of the judge's home: whose day this is, and where."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from compete.domain.values import some_of
from compete.models import utc_now
from compete.web.language import say
from compete.web.templating import day, zone


def describe_home(data: dict[str, Any], now: datetime | None = None) -> dict[str, Any]:
    """What `judge/home.html` wants beside the data: `competition` and `where`."""
    sheets: list[dict[str, Any]] = data["sheets"]
    modules = list(dict.fromkeys(sheet["module"] for sheet in sheets))
    stations = list(dict.fromkeys(sheet["station"] for sheet in sheets if sheet["station"]))
    parts = [say(some_of(modules, 2)), say(some_of(stations, 2)), _today(now or utc_now())]
    return {
        "competition": {"name": data["competition"]},
        "where": [part for part in parts if part],
    }


def _today(now: datetime) -> str:
    today = now.astimezone(zone()).date()
    return f"{day(today)} {_weekday(today)}"


def _weekday(on: date) -> str:
    names = (
        _("星期一"),
        _("星期二"),
        _("星期三"),
        _("星期四"),
        _("星期五"),
        _("星期六"),
        _("星期日"),
    )
    return names[on.weekday()]
