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


def _number_words(aspect: Aspect, number: Decimal) -> Message | str:
    if kind_of(aspect).reckoning is Reckoning.TIME:
        return msg("%(seconds)s 秒", seconds=plain(number))
    return plain(number)
