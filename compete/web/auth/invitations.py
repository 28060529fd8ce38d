"""Taking up an invitation: an account with a user name and a password, or a new part for one."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.messages import msg
from compete.models import Invitation
from compete.services.accounts.access import has_handed_part
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """The account or part that a link gives; `name` and `username` of an existing account."""

    what: str
    name: str | None
    invited: str | None
    """The person whom the link was made out to, by whoever made it."""
    inviter: str | None
    """The account that made the link: whoever comes in by it is no second person for a day."""
    username: str | None


@face.route("/invitation/<token>", methods=["GET", "POST"])
@guard.public
def invitation(token: str) -> ResponseReturnValue:
    """Looking at the link uses nothing up; sending the form does.

    Who is signed in may take the part with the account that is there already.
    """
    found = peek_invitation(token)
    if found is None:
        return _page(None), 410
    if request.method != "POST":
        return _page(found)
    try:
        if request.form.get("how") == "join" and current_user.is_authenticated:
            account = join_by_invitation(token, current_user)
        else:
            _check_again()
            account = take_up_invitation(
                token,
                name=found.account.name if found.account else request.form.get("name", ""),
                username=request.form.get("username", ""),
                password=request.form.get("password", ""),
            )
            note_secret_set(account)
    except Refused as refused:
        if refused.kind is Refusal.GONE:
            return _page(None), 410
        return _page(found, problem=say(refused.message)), status_of(refused)
    flash(_("可以了，%(name)s", name=account.name), "ok")
    return enter(account, None, "password")


def _check_again() -> None:
    if request.form.get("password", "") != request.form.get("again", ""):
        raise invalid(msg("两次写的密码不一样，再写一次"))


def _page(found: Invitation | None, problem: str | None = None) -> str:
    joins = (
        found is not None
        and found.account_id is None
        and current_user.is_authenticated
        and not has_handed_part(current_user)
    )
    return render_template(
        "auth/invitation.html",
        invitation=None if found is None else _described(found),
        joins=current_user.name if joins else None,
        problem=problem,
        sent={key: request.form.get(key, "") for key in ("name", "username")},
    )


def _described(found: Invitation) -> Invited:
    if found.account is not None:
        what = _("设用户名和新密码")
    elif found.is_admin:
        what = _("管理员：管全部竞赛和账号")
    else:
        what = _("组委会：%(name)s", name=found.competition.name if found.competition else "")
    return Invited(
        what=what,
        name=found.account.name if found.account else None,
        # The installation's own link is made out to nobody.
        invited=found.name if found.by_id is not None else None,
        inviter=found.by.name if found.by is not None else None,
        username=found.account.username if found.account else None,
    )
