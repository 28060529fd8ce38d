"""A labour competition: the standings of a period, group by group, and each unit's own page."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_babel import gettext as _

from compete.domain.bundle.results import LabourRow
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.messages import listed
from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.kernel.competition_settings import settings_of
from compete.services.labour.deadlines import first_open_leaf
from compete.services.labour.departments import department_names
from compete.services.labour.notes import find_note, notes_of_unit
from compete.services.labour.period_progress import closed_periods
from compete.services.labour.squares import leaves_of, reasons_of
from compete.services.results.bulletin import print_bulletin
from compete.services.results.bulletin_sheets import bulletin_book
from compete.services.results.shown_version import edition_of_labour
from compete.services.scoring.journeys import flag_journey
from compete.services.scoring.live_labour import LabourLive, labour_live
from compete.sheets.results_workbook.workbook import write_results_book
from compete.web import guard
from compete.web.downloads import send_pdf, send_workbook
from compete.web.labour_entry.notes import send_evidence
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.competition_words import level_word
from compete.web.organiser.desk.overview.beginning import beginning_steps
from compete.web.organiser.desk.overview.waiting_rows import describe_labour_waits
from compete.web.organiser.labour.cards import (
    development,
    flag_cards,
    head_words,
    lifted_lines,
    prize_lines,
    tie_card,
)
from compete.web.organiser.labour.deadlines.views import FilledGrid
from compete.web.organiser.labour.leading import Leading, codes_by_heading
from compete.web.organiser.labour.minute import minute_of
from compete.web.organiser.labour.view_model import period_parts, standings_row, unit_parts
from compete.web.organiser.results.standings.view_model import distinction_rows
from compete.web.pages import or_404
from compete.web.paging import asked_page, describe_page

PAGE_SIZE = 50
LACKING_NAMED = 5
_SEEN = "labour_seen"


@face.get("/<code>/labour")
@guard.may(Right.SEE, of=guard.ANY_KIND)
def labour(competition: Competition) -> ResponseReturnValue:
    """Ranks of the units of one group in one period; the whole by default."""
    if competition_kind(competition).of_people:
        return redirect(url_for("organiser.overview"))
    now = labour_live(competition)
    period, groups, group = _period_and_group(competition, now)
    live = now.running(period)
    rows = [row for row in live.standings[period] if row.group == group or not groups]
    page = asked_page()
    led = development(live, period)
    leading = Leading(
        live,
        period,
        lambda unit: url_for("organiser.labour_unit", unit=unit, period=period),
        department_names(competition),
        settings_of(competition).low_share,
    )
    leaders = leading.leaders(
        groups or (None,),
        group,
        lambda name: url_for("organiser.labour", period=period, group=name),
    )
    inner = [part for part in live.labour.periods if part.part_of == period]
    codes = [part.code for part in inner]
    return render_template(
        "organiser/labour/labour.html",
        code=period,
        **period_parts(competition, live, period),
        notes=_notes(competition, live, period, group, len(rows)),
        names=live.labour.period_names,
        units=live.units,
        periods=list(live.standings),
        groups=groups,
        group=group,
        leaders=leaders,
        lacking=_unranked_words(live, period, rows) if leaders else None,
        last_leaf=leaves_of(live.labour, period)[-1],
        filled=None
        if leaders
        else FilledGrid(competition, now, _due_leaf(competition, now, period)),
        minute=minute_of(
            competition,
            flag_journey(competition, live),
            period,
            leading.unit_url,
            leading.departments,
            set(live.outcome.field.tree.periods) - set(closed_periods(competition)),
        )
        if leaders
        else None,
        heat=leading.heat(rows),
        movers=leading.movers(rows, led),
        trend=led.drawn(rows, live.units),
        columns=inner,
        rows=[
            standings_row(row, live, period, codes, led, leading.unit_url(row.unit))
            for row in rows[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
        ],
        flags=flag_cards(
            flag_journey(competition, live),
            period,
            (group,),
            still_open=set(live.outcome.field.tree.periods) - set(closed_periods(competition)),
        ),
        prizes=prize_lines(live, period),
        lifted=lifted_lines(live, period),
        tie=tie_card(live, period, rows),
        running=_running_words(now, period),
        beginning=beginning_steps(competition, now),
        waits=describe_labour_waits(competition),
        page=describe_page(
            len(rows), page, PAGE_SIZE, "organiser.labour", period=period, group=group
        ),
    )


@face.get("/<code>/labour/units/<unit>")
@guard.may(Right.SEE, of=guard.ANY_KIND)
def labour_unit(competition: Competition, unit: str) -> ResponseReturnValue:
    """Show one unit in one period: its place, what moved it, where every point comes from."""
    if competition_kind(competition).of_people:
        return redirect(url_for("organiser.overview"))
    now = labour_live(competition)
    period = _chosen_period(now)
    live, leaves = now.running(period), leaves_of(now.labour, period)
    row = or_404(
        next((standing for standing in live.standings[period] if standing.unit == unit), None)
    )
    unit_row = next(known for known in competition.units if known.code == unit)
    heading = request.args.get("heading")
    parts = unit_parts(
        flag_journey(competition, live),
        row,
        period,
        lambda code: url_for("organiser.labour_unit", unit=unit, period=code),
        shown=list(live.outcome.field.tree.periods),
        heading=heading if heading in codes_by_heading(live.labour) else None,
        reasons=reasons_of(unit_row, leaves_of(live.labour, period)),
    )
    return render_template(
        "organiser/labour/unit.html",
        code=period,
        **parts | period_parts(competition, live, period),
        running=_running_words(now, period),
        evidence=notes_of_unit(unit_row, leaves)[::-1],
        periods=now.labour.period_names,
        indicators=now.labour.indicator_names,
    )


@face.get("/<code>/labour/evidence/<uuid>")
@guard.may(Right.SEE, of=guard.LABOUR)
def labour_evidence(competition: Competition, uuid: str) -> Response:
    """A file that stands on a square."""
    note = or_404(find_note(competition, uuid))
    return send_evidence(note)


@face.get("/<code>/labour.xlsx")
@guard.may(Right.SEE, of=guard.LABOUR)
def labour_book(competition: Competition) -> Response:
    """Every period's standings as a workbook."""
    live = labour_live(competition)
    whole, editions = edition_of_labour(competition, live)
    book = write_results_book(
        live.bundle,
        live.results,
        gettext,
        edition=whole,
        editions=editions,
        distinctions=distinction_rows(competition),
        away=live.away,
    )
    return send_workbook(book, f"排名_{competition.name}.xlsx")


