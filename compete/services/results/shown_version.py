"""Shown version: the words on a page or a workbook for the version of results in it."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from compete.domain.bundle.results import Results, write_results
from compete.domain.bundle.types import Bundle
from compete.domain.values.days import date_words
from compete.domain.values.hashwords import hash_phrase
from compete.domain.values.messages import Message, listed, msg
from compete.models import Competition, Publication
from compete.services.kernel.clock import local_time
from compete.services.kernel.publications import latest_publication
from compete.services.results.announced_periods import (
    announced_labour,
    announced_periods,
    announcing,
)
from compete.services.results.result_stands import all_stand_words
from compete.services.results.snapshots import (
    published_names,
    read_snapshot,
    renamed,
    snapshot_files,
)
from compete.services.scoring.live_labour import LabourLive


def edition_of(
    competition: Competition, results: Results, event: str | None = None
) -> tuple[Publication | None, Message]:
    """The publication that says just these results, and how they are to be called.

    None with 暂定 while nothing is published, or when what stands now is no
    longer what was published; of several events those are named that are others now. The
    state (公示中，到11月27日) stands with the version. `event`: of that one alone.
    """
    publication = latest_publication(competition)
    if publication is None:
        return None, msg("暂定，还没公布")
    changed = _changed(publication, results)
    if event is not None:
        changed = [code for code in changed if code == event]
    names = {row.code: row.name for row in competition.events}
    if changed and (event is not None or len(changed) == len(names)):
        return None, msg("暂定，第 %(n)s 版公布以后改过", n=publication.version)
    if changed:
        edition = msg(
            "暂定，第 %(n)s 版公布以后改过%(events)s",
            n=publication.version,
            events=listed([names[code] for code in changed]),
        )
        return None, edition
    edition = edition_words(publication)
    state = all_stand_words(competition, event)
    if state is not None:
        edition = msg("%(edition)s，%(state)s", edition=edition, state=state)
    return publication, edition


def _changed(publication: Publication, results: Results) -> list[str]:
    """The events whose results are not those that were published, by code."""
    published = read_snapshot(publication)[1]
    # Most pages show just what was published: that is seen without writing it out again.
    if published == results or snapshot_files(publication)[1] == write_results(results):
        return []
    then = {event.code: event for event in published.events}
    now = {event.code: event for event in results.events}
    return [
        code
        for code in now | then
        if then.get(code) != now.get(code)
        and msgspec.json.encode(then.get(code)) != msgspec.json.encode(now.get(code))
    ]


def edition_of_period(
    competition: Competition, live: LabourLive, period: str
) -> tuple[Publication | None, Message]:
    """The version that announces a period just as it stands now, and how that is to be called.

    None with 暂定 while it is not announced, or where a correction, or a unit's name, is not
    out yet. KeyError for an unknown period.
    """
    publication = announcing(competition, period)
    if publication is None:
        return None, msg("暂定，还没公布")
    published = announced_labour(publication)
    if published.standings[period] != live.standings[period]:
        return None, msg("暂定，第 %(n)s 版公布以后改过", n=publication.version)
    units = [row.unit for row in live.standings[period]]
    if any(published.units.get(unit) != live.units.get(unit) for unit in units):
        return None, msg("暂定，第 %(n)s 版公布以后单位改过名", n=publication.version)
    return publication, edition_words(publication)


def edition_of_labour(
    competition: Competition, live: LabourLive
) -> tuple[Message, dict[str, Message]]:
    """The names of a workbook of all periods as a whole, and of each of its periods."""
    newest = latest_publication(competition)
    if newest is None:
        return msg("暂定，还没公布"), {}
    by_period = {period: edition_of_period(competition, live, period) for period in live.standings}
    announced = announced_periods(newest)
    changed = [period for period in announced if by_period[period][0] is None]
    if changed:
        whole = by_period[changed[0]][1]
    elif len(announced) < len(by_period):
        whole = msg("%(edition)s；没公布的期次是暂定", edition=edition_words(newest))
    else:
        whole = edition_words(newest)
    return whole, {code: words for code, (_version, words) in by_period.items()}


def named_as_published(bundle: Bundle, publication: Publication | None) -> Bundle:
    """The bundle with the names under which a publication went out; as it is without one.

    Of people, units and teams.
    """
    if publication is None:
        return bundle
    names, announced = published_names(publication), read_snapshot(publication)[0]
    units = {unit.code: unit.name for unit in announced.units}
    teams = {team.code: team.name for team in announced.teams}
    return replace(
        renamed(bundle, names.get),
        units=tuple(replace(unit, name=units.get(unit.code, unit.name)) for unit in bundle.units),
        teams=tuple(replace(team, name=teams.get(team.code, team.name)) for team in bundle.teams),
    )


def edition_words(publication: Publication) -> Message:
    """The words of a version: 第 2 版，核对词 青松 江桥 白鹭 石榴，2026年9月18日 18:20 公布."""
    at = local_time(publication.published_at)
    return msg(
        "第 %(n)s 版，核对词 %(words)s，%(day)s %(time)s 公布",
        n=publication.version,
        words=hash_phrase(bytes.fromhex(publication.sha256)),
        day=date_words(at),
        time=f"{at:%H:%M}",
    )
