"""A date and time of day as a form's field has it, by the competition's clocks."""

from __future__ import annotations

from datetime import datetime

from compete.services.kernel.clock import local_time, local_zone


def read_moment(text: str) -> datetime | None:
    """Read a field for date and time. Raises `ValueError` for anything else."""
    if not text:
        return None
    at = datetime.fromisoformat(text)
    if at.year not in range(1971, 9999):
        raise ValueError(text)
    return at if at.tzinfo else at.replace(tzinfo=local_zone())


def moment_or_none(text: str) -> datetime | None:
    """Read such a field; None for anything else."""
    try:
        return read_moment(text)
    except ValueError:
        return None


def typed_moment(at: datetime | None) -> str:
    """Write a time as such a field takes it."""
    return local_time(at).strftime("%Y-%m-%dT%H:%M") if at else ""
