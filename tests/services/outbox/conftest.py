"""Webhooks to a receiver on this machine, which the operator named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from compete.config import Config
from compete.models import Delivery, Webhook, db
from compete.services.outbox.webhooks import make_webhook
from compete.services.outbox.worker import Sending
from tests.support.receivers import Receiver, receiving


@pytest.fixture
def config(config: Config) -> Config:
    """The installation may send to this machine."""
    return replace(config, webhook_hosts=("127.0.0.1",))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver that listens during the test."""
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def hook(receiver: Receiver) -> Callable[..., tuple[Webhook, str]]:
    """Makes a webhook to a path of the receiver."""

    def make(path: str, *types: str, **more: object) -> tuple[Webhook, str]:
        kinds = types or ("registration.withdrawn",)
        return make_webhook(receiver.url(path), types=kinds, by=None, **more)  # type: ignore[arg-type]

    return make


@pytest.fixture
def send_due() -> Iterator[Callable[..., None]]:
    """Sends all that is due and notes it."""
    from tests.support.databases import wait_until

    begun: list[Sending] = []

    def turn(within: float = 15.0) -> None:
        sending = Sending(within)
        begun.append(sending)
        sending.start_due()

        def over() -> bool:
            sending.note_over()
            return not sending.under_way

        wait_until(over, "what was sent is noted", 40)

    yield turn
    for sending in begun:
        sending.stop()


@pytest.fixture
def rows() -> Callable[[], list[Delivery]]:
    """Lists the deliveries as they stand."""

    def read() -> list[Delivery]:
        db.session.rollback()
        return db.session.query(Delivery).order_by(Delivery.id).all()

    return read
