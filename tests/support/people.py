"""Visitors of the pages, from a passer-by to the administrator; corrections of who somebody is."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from compete.domain.values.roles import Role
from compete.models import Account, Competition, Entrant
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.registration.corrections import correct_person
from tests.support.signing_in import official, signed_in

EVERYBODY = ("anonymous", "stranger", "judge", "supervisor", "chief", "organiser", "admin")


def account_for(who: str, competition: Competition) -> Account | None:
    """Make the account of one of `EVERYBODY`; a stranger organises another competition."""
    codes = {"judge": "J1", "supervisor": "S1", "chief": "C1"}
    if who in codes:
        return official(competition, codes[who])
    if who == "anonymous":
        return None
    account = create_account(who, is_admin=who == "admin")
    if who == "organiser":
        grant_role(account, competition, Role.ORGANISER)
    return account


def visitor(app: Flask, who: str, competition: Competition) -> FlaskClient:
    """Make a client of one of `EVERYBODY`; forms need no token."""
    account = account_for(who, competition)
    if account is None:
        app.config["WTF_CSRF_ENABLED"] = False
        return app.test_client()
    return signed_in(app, account)


def correct_identity(
    entrant: Entrant, *, name: str, id_number: str, reason: str, by: Account
) -> None:
    """Correct a name or an ID number alone; an empty number leaves the one there is."""
    correct_person(entrant, {"name": name, "id_number": id_number}, reason, by)
