"""The page, what its script calls, and signing off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby

import msgspec
from flask import Response, abort, g, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.numerals import plain
from compete.domain.values.rights import Right
from compete.models import SELF, Competition, LabourValueEntry, Unit, utc_now
from compete.services.accounts.pins import WrongPin
from compete.services.backups.generations import generation_now
from compete.services.kernel.event_rules import labour_of
from compete.services.kernel.text_limits import LONGEST_REASON
from compete.services.kernel.untrusted_json import read_json
from compete.services.labour.deadlines import deadline_of
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
from compete.services.labour.period_progress import closed_periods
from compete.services.labour.reminders import last_reminder
from compete.services.labour.sign_off import sign_off, sign_offs
from compete.services.labour.squares import names_of_writers
from compete.services.results.announced_periods import announced_labour, newest_period
from compete.services.results.snapshots import latest_publication, publications
from compete.web import guard
from compete.web.errors import answer
from compete.web.extensions import limiter
from compete.web.labour_entry.accident_lines import Reporting, reporting_of
from compete.web.labour_entry.grid_json import Now, grid_now, whole_grid
from compete.web.labour_entry.heads import OwnHeads, own_heads
from compete.web.labour_entry.notes import NoteLine, square_notes
from compete.web.labour_entry.writers import entered_leaf, face, leaves_of_writer, writer_of
from compete.web.language import say
from compete.web.refusals import status_of
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


class Refusal(msgspec.Struct):
    """An act that was not written, in the reader's language."""

    uuid: str
    reason: str


class Told(msgspec.Struct):
    """The answer to acts; `now` of the periods that they are of."""

    stored: list[str] = msgspec.field(name="held")
    refused: list[Refusal]
    generation: str
    grids: dict[str, Now]


class Line(msgspec.Struct):
    """One line of a square's history."""

    text: str
    reason: str
    by: str
    when: str
    own: bool


class SquareHistory(msgspec.Struct):
    """The history of a square, the newest first, and the comments on it."""

    lines: list[Line]
    changes: int
    """The number of times that a value was changed."""
    notes: list[NoteLine]


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
    period = entered_leaf(writer, wanted)
    return shown_page(writer, period, reporting_of(writer, period))


def shown_page(
    writer: Writer, period: str, reporting: Reporting, heads: OwnHeads | None = None
) -> str:
    """The page of a leaf period in which the writer has something to enter.

    `heads` are those of a unit that were typed and not taken.
    """
    competition, leaves = writer.competition, leaves_of_writer(writer)
    labour, code = labour_of(competition), competition.code
    names = {each.code: each.name for each in labour.periods}
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
        who=department.name if department is not None else _unit_name(writer.unit),
        own=department is None,
        name=current_user.name,
        over=plain(over) if over is not None else None,
        deadline=_deadline(until, own=department is None) if until and not closed else None,
        late=until is not None and until < utc_now(),
        reminded=None if closed else _reminded(writer, period),
        closed=say(closed) if closed is not None else None,
        periods={leaf: names[leaf] for leaf in leaves},
        open_period=next(
            (names[leaf] for leaf in _open_leaves(writer, leaves) if leaf != period), None
        ),
        reporting=reporting,
        heads=heads or own_heads(writer, period),
        standing_url=_standing_url(writer),
        words=script_words("labour_entry", "shared"),
    )


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
    said = _("%(at)s 前填自评", at=at) if own else _("%(at)s 前签核", at=at)
    if left < timedelta(0):
        return _("%(said)s，已经过了", said=said)
    if left < timedelta(days=1):
        return _("%(said)s，还有 %(n)s 小时", said=said, n=int(left / timedelta(hours=1)))
    return _("%(said)s，还有 %(n)s 天", said=said, n=left.days)


def _unit_name(unit: Unit | None) -> str:
    assert unit is not None  # else there is a department
    return unit.name


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
        return _json(whole_grid(writer, period))
    return _json(grid_now(writer, grid_for(writer, period), since))


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
        since = min((each.seen or 0 for each in body.acts), default=0)
    told = Told([], [], generation_now(), {})
    for period, of_period in groupby(body.acts, key=lambda each: each.period):
        sent = list(of_period)
        if period not in leaves_of_writer(writer):
            told.refused += [Refusal(each.uuid, _("没有这一期")) for each in sent]
            continue
        _take(told, enter_cells(writer, period, sent))
        told.grids[period] = grid_now(writer, grid_for(writer, period), since)
    return _json(told)


def _take(told: Told, done: Entered) -> None:
    told.stored += done.stored
    told.refused += [Refusal(uuid, say(message)) for uuid, message in done.refused]
    names = names_of_writers(done.met.values())
    told.refused += [
        Refusal(
            uuid,
            _(
                "%(who)s %(when)s 改成了 %(value)s",
                who=names.get(row.made_by or 0, "") or _("别人"),
                when=moment(row.made_at),
                value=_value(row.value is not None and plain(row.value), row.text),
            ),
        )
        for uuid, row in done.met.items()
    ]


def _value(value: str | bool, text: str | None) -> str:
    return value if isinstance(value, str) else text or _("空")


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


def _with_target(row: LabourValueEntry) -> str:
    value = _value(row.value is not None and plain(row.value), row.text)
    if row.target is None:
        return value
    return _("%(value)s，目标 %(target)s", value=value, target=plain(row.target))


@face.get("/<code>/<period>/history")
@guard.may(Right.ENTER_VALUES, of=guard.ANY_KIND)
def history(competition: Competition, period: str) -> ResponseReturnValue:
    """Return the history of a square and the comments on it: `?unit=…&indicator=…`."""
    writer = writer_of(competition)
    period = entered_leaf(writer, period)
    wanted, code = request.args.get("unit"), request.args.get("indicator", "")
    unit = next((each for each in competition.units if each.code == wanted), None)
    if unit is None or not writer.may(code) or (writer.unit not in (None, unit)):
        abort(404)
    rows = history_for(writer, unit, period, code)
    names = names_of_writers(rows)
    return _json(
        SquareHistory(
            [
                Line(
                    text=_with_target(row),
                    reason=row.reason or "",
                    by=names.get(row.made_by or 0, ""),
                    when=moment(row.made_at),
                    own=row.source == SELF,
                )
                for row in rows
            ],
            _changes(rows),
            square_notes(writer, unit, period, code).notes,
        )
    )


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


def _json(value: object) -> Response:
    return Response(msgspec.json.encode(value), mimetype="application/json")
