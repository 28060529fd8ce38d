"""Accounts and roles: all of them for administrators, a competition's for its organiser."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.messages import msg
from compete.domain.values.rights import Right, roles_for
from compete.domain.values.roles import ROLE_WORDS, Role
from compete.models import Account, Competition, Invitation, Membership
from compete.services.accounts.firm_accounts import unlink_firm
from compete.services.accounts.firm_identities import firm_identity_of, with_firm_identity
from compete.services.accounts.invitations import (
    cancel_invitation,
    desk_roles,
    invite,
    open_invitations,
    password_link,
)
from compete.services.accounts.roles import (
    asked_role,
    close_account,
    count_accounts,
    list_accounts,
    memberships_in,
    open_account,
    take_role_back,
)
from compete.services.accounts.second_factors import reset_second_factors, with_second_factor
from compete.services.kernel.link_lives import INVITATION
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.rows_by_number import competition_by_code, find
from compete.sheets.workbook.tables import Value
from compete.web import guard
from compete.web.addresses import public_url
from compete.web.kind_words import link_word
from compete.web.once import only_once
from compete.web.organiser.accounts.revocation import (
    cancelling_page,
    closing_page,
    taking_back_page,
)
from compete.web.organiser.blueprint import face
from compete.web.organiser.list_book import in_portions, parts_of, send_list, sentences
from compete.web.organiser.shapes import Link
from compete.web.pages import or_404, own_row
from compete.web.paging import asked_number, asked_page, describe_page
from compete.web.posted import posted_reason
from compete.web.refusals import problem_of, refusal_on
from compete.web.shapes import choices
from compete.web.templating import role_word


def _account_roles(account: Account) -> list[str]:
    """List an account's roles and their competitions."""
    roles = [_("管理员")] if account.is_admin else []
    return roles + [f"{role_word(it.role)} {it.competition.code}" for it in account.memberships]


def code_of(membership: Membership) -> str:
    """Return the code of an official with a card, or of a contact's unit; else empty."""
    of = membership.judge or membership.unit
    return of.code if of else ""


def signs_in(membership: Membership) -> str:
    """Name the way to sign in: a user name, a unit's link, a card, an own link."""
    if membership.account.username:
        return _("用户名 %(name)s", name=membership.account.username)
    if membership.unit_id is not None:
        return link_word(membership.competition)
    if membership.department_id is not None:
        return _("打分链接")
    if membership.judge:
        return _("登录卡")
    joined = firm_identity_of(membership.account) is not None
    return _("单位登录") if joined else _("一次性链接")


def invited_for(invitation: Invitation) -> str:
    """Name the role of a link that nobody has taken up yet."""
    competition = invitation.competition
    if invitation.account_id is not None:
        return _("设新密码")
    if competition is None:
        return _("管理员")
    return f"{role_word(invitation.role)} {competition.code}" if invitation.role else ""


PAGE_SIZE = 50


class MadeLink(NamedTuple):
    """A link just made, shown this one time."""

    name: str
    address: str
    agrees: bool
    """True if whoever takes it up may be the second of two persons."""


def _accounts(link: MadeLink | None = None, refused: Refused | None = None) -> str:
    page = asked_page()
    total = count_accounts()
    rows = list_accounts(limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE)
    return render_template(
        "organiser/accounts/accounts.html",
        accounts=[(account, _account_roles(account)) for account in rows],
        with_second=with_second_factor(rows),
        with_firm=with_firm_identity(rows),
        invitations=open_invitations(None),
        invited_for=invited_for,
        link_days=INVITATION.days,
        link=link,
        problem=problem_of(refused),
        page=describe_page(total, page, PAGE_SIZE, "organiser.accounts"),
        total=total,
        workbooks=_workbooks(total),
    )


@face.route("/accounts", methods=["GET", "POST"])
@guard.may(Right.ADMINISTER)
@only_once
@refusal_on(_accounts)
def accounts() -> ResponseReturnValue:
    """Every account with its roles; the form invites an administrator or an organiser."""
    if request.method != "POST":
        return _accounts()
    code = request.form.get("competition", "").strip()
    competition = competition_by_code(code) if code else None
    if code and competition is None:
        raise invalid(msg("没有编号为“%(code)s”的竞赛", code=code))
    made, token = invite(
        request.form.get("name", ""), is_admin=not code, competition=competition, by=current_user
    )
    return _accounts(link=_made_link(made, token))


