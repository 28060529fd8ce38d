"""难度系数 on the desk: what everybody attempts in a module, one choice for each aspect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.numerals import plain
from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.kernel.refusal import Refused
from compete.services.sheets.difficulties import (
    Attempt,
    Attempting,
    attempting,
    factored_aspects,
    set_difficulties,
    typed_difficulty,
    unattempted,
)
from compete.services.sheets.locks_in_force import is_locked, standing_locks
from compete.web import guard
from compete.web.organiser.blueprint import face
from compete.web.organiser.board_link import board_link
from compete.web.organiser.judging.decisions.view_model import (
    way_to_open,
    way_to_unlock,
    why_closed,
)
from compete.web.organiser.places import (
    BoardModule,
    chosen_place,
    place_key,
    place_label,
    places_of,
)
from compete.web.paging import part_of
from compete.web.refusals import problem_of, refusal_on

_FIELDS = 500
"""The most choices of one page: with what each was before, a form may be so long."""


def _places(competition: Competition) -> list[BoardModule]:
    """The modules in which something is attempted. 404 where there is none."""
    places = [it for it in places_of(competition) if factored_aspects(it.module)]
    return places or abort(404)


def _typed_difficulties(fields: Mapping[str, Attempt], kind: str) -> dict[Attempt, Decimal]:
    """What a form says (`now-` before the names), or said when it was opened (`was-`)."""
    form = request.form
    typed = {where: typed_difficulty(form.get(kind + it, "")) for it, where in fields.items()}
    return {where: number for where, number in typed.items() if number is not None}


def _locked(place: BoardModule, rows: Sequence[Attempting]) -> set[int]:
    """The rows of those whose marks are under a lock."""
    here = place.row
    locks = standing_locks(place.event.competition)
    if here not in {(lock.event_id, lock.stage, lock.module) for lock in locks}:
        return set()
    return {row.entrant.id for row in rows if is_locked(row.entrant, *here[1:])}


def _page(competition: Competition, refused: Refused | None = None) -> str:
    places = _places(competition)
    place = chosen_place(places)
    aspects = factored_aspects(place.module)
    rows = attempting(*place.codes)
    closed, way = why_closed(competition), way_to_open(competition)
    locked = _locked(place, rows)
    part_closed = None
    if closed is None and locked:
        if len(locked) == len(rows):
            closed = _("这里已经锁定，改的话先由两个人解锁。")
        else:
            part_closed = _("有 %(n)s 人已经锁定，改的话先由两个人解锁。", n=len(locked))
        who = next(row.entrant for row in rows if row.entrant.id in locked)
        way = way_to_unlock(competition, who, place.stage.code, place.module.code)
    shown, page = part_of(
        rows,
        max(1, _FIELDS // len(aspects)),
        "organiser.difficulties",
        module=place_key(place),
    )
    return render_template(
        "organiser/judging/difficulties.html",
        places=[(place_key(it), place_label(it)) for it in places],
        key=place_key(place),
        label=place_label(place),
        aspects=[
            (it.code, it.name, [plain(difficulty) for difficulty in it.difficulties])
            for it in aspects
        ],
        rows=shown,
        page=page,
        locked=locked,
        closed=closed,
        part_closed=part_closed,
        way=way,
        named=not place.event.blind,
        left=len(unattempted(*place.codes)),
        typed=request.form,
        problem=problem_of(refused),
        back=board_link(competition, place_key(place)),
    )


@face.get("/<code>/difficulties")
@guard.may(Right.LEAD)
def difficulties(competition: Competition) -> ResponseReturnValue:
    """Show what everybody attempts in a module."""
    return _page(competition)


@face.post("/<code>/difficulties")
@guard.may(Right.LEAD)
@refusal_on(_page)
def save_difficulties(competition: Competition) -> ResponseReturnValue:
    """Write what was chosen."""
    place = chosen_place(_places(competition))
    fields = {
        f"{row.label}/{aspect.code}": (row.entrant.id, aspect.code)
        for row in attempting(*place.codes)
        for aspect in factored_aspects(place.module)
    }
    made = set_difficulties(
        *place.codes,
        _typed_difficulties(fields, "now-"),
        _typed_difficulties(fields, "was-"),
        current_user,
    )
    flash(_("记下了 %(n)s 个难度系数", n=made) if made else _("没有改动"), "ok")
    page = request.args.get("page")
    return redirect(url_for("organiser.difficulties", module=place_key(place), page=page))
