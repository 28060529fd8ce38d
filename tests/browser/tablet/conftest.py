"""A judge with a tablet in a hall whose server does as it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.tablet.hall import Hall
from tests.browser.tablet.paper import desk_work, forklift
from tests.browser.tablet.tablet import Tablet

TALL = {"viewport": {"width": 768, "height": 1024}}


@pytest.fixture
def hall() -> Iterator[Hall]:
    """A server with the sheets K27 (forklift) and K33 (desk work)."""
    hall = Hall()
    after = {"id": "k33", "code": "K-33"}
    hall.add_sheet({"id": "k27", "code": "K-27", "aspects": forklift(), "next": after})
    hall.add_sheet({"id": "k33", "code": "K-33", "aspects": desk_work(), "session": "第2场"})
    yield hall
    hall.down()


@pytest.fixture
def tablet(visitor: Callable[..., Any], hall: Hall) -> Tablet:
    """The judge's tablet, upright, with nothing open yet."""
    holder = visitor("tablet", **TALL)
    # The network going is what these tests are about.
    holder.expect(r"Failed to load resource")
    return Tablet(holder.page(), hall)


@pytest.fixture
def lab(visitor: Callable[..., Any], hall: Hall) -> Page:
    """A bare page of the same origin, for trying modules by themselves."""
    page: Page = visitor("desk").page()
    page.goto(f"{hall.address}/static/icons/mark.svg")
    return page
