"""The PIN of a card: chosen at its first use, asked for at every later one."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from compete.domain.values.rights import Right, roles_for
from compete.models import Account
from compete.services.accounts.access import comes_by_link, is_helped_by_chief, memberships_with
from compete.services.accounts.pins import check_pin, set_pin
from compete.services.kernel.refusal import Refused
from compete.web.auth.devices import note_secret_set
from compete.web.refusals import problem_of


def take_pin(account: Account) -> None:
    """Choose or check the PIN that was sent. Raises `Refused` as `set_pin` and `check_pin`."""
    pin = request.form.get("pin", "")
    if account.pin_hash is None:
        set_pin(account, pin, request.form.get("again", ""))
        note_secret_set(account)
    else:
        check_pin(account, pin)


def pin_page(
    account: Account, refused: Refused | None = None, *, signed_in: bool = False
) -> ResponseReturnValue:
    """The page that asks for a PIN, or for a new one and once more."""
    page = render_template(
        "auth/pin.html",
        owner=account,
        new=account.pin_hash is None,
        problem=problem_of(refused),
        signed_in=signed_in,
        contact=bool(memberships_with(account, roles_for(Right.ENTER_OWN))),
        by_link=comes_by_link(account),
        by_chief=is_helped_by_chief(account),
    )
    return page, 422 if refused else 200
