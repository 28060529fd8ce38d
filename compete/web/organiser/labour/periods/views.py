"""The periods of a labour competition: closing, publishing, correcting."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.labour.tree import PeriodTree
from compete.domain.values.messages import msg
from compete.domain.values.period_states import PeriodState
from compete.domain.values.rights import Right
from compete.models import Competition, PeriodCorrection
from compete.services.kernel.event_rules import labour_of
from compete.services.kernel.publications import latest_publication, next_version
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.labour.after_closing import set_followed
from compete.services.labour.closing import (
    asks_note,
    close_period,
    publish_closed,
    unpublished_periods,
    unpublished_units,
    unseen_periods,
)
from compete.services.labour.corrections import (
    Wanted,
    agree_correction,
    ask_correction,
    drop_correction,
)
from compete.services.labour.period_progress import closed_periods, period_stands, state_of
from compete.services.labour.rule_changes import rules_since, set_flag_keep
from compete.services.labour.rules import why_labour_rules_stay
from compete.services.results.snapshots import chosen_parts
from compete.services.scoring.live_labour import labour_live
from compete.web import guard
from compete.web.labour_words import periods_words
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.labour.periods.view_model import (
    after_form,
    flag_keep_form,
    month_page,
    months_page,
    period_rows,
    read_after,
    read_flag_keep,
    typed_correction,
    units_words,
)
from compete.web.organiser.last_look import Blocking, Fact, last_look, make_fact
from compete.web.organiser.list_book import send_list
from compete.web.organiser.results.confirmation.going_out import going_out
from compete.web.organiser.shapes import Link
from compete.web.pages import own_row
from compete.web.posted import posted_reason
from compete.web.refusals import problem_of, refusal_on
from compete.web.templating import state_word


@face.get("/<code>/labour/periods")
@guard.may(Right.SEE, of=guard.LABOUR)
def months(competition: Competition) -> ResponseReturnValue:
    """Every period: how far it is, and what goes out next."""
    return months_page(competition)


@face.get("/<code>/labour/periods.xlsx")
@guard.may(Right.SEE, of=guard.LABOUR)
def months_book(competition: Competition) -> Response:
    """Every period as the page lists it: how far it is, and what is said of closing it."""
    rows = [
        ["　" * row["depth"] + row["name"], state_word(row["state"]), row["said"] or "—"]
        for row in period_rows(competition, labour_live(competition))
    ]
    return send_list(competition, msg("结账和公布"), (_("哪一期"), _("状态"), _("结账")), rows)


@face.get("/<code>/labour/periods/<period>")
@guard.may(Right.SEE, of=guard.LABOUR)
def month(competition: Competition, period: str) -> ResponseReturnValue:
    """Show one period: what is missing, closing it, corrections since."""
    _require_period(competition, period)
    square = typed_correction(request.args)
    return month_page(competition, period, typed=square if square["unit"] else None)


@face.post("/<code>/labour/periods/<period>/close")
@guard.may(Right.PUBLISH, of=guard.LABOUR)
@refusal_on(month_page, only=Refusal.INVALID)
def close_month(competition: Competition, period: str) -> ResponseReturnValue:
    """结账."""
    _require_period(competition, period)
    close_period(competition, period, posted_reason(), current_user)
    flash(_("结账了，从现在起不能再填，只能更正"), "ok")
    return redirect(url_for("organiser.months"))


@face.post("/<code>/labour/periods/<period>/correct/look")
@guard.may(Right.PUBLISH, of=guard.LABOUR)
def look_at_square(competition: Competition, period: str) -> ResponseReturnValue:
    """Show what stands in the square that is to be corrected; nothing is asked for yet."""
    _require_period(competition, period)
    return month_page(competition, period, typed=typed_correction(request.form))


@face.post("/<code>/labour/periods/<period>/correct")
@guard.may(Right.PUBLISH, of=guard.LABOUR)
@only_once
@refusal_on(lambda refused, **of: month_page(**of, refused_correction=refused))
def ask_period_correction(competition: Competition, period: str) -> ResponseReturnValue:
    """Ask for a correction."""
    _require_period(competition, period)
    typed = typed_correction(request.form)
    ask_correction(competition, Wanted(period=period, **typed), current_user)
    flash(_("记下了，等另一个人同意后生效"), "ok")
    return redirect(url_for("organiser.month", period=period))


def _refused_follow_ups(competition: Competition, period: str, refused: Refused) -> str:
    if refused.kind is Refusal.UNKNOWN:
        raise refused
    live, problem = labour_live(competition), problem_of(refused)
    form = after_form(competition, live, period, request.form, problem)
    return month_page(competition, period, after=form)


@face.post("/<code>/labour/periods/<period>/after")
@guard.may(Right.PUBLISH, of=guard.LABOUR)
@refusal_on(_refused_follow_ups)
def save_follow_ups(competition: Competition, period: str) -> ResponseReturnValue:
    """Save when flags went and came, and what warnings and vetoes ask for."""
    _require_period(competition, period)
    try:
        wanted = read_after(request.form)
    except ValueError:
        raise invalid(msg("日子写成年月日，约谈写到几点几分")) from None
    changed = set_followed(competition, period, wanted, current_user)
    flash(_("存下了，写在通报上") if changed else _("没有改动"), "ok")
    return redirect(url_for("organiser.month", period=period))


def _months_again(
    competition: Competition, refused: Refused | None = None, reason_problem: str | None = None
) -> str:
    live, problem = labour_live(competition), problem_of(refused)
    form = flag_keep_form(competition, live, request.form, problem, reason_problem)
    return months_page(competition, form)


@face.post("/<code>/labour/flag-keep")
@guard.may(Right.SET_UP, of=guard.LABOUR)
@refusal_on(_months_again, only=Refusal.INVALID)
def save_flag_keep(competition: Competition) -> ResponseReturnValue:
    """Set after how many periods in a row a flag is kept for good: by two once the rule holds."""
    reason = posted_reason()
    try:
        wanted = read_flag_keep(request.form)
    except ValueError:
        raise invalid(msg("连续几期写成整数，不永久保留就空着")) from None
    if why_labour_rules_stay(competition) is not None and not reason.strip():
        return _months_again(competition, reason_problem=_("写明为什么改规则")), 400
    change = set_flag_keep(competition, wanted, current_user, reason)
    if change is None:
        flash(_("存下了"), "ok")
        return redirect(url_for("organiser.months"))
    flash(_("记下了，等另一个人同意后生效"), "ok")
    return redirect(url_for("organiser.rule_change", number=change.id))


@face.post("/<code>/labour/corrections/<int:number>/agree")
@guard.may(Right.AGREE, of=guard.LABOUR)
def agree_period_correction(competition: Competition, number: int) -> ResponseReturnValue:
    """Agree, as the second person: the correction takes effect."""
    row = agree_correction(own_row(PeriodCorrection, competition, number), current_user)
    flash(_("同意了，更正生效。公布过的要再公布一版"), "ok")
    return redirect(url_for("organiser.month", period=row.period))


@face.post("/<code>/labour/corrections/<int:number>/drop")
@guard.may(Right.PUBLISH, of=guard.LABOUR)
def drop_period_correction(competition: Competition, number: int) -> ResponseReturnValue:
    """Drop the correction."""
    row = drop_correction(own_row(PeriodCorrection, competition, number), current_user)
    flash(_("不更正了"), "ok")
    return redirect(url_for("organiser.month", period=row.period))


@face.get("/<code>/labour/publish")
@guard.may(Right.PUBLISH, of=guard.LABOUR)
def confirm_publish_months(competition: Competition) -> ResponseReturnValue:
    """Show what announcing the closed periods will do."""
    waiting, back = unpublished_periods(competition), url_for("organiser.months")
    units = unpublished_units(competition)
    if not waiting and not units:
        return redirect(back)
    stands = period_stands(competition)
    tree = PeriodTree(labour_of(competition).periods)
    corrected = [c for c in waiting if state_of(stands, c) is PeriodState.CORRECTED]
    fresh = [code for code in waiting if code not in corrected]
    version = next_version(competition)
    facts = _ranking_facts(competition, waiting)
    if fresh:
        words = _("新公布：%(periods)s", periods=_("、").join(periods_words(tree, fresh)))
        facts.append(make_fact(words, ""))
    if corrected:
        facts.append(
            make_fact(
                _("更正：%(periods)s", periods=_("、").join(periods_words(tree, corrected))),
                _("写明改了什么，会写在公布的成绩上。"),
            )
        )
    newest = latest_publication(competition)
    rules = rules_since(competition, newest.published_at) if newest is not None else None
    if rules is not None:
        facts.append(
            make_fact(
                _("规则换成了第 %(n)s 版，公布的照新规则算", n=rules.number),
                _("理由：%(why)s", why=rules.reason),
            )
        )
    facts += [make_fact(text, "") for text in units_words(units)]
    unseen = unseen_periods(competition, waiting)
    blockers = (
        [Blocking(what=_("二次抽查还没核完：%(names)s", names=_("、").join(unseen)))]
        if unseen
        else []
    )
    facts += [
        make_fact(
            _("没结账的期次一个数都不公布"), _("公布的竞赛文件里只有结了账的数，谁都能重算。")
        ),
        make_fact(
            _("公布后不能悄悄改，只能出新版"), _("更正以后再公布是新的一版，这一版一直留着。")
        ),
    ]
    return last_look(
        competition,
        _("公布第 %(n)s 版", n=version),
        facts,
        blockers,
        url_for("organiser.publish_months"),
        back,
        area="labour",
        asks_note=asks_note(stands, waiting),
        going_out=going_out(competition, chosen_parts(newest), closed_periods(competition)),
    )


_FIRST = 3


def _ranking_facts(competition: Competition, periods: Sequence[str]) -> list[Fact]:
    """The ranking that goes out: of each period the first of each group, with a link to all."""
    live = labour_live(competition)
    facts = []
    for period in periods:
        rows = live.standings[period]
        groups = []
        for group in sorted({row.group for row in rows}, key=lambda name: name or ""):
            first = [
                _(
                    "%(rank)s %(unit)s %(total)s",
                    rank=row.rank,
                    unit=live.units[row.unit],
                    total=row.total,
                )
                for row in rows
                if row.group == group and row.rank is not None and row.rank <= _FIRST
            ]
            words = _("、").join(first) or _("没有名次")
            groups.append(_("%(group)s：%(first)s", group=group, first=words) if group else words)
        name = live.labour.period_names[period]
        facts.append(
            Fact(
                what=_("%(period)s排名", period=name),
                detail=_("；").join(groups),
                link=Link(label=_("全部排名"), url=url_for("organiser.labour", period=period)),
            )
        )
    return facts


@face.post("/<code>/labour/publish")
@guard.may(Right.PUBLISH, of=guard.LABOUR)
@only_once
def publish_months(competition: Competition) -> ResponseReturnValue:
    """Announce every closed period."""
    form = request.form
    done = publish_closed(competition, current_user, form.get("note", ""), form.getlist("also"))
    flash(_("公布了第 %(n)s 版", n=done.version), "ok")
    return redirect(url_for("organiser.months"))


def _require_period(competition: Competition, period: str) -> None:
    if period not in {period.code for period in labour_of(competition).periods}:
        abort(404)
