"""Accounts, roles and open invitations in words."""

from __future__ import annotations

from flask_babel import gettext as _

from compete.models import Account, Invitation, Membership
from compete.web.templating import role_word


def account_roles(account: Account) -> list[str]:
    """What an account may do where."""
    roles = [_("管理员")] if account.is_admin else []
    return roles + [f"{role_word(it.role)} {it.competition.code}" for it in account.memberships]


def code_of(membership: Membership) -> str:
    """Of an official with a sign-in card, or of the unit whose contact it is; else empty."""
    of = membership.judge or membership.unit
    return of.code if of else ""


def signs_in(membership: Membership) -> str:
    """By what they sign in: a user name, a unit's link, a card, a link of their own."""
    if membership.account.username:
        return _("用户名 %(name)s", name=membership.account.username)
    if membership.unit_id is not None:
        return _("报名链接")
    return _("登录卡") if membership.judge else _("一次性链接")


def invited_for(invitation: Invitation) -> str:
    """What a link is for that nobody has taken up yet."""
    competition = invitation.competition
    if invitation.account_id is not None:
        return _("设新密码")
    if competition is None:
        return _("管理员")
    return f"{role_word(invitation.role)} {competition.code}" if invitation.role else ""
