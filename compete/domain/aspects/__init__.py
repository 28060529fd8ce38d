"""What an aspect is and what its type makes of it: a file for each type."""

from typing import TYPE_CHECKING

from compete.domain.lazy import loader

if TYPE_CHECKING:
    from compete.domain.aspects.checklist import met_checks
    from compete.domain.aspects.clock_times import clock_time, told_time
    from compete.domain.aspects.form_fields import (
        NO,
        YES,
        Example,
        FormField,
        Own,
    )
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
    from compete.domain.aspects.kinds import (
        class_of,
        every_field,
        keys_of_acceptance,
        keys_of_one_type,
        kind_of,
        own_texts,
        type_title,
    )
    from compete.domain.aspects.time import LONGEST_TIME
    from compete.domain.aspects.types import Aspect, AspectType, Band, type_of

__all__ = [
    "LONGEST_TIME",
    "NO",
    "QUANTITY",
    "SHOWN_PLACES",
    "YES",
    "Accepts",
    "Aspect",
    "AspectKind",
    "AspectType",
    "Band",
    "Example",
    "FormField",
    "Given",
    "Limits",
    "Own",
    "Reckoning",
    "Steps",
    "Value",
    "anything",
    "class_of",
    "clock_time",
    "every_field",
    "keys_of_acceptance",
    "keys_of_one_type",
    "kind_of",
    "met_checks",
    "own_texts",
    "quantity",
    "told_time",
    "type_of",
    "type_title",
]

__getattr__ = loader(
    __name__,
    {
        "checklist": ("met_checks",),
        "clock_times": ("clock_time", "told_time"),
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
        "form_fields": ("NO", "YES", "Example", "FormField", "Own"),
        "kinds": (
            "class_of",
            "every_field",
            "keys_of_acceptance",
            "keys_of_one_type",
            "kind_of",
            "own_texts",
            "type_title",
        ),
        "time": ("LONGEST_TIME",),
        "types": ("Aspect", "AspectType", "Band", "type_of"),
    },
)
