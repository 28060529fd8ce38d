"""The list that is put up for the notice period, out of the stored publication."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import select

from compete.documents.lists import Stamp
from compete.documents.standings_list import Notice, StandingsRow, render_standings_list
from compete.domain.grades import grade_label
from compete.domain.values import Message, msg
from compete.models import Competition, Entrant, Publication, db, utc_now
from compete.services.kernel import Refused, fonts
from compete.services.publication.publishing import latest_publication, read_snapshot

_WHY = {"dns": msg("缺考"), "dnf": msg("中途退出"), "dsq": msg("取消成绩")}


def print_notice(
    competition: Competition, event_code: str, translate: Callable[[str], str] | None = None
) -> bytes:
    """The published standings of one event as PDF.

    Names are masked unless the organiser's setting `full_names` says otherwise.
    Raises `Refused` while nothing is published, `KeyError` for an unknown event.
    """
    publication = latest_publication(competition)
    if publication is None:
        raise Refused(msg("成绩还没公布，没有可以张贴的"))
    bundle, results = read_snapshot(publication)
    event = {event.code: event for event in results.events}[event_code]
    rules = next(
        rules_of_event for rules_of_event in bundle.events if rules_of_event.code == event_code
    )
    names = _names(competition, {entrant.code: entrant.name for entrant in bundle.entrants})
    units = {unit.code: unit.name for unit in bundle.units}
    unit_of = {entrant.code: units[entrant.unit] for entrant in bundle.entrants}
    titles = {award.code: award.name for award in rules.awards}
    awards = {row.entrant: titles[row.award] for row in event.awards or () if not row.item}
    grades = {
        row.entrant: grade_label(row.grade)
        for row in event.grades or ()
        if row.change == "promoted"
    }
    rows = [
        StandingsRow(
            rank=row.rank,
            name=names[row.entrant],
            unit=unit_of[row.entrant],
            score=row.total or _say(_WHY.get(row.status), translate),
            award=awards.get(row.entrant, ""),
            grade=_say(grades.get(row.entrant), translate),
        )
        for row in event.standings
    ]
    return render_standings_list(
        rows,
        title=msg("%(name)s成绩公示", name=competition.name).render(translate),
        subtitle=rules.name,
        stamp=Stamp(_local(utc_now()), publication.version, bytes.fromhex(publication.sha256)),
        notice=_notice(competition, publication),
        issuer=[competition.host or competition.name, ""],
        fonts=fonts(),
        translate=translate,
    )


def _names(competition: Competition, masked: dict[str, str]) -> dict[str, str]:
    if not competition.settings.get("full_names"):
        return masked
    rows = db.session.execute(
        select(Entrant.code, Entrant.name).where(Entrant.competition_id == competition.id)
    ).tuples()
    return masked | dict(rows.all())


def _notice(competition: Competition, publication: Publication) -> Notice | None:
    if publication.notice_until is None:
        return None
    return Notice(
        _local(publication.published_at).date(),
        _local(publication.notice_until).date(),
        competition.settings.get("contact") or competition.host or competition.name,
    )


def _local(at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(current_app.extensions["compete.config"].timezone))


def _say(message: Message | None, translate: Callable[[str], str] | None) -> str:
    return message.render(translate) if message is not None else ""
