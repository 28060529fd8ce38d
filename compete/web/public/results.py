"""The page of published results: the same lines as on the notice that is put up."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta

from flask import request
from flask_babel import gettext as _

from compete.domain.bundle.crews import crewed, heads
from compete.domain.bundle.event_types import Event
from compete.domain.bundle.results import EventResults
from compete.domain.values.kinds import Kind
from compete.models import Publication
from compete.services.kernel.clock import local_today
from compete.services.kernel.competition_settings import settings_of
from compete.services.results.change_counts import VersionChanges, version_changes
from compete.services.results.event_lines import announced
from compete.services.results.public_rechecks import recheck_lines
from compete.services.results.published_sums import (
    WorkedLine,
    moved_places,
    places_before,
    worked_totals,
)
from compete.services.results.result_stands import Stand, stand_words, stands_of
from compete.services.results.snapshots import read_snapshot
from compete.services.results.working_calendar import working_days
from compete.web.language import say
from compete.web.paging import part_of
from compete.web.public.edition import edition_of, published_chip, version_chip
from compete.web.public.result_lists import (
    PAGE_SIZE,
    PEOPLE,
    chosen_part,
    lists_of,
    parts_of,
    podium_of,
    side_of,
)
from compete.web.public.results_shapes import Columns, PersonRow, ResultsPage, Side, WorkedRow
from compete.web.shapes import Chip
from compete.web.templating import day
from compete.web.words import heads_in

_MOST_SHARES = 3
_LONGEST_NOTICE = 500
"""The most rows printed within a request; for more, there is the page to print."""


def describe_results(
    publication: Publication, asked: str, versions: Sequence[Publication]
) -> ResultsPage | None:
    """The page of the event asked for or of the first; None without any.

    `versions` are all of the competition's, newest first.
    """
    old = publication.version if publication.id != versions[0].id else None
    bundle, results = read_snapshot(publication)
    events = [event.code for event in results.events]
    if not events:
        return None
    code = publication.competition.code
    chosen = asked if asked in events else events[0]
    rules = next(event for event in bundle.events if event.code == chosen)
    titles = {event.code: event.name for event in bundle.events}
    what = announced(publication, chosen, _, superseded=old is not None)
    stand = stands_of(publication.competition)[chosen]
    withdrawn = stand.withdrawn_why if old is None else None
    several = chosen if len(events) > 1 else None
    earlier = _earlier(publication, versions)
    event = next(event for event in results.events if event.code == chosen)
    then = _event_of(earlier, chosen)
    moved = moved_places(event, then) if then else {}
    people = [
        PersonRow(number, line, before=moved.get(number)) for number, line in what.people
    ] if not withdrawn else []  # fmt: skip
    wanted = " ".join(request.args.get("q", "").split())
    found = [row for row in people if row.has(wanted)] if wanted else people
    parts = parts_of(what, places_before(event, then))
    # A search is for people, whatever was looked at before.
    part = parts[0] if wanted or withdrawn else chosen_part(parts)
    tabs = [] if withdrawn or len(parts) == 1 else parts
    see = part.key
    listed = found if see == PEOPLE else part.lines
    lines, page = part_of(
        listed, PAGE_SIZE, "public.standings", code=code, event=several,
        see=see if see != PEOPLE else None, q=wanted, version=old,
    )  # fmt: skip
    podium = podium_of(lines) if page.number == 1 and not wanted else []
    rows = _worked(rules, event, [line for line in lines if isinstance(line, PersonRow)])
    if wanted and len(found) == 1:
        rows = [replace(row, opened=True) for row in rows]
    shares = [each.name for each in rows[0].worked if not each.within] if rows else []
    settings = settings_of(publication.competition)
    period = what.period if old is None else None
    return ResultsPage(
        title=_("成绩公示") if stand.runs and old is None else _("成绩公布"),
        heading=bundle.competition.name,
        subheading=rules.name,
        code=code,
        edition=edition_of(publication, versions, chips_of(publication, versions, stand), chosen),
        withdrawn=withdrawn,
        recheck=[say(line) for line in recheck_lines(bundle, chosen)],
        places=[] if withdrawn else what.places,
        moved=_moved_in_words(publication, chosen) if then and not withdrawn else None,
        before=earlier,
        whole_names=settings.full_names,
        badges=not settings.small,
        events=[(each, titles[each]) for each in events] if several else [],
        event=several,
        tabs=tabs,
        see=see,
        q=wanted,
        podium=podium,
        rows=rows,
        columns=Columns(
            time=any(row.line.time for row in people),
            award=any(row.line.award for row in people),
            grade=any(row.line.grade for row in people),
            shares=shares if len(rules.stages) == 1 and len(shares) <= _MOST_SHARES else [],
            settled=stand.stands and old is None,
        ),
        page=page,
        counted=_counted(people, found, wanted, _crewed_of(publication, chosen)),
        lists=lists_of(part, lines),
        side=Side() if withdrawn else side_of(parts, what, part),
        points=any(unit.points for unit in what.beside.units),
        period=period,
        days=notice_days(period.first_day, period.last_day) if period else None,
        withheld=is_withheld(publication, versions),
        notice=hands_out_notice(publication, versions, chosen),
    )


def _earlier(publication: Publication, versions: Sequence[Publication]) -> Publication | None:
    """The version before this one that can be read."""
    return next((each for each in versions if each.version < publication.version), None)


def _event_of(publication: Publication | None, code: str) -> EventResults | None:
    if publication is None:
        return None
    events = read_snapshot(publication)[1].events
    return next((event for event in events if event.code == code), None)


def _worked(rules: Event, event: EventResults, rows: Sequence[PersonRow]) -> list[PersonRow]:
    """The rows with how their totals add up: only of those that the page shows."""
    worked = worked_totals(rules, event, {row.number for row in rows})
    return [replace(row, worked=_in_words(worked.get(row.number, ()))) for row in rows]


def _in_words(lines: Collection[WorkedLine]) -> list[WorkedRow]:
    return [
        WorkedRow(line.name, say(line.score), line.times, line.value, line.within) for line in lines
    ]


def is_withheld(publication: Publication, versions: Sequence[Publication]) -> bool:
    """True if a version's files can't be had: an event in them had its notice withdrawn.

    Nor can an earlier version of an evaluation, which beside the newest tells who did not pass.
    """
    if publication.id != versions[0].id:
        return publication.competition.kind == Kind.EVALUATION
    return any(stand.withdrawn_why for stand in stands_of(publication.competition).values())


def hands_out_notice(
    publication: Publication, versions: Sequence[Publication], event_code: str
) -> bool:
    """True if anyone may have the notice of an event: of the newest version, while it is short."""
    if publication.id != versions[0].id or is_withheld(publication, versions):
        return False
    events = read_snapshot(publication)[1].events
    return any(len(each.standings) <= _LONGEST_NOTICE for each in events if each.code == event_code)


def _moved_in_words(publication: Publication, event: str) -> str | None:
    """Say what a version changed for how many, in one sentence; None for nothing."""
    moved = version_changes(publication, event) or VersionChanges(0, 0, 0, 0)
    of = publication.competition
    told = {
        _("名次变了的有 %(who)s", who=heads_in(moved.ranks, of)): moved.ranks,
        _("奖项变了的有 %(who)s", who=heads_in(moved.awards, of)): moved.awards,
        _("晋升变了的有 %(n)s 人", n=moved.grades): moved.grades,
        _("团体名次变了的有 %(n)s 队", n=moved.team_ranks): moved.team_ranks,
        _("团体奖变了的有 %(n)s 队", n=moved.team_awards): moved.team_awards,
    }
    return _("，").join(words for words, number in told.items() if number) or None


def notice_days(first: date, last: date) -> str:
    """The days of a notice, and how many of them are workdays."""
    counted = len(working_days().between(first, last))
    if first == last:
        return _("%(day)s，%(n)s 个工作日", day=day(first), n=counted)
    return _("%(first)s 至 %(last)s，%(n)s 个工作日", first=day(first), last=day(last), n=counted)


def chips_of(publication: Publication, versions: Sequence[Publication], stand: Stand) -> list[Chip]:
    """Show the version, and the state of its results."""
    if publication.id != versions[0].id:
        return [version_chip(publication, "bad"), published_chip(publication)]
    state = say(stand_words(stand))
    if stand.runs and stand.last_day is not None:
        left = len(working_days().between(local_today() + timedelta(days=1), stand.last_day))
        if left:
            state = _("%(state)s，还有 %(n)s 个工作日", state=state, n=left)
    kind = "ok" if stand.stands else "bad" if stand.withdrawn_why else "warn"
    icon = "clock" if stand.runs else None
    return [Chip(text=state, kind=kind, icon=icon), version_chip(publication)]


def _crewed_of(publication: Publication, event: str) -> frozenset[bool]:
    people = read_snapshot(publication)[0].entrants
    return crewed(each for each in people if each.event == event)


def _counted(
    people: list[PersonRow], found: list[PersonRow], wanted: str, crewed: frozenset[bool]
) -> str:
    def many(n: int) -> str:
        return say(heads(n, crewed))

    if wanted:
        return _("找到 %(n)s，共 %(all)s", n=many(len(found)), all=many(len(people)))
    ranked = sum(row.line.rank is not None for row in people)
    if ranked == len(people):
        return _("共 %(who)s", who=many(ranked))
    rest = len(people) - ranked
    return _("%(who)s有名次；%(rest)s没有，总成绩那里写着为什么", who=many(ranked), rest=many(rest))
