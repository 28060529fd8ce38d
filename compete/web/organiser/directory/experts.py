"""专家库: looked through, added to, changed, as a workbook in and out, and judges taken from it."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.domain.values.messages import msg, some_of
from compete.domain.values.rights import Right
from compete.models import Competition, Expert
from compete.services.accounts.access import may
from compete.services.directory.expert_fields import (
    EXPERT_FIELDS,
    EXPERT_KINDS,
    EXPERT_ROWS,
    CheckedExpert,
    days_away,
    days_text,
    fields_of_expert,
)
from compete.services.directory.experts import (
    ExpertOrder,
    KnownExpertError,
    find_expert,
    find_experts,
    last_expert_change,
    may_change_expert,
    plan_experts,
    undo_expert,
    write_experts,
)
from compete.services.directory.experts import add_expert as add
from compete.services.directory.experts import change_expert as change
from compete.services.directory.experts import end_expert as end
from compete.services.kernel.clock import local_today
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.rows_by_number import competition_by_code
from compete.services.registration.officials import (
    add_from_pool,
    people_among_officials,
)
from compete.services.schedule.seating import days_of
from compete.web import guard
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.catalogue_pages import WorkbookPages
from compete.web.organiser.competition_words import expert_level_word
from compete.web.organiser.headed_rows import RowsPreview, SentRows, fields_preview
from compete.web.organiser.last_act import LastAct, last_act, undone
from compete.web.organiser.shapes import views_of
from compete.web.pages import or_404
from compete.web.paging import asked_page, asked_text, describe_page
from compete.web.refusals import problem_of, refusal_on
from compete.web.setting_forms import act_form, posted_texts
from compete.web.shapes import choices
from compete.web.templating import days_words, moment, role_word

PAGE_SIZE = 50


def _show_experts(refused: Refused | None = None) -> str:
    """Show a page of the pool, or of a search in it."""
    query, number = asked_text(), asked_page()
    kind = request.args.get("kind", "")
    kind = kind if kind in EXPERT_KINDS else ""
    wanted = request.args.get("sort", "")
    sort = ExpertOrder(wanted) if wanted in list(ExpertOrder) else ExpertOrder.NEWEST
    asking = _asking()
    rows, total = find_experts(query, kind, sort, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE)
    kept = {"q": query, "kind": kind, "asking": asking.code if asking else ""}
    orders = (_("最近录入"), _("姓名"), _("单位"), _("证书到期"))
    taken = people_among_officials(asking) if asking else set()
    return render_template(
        "organiser/directory/experts/experts.html",
        rows=[_row(expert, asking, expert.person_id in taken) for expert in rows],
        page=describe_page(total, number, PAGE_SIZE, "organiser.experts", **kept, sort=sort.value),
        query=query,
        kind=kind,
        kinds_sought=choices({"": msg("全部类别"), **EXPERT_KINDS}),
        sort=sort.value,
        sorts=views_of(
            "organiser.experts",
            "sort",
            sort,
            dict(zip(ExpertOrder, orders, strict=True)),
            **kept,
        ),
        asking=asking,
        problem=problem_of(refused),
        known=refused.number if isinstance(refused, KnownExpertError) else None,
        last=_last(),
        form=act_form(CheckedExpert, refused),
    )


def _last() -> LastAct | None:
    last = last_expert_change(current_user)
    if last is None:
        return None
    parts = {"at": moment(last.at), "names": say(some_of(last.names))}
    text = {
        "expert.add": _("%(at)s 你加了 %(names)s", **parts),
        "expert.back": _("%(at)s 你放回了 %(names)s", **parts),
        "expert.end": _("%(at)s 你移出了 %(names)s", **parts),
        "expert.change": _("%(at)s 你改了 %(names)s", **parts),
        "several": _("%(at)s 你加了、改了 %(names)s", **parts),
    }[last.done]
    return last_act(last, text, url_for("organiser.undo_last_expert"))


def _show_expert(expert_id: int, refused: Refused | None = None) -> str:
    """Show one row, with its form for whoever may change it."""
    expert = _expert_or_404(expert_id)
    stands = fields_of_expert(expert)
    return render_template(
        "organiser/directory/experts/expert.html",
        expert=expert,
        may_change=may_change_expert(expert, current_user),
        facts=[(EXPERT_FIELDS[key], text) for key, text in stands.items() if text],
        problem=problem_of(refused),
        # The name is the person's and not asked.
        form=act_form(CheckedExpert, refused, expert, but=["name"]),
    )


def preview(sent: SentRows, problem: str | None) -> RowsPreview:
    """Preview what a workbook would do, row by row; known rows are shown, too."""
    plan = partial(plan_experts, by=current_user)
    return fields_preview("experts", EXPERT_FIELDS, plan, sent, problem)


def _row(expert: Expert, asking: Competition | None, taken: bool) -> dict[str, Any]:
    today = asking.ends or asking.starts or local_today() if asking else local_today()
    parts = (expert_level_word(expert.level), expert.occupation, expert.certificate)
    return {
        "expert": expert,
        "kind": say(EXPERT_KINDS[expert.kind]),
        "qualification": _("，").join(filter(None, parts)),
        "days": days_text(expert.days),
        "expired": expert.valid_until is not None and expert.valid_until < today,
        "away": _away(expert, asking),
        "taken": taken,
    }


def _away(expert: Expert, asking: Competition | None) -> str:
    """Name the days of the competition on which they cannot come; empty if they can on each."""
    days = days_of(asking) if asking else []
    away = days_away(expert, days)
    if not away:
        return ""
    if len(away) == len(days):
        return _("比赛那几天来不了")
    return _("%(days)s来不了", days=days_words(away))


def _asking() -> Competition | None:
    """Return the competition that looks for judges, if the viewer may appoint in it."""
    competition = competition_by_code(request.args.get("asking", ""))
    if competition is None or not may(current_user, competition, Right.APPOINT):
        return None
    return competition


@face.get("/experts")
@guard.may(Right.DIRECTORY)
def experts() -> ResponseReturnValue:
    """The pool; with `asking`, for a competition that looks for judges."""
    return _show_experts()


@face.post("/experts")
@guard.may(Right.DIRECTORY)
@only_once
@refusal_on(_show_experts)
def add_expert() -> ResponseReturnValue:
    """Add one row to the pool."""
    made = add(posted_texts(CheckedExpert), current_user)
    flash(_("加了 %(name)s", name=made.person.name), "ok")
    return redirect(url_for("organiser.experts"))


@face.get("/experts/<int:expert_id>")
@guard.may(Right.DIRECTORY)
def expert(expert_id: int) -> ResponseReturnValue:
    """Show one row of the pool."""
    return _show_expert(expert_id)


@face.post("/experts/<int:expert_id>")
@guard.may(Right.DIRECTORY)
@refusal_on(_show_expert, only=Refusal.INVALID)
def change_expert(expert_id: int) -> ResponseReturnValue:
    """Change a row of the pool."""
    changed = change(_own(expert_id), posted_texts(CheckedExpert), current_user)
    flash(_("存下了") if changed else _("和原来一样"), "ok")
    return redirect(url_for("organiser.expert", expert_id=expert_id))


@face.post("/experts/<int:expert_id>/end")
@guard.may(Right.DIRECTORY)
def end_expert(expert_id: int) -> ResponseReturnValue:
    """Take a row out of the pool."""
    expert = _own(expert_id)
    name = expert.person.name
    end(expert, current_user)
    flash(_("%(name)s 移出了专家库，评过的不变", name=name), "ok")
    return redirect(url_for("organiser.experts"))


@face.post("/experts/undo")
@guard.may(Right.DIRECTORY)
@only_once
def undo_last_expert() -> ResponseReturnValue:
    """Make the pool as it was before what the reader did last."""
    return undone(undo_expert, "organiser.experts")


def _flash_counts(made: int, changed: int) -> None:
    if made or not changed:
        flash(ngettext("加了 %(num)s 条", "加了 %(num)s 条", made), "ok")
    if changed:
        flash(ngettext("更正了 %(num)s 条", "更正了 %(num)s 条", changed), "ok")


WorkbookPages(
    kind=EXPERT_ROWS,
    right=Right.DIRECTORY,
    title=msg("专家库"),
    template="organiser/directory/experts/upload.html",
    rows=lambda: map(fields_of_expert, find_experts()[0]),
    plan=lambda rows: plan_experts(rows, current_user),
    preview=preview,
    write=lambda rows: write_experts(rows, current_user),
    written=_flash_counts,
).hang()


@face.post("/<code>/judges/expert/<int:expert_id>")
@guard.may(Right.APPOINT)
@only_once
def take_expert(competition: Competition, expert_id: int) -> ResponseReturnValue:
    """Ask somebody of the pool in."""
    judge = add_from_pool(competition, _expert_or_404(expert_id), current_user)
    flash(
        _(
            "加了%(role)s %(name)s，编号 %(code)s。给他发登录卡。",
            role=role_word(judge.role) if judge.role else "",
            name=judge.name,
            code=judge.code,
        ),
        "ok",
    )
    return redirect(url_for("organiser.experts", asking=competition.code))


def _expert_or_404(number: int) -> Expert:
    return or_404(find_expert(number))


def _own(number: int) -> Expert:
    expert = _expert_or_404(number)
    if not may_change_expert(expert, current_user):
        abort(404)
    return expert
