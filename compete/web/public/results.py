"""The page of published results: the same lines as on the notice that is put up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

from flask import abort, render_template, request
from flask_babel import gettext as _

from compete.domain.bundle.crews import crewed, heads
from compete.domain.kinds.kinds import competition_kind
from compete.models import Competition, Publication
from compete.services.kernel.clock import local_today
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.public_reasons import public_note
from compete.services.kernel.versions import Version
from compete.services.kernel.working_calendar import working_days
from compete.services.results.change_counts import VersionChanges, version_changes
from compete.services.results.event_lines import announced, tables_beside
from compete.services.results.public_rechecks import recheck_lines
from compete.services.results.published_sums import (
    moved_places,
    places_before,
    worked_totals,
)
from compete.services.results.result_stands import Stand, stand_words, stands_of, why_taken_down
from compete.services.results.snapshots import published_event, read_snapshot
from compete.web.language import say
from compete.web.paging import Paging, part_of
from compete.web.public.edition import edition_of, old_number, published_chip, version_chip
from compete.web.public.result_lists import (
    PAGE_SIZE,
    PEOPLE,
    chosen_part,
    lists_of,
    parts_of,
    podium_of,
    side_of,
)
from compete.web.public.results_shapes import Columns, PersonRow, Side
from compete.web.public.stored_pages import may_store
from compete.web.shapes import Chip
from compete.web.state_chips import stand_chip
from compete.web.templating import day
from compete.web.words import heads_in

Line = TypeVar("Line")
_MOST_SHARES = 3
_LONGEST_NOTICE = 500
"""The most rows printed within a request; for more, there is the page to print."""


class _Shown:
    """The event that the address asks for, or the first, as a version announces it."""

    def __init__(self, publication: Publication, versions: Sequence[Publication]) -> None:
        self.publication, self.versions = publication, versions
        self.old = old_number(publication, versions)
        self.bundle, results = read_snapshot(publication)
        by_code = {event.code: event for event in results.events} or abort(404)
        self.codes, asked = list(by_code), request.args.get("event", "")
        self.code = asked if asked in by_code else self.codes[0]
        self.event = by_code[self.code]
        self.several = self.code if len(by_code) > 1 else None
        self.names = {event.code: event.name for event in self.bundle.events}
        self.what = announced(publication, self.code, _, superseded=self.old is not None)
        self.stand = stands_of(publication.competition)[self.code]
        self.withdrawn = why_taken_down(self.stand, publication.competition)
        self.q = " ".join(request.args.get("q", "").split())

    def of_page(self, lines: Sequence[Line], see: str | None = None) -> tuple[list[Line], Paging]:
        """The lines of the page that the address asks for."""
        code = self.publication.competition.code
        part, page = part_of(
            lines, PAGE_SIZE, "public.standings", code=code, event=self.several,
            see=see, q=self.q, version=self.old,
        )  # fmt: skip
        return list(part), page

    def common(self) -> dict[str, object]:
        """The values that the pages of ranks and of an evaluation have in common."""
        publication, versions = self.publication, self.versions
        period = self.what.period if self.old is None else None
        chips = chips_of(publication, versions, self.stand)
        heading, event = self.bundle.competition.name, self.names[self.code]
        return {
            "heading": heading,
            # The one event of a small contest bears its name.
            "subheading": event if event != heading else "",
            "code": publication.competition.code,
            "edition": edition_of(publication, versions, chips, self.code),
            "withdrawn": self.withdrawn,
            # By code and name, where there are several.
            "events": [(code, self.names[code]) for code in self.codes] if self.several else [],
            "event": self.several,
            "period": period,
            "days": notice_days(period.first_day, period.last_day) if period else None,
            "withheld": is_withheld(publication, versions),
            "notice": hands_out_notice(publication, versions, self.code),
        }

    def passed_by_level(self) -> list[tuple[str, str, int]]:
        """The levels by code, without what all their names begin with, and how many passed each.

        One whose notice was taken down is left out.
        """
        competition = self.publication.competition
        stands = stands_of(competition)
        heads = {self.names[code].rpartition(" ")[0] for code in self.codes}
        shared = len(heads.pop()) if len(heads) == 1 else 0
        return [
            (code, self.names[code][shared:].strip(), len(announced(self.publication, code).people))
            for code in self.codes
            if not why_taken_down(stands[code], competition)
        ]


def _may_store(version: Version | None, shown: _Shown, page: Paging, *tabs: str) -> None:
    if version is not None:
        pages = [str(number) for number in range(1, page.pages + 1)]
        may_store(version, shown.publication, named={"page": pages, "see": tabs})


def passed_page(
    publication: Publication, versions: Sequence[Publication], version: Version | None
) -> str:
    """The page of those who passed; `versions` are all of the competition's, newest first."""
    shown = _Shown(publication, versions)
    # Beside the newest list an earlier one would tell who did not pass after all.
    hidden = shown.withdrawn or shown.old is not None
    people = [] if hidden else [PersonRow(number, line) for number, line in shown.what.people]
    part, page = shown.of_page([row for row in people if not shown.q or row.has(shown.q)])
    _may_store(version, shown, page)
    return render_template(
        "public/passed.html",
        q=shown.q,
        levels=[] if hidden else shown.passed_by_level(),
        title=_("合格人员公示") if shown.stand.runs and shown.old is None else _("合格人员名单"),
        note=public_note(publication) or None,
        people=part,
        reviewed=sum(row.line.review for row in people),
        settled=shown.stand.stands and shown.old is None,
        page=page,
        **shown.common(),
    )


