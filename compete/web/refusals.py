"""HTTP statuses of each kind of refusal, and their words in a form."""

from __future__ import annotations

from compete.services.kernel.catalogues import WrongFieldsError
from compete.services.kernel.refusal import Refusal, Refused
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


def problem_of(refused: Refused | None) -> str | None:
    """Return the message above the form that was refused."""
    return say(refused.message) if refused is not None else None


def faults_of(refused: Refused | None) -> dict[str, str]:
    """Return the faults by their fields."""
    faults = refused.faults if isinstance(refused, WrongFieldsError) else {}
    return {field: say(why) for field, why in faults.items()}


def problem_of_length(text: str, most: int) -> str | None:
    """Return what is said beside a field whose text is too long; None where it is not."""
    return say(too_long(text, most)) if len(text) > most else None
