"""The table of ladders in rows and forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.grades.ladder import GRADES, grade_label
from compete.models import GradeLadder
from compete.services.directory.tree import organisation_tree
from compete.services.kernel.refusal import Refused
from compete.services.ladders.fields import LadderTexts, ladder_of_row, texts_of
from compete.services.ladders.table import LadderView, find_ladders, plan_ladders
from compete.services.ladders.taken import events_with
from compete.web.language import say
from compete.web.organiser.headed_rows import RowsPreview, SentRows, planned_row, rows_preview
from compete.web.organiser.ladders.shapes import (
    LadderForm,
    LadderPage,
    LadderRow,
    LaddersPage,
    RungLine,
    ShownRung,
)
from compete.web.organiser.shapes import Link, View
from compete.web.refusals import faults_of, problem_of
from compete.web.shapes import Choice

_LEAST_LINES, _FREE_LINES, _MOST_LINES = 8, 3, 20
_MOST_PROPOSED = 300


def ladders_page() -> LaddersPage:
    """The table, or what of it is closed."""
    wanted = request.args.get("view", "")
    view = LadderView(wanted) if wanted in list(LadderView) else LadderView.STANDING
    may_change = current_user.is_admin
    words = (_("使用中"), _("已停用"))
    return LaddersPage(
        rows=[_row(row) for row in find_ladders(view)],
        views=[
            View(
                label=label,
                url=url_for("organiser.ladders", view=each.value),
                current=each is view,
            )
            for each, label in zip(LadderView, words, strict=True)
        ],
        new_url=url_for("organiser.new_ladder") if may_change else None,
        upload_url=url_for("organiser.upload_ladders") if may_change else None,
        workbook_url=url_for("organiser.ladders_workbook"),
        occupations_url=url_for("organiser.occupations"),
    )


def new_ladder_page(
    texts: LadderTexts | None = None,
    refused: Refused | None = None,
) -> LadderPage:
    """The form of one that is not there yet."""
    return LadderPage(
        name="",
        closed=False,
        form=_form(texts or LadderTexts(), refused, url_for("organiser.add_ladder")),
        whose="",
        note="",
        shown=[],
        events=[],
        problem=problem_of(refused),
        may_change=True,
        close_url=None,
        reopen_url=None,
        back_url=url_for("organiser.ladders"),
    )


def ladder_page(
    row: GradeLadder,
    texts: LadderTexts | None = None,
    refused: Refused | None = None,
) -> LadderPage:
    """One row, with its form for administrators."""
    closed, may_change, number = row.ended_at is not None, current_user.is_admin, row.id
    opens = may_change and not closed
    address = url_for("organiser.change_ladder", ladder_id=number)
    close = url_for("organiser.close_ladder", ladder_id=number)
    reopen = url_for("organiser.reopen_ladder", ladder_id=number)
    return LadderPage(
        name=row.name,
        closed=closed,
        form=_form(texts or texts_of(row), refused, address) if opens else None,
        whose=_whose(row),
        note=row.note,
        shown=[
            ShownRung(
                code=rung.key,
                rung=rung.name,
                face=rung.face or "—",
                grade=say(grade_label(rung.grade)) if rung.grade is not None else "—",
            )
            for rung in ladder_of_row(row).rungs
        ],
        events=[
            Link(
                label=f"{event.competition.name} · {event.name}",
                url=url_for("organiser.event_rules", code=event.competition.code, event=event.code),
            )
            for event in events_with(row, current_user)
        ],
        problem=problem_of(refused),
        may_change=may_change,
        close_url=close if opens else None,
        reopen_url=reopen if may_change and closed else None,
        back_url=url_for("organiser.ladders"),
    )


def preview(sent: SentRows, problem: str | None) -> RowsPreview:
    """What a workbook would do, ladder by ladder."""
    words = {"name": _("名称"), "whose": _("归谁"), "rungs": _("等级"), "note": _("说明")}
    headings = [_("名称"), _("归谁"), _("从低到高")]
    planned = [
        planned_row(plan, _planned_texts(plan.texts), words)
        for plan in (plan_ladders(sent) if sent else ())
    ]
    return rows_preview("ladders", headings, planned, sent, problem, whole=True)


def sent_texts() -> LadderTexts:
    """What the form sent."""
    form = request.form
    keys = ("order", "code", "rung", "face", "grade")
    rungs = [
        (n, {key: form.get(f"rungs[{n}].{key}", "") for key in keys})
        for n in range(1, _MOST_LINES + _FREE_LINES + 1)
        if f"rungs[{n}].rung" in form
    ]
    name, whose, note = (form.get(key, "") for key in ("name", "whose", "note"))
    return LadderTexts(name=name, whose=whose, note=note, rungs=rungs)


def _planned_texts(texts: LadderTexts) -> list[str]:
    names = [rung.get("rung", "") for _number, rung in texts.rungs]
    return [texts.name, texts.whose or _("国家"), _rising(names)]


def _row(row: GradeLadder) -> LadderRow:
    return LadderRow(
        name=row.name,
        url=url_for("organiser.ladder", ladder_id=row.id),
        whose=_whose(row),
        rungs=_rising([rung.name for rung in ladder_of_row(row).rungs]),
        note=row.note,
    )


def _rising(names: Sequence[str]) -> str:
    return " → ".join(name for name in names if name)


def _whose(row: GradeLadder) -> str:
    return row.organisation.name if row.organisation else _("国家")


def _form(texts: LadderTexts, refused: Refused | None, url: str) -> LadderForm:
    wanted = max(_LEAST_LINES, len(texts.rungs) + _FREE_LINES)
    lines = [_line(n, said) for n, (_number, said) in enumerate(texts.rungs, 1)]
    lines += [_line(n, {"order": str(n)}) for n in range(len(lines) + 1, wanted + 1)]
    names = dict.fromkeys(line.organisation.name for line in organisation_tree(current_user))
    return LadderForm(
        name=texts.name,
        whose=texts.whose,
        note=texts.note,
        rungs=lines,
        grades=[
            Choice(value="", label=_("没有")),
            *(Choice(value=str(grade), label=say(grade_label(grade))) for grade in GRADES),
        ],
        organisations=list(names)[:_MOST_PROPOSED],
        faults=faults_of(refused),
        url=url,
    )


def _line(number: int, said: Mapping[str, str]) -> RungLine:
    return RungLine(
        number=number,
        order=said.get("order", ""),
        code=said.get("code", ""),
        rung=said.get("rung", ""),
        face=said.get("face", ""),
        grade=said.get("grade", ""),
    )
