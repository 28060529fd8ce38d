"""Messages by a mail server, an SMS gateway and robots that listen on this machine."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

from compete.config import Config, SmsSettings
from compete.models import Account, Competition, Delivery, Entrant, db, utc_now
from compete.services.kernel.transactions import unit_of_work
from compete.services.outbox.rounds import write_due_slice
from compete.services.outbox.worker import Sending
from tests.support.receivers import Receiver, receiving


class MailBox:
    """A mail server: takes mail, but for addresses of which `answers` says otherwise."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answers: dict[str, str] = {}
        self.after_data = "250 OK"
        self.slow = threading.Event()

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: Any
    ) -> str:
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Envelope
    ) -> str:
        if self.after_data.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            mail = message_from_bytes(content, policy=policy.default)
            assert isinstance(mail, EmailMessage)
            self.mails.append(mail)
        return self.after_data


@pytest.fixture(scope="session")
def mail_server() -> Iterator[tuple[MailBox, int]]:
    """A mail server for all tests of a worker."""
    from tests.support.served import free_port

    box, port = MailBox(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box, port
    finally:
        controller.stop()


@pytest.fixture
def mail_box(mail_server: tuple[MailBox, int]) -> MailBox:
    """The mail server, empty."""
    box, _port = mail_server
    box.__init__()  # type: ignore[misc]
    return box


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """What answers as a gateway or a robot."""
    with receiving() as receiver:
        receiver.bodies["/sms"] = b'{"code": "OK"}'
        yield receiver


@pytest.fixture
def config(config: Config, mail_server: tuple[MailBox, int], receiver: Receiver) -> Config:
    """The installation has a mail server and an SMS gateway."""
    sms = SmsSettings(
        url=receiver.url("/sms"),
        body='{"to": "{phone}", "text": "{text}"}',
        header="Authorization: Bearer t",
        taken=('"OK"',),
        dead=("EMPTY_NUMBER",),
        signature="竞赛台",
    )
    mail = f"mailto://127.0.0.1:{mail_server[1]}?from=compete@example.cn&mode=insecure"
    return replace(
        config,
        base_url="https://js.example",
        webhook_hosts=("127.0.0.1",),
        mail_url=mail,
        sms=sms,
    )


@pytest.fixture
def phones(fresh: Competition) -> list[Entrant]:
    """The four contestants, each with a phone."""
    with unit_of_work() as session:
        rows = session.query(Entrant).order_by(Entrant.id).all()
        for place, row in enumerate(rows):
            row.phone = f"1380000000{place}"
    return rows


@pytest.fixture
def mailed(organiser: Account) -> Account:
    """The organiser, with a mail address."""
    with unit_of_work() as session:
        account = session.get_one(Account, organiser.id)
        account.mail = "wu@example.cn"
    return account


@pytest.fixture
def go_round_due() -> Callable[[], int]:
    """Works out all messages of the rounds that are due; in how many slices."""

    def turn() -> int:
        slices = 0
        while write_due_slice():
            slices += 1
        return slices

    return turn


@pytest.fixture
def send_due() -> Iterator[Callable[..., None]]:
    """Sends all that is due and notes it, one after another at each address."""
    from tests.support.databases import wait_until

    begun: list[Sending] = []

    def turn(within: float = 15.0) -> None:
        sending = Sending(within)
        begun.append(sending)
        while True:
            sending.start_due()
            if not sending.under_way:
                return

            def over() -> bool:
                sending.note_over()
                return not sending.under_way

            wait_until(over, "what was sent is noted", 40)

    yield turn
    for sending in begun:
        sending.stop()


@pytest.fixture
def rows() -> Callable[[], list[Delivery]]:
    """Lists the messages as they stand."""

    def read() -> list[Delivery]:
        db.session.rollback()
        query = db.session.query(Delivery).filter(Delivery.person.is_not(None))
        return query.order_by(Delivery.id).all()

    return read


@pytest.fixture(autouse=True)
def daytime(monkeypatch: pytest.MonkeyPatch) -> None:
    """No hour is quiet unless a test says so; nothing waits for ten minutes."""
    for file in ("messages", "message_acts"):
        name = f"compete.services.outbox.{file}.after_quiet"
        monkeypatch.setattr(name, lambda _plan, at: at)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[float], None]]:
    """Moves the clock on by so many minutes."""
    travels: list[time_machine.travel] = []

    def move(minutes: float) -> None:
        travel = time_machine.travel(utc_now() + timedelta(minutes=minutes), tick=True)
        travel.start()
        travels.append(travel)

    yield move
    for travel in reversed(travels):
        travel.stop()
