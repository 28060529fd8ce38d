"""The class for each aspect type: the one place where types are told apart."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, assert_never

from compete.domain.aspects.checklist import Checklist
from compete.domain.aspects.deduction import Deduction
from compete.domain.aspects.factored import Factored
from compete.domain.aspects.form_fields import FormField
from compete.domain.aspects.judgement import Judgement
from compete.domain.aspects.kind import AspectKind
from compete.domain.aspects.measurement import Measurement
from compete.domain.aspects.relative import Relative
from compete.domain.aspects.score import Score
from compete.domain.aspects.time import Time
from compete.domain.aspects.types import Aspect, AspectType
from compete.domain.values.messages import Message


def class_of(kind: AspectType) -> type[AspectKind]:
    """The class of a type.

    Assigned, not returned: so the type checker refuses a class that lacks an answer.
    """
    kind_class: type[AspectKind]
    match kind:
        case AspectType.SCORE:
            kind_class = Score
        case AspectType.JUDGEMENT:
            kind_class = Judgement
        case AspectType.MEASUREMENT:
            kind_class = Measurement
        case AspectType.CHECKLIST:
            kind_class = Checklist
        case AspectType.DEDUCTION:
            kind_class = Deduction
        case AspectType.TIME:
            kind_class = Time
        case AspectType.RELATIVE:
            kind_class = Relative
        case AspectType.FACTORED:
            kind_class = Factored
        case _:
            assert_never(kind)
    return kind_class


def kind_of(aspect: Aspect) -> AspectKind:
    """The aspect, seen as its type."""
    return class_of(aspect.type)(aspect)


def type_title(kind: AspectType) -> Message:
    """The name of an aspect type: 分档, 计错扣分."""
    return class_of(kind).title


@cache
def keys_of_acceptance() -> frozenset[str]:
    """The keys by which any type decides which values it accepts."""
    return frozenset(key for kind in AspectType for key in class_of(kind).read)


def keys_of_one_type() -> dict[str, AspectType]:
    """The keys that mean something to one type alone, and to which."""
    return {key: kind for kind in AspectType for key in class_of(kind).alone}


def every_field() -> tuple[FormField, ...]:
    """The fields of all types, as a row of a form has them; one that several have stands once."""
    fields = {field.key: field for kind in AspectType for field in class_of(kind).fields}
    return tuple(fields.values())


def own_texts(aspect: Mapping[str, Any]) -> dict[str, str]:
    """Texts of the fields of all types for an aspect as a file writes it."""
    texts: dict[str, str] = {}
    for kind in AspectType:
        texts |= class_of(kind).texts(aspect, is_own=aspect["type"] == kind)
    return texts
