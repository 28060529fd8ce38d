"""Sentences as they are kept in a row, to be told in each reader's own language."""

from __future__ import annotations

from typing import Any

from compete.domain.values.messages import Message


def packed(message: Message) -> dict[str, Any]:
    """A sentence as plain JSON values."""
    return {
        "text": message.text,
        "params": {
            name: packed(value) if isinstance(value, Message) else _plain(value)
            for name, value in message.params.items()
        },
    }


def unpacked(kept: dict[str, Any] | None) -> Message | None:
    """The sentence that `packed` made plain; None for none."""
    if kept is None:
        return None
    return Message(
        kept["text"],
        {
            name: unpacked(value) if isinstance(value, dict) else value
            for name, value in kept["params"].items()
        },
    )


def _plain(value: object) -> object:
    return value if isinstance(value, int) else str(value)
