"""The page of published results: the same lines as on the notice that is put up."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from flask import request, url_for
from flask_babel import gettext as _

from compete.documents.standings_list import Beside, ItemLine, StandingsRow
from compete.domain.bundle import crewed, heads
from compete.domain.values import hash_phrase
from compete.models import Publication
from compete.services.appeals import codes_under_appeal
from compete.services.kernel import ChainRecord, local_today, publication_record, settings_of
from compete.services.publication import (
    Stand,
    announced,
    read_snapshot,
    stand_words,
    stands_of,
    working_days,
)
from compete.web.language import say
from compete.web.paging import Paging, part_of
from compete.web.templating import day, moment

PAGE_SIZE = 100
FIRST = 3


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody's line, with the number that stands on the badge."""

    number: str
    line: StandingsRow
    appealed: bool = False
    """Whether an appeal may still change it."""

    @property
    def podium(self) -> bool:
        return self.line.rank is not None and self.line.rank <= FIRST

    def has(self, text: str) -> bool:
        """Whether number, name or unit hold the text, however wide its letters are typed."""
        wanted = _typed_alike(text)
        shown = (self.number, self.line.name, self.line.unit)
        return any(wanted in _typed_alike(each) for each in shown)


def _typed_alike(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A word in a coloured frame; `kind` and `icon` as `_parts/states.html` knows them."""

    text: str
    kind: str
    icon: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Superseded:
    """What is said of an old version, and where the newest is."""

    text: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLink:
    """An older version."""

    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLink:
    """One of several events, to be looked at instead."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """The search form, and what it keeps of the address."""

    url: str
    q: str
    event: str | None
    version: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Which columns somebody has something in."""

    time: bool
    award: bool
    grade: bool
    settled: bool
    """Whether grades are no longer proposed: the results stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A single item with its lines."""

    name: str
    rows: list[ItemLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The days of the notice, who takes objections, and until when one may appeal."""

    days: str
    contact: str
    appeals: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredHash:
    """The words of the stored file's hash, when it was stored, and its record in the chain."""

    words: str
    when: str
    record: ChainRecord | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsPage:
    """What `public/standings.html` wants."""

    title: str
    """成绩公示, or what it is called when the notice is over."""
    heading: str
    subheading: str
    chips: list[Chip]
    withdrawn: str | None
    """Why the notice was taken back: then nobody is listed."""
    superseded: Superseded | None
    versions: list[VersionLink]
    """Older ones; none on the page of an old one."""
    note: str | None
    """What this version changed."""
    whole_names: str | None
    """Who stands by the whole name, where somebody may."""
    erased: str | None
    """That names gave way to pseudonyms, where they did."""
    views: list[EventLink]
    """Empty where there is one event."""
    search: Search
    podium: list[PersonRow]
    rows: Sequence[PersonRow]
    columns: Columns
    page: Paging
    counted: str
    """How many there are, in words."""
    beside: Beside
    items: list[Item]
    points: bool
    """Whether units rank by points."""
    period: Period | None
    hash: StoredHash
    bundle_url: str | None
    """None where the files are withheld."""
    results_url: str | None
    check_url: str | None
    """Where a browser proves the newest version by itself."""


def describe_results(
    publication: Publication, asked: str, versions: Sequence[Publication]
) -> ResultsPage | None:
    """The page of the event asked for or of the first; None without any.

    `versions` are all of the competition's, newest first.
    """
    newest = versions[0]
    old = publication.version if publication.id != newest.id else None
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
    flagged = codes_under_appeal(publication.competition) if old is None else frozenset()
    people = [PersonRow(number, line, number in flagged) for number, line in what.people]
    people = [] if withdrawn else people
    wanted = " ".join(request.args.get("q", "").split())
    found = [row for row in people if row.has(wanted)] if wanted else people
    podium = [] if wanted else _podium(people)
    rows, page = part_of(
        [row for row in found if row not in podium], PAGE_SIZE, "public.standings", code=code,
        event=chosen if len(events) > 1 else None, q=wanted, version=old,
    )  # fmt: skip
    several = len(events) > 1
    return ResultsPage(
        title=_("成绩公示") if stand.runs and old is None else _("成绩公布"),
        heading=bundle.competition.name,
        subheading=rules.name,
        chips=_chips(publication, newest, stand),
        withdrawn=withdrawn,
        superseded=Superseded(
            text=_("这是第 %(old)s 版，已经由第 %(new)s 版更正。", old=old, new=newest.version),
            url=url_for("public.standings", code=code),
        )
        if old
        else None,
        versions=[] if old else [_version(version, code) for version in versions[1:]],
        note=publication.note,
        whole_names=_("同意公布的写全名；没有同意、收回了同意的隐去一部分。")
        if settings_of(publication.competition).full_names
        else None,
        erased=_(
            "有选手的个人资料已经删除，这里写化名。下载的文件和公布时一样，姓名隐去一部分，核对词不变。"
        )
        if publication.erased
        else None,
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
        search=Search(
            url=url_for("public.standings", code=code),
            q=wanted,
            event=chosen if several else None,
            version=old,
        ),
        podium=podium if page.number == 1 else [],
        rows=rows,
        columns=Columns(
            time=any(row.line.time for row in people),
            award=any(row.line.award for row in people),
            grade=any(row.line.grade for row in people),
            settled=stand.stands and old is None,
        ),
        page=page,
        counted=_counted(people, found, wanted, _crewed_of(publication, chosen)),
        beside=Beside() if withdrawn else what.beside,
        items=[] if withdrawn else _items(what.beside),
        points=any(unit.points for unit in what.beside.units),
        period=Period(
            days=_days(what.period.first_day, what.period.last_day),
            contact=what.period.contact,
            appeals=moment(publication.appeals_until) if publication.appeals_until else None,
        )
        if what.period and not old
        else None,
        hash=StoredHash(
            words=hash_phrase(bytes.fromhex(publication.sha256)),
            when=_("%(at)s 存档", at=moment(publication.published_at)),
            record=publication_record(publication),
        ),
        bundle_url=None
        if is_withheld(publication, versions)
        else url_for("public.bundle", code=code, version=old),
        results_url=None
        if is_withheld(publication, versions)
        else url_for("public.results", code=code, version=old),
        check_url=None
        if old or is_withheld(publication, versions)
        else url_for("log.check", code=code),
    )  # fmt: skip


def is_withheld(publication: Publication, versions: Sequence[Publication]) -> bool:
    """Whether a version's files can't be had: an event in them had its notice withdrawn."""
    stands = stands_of(publication.competition).values()
    return publication.id == versions[0].id and any(stand.withdrawn_why for stand in stands)


def _version(publication: Publication, code: str) -> VersionLink:
    return VersionLink(
        label=_("第 %(n)s 版", n=publication.version),
        url=url_for("public.standings", code=code, version=publication.version),
    )


def _podium(people: list[PersonRow]) -> list[PersonRow]:
    """Those who came first, second and third, where each place is one person's."""
    first = [row for row in people if row.podium]
    return first if [row.line.rank for row in first] == [1, 2, 3] else []


def _days(first: date, last: date) -> str:
    counted = len(working_days().between(first, last))
    if first == last:
        return _("%(day)s，%(n)s 个工作日", day=day(first), n=counted)
    return _("%(first)s 至 %(last)s，%(n)s 个工作日", first=day(first), last=day(last), n=counted)


def _chips(publication: Publication, newest: Publication, stand: Stand) -> list[Chip]:
    version = _("第 %(n)s 版", n=publication.version)
    if publication.id != newest.id:
        at = _("%(at)s 公布", at=moment(publication.published_at))
        return [
            Chip(text=version, kind="bad", icon=None),
            Chip(text=at, kind="", icon=None),
        ]
    state = say(stand_words(stand))
    if stand.runs and stand.last_day is not None:
        left = len(working_days().between(local_today() + timedelta(days=1), stand.last_day))
        if left:
            state = _("%(state)s，还有 %(n)s 个工作日", state=state, n=left)
    kind = "ok" if stand.stands else "bad" if stand.withdrawn_why else "warn"
    return [
        Chip(text=state, kind=kind, icon="clock" if stand.runs else None),
        Chip(text=version, kind="", icon=None),
    ]


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


def _items(beside: Beside) -> list[Item]:
    """Single items, each with its lines."""
    return [
        Item(name=name, rows=list(lines))
        for name, lines in groupby(beside.items, key=lambda line: line.item)
    ]
