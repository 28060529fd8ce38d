"""Awards and honours, dealt from the highest down."""

from typing import TYPE_CHECKING

from compete.domain.lazy import loader

if TYPE_CHECKING:
    from compete.domain.awards.dealing import Dealt, award_number
    from compete.domain.awards.event_awards import AwardState, reaches
    from compete.domain.awards.others import is_of_others
    from compete.domain.awards.won import (
        Won,
        award_count,
        certified_in,
        honour_count,
        prize_key,
        won_in,
    )

__all__ = [
    "AwardState",
    "Dealt",
    "Won",
    "award_count",
    "award_number",
    "certified_in",
    "honour_count",
    "is_of_others",
    "prize_key",
    "reaches",
    "won_in",
]

__getattr__ = loader(
    __name__,
    {
        "dealing": ("Dealt", "award_number"),
        "event_awards": (
            "AwardState",
            "reaches",
        ),
        "others": ("is_of_others",),
        "won": (
            "Won",
            "award_count",
            "certified_in",
            "honour_count",
            "prize_key",
            "won_in",
        ),
    },
)
