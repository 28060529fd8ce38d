"""The one error of this package."""

from __future__ import annotations

from compete.domain.values.messages import Message


class CredentialError(ValueError):
    """Error: a text is no credential, key document or status list; `message` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message
