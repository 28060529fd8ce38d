"""Trying a password: how many wrong ones a name and a day may bring; the right one passes.

Wrong ones for one name are told to wait after the tenth in a minute, and from
then on are looked at one by one. After two thousand in a day only devices that
signed in with that name before may try, and the links that administrators make.

Whoever is signed in gives it once more before a way in is made or taken away.
"""

from __future__ import annotations

from datetime import timedelta

from flask import Response, abort, current_app, request, session
from flask_login import current_user
from itsdangerous import BadData, URLSafeSerializer

from compete.domain.values.messages import msg
from compete.models import Account, utc_now
from compete.services.accounts.accounts import check_password
from compete.services.accounts.firm_identities import firm_identity_of
from compete.services.accounts.pins import check_pin
from compete.services.accounts.sessions import find_session
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.kernel.rows_by_number import find
from compete.web.auth.devices import keep_a_year
from compete.web.wrong_answers import TooManyTriesError, TryQueue, is_exhausted, is_wrong_too_often

_FIRM_SPEAKS_FOR = timedelta(minutes=30)
A_MINUTE, A_DAY = "10 per minute", "2000 per day"
_KNOWN, _MOST_KNOWN = "known", 8
_queue = TryQueue()


def try_password(username: str, password: str) -> Account | None:
    """The account, or None for a wrong password or name.

    Raises `TooManyTriesError` for a wrong one too many.
    """
    name = username[:80]
    if is_exhausted(A_DAY, "wrong-day", name) and not _is_known(name):
        raise TooManyTriesError
    if is_exhausted(A_MINUTE, "wrong", name):
        with _queue.turn():
            account = check_password(name, password)
    else:
        account = check_password(name, password)
    if account is not None:
        return account
    often = is_wrong_too_often(A_MINUTE, "wrong", name)
    if is_wrong_too_often(A_DAY, "wrong-day", name) or often:
        raise TooManyTriesError
    return None


def require_password(account: Account, password: str) -> None:
    """Return if it is the account's own; else `Refused`, and an end of the request for guessers."""
    try:
        known = try_password(account.username or "", password)
    except TooManyTriesError:
        abort(429)
    if known is None or known.id != account.id:
        raise Refused(msg("%(name)s的密码不对", name=account.name), kind=Refusal.WRONG_SECRET)


def require_twice() -> None:
    """Return if the sent form has the new password twice; `Refused` (INVALID) otherwise."""
    if request.form.get("password", "") != request.form.get("again", ""):
        raise invalid(msg("两次写的密码不一样，再写一次"))


def asked_secret(speaks_for: timedelta, *methods: str) -> str:
    """Name the secret to ask for before a way in changes: `password`, `pin`, `firm` or nothing.

    `firm`: who signs in by the firm alone has no secret here, and comes from there just now.

    Nothing from who signed in here by one of the `methods` no longer ago than `speaks_for`:
    a session that somebody else got hold of makes no way in of its own.
    """
    here = find_session(session["_user_id"])
    fresh = here is not None and here.made_at > utc_now() - speaks_for and here.method in methods
    if fresh:
        return ""
    if current_user.password_hash is not None:
        return "password"
    if current_user.pin_hash is not None:
        return "pin"
    if firm_identity_of(current_user) is None:
        return ""
    is_new = here is not None and here.made_at > utc_now() - _FIRM_SPEAKS_FOR
    return "" if is_new and here is not None and here.method == "firm" else "firm"


def require_secret(asked: str) -> None:
    """Return if the sent form gives what is `asked` (`asked_secret`); `Refused` otherwise."""
    typed = request.form.get("old", "")
    if asked == "password":
        require_password(current_user, typed)
    elif asked == "pin":
        check_pin(current_user, typed)
    elif asked == "firm":
        raise Refused(msg("先退出，再用单位登录进来，半小时里设"), kind=Refusal.NEEDED_FIRST)


def remember_device(response: Response, account: Account) -> Response:
    """Let the device be known as one where the account has signed in; it signs nobody in."""
    known = [account.id, *(number for number in _known_accounts() if number != account.id)]
    return keep_a_year(response, _KNOWN, _signer().dumps(known[:_MOST_KNOWN]), "/sign-in")


def _is_known(username: str) -> bool:
    accounts = (find(Account, number) for number in _known_accounts())
    return any(account is not None and account.username == username for account in accounts)


def _known_accounts() -> list[int]:
    try:
        numbers = _signer().loads(request.cookies.get(_KNOWN, ""))
    except BadData:
        return []
    return [number for number in numbers if isinstance(number, int)]


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="known device")
