"""Signing in by the firm's own sign-in: there, back, and signed out by it."""

from __future__ import annotations

import hmac
from datetime import timedelta
from secrets import token_urlsafe

from flask import abort, flash, jsonify, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.models import utc_now
from compete.services.accounts.firm_accounts import (
    account_of_firm_person,
    end_by_firm,
    unlink_firm,
)
from compete.services.accounts.firm_provider import (
    FirmPerson,
    firm_here,
    person_by_code,
    read_logout_token,
    request_address,
)
from compete.services.accounts.invitations import peek_invitation
from compete.services.kernel.refusal import Refusal, Refused
from compete.web import guard
from compete.web.addresses import public_url
from compete.web.auth.passwords import asked_secret, require_secret
from compete.web.auth.views import enter, face, firm_name, own_path
from compete.web.extensions import limiter
from compete.web.language import say
from compete.web.posted import posted_text
from compete.web.refusals import refusal_on

_WITHIN = timedelta(minutes=10)
_ASKED, _CAME = "firm_asked", "firm_came"
# A whole firm may come from one address in the morning.
A_MINUTE = "600 per minute"


@face.get("/sign-in/firm")
@guard.public
@limiter.limit(A_MINUTE)
def go_to_firm() -> ResponseReturnValue:
    """Send the browser to the firm's sign-in; with `invitation`, to come back to that link."""
    invitation = request.args.get("invitation", "")[:80]
    _require_firm()
    state, nonce, verifier = token_urlsafe(32), token_urlsafe(32), token_urlsafe(48)
    try:
        address = request_address(_back(), state=state, nonce=nonce, verifier=verifier)
    except Refused as refused:
        return _not_in(refused, invitation)
    session[_ASKED] = {
        "state": state,
        "nonce": nonce,
        "verifier": verifier,
        "invitation": invitation,
        "next": own_path(request.args.get("next")),
        "until": (utc_now() + _WITHIN).timestamp(),
    }
    return redirect(address)


@face.get("/sign-in/firm/back")
@guard.public
@limiter.limit(A_MINUTE)
def back_from_firm() -> ResponseReturnValue:
    """Take whom the firm let in, if this browser asked it to a short time ago."""
    _require_firm()
    asked = session.pop(_ASKED, None)
    invitation = asked["invitation"] if asked else ""
    try:
        person = _person(asked)
        if invitation:
            session[_CAME] = {
                "issuer": person.issuer,
                "subject": person.subject,
                "name": person.name[:200],
                "session": person.session,
                "invitation": invitation,
                "until": asked["until"] if asked else 0,
            }
            return redirect(url_for("auth.invitation", token=invitation))
        account = account_of_firm_person(person)
    except Refused as refused:
        return _not_in(refused, invitation)
    onward = asked["next"] if asked else None
    return enter(account, onward, "firm", (person.issuer, person.session))


@face.post("/sign-in/firm/sign-out")
@guard.public_post("120 per minute")
def sign_out_by_firm() -> ResponseReturnValue:
    """End the sessions of whom the firm signed out: it sends a logout token by itself."""
    _require_firm()
    try:
        end_by_firm(read_logout_token(posted_text("logout_token")))
    except Refused as refused:
        why = say(refused.message)
        return jsonify(error="invalid_request", error_description=why), 400
    return "", 200


def _account_again(refused: Refused) -> ResponseReturnValue:
    flash(say(refused.message), "bad")
    return redirect(url_for("auth.account"))


@face.post("/account/firm/unlink")
@guard.may(Right.OWN_ACCOUNT)
@limiter.limit("20 per minute")
@refusal_on(_account_again)
def unlink_own_firm() -> ResponseReturnValue:
    """End the link of one's own account to the firm's sign-in; the password is asked for."""
    require_secret(asked_secret(timedelta()))
    unlink_firm(current_user, current_user)
    flash(_("解除了，以后用密码登录"), "ok")
    return redirect(url_for("auth.account"))


def firm_person_of(invitation: str) -> FirmPerson | None:
    """The person whom the firm let in a short time ago to take up this link, or None."""
    came = session.get(_CAME)
    if not came or came["invitation"] != invitation or utc_now().timestamp() > came["until"]:
        return None
    return FirmPerson(
        issuer=came["issuer"],
        subject=came["subject"],
        name=came["name"],
        session=came["session"],
    )


def forget_firm_person() -> None:
    """Forget whom the firm let in for a link."""
    session.pop(_CAME, None)


def _person(asked: dict[str, str] | None) -> FirmPerson:
    """The person whom the firm let in; `Refused` unless it answers what this browser asked."""
    firm = firm_here()
    state, code = request.args.get("state", ""), request.args.get("code", "")
    if (
        asked is None
        or utc_now().timestamp() > float(asked["until"])
        or not hmac.compare_digest(asked["state"].encode(), state.encode())
        or request.args.get("iss", firm.issuer) != firm.issuer
    ):
        raise Refused(
            msg("这次登录不是从这个浏览器开始的，或者过了 10 分钟，请再登录一次"),
            kind=Refusal.WRONG_SECRET,
        )
    if not code:
        raise Refused(
            msg("%(name)s没有让你登录：你取消了，或者没有这个权限", name=firm.name),
            kind=Refusal.FORBIDDEN,
        )
    return person_by_code(code, _back(), nonce=asked["nonce"], verifier=asked["verifier"])


def _not_in(refused: Refused, invitation: str) -> ResponseReturnValue:
    """Say why on the page on which one can sign in otherwise."""
    flash(say(refused.message), "bad")
    if invitation and peek_invitation(invitation) is not None:
        return redirect(url_for("auth.invitation", token=invitation))
    return redirect(url_for("auth.sign_in"))


def _require_firm() -> None:
    """End the request where this installation has no firm's sign-in."""
    if firm_name() is None:
        abort(404)


def _back() -> str:
    return public_url("auth.back_from_firm")
