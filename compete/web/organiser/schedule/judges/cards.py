"""Sign-in cards of judges and other officials: printed, renewed, cancelled, shown."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.domain.values.roles import MARKING_ROLES, Role
from compete.models import Competition, Judge
from compete.services.accounts.accounts import account_of_judge, known_account_of
from compete.services.accounts.printed_cards import print_judge_cards
from compete.services.accounts.sessions import sessions_of
from compete.services.accounts.sign_in_cards import (
    cancel_cards,
    has_void_card,
    lasting_card,
    renew_judge_card,
)
from compete.services.accounts.sign_in_cards import show_card as read_card
from compete.services.judging.panels.judge_progress import judge_lines
from compete.services.kernel.refusal import Refusal, Refused
from compete.web import guard
from compete.web.addresses import public_url
from compete.web.downloads import send_pdf
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.last_look import last_look, make_fact, second_fact
from compete.web.organiser.schedule.judges.view_model import (
    cards_warning,
)
from compete.web.pages import of_code
from compete.web.templating import role_word


def _ask_first(competition: Competition, judge: Judge, *, renewing: bool) -> str:
    """The page before the act; where there is no card in use, there is nothing to ask."""
    _require_card_right(competition, judge)
    account = known_account_of(judge)
    if account is None or lasting_card(account) is None:
        abort(404)
    devices = len(sessions_of(account))
    facts = [
        make_fact(_("旧卡和 PIN 马上不能再用"), ""),
        make_fact(
            _("%(name)s 马上退出 %(n)s 台设备", name=judge.name, n=devices)
            if devices
            else _("%(name)s 现在没有登录着的设备", name=judge.name),
            _("已上传的分都在。平板上没上传的分留在平板上，同一个人再登录就上传。")
            if (judge.role or Role.JUDGE) in MARKING_ROLES
            else "",
        ),
        make_fact(_("新卡的码马上显示"), _("由%(name)s本人扫，再设一个新 PIN。", name=judge.name))
        if renewing
        else make_fact(_("要再登录"), _("到这里再发一张登录卡。")),
    ]
    act = "organiser.new_card" if renewing else "organiser.cancel_card"
    return last_look(
        competition,
        _("给%(name)s换一张登录卡", name=judge.name)
        if renewing
        else _("%(name)s的登录卡作废", name=judge.name),
        facts,
        [],
        url_for(act, code=competition.code, judge_code=judge.code),
        url_for("organiser.judges", code=competition.code, people=1),
    )


@face.post("/<code>/judges/cards.pdf")
@guard.may(Right.APPOINT)
def cards(competition: Competition) -> ResponseReturnValue:
    """Sign-in cards of those who were ticked, or of all, made where there is none: an act, so no
    address to look at.

    Where somebody would not count as another person for a day from now on, it asks first.
    """
    chosen = " ".join(request.values.getlist("who")).split()
    lines = [line for line in judge_lines(competition) if line.judge.code in chosen or not chosen]
    if len(lines) < len(set(chosen)):
        abort(400)
    judges = [line.judge for line in lines]
    warning = cards_warning(lines)
    if warning is not None and request.values.get("sure") != "yes":
        return last_look(
            competition,
            _("打印登录卡"),
            [make_fact(_("24 小时内少了第二个人"), warning), second_fact(competition)],
            [],
            url_for("organiser.cards", code=competition.code),
            url_for("organiser.judges", code=competition.code, people=1),
            fields={"sure": "yes", "who": " ".join(chosen)},
        )
    return send_pdf(
        print_judge_cards(competition, current_user, gettext, of=judges),
        f"登录卡_{competition.name}.pdf",
    )


@face.post("/<code>/judges/<judge_code>/card")
@guard.may(Right.GIVE_CARDS)
@only_once
def new_card(competition: Competition, judge_code: str) -> ResponseReturnValue:
    """Cancel a judge's card and make another, in one go."""
    judge = of_code(competition.judges, judge_code)
    _require_card_right(competition, judge)
    renew_judge_card(judge, competition, current_user, _("换卡"))
    return redirect(url_for("organiser.show_card", code=competition.code, judge_code=judge.code))


@face.get("/<code>/judges/<judge_code>/card/renew")
@guard.may(Right.GIVE_CARDS)
def confirm_renewal(competition: Competition, judge_code: str) -> ResponseReturnValue:
    """Show what another card does to the one in use."""
    return _ask_first(competition, of_code(competition.judges, judge_code), renewing=True)


@face.get("/<code>/judges/<judge_code>/cancel")
@guard.may(Right.GIVE_CARDS)
def confirm_cancelling(competition: Competition, judge_code: str) -> ResponseReturnValue:
    """Show what cancelling a card does."""
    return _ask_first(competition, of_code(competition.judges, judge_code), renewing=False)


@face.post("/<code>/judges/<judge_code>/cancel")
@guard.may(Right.GIVE_CARDS)
def cancel_card(competition: Competition, judge_code: str) -> ResponseReturnValue:
    """Cancel a judge's card; whoever holds it is signed out at once."""
    judge = of_code(competition.judges, judge_code)
    _require_card_right(competition, judge)
    cancel_cards(account_of_judge(judge, competition, current_user), current_user, _("作废"))
    flash(_("%(name)s 的登录卡作废了", name=judge.name), "ok")
    return redirect(url_for("organiser.judges", code=competition.code, people=1))


@face.get("/<code>/judges/<judge_code>/card")
@guard.may(Right.GIVE_CARDS)
def show_card(competition: Competition, judge_code: str) -> ResponseReturnValue:
    """The judge's card as a QR code, while nobody has used it yet.

    Who sees it could sign in as the judge and choose the PIN: that is recorded.
    """
    judge = of_code(competition.judges, judge_code)
    _require_card_right(competition, judge)
    account = known_account_of(judge)
    made = account is not None and lasting_card(account) is not None
    token = read_card(account, competition, current_user) if account is not None else None
    return render_template(
        "organiser/schedule/judges/card.html",
        judge=judge,
        role=role_word(judge.role or Role.JUDGE),
        address=public_url("auth.use_link", token=token) if token else None,
        made=made,
        renewed=account is not None and has_void_card(account),
    )


def _require_card_right(competition: Competition, judge: Judge) -> None:
    """Return if the person may handle this card; raises `Refused` (403).

    Whoever holds a card can sign in with it. A chief judge gives judges theirs,
    but not those who sign beside or after the chief: the two would be one person.
    """
    if guard.may_do(Right.APPOINT):
        return
    if (judge.role or Role.JUDGE) not in MARKING_ROLES:
        raise Refused(
            msg("%(name)s 的登录卡由组委会发：两个人签的事，不能由一个人办", name=judge.name),
            kind=Refusal.FORBIDDEN,
        )
