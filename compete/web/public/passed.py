"""The published page of an evaluation: who passed, and nothing of anybody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request, url_for
from flask_babel import gettext as _

from compete.domain.values.hashwords import hash_phrase
from compete.models import Publication
from compete.services.kernel.noted_elsewhere import publication_record
from compete.services.publication.bends import bends_of
from compete.services.publication.event_lines import announced
from compete.services.publication.result_stands import stands_of
from compete.services.publication.snapshots import read_snapshot
from compete.services.publication.version_notes import public_note
from compete.web.language import say
from compete.web.paging import Paging, part_of
from compete.web.public.result_lists import PAGE_SIZE
from compete.web.public.results import (
    chips_of,
    hands_out_notice,
    is_withheld,
    notice_days,
    version_link,
)
from compete.web.public.results_shapes import (
    Chip,
    EventLink,
    Period,
    PersonRow,
    StoredHash,
    Superseded,
    VersionLink,
)
from compete.web.templating import dated_moment


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedPage:
    """Those of one event who passed, as their notice says."""

    title: str
    heading: str
    subheading: str
    chips: Sequence[Chip]
    withdrawn: str | None
    superseded: Superseded | None
    versions: Sequence[VersionLink]
    views: Sequence[EventLink]
    bends: Sequence[str]
    note: str | None
    people: Sequence[PersonRow]
    settled: bool
    """Whether grades are no longer proposed."""
    page: Paging
    period: Period | None
    hash: StoredHash
    notice_url: str | None
    file_url: str | None


def describe_passed(
    publication: Publication, asked: str, versions: Sequence[Publication]
) -> PassedPage:
    """The page of the event asked for or of the first; `versions` are all, newest first."""
    newest = versions[0]
    old = publication.version if publication.id != newest.id else None
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
    withheld = is_withheld(publication, versions)
    return PassedPage(
        title=_("合格人员公示") if stand.runs and old is None else _("合格人员名单"),
        heading=bundle.competition.name,
        subheading=titles[chosen],
        chips=chips_of(publication, newest, stand),
        withdrawn=withdrawn,
        superseded=Superseded(
            text=_("这是第 %(old)s 版，已经由第 %(new)s 版更正。", old=old, new=newest.version),
            url=url_for("public.standings", code=code),
        )
        if old
        else None,
        versions=[] if old else [version_link(version, code) for version in versions[1:]],
        views=[
            EventLink(
                label=titles[event],
                url=url_for("public.standings", code=code, event=event, version=old),
                current=event == chosen,
            )
            for event in events
        ]
        if several
        else [],
        bends=[
            say(bend.line)
            for bend in bends_of(
                publication.competition, chosen, by=publication if old is not None else None
            )
        ],
        note=public_note(publication) or None,
        people=part,
        settled=stand.stands and old is None,
        page=page,
        period=Period(
            days=notice_days(what.period.first_day, what.period.last_day),
            contact=say(what.period.contact),
            appeals=dated_moment(publication.appeals_until) if publication.appeals_until else None,
        )
        if what.period and not old
        else None,
        hash=StoredHash(
            words=hash_phrase(bytes.fromhex(publication.sha256)),
            when=_("%(at)s 存档", at=dated_moment(publication.published_at)),
            record=publication_record(publication),
        ),
        notice_url=url_for("public.notice", code=code, event=several)
        if hands_out_notice(publication, versions, chosen)
        else None,
        file_url=None if withheld else url_for("public.bundle", code=code, version=old),
    )
