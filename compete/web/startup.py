"""Starting on an installation: the application, once the keys are known to be the right ones."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.engine import make_url

from compete.data_folder import close_to_others
from compete.services.backups.keys import settle_keys
from compete.web.factory import make_app

if TYPE_CHECKING:
    from flask import Flask

    from compete.config import Config


def open_app(config: Config) -> Flask:
    """The application on its installation.

    Raises `CannotStartError` if the keys are not those of the database, or it
    does not answer.
    """
    url = make_url(config.database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        close_to_others(Path(url.database))
    app = make_app(config)
    with app.app_context():
        settle_keys(config)
    return app