@face.get("/<code>/labour/bulletin.pdf")
@guard.may(Right.SEE, of=guard.LABOUR)
def labour_bulletin(competition: Competition) -> Response:
    """The bulletin of a period (通报), to be printed."""
    live = labour_live(competition)
    period = _chosen_period(live)
    name = live.outcome.field.tree.periods[period].name
    return send_pdf(
        print_bulletin(competition, period, gettext), f"通报_{competition.name}_{name}.pdf"
    )


@face.get("/<code>/labour/bulletin.xlsx")
@guard.may(Right.SEE, of=guard.LABOUR)
def labour_bulletin_book(competition: Competition) -> Response:
    """The same as a workbook, to be worked on."""
    live = labour_live(competition)
    period = _chosen_period(live)
    name = live.outcome.field.tree.periods[period].name
    book = bulletin_book(competition, period, gettext)
    return send_workbook(book, f"通报_{competition.name}_{name}.xlsx")


def _notes(
    competition: Competition, live: LabourLive, period: str, group: str | None, size: int
) -> list[str]:
    """List its level, the number of units, who takes part, and the same of the group."""
    notes = [
        level_word(competition.level),
        _("%(n)s 个单位", n=len(live.bundle.units)),
        head_words(live, period),
    ]
    if group is not None:
        people = head_words(live, period, group)
        notes.append(
            _("%(group)s %(n)s 家", group=group, n=size)
            if people is None
            else _("%(group)s %(n)s 家，%(said)s", group=group, n=size, said=people)
        )
    return [note for note in notes if note]


def _running_words(live: LabourLive, period: str) -> str | None:
    """Name the open parts that a running whole does not contain yet."""
    if live.running(period) is live:
        return None
    tree = live.outcome.field.tree
    open_parts = [
        tree.periods[code].name for code in live.still_entered if period in tree.around(code)
    ]
    if not open_parts:
        return None
    return gettext(
        "按已结账的和填齐的期次算；%(names)s还在填，没算进来", names=_("、").join(open_parts)
    )


def _period_and_group(
    competition: Competition, now: LabourLive
) -> tuple[str, Sequence[str], str | None]:
    """The period, its groups and one of them: as asked for, else as seen last in this browser."""
    code, seen_period, seen_group = session.get(_SEEN, (None, None, None))
    if code != competition.code:
        seen_period = seen_group = None
    wanted = request.args.get("period") or seen_period
    period = wanted if wanted in now.standings else _chosen_period(now)
    rows = now.running(period).standings[period]
    groups = sorted({row.group for row in rows if row.group is not None})
    group = request.args.get("group") or seen_group
    if group not in groups:
        group = groups[0] if groups else None
    session[_SEEN] = [competition.code, period, group]
    return period, groups, group


def _unranked_words(live: LabourLive, period: str, rows: Sequence[LabourRow]) -> str | None:
    """Name the units without a rank because of gaps."""
    names = [
        live.units[row.unit]
        for row in rows
        if row.rank is None and not row.vetoed and not live.is_absent(period, row.unit)
    ]
    if not names:
        return None
    return ngettext(
        "%(num)s 家没填齐，没有名次：%(names)s",
        "%(num)s 家没填齐，没有名次：%(names)s",
        len(names),
        names=say(listed(names[:LACKING_NAMED])) + ("…" if names[LACKING_NAMED:] else ""),
    )


def _due_leaf(competition: Competition, live: LabourLive, period: str) -> str:
    """The leaf period within this one that is entered now, else its last."""
    leaves, due = leaves_of(live.labour, period), first_open_leaf(competition)
    return due if due in leaves else leaves[-1]


def _chosen_period(live: LabourLive) -> str:
    """The period that is asked for, without one the final; 404 for another."""
    wanted = request.args.get("period") or live.period_results.final
    return wanted if wanted in live.standings else abort(404)
