"""The own account: where it is signed in, signing out there, and the password."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.services.accounts.accounts import SHORTEST_PASSWORD, set_mail, set_password
from compete.services.accounts.firm_identities import firm_identity_of
from compete.services.accounts.revoked_roles import lost_roles
from compete.services.accounts.second_factors import factors_of, recovery_codes_left
from compete.services.accounts.sessions import end_other_sessions, find_session, sessions_of
from compete.services.accounts.sign_ins import sign_ins_of
from compete.services.kernel.actor_names import signer_words
from compete.services.kernel.refusal import Refused
from compete.web import guard
from compete.web.auth.devices import note_secret_set
from compete.web.auth.passwords import asked_secret, require_secret, require_twice
from compete.web.auth.views import face, firm_name, has_work, leave
from compete.web.extensions import limiter
from compete.web.homes import home_of
from compete.web.refusals import problem_of, refusal_on

_LINK_SPEAKS_FOR = timedelta(minutes=30)


def _page(refused: Refused | None = None) -> str:
    return render_template(
        "auth/account.html",
        owner=current_user,
        here=find_session(session["_user_id"]),
        devices=sessions_of(current_user),
        method_word=_method_word,
        factors=factors_of(current_user),
        codes_left=recovery_codes_left(current_user),
        sign_ins=sign_ins_of(current_user),
        asked=asked_secret(_LINK_SPEAKS_FOR, "link"),
        problem=problem_of(refused),
        shortest_password=SHORTEST_PASSWORD,
        sent={"username": request.form.get("username", "")},
        mail=request.form.get("mail", current_user.mail or ""),
        mail_refused=refused is not None and "mail" in request.form,
        back=home_of(current_user) if has_work(current_user) else None,
        signer_words=signer_words,
        firm_name=firm_name(),
        firm_identity=firm_identity_of(current_user),
        lost=[] if has_work(current_user) else lost_roles(current_user),
    )


@face.get("/account")
@guard.may(Right.OWN_ACCOUNT)
def account() -> ResponseReturnValue:
    """Own devices and the password."""
    return _page()


@face.post("/account/devices/<int:number>/sign-out")
@guard.may(Right.OWN_ACCOUNT)
def sign_out_device(number: int) -> ResponseReturnValue:
    """Sign out on one device."""
    end_other_sessions(current_user, None, number)
    flash(_("那台设备退出了"), "ok")
    return redirect(url_for("auth.account"))


@face.post("/account/sign-out")
@guard.may(Right.OWN_ACCOUNT)
def sign_out_everywhere() -> ResponseReturnValue:
    """Sign out on every device; with `here=stay` on every other."""
    if request.form.get("here") == "stay":
        gone = end_other_sessions(current_user, session["_user_id"])
        flash(_("别的设备都退出了，共 %(n)s 台", n=gone), "ok")
        return redirect(url_for("auth.account"))
    end_other_sessions(current_user, None)
    return leave()


@face.post("/account/mail")
@guard.may(Right.OWN_ACCOUNT)
@limiter.limit("20 per minute")
@refusal_on(_page)
def set_own_mail() -> ResponseReturnValue:
    """Say to which mail address messages of the competitions go; none: nowhere."""
    set_mail(current_user, request.form.get("mail", ""))
    flash(_("记下了"), "ok")
    return redirect(url_for("auth.account"))


@face.post("/account/password")
@guard.may(Right.OWN_ACCOUNT)
@limiter.limit("20 per minute")
@refusal_on(_page)
def change_password() -> ResponseReturnValue:
    """Choose a password; the old one is asked for, or the PIN, unless a link let its owner in."""
    require_twice()
    require_secret(asked_secret(_LINK_SPEAKS_FOR, "link"))
    set_password(
        current_user,
        request.form.get("password", ""),
        username=current_user.username or request.form.get("username", ""),
    )
    note_secret_set(current_user)
    end_other_sessions(current_user, session["_user_id"])
    flash(_("密码设好了，别的设备都退出了"), "ok")
    return redirect(url_for("auth.account"))


def _method_word(method: str) -> str:
    words = {
        "card": _("登录卡"),
        "link": _("一次性链接"),
        "password": _("密码"),
        "passkey": _("通行密钥"),
        "totp": _("密码和验证码"),
        "recovery": _("密码和备用码"),
        "code": _("密码对，第二步不对"),
        "firm": firm_name() or _("单位登录"),
    }
    return words.get(method, "")