@face.get("/accounts/list.xlsx")
@guard.may(Right.ADMINISTER)
def accounts_book() -> Response:
    """Every account with its roles, on all pages; of very many the part that is asked for."""
    parts, part = parts_of(count_accounts()), asked_number("part") or 1
    if not 1 <= part <= len(parts):
        abort(404)
    first, last = parts[part - 1]

    def read(page: int, size: int) -> Sequence[Account]:
        start = first - 1 + (page - 1) * size
        return list_accounts(limit=min(size, last - start), offset=start)

    rows: list[list[Value]] = [
        [*(it.id, it.name, it.username, sentences(_account_roles(it))), _closed(it)]
        for it in in_portions(last - first + 1, read)
    ]
    heads = (_("编号"), _("姓名"), _("用户名"), _("职责"), _("停用"))
    return send_list(None, msg("账号"), heads, rows)


@face.post("/accounts/<int:number>/link")
@guard.may(Right.ADMINISTER)
@only_once
def account_link(number: int) -> ResponseReturnValue:
    """A link by which the account's owner sets a new password."""
    made, token = password_link(_account(number), by=current_user)
    return _accounts(link=_made_link(made, token))


@face.route("/accounts/<int:number>/close", methods=["GET", "POST"])
@guard.may(Right.ADMINISTER)
@refusal_on(lambda number, refused: closing_page(_account(number), refused))
def close(number: int) -> ResponseReturnValue:
    """Show what closing an account will do, then do it: it is signed out everywhere at once."""
    account = _account(number)
    if request.method != "POST":
        return closing_page(account)
    close_account(account, current_user, posted_reason())
    flash(_("%(name)s 的账号停用了，所有设备都已退出", name=account.name), "ok")
    return redirect(url_for("organiser.accounts"))


@face.post("/accounts/<int:number>/second-factors/reset")
@guard.may(Right.ADMINISTER)
@refusal_on(lambda number, refused: _accounts(refused=refused))
def reset_second(number: int) -> ResponseReturnValue:
    """Take away the second factors of somebody who lost them; they are signed out everywhere."""
    account = _account(number)
    reset_second_factors(account, current_user)
    flash(_("%(name)s 先用密码登录，再设第二步", name=account.name), "ok")
    return redirect(url_for("organiser.accounts"))


@face.post("/accounts/<int:number>/firm/unlink")
@guard.may(Right.ADMINISTER)
@refusal_on(lambda number, refused: _accounts(refused=refused))
def unlink_account_from_firm(number: int) -> ResponseReturnValue:
    """End an account's link to the firm's sign-in; it is signed out everywhere."""
    account = _account(number)
    unlink_firm(account, current_user)
    flash(_("%(name)s 的单位登录解除了，所有设备都已退出", name=account.name), "ok")
    return redirect(url_for("organiser.accounts"))


@face.post("/accounts/<int:number>/open")
@guard.may(Right.ADMINISTER)
def reopen(number: int) -> ResponseReturnValue:
    """Put a closed account in use again."""
    account = _account(number)
    open_account(account, by=current_user)
    flash(_("%(name)s 的账号恢复了", name=account.name), "ok")
    return redirect(url_for("organiser.accounts"))


@face.route("/accounts/invitations/<int:number>/cancel", methods=["GET", "POST"])
@guard.may(Right.ADMINISTER)
def cancel_any_invitation(number: int) -> ResponseReturnValue:
    """Show what cancelling a link that nobody has taken up will do, then do it."""
    invitation = _invitation(number)
    if request.method != "POST":
        return cancelling_page(invitation)
    cancel_invitation(invitation, current_user)
    flash(_("链接作废了"), "ok")
    return redirect(url_for("organiser.accounts"))


