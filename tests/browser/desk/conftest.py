"""A labour competition that somebody enters, for the tests of its pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from flask import Flask

    from compete.models import Competition
    from tests.browser.desk.entry_hall import Hall


@pytest.fixture
def hall(
    app: Flask,
    here: Flask,
    load: Callable[..., Competition],
    live_url: str,
    visitor: Callable[..., Any],
) -> Hall:
    """Ten units, January filled in and February empty."""
    from tests.browser.desk.entry_hall import hall_of

    return hall_of(app, load, live_url, visitor)
