"""The limit of an upload in bytes and in words, for pages and refusals; `config.py` sets it."""

from __future__ import annotations

from flask import current_app

# The most bytes of the form around a file.
_FORM_BYTES = 4096


def limit_words() -> str:
    """`32 MB`: of all that one form sends."""
    return size_words(current_app.config["MAX_CONTENT_LENGTH"])


def most_bytes_of_a_file() -> int:
    """Bytes of one file at most, so that a page can refuse it before it is sent."""
    most: int = current_app.config["MAX_CONTENT_LENGTH"]
    return most - _FORM_BYTES


def size_words(count: int) -> str:
    """Bytes as people say them: `32 MB`, `500 KB`."""
    return f"{count // 1024**2} MB" if count >= 1024**2 else f"{count // 1024} KB"
