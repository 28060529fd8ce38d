"""Column type that keeps a StrEnum."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Enum


def enum_text(kind: type[StrEnum]) -> Enum:
    """A StrEnum kept as its text, without a database type of its own."""
    return Enum(
        kind,
        native_enum=False,
        length=20,
        values_callable=lambda members: [member.value for member in members],
    )
