"""One's own account: where it is signed in, signing out there, and the password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.models import SignedInSession, SignIn
from compete.services.accounts.accounts import set_password
from compete.services.accounts.second_factors import recovery_codes_left
from compete.services.accounts.sessions import end_other_sessions, find_session, sessions_of
from compete.services.accounts.sign_ins import sign_ins_of
from compete.services.accounts.taken_back import LostRole, lost_roles
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.signed_by_whom import signer_words
from compete.web import guard
from compete.web.auth.devices import note_secret_set
from compete.web.auth.passwords import asked_secret, require_secret
from compete.web.auth.second_step import factor_rows
from compete.web.auth.views import face, has_work, leave
from compete.web.extensions import limiter
from compete.web.homes import home_of
from compete.web.language import say
from compete.web.refusals import status_of
from compete.web.templating import moment, role_word

_LINK_SPEAKS_FOR = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """Where the account is signed in; moments as the hall's clock says them."""

    name: str
    method: str
    """By what it signed in, in words."""
    since: str
    seen: str
    """When it was last used."""
    until: str
    """When it is signed out at the latest."""
    here: bool
    sign_out_url: str | None
    """None for the device that asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInRow:
    """A sign-in, or wrong tries of one device: by what, on what and from where."""

    words: str
    at: str
    right: bool
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LostWords:
    """A role that was taken back: what and where, who did it when, and why."""

    what: str
    who: str
    why: str | None


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


@face.post("/account/password")
@guard.may(Right.OWN_ACCOUNT)
@limiter.limit("20 per minute")
def change_password() -> ResponseReturnValue:
    """Choose a password; the old one is asked for, or the PIN, unless a link let its owner in."""
    try:
        if request.form.get("password", "") != request.form.get("again", ""):
            raise Refused(msg("两次写的密码不一样，再写一次"), kind=Refusal.INVALID)
        require_secret(asked_secret(_LINK_SPEAKS_FOR, "link"))
        set_password(
            current_user,
            request.form.get("password", ""),
            username=current_user.username or request.form.get("username", ""),
        )
        note_secret_set(current_user)
    except Refused as refused:
        return _page(problem=say(refused.message)), status_of(refused)
    end_other_sessions(current_user, session["_user_id"])
    flash(_("密码设好了，别的设备都退出了"), "ok")
    return redirect(url_for("auth.account"))


def _page(problem: str | None = None) -> str:
    here = find_session(session["_user_id"])
    return render_template(
        "auth/account.html",
        owner=current_user,
        devices=[_device(session, here) for session in sessions_of(current_user)],
        factors=factor_rows(current_user),
        codes_left=recovery_codes_left(current_user),
        sign_ins=[_sign_in_row(row) for row in sign_ins_of(current_user)],
        asked=asked_secret(_LINK_SPEAKS_FOR, "link"),
        problem=problem,
        sent={"username": request.form.get("username", "")},
        back=home_of(current_user) if has_work(current_user) else None,
        lost=[] if has_work(current_user) else [_lost(role) for role in lost_roles(current_user)],
    )


def _lost(lost: LostRole) -> LostWords:
    return LostWords(
        what=f"{role_word(lost.role)} {lost.competition.name}",
        who=_("%(who)s %(at)s 收回", who=say(signer_words(lost.by)), at=moment(lost.at)),
        why=lost.reason,
    )


def _method_word(method: str) -> str:
    words = {
        "card": _("登录卡"),
        "link": _("一次性链接"),
        "password": _("密码"),
        "passkey": _("通行密钥"),
        "totp": _("密码和验证码"),
        "recovery": _("密码和备用码"),
        "code": _("密码对，第二步不对"),
    }
    return words.get(method, "")


def _sign_in_row(row: SignIn) -> SignInRow:
    where = (_method_word(row.method), row.device or _("不认得的设备"), row.address)
    return SignInRow(
        words=" · ".join(part for part in where if part),
        at=moment(row.at),
        right=row.right,
        times=row.times,
    )


def _device(session: SignedInSession, here: SignedInSession | None) -> Device:
    is_here = here is not None and session.id == here.id
    return Device(
        name=session.device or _("不认得的设备"),
        method=_method_word(session.method),
        since=moment(session.made_at),
        seen=moment(session.seen_at),
        until=moment(session.expires_at),
        here=is_here,
        sign_out_url=None if is_here else url_for("auth.sign_out_device", number=session.id),
    )