def results_page(
    publication: Publication, versions: Sequence[Publication], version: Version | None
) -> str:
    """The page of ranks; `versions` are all of the competition's, newest first.

    `podium` has the first three of the chosen tab, none while a search stands; `rows` have them
    too, since a phone and paper list them there.
    """
    shown = _Shown(publication, versions)
    what, event, withdrawn, wanted = shown.what, shown.event, shown.withdrawn, shown.q
    rules = next(event for event in shown.bundle.events if event.code == shown.code)
    earlier = next((it for it in versions if it.version < publication.version), None)
    published = published_event(earlier, shown.code) if earlier is not None else None
    then = published[1] if published is not None else None
    moved = moved_places(event, then) if then else {}
    people = [
        PersonRow(number, line, before=moved.get(number)) for number, line in what.people
    ] if not withdrawn else []  # fmt: skip
    matching = [row for row in people if row.has(wanted)] if wanted else people
    parts = parts_of(
        what,
        places_before(
            event,
            then,
            tables_beside(publication, shown.code),
            tables_beside(earlier, shown.code) if earlier else (),
        ),
    )
    # A search is for people, whatever was looked at before.
    part = parts[0] if wanted or withdrawn else chosen_part(parts)
    see = part.key
    listed: Sequence[object] = matching if see == PEOPLE else part.lines
    lines, page = shown.of_page(listed, see if see != PEOPLE else None)
    rows = [line for line in lines if isinstance(line, PersonRow)]
    worked = worked_totals(rules, event, {row.number for row in rows})
    rows = [replace(row, worked=worked.get(row.number, ())) for row in rows]
    if wanted and len(matching) == 1:
        rows = [replace(row, opened=True) for row in rows]
    shares = [share.name for share in rows[0].worked if not share.within] if rows else []
    settings = settings_of(publication.competition)
    kinds = crewed(person for person in shown.bundle.entrants if person.event == shown.code)
    _may_store(version, shown, page, *([see] if see != PEOPLE else []))
    return render_template(
        "public/standings.html",
        title=_("成绩公示") if shown.stand.runs and shown.old is None else _("成绩公布"),
        recheck=[
            say(line) for line in recheck_lines(shown.bundle, publication.competition, shown.code)
        ],
        places=[] if withdrawn else what.places,
        moved=_moved_in_words(publication, shown.code) if then and not withdrawn else None,
        before=None if withdrawn else earlier,
        whole_names=settings.full_names,
        # A small contest gives none.
        badges=not settings.small,
        tabs=[] if withdrawn or len(parts) == 1 else parts,
        see=see,
        q=wanted,
        podium=podium_of(lines) if page.number == 1 and not wanted else [],
        rows=rows,
        columns=Columns(
            time=any(row.line.time for row in people),
            award=any(row.line.award for row in people),
            grade=any(row.line.grade for row in people),
            shares=shares if len(rules.stages) == 1 and len(shares) <= _MOST_SHARES else [],
            settled=shown.stand.stands and shown.old is None,
        ),
        page=page,
        counted=_counted(people, matching, wanted, kinds),
        lists=lists_of(part, lines),
        side=Side() if withdrawn else side_of(parts, what, part),
        points=any(unit.points for unit in what.beside.units),
        **shown.common(),
    )


