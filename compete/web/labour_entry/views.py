"""The page, what its script calls, signing off, and what a unit reports of itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from uuid import uuid4

import msgspec
from flask import Response, abort, flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.labour.head_counts import grouped
from compete.domain.values.messages import Message
from compete.domain.values.numerals import plain
from compete.domain.values.rights import Right
from compete.models import SELF, Competition, LabourAccident, LabourValueEntry, utc_now
from compete.services.accounts.pins import WrongPin
from compete.services.backups.generations import standing
from compete.services.kernel.event_rules import labour_of
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refused
from compete.services.kernel.rows_by_number import find_own
from compete.services.kernel.text_limits import LONGEST_REASON
from compete.services.kernel.untrusted_json import read_json
from compete.services.labour.accidents import Report, accidents_of, report_accident
from compete.services.labour.deadlines import deadline_of, last_reminder
from compete.services.labour.entry import (
    MOST_AT_ONCE,
    CellAct,
    Entered,
    Writer,
    enter_cells,
    grid_for,
    history_for,
    why_not_entered,
)
from compete.services.labour.head_counts import heads_of, read_people, report_heads
from compete.services.labour.notes import LONGEST_COMMENT, notes_of
from compete.services.labour.period_progress import closed_periods, why_closed
from compete.services.labour.sign_off import sign_off, sign_offs
from compete.services.labour.squares import names_of_writers
from compete.services.results.announced_periods import announced_labour, newest_period
from compete.services.results.snapshots import publications
from compete.web import guard
from compete.web.errors import answer
from compete.web.extensions import limiter
from compete.web.kept_acts import in_order
from compete.web.labour_entry.grid_json import Now, grid_now, whole_grid
from compete.web.labour_entry.notes import note_line, send_evidence_file
from compete.web.labour_entry.writers import (
    answer_json,
    entered_leaf,
    face,
    leaves_of_writer,
    sent_file,
    writer_of,
)
from compete.web.labour_words import with_target
from compete.web.language import say
from compete.web.pages import of_code
from compete.web.pasted_blocks import answer_block
from compete.web.refusals import problem_of, problem_of_length, refusal_on, status_of
from compete.web.script_translations import script_words
from compete.web.templating import moment


class SentAct(CellAct, frozen=True, kw_only=True):
    """An act as it is sent: with its period, and what the queue on the device notes."""

    period: str
    tablet: str = ""
    seq: int = 0


class ActsBody(msgspec.Struct):
    """The body of `POST …/acts`."""

    acts: list[SentAct]


class SignBody(msgspec.Struct):
    """The body of `POST …/sign`."""

    pin: str
    name: str


@face.get("/<code>")
@guard.may(Right.ENTER_VALUES, of=guard.ANY_KIND)
def page(competition: Competition) -> ResponseReturnValue:
    """The grid of one period; by default the first that is neither signed off nor closed."""
    writer = writer_of(competition)
    leaves = leaves_of_writer(writer)
    if not leaves:
        return answer(
            404, _("现在没有你们打的指标：部门换了指标，或者规则改了，问组委会"), advice=False
        )
    wanted = request.args.get("period") or next(iter(_open_leaves(writer, leaves)), leaves[-1])
    return _period_page(competition, wanted)


def _period_page(
    competition: Competition,
    period: str,
    *,
    refused_report: Refused | None = None,
    refused_heads: Refused | None = None,
) -> str:
    """The page of a leaf period in which the writer has something to enter; else 404."""
    writer = writer_of(competition)
    period, leaves = entered_leaf(writer, period), leaves_of_writer(writer)
    labour, code = labour_of(competition), competition.code
    names = labour.period_names
    department, closed = writer.department, why_not_entered(writer, period)
    over = department.reason_over if department is not None else None
    deadline = deadline_of(competition, period)
    until = deadline.own if department is None else deadline.sign
    return render_template(
        "labour_entry/page.html",
        competition=competition.name,
        code=code,
        keeper=f"entry.{competition.id}.{g.membership.id}",
        most=MOST_AT_ONCE,
        longest_why=LONGEST_REASON,
        leaf=period,
        period=names[period],
        who=writer.name,
        own=department is None,
        name=current_user.name,
        over=plain(over) if over is not None else None,
        deadline=_deadline(until, own=department is None) if until and not closed else None,
        late=until is not None and until < utc_now(),
        reminded=None if closed else _reminded(writer, period),
        closed=say(closed),
        periods={leaf: names[leaf] for leaf in leaves},
        open_period=next(
            (names[leaf] for leaf in _open_leaves(writer, leaves) if leaf != period), None
        ),
        reporting=_reporting(writer, period, refused_report),
        heads=_own_heads(writer, period, refused_heads),
        standing_url=_standing_url(writer),
        words=script_words("labour_entry", "keeping", "shared"),
    )


def _typed_report() -> dict[str, str]:
    return {name: request.form.get(name, "") for name in ("uuid", "happened", "text")}


def _reporting(writer: Writer, period: str, refused: Refused | None) -> dict[str, object]:
    """The reports of accidents of a leaf period, a unit's own, and its form for one more."""
    unit, typed = writer.unit.id if writer.unit is not None else None, _typed_report()
    long = problem_of_length(typed["text"].strip(), LONGEST_COMMENT)
    return {
        "rows": accidents_of(writer.competition, period, unit),
        "typed": {**typed, "uuid": typed["uuid"] or str(uuid4())},
        "problem": problem_of(refused) if long is None else None,
        "text_problem": long,
    }


