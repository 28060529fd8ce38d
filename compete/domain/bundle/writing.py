"""Writing: from a `Bundle` to the bytes of a file."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any

import msgspec

from compete.domain.bundle.reading import Form
from compete.domain.bundle.types import Bundle

_NONE = object()
"""Unlike any value: what has no default is always written."""


def write_bundle(bundle: Bundle, form: Form = "json") -> bytes:
    """The canonical file: keys in the documented order, defaults left out, UTF-8.

    Points, weights and seconds are texts, digit for digit, so reading the
    file gives the same bundle.
    """
    tree = _tree_of(bundle)
    if form == "yaml":
        from compete.domain.bundle.reader.yaml_text import yaml_text

        return yaml_text(tree)
    return msgspec.json.format(msgspec.json.encode(tree), indent=1) + b"\n"


def _tree_of(value: Any) -> Any:
    """The value as objects, lists, texts and whatever else both forms know."""
    kind = type(value)
    if kind is str or kind is bool or kind is int or value is None:
        return value
    if isinstance(value, msgspec.Struct):
        return dict(_members(value))
    if isinstance(value, tuple):
        return [_tree_of(item) for item in value]
    if isinstance(value, Decimal):
        # Not str(): that writes one ten-millionth as 1E-7.
        return f"{value:f}"
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): _tree_of(item) for key, item in value.items()}
    return value


def _members(record: msgspec.Struct) -> Iterator[tuple[str, Any]]:
    for name, key, default, plain in _fields(type(record)):
        value = getattr(record, name)
        if value != default:
            yield key, value if plain else _tree_of(value)


@cache
def _fields(cls: type[msgspec.Struct]) -> tuple[tuple[str, str, Any, bool], ...]:
    """List the fields: name, key, default, and True if written as it stands."""
    return tuple(
        (
            field.name,
            field.encode_name,
            _NONE if field.required else field.default,
            field.name == "extra",
        )
        for field in msgspec.structs.fields(cls)
    )
