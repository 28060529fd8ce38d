"""Somebody takes the place of one of a unit's people: asked for, taken back, accepted."""

from compete.services.replacing.accepting import accept_with_replacements
from compete.services.replacing.requests import (
    REPLACED_FIELDS,
    ask_replacement,
    instead_of,
    reason_of,
    replaceable_of,
    request_for,
    requests_of,
    take_request_back,
    why_not_replaced,
)

__all__ = [
    "REPLACED_FIELDS",
    "accept_with_replacements",
    "ask_replacement",
    "instead_of",
    "reason_of",
    "replaceable_of",
    "request_for",
    "requests_of",
    "take_request_back",
    "why_not_replaced",
]