def _own_heads(writer: Writer, period: str, refused: Refused | None) -> dict[str, object] | None:
    """Show a unit's head count for a leaf period, reported or typed; None for a department."""
    if writer.unit is None:
        return None
    heads, unit = heads_of(writer.competition, period), writer.unit.code
    known, stands = heads.reported.get(unit), heads.standing.get(unit)
    if stands is None:
        words = _("还没报过。")
    elif known is not None:
        words = _("这一期报了 %(people)s 人。", people=grouped(known))
    else:
        words = _("这一期没报，照前面报的 %(people)s 人算。", people=grouped(stands))
    closed = why_closed(writer.competition, period) is not None
    if closed:
        words = _("%(said)s这一期已经结账，要改找组委会。", said=words)
    text = request.form.get("people", "" if known is None else str(known))
    return {"closed": closed, "text": text, "said": words, "problem": problem_of(refused)}


def _reminded(writer: Writer, period: str) -> str | None:
    """Say when the writer was last reminded, and how much was missing then."""
    last = last_reminder(writer, period)
    if last is None:
        return None
    at = moment(last.made_at)
    if not last.lacking:
        return _("组委会 %(at)s 催过：填齐了，还没签核", at=at)
    return _("组委会 %(at)s 催过：那时还缺 %(n)s", at=at, n=last.lacking)


def _standing_url(writer: Writer) -> str | None:
    """Address of the newest version's standings: of a unit its own page; of a department, all."""
    newest, code = latest_publication(writer.competition), writer.competition.code
    if newest is None:
        return None
    last, unit = newest_period(newest, publications(writer.competition)), writer.unit
    rows = announced_labour(newest).standings[last] if last is not None else []
    if last is None or unit is None or all(row.unit != unit.code for row in rows):
        return url_for("public.standings", code=code)
    return url_for("public.labour_unit", code=code, period=last, unit=unit.code)


def _deadline(until: datetime, *, own: bool) -> str:
    """Put a deadline into words, with the time that is left."""
    left = until - utc_now()
    at = moment(until)
    words = _("%(at)s 前填自评", at=at) if own else _("%(at)s 前签核", at=at)
    if left < timedelta(0):
        return _("%(said)s，已经过了", said=words)
    if left < timedelta(days=1):
        return _("%(said)s，还有 %(n)s 小时", said=words, n=int(left / timedelta(hours=1)))
    return _("%(said)s，还有 %(n)s 天", said=words, n=left.days)


