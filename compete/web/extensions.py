"""Flask's companions, made once and bound to each application."""

from __future__ import annotations

from flask import request
from flask_babel import Babel
from flask_limiter import Limiter
from flask_login import LoginManager, current_user
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect

from compete.web.kind_words import BabelOfKinds


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


babel: Babel = BabelOfKinds()  # type: ignore[no-untyped-call]
csrf = CSRFProtect()
login = LoginManager()
migrate = Migrate(render_as_batch=True, compare_type=True)


def _usual_rate() -> str:
    """Usual rate of an account's calls; of an address, enough for a hall of five hundred."""
    return "6000 per minute" if current_user.is_authenticated else "60000 per minute"


# If Redis does not answer, each process counts by itself, and says so in the log.
limiter = Limiter(key_func=who_asks, default_limits=[_usual_rate], in_memory_fallback_enabled=True)
