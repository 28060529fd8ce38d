"""Before a card in use is replaced or cancelled: who is signed out, and how one gets back in."""

from __future__ import annotations

from flask import abort, url_for
from flask_babel import gettext as _

from compete.domain.values.roles import MARKING_ROLES, Role
from compete.models import Competition, Judge
from compete.services.accounts.accounts import known_account_of
from compete.services.accounts.sessions import sessions_of
from compete.services.accounts.sign_in_cards import lasting_card
from compete.web.organiser.confirming.last_look import last_look
from compete.web.organiser.confirming.view_model import make_fact
from compete.web.organiser.judges.card import require_card_right


def ask_first(competition: Competition, judge: Judge, *, renewing: bool) -> str:
    """The page before the act; where there is no card in use, there is nothing to ask."""
    require_card_right(competition, judge)
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
