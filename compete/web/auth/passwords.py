"""Trying a password: how many wrong ones a name and a day may bring; the right one passes.

Wrong ones for one name are told to wait after the tenth in a minute, and from
then on are looked at one by one. After two thousand in a day only devices that
signed in with that name before may try, and the links that administrators make.
"""

from __future__ import annotations

from flask import Response, current_app, request
from itsdangerous import BadData, URLSafeSerializer

from compete.models import Account
from compete.services.accounts import check_password
from compete.services.kernel import find
from compete.web.wrong_answers import TooManyTriesError, TryQueue, is_exhausted, is_wrong_too_often

A_MINUTE, A_DAY = "10 per minute", "2000 per day"
_KNOWN, _MOST_KNOWN, _YEAR = "known", 8, 31_536_000
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


def remember_device(response: Response, account: Account) -> Response:
    """Let the device be known as one where the account has signed in; it signs nobody in."""
    known = [account.id, *(number for number in _known() if number != account.id)]
    response.set_cookie(
        _KNOWN,
        _signer().dumps(known[:_MOST_KNOWN]),
        max_age=_YEAR,
        httponly=True,
        samesite="Lax",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        path="/sign-in",
    )
    return response


def _is_known(username: str) -> bool:
    accounts = (find(Account, number) for number in _known())
    return any(account is not None and account.username == username for account in accounts)


def _known() -> list[int]:
    try:
        numbers = _signer().loads(request.cookies.get(_KNOWN, ""))
    except BadData:
        return []
    return [number for number in numbers if isinstance(number, int)]


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="known device")
