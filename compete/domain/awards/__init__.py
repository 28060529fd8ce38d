"""Awards and honours, dealt from the highest down."""

from typing import TYPE_CHECKING

from compete.domain.lazy import loader

if TYPE_CHECKING:
    from compete.domain.awards.dealing import Dealt
    from compete.domain.awards.event_awards import AwardState, reaches

__all__ = [
    "AwardState",
    "Dealt",
    "reaches",
]

__getattr__ = loader(
    __name__,
    {
        "dealing": ("Dealt",),
        "event_awards": (
            "AwardState",
            "reaches",
        ),
    },
)
