"""Act limits: the largest sensible value or note; what no finger meant is not taken in.

The bundle format lets through more than a judge ever means. An aspect may say
its own limits in `extra`: `most`, the most faults that are counted, and `least`
and `most` for a measured or compared value.
"""

from __future__ import annotations

from decimal import Decimal

from compete.domain.aspects.kind import Reckoning
from compete.domain.aspects.kinds import kind_of
from compete.domain.aspects.types import Aspect
from compete.domain.bundle.checks.values import accepts, shown_value, wanted_value
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import plain

LONGEST_NOTE = 2000
LONGEST_SEEN = 100_000
"""The longest text of a submission that is not the judge's; it is read, not kept."""


def beyond(aspect: Aspect, value: bool | Decimal) -> Message | None:
    """Say why the value is too small or too large to be meant; None when it may be."""
    least, most = kind_of(aspect).limits()
    if isinstance(value, bool):
        return None
    if most is not None and value > most:
        return msg(
            "“%(name)s”最多 %(most)s，%(found)s 没有记下",
            name=aspect.name,
            most=_number_words(aspect, most),
            found=_number_words(aspect, value),
        )
    if least is not None and value < least:
        return msg(
            "“%(name)s”最少 %(least)s，%(found)s 没有记下",
            name=aspect.name,
            least=_number_words(aspect, least),
            found=_number_words(aspect, value),
        )
    return None


def mark_fault(
    aspect: Aspect, value: bool | Decimal | None, sent: str | bool | int | None
) -> Message | None:
    """Say why a value (None: what was `sent` is none) is no mark of the aspect; None: it is."""
    if value is not None and accepts(aspect)(value):
        return beyond(aspect, value)
    return msg(
        "“%(name)s”要%(wanted)s，%(found)s 没有记下",
        name=aspect.name,
        wanted=wanted_value(aspect),
        found=shown_value(value) if value is not None else str(sent)[:40],
    )


def typed_fault(aspect: Aspect, number: Decimal | None, text: str) -> Message | None:
    """Say why what was typed, and read as this number, is no value of the aspect; else None."""
    if number is not None:
        too_much = beyond(aspect, number)
        if too_much is not None or accepts(aspect)(number):
            return too_much
    return msg("要%(wanted)s，现在是 %(found)s", wanted=wanted_value(aspect), found=text[:20])


def _number_words(aspect: Aspect, number: Decimal) -> Message | str:
    if kind_of(aspect).reckoning is Reckoning.TIME:
        return msg("%(seconds)s 秒", seconds=plain(number))
    return plain(number)