def _open_leaves(writer: Writer, leaves: list[str]) -> Iterator[str]:
    """List the leaf periods neither closed nor signed off: the writer has still to enter."""
    closed, department = closed_periods(writer.competition), writer.department
    for leaf in leaves:
        if leaf in closed or why_not_entered(writer, leaf) is not None:
            continue
        if department is None or department.id not in sign_offs(writer.competition, leaf):
            yield leaf


@face.get("/<code>/<period>/state")
@guard.only_watches
@guard.may(Right.ENTER_VALUES, of=guard.ANY_KIND)
@limiter.exempt
def state(competition: Competition, period: str) -> ResponseReturnValue:
    """The grid as it stands; with `since`, a row's number, what is newer."""
    writer = writer_of(competition)
    period = entered_leaf(writer, period)
    since = request.args.get("since", type=int)
    if since is None:
        return answer_json(whole_grid(writer, period))
    return answer_json(grid_now(writer, grid_for(writer, period), since))


@face.post("/<code>/acts")
@guard.may(Right.ENTER_VALUES, of=guard.ANY_KIND)
@limiter.limit("600 per minute", key_func=lambda: f"cells:{current_user.get_id()}")
def acts(competition: Competition) -> ResponseReturnValue:
    """Take acts in: `{acts: [CellAct with period]}`, each answered by itself.

    `held` are those that are stored, `refused` those that are not, with the reason. With
    `since`, a row's number, the grids bring what is newer, else what is newer than was seen.
    """
    writer = writer_of(competition)
    body = read_json(request.get_data(), ActsBody)
    if body is None:
        return answer(400, _("这次上传读不懂，改动还在本机"))
    since = request.args.get("since", type=int)
    if since is None:
        since = min((act.seen or 0 for act in body.acts), default=0)
    stored: list[str] = []
    refused: list[tuple[str, Message | str]] = []
    grids: dict[str, Now] = {}
    for period, of_period in groupby(in_order(body.acts), key=lambda act: act.period):
        sent = list(of_period)
        if period not in leaves_of_writer(writer):
            refused += [(act.uuid, _("没有这一期")) for act in sent]
            continue
        done = enter_cells(writer, period, sent)
        stored += done.stored
        refused += [*done.refused, *_met_words(done)]
        grids[period] = grid_now(writer, grid_for(writer, period), since)
    return answer_json(
        {
            "held": stored,
            "refused": [{"uuid": uuid, "reason": why} for uuid, why in refused],
            **standing(competition.id),
            "grids": grids,
        }
    )


@face.post("/<code>/blocks")
@guard.may(Right.ENTER_VALUES, of=guard.ANY_KIND)
@limiter.limit("120 per minute", key_func=lambda: f"blocks:{current_user.get_id()}")
def read_block(competition: Competition) -> ResponseReturnValue:
    """Say what of a pasted block goes where; nothing is written."""
    writer_of(competition)
    return answer_block()


def _met_words(done: Entered) -> Iterator[tuple[str, str]]:
    """Say of each act that another's stands against it what that says."""
    names = names_of_writers(done.met.values())
    for uuid, row in done.met.items():
        yield (
            uuid,
            _(
                "%(who)s %(when)s 改成了 %(value)s",
                who=names.get(row.made_by or 0, "") or _("别人"),
                when=moment(row.made_at),
                value=_value(row),
            ),
        )


def _value(row: LabourValueEntry) -> str:
    return plain(row.value) if row.value is not None else row.text or _("空")


def _changes(rows: Sequence[LabourValueEntry]) -> int:
    """Count the changes; a first value is none. `rows` are the newest first."""
    count = 0
    stood: dict[bool, tuple[object, object]] = {}
    for row in reversed(rows):
        now = (row.text if row.value is None else row.value), row.target
        before = stood.get(row.source == SELF, (None, None))
        count += any(was is not None and was != new for was, new in zip(before, now, strict=True))
        stood[row.source == SELF] = now
    return count


