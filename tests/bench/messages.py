"""How long ten thousand messages take, and for how long at most somebody else waits to write.

    .venv/bin/python tests/bench/messages.py [messages]

A gateway on this machine takes most numbers, refuses some for a while and some for good, hangs,
redirects and answers late; a mail server takes every tenth message. Beside them a thread writes
and is timed. Each message that is taken has to arrive once.
"""

from __future__ import annotations

import json
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import quantiles
from typing import Any

# In the place of this folder, whose `public.py` is not the package that aiosmtpd wants.
sys.path.remove(str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import func, select

from compete import create_app
from compete.config import Config, SmsSettings
from compete.domain import read_bundle
from compete.domain.values.states import DeliveryState
from compete.models import Account, Competition, Delivery, db
from compete.services.accounts.accounts import create_account
from compete.services.competitions.loading import load_bundle
from compete.services.kernel import audit
from compete.services.kernel.chunks import in_chunks
from compete.services.kernel.transactions import unit_of_work
from compete.services.kernel.write_holds import forget_holds, longest_holds
from compete.services.outbox.message_acts import go_on_with_messages, stop_messages
from compete.services.outbox.messages import AT_ONCE, Draft, put_messages, sizes_of
from compete.services.outbox.worker import Sending
from tests.support.databases import migrate
from tests.support.ports import free_port
from tests.support.small import small

LATE = 3.0
TAKEN = ("ok",) * 14 + ("late",)
KINDS = (*TAKEN, "hang", "500", "redirect", "dead", "later")


class Gateway:
    """An SMS gateway that answers by the last digits of the number."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        self.over = threading.Event()
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                gateway.answer(self, body["to"])

            def log_message(self, *_words: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 1024

            def handle_error(self, *_words: Any) -> None:
                """Who hung up heard no answer: that is what is tried here."""

        self.server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, asked: BaseHTTPRequestHandler, number: str) -> None:
        """Answer a message to a number."""
        kind = KINDS[int(number[-8:]) % len(KINDS)]
        if kind == "hang":
            self.over.wait(60)
        if kind == "late":
            time.sleep(LATE)
        if kind in TAKEN:
            self.taken[number] += 1
        words = {"dead": "DEAD", "later": "LATER"}.get(kind, "OK")
        asked.send_response({"500": 500, "redirect": 302}.get(kind, 200))
        asked.end_headers()
        asked.wfile.write(words.encode())


class MailBox:
    """A mail server that takes everything."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Take a mail."""
        self.taken[envelope.rcpt_tos[0]] += 1
        return "250 OK"


@contextmanager
def house(gateway: Gateway, port: int) -> Iterator[tuple[Flask, Competition, Account]]:
    """An installation with a small competition that speaks to these servers."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        config = Config.from_env({"COMPETE_DATA_DIR": str(folder)})
        migrate(config.database_url, folder)
        sms = SmsSettings(
            url=f"http://127.0.0.1:{gateway.server.server_port}/",
            body='{"to": "{phone}", "text": "{text}"}',
            header="",
            taken=("OK",),
            dead=("DEAD",),
            signature="竞赛台",
        )
        mail = f"mailto://127.0.0.1:{port}?from=a@example.cn&mode=insecure"
        address = "https://js.example"
        app = create_app(replace(config, base_url=address, mail_url=mail, sms=sms))
        with app.app_context():
            by = create_account("吴敏", is_admin=True)
            yield app, load_bundle(read_bundle(json.dumps(small()).encode()), by=by), by


def drafts(count: int) -> Iterator[Draft]:
    """Messages to so many people, each tenth by mail."""
    for number in range(count):
        values = {"name": f"人{number}", "competition": "小赛", "what": "公布", "link": "x"}
        if number % 10 == 0:
            address = f"p{number}@example.cn"
            yield Draft(f"account {number}", "mail", address, values, "a")
        else:
            yield Draft(f"entrant {number}", "sms", f"138{number:08}", values, "a")


@contextmanager
def writing_beside(app: Flask, number: int) -> Iterator[list[float]]:
    """Somebody else who writes meanwhile: the seconds that each write took."""
    over, seconds = threading.Event(), list[float]()

    def write() -> None:
        with app.app_context():
            while not over.wait(0.02):
                begun = time.monotonic()
                with unit_of_work() as session:
                    competition = session.get_one(Competition, number)
                    audit.record(competition, None, "message.words", "beside")
                seconds.append(time.monotonic() - begun)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield seconds
    finally:
        over.set()
        thread.join()


def show(name: str, begun: float) -> None:
    """Print a step, what it took, and the longest hold of the write lock until now."""
    longest = max(longest_holds(), key=lambda hold: hold.cpu, default=None)
    hold = "" if longest is None else f", longest hold {longest.cpu * 1000:.0f} ms of the processor"
    print(f"{name:34} {time.monotonic() - begun:7.2f} s{hold}")


def run(app: Flask, competition: Competition, by: Account, count: int) -> None:
    """Write them, stop them, let them go on, and send all that anybody takes."""
    begun = time.monotonic()
    for part in in_chunks(list(drafts(count)), AT_ONCE):
        with unit_of_work():
            put_messages(competition, "results", part)
    show(f"{count} written", begun)
    begun = time.monotonic()
    stop_messages(competition, by)
    show("all stopped", begun)
    begun = time.monotonic()
    go_on_with_messages(competition, by)
    show("all let go on", begun)
    begun, sending = time.monotonic(), Sending()
    try:
        while time.monotonic() - begun < 600:
            sending.start_due()
            sending.wait(0.05)
            sending.note_over()
            untried = db.session.scalar(
                select(func.count()).where(
                    Delivery.state == DeliveryState.WAITING, Delivery.attempt == 0
                )
            )
            db.session.rollback()
            if not untried:
                break
    finally:
        sending.stop()
    show("each tried", begun)


def main(count: int) -> int:
    """Run it; exit status 1 where a message came twice or not, or the lock was kept too long."""
    gateway, box, port = Gateway(), MailBox(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        with house(gateway, port) as (app, competition, by):
            with writing_beside(app, competition.id) as alone:
                time.sleep(10)
            forget_holds()
            with writing_beside(app, competition.id) as seconds:
                run(app, competition, by, count)
            sizes = sizes_of(competition)
    finally:
        gateway.over.set()
        controller.stop()
    phones = [number for number in range(count) if number % 10]
    taken = sum(KINDS[number % len(KINDS)] in TAKEN for number in phones)
    once = set(gateway.taken.values()) == {1} and set(box.taken.values()) == {1}
    whole = (len(gateway.taken), len(box.taken)) == (taken, count - len(phones))
    longest = max((hold.cpu for hold in longest_holds()), default=0.0)
    print({state.value: number for state, number in sizes.items()})
    print(f"each once: {once}, all that is taken came: {whole}")
    for name, measured in (("alone", alone), ("beside the messages", seconds)):
        half, most = quantiles(measured, n=100)[49::49]
        print(
            f"somebody else's write {name}: half {half * 1000:.1f} ms, 99 % {most * 1000:.1f} ms,"
            f" at most {max(measured):.2f} s, {len(measured)} writes"
        )
    return 0 if once and whole and longest < 0.25 else 1


if __name__ == "__main__":
    sys.exit(main(int(next(iter(sys.argv[1:]), "10000"))))
