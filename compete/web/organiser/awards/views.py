"""Awards and proposed grades: worked out by the rules, decided here, then published."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.kinds import Kind
from compete.domain.values.rights import Right
from compete.domain.values.states import GradeState
from compete.models import Competition, Job
from compete.services.certificates.promotions import PROMOTIONS, PROMOTIONS_BOOK
from compete.services.closing.approving_jobs import approve_proposed_or_ask
from compete.services.closing.grade_proposals import decide_grades, why_not_approved
from compete.services.closing.rule_pack_confirmations import confirm_pack
from compete.services.results.publishing import publish_or_ask
from compete.web import guard
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.awards.page import awards_page
from compete.web.organiser.awards.view_model import ACTS
from compete.web.organiser.blueprint import face
from compete.web.organiser.jobs.printing import print_or_follow
from compete.web.organiser.jobs.view_model import job_url, published
from compete.web.shown_standings import AWARDS, own_url

_MOST_TOLD = 5


@face.get("/<code>/awards")
@guard.may(Right.DECIDE_AWARDS, of=guard.SKILLS, instead="organiser.verdicts")
def awards(competition: Competition) -> ResponseReturnValue:
    """Show the awards and promotions, by which conditions, and what is to be decided."""
    return render_template("organiser/awards/awards.html", **awards_page(competition))


@face.post("/<code>/awards/promotions.pdf")
@guard.may(Right.DECIDE_AWARDS, of=guard.SKILLS)
def promotions(competition: Competition) -> ResponseReturnValue:
    """The list for the certifying body; asked for by a press, since printing it is recorded."""
    return print_or_follow(competition, PROMOTIONS, f"拟晋升名单_{competition.name}.pdf")


@face.post("/<code>/awards/promotions.xlsx")
@guard.may(Right.DECIDE_AWARDS, of=guard.SKILLS)
def promotions_workbook(competition: Competition) -> ResponseReturnValue:
    """The same list as a workbook, to be uploaded by the certifying body."""
    return print_or_follow(competition, PROMOTIONS_BOOK, f"拟晋升名单_{competition.name}.xlsx")


@face.post("/<code>/awards/confirm")
@guard.may(Right.DECIDE_AWARDS, of=guard.SKILLS)
def confirm_pack_rules(competition: Competition) -> ResponseReturnValue:
    """Confirm that it is as a rule pack presumes: from now on grades can be approved by it."""
    confirm_pack(competition, request.form.get("pack", ""), current_user)
    flash(_("确认了，可以批准"), "ok")
    return redirect(url_for("organiser.awards"))


@face.post("/<code>/awards/<act>/<who>")
@guard.may(Right.DECIDE_AWARDS)
def decide(competition: Competition, act: str, who: str) -> ResponseReturnValue:
    """Approve, hold or refuse one person's grade; approve all that are proposed."""
    here = {key: request.args[key] for key in ("show", "page") if key in request.args}
    back = redirect(own_url(competition, AWARDS, **here))
    to = ACTS.get(act)
    if to is None:
        return back
    if who == "proposed" and to is GradeState.APPROVED:
        # An evaluation asks for its levels themselves: nobody rises several at once.
        checked = "checked" in request.form or competition.kind == Kind.EVALUATION
        approved = approve_proposed_or_ask(competition, current_user, checked=checked)
        if isinstance(approved, Job):
            return redirect(job_url(approved))
        if approved:
            flash(_("批准了 %(n)s 人", n=approved), "ok")
            barred = [say(why) for why in why_not_approved(competition).values()]
            for told in list(dict.fromkeys(barred))[:_MOST_TOLD]:
                flash(told, "info")
        else:
            flash(_("没有待批准的人了"), "info")
        return back
    reason, seen = request.form.get("reason", ""), request.form.get("seen", "")
    count = decide_grades(competition, [who], to, current_user, reason, seen)
    words = {
        "approve": _("批准了 %(n)s 人", n=count),
        "hold": _("%(who)s 缓办，理由记下了", who=who),
        "refuse": _("%(who)s 不批准，理由记下了", who=who),
    }
    flash(words[act] if count else _("已经这样定了"), "ok" if count else "info")
    return back


@face.post("/<code>/publish")
@guard.may(Right.PUBLISH)
@only_once
def publish_results(competition: Competition) -> ResponseReturnValue:
    """Announce: from now on badges show results."""
    form = request.form
    done = publish_or_ask(competition, current_user, form.get("note", ""), form.getlist("also"))
    if isinstance(done, Job):
        return redirect(job_url(done))
    said, where = published(competition, done.version)
    flash(said, "ok")
    return redirect(where)
