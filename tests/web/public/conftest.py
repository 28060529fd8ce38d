"""What tests of published pages begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from compete.models import Account, Competition


@pytest.fixture
def out(forklift: Competition, organiser: Account) -> Competition:
    """The forklift competition, its results published."""
    # Before plugins are read in, nothing of theirs may be.
    from tests.support.announced import announce

    announce(forklift, organiser)
    return forklift
