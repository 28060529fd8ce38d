"""Taking up an invitation: an account with a user name and a password, or a new part for one."""

from __future__ import annotations

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.messages import msg
from compete.models import Invitation
from compete.services.accounts.access import has_handed_part
from compete.services.accounts.accounts import SHORTEST_PASSWORD
from compete.services.accounts.invitations import (
    join_by_invitation,
    peek_invitation,
    take_up_invitation,
)
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.web import guard
from compete.web.auth.devices import note_secret_set
from compete.web.auth.views import enter, face
from compete.web.language import say
from compete.web.refusals import status_of


@face.route("/invitation/<token>", methods=["GET", "POST"])
@guard.public
def invitation(token: str) -> ResponseReturnValue:
    """Looking at the link uses nothing up; sending the form does.

    Who is signed in may take the part with the account that is there already.
    """
    offer = peek_invitation(token)
    if offer is None:
        return _page(None), 410
    if request.method != "POST":
        return _page(offer)
    try:
        if request.form.get("how") == "join" and current_user.is_authenticated:
            account = join_by_invitation(token, current_user)
        else:
            _check_again()
            account = take_up_invitation(
                token,
                name=offer.account.name if offer.account else request.form.get("name", ""),
                username=request.form.get("username", ""),
                password=request.form.get("password", ""),
            )
            note_secret_set(account)
    except Refused as refused:
        if refused.kind is Refusal.GONE:
            return _page(None), 410
        return _page(offer, problem=say(refused.message)), status_of(refused)
    flash(_("可以了，%(name)s", name=account.name), "ok")
    return enter(account, None, "password")


def _check_again() -> None:
    if request.form.get("password", "") != request.form.get("again", ""):
        raise invalid(msg("两次写的密码不一样，再写一次"))


def _page(offer: Invitation | None, problem: str | None = None) -> str:
    joins = (
        offer is not None
        and offer.account_id is None
        and current_user.is_authenticated
        and not has_handed_part(current_user)
    )
    return render_template(
        "auth/invitation.html",
        invitation=offer,
        what=_gives(offer) if offer is not None else "",
        joins=current_user.name if joins else None,
        problem=problem,
        shortest_password=SHORTEST_PASSWORD,
        sent={key: request.form.get(key, "") for key in ("name", "username")},
    )


def _gives(offer: Invitation) -> str:
    if offer.account is not None:
        return _("设用户名和新密码")
    if offer.is_admin:
        return _("管理员：管全部竞赛和账号")
    return _("组委会：%(name)s", name=offer.competition.name if offer.competition else "")
