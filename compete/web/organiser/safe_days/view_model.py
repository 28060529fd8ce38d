"""Since when each unit counts days without an accident, as the desk's page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import render_template, url_for
from flask_babel import gettext as _

from compete.models import Competition
from compete.services.kernel.clock import local_today
from compete.services.kernel.event_rules import labour_of
from compete.services.labour.without_accident import safe_days as days_of
from compete.services.labour.without_accident import safe_since
from compete.services.publication.snapshots import latest_publication
from compete.web.shapes import Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class SafeRow:
    """A unit: `day` and `kind` as its fields have them, how many `days` that is by now."""

    code: str
    name: str
    group: str
    day: str
    kind: str
    days: str
    problem: str | None


BEGAN, ACCIDENT = "began", "accident"


def safe_days_page(
    competition: Competition,
    typed: Mapping[str, str],
    wrong: Mapping[str, str],
    problem: str | None,
) -> str:
    """The units with what stands or was typed; `wrong` is by unit what is wrong with its day."""
    code, known, today = competition.code, safe_since(competition), local_today()
    groups = labour_of(competition).groups or {}
    rows = []
    for unit in competition.units:
        since = known.get(unit.code)
        kind = ACCIDENT if since is not None and since.accident else BEGAN
        rows.append(
            SafeRow(
                code=unit.code,
                name=unit.name,
                group=groups.get(unit.code, ""),
                day=typed.get(f"day:{unit.code}", since.day.isoformat() if since else ""),
                kind=typed.get(f"kind:{unit.code}", kind),
                days=_("%(n)s 天", n=days_of(since, today)) if since is not None else "—",
                problem=wrong.get(unit.code),
            )
        )
    return render_template(
        "organiser/safe_days/safe_days.html",
        rows=rows,
        kinds=[
            Choice(value=BEGAN, label=_("开工、进场")),
            Choice(value=ACCIDENT, label=_("上次事故")),
        ],
        today=today.isoformat(),
        rest=typed.get("rest", ""),
        problem=problem,
        wall_url=url_for("public.labour_wall", code=code)
        if latest_publication(competition) is not None
        else None,
    )
