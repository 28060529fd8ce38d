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
from compete.services.accounts.firm_accounts import is_firm_invitation, take_up_by_firm
from compete.services.accounts.invitations import (
    join_by_invitation,
    peek_invitation,
    take_up_invitation,
)
from compete.services.kernel.refusal import Refusal, Refused
from compete.web import guard
from compete.web.auth.devices import note_secret_set
from compete.web.auth.firm import firm_person_of, forget_firm_person
from compete.web.auth.passwords import require_twice
from compete.web.auth.views import enter, face, firm_name
from compete.web.refusals import problem_of, refusal_on


def _page(offer: Invitation | None, refused: Refused | None = None) -> str:
    joins = (
        offer is not None
        and offer.account_id is None
        and current_user.is_authenticated
        and not has_handed_part(current_user)
    )
    firm = firm_name() if offer is not None and is_firm_invitation(offer) else None
    token = request.view_args["token"] if request.view_args else ""
    return render_template(
        "auth/invitation.html",
        invitation=offer,
        firm_name=firm,
        firm_person=firm_person_of(token) if firm else None,
        token_of_link=token,
        what=_gives(offer) if offer is not None else "",
        joins=current_user.name if joins else None,
        problem=problem_of(refused),
        shortest_password=SHORTEST_PASSWORD,
        sent={key: request.form.get(key, "") for key in ("name", "username")},
    )


def _gives(offer: Invitation) -> str:
    if offer.account is not None:
        return _("设用户名和新密码")
    if offer.is_admin:
        return _("管理员：管全部竞赛和账号")
    return _("组委会：%(name)s", name=offer.competition.name if offer.competition else "")


def _refused_page(token: str, refused: Refused) -> str:
    gone = refused.kind is Refusal.GONE
    return _page(None if gone else peek_invitation(token), refused)


@face.route("/invitation/<token>", methods=["GET", "POST"])
@guard.public
@refusal_on(_refused_page)
def invitation(token: str) -> ResponseReturnValue:
    """Looking at the link uses nothing up; sending the form does.

    Who is signed in may take the part with the account that is there already.
    """
    offer = peek_invitation(token)
    if offer is None:
        return _page(None), 410
    if request.method != "POST":
        return _page(offer)
    if request.form.get("how") == "join" and current_user.is_authenticated:
        account = join_by_invitation(token, current_user)
    elif request.form.get("how") == "firm":
        person = firm_person_of(token)
        if person is None:
            raise Refused(msg("单位登录过了 10 分钟，请再登录一次"))
        account = take_up_by_firm(token, person, name=request.form.get("name", ""))
        forget_firm_person()
        flash(_("可以了，%(name)s", name=account.name), "ok")
        return enter(account, None, "firm", (person.issuer, person.session))
    else:
        require_twice()
        account = take_up_invitation(
            token,
            name=offer.account.name if offer.account else request.form.get("name", ""),
            username=request.form.get("username", ""),
            password=request.form.get("password", ""),
        )
        note_secret_set(account)
    flash(_("可以了，%(name)s", name=account.name), "ok")
    return enter(account, None, "password")
