"""Acts that a device keeps until they are stored, and the generation of the database it knows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from flask import Flask, g, request

from compete.services.backups.generations import met_by
from compete.services.kernel import audit

REACHED = "X-Reached"
"""The header by which a device says how far it knows the server to have been."""
ActT = TypeVar("ActT")


def init_app(app: Flask) -> None:
    """Look at how far each device knows the server to have been, before a view reads anything."""

    @app.before_request
    def notice() -> None:
        g.is_of_another, reached = met_by(request.headers.get(REACHED))
        audit.expect(reached)

    @app.errorhandler(audit.SetBackError)
    def set_back(_error: audit.SetBackError) -> tuple[str, int]:
        # The device sends it again, and then it is noticed.
        return "", 503


def in_order(acts: Sequence[ActT]) -> Sequence[ActT]:
    """The acts of this call; none from a device that has yet to meet this generation.

    It sends everything again then, oldest first: what it brings now would come before that.
    """
    return () if g.is_of_another else acts
