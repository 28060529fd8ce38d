"""A competition begun under an earlier version of the file moves to the newest, on record."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.grades.ladder import NATIONAL, grade_label
from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.competitions.file_versions import (
    Difference,
    move_to_newest,
    version_move,
    why_stays,
)
from compete.services.kernel.refusal import Refused
from compete.web import guard
from compete.web.bundle_places import place_words
from compete.web.guard import may_do
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.posted import posted_reason, posted_text
from compete.web.refusals import problem_of, refusal_on

_SHOWN = 300


def _file_version_page(competition: Competition, refused: Refused | None = None) -> str:
    """The version of now, and where it can move what that does."""
    stays = why_stays(competition)
    move = version_move(competition) if stays is None else None
    can = move is not None and not move.refused and may_do(Right.SET_UP)
    return render_template(
        "organiser/competitions/file_version.html",
        number=int(competition.format.rpartition("/")[2]),
        why_stays=say(stays),
        refused=[
            _("%(where)s：%(why)s", where=place_words(it.path), why=say(it.message))
            for it in (move.refused if move else ())
        ],
        written=[say(it) for it in (move.additions if move else ())],
        moved=[_difference_row(it) for it in (move.moved[:_SHOWN] if move else ())],
        more=max(0, len(move.moved) - _SHOWN) if move else 0,
        mark=move.mark if move else "",
        can_move=can,
        problem=problem_of(refused),
        reason=posted_reason(),
    )


def _difference_row(row: Difference) -> dict[str, Any]:
    words = {
        "rank": _("名次"),
        "goes_on": _("进下一赛段"),
        "award": _("奖项"),
        "grade": _("晋升等级"),
        "honour": _("荣誉称号"),
    }
    return {
        "who": row.who,
        "where": " ".join(part for part in (row.event, row.where) if part),
        "what": words[row.what],
        "was": _value_words(row.what, row.was),
        "now": _value_words(row.what, row.now),
    }


def _value_words(what: str, value: str | None) -> str:
    if value is None:
        return _("没有")
    if what == "rank":
        return _("第 %(n)s", n=value)
    if what == "goes_on":
        return _("进")
    return say(grade_label(int(value), NATIONAL)) if what == "grade" else value


@face.route("/<code>/file-version", methods=["GET", "POST"])
@guard.may(Right.SET_UP, of=guard.SKILLS | guard.LABOUR)
@refusal_on(_file_version_page)
def file_version(competition: Competition) -> ResponseReturnValue:
    """Show the file's version, and what moving on would change."""
    if request.method == "POST":
        move_to_newest(competition, posted_reason(), posted_text("seen"), current_user)
        flash(_("以后照竞赛文件第 2 版算"), "ok")
        return redirect(url_for("organiser.file_version"))
    return _file_version_page(competition)
