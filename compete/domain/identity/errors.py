"""The one error of this package."""

from __future__ import annotations

from compete.domain.values.messages import Message


class IdentityError(ValueError):
    """Error: a number that cannot be right; `message` says why, in the user's words."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message
