"""Competitions of labour and skills, from registration to certificate.

Importing the package costs nothing: Flask is loaded when an application is made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from compete.config import Config

__version__ = "0.2.0"


def create_app(config: Config | None = None) -> Flask:
    """Make the Flask application; settings come from the environment unless given.

    On the environment's installation it looks at the keys first, and raises
    `compete.config.CannotStartError` if it may not run on this data.
    """
    if config is not None:
        from compete.web.factory import make_app

        return make_app(config)
    from compete.config import Config
    from compete.web.startup import open_app

    return open_app(Config.from_env())
