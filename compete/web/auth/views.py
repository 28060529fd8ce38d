"""Signing in by card, by one-time link or by password; the language switch."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user

from compete.domain.values import MARKING_ROLES, Role
from compete.models import Account
from compete.services.accounts import (
    check_password,
    load_account,
    memberships_with,
    peek_card,
    use_card,
)
from compete.web import guard
from compete.web.auth.forms import PasswordForm
from compete.web.auth.pins import pin_page, take_pin
from compete.web.extensions import limiter, login
from compete.web.language import COOKIE, LANGUAGES

face = Blueprint("auth", __name__)
login.user_loader(load_account)


@face.route("/sign-in", methods=["GET", "POST"])
@guard.public
@limiter.limit("300 per minute")
@limiter.limit(
    "10 per minute", key_func=lambda: f"name:{request.form.get('username', '')}", methods=["POST"]
)
def sign_in() -> ResponseReturnValue:
    """User name and password; wrong ones are told apart by nobody.

    Who is signed in already goes on to where they begin: many have a card and no password.
    """
    if request.method == "GET" and has_work(current_user):
        return redirect(own_path(request.args.get("next")) or home_of(current_user))
    form = PasswordForm()
    problem = None
    if form.validate_on_submit():
        account = check_password(form.username.data or "", form.password.data or "")
        if account is not None:
            return enter(account, request.args.get("next"))
        problem = _("用户名或密码不对")
    return render_template("auth/sign_in.html", form=form, problem=problem)


@face.route("/sign-in/<token>", methods=["GET", "POST"])
@guard.public
@limiter.limit("300 per minute")
@limiter.limit("20 per minute", key_func=lambda: f"card:{request.path}", methods=["POST"])
def use_link(token: str) -> ResponseReturnValue:
    """A card or a link. Opening it shows whose it is; pressing the button signs in.

    The press keeps a link from being used up by a program that looks ahead. A
    lasting card asks for its PIN, or for one to be chosen at the first use.
    """
    card = peek_card(token)
    if card is None:
        return render_template("auth/card.html", owner=None, token=token), 410
    if card.one_time:
        if request.method != "POST":
            return render_template("auth/card.html", owner=card.account, token=token)
        return enter(use_card(token), None)
    if request.method == "POST":
        problem = take_pin(card.account)
        if problem is None:
            return enter(use_card(token), None)
        if peek_card(token) is None:
            return render_template("auth/card.html", owner=None, locked=True, token=token), 423
        return pin_page(card.account, problem)
    return pin_page(card.account, None)


@face.post("/sign-out")
@guard.public
def sign_out() -> ResponseReturnValue:
    """End this session."""
    logout_user()
    session.clear()
    return redirect(url_for("public.index"))


@face.get("/language/<to>")
@guard.public
def language(to: str) -> ResponseReturnValue:
    """Switch the language and go back."""
    if to not in LANGUAGES:
        abort(404)
    response = redirect(own_path(request.args.get("back")) or url_for("public.index"))
    response.set_cookie(COOKIE, to, max_age=31_536_000, samesite="Lax")
    return response


def enter(account: Account, wanted: str | None) -> ResponseReturnValue:
    """Begin a session of the account, for the day, and go where it wanted or begins."""
    session.clear()
    session.permanent = True
    login_user(account)
    return redirect(own_path(wanted) or home_of(account))


def home_of(account: Account) -> str:
    """Where an account begins: judges at their sheets, recorders at what they enter again."""
    if memberships_with(account, MARKING_ROLES):
        return url_for("judge.home")
    officials = memberships_with(account, {Role.ORGANISER, Role.CHIEF, Role.SUPERVISOR})
    recorders = memberships_with(account, {Role.RECORDER})
    if recorders and not officials and not account.is_admin:
        return url_for("organiser.recheck", code=recorders[0].competition.code)
    return url_for("organiser.competitions")


def has_work(account: Account) -> bool:
    """Whether it is a signed-in account with a part in some competition; who has none stays out."""
    if not account.is_authenticated:
        return False
    return account.is_admin or bool(memberships_with(account, set(Role)))


def own_path(path: str | None) -> str | None:
    """The path if it is one of this site; an address elsewhere is nobody's way back."""
    if not path or not path.startswith("/") or path.startswith("//"):
        return None
    # Browsers take a backslash for a slash, and drop what cannot be seen.
    if "\\" in path or not path.isprintable():
        return None
    return path


def go_home() -> str:
    """The signed-in account's beginning, or the public page."""
    return home_of(current_user) if current_user.is_authenticated else url_for("public.index")
