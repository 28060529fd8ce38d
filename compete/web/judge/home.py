"""The head of the judge's home: whose day this is, and where."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from compete.domain.values.messages import some_of
from compete.models import utc_now
from compete.web.language import say
from compete.web.templating import day_of_week, zone


def where_words(places: Iterable[tuple[str, str | None]], now: datetime | None = None) -> list[str]:
    """Modules, stations and the day, as far as there are any; `places`: those of each sheet."""
    here = list(places)
    modules = list(dict.fromkeys(module for module, _station in here))
    stations = list(dict.fromkeys(station for _module, station in here if station))
    parts = [say(some_of(modules, 2)), say(some_of(stations, 2)), _today(now or utc_now())]
    return list(dict.fromkeys(part for part in parts if part))


def _today(now: datetime) -> str:
    return day_of_week(now.astimezone(zone()).date())
