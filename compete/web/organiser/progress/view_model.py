"""The progress board and chief judge's console in words: ticks, stations, who lacks what."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from flask import abort, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.bundle import EventResults
from compete.domain.values import CompetitionState, Role, SheetState
from compete.models import Competition, Entrant, Sheet, db, utc_now
from compete.services.accounts import membership_of
from compete.services.judging import OUT_OF_TOUCH, contacts_of
from compete.services.kernel import rules_of
from compete.services.panels import (
    HANDED_IN,
    judge_lines,
    missing_by_entrant,
    module_sheets,
    panels_of,
    stations_by_entrant,
)
from compete.services.schedule import sheetless
from compete.services.scoring import live_results
from compete.services.sheets import excused_sheets, must_sign
from compete.web.guard import allowed_url, may_act
from compete.web.organiser.analysis.view_model import describe_card
from compete.web.organiser.competition_words import TICK_ORDER
from compete.web.organiser.progress.locks import describe_locks
from compete.web.organiser.progress.to_do import (
    Place,
    describe_disputes,
    describe_waiting,
    oldest_wait,
    sheet_url,
)
from compete.web.templating import clock, state_word


def describe_board(competition: Competition) -> dict[str, Any]:
    """What `organiser/progress/progress.html` wants for the module the address asks for."""
    places = places_of(competition)
    place = chosen_place(places)
    code = competition.code
    chief = is_chief(competition)
    return {
        **describe_live(competition, place),
        "competition": {"name": competition.name, "url": url_for("organiser.overview", code=code)},
        "title": _("裁判长工作台") if chief else _("评分进度"),
        "module": {"label": place.module.name},
        "views": [
            {
                "label": other_place.module.name,
                "url": place_url(competition, other_place),
                "current": other_place is place,
            }
            for other_place in places
        ]
        if len(places) > 1
        else [],
        "severity": describe_card(competition, place.event, place.stage, place.module),
        "live_url": url_for("organiser.progress_live", code=code, module=place_key(place)),
        "urls": {
            "people": url_for("organiser.judges", code=code, people=1),
            "decisions": url_for("organiser.decisions", code=code),
            "recusals": allowed_url("organiser.recusals", code=code),
            "paper": url_for("organiser.paper", code=code),
        },
    }


def describe_live(competition: Competition, place: Place) -> dict[str, Any]:
    """The parts of the board that change while people mark."""
    sheets = module_sheets(place.event, place.stage.code, place.module.code)
    views = panels_of(sheets)
    judging = competition.state is CompetitionState.JUDGING
    acting = may_act()
    live = live_results(competition)
    counts = Counter(sheet.state for sheet in sheets)
    stations = _stations(competition, place, sheets)
    results = live.event(place.event.code)
    locks = describe_locks(competition, place, results, judging=judging, acting=acting)
    return {
        "counts": {state.value: counts[state] for state in TICK_ORDER},
        "all": len(sheets),
        "ticks_all": [_tick(competition, sheet) for sheet in _ordered(sheets)],
        "waiting": _waiting(locks[0], judging=judging),
        "disputes": describe_disputes(
            competition, place, views, chief=judging and is_chief(competition)
        ),
        "returned": describe_waiting(competition, place, sheets, views, acting=judging and acting),
        "oldest": oldest_wait(views, utc_now()),
        "stations": stations,
        "judge_columns": max((len(row["cells"]) for row in stations), default=0),
        "contestants": _lacking(competition, place, sheets, results),
        "locks": locks,
        "must_sign": must_sign(competition),
        "must_sign_url": allowed_url("organiser.must_sign_setting", code=competition.code),
        "lock": _head_lock(locks[0], place, judging=judging, acting=acting),
    }


def places_of(competition: Competition) -> list[Place]:
    """Every module of the competition, in order."""
    return [
        Place(event, stage, module)
        for event in competition.events
        for stage in rules_of(event).stages
        for module in stage.modules
    ]


def chosen_place(places: list[Place]) -> Place:
    """The module that the address asks for, or the first. 404 where there is none at all."""
    if not places:
        abort(404)
    wanted = request.args.get("module", "")
    return next((place for place in places if place_key(place) == wanted), places[0])


def place_url(competition: Competition, place: Place) -> str:
    """The board of one module."""
    return url_for("organiser.progress", code=competition.code, module=place_key(place))


def is_chief(competition: Competition) -> bool:
    """Whether who looks is the competition's chief judge."""
    return membership_of(current_user, competition, {Role.CHIEF}) is not None


def place_key(place: Place) -> str:
    """How an address names a module."""
    return f"{place.event.code}|{place.stage.code}|{place.module.code}"


