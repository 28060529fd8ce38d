"""The page of 换裁判: what would go over to whom, looked at, then done."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.domain.values.messages import Message
from compete.domain.values.rights import Right
from compete.domain.values.roles import Role
from compete.models import Competition, Judge
from compete.services.judging.judge_replacement import (
    is_replaceable,
    replace_judge,
    successors,
    what_follows,
    why_needless,
)
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.officials import add_official
from compete.web import guard
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.last_look import make_fact
from compete.web.organiser.schedule.judges.view_model import REPLACEABLE, find_official
from compete.web.organiser.shapes import competition_link
from compete.web.refusals import status_of
from compete.web.shapes import choices

MOST_NAMED = 5


@face.route("/<code>/judges/<judge_code>/replace", methods=["GET", "POST"])
@guard.may(Right.APPOINT)
@only_once
def replace(competition: Competition, judge_code: str) -> ResponseReturnValue:
    """Ask who takes over, known or new, and why; then do it."""
    judge = find_official(competition, judge_code)
    if not is_replaceable(judge) or competition.state not in REPLACEABLE:
        abort(404)
    if request.method == "GET":
        return _page(competition, judge)
    form = request.form
    chosen = form.get("judge", "")
    others = {other.code: other for other in competition.judges}
    if chosen and chosen not in others:
        abort(400)
    try:
        with unit_of_work():
            successor = (
                others[chosen]
                if chosen
                else add_official(competition, Role.JUDGE, form.get("name", ""), current_user)
            )
            done = replace_judge(judge, successor, form.get("reason", ""), current_user)
            told = _(
                "%(new)s 接替了 %(old)s：%(n)s 张评分表跟过去了，签过的 %(kept)s 张没动。"
                "%(new)s 没有登录卡的，现在发。",
                new=successor.name,
                old=judge.name,
                n=len(done.sheets),
                kept=done.kept,
            )
    except Refused as refused:
        return _page(competition, judge, say(refused.message)), status_of(refused)
    flash(told, "ok")
    return redirect(url_for("organiser.judges", code=competition.code, people=1))


def _named(barred: Sequence[Message]) -> str:
    said = _("；").join(say(why) for why in barred[:MOST_NAMED])
    left = len(barred) - MOST_NAMED
    return _("%(said)s；另外还有 %(n)s 名", said=said, n=left) if left > 0 else said


def _page(competition: Competition, judge: Judge, problem: str | None = None) -> str:
    following = what_follows(judge)
    needless = why_needless(judge, following)
    others = successors(judge)
    barred = [why for _other, why in others if why is not None]
    facts = [
        make_fact(
            _("%(n)s 张没签的评分表跟着走", n=len(following.sheets)),
            _(
                "其中 %(n)s 张已经写了：原来写的留在记录里，不算分，接替的人从空表评起",
                n=following.begun,
            )
            if following.begun
            else "",
        ),
        make_fact(
            _("%(n)s 张签过的不动", n=following.kept), _("还是 %(name)s 评的", name=judge.name)
        ),
        make_fact(
            _("%(name)s 的登录卡和 PIN 马上不能用", name=judge.name),
            _("平板上还没上传的分不再收。能联网的，先请他上传再换"),
        ),
    ]
    if following.locked:
        facts.append(make_fact(_("锁定了的 %(n)s 张没签的也不动", n=following.locked), ""))
    if barred:
        facts.append(
            make_fact(
                ngettext(
                    "%(num)s 名裁判不能接替，没有列出来",
                    "%(num)s 名裁判不能接替，没有列出来",
                    len(barred),
                ),
                _named(barred),
            )
        )
    able = {other.code: f"{other.code} {other.name}" for other, why in others if why is None}
    return render_template(
        "organiser/schedule/judges/replace.html",
        competition=competition_link(competition),
        code=competition.code,
        judge=judge,
        needless=say(needless) if needless else "",
        facts=facts,
        choices=choices({"": _("名单里没有的人，写在下面"), **able}),
        sent=request.form,
        problem=problem,
    )
