"""The home of an account: its first page, and the way back from pages of others."""

from __future__ import annotations

from flask import url_for

from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.rights import Right, roles_for
from compete.domain.values.roles import MARKING_ROLES
from compete.models import Account
from compete.services.accounts.access import may_anywhere, memberships_with

_HOMES = {
    Right.REGISTER: "organiser.entrants",
    Right.DRAW: "organiser.day_plan",
    Right.READ_AGAIN: "organiser.recheck",
    Right.CHECK_IN: "check_in.page",
    Right.CODE: "organiser.coding",
    Right.ARBITRATE: "organiser.appeals",
    Right.ENTER_OWN: "unit.home",
}


def home_of(account: Account) -> str:
    """Address where an account begins: judges at their sheets, recorders at what they enter again,
    coders at the codes, registrars at the entrants, venue officers at the plan of the days, clerks
    at check-in, arbiters at the appeals, units' contacts at the unit's page; recorders and contacts
    of a labour competition at what they enter there, people of question banks at these, who keeps
    rewards at their lists. Who has no part in anything, at the own account.
    """
    if memberships_with(account, MARKING_ROLES):
        return url_for("judge.home")
    if may_anywhere(account, Right.OPEN_DESK):
        return url_for("organiser.competitions")
    for right, page in _HOMES.items():
        memberships = memberships_with(account, roles_for(right))
        if memberships:
            competition = memberships[0].competition
            if competition_kind(competition).has_periods:
                page = "labour_entry.page"
            return url_for(page, code=competition.code)
    if may_anywhere(account, Right.OPEN_BANKS):
        return url_for("organiser.banks")
    if may_anywhere(account, Right.KEEP_REWARDS):
        return url_for("organiser.rewards")
    return url_for("auth.account")
