"""The types of the bundle as each version and kind has them, made from the newest.

`LATER_KEYS` and the tables beside it say what came with version 2, `OF_EVALUATIONS`
and `NOT_OF_EVALUATIONS` what is an evaluation's alone and what it has not. The
types of a dialect are those of the newest without what it does not know: the
reader, the quick way in and the schema go by them.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, cast, get_args, get_origin

import msgspec

from compete.domain.aspects.types import Aspect, AspectType
from compete.domain.bundle.event_types import (
    Award,
    Event,
    Module,
    Part,
    Ranking,
    Rounding,
    Stage,
    UnitRanking,
)
from compete.domain.bundle.grade_types import When
from compete.domain.bundle.labour_types import Labour
from compete.domain.bundle.types import Bundle, Entrant, Mark
from compete.domain.bundle.versions import VERSION_1, version_of_format
from compete.domain.values.kinds import Kind, Reduced, RoundMode
from compete.domain.values.record import Code, FormerCode

LATER_KEYS: dict[type, frozenset[str]] = {
    Bundle: frozenset({"playoffs", "overall"}),
    Rounding: frozenset({"mode"}),
    Event: frozenset({"scale"}),
    Part: frozenset({"take"}),
    UnitRanking: frozenset({"shared"}),
    Ranking: frozenset({"ordinal_by"}),
    Aspect: frozenset({"min", "top", "difficulties"}),
    Mark: frozenset({"difficulty"}),
    Award: frozenset({"within", "min_scaled"}),
    Labour: frozenset({"veto_rank", "prizes"}),
}
"""Keys of version 2 that version 1 does not know."""

_FORMER_TYPES: dict[tuple[type, str], Any] = {
    (Bundle, "format"): Literal["compete-bundle/1"],
    (Award, "pass_modules"): bool,
    (When, "pass_modules"): Literal["all"] | When.__annotations__["under"] | None,
}
_LATER_WORDS: dict[type[StrEnum], frozenset[str]] = {
    Reduced: frozenset({Reduced.SCALE}),
    Kind: frozenset({Kind.EVALUATION, Kind.PRACTICE}),
    AspectType: frozenset({AspectType.FACTORED}),
}

OF_EVALUATIONS: dict[type, frozenset[str]] = {
    Event: frozenset({"verdict", "grade", "cite", "on", "apply", "carry_months"}),
    Module: frozenset({"review"}),
    Entrant: frozenset({"grade_since", "trade", "papers", "carried", "resit", "exempt"}),
}
"""Keys that evaluations alone have; version 1 knows none of them."""

NOT_OF_EVALUATIONS: dict[type, frozenset[str]] = {
    Bundle: frozenset({"teams", "playoffs", "overall", "labour"}),
    Entrant: frozenset({"promoted", "team", "members"}),
    Event: frozenset(
        {"ranking", "team_ranking", "unit_ranking", "items", "awards", "grades", "scale"}
    ),
    Rounding: frozenset({"total"}),
    Stage: frozenset({"carry", "advance"}),
    Part: frozenset({"weight", "take"}),
}
_RANKED_WORDS: dict[type[StrEnum], frozenset[str]] = {
    AspectType: frozenset({AspectType.RELATIVE}),
    RoundMode: frozenset({RoundMode.UP}),
}

_REQUIRED: dict[type, frozenset[str]] = {
    Module: frozenset({"weight"}),
    Part: frozenset({"weight"}),
}
_REQUIRED_IN_EVALUATIONS: dict[type, frozenset[str]] = {
    Event: frozenset({"verdict", "occupation", "grade"}),
}
"""Keys that the newest types let out, since not every dialect has them."""


class Dialect(NamedTuple):
    """The dialect of a file: its allowed keys, by version and by whether it is an evaluation."""

    is_first: bool
    is_evaluation: bool


FIRST, USUAL, EVALUATION = Dialect(True, False), Dialect(False, False), Dialect(False, True)


def dialect_of(written: Any, kind: Any) -> Dialect:
    """The dialect for the `format` and `kind` as they stand in a file."""
    if version_of_format(written) is VERSION_1:
        return FIRST
    return EVALUATION if kind == Kind.EVALUATION else USUAL


def newest(kind: type) -> type:
    """The newest type, of which `kind` may be a dialect's version."""
    return _NEWEST.get(kind, kind)


