"""The second look at a closed period: squares drawn by rule, held against their evidence.

The draw, each square with its evidence, and what was found are told in words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.kinds import ScoringType
from compete.domain.values.messages import msg
from compete.domain.values.numerals import plain
from compete.domain.values.period_states import LookResult
from compete.domain.values.rights import Right
from compete.models import SELF, Competition, LabourFinding, LabourLook, LabourValueEntry
from compete.services.kernel.event_rules import labour_of
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.labour.notes import note_counts, notes_of
from compete.services.labour.period_progress import closed_periods
from compete.services.labour.second_look import (
    LookedSquare,
    add_finding,
    draw_look,
    look_file,
    look_of,
    look_rules,
    looked_squares,
    set_look_rules,
    why_no_draw,
    why_not_look,
)
from compete.services.labour.squares import history_of, leaves_of, names_of_writers
from compete.services.sheets.act_rules import typed_number
from compete.web import guard
from compete.web.downloads import send_json
from compete.web.labour_words import with_target
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.labour.periods.view_model import count_chips
from compete.web.pages import or_404
from compete.web.paging import part_of
from compete.web.posted import posted_text
from compete.web.refusals import problem_of, refusal_on
from compete.web.templating import moment

_PLACE = "/<code>/labour/periods/<period>/second-look"
PAGE_SIZE = 50
_NONE = "—"


def _look_page(
    competition: Competition,
    period: str,
    refused: Refused | None = None,
    *,
    typed: Mapping[str, object] = MappingProxyType({}),
) -> str:
    """The second look at a leaf period: its draw, or why there is none yet.

    `typed` is the form of how many squares are drawn, where it was refused.
    """
    look = look_of(competition, period)
    squares = looked_squares(competition, look) if look is not None else []
    why = why_no_draw(competition, period) if look is None else None
    rows, page = part_of(
        list(enumerate(squares, 1)), PAGE_SIZE, "organiser.second_look", period=period
    )
    files = note_counts(competition, period, {square.indicator.code for _n, square in rows})
    rules = look_rules(competition)
    return render_template(
        "organiser/labour/second_look/look.html",
        period=period,
        name=labour_of(competition).period_names[period],
        look=look,
        rules={"share": plain(rules.share), "least": rules.least, "first": rules.first, **typed},
        # Less is drawn only with a reason once a period is closed.
        asks_why=bool(closed_periods(competition)),
        why_not=why,
        said=request.form.get("said", ""),
        problem=problem_of(refused),
        counts=count_chips(look) if look is not None else [],
        rows=[
            (
                place,
                square,
                _value(square.row),
                files.get((square.unit.id, square.indicator.code), 0),
            )
            for place, square in rows
        ],
        page=page if look is not None else None,
        next_url=next_url(competition, period, squares),
    )


@face.get(_PLACE)
@guard.may(Right.SEE, of=guard.LABOUR)
def second_look(competition: Competition, period: str) -> ResponseReturnValue:
    """Show the squares drawn of a leaf period, and the findings."""
    _require_leaf(competition, period)
    return _look_page(competition, period)


@face.get(f"{_PLACE}.json")
@guard.may(Right.SEE, of=guard.LABOUR)
def second_look_file(competition: Competition, period: str) -> Response:
    """Download all that is needed to draw it again."""
    return send_json(look_file(_look(competition, period)), f"{competition.code}_{period}.json")


def _refused_rules(competition: Competition, period: str, refused: Refused) -> str:
    form = request.form
    typed = {name: form.get(name, "") for name in ("share", "least", "why")}
    flag = {"first": "first" in form, "problem": say(refused.message)}
    return _look_page(competition, period, typed={**typed, **flag})


@face.post(f"{_PLACE}/rules")
@guard.may(Right.SET_UP, of=guard.LABOUR)
@refusal_on(_refused_rules)
def save_look_rules(competition: Competition, period: str) -> ResponseReturnValue:
    """Set how many squares are drawn from now on."""
    _require_leaf(competition, period)
    form = request.form
    try:
        share, least = typed_number(posted_text("share")), int(form.get("least", ""))
        if share is None:
            raise ValueError
    except ValueError:
        raise invalid(msg("抽的比例和至少几格写成数")) from None
    why = form.get("why", "")
    set_look_rules(competition, share, least, "first" in form, current_user, why)
    flash(_("存下了，下一次抽照这个"), "ok")
    return redirect(url_for("organiser.second_look", period=period))


@face.post(f"{_PLACE}/draw")
@guard.may(Right.RECHECK, of=guard.LABOUR)
@only_once
@refusal_on(_look_page)
def draw_second_look(competition: Competition, period: str) -> ResponseReturnValue:
    """Draw."""
    _require_leaf(competition, period)
    look = draw_look(competition, period, request.form.get("said", ""), current_user)
    flash(_("抽好了，%(n)s 格", n=len(look.drawn)), "ok")
    return redirect(url_for("organiser.second_look", period=period))


def _require_leaf(competition: Competition, period: str) -> None:
    if period not in leaves_of(labour_of(competition)):
        abort(404)


def _look(competition: Competition, period: str) -> LabourLook:
    _require_leaf(competition, period)
    return or_404(look_of(competition, period))


def next_url(
    competition: Competition, period: str, squares: Sequence[LookedSquare], after: int = -1
) -> str | None:
    """The next square that nobody looked at and that is for the reader; from the first again."""
    places = [*range(after + 1, len(squares)), *range(after + 1)]
    if not guard.may_do(Right.RECHECK):
        return None
    for place in places:
        square = squares[place]
        if square.finding is None and current_user.id not in square.barred:
            return url_for("organiser.looked_square", period=period, number=place + 1)
    return None


def _square_page(
    competition: Competition, period: str, number: int, refused: Refused | None = None
) -> str:
    """Show one square that was drawn; 404 for one that was not, or that is not for the reader."""
    look, place = _look(competition, period), number - 1
    squares = looked_squares(competition, look)
    forbidden = refused is not None and refused.kind is Refusal.FORBIDDEN
    if forbidden or not 0 <= place < len(squares):
        abort(404)
    square = squares[place]
    return render_template(
        "organiser/labour/second_look/square.html",
        look=look,
        square=square,
        name=labour_of(competition).period_names[period],
        number=number,
        of=len(squares),
        facts=_facts(square, period),
        evidence=notes_of(square.unit, period, square.indicator.code),
        found=_finding_words(square.finding) if square.finding is not None else "",
        results=LookResult,
        asks_target=square.indicator.scoring.type is ScoringType.COMPLETION,
        typed=request.form,
        problem=problem_of(refused),
        why_not=why_not_look(square, competition, current_user),
        next_url=next_url(competition, period, squares, place),
    )


@face.get(f"{_PLACE}/<int:number>")
@guard.may(Right.SEE, of=guard.LABOUR)
def looked_square(competition: Competition, period: str, number: int) -> ResponseReturnValue:
    """Show one square that was drawn, with its evidence."""
    return _square_page(competition, period, number)


@face.post(f"{_PLACE}/<int:number>")
@guard.may(Right.RECHECK, of=guard.LABOUR)
@only_once
@refusal_on(_square_page)
def add_look_finding(competition: Competition, period: str, number: int) -> ResponseReturnValue:
    """Record a finding; then show the next square that nobody looked at."""
    look = _look(competition, period)
    typed = {name: request.form.get(name, "") for name in ("result", "found", "target", "reason")}
    finding = add_finding(look, number - 1, by=current_user, **typed)
    flash(_("记下了，更正已经提出，等另一个人同意") if finding.correction_id else _("记下了"), "ok")
    squares = looked_squares(competition, look)
    whole = url_for("organiser.second_look", period=period)
    return redirect(next_url(competition, period, squares, number - 1) or whole)


def _value(row: LabourValueEntry | None) -> str:
    if row is None or row.value is None:
        return _NONE
    return with_target(plain(row.value), row.target)


def _facts(square: LookedSquare, period: str) -> list[tuple[str, str]]:
    """List the square's value and who put it there, with the unit's own explanation."""
    rows = history_of(square.unit, period, square.indicator.code)
    names = names_of_writers(rows)
    own = next((row for row in rows if row.source == SELF), None)
    facts = [(_("现在的数"), _value(square.row)), (_("满分"), plain(square.indicator.max))]
    if own is not None and own.value is not None:
        facts.append((_("单位自评"), _value(own)))
    row = square.row
    if row is not None:
        if row.reason:
            facts.append((_("原因"), row.reason))
        if row.made_by is not None:
            who = names.get(row.made_by, "")
            facts.append((_("谁填的"), _("%(who)s %(at)s", who=who, at=moment(row.made_at))))
        else:
            facts.append((_("谁填的"), _("随竞赛文件来的")))
    return facts


def _finding_words(finding: LabourFinding) -> str:
    """The value that stood, and the one that the evidence has, where they differ."""
    if finding.result is not LookResult.DIFFERS:
        return ""
    return _(
        "当时是 %(was)s，证据里是 %(found)s",
        was=plain(finding.value) if finding.value is not None else _NONE,
        found=plain(finding.found) if finding.found is not None else _("没有（应当空着）"),
    )
