"""A refused act shows its page again, at the status of its kind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.utils import redirect

from compete.domain.values.messages import msg
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.web.refusals import refusal_on


@pytest.fixture
def in_a_request() -> Iterator[None]:
    """Something is asked of an application."""
    with Flask("asked").test_request_context("/"):
        yield


def page(number: int, refused: Refused) -> str:
    return f"{number}: {refused.message}"


def test_the_page_takes_what_the_view_takes_and_the_refusal(in_a_request: None) -> None:
    @refusal_on(page)
    def view(number: int) -> str:
        raise invalid(msg("不行"))

    assert view(3) == ("3: 不行", 400)


def test_a_page_with_a_status_of_its_own_keeps_it(in_a_request: None) -> None:
    @refusal_on(lambda refused: (str(refused.message), 410))
    def view() -> str:
        raise Refused(msg("没有了"))

    assert view() == ("没有了", 410)


def test_a_page_that_leads_elsewhere_is_answered_as_it_is(in_a_request: None) -> None:
    elsewhere = redirect("/")

    @refusal_on(lambda refused: elsewhere)
    def view() -> str:
        raise Refused(msg("别人改过"))

    assert view() is elsewhere


def test_a_refusal_of_another_kind_goes_on() -> None:
    @refusal_on(page, only=Refusal.INVALID)
    def view(number: int) -> str:
        raise Refused(msg("别人改过"))

    with pytest.raises(Refused):
        view(1)


def test_what_was_not_refused_is_answered_by_the_view() -> None:
    @refusal_on(page)
    def view(number: int) -> str:
        return str(number)

    assert view(2) == "2"