def is_taken_down(competition: Competition, event: str | None = None) -> bool:
    """True if the notice of any event, or of this one, is taken down and not published anew."""
    stands = stands_of(competition)
    return any(stands[code].withdrawn_why for code in stands if event in (None, code))


def is_withheld(publication: Publication, versions: Sequence[Publication]) -> bool:
    """True if a version's files can't be had: the notice of an event is taken down.

    That holds of every version until it is published anew. Nor can an earlier version of an
    evaluation be had, which beside the newest tells who did not pass.
    """
    if (
        competition_kind(publication.competition).tells_passed_alone
        and publication.id != versions[0].id
    ):
        return True
    return is_taken_down(publication.competition)


def hands_out_notice(
    publication: Publication, versions: Sequence[Publication], event_code: str
) -> bool:
    """True if anyone may have the notice of an event: of the newest version, while it is short."""
    if publication.id != versions[0].id or is_taken_down(publication.competition, event_code):
        return False
    published = published_event(publication, event_code)
    return published is not None and len(published[1].standings) <= _LONGEST_NOTICE


def _moved_in_words(publication: Publication, event: str) -> str | None:
    """Say what a version changed for how many, in one sentence; None for nothing."""
    moved = version_changes(publication, event) or VersionChanges(0, 0, 0, 0)
    of = publication.competition
    counts = {
        _("名次变了的有 %(who)s", who=heads_in(moved.ranks, of)): moved.ranks,
        _("奖项变了的有 %(who)s", who=heads_in(moved.awards, of)): moved.awards,
        _("晋升变了的有 %(n)s 人", n=moved.grades): moved.grades,
        _("团体名次变了的有 %(n)s 队", n=moved.team_ranks): moved.team_ranks,
        _("团体奖变了的有 %(n)s 队", n=moved.team_awards): moved.team_awards,
    }
    return _("，").join(words for words, number in counts.items() if number) or None


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
    state = None
    if stand.runs and stand.last_day is not None:
        left = len(working_days().between(local_today() + timedelta(days=1), stand.last_day))
        if left:
            state = _("%(state)s，还有 %(n)s 个工作日", state=say(stand_words(stand)), n=left)
    return [stand_chip(stand, state), version_chip(publication)]


def _counted(
    people: list[PersonRow], matching: list[PersonRow], wanted: str, crewed: frozenset[bool]
) -> str:
    def many(n: int) -> str:
        return say(heads(n, crewed))

    if wanted:
        return _("找到 %(n)s，共 %(all)s", n=many(len(matching)), all=many(len(people)))
    ranked = sum(row.line.rank is not None for row in people)
    if ranked == len(people):
        return _("共 %(who)s", who=many(ranked))
    rest = len(people) - ranked
    return _("%(who)s有名次；%(rest)s没有，总成绩那里写着为什么", who=many(ranked), rest=many(rest))
