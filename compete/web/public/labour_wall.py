"""The wall of a site office: one published period on a big screen, out of the version in force.

Nothing of the results is live: what is not announced is not on it. Written afterwards, and shown as
it stands, are the days without an accident and the day on which the flag was handed over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _

from compete.domain.bundle.results import LabourRow
from compete.domain.labour.rows import barred_words
from compete.models import Publication
from compete.services.kernel.clock import local_today
from compete.services.labour.without_accident import safe_days, safe_since
from compete.services.results.announced_periods import announced_labour
from compete.services.scoring.journeys import FlagJourney, flag_journey
from compete.services.scoring.live_labour import LabourLive
from compete.web.language import say
from compete.web.organiser.labour.cards import (
    Development,
    development,
    flag_cards,
    flag_distance,
    given_days,
    why_card,
)
from compete.web.organiser.labour.view_model import lost_lines, standings_row
from compete.web.public.labour import row_of_unit
from compete.web.templating import dated_moment, day

MOST_COLUMNS = ((6, 4), (9, 2), (14, 1))
"""The most periods inside the shown one that have a column, the last ones, by how many signs the
longest name has: a name is never cut, so that no two units look alike."""
LOST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class WallRow:
    """A unit on the wall; `own` is the office's, `barred` a vetoed one: no medal for its place."""

    unit: dict[str, Any]
    own: bool
    barred: bool
    values: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class WallBanner:
    """The most important news, in words; `kind` is `ok`, `bad` or empty."""

    kind: str
    icon: str
    title: str
    text: str


def wall_page(publication: Publication, period: str, unit: str | None) -> str | None:
    """The wall of a period; with `unit` of that one's group alone. None for one not in it."""
    live = announced_labour(publication)
    own = row_of_unit(live, period, unit) if unit is not None else None
    if unit is not None and own is None:
        return None
    rows = [row for row in live.standings[period] if own is None or row.group == own.group]
    names = sorted({row.group for row in rows}, key=lambda name: name or "")
    longest = max((len(live.units[row.unit]) for row in rows), default=0)
    most = next((columns for signs, columns in MOST_COLUMNS if longest <= signs), 0)
    inner = [part for part in live.labour.periods if part.part_of == period]
    inner = inner[len(inner) - most :] if most < len(inner) else inner
    codes, led = [part.code for part in inner], development(live, period)
    name = live.outcome.field.tree.periods[period].name
    competition = live.bundle.competition.name
    subject = live.units[own.unit] if own is not None else competition
    safe = _safe(publication, own)
    journey = flag_journey(publication.competition, live)
    given = [f"{holder}={at}" for holder, at in given_days(journey, period, rows).items()]
    given += [
        f"{row.unit}:{words.render()}"
        for row in rows
        if (words := journey.sentence(period, row.unit)) is not None
    ]
    return render_template(
        "public/labour_wall.html",
        heading=_("%(name)s %(period)s看板", name=subject, period=name),
        note=_note(competition, names, rows) if own is not None else _("%(n)s 家", n=len(rows)),
        mark=":".join([str(publication.id), period, *((safe.mark,) if safe else ()), *given]),
        banner=_banner(journey, period, own, led, safe) if own is not None else None,
        columns=inner,
        total=name,
        groups=[
            (
                name or _("全部单位"),
                [_row(live, period, codes, led, row, own) for row in rows if row.group == name],
            )
            for name in names
        ],
        flags=flag_cards(journey, period, names, brief=True),
        why=why_card(live, period, own.unit) if own is not None else None,
        lost=lost_lines(live, period, own.unit)[:LOST] if own is not None else [],
        warned=[(live.units[row.unit], _word(row)) for row in rows if row.vetoed or row.warned]
        if own is None
        else [],
        edition=_(
            "第 %(n)s 版，%(at)s 公布",
            n=publication.version,
            at=dated_moment(publication.published_at),
        ),
        back_url=url_for("public.standings", code=publication.competition.code),
    )


def _row(
    live: LabourLive,
    period: str,
    inner: Sequence[str],
    led: Development,
    row: LabourRow,
    own: LabourRow | None,
) -> WallRow:
    shown = standings_row(row, live, period, inner, led, "")
    return WallRow(
        unit=shown,
        own=own is not None and row.unit == own.unit,
        barred=row.vetoed,
        values=[shown["values"].get(code) or "—" for code in inner],
    )


@dataclass(frozen=True, slots=True)
class _Safe:
    """Days without an accident; `accident` is the day of one that came after what is announced."""

    days: int
    accident: date | None
    mark: str


def _safe(publication: Publication, own: LabourRow | None) -> _Safe | None:
    """Return the office's safe days, if the organiser said since when they count."""
    since = safe_since(publication.competition).get(own.unit) if own is not None else None
    if since is None:
        return None
    days = safe_days(since, local_today())
    # Entered since the version that is shown: what that announces knows nothing of it.
    fresh = since.said is not None and since.said > publication.published_at
    return _Safe(days, since.day if fresh else None, f"{since.day}:{days}")


def _banner(
    journey: FlagJourney, period: str, own: LabourRow, led: Development, safe: _Safe | None
) -> WallBanner:
    banner = _results_banner(journey, period, own, led)
    if safe is None or own.vetoed:
        return banner
    title = _("安全生产 %(n)s 天", n=safe.days)
    text = [banner.title, banner.text]
    if safe.accident is None:
        kind = banner.kind or "ok"
        return WallBanner(kind=kind, icon="shield-check", title=title, text=_joined(text))
    note = _("%(day)s出过安全事故，天数从这天重新算", day=day(safe.accident))
    return WallBanner(kind="bad", icon="warn", title=title, text=_joined([note, *text]))


def _joined(parts: Sequence[str]) -> str:
    return _("，").join(part for part in parts if part)


def _results_banner(
    journey: FlagJourney, period: str, own: LabourRow, led: Development
) -> WallBanner:
    distance = flag_distance(journey, period, own.unit) or ""
    if own.vetoed:
        place = "" if own.rank is None else _("第 %(rank)s 名", rank=own.rank)
        text = _joined([place, _("这一期不评先、不得红旗")])
        return WallBanner(kind="bad", icon="ban", title=_("一票否决"), text=text)
    if own.rank is None:
        text = _("缺的补上才有名次") if own.missing else ""
        return WallBanner(kind="", icon="half-circle", title=_("还没有总分"), text=text)
    move = led.move(own)
    parts = [move.text if move is not None else "", distance]
    if own.warned:
        parts.insert(0, _("黄牌"))
    return WallBanner(
        kind="bad" if own.warned else "ok",
        icon="flag" if own.flag else "shield-check",
        title=_("第 %(rank)s 名", rank=own.rank),
        text=_joined(parts),
    )


def _word(row: LabourRow) -> str:
    return say(barred_words()) if row.vetoed else _("黄牌")


def _note(competition: str, groups: Sequence[str | None], rows: Sequence[LabourRow]) -> str:
    group = groups[0] or _("全部单位")
    return _(
        "%(competition)s，%(group)s %(n)s 家", competition=competition, group=group, n=len(rows)
    )
