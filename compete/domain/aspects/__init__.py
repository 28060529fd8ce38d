"""What an aspect is and what its type makes of it: a file for each type."""

from typing import TYPE_CHECKING

from compete.domain.lazy import loader

if TYPE_CHECKING:
    from compete.domain.aspects.checklist import met_checks
    from compete.domain.aspects.kind import (
        QUANTITY,
        SHOWN_PLACES,
        Accepts,
        AspectKind,
        Given,
        Limits,
        Reckoning,
        Steps,
        Value,
        anything,
        quantity,
    )
    from compete.domain.aspects.kinds import keys_of_acceptance, keys_of_one_type, kind_of
    from compete.domain.aspects.time import LONGEST_TIME
    from compete.domain.aspects.types import Aspect, AspectType, Band, type_of

__all__ = [
    "LONGEST_TIME",
    "QUANTITY",
    "SHOWN_PLACES",
    "Accepts",
    "Aspect",
    "AspectKind",
    "AspectType",
    "Band",
    "Given",
    "Limits",
    "Reckoning",
    "Steps",
    "Value",
    "anything",
    "keys_of_acceptance",
    "keys_of_one_type",
    "kind_of",
    "met_checks",
    "quantity",
    "type_of",
]

__getattr__ = loader(
    __name__,
    {
        "checklist": ("met_checks",),
        "kind": (
            "QUANTITY",
            "SHOWN_PLACES",
            "Accepts",
            "AspectKind",
            "Given",
            "Limits",
            "Reckoning",
            "Steps",
            "Value",
            "anything",
            "quantity",
        ),
        "kinds": (
            "keys_of_acceptance",
            "keys_of_one_type",
            "kind_of",
        ),
        "time": ("LONGEST_TIME",),
        "types": ("Aspect", "AspectType", "Band", "type_of"),
    },
)
