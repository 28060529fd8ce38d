"""Effects of taking back a role, closing an account or cancelling a link, shown before."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.roles import Role
from compete.domain.values.states import HANDED_IN
from compete.models import Account, Competition, Invitation, Membership
from compete.services.accounts.roles import asked_role, memberships_in
from compete.services.accounts.sessions import sessions_of
from compete.services.closing.paper_entry import count_half_entered
from compete.services.competitions.pending_approvals import asked_by
from compete.services.kernel.competition_settings import AskedRole
from compete.services.kernel.refusal import Refused
from compete.services.kernel.rows_by_number import find
from compete.services.sheets.counts import sheet_counts
from compete.web.language import say
from compete.web.organiser.last_look import Fact, make_fact
from compete.web.refusals import problem_of
from compete.web.templating import role_word
from compete.web.words import some_names

_BESIDE_CHIEF = ("decision", "playoff")
"""Of the two who settle these one is a chief judge."""


def taking_back_page(membership: Membership, refused: Refused | None = None) -> str:
    """The page before a role is taken back."""
    account, role = membership.account, role_word(membership.role)
    asked = asked_role(membership)
    title = _("收回%(name)s的%(role)s职责", name=account.name, role=role)
    if asked is not None and asked.by == current_user.id:
        title = _("不收回%(name)s的%(role)s职责了", name=account.name, role=role)
    elif asked is not None:
        title = _("同意收回%(name)s的%(role)s职责", name=account.name, role=role)
    return _page(
        title,
        [
            *_asked_fact(membership, asked),
            _account_fact(account),
            _shut_out(membership),
            *_undone_work(membership),
            *_waiting(membership),
            _return_fact(membership),
        ],
        refused,
        act=url_for("organiser.take_back", number=membership.id),
        back=url_for("organiser.roles"),
        asks_reason=asked is None,
    )


def _asked_fact(membership: Membership, asked: AskedRole | None) -> Sequence[Fact]:
    """Say that an organiser's part takes two, or who asked to take it back and why."""
    if asked is not None:
        asker = find(Account, asked.by)
        what = _("%(who)s提出收回，等另一个人同意", who=asker.name if asker else "")
        return [make_fact(what, asked.why)]
    if membership.role is not Role.ORGANISER or current_user.is_admin:
        return []
    return [make_fact(_("组委会的职责要两个人收回"), _("按下去是提出，另一个人同意以后才收回。"))]


def closing_page(account: Account, refused: Refused | None = None) -> str:
    """The page before an account is closed."""
    parts = [
        f"{role_word(membership.role)} {membership.competition.name}"
        for membership in account.memberships
    ]
    if account.is_admin:
        parts.insert(0, _("管理员"))
    devices = len(sessions_of(account))
    facts = [
        _account_fact(account),
        make_fact(
            _("%(name)s 马上退出 %(n)s 台设备", name=account.name, n=devices)
            if devices
            else _("%(name)s 现在没有登录着的设备", name=account.name),
            _("已上传的分都在。"),
        ),
        make_fact(_("登录卡、链接和密码都不能再用"), ""),
    ]
    if parts:
        facts.append(make_fact(_("这些职责没有人办了"), _("、").join(parts)))
    facts.append(
        make_fact(
            _("要请回来"),
            _("在这里按“恢复”，再发新的登录卡或设密码的链接，旧的不会再有效。"),
        )
    )
    return _page(
        _("停用%(name)s的账号", name=account.name),
        facts,
        refused,
        act=url_for("organiser.close", number=account.id),
        back=url_for("organiser.accounts"),
    )


def _account_fact(account: Account) -> Fact:
    """Tell accounts apart where two people have one name."""
    username = account.username
    return make_fact(
        _("%(name)s，编号 %(number)s", name=account.name, number=account.id),
        _("用户名 %(name)s", name=username) if username else _("没有用户名"),
    )


