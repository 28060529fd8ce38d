"""Refusals on pages: the status of each kind, their words in a form, and the page shown again."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from flask import g, request
from flask.typing import ResponseReturnValue

from compete.domain.values.messages import msg
from compete.domain.values.states import MoveError
from compete.services.kernel.refusal import Refusal, Refused, WrongFieldsError
from compete.services.kernel.text_limits import too_long
from compete.web.language import say

_STATUS = {
    Refusal.CONFLICT: 409,
    Refusal.INVALID: 400,
    Refusal.FORBIDDEN: 403,
    Refusal.UNKNOWN: 404,
    Refusal.GONE: 410,
    Refusal.TOO_LARGE: 413,
    Refusal.WRONG_FORMAT: 415,
    Refusal.WRONG_SECRET: 422,
    Refusal.LOCKED_OUT: 423,
    Refusal.NEEDED_FIRST: 428,
}


def status_of(refused: Refused) -> int:
    """The status that a page or a call answers it with."""
    return _STATUS[refused.kind]


def problem_of(refused: Refused | MoveError | None) -> str | None:
    """Return the message above the form that was refused."""
    return say(refused.message) if refused is not None else None


def faults_of(refused: Refused | MoveError | None) -> dict[str, str]:
    """Return the faults by their fields."""
    faults = refused.faults if isinstance(refused, WrongFieldsError) else {}
    return {field: say(why) for field, why in faults.items()}


def came_back(url: str) -> bool:
    """True of the form that went to this address, on the page that says why it was refused."""
    return bool(url) and "refused" in g and request.path == urlsplit(url).path


def typed_back(field: str) -> str:
    """What was typed in a field of the form that came back."""
    return request.form.get(field, "")


def fault_back(field: str) -> str | None:
    """What is wrong with a field of the form that came back, or None."""
    return faults_of(g.refused).get(field)


def problem_of_length(text: str, most: int) -> str | None:
    """Return what is said beside a field whose text is too long; None where it is not."""
    return say(too_long(text, most)) if len(text) > most else None


View = Callable[..., ResponseReturnValue]


def refuse_too_much(fields: int, most: int) -> None:
    """Refuse rules that come in more fields than any competition has."""
    if fields > most:
        raise Refused(
            msg("规则一共最多 %(most)s 格，这里有 %(n)s 格", most=most, n=fields),
            kind=Refusal.TOO_LARGE,
        )


def refusal_on(
    page: Callable[..., Any],
    *,
    only: Refusal | None = None,
    also: type[Refused] | tuple[type[Refused], ...] = (),
) -> Callable[[View], View]:
    """Show the page again, with why and at its status, for a view whose act was refused.

    The page takes what the view takes, and `refused`; what was typed it reads from the form. An
    answer that is more than text has its own status. With `only`, a refusal of another kind is
    answered as anywhere else, but one that is of `also`.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            try:
                return view(*args, **kwargs)
            except (Refused, MoveError) as refused:
                kind = refused.kind if isinstance(refused, Refused) else Refusal.CONFLICT
                if only not in (None, kind) and not isinstance(refused, also):
                    raise
                g.refused = refused
                answer = page(*args, **kwargs, refused=refused)
                return (answer, _STATUS[kind]) if isinstance(answer, str) else answer

        return wrapper

    return decorate
