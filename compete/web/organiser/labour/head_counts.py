"""Head counts of each unit: looked at, put down, out to Excel and in again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.labour.head_counts import grouped, head_count
from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.kernel.event_rules import labour_of
from compete.services.kernel.refusal import Refused, invalid
from compete.services.labour.deadlines import first_open_leaf
from compete.services.labour.head_counts import (
    Heads,
    heads_book,
    heads_of,
    read_heads_book,
    read_people,
    set_heads,
)
from compete.services.labour.squares import leaves_of
from compete.sheets.workbook.limits import read_upload
from compete.sheets.workbook.refusal import WorkbookError
from compete.web import guard
from compete.web.downloads import send_workbook
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.refusals import problem_of, refusal_on


@dataclass(frozen=True, slots=True)
class Typed:
    """The counts typed or read from a workbook, by the units' codes, and their faults."""

    texts: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)
    problem: str | None = None
    from_book: bool = False
    faults: Sequence[str] = ()


def _heads_page(competition: Competition, typed: Typed) -> str:
    """The units with what was reported for the leaf period asked for, or as it was typed."""
    period, labour = _period(competition), labour_of(competition)
    groups, heads = labour.groups or {}, heads_of(competition, period)
    rows = []
    for unit in competition.units:
        known, stands = heads.reported.get(unit.code), heads.standing.get(unit.code)
        reported = "" if known is None else str(known)
        text = typed.texts.get(unit.code, reported)
        rows.append(
            {
                "code": unit.code,
                "name": unit.name,
                "group": groups.get(unit.code, ""),
                "text": text,
                # What counts as the period ends.
                "stands": _("没有参加")
                if unit.code in heads.away
                else ("—" if stands is None else grouped(stands)),
                # A workbook would put down something else than stands.
                "changed": typed.from_book and text != reported,
                "problem": typed.wrong.get(unit.code),
            }
        )
    return render_template(
        "organiser/labour/head_counts.html",
        names=labour.period_names,
        leaves=leaves_of(labour),
        code=period,
        sums=_sums(competition, groups, heads),
        rows=rows,
        typed=typed,
    )


def _wrong_texts(texts: Mapping[str, str]) -> dict[str, str]:
    """Explain each text that is no count, by the units' codes."""
    faults = {}
    for unit, text in texts.items():
        try:
            read_people(text)
        except Refused as refused:
            faults[unit] = say(refused.message)
    return faults


def _sums(
    competition: Competition, groups: Mapping[str, str], heads: Heads
) -> list[tuple[str, str]]:
    """Sum the head counts of all units, then of each group."""
    units = [unit.code for unit in competition.units if not groups or unit.code in groups]
    by_group = [
        (name, [unit for unit in units if groups[unit] == name])
        for name in sorted(set(groups.values()))
    ]
    return [(name, _counted(heads, own)) for name, own in [(_("全部单位"), units), *by_group]]


def _counted(heads: Heads, units: Sequence[str]) -> str:
    count = head_count(heads.standing, units, heads.away)
    return _("%(n)s 家，%(said)s", n=count.units, said=say(count.words or _("还没有人报")))


@face.get("/<code>/labour/heads")
@guard.may(Right.SEE, of=guard.LABOUR)
def head_counts(competition: Competition) -> ResponseReturnValue:
    """The units with what was reported for a period; by default the first that is open."""
    return _heads_page(competition, Typed())


@face.get("/<code>/labour/heads.xlsx")
@guard.may(Right.SEE, of=guard.LABOUR)
def head_counts_book(competition: Competition) -> Response:
    """The same as a workbook, to be filled in."""
    period = _period(competition)
    name = labour_of(competition).period_names[period]
    content = heads_book(competition, period)
    return send_workbook(content, f"参赛人数_{competition.name}_{name}.xlsx")


def _typed_texts(competition: Competition) -> dict[str, str]:
    """The counts of the form as they were typed, by the units' codes."""
    form = request.form
    fields = {unit.code: f"people:{unit.code}" for unit in competition.units}
    return {unit: form[field] for unit, field in fields.items() if field in form}


def _refused_heads(competition: Competition, refused: Refused) -> str:
    texts = _typed_texts(competition)
    return _heads_page(competition, Typed(texts, _wrong_texts(texts), problem_of(refused)))


@face.post("/<code>/labour/heads")
@guard.may(Right.SET_UP, of=guard.LABOUR)
@refusal_on(_refused_heads)
def save_head_counts(competition: Competition) -> ResponseReturnValue:
    """Put down what the form has."""
    period, texts = _period(competition), _typed_texts(competition)
    if wrong := _wrong_texts(texts):
        raise invalid(msg("有 %(n)s 处要改，没有存", n=len(wrong)))
    wanted = {unit: read_people(text) for unit, text in texts.items()}
    changed = set_heads(competition, period, wanted, current_user)
    flash(_("存下了") if changed else _("没有改动"), "ok")
    return redirect(url_for("organiser.head_counts", period=period))


@face.post("/<code>/labour/heads/workbook")
@guard.may(Right.SET_UP, of=guard.LABOUR)
def read_head_counts(competition: Competition) -> ResponseReturnValue:
    """Show what a workbook would put down; it is stored by the form that shows it."""
    _period(competition)
    sent = request.files.get("book")
    if sent is None or not sent.filename:
        return _heads_page(competition, Typed(problem=_("先选一个 Excel 文件"))), 400
    try:
        content = read_upload(sent.stream, declared=request.content_length)
        book = read_heads_book(competition, content)
    except WorkbookError as error:
        return _heads_page(competition, Typed(problem=say(error.message))), 400
    wrong = _wrong_texts(book.texts)
    faults = [say(problem) for problem in book.problems]
    for notice in book.notices:
        flash(say(notice), "info")
    return _heads_page(competition, Typed(book.texts, wrong, None, from_book=True, faults=faults))


def _period(competition: Competition) -> str:
    """The leaf period that the form or the address names; else 404."""
    leaves = leaves_of(labour_of(competition))
    wanted = request.values.get("period") or first_open_leaf(competition)
    if wanted not in leaves:
        abort(404)
    return wanted
