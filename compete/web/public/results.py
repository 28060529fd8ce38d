"""The page of published results: the same lines as on the notice that is put up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from compete.documents.standings_list import Beside, StandingsRow
from compete.domain.values import hash_phrase
from compete.models import Publication
from compete.services.kernel import publication_record
from compete.services.publication import announced, read_snapshot
from compete.web.paging import part_of
from compete.web.templating import day, moment

PAGE = 100
FIRST = 3


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody's line, with the number that stands on the badge."""

    number: str
    line: StandingsRow

    @property
    def podium(self) -> bool:
        return self.line.rank is not None and self.line.rank <= FIRST

    def has(self, text: str) -> bool:
        """Whether number, name or unit hold the text."""
        return any(text in each for each in (self.number, self.line.name, self.line.unit))


def describe_results(
    publication: Publication, asked: str, versions: Sequence[Publication]
) -> dict[str, Any] | None:
    """What `public/standings.html` wants, of the event asked for or the first; None without any.

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
    people = [PersonRow(number, line) for number, line in what.people]
    wanted = " ".join(request.args.get("q", "").split())
    found = [row for row in people if row.has(wanted)] if wanted else people
    podium = [] if wanted else _podium(people)
    rows, page = part_of(
        [row for row in found if row not in podium], PAGE, "public.standings", code=code,
        event=chosen if len(events) > 1 else None, q=wanted, version=old,
    )  # fmt: skip
    return {
        "heading": bundle.competition.name,
        "subheading": rules.name,
        "chips": _chips(publication, newest),
        "superseded": {
            "text": _("这是第 %(old)s 版，已经由第 %(new)s 版更正。", old=old, new=newest.version),
            "url": url_for("public.standings", code=code),
        }
        if old
        else None,
        "versions": [
            {
                "label": _("第 %(n)s 版", n=each.version),
                "url": url_for("public.standings", code=code, version=each.version),
            }
            for each in versions[1:]
        ]
        if not old
        else [],
        "note": publication.note,
        "views": [
            {
                "label": titles[event],
                "url": url_for("public.standings", code=code, event=event, version=old),
                "current": event == chosen,
            }
            for event in events
        ]
        if len(events) > 1
        else [],
        "search": {
            "url": url_for("public.standings", code=code),
            "q": wanted,
            "event": chosen if len(events) > 1 else None,
            "version": old,
        },
        "podium": podium if page.number == 1 else [],
        "rows": rows,
        "columns": {
            name: any(getattr(row.line, name) for row in people)
            for name in ("time", "award", "grade")
        },
        "page": page,
        "counted": _counted(people, found, wanted),
        "beside": what.beside,
        "items": _items(what.beside),
        "points": any(unit.points for unit in what.beside.units),
        "period": {
            "days": _("%(first)s 至 %(last)s", first=day(what.period.first_day),
                      last=day(what.period.last_day)),
            "contact": what.period.contact,
            "appeals": moment(publication.appeals_until) if publication.appeals_until else None,
        }
        if what.period and not old
        else None,
        "hash": {
            "words": hash_phrase(bytes.fromhex(publication.sha256)),
            "when": _("%(at)s 存档", at=moment(publication.published_at)),
            "record": publication_record(publication),
        },
        "bundle_url": url_for("public.bundle", code=code, version=old),
        "results_url": url_for("public.results", code=code, version=old),
    }  # fmt: skip


def _podium(people: list[PersonRow]) -> list[PersonRow]:
    """Those who came first, second and third, where each place is one person's."""
    first = [row for row in people if row.podium]
    return first if [row.line.rank for row in first] == [1, 2, 3] else []


def _chips(publication: Publication, newest: Publication) -> list[dict[str, str | None]]:
    until = _("公示到 %(at)s", at=moment(publication.notice_until))
    version = _("第 %(n)s 版", n=publication.version)
    if publication.id != newest.id:
        at = _("%(at)s 公布", at=moment(publication.published_at))
        return [
            {"text": version, "kind": "bad", "icon": None},
            {"text": at, "kind": "", "icon": None},
        ]
    return [
        {"text": until, "kind": "warn", "icon": "clock"},
        {"text": version, "kind": "", "icon": None},
    ]


def _counted(people: list[PersonRow], found: list[PersonRow], wanted: str) -> str:
    if wanted:
        return _("找到 %(n)s 人，共 %(all)s 人", n=len(found), all=len(people))
    ranked = sum(row.line.rank is not None for row in people)
    if ranked == len(people):
        return _("共 %(n)s 人", n=ranked)
    rest = len(people) - ranked
    return _("%(n)s 人有名次；%(rest)s 人没有，总成绩那里写着为什么", n=ranked, rest=rest)


def _items(beside: Beside) -> list[dict[str, Any]]:
    """Single items, each with its lines."""
    return [
        {"name": name, "rows": list(lines)}
        for name, lines in groupby(beside.items, key=lambda line: line.item)
    ]
