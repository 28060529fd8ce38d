"""Signing in without pages."""

from __future__ import annotations

import re
from contextlib import nullcontext
from typing import Any

from flask import Flask, has_app_context
from flask.sessions import SecureCookieSessionInterface
from flask.testing import FlaskClient
from playwright.sync_api import BrowserContext

from compete.models import Account, Competition
from compete.services.accounts.accounts import account_of_judge
from compete.services.accounts.sessions import begin_session
from tests.support.posted_twice import Twice, forget_request


class Person(Twice):
    """A client that brings nothing of another's request into its own.

    A test that stands in an application context lends that to every request, and with it
    who asked last.
    """

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Open one request. No button of any page that comes is without words."""
        forget_request()
        answer = super().open(*args, **kwargs)
        if answer.mimetype == "text/html":
            assert b"<span></span></button>" not in answer.data, answer.request.path
        return answer


def official(competition: Competition, code: str) -> Account:
    """Find the account of an official by the bundle's code."""
    judge = next(judge for judge in competition.judges if judge.code == code)
    return account_of_judge(judge, competition, None)


def sign_in(app: Flask, account: Account) -> str:
    """Sign in the account; return the id that its cookie carries."""
    with nullcontext() if has_app_context() else app.app_context():
        return begin_session(account, method="card")


def carry_in(context: BrowserContext, app: Flask, account: Account, address: str) -> None:
    """Let a browser hold a session of the account's, as if signed in: two pages fewer to draw.

    At an address of plain HTTP. Signing in by its page is tried in `browser/story`, and by
    HTTPS in `browser/tablet/test_secure_tablet.py`.
    """
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    session_fields = {"_user_id": sign_in(app, account), "_fresh": True, "_permanent": True}
    name = app.config["SESSION_COOKIE_NAME"]
    context.add_cookies([{"name": name, "value": signer.dumps(session_fields), "url": address}])


def signed_in(app: Flask, account: Account) -> FlaskClient:
    """Make a client whose session is the account's; its forms need no token."""
    app.config["WTF_CSRF_ENABLED"] = False
    app.test_client_class = Person
    client = app.test_client()
    session_id = sign_in(app, account)
    with client.session_transaction() as session:
        session["_user_id"] = session_id
        session["_fresh"] = True
    return client


def without_token(page: str) -> str:
    """Take the random keys out of a page: any two signs are in one now and then, `P3` too."""
    return re.sub(r'((?:csrf[-_]token|once)" (?:value|content)=)"[^"]*"', r"\1", page)