@face.get("/<code>/<period>/history")
@guard.may(Right.ENTER_VALUES, of=guard.ANY_KIND)
def history(competition: Competition, period: str) -> ResponseReturnValue:
    """Return the history of a square and the comments on it: `?unit=…&indicator=…`."""
    writer = writer_of(competition)
    period = entered_leaf(writer, period)
    unit = of_code(competition.units, request.args.get("unit", ""))
    code = request.args.get("indicator", "")
    if not writer.may(code) or writer.unit not in (None, unit):
        abort(404)
    rows = history_for(writer, unit, period, code)
    names = names_of_writers(rows)
    lines = [
        {
            "text": with_target(_value(row), row.target),
            "reason": row.reason or "",
            "by": names.get(row.made_by or 0, ""),
            "when": moment(row.made_at),
            "own": row.source == SELF,
        }
        for row in rows
    ]
    notes = [note_line(writer, note) for note in notes_of(unit, period, code)]
    return answer_json({"lines": lines, "changes": _changes(rows), "notes": notes})


@face.post("/<code>/<period>/sign")
@guard.may(Right.ENTER_VALUES, of=guard.ANY_KIND)
@limiter.limit("30 per minute")
def sign(competition: Competition, period: str) -> ResponseReturnValue:
    """Sign the department's indicators of the period off: `{pin, name}`."""
    writer = writer_of(competition)
    body = read_json(request.get_data(), SignBody)
    if body is None:
        return answer(400, _("这次提交不完整，再试一次"))
    if writer.department is None:
        abort(404)
    period = entered_leaf(writer, period)
    try:
        row = sign_off(writer.department, period, pin=body.pin, name=body.name, by=current_user)
    except WrongPin as wrong:
        return jsonify(error=say(wrong.message), left=wrong.left), status_of(wrong)
    return jsonify(units=row.units, cells=row.cells)


@face.post("/<code>/<period>/accidents")
@guard.may(Right.ENTER_VALUES, of=guard.ANY_KIND)
@limiter.limit("30 per minute", key_func=lambda: f"accidents:{current_user.get_id()}")
@refusal_on(lambda refused, **of: _period_page(**of, refused_report=refused))
def report(competition: Competition, period: str) -> ResponseReturnValue:
    """Keep a report: multipart with `uuid`, `happened`, `text`, `file`."""
    writer = writer_of(competition)
    period = entered_leaf(writer, period)
    if writer.unit is None:
        abort(404)
    filename, content = sent_file()
    wanted = Report(**_typed_report(), filename=filename, content=content)
    report_accident(writer, period, wanted)
    flash(_("报上去了，组委会核实以前是待核"), "ok")
    return redirect(url_for("labour_entry.page", code=competition.code, period=period))


@face.get("/<code>/accidents/<int:number>/evidence")
@guard.may(Right.ENTER_VALUES, of=guard.ANY_KIND)
def report_evidence(competition: Competition, number: int) -> Response:
    """The file of a report: to its unit, and to departments."""
    writer = writer_of(competition)
    row = find_own(LabourAccident, competition, number)
    if row is None or (writer.unit is not None and writer.unit.id != row.unit_id):
        abort(404)
    return send_evidence_file(row.document, row.filename, row.media)


@face.post("/<code>/<period>/heads")
@guard.may(Right.ENTER_VALUES, of=guard.ANY_KIND)
@limiter.limit("30 per minute", key_func=lambda: f"heads:{current_user.get_id()}")
@refusal_on(lambda refused, **of: _period_page(**of, refused_heads=refused))
def report_people(competition: Competition, period: str) -> ResponseReturnValue:
    """Take the number of a leaf period down; an empty field takes it back."""
    writer = writer_of(competition)
    period = entered_leaf(writer, period)
    if writer.unit is None:
        abort(404)
    changed = report_heads(writer, period, read_people(request.form.get("people", "")))
    flash(_("人数报上去了") if changed else _("没有改动"), "ok")
    return redirect(url_for("labour_entry.page", code=competition.code, period=period))
