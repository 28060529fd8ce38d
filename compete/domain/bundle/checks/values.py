"""Check the values that judges give against their aspects."""

from decimal import Decimal

from compete.domain.aspects.kind import Accepts, anything
from compete.domain.aspects.kinds import keys_of_acceptance, kind_of
from compete.domain.aspects.types import Aspect
from compete.domain.bundle.reader.unreadable import UNREADABLE
from compete.domain.values.messages import Message
from compete.domain.values.numerals import plain


def accepts(aspect: Aspect) -> Accepts:
    """True if a value is allowed: a quick test; an aspect that is itself wrong takes any."""
    if any(getattr(aspect, key) is UNREADABLE for key in ("type", *keys_of_acceptance())):
        return anything
    return kind_of(aspect).accepts()


def wanted_value(aspect: Aspect) -> Message:
    """Say in words what `accepts` lets through."""
    return kind_of(aspect).accepted_words()


def shown_value(value: bool | Decimal) -> str:
    """A value as it stands in the file."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return plain(value)