def cancelling_page(invitation: Invitation, competition: Competition | None = None) -> str:
    """The page before a link is cancelled; one that is used or cancelled has none."""
    if invitation.used_at is not None or invitation.cancelled_at is not None:
        abort(404)
    name, number = invitation.name, invitation.id
    facts = [
        make_fact(_("这个链接马上打不开"), _("作废不能撤销：链接只显示过一次，也找不回来。")),
        make_fact(_("还要请%(name)s的话，再做一个链接", name=name), _("旧链接不会再有效。")),
    ]
    title = _("给%(name)s的链接作废", name=name)
    if competition is None:
        act = url_for("organiser.cancel_any_invitation", number=number)
        back = url_for("organiser.accounts")
    else:
        act = url_for("organiser.cancel_link", number=number)
        back = url_for("organiser.roles")
    return _page(title, facts, None, act=act, back=back, asks_reason=False)


def _shut_out(membership: Membership) -> Fact:
    account = membership.account
    kept = [other for other in account.memberships if other.id != membership.id]
    here = [
        role_word(other.role) for other in kept if other.competition_id == membership.competition_id
    ]
    if account.is_admin:
        here.insert(0, _("管理员"))
    if here:
        return make_fact(
            _("%(name)s 在这个竞赛还是%(roles)s", name=account.name, roles=_("、").join(here)),
            _("只少了这一项职责。已上传的分、签过的名都在。"),
        )
    devices = len(sessions_of(account))
    return make_fact(
        _("%(name)s 的 %(n)s 台设备马上打不开这个竞赛", name=account.name, n=devices)
        if devices
        else _("%(name)s 登录后打不开这个竞赛", name=account.name),
        _("别的竞赛照样能办。已上传的分、签过的名都在。")
        if kept
        else _("登录的人看到职责被谁收回、为什么。已上传的分、签过的名都在。"),
    )


def _undone_work(membership: Membership) -> Sequence[Fact]:
    """List the work that stays undone: the judge's own sheets, and what only this role can do."""
    competition = membership.competition
    facts: list[Fact] = []
    if membership.judge_id is not None:
        left = sum(
            number
            for place, number in sheet_counts(competition).numbers.items()
            if place.judge == membership.judge_id and place.state not in HANDED_IN
        )
        if left:
            facts.append(make_fact(_("还有 %(n)s 张评分表没交", n=left), ""))
    others = [
        other
        for other in memberships_in(competition)
        if other.role is membership.role and other.id != membership.id
    ]
    if membership.role is Role.CHIEF and not others:
        facts.append(
            make_fact(_("没有别的裁判长了"), _("分差超限、退回评分表、裁定都没有人能办。"))
        )
    return facts


def _waiting(membership: Membership) -> Sequence[Fact]:
    """List the acts that this person began and another was to finish."""
    account, competition, facts = membership.account, membership.competition, []
    if asked := asked_by(competition, account):
        detail = _("照样由别人同意或撤回。")
        if membership.role is Role.CHIEF and any(it.kind in _BESIDE_CHIEF for it in asked):
            detail = _("留着；扣罚、退出、取消和同分的先后，以后要由裁判长来确认，或者撤回。")
        # What waits for two seats is one request.
        names = list(dict.fromkeys(say(it.what) for it in asked))
        facts.append(
            make_fact(
                _("提出的 %(n)s 件还等人同意", n=len(asked)),
                _("%(names)s。%(detail)s", names=some_names(names), detail=detail),
            )
        )
    if papers := count_half_entered(competition, account):
        facts.append(
            make_fact(
                _("录了一遍的纸质表 %(n)s 张还没算数", n=papers),
                _("录的留着，另一位照样录第二遍。"),
            )
        )
    return facts


def _return_fact(membership: Membership) -> Fact:
    if membership.unit_id is not None:
        return make_fact(
            _("要请回来"), _("到“单位名单”给这个单位再发一个链接。录过、交过的人都在。")
        )
    return make_fact(
        _("要请回来"),
        _("到“裁判”给这个人发登录卡：还是原来的账号，旧卡作废。")
        if membership.judge_id is not None
        else _("在“账号和职责”再做一个链接，本人用原来的账号加入。"),
    )


def _page(
    title: str,
    facts: Sequence[Fact],
    refused: Refused | None,
    *,
    act: str,
    back: str,
    asks_reason: bool = True,
) -> str:
    return render_template(
        "organiser/accounts/revocation.html",
        title=title,
        facts=facts,
        problem=problem_of(refused),
        asks_reason=asks_reason,
        act=act,
        back=back,
    )
