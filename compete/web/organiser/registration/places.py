"""Telling which place those got who came after others had theirs."""

from __future__ import annotations

from collections.abc import Collection

from flask import flash
from flask_babel import gettext as _

from compete.domain.values.states import CompetitionState
from compete.models import Competition
from compete.services.schedule.station_moves import rule_for_late
from compete.services.schedule.stations import places_given
from compete.web.words import some_names


def tell_places(competition: Competition, added: Collection[str]) -> None:
    """Say where entrants of these codes are to be, or that they have no place yet."""
    if rule_for_late(competition) is None:
        return
    places = places_given(competition, added)
    told = [
        _("%(code)s（%(stations)s）", code=code, stations=_("、").join(stations))
        for code, stations in places.items()
        if stations
    ]
    without = [code for code, stations in places.items() if not stations]
    if told and competition.state is CompetitionState.JUDGING:
        flash(_("没有抽签，排到了人最少的工位：%(people)s", people=some_names(told)), "warn")
    elif told:
        # Before judging begins nobody is placed but those whom the file's schedule names.
        flash(_("照竞赛文件的赛程排了：%(people)s", people=some_names(told)), "info")
    if without:
        flash(_("还没有工位：%(people)s", people=some_names(without)), "warn")
