"""The one error of this package, and the cleaning every check begins with."""

from __future__ import annotations

import unicodedata

from compete.domain.values import Message


class IdentityError(ValueError):
    """A number that cannot be right; `message` says why, in the user's words."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


def cleaned(text: str) -> str:
    """Full-width forms made plain, all white space taken out, letters in capitals.

    People paste numbers with spaces between the groups and from Chinese input
    methods; neither changes which number is meant.
    """
    if text.isascii() and text.isalnum():  # as nearly ever
        return text.upper()
    plain = unicodedata.normalize("NFKC", text)
    return "".join(plain.split()).upper()