def _roles(
    competition: Competition, link: MadeLink | None = None, refused: Refused | None = None
) -> str:
    return render_template(
        "organiser/accounts/roles.html",
        roles=[(it, code_of(it), signs_in(it)) for it in memberships_in(competition)],
        invitations=open_invitations(competition),
        invited_for=invited_for,
        link_days=INVITATION.days,
        link=link,
        problem=problem_of(refused),
        offered=choices({role: ROLE_WORDS[role] for role in desk_roles(competition)}),
        asked=request.form.get("role", Role.ORGANISER.value),
    )


@face.route("/<code>/accounts", methods=["GET", "POST"])
@guard.may(Right.GIVE_ROLES, of=guard.ANY_KIND)
@only_once
@refusal_on(_roles)
def roles(competition: Competition) -> ResponseReturnValue:
    """List everybody with a part in the competition; the form invites somebody to the desk."""
    if request.method != "POST":
        return _roles(competition)
    role = request.form.get("role", Role.ORGANISER.value)
    made, token = invite(
        request.form.get("name", ""), competition=competition, role=role, by=current_user
    )
    return _roles(competition, link=_made_link(made, token))


@face.get("/<code>/accounts/list.xlsx")
@guard.may(Right.GIVE_ROLES, of=guard.ANY_KIND)
def roles_book(competition: Competition) -> Response:
    """Download everybody with a part in the competition, as they are shown."""
    rows: list[list[Value]] = [
        [
            *(it.account_id, it.account.name, role_word(it.role)),
            *(code_of(it), signs_in(it), _closed(it.account)),
        ]
        for it in memberships_in(competition)
    ]
    heads = (_("编号"), _("姓名"), _("职责"), _("代号"), _("怎么登录"), _("停用"))
    return send_list(competition, msg("账号和职责"), heads, rows)


def _closed(account: Account) -> str:
    return "" if account.active else _("已停用")


@face.route("/<code>/accounts/<int:number>/take-back", methods=["GET", "POST"])
@guard.may(Right.GIVE_ROLES, of=guard.ANY_KIND)
@refusal_on(
    lambda competition, number, refused: taking_back_page(
        own_row(Membership, competition, number), refused
    )
)
def take_back(competition: Competition, number: int) -> ResponseReturnValue:
    """Show what taking back one person's part in the competition will do, then do it."""
    membership = own_row(Membership, competition, number)
    name = membership.account.name
    if request.method != "POST":
        return taking_back_page(membership)
    before = asked_role(membership)
    take_role_back(membership, current_user, posted_reason())
    if find(Membership, number) is None:
        flash(_("收回了 %(name)s 的职责", name=name), "ok")
    elif before is None:
        flash(_("提出收回 %(name)s 的职责了，等另一个人同意", name=name), "ok")
    else:
        flash(_("不收回 %(name)s 的职责了", name=name), "ok")
    return redirect(url_for("organiser.roles"))


@face.route("/<code>/accounts/invitations/<int:number>/cancel", methods=["GET", "POST"])
@guard.may(Right.GIVE_ROLES, of=guard.ANY_KIND)
def cancel_link(competition: Competition, number: int) -> ResponseReturnValue:
    """Show what cancelling one of the competition's links will do, then do it."""
    invitation = _invitation(number)
    if invitation.competition_id != competition.id:
        abort(404)
    if request.method != "POST":
        return cancelling_page(invitation, competition)
    cancel_invitation(invitation, current_user)
    flash(_("链接作废了"), "ok")
    return redirect(url_for("organiser.roles"))


def _workbooks(total: int) -> list[Link]:
    """The workbooks of the list: one, or of very many several, each with its rows."""
    parts = parts_of(total)
    if len(parts) == 1:
        return [Link(label=_("导出 Excel"), url=url_for("organiser.accounts_book"))]
    return [
        Link(
            label=_("导出 Excel：%(first)s 到 %(last)s", first=first, last=last),
            url=url_for("organiser.accounts_book", part=number),
        )
        for number, (first, last) in enumerate(parts, 1)
    ]


def _made_link(made: Invitation, token: str) -> MadeLink:
    agrees = made.role is None or made.role in roles_for(Right.AGREE)
    return MadeLink(made.name, public_url("auth.invitation", token=token), agrees)


def _account(number: int) -> Account:
    return or_404(find(Account, number))


def _invitation(number: int) -> Invitation:
    return or_404(find(Invitation, number))
