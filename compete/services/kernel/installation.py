"""What this installation prints with and is reached by: its fonts and its public address."""

from __future__ import annotations

from typing import Any

from flask import current_app, url_for

from compete.config import Config
from compete.documents.fonts import FontBook, load_fonts


def fonts() -> FontBook:
    """The shipped fonts and the installation's own."""
    config: Config = current_app.extensions["compete.config"]
    return load_fonts(config.font_dir)


def public_url(endpoint: str, **values: Any) -> str:
    """A full address for paper: by the configured base address, else by this request's."""
    config: Config = current_app.extensions["compete.config"]
    if config.base_url:
        return config.base_url + url_for(endpoint, **values)
    return url_for(endpoint, _external=True, **values)
