"""A fresh sign-in card on the screen, for another tablet to scan at once."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from compete.documents.qr import qr_svg
from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.domain.values.roles import MARKING_ROLES, Role
from compete.models import Competition, Judge
from compete.services.accounts.accounts import known_account_of
from compete.services.accounts.sign_in_cards import has_void_card, lasting_card
from compete.services.accounts.sign_in_cards import show_card as read_card
from compete.services.kernel.refusal import Refusal, Refused
from compete.web import guard
from compete.web.addresses import public_url
from compete.web.organiser.blueprint import face
from compete.web.organiser.schedule.judges.view_model import find_official
from compete.web.organiser.shapes import competition_link
from compete.web.templating import role_word


@face.get("/<code>/judges/<judge_code>/card")
@guard.may(Right.GIVE_CARDS)
def show_card(competition: Competition, judge_code: str) -> ResponseReturnValue:
    """The judge's card as a QR code, while nobody has used it yet.

    Who sees it could sign in as the judge and choose the PIN: that is recorded.
    """
    judge = find_official(competition, judge_code)
    require_card_right(competition, judge)
    account = known_account_of(judge)
    made = account is not None and lasting_card(account) is not None
    token = read_card(account, competition, current_user) if account is not None else None
    return render_template(
        "organiser/schedule/judges/card.html",
        competition=competition_link(competition),
        code=competition.code,
        judge=judge,
        role=role_word(judge.role or Role.JUDGE),
        picture=_picture(public_url("auth.use_link", token=token)) if token else None,
        made=made,
        renewed=account is not None and has_void_card(account),
    )


def require_card_right(competition: Competition, judge: Judge) -> None:
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


def _picture(address: str) -> Markup:
    return Markup(qr_svg(address, _("登录码")))
