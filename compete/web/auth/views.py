"""Signing in by card, by one-time link or by password; the language switch."""

from __future__ import annotations

from datetime import timedelta

from flask import (
    Blueprint,
    abort,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user, login_user, logout_user
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired, Length

from compete.domain.values.roles import Role
from compete.language import LANGUAGES
from compete.models import Account, utc_now
from compete.services.accounts.access import memberships_with
from compete.services.accounts.accounts import account_by_username
from compete.services.accounts.firm_accounts import note_firm_session
from compete.services.accounts.pins import MOST_TRIES
from compete.services.accounts.second_factors import (
    Site,
    ask_for_second_factor,
    has_second_factor,
    passkey_challenge,
)
from compete.services.accounts.sessions import (
    begin_session,
    card_gone,
    end_session,
    load_account,
)
from compete.services.accounts.sign_in_cards import peek_card, use_card
from compete.services.accounts.sign_ins import note_sign_in
from compete.services.competitions.small_contest import nameless_judge, take_code
from compete.services.kernel.refusal import Refusal, Refused
from compete.web import guard
from compete.web.auth.devices import device_name, note_signed_in
from compete.web.auth.passwords import remember_device, try_password
from compete.web.auth.pins import pin_page, take_pin
from compete.web.extensions import login
from compete.web.homes import home_of
from compete.web.language import COOKIE, say
from compete.web.wrong_answers import TooManyTriesError


class PasswordForm(FlaskForm):  # type: ignore[misc]
    """User name and password."""

    username = StringField(
        _l("用户名"), validators=[DataRequired(_l("请写用户名")), Length(max=80)]
    )
    password = PasswordField(_l("密码"), validators=[DataRequired(_l("请写密码")), Length(max=200)])


face = Blueprint("auth", __name__)
FirmSession = tuple[str, str]
"""The issuer of the firm's sign-in, and what it calls the session there."""
SECOND_STEP_WITHIN = timedelta(minutes=10)


@login.user_loader  # type: ignore[untyped-decorator]
def whose_session(token: str) -> Account | None:
    """Return the account of the cookie's session; a page's own calls don't stop its idling."""
    return load_account(token, in_use=not guard.is_watching())


@face.route("/sign-in", methods=["GET", "POST"])
@guard.public
def sign_in() -> ResponseReturnValue:
    """Sign in by user name and password; the refusal never says which was wrong.

    Who is signed in already goes on to where they begin: many have a card and no password.
    """
    if request.method != "POST" and has_work(current_user):
        return redirect(own_path(request.args.get("next")) or home_of(current_user))
    form = PasswordForm()
    problem = None
    if form.validate_on_submit():
        try:
            account = try_password(form.username.data or "", form.password.data or "")
        except TooManyTriesError:
            abort(429)
        if account is not None:
            entered = make_response(enter(account, request.args.get("next"), "password"))
            return remember_device(entered, account)
        tried = account_by_username(form.username.data or "")
        if tried is not None:
            note_sign_in(tried, method="password", right=False, **device_here())
        problem = _("用户名或密码不对")
    return render_template(
        "auth/sign_in.html",
        form=form,
        problem=problem,
        over="over" in request.args,
        card_gone=_has_lost_card(),
        back=own_path(request.args.get("next")),
        passkey=challenge(),
        firm_name=firm_name(),
        onward={"next": own_path(request.args.get("next"))},
    )


@face.route("/sign-in/<token>", methods=["GET", "POST"])
@guard.public
def use_link(token: str) -> ResponseReturnValue:
    """Open a card or a link: opening it shows the owner; pressing the button signs in.

    The press keeps a link from being used up by a program that looks ahead. A
    lasting card asks for its PIN, or for one to be chosen at the first use.
    """
    card = peek_card(token)
    if card is None:
        return render_template("auth/card.html", owner=None, token=token), 410
    if card.one_time:
        nameless = nameless_judge(card.account)
        unnamed = None
        if request.method == "POST":
            try:
                return enter(take_code(token, request.form.get("name", "")), None, "link")
            except Refused as refused:
                if refused.kind is Refusal.GONE:
                    return render_template("auth/card.html", owner=None, token=token), 410
                unnamed = say(refused.message)
        page = render_template(
            "auth/card.html",
            owner=card.account,
            token=token,
            naming=nameless is not None,
            problem=unnamed,
            typed=request.form.get("name", ""),
        )
        return page, 200 if unnamed is None else 400
    if request.method == "POST":
        try:
            take_pin(card.account)
        except Refused as refused:
            note_sign_in(card.account, method="card", right=False, **device_here())
            if peek_card(token) is None:
                page = render_template("auth/card.html", owner=None, locked=MOST_TRIES, token=token)
                return page, 423
            return pin_page(card.account, refused)
        return enter(use_card(token), None, "card")
    return pin_page(card.account)


@face.post("/sign-out")
@guard.public
def sign_out() -> ResponseReturnValue:
    """Sign out on this device."""
    if current_user.is_authenticated:
        end_session(current_user, session["_user_id"])
    return leave()


@face.get("/language/<to>")
@guard.public
def language(to: str) -> ResponseReturnValue:
    """Switch the language and go back."""
    if to not in LANGUAGES:
        abort(404)
    response = redirect(own_path(request.args.get("back")) or url_for("public.index"))
    response.set_cookie(COOKIE, to, max_age=31_536_000, samesite="Lax")
    return response


def leave() -> ResponseReturnValue:
    """Forget who was signed in, and go to the public page."""
    logout_user()
    session.clear()
    return redirect(url_for("public.index"))


def firm_name() -> str | None:
    """The name of the firm's sign-in, as buttons say it; None where there is none."""
    firm = current_app.extensions["compete.config"].firm
    return firm.name if firm is not None else None


def enter(
    account: Account, wanted: str | None, method: str, firm: FirmSession | None = None
) -> ResponseReturnValue:
    """Let in whoever gave the right password, card or link, or came by the firm's sign-in.

    A password may want a second step, and so does the firm: who has set one up here is asked
    for it whichever way they came.
    """
    if method not in ("password", "firm"):
        return begin(account, wanted, method)
    if has_second_factor(account):
        session["second_step"] = {
            "account": account.id,
            "epoch": account.session_epoch,
            "until": (utc_now() + SECOND_STEP_WITHIN).timestamp(),
            "next": wanted,
            "firm": firm,
        }
        return redirect(url_for("auth.second_step"))
    if account.password_hash is None:
        # Nothing here to be known by somebody else; how the firm lets people in is the firm's.
        return begin(account, wanted, method, firm)
    config = current_app.extensions["compete.config"]
    if config.second_factor != "off" and config.secure_cookies:
        ask_for_second_factor(account)
    if account.second_factor_due is not None:
        begin(account, wanted, method, firm)
        return redirect(url_for("auth.second_factor", next=own_path(wanted)))
    return begin(account, wanted, method, firm)


def begin(
    account: Account, wanted: str | None, method: str, firm: FirmSession | None = None
) -> ResponseReturnValue:
    """Begin a session of the account on this device, and go where it wanted or begins.

    Whoever was signed in here before is signed out: the device has one session.
    """
    if current_user.is_authenticated:
        end_session(current_user, session["_user_id"])
    device = device_name(request.user_agent.string)
    session_id = begin_session(account, method=method, device=device)
    if firm is not None:
        note_firm_session(session_id, *firm)
    note_sign_in(account, method=method, right=True, **device_here())
    session.clear()
    session.permanent = True
    login_user(account)
    session["_user_id"] = session_id
    return note_signed_in(make_response(redirect(own_path(wanted) or home_of(account))), account)


def device_here() -> dict[str, str]:
    """The device that asks and the address that it asks from, as sign-ins are kept with."""
    return {
        "device": device_name(request.user_agent.string),
        "address": request.remote_addr or "",
    }


def challenge() -> str:
    """Return the browser's challenge to sign in by a passkey, as JSON; the session keeps it."""
    options, session["challenge"] = passkey_challenge(site())
    return options


def site() -> Site:
    """The site as the browser sees it, for passkeys."""
    return Site(host=request.host.rsplit(":", 1)[0], origin=request.host_url.rstrip("/"))


def has_work(account: Account) -> bool:
    """True if the account is signed in and has a part in some competition."""
    if not account.is_authenticated:
        return False
    return account.is_admin or bool(memberships_with(account, set(Role)))


def _has_lost_card() -> bool:
    """True if whoever was signed in here came by a card or link that holds no more."""
    token = session.get("_user_id")
    return token is not None and not current_user.is_authenticated and card_gone(token)


def own_path(path: str | None) -> str | None:
    """Return the path if it is one of this site, else None."""
    if not path or not path.startswith("/") or path.startswith("//"):
        return None
    # Browsers take a backslash for a slash, and drop what cannot be seen.
    if "\\" in path or not path.isprintable():
        return None
    return path
