"""What a use case says when it will not do what was asked."""

from __future__ import annotations

from compete.domain.values import Message


class Refused(Exception):  # noqa: N818 (an answer, not a fault of the program)
    """The act was not done, and nothing of it was written.

    `message` says why in the user's words; `status` is the HTTP status that a
    web face answers with (409: it conflicts with how things stand).
    """

    def __init__(self, message: Message, status: int = 409) -> None:
        super().__init__(str(message))
        self.message = message
        self.status = status
