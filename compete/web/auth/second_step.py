"""The second step of signing in, passkeys, and setting both up."""

from __future__ import annotations

from datetime import timedelta

from flask import abort, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.models import Account, utc_now
from compete.services.accounts.second_factors import (
    account_of_passkey,
    add_passkey,
    add_totp,
    check_code,
    factors_of,
    new_recovery_codes,
    new_totp_key,
    passkey_request,
    remove_factor,
    totp_address,
)
from compete.services.accounts.sign_ins import note_sign_in
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.rows_by_number import find
from compete.web import guard
from compete.web.auth.passwords import asked_secret, require_secret
from compete.web.auth.views import begin, challenge, device_here, face, own_path, site
from compete.web.extensions import limiter
from compete.web.homes import home_of
from compete.web.language import say
from compete.web.once import only_once
from compete.web.refusals import problem_of, refusal_on
from compete.web.templating import moment
from compete.web.wrong_answers import TooManyTriesError, is_exhausted, is_wrong_too_often

A_MINUTE, A_DAY = "10 per minute", "100 per day"
_JUST_IN = timedelta(minutes=10)
_WITH_PASSWORD = ("password", "totp", "recovery", "passkey")


@face.route("/sign-in/code", methods=["GET", "POST"])
@guard.public
def second_step() -> ResponseReturnValue:
    """Ask whoever gave the right password for a code, one on paper, or their passkey."""
    account = _waiting()
    if account is None:
        return redirect(url_for("auth.sign_in"))
    problem = None
    if request.method == "POST":
        try:
            method = _method_of(account)
        except TooManyTriesError:
            abort(429)
        except Refused as refused:
            method, problem = None, say(refused.message)
        if method is not None:
            step = session["second_step"]
            firm = (step["firm"][0], step["firm"][1]) if step.get("firm") else None
            return begin(account, step["next"], method, firm)
        note_sign_in(account, method="code", right=False, **device_here())
        problem = problem or _("验证码不对。看看手机的时间准不准，写现在显示的 6 位")
    kinds = {factor.kind for factor in factors_of(account)}
    page = render_template(
        "auth/second_step.html",
        owner=account,
        app="totp" in kinds,
        passkey=challenge() if "passkey" in kinds else None,
        problem=problem,
    )
    return page, 422 if problem else 200


def _method_of(account: Account) -> str | None:
    """Return the way by which the form lets the account in; None for a wrong code."""
    if request.form.get("passkey"):
        if account_of_passkey(request.form["passkey"], _take_challenge(), site()).id != account.id:
            raise Refused(msg("这是别人的通行密钥"), kind=Refusal.WRONG_SECRET)
        return "passkey"
    name = str(account.id)
    if is_exhausted(A_MINUTE, "code", name) or is_exhausted(A_DAY, "code-day", name):
        raise TooManyTriesError
    method = check_code(account, request.form.get("code", "")[:40])
    if method is None:
        is_wrong_too_often(A_MINUTE, "code", name)
        is_wrong_too_often(A_DAY, "code-day", name)
    return method


@face.post("/sign-in/passkey")
@guard.public
@limiter.limit("60 per minute")
def sign_in_by_passkey() -> ResponseReturnValue:
    """Sign in by a passkey alone: the device has checked who holds it."""
    try:
        account = account_of_passkey(request.form.get("passkey", ""), _take_challenge(), site())
    except Refused as refused:
        flash(say(refused.message), "bad")
        return redirect(url_for("auth.sign_in", next=own_path(request.args.get("next"))))
    return begin(account, request.args.get("next"), "passkey")


