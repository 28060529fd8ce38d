"""Reported accidents: looked at, and settled by two."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.accident_states import AccidentState
from compete.domain.values.messages import msg
from compete.domain.values.numerals import plain
from compete.domain.values.period_states import CorrectionKind
from compete.domain.values.rights import Right
from compete.models import Competition, LabourAccident
from compete.services.kernel.event_rules import labour_of
from compete.services.kernel.refusal import Refused
from compete.services.kernel.text_limits import LONGEST_REASON
from compete.services.labour.accidents import (
    accidents_of,
    agree_refusal,
    confirm_accident,
    correction_of,
    drop_refusal,
    refusal_word,
    refuse_accident,
)
from compete.web import guard
from compete.web.labour_entry.notes import send_evidence_file
from compete.web.organiser.blueprint import face
from compete.web.organiser.list_book import send_list, sentences
from compete.web.pages import own_row
from compete.web.refusals import problem_of, problem_of_length, refusal_on
from compete.web.shapes import choices
from compete.web.templating import day, moment, state_word


def _accidents_page(
    competition: Competition, number: int | None = None, refused: Refused | None = None
) -> str:
    """Render all reports; with a number that one's form as typed, and why it was refused."""
    typed = _typed_fields()
    long = problem_of_length(typed.get("reason", "").strip(), LONGEST_REASON)
    rows = _in_order(competition)
    periods = labour_of(competition).period_names
    return render_template(
        "organiser/labour/accidents.html",
        kinds=choices({CorrectionKind.VETO: _("一票否决"), CorrectionKind.ADJUSTMENT: _("扣分")}),
        waiting=[row for row in rows if row.state is AccidentState.REPORTED],
        settled=[row for row in rows if row.state is not AccidentState.REPORTED],
        title_of=lambda row: _title(row, periods),
        text_of=_text,
        said_of=_accident_lines,
        # Of a report that somebody wants refused: why the viewer is no second person to it.
        why_not_of=lambda row: refusal_word(row).why_not(current_user),
        typed_in=number,
        typed=typed,
        problem=problem_of(refused) if long is None else None,
        reason_problem=long,
    )


def _in_order(competition: Competition) -> list[LabourAccident]:
    """List all reports, those that wait first."""
    return sorted(
        accidents_of(competition), key=lambda row: row.state is not AccidentState.REPORTED
    )


def _title(row: LabourAccident, periods: Mapping[str, str]) -> str:
    return _(
        "%(unit)s %(day)s，%(period)s",
        unit=row.unit.name,
        day=day(row.happened, with_year=True),
        period=periods.get(row.period, row.period),
    )


def _text(row: LabourAccident) -> str:
    return _("保存期到了，已经删除") if row.erased_at is not None else row.text or ""


def _accident_lines(row: LabourAccident) -> Iterator[str]:
    yield _("%(who)s %(at)s 报的", who=row.reporter.name, at=moment(row.reported_at))
    asked = correction_of(row)
    if asked is not None:
        what = (
            _("一票否决")
            if asked.kind is CorrectionKind.VETO
            else _("加减分 %(points)s", points=plain(asked.points or 0))
        )
        yield _(
            "%(who)s %(at)s 提出%(what)s：%(why)s",
            who=asked.asker.name,
            at=moment(asked.asked_at),
            what=what,
            why=asked.reason,
        )
    if row.refuser is not None:
        yield _(
            "%(who)s %(at)s 提出不算：%(why)s",
            who=row.refuser.name,
            at=moment(row.refused_at),
            why=row.refused_why or _("保存期到了，已经删除"),
        )
    if row.ender is not None:
        yield _("%(who)s %(at)s 同意", who=row.ender.name, at=moment(row.ended_at))


@face.get("/<code>/labour/accidents")
@guard.may(Right.SEE, of=guard.LABOUR)
def accidents(competition: Competition) -> ResponseReturnValue:
    """Show the accidents that units reported, those that wait first."""
    return _accidents_page(competition)


@face.get("/<code>/labour/accidents.xlsx")
@guard.may(Right.SEE, of=guard.LABOUR)
def accidents_book(competition: Competition) -> Response:
    """The reports in the order of the page."""
    periods = labour_of(competition).period_names
    rows = [
        [
            _title(row, periods),
            state_word(row.state),
            _text(row),
            sentences(_accident_lines(row)),
            row.filename or None,
        ]
        for row in _in_order(competition)
    ]
    heads = (_("哪一起"), _("状态"), _("经过"), _("说明"), _("文件"))
    return send_list(competition, msg("安全事故"), heads, rows)


@face.get("/<code>/labour/accidents/<int:number>/evidence")
@guard.may(Right.SEE, of=guard.LABOUR)
def accident_evidence(competition: Competition, number: int) -> Response:
    """The file that came with a report."""
    row = own_row(LabourAccident, competition, number)
    return send_evidence_file(row.document, row.filename, row.media)


@face.post("/<code>/labour/accidents/<int:number>/confirm")
@guard.may(Right.PUBLISH, of=guard.LABOUR)
@refusal_on(_accidents_page)
def confirm_accident_report(competition: Competition, number: int) -> ResponseReturnValue:
    """Ask for a veto or for points because of a report."""
    row = own_row(LabourAccident, competition, number)
    confirm_accident(row, **_typed_fields(), by=current_user)
    return _flash_and_return(_("记下了，等另一个人同意后生效"))


@face.post("/<code>/labour/accidents/<int:number>/refuse")
@guard.may(Right.PUBLISH, of=guard.LABOUR)
@refusal_on(_accidents_page)
def refuse_accident_report(competition: Competition, number: int) -> ResponseReturnValue:
    """Ask that an accident report be refused."""
    row = own_row(LabourAccident, competition, number)
    refuse_accident(row, _typed_fields()["reason"], current_user)
    return _flash_and_return(_("记下了，等另一个人同意"))


@face.post("/<code>/labour/accidents/<int:number>/agree")
@guard.may(Right.AGREE, of=guard.LABOUR)
def agree_accident(competition: Competition, number: int) -> ResponseReturnValue:
    """Agree, as the second person, that a report does not count."""
    agree_refusal(own_row(LabourAccident, competition, number), current_user)
    return _flash_and_return(_("同意了，这一起不算"))


@face.post("/<code>/labour/accidents/<int:number>/drop")
@guard.may(Right.PUBLISH, of=guard.LABOUR)
def drop_accident(competition: Competition, number: int) -> ResponseReturnValue:
    """Withdraw the request to refuse it."""
    drop_refusal(own_row(LabourAccident, competition, number), current_user)
    return _flash_and_return(_("收回了，这一起还是待核"))


def _flash_and_return(message: str) -> ResponseReturnValue:
    flash(message, "ok")
    return redirect(url_for("organiser.accidents"))


def _typed_fields() -> dict[str, str]:
    return {name: request.form.get(name, "") for name in ("kind", "points", "reason")}
