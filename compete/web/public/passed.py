"""The published page of an evaluation: who passed, and nothing of anybody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _

from compete.documents.standings_list import Notice
from compete.models import Publication
from compete.services.publication.event_lines import announced
from compete.services.publication.result_stands import stands_of
from compete.services.publication.snapshots import read_snapshot
from compete.services.publication.version_notes import public_note
from compete.web.paging import Paging, part_of
from compete.web.public.edition import Edition, edition_of
from compete.web.public.result_lists import PAGE_SIZE
from compete.web.public.results import chips_of, hands_out_notice, is_withheld, notice_days
from compete.web.public.results_shapes import PersonRow


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedPage:
    """Those of one event who passed, as their notice says."""

    title: str
    heading: str
    subheading: str
    code: str
    edition: Edition
    withdrawn: str | None
    events: Sequence[tuple[str, str]]
    """Code and name of each, where there are several."""
    event: str | None
    """The chosen one, where there are several."""
    note: str | None
    people: Sequence[PersonRow]
    settled: bool
    """Whether grades are no longer proposed."""
    page: Paging
    period: Notice | None
    days: str | None
    """The days of the notice in words."""
    withheld: bool
    notice: bool


def describe_passed(
    publication: Publication, asked: str, versions: Sequence[Publication]
) -> PassedPage:
    """The page of the event asked for or of the first; `versions` are all, newest first."""
    old = publication.version if publication.id != versions[0].id else None
    bundle, results = read_snapshot(publication)
    events = [event.code for event in results.events]
    code = publication.competition.code
    chosen = asked if asked in events else events[0]
    titles = {event.code: event.name for event in bundle.events}
    what = announced(publication, chosen, _, superseded=old is not None)
    stand = stands_of(publication.competition)[chosen]
    withdrawn = stand.withdrawn_why if old is None else None
    several = chosen if len(events) > 1 else None
    # Beside the newest list an earlier one would tell who did not pass after all.
    people = (
        []
        if withdrawn or old is not None
        else [PersonRow(number, line) for number, line in what.people]
    )
    wanted = " ".join(request.args.get("q", "").split())
    found = [row for row in people if row.has(wanted)] if wanted else people
    part, page = part_of(
        found, PAGE_SIZE, "public.standings", code=code, event=several, q=wanted, version=old
    )
    period = what.period if old is None else None
    return PassedPage(
        title=_("合格人员公示") if stand.runs and old is None else _("合格人员名单"),
        heading=bundle.competition.name,
        subheading=titles[chosen],
        code=code,
        edition=edition_of(publication, versions, chips_of(publication, versions, stand), chosen),
        withdrawn=withdrawn,
        events=[(each, titles[each]) for each in events] if several else [],
        event=several,
        note=public_note(publication) or None,
        people=part,
        settled=stand.stands and old is None,
        page=page,
        period=period,
        days=notice_days(period.first_day, period.last_day) if period else None,
        withheld=is_withheld(publication, versions),
        notice=hands_out_notice(publication, versions, chosen),
    )
