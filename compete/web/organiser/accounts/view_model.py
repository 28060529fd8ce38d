"""Accounts, roles and open invitations as their pages show them."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from flask_login import current_user

from compete.models import Account, Competition, Invitation, Membership
from compete.web.organiser.accounts.shapes import AccountRow, InvitationRow, RoleRow
from compete.web.templating import moment, role_word


def account_row(account: Account, *, second: bool = False) -> AccountRow:
    """One account: what it may do where, and what can be done with it; `second`: has a factor."""
    roles = [_("管理员")] if account.is_admin else []
    roles += [
        f"{role_word(membership.role)} {membership.competition.code}"
        for membership in account.memberships
    ]
    own = account.id == current_user.id
    other = account.active and not own
    return AccountRow(
        name=account.name,
        number=account.id,
        username=account.username,
        roles=roles,
        own=own,
        closed=not account.active,
        link_url=url_for("organiser.account_link", number=account.id) if other else None,
        close_url=url_for("organiser.close", number=account.id) if other else None,
        reset_url=url_for("organiser.reset_second", number=account.id)
        if other and second
        else None,
        open_url=None
        if account.active or account.erased_at is not None
        else url_for("organiser.reopen", number=account.id),
    )


def role_row(competition: Competition, membership: Membership) -> RoleRow:
    """One person's part in a competition."""
    judge, own = membership.judge, membership.account_id == current_user.id
    return RoleRow(
        name=membership.account.name,
        number=membership.account_id,
        role=role_word(membership.role),
        code=judge.code if judge else membership.unit.code if membership.unit else None,
        signs_in=_signs_in(membership),
        own=own,
        closed=not membership.account.active,
        revoke_url=None
        if own
        else url_for("organiser.take_back", code=competition.code, number=membership.id),
    )


def _signs_in(membership: Membership) -> str:
    if membership.account.username:
        return _("用户名 %(name)s", name=membership.account.username)
    if membership.unit_id is not None:
        return _("报名链接")
    return _("登录卡") if membership.judge else _("一次性链接")


def invitation_row(invitation: Invitation, cancel_url: str) -> InvitationRow:
    """One link that nobody has taken up yet."""
    competition = invitation.competition
    if invitation.account_id is not None:
        what = _("设新密码")
    elif competition is None:
        what = _("管理员")
    else:
        what = f"{role_word(invitation.role)} {competition.code}" if invitation.role else ""
    return InvitationRow(
        name=invitation.name,
        what=what,
        until=moment(invitation.expires_at),
        cancel_url=cancel_url,
    )
