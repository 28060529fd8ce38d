"""Safe days, counted from the last accident of each unit: looked at and set."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.kernel.clock import local_today
from compete.services.kernel.competition_settings import SafeSince
from compete.services.kernel.event_rules import labour_of
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refused
from compete.services.labour.without_accident import safe_days as days_of
from compete.services.labour.without_accident import safe_since, set_safe_since
from compete.web import guard
from compete.web.organiser.blueprint import face
from compete.web.organiser.list_book import send_list
from compete.web.refusals import problem_of, refusal_on

BEGAN, ACCIDENT = "began", "accident"


def _kinds_of_days() -> dict[str, str]:
    """Return the kinds of events that days are counted from."""
    return {BEGAN: _("开工、进场"), ACCIDENT: _("上次事故")}


def _safe_rows(
    competition: Competition, typed: Mapping[str, str], wrong: Mapping[str, str]
) -> list[dict[str, str | None]]:
    """List the units with set or typed days; `wrong` has the faults of the days by unit."""
    known, today = safe_since(competition), local_today()
    groups = labour_of(competition).groups or {}
    rows = []
    for unit in competition.units:
        since = known.get(unit.code)
        kind = ACCIDENT if since is not None and since.accident else BEGAN
        rows.append(
            {
                "code": unit.code,
                "name": unit.name,
                "group": groups.get(unit.code, ""),
                "day": typed.get(f"day:{unit.code}", since.day.isoformat() if since else ""),
                "kind": typed.get(f"kind:{unit.code}", kind),
                "days": _("%(n)s 天", n=days_of(since, today)) if since is not None else "—",
                "problem": wrong.get(unit.code),
            }
        )
    return rows


def _days_page(
    competition: Competition,
    refused: Refused | None = None,
    wrong: Mapping[str, str] = MappingProxyType({}),
) -> str:
    problem = _("有 %(n)s 处要改，没有存", n=len(wrong)) if wrong else problem_of(refused)
    return render_template(
        "organiser/labour/safe_days.html",
        rows=_safe_rows(competition, request.form, wrong),
        kinds=_kinds_of_days(),
        today=local_today().isoformat(),
        rest=request.form.get("rest", ""),
        problem=problem,
        has_wall=latest_publication(competition) is not None,
    )


@face.get("/<code>/labour/safe-days")
@guard.may(Right.SEE, of=guard.LABOUR)
def safe_days(competition: Competition) -> ResponseReturnValue:
    """The units with the days that they have by now."""
    return _days_page(competition)


@face.get("/<code>/labour/safe-days.xlsx")
@guard.may(Right.SEE, of=guard.LABOUR)
def safe_days_book(competition: Competition) -> Response:
    """The units with the days that they have by now."""
    kinds = _kinds_of_days()
    rows = [
        [
            row["name"],
            row["group"] or "—",
            row["day"] or "—",
            kinds[row["kind"] or ""] if row["day"] else "—",
            row["days"],
        ]
        for row in _safe_rows(competition, {}, {})
    ]
    heads = (_("单位"), _("组别"), _("从哪天起"), _("从什么算起"), _("到今天"))
    return send_list(competition, msg("安全生产天数"), heads, rows)


@face.post("/<code>/labour/safe-days")
@guard.may(Right.SET_UP, of=guard.LABOUR)
@refusal_on(_days_page)
def save_safe_days(competition: Competition) -> ResponseReturnValue:
    """Set them as the form has them; a day for the rest fills those that have none."""
    form = request.form
    wanted: dict[str, SafeSince | None] = {}
    wrong: dict[str, str] = {}
    rest = form.get("rest", "").strip()
    for unit in competition.units:
        typed = form.get(f"day:{unit.code}")
        if typed is None:
            continue
        text = typed.strip() or rest
        accident = bool(typed.strip()) and form.get(f"kind:{unit.code}") == ACCIDENT
        try:
            wanted[unit.code] = SafeSince(date.fromisoformat(text), accident) if text else None
        except ValueError:
            wrong[unit.code] = _("“%(text)s”不是日期，写成 2026-03-01", text=text)
            continue
        if text and date.fromisoformat(text) > local_today():
            wrong[unit.code] = _("写今天或者以前的日子")
    if wrong:
        return _days_page(competition, wrong=wrong), 400
    changed = set_safe_since(competition, wanted, current_user)
    flash(_("存下了") if changed else _("没有改动"), "ok")
    return redirect(url_for("organiser.safe_days"))