def _head_lock(
    row: dict[str, Any], place: Place, *, judging: bool, acting: bool
) -> dict[str, Any] | None:
    """The button at the top: lock the module, or why not yet."""
    label = _("锁定%(module)s", module=place.module.name)
    if not judging or not acting or row["locked"]:
        return None
    if row.get("lock_url"):
        return {"label": label, "url": row["lock_url"]}
    return {"label": label, "blocked": row["text"]}


def _waiting(row: dict[str, Any], *, judging: bool) -> str:
    """Why this module is not to be locked yet, or that it is; empty when it can be."""
    if row["locked"] or not judging:
        return _("这个模块已经锁定") if row["locked"] else _("现在不能锁定")
    faults = row.get("faults", ())
    return _("锁定前还差：%(what)s", what="，".join(faults)) if faults else ""


def _lacking(
    competition: Competition, place: Place, sheets: list[Sheet], results: EventResults
) -> list[dict[str, Any]]:
    """Who lacks sheets in the module, the excused left out; in a blind event by code alone."""
    away = excused_sheets(competition)
    awaited = [sheet for sheet in sheets if sheet.id not in away]
    names = {sheet.label: sheet.entrant.name for sheet in awaited}
    missing = missing_by_entrant(awaited)
    for gap in sheetless(place.event, results):
        if (gap.stage, gap.module) == (place.stage.code, place.module.code):
            names[gap.label] = db.session.get_one(Entrant, gap.entrant_id).name
            missing[gap.label] = [_("没有评分表")]
    return [
        {
            "number": label,
            "name": "" if place.event.blind else names[label],
            "missing": judges,
            "url": None,
        }
        for label, judges in sorted(missing.items())
    ]


def _ordered(sheets: list[Sheet]) -> list[Sheet]:
    return sorted(sheets, key=lambda sheet: (TICK_ORDER.index(sheet.state), sheet.label))


def _tick(competition: Competition, sheet: Sheet) -> dict[str, Any]:
    label = f"{sheet.label} {sheet.judge.name} {state_word(sheet.state)}"
    return {"state": sheet.state.value, "label": label, "url": sheet_url(competition, sheet)}


def _stations(competition: Competition, place: Place, sheets: list[Sheet]) -> list[dict[str, Any]]:
    stations = stations_by_entrant(place.event, place.stage.code, place.module.code)
    groups: dict[str, dict[int, list[Sheet]]] = defaultdict(lambda: defaultdict(list))
    for sheet in sheets:
        groups[stations.get(sheet.entrant_id, "")][sheet.judge_id].append(sheet)
    contact = _Contact(competition)
    rows = []
    for name, by_judge in sorted(groups.items()):
        cells = [_cell(competition, own, contact) for own in by_judge.values()]
        rows.append(
            {
                "name": name or _("全部"),
                "note": "",
                "cells": cells,
                "done": sum(cell["done"] for cell in cells),
                "all": sum(cell["all"] for cell in cells),
            }
        )
    return rows


def _cell(competition: Competition, own: list[Sheet], contact: _Contact) -> dict[str, Any]:
    judge = own[0].judge
    left = [sheet for sheet in own if sheet.state not in HANDED_IN]
    return {
        "judge": f"{judge.code} {judge.name}",
        "done": len(own) - len(left),
        "all": len(own),
        "ticks": [_tick(competition, sheet) for sheet in _ordered(own)],
        **contact.describe(judge.id, busy=any(s.state is not SheetState.NOT_BEGUN for s in left)),
    }


class _Contact:
    """When each judge's tablet was last heard of, in words."""

    def __init__(self, competition: Competition) -> None:
        self.sent = {line.judge.id: line.seen for line in judge_lines(competition)}
        self.heard = contacts_of(competition)
        self.now = utc_now()

    def describe(self, judge_id: int, *, busy: bool) -> dict[str, Any]:
        """`seen` and `offline`; a tablet is only missed while a sheet on it is under way."""
        sent = self.sent.get(judge_id)
        heard, waiting = self.heard.get(judge_id, (None, 0))
        if heard is not None and busy and self.now - heard > OUT_OF_TOUCH:
            gone = _("%(time)s 后没连上", time=clock(heard))
            if waiting:
                gone = _("%(n)s 条待上传，", n=waiting) + gone
            return {"seen": gone, "offline": True}
        if waiting:
            return {"seen": _("%(n)s 条待上传", n=waiting), "offline": False}
        seen = _("%(time)s 上传", time=clock(sent)) if sent else _("还没上传过")
        return {"seen": seen, "offline": False}