_NEWEST: dict[type, type] = {}


def lacking(dialect: Dialect, cls: type) -> frozenset[str]:
    """Keys of the newest type that the dialect does not know."""
    if dialect.is_evaluation:
        return NOT_OF_EVALUATIONS.get(cls, frozenset())
    later = LATER_KEYS.get(cls, frozenset()) if dialect.is_first else frozenset()
    return OF_EVALUATIONS.get(cls, frozenset()) | later


@cache
def type_in(dialect: Dialect, kind: Any) -> Any:
    """A type as the dialect has it: itself, where the dialect has all of it."""
    origin, inner = get_origin(kind), get_args(kind)
    if kind == Code:
        return FormerCode if dialect.is_first else Code
    if origin is Annotated:
        return Annotated[(type_in(dialect, inner[0]), *inner[1:])]
    if origin in (Union, UnionType):
        return Union[tuple(type_in(dialect, choice) for choice in inner)]  # noqa: UP007
    if origin in (tuple, dict):
        return origin[
            tuple(choice if choice is ... else type_in(dialect, choice) for choice in inner)
        ]
    if not isinstance(kind, type) or kind is NoneType:
        return kind
    if issubclass(kind, msgspec.Struct):
        return _struct_in(dialect, kind)
    return _words_in(kind, _words_lacking(dialect).get(kind))


def _words_lacking(dialect: Dialect) -> Mapping[Any, frozenset[str]]:
    if dialect.is_evaluation:
        return _RANKED_WORDS
    return _LATER_WORDS if dialect.is_first else {}


def _struct_in(dialect: Dialect, cls: type[msgspec.Struct]) -> type:
    fields = []
    changed = False
    required = (_REQUIRED_IN_EVALUATIONS if dialect.is_evaluation else _REQUIRED).get(cls, ())
    for field in msgspec.structs.fields(cls):
        if field.encode_name in lacking(dialect, cls):
            changed = True
            continue
        former = _FORMER_TYPES.get((cls, field.name)) if dialect.is_first else None
        kind = type_in(dialect, field.type if former is None else former)
        if field.name in required:
            there = tuple(arg for arg in get_args(kind) if arg is not NoneType)
            kind = Union[there] if there else kind  # noqa: UP007
            fields.append((field.name, kind))
            changed = True
            continue
        changed |= former is not None or kind != field.type
        default = () if field.required else (_default(field, kind),)
        fields.append((field.name, kind, *default))
    if not changed:
        return cls
    config = cls.__struct_config__
    made = msgspec.defstruct(
        cls.__name__,
        cast(Any, fields),
        kw_only=True,
        frozen=True,
        gc=config.gc,
        forbid_unknown_fields=config.forbid_unknown_fields,
        omit_defaults=config.omit_defaults,
        rename=_renamed(cls),
    )
    _NEWEST[made] = cls
    return made


def _default(field: Any, kind: Any) -> Any:
    """A default value; one that is itself another type is made anew."""
    value = field.default
    if isinstance(value, msgspec.Struct) and type(value) is not kind:
        return kind()
    if isinstance(value, StrEnum) and isinstance(kind, type) and type(value) is not kind:
        return kind(value.value)
    return value


def _renamed(cls: type[msgspec.Struct]) -> Mapping[str, str]:
    return {field.name: field.encode_name for field in msgspec.structs.fields(cls)}


def _words_in(words: type, lacking: frozenset[str] | None) -> type:
    """The words of a fixed list without those that are lacking."""
    if lacking is None:
        return words
    kept = {
        word.name: word.value for word in cast(type[StrEnum], words) if word.value not in lacking
    }
    made = cast(type, StrEnum(words.__name__, kept))
    _NEWEST[made] = words
    return made
