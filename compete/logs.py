"""What the server writes down: to standard error, one line each, without secret links."""

from __future__ import annotations

import logging
import re
from typing import Any

LEVELS = ("debug", "info", "warning", "error")

# Sign-in and badge links carry their secret in the path or the query.
_SECRET = re.compile(r"(?<=[/=])([\w-]{3})[\w-]{17,}(?![\w.-])")


def without_secrets(text: str) -> str:
    """`text` with every long token of an address cut to its first three characters."""
    return _SECRET.sub(r"\1…", text)


class SecretFilter(logging.Filter):
    """Cuts tokens out of whatever is about to be written."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = without_secrets(record.getMessage())
        record.args = None
        return True


class IdleFilter(logging.Filter):
    """Says nothing of connections on which nobody sent anything in time; browsers open them."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not (record.exc_info and isinstance(record.exc_info[1], BlockingIOError))


def logging_config(level: str = "info", *, access: bool = False) -> dict[str, Any]:
    """Settings for `logging.config.dictConfig`; `level` is one of `LEVELS`.

    With `access`, each request gets a line.
    """
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"secrets": {"()": SecretFilter}, "idle": {"()": IdleFilter}},
        "formatters": {
            "line": {
                "format": "%(asctime)s %(levelname)s %(process)d %(name)s: %(message)s",
                "datefmt": "%Y-%m-%dT%H:%M:%S%z",
            }
        },
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "filters": ["idle", "secrets"],
            }
        },
        "root": {"level": level.upper(), "handlers": ["stderr"]},
        "loggers": {
            "gunicorn.error": {"propagate": True, "handlers": []},
            # Given a configuration, gunicorn tells of each request and leaves it to us.
            "gunicorn.access": {
                "level": "INFO" if access else "WARNING",
                "propagate": True,
                "handlers": [],
            },
            # Each migration as it runs is news for `compete db`, which says it itself.
            "alembic": {"level": "WARNING"},
        },
    }
