"""A firm whose people are those of a competition, with its reward scheme; grades certified."""

from __future__ import annotations

from sqlalchemy import select

from compete.models import Account, Certificate, Competition, Organisation, RewardScheme, Unit
from compete.services.accounts.accounts import create_account
from compete.services.directory.organisations import add_organisation
from compete.services.kernel.transactions import unit_of_work
from compete.services.rewards.schemes import SchemeFields, make_scheme
from tests.support.announced import announce, approve_all, body_for
from tests.support.begun import copied
from tests.support.issuing import issue_grade_certificates

FIRM = "港口集团"


def firm_of_all(by: Account) -> Organisation:
    """The organisation that every unit of the installation is."""
    firm = add_organisation(FIRM, "", None, by)
    with unit_of_work() as session:
        for unit in session.scalars(select(Unit)):
            unit.organisation_id = firm.id
    return firm


def keeper_of_rewards() -> Account:
    """An account that keeps a scheme."""
    return create_account("人事", username="hr")


def scheme_of_all(keeper: Account, admin: Account) -> RewardScheme:
    """The scheme of the firm of everybody."""
    fields = SchemeFields(organisation=firm_of_all(admin).name, keeper=keeper.username or "")
    return make_scheme(fields, admin)


def certify_all(competition: Competition, by: Account) -> list[Certificate]:
    """The competition with its results published and every grade certified."""
    announce(competition, by)
    copied("all approved", lambda: approve_all(competition, by))
    return issue_grade_certificates(competition, body_for(competition), by, "急用")
