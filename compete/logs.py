"""Logs of the server: to standard error, one line each, without secret links."""

from __future__ import annotations

import logging
import re
import sys
from typing import Any

LEVELS = ("debug", "info", "warning", "error")

# Sign-in and badge links carry their secret in the path or the query.
# Where a link's secret stands it is cut however short it came: a mistyped one tells most of it.
_LINK = re.compile(r"(?<=/)(v|c|r|m|sign-in|invitation|hall/[\w-]+)/([\w-]{3})[\w-]{5,}")
_SECRET = re.compile(r"(?<=[/=])([\w-]{3})[\w-]{17,}(?![\w.-])")


def without_secrets(text: str) -> str:
    """Cut every long token of an address in `text` to its first three characters."""
    return _SECRET.sub(r"\1…", _LINK.sub(r"\1/\2…", text))


class SecretFilter(logging.Filter):
    """A filter that cuts tokens out of whatever is about to be written."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = without_secrets(record.getMessage())
        record.args = None
        return True


class RequestFilter(logging.Filter):
    """A filter that names the request in which a line was written, to find its lines together."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request = _current_request()
        return True


def _current_request() -> str:
    # Whoever logs without Flask has not loaded it.
    flask = sys.modules.get("flask")
    if flask is None or not flask.has_app_context():
        return "-"
    return str(flask.g.get("request_id", "-"))


def logging_config(level: str = "info", *, access: bool = False) -> dict[str, Any]:
    """Settings for `logging.config.dictConfig`; `level` is one of `LEVELS`.

    With `access`, each request gets a line.
    """
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {
            "secrets": {"()": SecretFilter},
            "request": {"()": RequestFilter},
        },
        "formatters": {
            "line": {
                "format": "%(asctime)s %(levelname)s %(process)d %(request)s %(name)s: %(message)s",
                "datefmt": "%Y-%m-%dT%H:%M:%S%z",
            }
        },
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "filters": ["secrets", "request"],
            }
        },
        "root": {"level": level.upper(), "handlers": ["stderr"]},
        "loggers": {
            "gunicorn.error": {"propagate": True, "handlers": []},
            "compete.access": {"level": "INFO" if access else "WARNING"},
            # Each migration as it runs is news for `compete db`, which says it itself.
            "alembic": {"level": "WARNING"},
        },
    }
