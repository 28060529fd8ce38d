"""Flask's companions, made once and bound to each application."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from flask import request
from flask_babel import Babel
from flask_limiter import Limiter
from flask_login import LoginManager, current_user
from flask_wtf.csrf import CSRFProtect

from compete.models.base import db
from compete.resources import resource_dir
from compete.web.kind_words import BabelOfKinds

if TYPE_CHECKING:
    from flask_migrate import Migrate


def who_asks_by_link() -> str:
    """Count each link of an address by itself: a hall of five hundred shares one address."""
    token = (request.view_args or {}).get("token", "")
    return f"{who_asks()}/{token[:64]}"


def who_asks() -> str:
    """The account, or the address for those who have not signed in.

    A whole hall shares one address, so judges are counted each for himself.
    """
    if current_user.is_authenticated:
        return f"account:{current_user.id}"
    return f"address:{request.remote_addr}"


class Migrations:
    """Where Flask-Migrate finds ours; Alembic takes a while to read in, and few want it."""

    @cached_property
    def migrate(self) -> Migrate:
        """The folder of migrations and their database."""
        from flask_migrate import Migrate

        return Migrate(db=db, directory=str(resource_dir("migrations")))


babel: Babel = BabelOfKinds()  # type: ignore[no-untyped-call]
csrf = CSRFProtect()
login = LoginManager()


def _usual_rate() -> str:
    """Usual rate of an account's calls; of an address, enough for a hall of five hundred."""
    return "6000 per minute" if current_user.is_authenticated else "60000 per minute"


# If Redis does not answer, each process counts by itself, and says so in the log.
limiter = Limiter(key_func=who_asks, default_limits=[_usual_rate], in_memory_fallback_enabled=True)