def _factor_page(refused: Refused | None = None) -> str:
    key = session.setdefault("totp_key", new_totp_key())
    options, session["challenge"] = passkey_request(current_user, site())
    onward = own_path(request.args.get("next")) or home_of(current_user)
    due = current_user.second_factor_due
    return render_template(
        "auth/second_factor.html",
        owner=current_user,
        key=" ".join(key[at : at + 4] for at in range(0, len(key), 4)),
        address=totp_address(key, current_user, request.host),
        options=options,
        problem=problem_of(refused),
        asked=asked_secret(_JUST_IN, *_WITH_PASSWORD),
        later=onward if due is None or due > utc_now() else None,
        due=moment(due) if due is not None else None,
    )


@face.route("/account/second-factor", methods=["GET", "POST"])
@guard.may(Right.OWN_ACCOUNT)
@limiter.limit("20 per minute", methods=["POST"])
@only_once
@refusal_on(_factor_page)
def second_factor() -> ResponseReturnValue:
    """Set up an app that makes codes, or a passkey; the codes on paper are shown once.

    Of an account with a password alone; that is asked for, unless it was given just now.
    """
    if current_user.password_hash is None:
        return redirect(url_for("auth.account"))
    if request.method != "POST":
        return _factor_page()
    require_secret(asked_secret(_JUST_IN, *_WITH_PASSWORD))
    if request.form.get("passkey"):
        name = request.form.get("name", "") or device_here()["device"]
        codes = add_passkey(current_user, request.form["passkey"], _take_challenge(), site(), name)
    else:
        key = session.get("totp_key") or new_totp_key()
        codes = add_totp(current_user, key, request.form.get("code", "").strip())
    session.pop("totp_key", None)
    return _set_up(codes)


def _back_to_account(refused: Refused, **_of: int) -> ResponseReturnValue:
    flash(say(refused.message), "bad")
    return redirect(url_for("auth.account"))


@face.post("/account/factors/<int:number>/remove")
@guard.may(Right.OWN_ACCOUNT)
@limiter.limit("20 per minute")
@refusal_on(_back_to_account)
def remove_own_factor(number: int) -> ResponseReturnValue:
    """Take away one's app or passkey; the password is asked for once more."""
    require_secret(asked_secret(timedelta()))
    remove_factor(current_user, number)
    flash(_("去掉了"), "ok")
    return redirect(url_for("auth.account"))


@face.post("/account/recovery-codes")
@guard.may(Right.OWN_ACCOUNT)
@limiter.limit("20 per minute")
@refusal_on(_back_to_account)
def recovery_codes() -> ResponseReturnValue:
    """Ten new codes on paper in place of the former ones, shown once."""
    require_secret(asked_secret(timedelta()))
    return _set_up(new_recovery_codes(current_user))


def send_those_without() -> ResponseReturnValue | None:
    """Lead to setting up a second factor whoever has put it off for longer than may be.

    What a form asks for is not done either: the way back keeps what was filled in.
    """
    due = getattr(current_user, "second_factor_due", None)
    if due is None or due > utc_now() or guard.is_watching():
        return None
    if current_app.extensions["compete.config"].second_factor == "off":
        return None
    if request.method != "GET":
        raise Refused(
            msg("第二步登录过了期限还没设，这一步没有做。先在“我的账号”里设好，再回来办"),
            kind=Refusal.FORBIDDEN,
        )
    return redirect(url_for("auth.second_factor", next=request.path))


def _take_challenge() -> str:
    """The challenge that the page showed; good once."""
    return str(session.pop("challenge", ""))


def _waiting() -> Account | None:
    """Return the account that gave the right password here a short time ago."""
    kept = session.get("second_step")
    account = find(Account, kept["account"]) if kept else None
    if (
        kept is None
        or account is None
        or not account.active
        or account.session_epoch != kept["epoch"]
    ):
        return None
    return account if utc_now().timestamp() < kept["until"] else None


def _set_up(codes: list[str]) -> ResponseReturnValue:
    onward = own_path(request.args.get("next")) or url_for("auth.account")
    if not codes:
        flash(_("设好了"), "ok")
        return redirect(onward)
    return render_template("auth/recovery_codes.html", codes=codes, onward=onward)
