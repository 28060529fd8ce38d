"""Refusals: the words of a use case that will not do what was asked."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto

from compete.domain.values.messages import Message, ToldError, msg


class Refusal(Enum):
    """The kind of a refusal; a face of the program answers each kind in its own way."""

    CONFLICT = auto()
    """It does not go with how things stand."""
    INVALID = auto()
    """The request makes no sense by itself: something is missing, wrong or too long."""
    FORBIDDEN = auto()
    """Somebody else may, not who asked."""
    UNKNOWN = auto()
    """It speaks of what is not there."""
    GONE = auto()
    """The thing it speaks of was there and is over."""
    TOO_LARGE = auto()
    WRONG_FORMAT = auto()
    """A file of another kind than what is taken."""
    WRONG_SECRET = auto()
    """A password or PIN that is not right; another try may be."""
    LOCKED_OUT = auto()
    """Too many wrong secrets."""
    NEEDED_FIRST = auto()
    """Something has to be done before: a PIN chosen, for one."""


class Refused(ToldError):  # noqa: N818 (an answer, not a fault of the program)
    """The act was not done, and nothing of it was written; `message` is in the user's words."""

    def __init__(self, message: Message, kind: Refusal = Refusal.CONFLICT) -> None:
        super().__init__(message)
        self.kind = kind


class WrongFieldsError(Refused):
    """A refusal of what stands in fields; `faults` has what is wrong, by field."""

    def __init__(self, faults: Mapping[str, Message], message: Message | None = None) -> None:
        first, *others = faults.values()
        several = msg("有 %(n)s 处要改", n=len(faults)) if others else first
        super().__init__(message or several, kind=Refusal.INVALID)
        self.faults = faults


class FieldRefused(WrongFieldsError):  # noqa: N818 (an answer, as `Refused`)
    """A refusal of what stands in one field; `field` is its name."""

    def __init__(self, field: str, message: Message, kind: Refusal = Refusal.INVALID) -> None:
        super().__init__({field: message}, message)
        self.field, self.kind = field, kind


def refuse_if(why: Message | None, kind: Refusal = Refusal.CONFLICT) -> None:
    """Raise `Refused` for what stands against it, if anything does."""
    if why is not None:
        raise Refused(why, kind)


def invalid(message: Message) -> Refused:
    """The refusal of what makes no sense by itself."""
    return Refused(message, kind=Refusal.INVALID)
