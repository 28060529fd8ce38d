"""The worker that sends what waits: in each process a thread, of which one at a time has the turn.

Nothing is noted before a try: whoever dies between sending and noting leaves it waiting, and it is
sent again under the same id. A receiver has one delivery on its way, and waits for no other.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from datetime import datetime
from typing import Any

from sqlalchemy import select

from compete.models import Competition, Delivery, db, utc_now
from compete.services.jobs.one_at_a_time import worker_lock
from compete.services.kernel.competition_settings import MessagePlan
from compete.services.kernel.installation import installation_here
from compete.services.kernel.news import outbox_bell
from compete.services.outbox.channels import AT_ONCE, Channel, sending
from compete.services.outbox.deliveries import due_now, forget_deliveries, note_tries
from compete.services.outbox.http_sending import ANSWER_WITHIN, Sent, and_wait, send
from compete.services.outbox.messages import end_past, is_past, plan_of, text_of, title_of
from compete.services.outbox.rounds import look_at_clock, write_due_slice
from compete.services.outbox.webhooks import request_of

_MOST_AT_ONCE = 2_000
_NOTED_AT_ONCE = 20
_LOOK_EVERY, _TURN_EVERY, _FORGET_EVERY = 1.0, 15.0, 600.0
_log = logging.getLogger("compete.outbox")


class Sending:
    """What is on its way: requests in a loop of their own, and what came of them."""

    def __init__(self, within: float = ANSWER_WITHIN) -> None:
        self._within, self._bell = within, outbox_bell()
        self._busy: set[str] = set()
        self._over: deque[tuple[int, str, datetime, Sent]] = deque()
        self._loop = asyncio.new_event_loop()
        # Of names that nobody answers for as many may be asked at a time.
        self._names = ThreadPoolExecutor(_MOST_AT_ONCE, "outbox-names")
        self._loop.set_default_executor(self._names)
        self._mails = ThreadPoolExecutor(AT_ONCE[Channel.MAIL], "outbox-mail")
        self._thread = threading.Thread(target=self._loop.run_forever, name="outbox", daemon=True)
        self._thread.start()

    @property
    def under_way(self) -> int:
        """The number of deliveries that were begun and are not noted yet."""
        return len(self._busy)

    def start_due(self) -> None:
        """Begin to send what is due: of each receiver that is free the first."""
        due = due_now(self._busy, _MOST_AT_ONCE - len(self._busy))
        rows = db.session.scalars(select(Delivery).where(Delivery.id.in_([row.id for row in due])))
        now, past = utc_now(), []
        for row in rows:
            if is_past(row, now):
                past.append(row.id)
            else:
                self._begin(row)
        db.session.rollback()
        end_past(past)

    def _begin(self, row: Delivery) -> None:
        number, receiver, at = row.id, row.receiver, utc_now()

        def keep(it: Future[Sent]) -> None:
            if it.cancelled():
                return
            error = it.exception()
            if error is not None:
                _log.error("delivery %s was not sent", number, exc_info=error)
            self._over.append(
                (number, receiver, at, Sent(None, "error", 0) if error else it.result())
            )
            self._bell.set()

        self._busy.add(receiver)
        try:
            going = _what_sends(row, at, self._mails)(self._within)
        except Exception:
            # A setting that cannot be read, words that name no field: of no other's business.
            _log.exception("delivery %s was not sent", number)
            self._over.append((number, receiver, at, Sent(None, "error", 0)))
            self._bell.set()
            return
        asyncio.run_coroutine_threadsafe(going, self._loop).add_done_callback(keep)

    def note_over(self) -> None:
        """Note what came of tries since; where that fails they are sent again."""
        while self._over:
            ended = [self._over.popleft() for _ in range(min(_NOTED_AT_ONCE, len(self._over)))]
            try:
                note_tries([(number, at, sent) for number, _receiver, at, sent in ended])
            finally:
                self._busy.difference_update(receiver for _number, receiver, _at, _sent in ended)

    def wait(self, seconds: float) -> None:
        """Wait until something came of a try, something new waits, or the time is over."""
        self._bell.wait(seconds)
        self._bell.clear()

    def stop(self) -> None:
        """End the loop; what is on its way is sent again by whoever comes next."""
        asyncio.run_coroutine_threadsafe(_break_off(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._names.shutdown(wait=False)
        self._mails.shutdown(wait=False)
        self._loop.close()


def _what_sends(
    row: Delivery, at: datetime, threads: Executor | None = None
) -> Callable[[float], Coroutine[Any, Any, Sent]]:
    """Make what sends a delivery, called with how long it may take: to a webhook, or a message."""
    if row.address is None:
        request = request_of(row, at)
        return lambda within: send(request, within)
    competition = db.session.get(Competition, row.competition_id) if row.competition_id else None
    plan = MessagePlan() if competition is None else plan_of(competition)
    to, text = row.address.address, text_of(row, plan)
    assert to is not None
    return sending(row.address.channel, to, title_of(row), text, row.public_id, threads)


async def _break_off() -> None:
    under_way = asyncio.all_tasks() - {asyncio.current_task()}
    for task in under_way:
        task.cancel()
    await asyncio.gather(*under_way, return_exceptions=True)


class OutboxWorker:
    """The thread of one process; `stop` ends it."""

    def __init__(self, within: float = ANSWER_WITHIN) -> None:
        self._here, self._within, self._bell = installation_here(), within, outbox_bell()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="outbox-turn", daemon=True)

    def start(self) -> None:
        """Begin; in a process that doesn't fork any more."""
        self._thread.start()

    def stop(self) -> None:
        """Send nothing more, and wait for the end of that."""
        self._over.set()
        self._bell.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.is_set():
            try:
                with self._here.inside(), worker_lock(0, "outbox") as mine:
                    if mine:
                        self._work()
            except Exception:
                # A database put back, a full disk: the next turn will see.
                _log.exception("the outbox was left")
            self._over.wait(_TURN_EVERY)

    def _work(self) -> None:
        sending, forgotten = Sending(self._within), 0.0
        try:
            while not self._over.is_set():
                sending.start_due()
                waits = 0.0 if write_due_slice() else _LOOK_EVERY
                sending.wait(waits)
                sending.note_over()
                look_at_clock()
                if time.monotonic() - forgotten > _FORGET_EVERY and not forget_deliveries():
                    forgotten = time.monotonic()
        finally:
            sending.stop()


def start_outbox(within: float = ANSWER_WITHIN) -> OutboxWorker:
    """Start sending for this process and the installation that the session belongs to."""
    worker = OutboxWorker(within)
    worker.start()
    return worker


def send_now(public_id: str) -> Sent:
    """Send one delivery here and now, and note what came of it."""
    row = db.session.scalars(select(Delivery).where(Delivery.public_id == public_id)).one()
    number, at = row.id, utc_now()
    send_it = _what_sends(row, at)
    db.session.rollback()
    sent = and_wait(send_it(ANSWER_WITHIN))
    note_tries([(number, at, sent)])
    return sent
