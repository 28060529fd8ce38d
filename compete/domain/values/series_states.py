"""Steps of a nomination in a series."""

from __future__ import annotations

from enum import StrEnum


class NominationStep(StrEnum):
    """What happened to somebody's nomination; the last step counts."""

    PROPOSED = "proposed"
    """Put forward; the answer is awaited."""
    ACCEPTED = "accepted"
    DECLINED = "declined"
    INELIGIBLE = "ineligible"
    """Ruled out by whoever runs the place they come from."""
    CLEARED = "cleared"
    """The steps before are taken back."""
