"""等级体系: the pages of the table of ladders."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.grades.ladder import GRADES, grade_label
from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.models import ConditionEdition, GradeLadder
from compete.services.directory.ladders.copies_in_events import events_with
from compete.services.directory.ladders.fields import (
    LADDER_ROWS,
    LadderHead,
    LadderTexts,
    Rung,
    ladder_of_row,
    rows_of,
    texts_of,
)
from compete.services.directory.ladders.table import LADDERS, LadderView, find_ladders, plan_ladders
from compete.services.directory.tree import organisation_tree
from compete.services.kernel.fields import fields_of
from compete.services.kernel.refusal import Refused
from compete.web.organiser.catalogue_pages import CataloguePages, WorkbookPages
from compete.web.organiser.headed_rows import RowsPreview, SentRows, planned_row, rows_preview
from compete.web.organiser.shapes import Link, views_of
from compete.web.refusals import faults_of, problem_of
from compete.web.setting_forms import act_form, posted_texts
from compete.web.shapes import choices

_LEAST_LINES, _FREE_LINES, _MOST_LINES = 8, 3, 20
_MOST_PROPOSED = 300
_RUNG = tuple(fields_of(Rung))


def _show_ladders(refused: Refused | None) -> str:
    """The table, or what of it is closed."""
    wanted = request.args.get("view", "")
    view = LadderView(wanted) if wanted in list(LadderView) else LadderView.STANDING
    words = dict(zip(LadderView, (_("使用中"), _("已停用")), strict=True))
    rows = [
        (row, _owner_words(row), _rising([rung.name for rung in ladder_of_row(row).rungs]))
        for row in find_ladders(view)
    ]
    views = views_of("organiser.ladders", "view", view, words)
    return render_template("organiser/directory/ladders/ladders.html", rows=rows, views=views)


def _show_ladder(
    row: GradeLadder | None, typed: LadderTexts | None, refused: Refused | None
) -> str:
    """Show one row, or the form of one more, for administrators."""
    texts = typed or (texts_of(row) if row is not None else LadderTexts())
    wanted = max(_LEAST_LINES, len(texts.rungs) + _FREE_LINES)
    lines = [{**dict.fromkeys(_RUNG, ""), **rung} for _number, rung in texts.rungs]
    lines += [
        dict.fromkeys(_RUNG, "") | {"order": str(n)} for n in range(len(lines) + 1, wanted + 1)
    ]
    names = dict.fromkeys(line.organisation.name for line in organisation_tree(current_user))
    return render_template(
        "organiser/directory/ladders/ladder.html",
        row=row,
        may_change=current_user.is_admin,
        head=act_form(LadderHead, refused, texts),
        bounds=fields_of(Rung),
        lines=lines,
        grades=choices({"": msg("没有"), **{grade: grade_label(grade) for grade in GRADES}}),
        organisations=list(names)[:_MOST_PROPOSED],
        whose=_owner_words(row) if row is not None else "",
        rungs=ladder_of_row(row).rungs if row is not None else (),
        events=links_of_events(row) if row is not None else (),
        rungs_fault=faults_of(refused).get("rungs"),
        problem=problem_of(refused),
    )


def links_of_events(row: GradeLadder | ConditionEdition) -> list[Link]:
    """The events that took it, of the reader's competitions."""
    return [
        Link(
            label=f"{event.competition.name} · {event.name}",
            url=url_for("organiser.event_rules", code=event.competition.code, event=event.code),
        )
        for event in events_with(row, current_user)
    ]


def preview(sent: SentRows, problem: str | None) -> RowsPreview:
    """Preview what a workbook would do, ladder by ladder."""
    words = {"name": _("名称"), "whose": _("归谁"), "rungs": _("等级"), "note": _("说明")}
    headings = [_("名称"), _("归谁"), _("从低到高")]
    planned = [
        planned_row(plan, _planned_texts(plan.texts), words)
        for plan in (plan_ladders(sent) if sent else ())
    ]
    return rows_preview("ladders", headings, planned, sent, problem, whole=True)


def _sent_texts() -> LadderTexts:
    """Read the form that was sent."""
    form = request.form
    rungs = [
        (n, {key: form.get(f"rungs[{n}].{key}", "") for key in _RUNG})
        for n in range(1, _MOST_LINES + _FREE_LINES + 1)
        if f"rungs[{n}].rung" in form
    ]
    return LadderTexts(**posted_texts(LadderHead), rungs=rungs)


def _planned_texts(texts: LadderTexts) -> list[str]:
    names = [rung.get("rung", "") for _number, rung in texts.rungs]
    return [texts.name, texts.whose or _("国家"), _rising(names)]


def _rising(names: Sequence[str]) -> str:
    return " → ".join(name for name in names if name)


def _owner_words(row: GradeLadder) -> str:
    return row.organisation.name if row.organisation else _("国家")


CataloguePages(
    catalogue=LADDERS,
    at="/ladders",
    name="ladder",
    sent=_sent_texts,
    show=_show_ladders,
    show_row=_show_ladder,
    closed=lambda name: _("%(name)s 停用了，用了它的赛项不变", name=name),
).hang()
WorkbookPages(
    kind=LADDER_ROWS,
    right=Right.ADMINISTER,
    title=msg("等级体系"),
    template="organiser/directory/ladders/upload.html",
    rows=lambda: (rung for row in find_ladders() for rung in rows_of(row)),
    plan=None,
    preview=preview,
    write=lambda rows: LADDERS.write(rows, current_user),
    written=lambda added, changed: flash(
        _("新增 %(added)s 个，更正 %(changed)s 个", added=added, changed=changed), "ok"
    ),
).hang()
