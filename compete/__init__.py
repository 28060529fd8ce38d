"""Labour and skills competitions, from registration to certificate.

Importing the package costs nothing: Flask is loaded when an application is made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from compete.config import Config

__version__ = "0.1.0"


def create_app(config: Config | None = None) -> Flask:
    """The Flask application; settings come from the environment unless given."""
    from compete.web.factory import make_app

    return make_app(config)
