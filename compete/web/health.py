"""Health of the server, for whoever watches it: whether it lives, and can take marks."""

from __future__ import annotations

import os

from flask import Blueprint, Response, current_app, jsonify
from flask.typing import ResponseReturnValue

from compete.config import Config
from compete.data_folder import free_bytes
from compete.services.backups.generations import database_answers
from compete.services.backups.integrity import pending_damage
from compete.services.kernel.write_holds import longest_holds
from compete.web import guard
from compete.web.extensions import limiter

face = Blueprint("health", __name__)
_LEAST_BYTES = 20 * 1024 * 1024


@face.get("/healthz")
@limiter.exempt
@guard.public
def alive() -> ResponseReturnValue:
    """Answer that this process lives; nothing else is asked."""
    return Response("ok\n", mimetype="text/plain")


@face.get("/readyz")
@limiter.exempt
@guard.public
def ready() -> ResponseReturnValue:
    """`{"ready": bool, "missing": [one of four words, …], …}`; 503 where it is not.

    The words: `database`, `folder`, `disk`, and `integrity` where the night's check found damage.
    `longest_write_ms` is how long one write of this process kept all others waiting at most.
    """
    config: Config = current_app.extensions["compete.config"]
    missing = []
    if not database_answers():
        missing.append("database")
    if not os.access(config.data_dir, os.R_OK | os.W_OK | os.X_OK):
        missing.append("folder")
    elif free_bytes(config.data_dir) < _LEAST_BYTES:
        missing.append("disk")
    if pending_damage(config):
        missing.append("integrity")
    longest = next(iter(longest_holds()), None)
    milliseconds = round(longest.seconds * 1e3) if longest else 0
    status = 503 if missing else 200
    return jsonify(ready=not missing, missing=missing, longest_write_ms=milliseconds), status
