"""Connection: reads requests to their end, then has them answered, then sends.

At any moment it does one of these things (`Phase`), and `until` is when it has
had time enough for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import h11

from compete.server.answers import Answer, plain
from compete.server.asked import Whole, base_environ
from compete.server.at_once import SetAside
from compete.server.framing import ByH11, Plain
from compete.server.house import House, Phase


class Line(asyncio.Protocol):
    """A line that can be written to, and held up."""

    transport: asyncio.Transport

    def __init__(self) -> None:
        self._paused = False

    def _say(self, data: bytes | None) -> None:
        if data:
            self.transport.write(data)

    def _pause(self) -> None:
        if not self._paused:
            self._paused = True
            self.transport.pause_reading()

    def _resume(self) -> None:
        if self._paused:
            self._paused = False
            self.transport.resume_reading()


_PLAIN = Plain()
_TWO_LENGTHS = {b"content-length", b"transfer-encoding"}
"""Headers that together let one of two readers take the end for another request's beginning."""
_CONTINUE = h11.InformationalResponse(status_code=100, headers=[], reason="Continue")


class Connection(Line):
    """An HTTP/1.1 connection with whoever is at the other end."""

    def __init__(self, house: House) -> None:
        super().__init__()
        self.house, self.limits, self.loop = house, house.limits, house.loop
        self.phase = Phase.READING
        self.until = 0.0
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=house.limits.head)
        self._by_h11 = ByH11(self._http)
        self._frames: ByH11 | Plain = self._by_h11
        self._base: dict[str, Any] = {}
        self._request: Whole | None = None
        self.begun: float | None = None
        self._answer: Answer | None = None
        self._pieces: Iterator[bytes] | None = None
        self._unsent = -1
        self._full = False
        self._read_on = False
        self._taken = 0
        self._on_disk = 0
        self._untaken = 0
        self._hasty = False
        self._all_said = False
        self._aside: SetAside | None = None
        self.address = ""

    # Called by the transport.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin with a client who has connected."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        # An answer is out when all of it is with the system; not before that is the next begun.
        transport.set_write_buffer_limits(high=1, low=0)
        info = transport.get_extra_info
        self._base = base_environ(
            info("peername") or ("", 0),
            info("sockname") or ("", 0),
            secure=info("sslcontext") is not None,
            processes=self.house.processes,
        )
        self.address = self._base["REMOTE_ADDR"]
        self.house.everyone.add(self)
        self._wait_for_request()

    def connection_lost(self, exc: Exception | None) -> None:
        """End with a client who is gone; work that was begun is still done."""
        del exc
        # A thread that still reads the body lets go of it when it has answered.
        if self.phase is not Phase.WORKING and self._request is not None:
            self._request.drop()
        self.phase = Phase.CLOSED
        self.house.everyone.discard(self)
        self.house.waiting.pop(self, None)
        self._forget()

    def data_received(self, data: bytes) -> None:
        """Take bytes that came."""
        if self.phase is Phase.READING:
            if self.begun is None:
                if self._answered_at_once(data):
                    return
                self.begun = self.loop.time()
            self._http.receive_data(data)
            self._read()
            self._set_patience()
        elif self.phase is Phase.DRAINING:
            self._http.receive_data(data)
            self._drain(len(data))
        elif self.phase is Phase.LINGERING:
            self._taken += len(data)
            if self._taken > self.limits.lingered:
                self.abandon()
        else:
            # The next request before this one's answer: kept, and no more taken meanwhile.
            (self._aside.keep if self._aside is not None else self._http.receive_data)(data)
            self._pause()

    def eof_received(self) -> bool:
        """Take the end of their bytes; who still waits for an answer gets it."""
        if self.phase in (Phase.WORKING, Phase.SENDING):
            self._all_said = True
            return True
        self._close()
        return False

    def pause_writing(self) -> None:
        """Pause: they take more slowly than we send."""
        self._full = True

    def resume_writing(self) -> None:
        """Resume: they have taken nearly all that was sent."""
        self._full, self._unsent = False, -1
        if self.phase is Phase.SENDING:
            # The transport is still writing: hanging up now would end the connection twice.
            self.loop.call_soon(self._send_on)

    # Reading.

    def _wait_for_request(self) -> None:
        self.phase, self.begun, self._request = Phase.READING, None, None
        self.house.waiting[self] = None
        self._set_patience()

    def _set_patience(self) -> None:
        if self.phase is Phase.READING:
            request = self._request
            size = None if request is None else max(request.declared, request.size)
            self.until = self.limits.patience(
                self.loop.time(), self.until, self.begun, size, stopping=self.house.stopping
            )

    def _read(self) -> None:
        while self.phase is Phase.READING:
            try:
                event = self._http.next_event()
            except h11.RemoteProtocolError as fault:
                self._send(plain(fault.error_status_hint))
                return
            if isinstance(event, h11.Request):
                self._begin(event)
            elif isinstance(event, h11.Data):
                self._keep(bytes(event.data))
            elif isinstance(event, h11.EndOfMessage):
                self._hand_over()
            elif isinstance(event, h11.ConnectionClosed):
                self._close()
            else:
                return

    def _begin(self, event: h11.Request) -> None:
        request = Whole(event.method, event.target, event.http_version, event.headers)
        self._request = request
        if sum(len(name) + len(value) for name, value in event.headers) > self.limits.head:
            # The parser looks at the size of what is not whole yet, and no further.
            self._send(plain(431))
        elif request.ways is None or {name for name, _value in event.headers} >= _TWO_LENGTHS:
            self._send(plain(400))
        elif request.declared > self.limits.body:
            request.refused = True
            self._hand_over()
        elif self._http.they_are_waiting_for_100_continue:
            self._say(self._http.send(_CONTINUE))

    def _keep(self, piece: bytes) -> None:
        request, limits = self._request, self.limits
        assert request is not None
        if request.size + len(piece) > limits.body:
            request.drop()
            request.size += len(piece)
            request.refused = True
            self._hand_over()
            return
        try:
            request.keep(piece, limits.memory)
        except OSError:
            self._send(plain(503))
            return
        grown = (request.size if request.size > limits.memory else 0) - self._on_disk
        self._on_disk += grown
        self.house.on_disk += grown
        if grown and self.house.on_disk > limits.disk + limits.body:
            self._send(plain(503))

    def _hand_over(self) -> None:
        request = self._request
        assert request is not None
        self.phase, self.until = Phase.WORKING, float("inf")
        self.house.waiting.pop(self, None)
        if not request.refused and self._http.trailing_data[0]:
            # More has come than this request: no more is read before it is answered.
            self._hasty = True
            self._pause()
        environ = request.environ(self._base, self._ask_to_read_on)
        self.house.serve(self, environ, hasty=self._hasty)

    def _ask_to_read_on(self) -> None:
        # Called by the thread at work, before it answers.
        self._read_on = True

    def _answered_at_once(self, came: bytes) -> bool:
        ready = self.house.ready
        request = ready.parse(came) if ready is not None and not self.house.stopping else None
        if request is None:
            return False
        environ = request.environ(self._base, self._ask_to_read_on)
        if ready is not None and ready.waits:
            self._request, self._aside = request, SetAside(came)
            self.phase, self.until = Phase.WORKING, float("inf")
            self.house.waiting.pop(self, None)
            self.house.answer_together(self, environ)
            return True
        answer = self.house.ready_answer(environ)
        if answer is not None:
            self._request, self._frames = request, _PLAIN
            self._send(answer)
        return answer is not None

    # A body that was refused.

    def _drain(self, came: int) -> None:
        self._taken += came
        while self.phase is Phase.DRAINING:
            try:
                event = self._http.next_event()
            except h11.RemoteProtocolError:
                event = h11.NEED_DATA
                self._taken = self.limits.drained
            if isinstance(event, h11.EndOfMessage) or self._taken >= self.limits.drained:
                assert self._answer is not None
                self._send(self._answer)
            elif not isinstance(event, h11.Data):
                return

    # Answering.

    def answered_hasty(self, answer: Answer) -> None:
        """Send the answer of the application, made by one of the threads for the hasty."""
        self.house.hasty_served()
        self.answered(answer)

    def answered_together(self, answer: Answer | None) -> None:
        """Send an answer made for many at once; None where a thread is to answer this one."""
        aside, self._aside = self._aside, None
        if self.phase is Phase.CLOSED or aside is None:
            return
        if answer is None:
            self._wait_for_request()
            self._resume()
            # Not a question that is asked anew: so it is read with care.
            self.begun = self.loop.time()
            self.data_received(aside.all)
            return
        self._frames = _PLAIN
        if after := aside.after:
            self._http.receive_data(after)
        self._send(answer)

    def answered(self, answer: Answer) -> None:
        """Send the answer of the application."""
        if self.phase is Phase.CLOSED:
            if self._request is not None:
                self._request.drop()
            answer.close()
        elif self._read_on:
            self._read_on, self._answer = False, answer
            self.phase, self.until = Phase.DRAINING, self.loop.time() + self.limits.draining
            self._taken = 0
            self._resume()
            if self._http.they_are_waiting_for_100_continue:
                self._send(answer)
            else:
                self._drain(0)
        else:
            self._send(answer)

    def _send(self, answer: Answer) -> None:
        self.house.waiting.pop(self, None)
        self.phase, self._answer = Phase.SENDING, answer
        self.begun = self.loop.time()
        patience = self.limits.last_answer if self.house.stopping else self.limits.silence
        self.until, self._unsent = self.begun + patience, -1
        self._untaken = answer.untaken
        self.house.hold(self, self._untaken)
        if self._request is not None:
            self._request.drop()
        try:
            head = self._frames.head(answer, last=self.house.stopping)
        except h11.LocalProtocolError:
            # The other side broke the rules of HTTP, or the application did.
            self._close()
            return
        self._pieces = answer.pieces() if self._with_body(answer) else iter(())
        if answer.more is not None and self._with_body(answer) and self.house.has_room_to_follow():
            self._say(head + b"".join(map(self._frames.piece, self._pieces)))
            self._pieces, self.phase, self.until = None, Phase.FOLLOWING, float("inf")
            self.house.follow(self, answer.more)
            return
        if answer.file is None and answer.size <= 64 * 1024:
            # Most answers: one piece, one packet.
            head += b"".join(map(self._frames.piece, self._pieces)) + self._frames.end()
            self._pieces = None
        self._say(head)
        self._send_on()

    def more_came(self, piece: bytes | None) -> None:
        """Send what more there is of a body that is followed; None ends it."""
        if self.phase is not Phase.FOLLOWING or self._answer is None:
            return
        now = self.loop.time()
        if piece is None or (self._full and now - (self.begun or 0) > self.limits.silence):
            self._end_following()
            return
        # Without a line now and then nobody knows whether the other side is there.
        if not piece and now - (self.begun or 0) >= self.limits.beat:
            piece = b"\n"
        if piece:
            self.begun = now
            self._say(self._frames.piece(piece))
        assert self._answer.more is not None
        self.house.follow(self, self._answer.more)

    def _end_following(self) -> None:
        if self._full:
            self.abandon()
            return
        self._say(self._frames.end())
        self._close()

    def _with_body(self, answer: Answer) -> bool:
        head = self._request is not None and self._request.method == b"HEAD"
        return not head and answer.status not in (204, 304)

    def _send_on(self) -> None:
        if self.phase is not Phase.SENDING:
            return
        if self._pieces is not None:
            self._send_pieces(self._pieces)
        if self._pieces is None and not self._full and self.phase is Phase.SENDING:
            self._sent()

    def _send_pieces(self, pieces: Iterator[bytes]) -> None:
        try:
            while not self._full:
                piece = next(pieces, None)
                if piece is None:
                    self._say(self._frames.end())
                    self._pieces = None
                    return
                self._say(self._frames.piece(piece))
        except (OSError, h11.LocalProtocolError):
            # The file gave less than it had, or more than was said.
            self.abandon()

    def _sent(self) -> None:
        self._forget()
        if self._frames.next_may_come():
            self._frames = self._by_h11
            self._wait_for_request()
            self._resume()
            # Bytes that are there already came before the answer was out.
            self._hasty = bool(self._http.trailing_data[0])
            if self._hasty:
                self.begun = self.loop.time()
                self._read()
                self._set_patience()
            if self._all_said and self.phase is Phase.READING:
                self._close()
        elif self._http.their_state in (h11.SEND_BODY, h11.ERROR):
            # Hanging up on who still talks would take the answer from them.
            self.phase, self._taken = Phase.LINGERING, 0
            self.until = self.loop.time() + self.limits.lingering
            self._resume()
        else:
            self._close()

    # The end, and small things.

    def overdue(self, now: float) -> None:
        """End what takes too long; called while `until` lies behind."""
        if self.phase is Phase.SENDING:
            left = self.transport.get_write_buffer_size()
            size = self._answer.size if self._answer else 0
            in_time = now < (self.begun or 0) + self.limits.in_all(size)
            if left != self._unsent and in_time and not self.house.stopping:
                self._unsent, self.until = left, now + self.limits.silence
                return
        elif self.phase is Phase.DRAINING and self._answer is not None:
            self._send(self._answer)
            return
        self.abandon()

    def hurry(self) -> None:
        """Hurry as the server stops: no more requests after the one that is on its way."""
        if self.phase is Phase.READING:
            now = self.loop.time()
            idle = self.begun is None
            wait = self.limits.last_word if idle else self.limits.last_request
            self.until = min(self.until, now + wait)
        elif self.phase is Phase.SENDING:
            self.until = min(self.until, self.loop.time() + self.limits.last_answer)
        elif self.phase is Phase.FOLLOWING:
            self._end_following()
        elif self.phase is Phase.LINGERING:
            self.abandon()

    def abandon(self) -> None:
        """Hang up at once."""
        self.phase = Phase.CLOSED
        self.house.everyone.discard(self)
        self.house.waiting.pop(self, None)
        self._forget()
        self.transport.abort()

    def _close(self) -> None:
        """Hang up when all that was sent has been taken."""
        if self.transport.get_write_buffer_size():
            self.phase, self._pieces = Phase.LINGERING, None
            self.until = self.loop.time() + self.limits.silence
        else:
            self.phase, self.until = Phase.CLOSED, self.loop.time() + self.limits.lingering
        self.transport.close()

    def _forget(self) -> None:
        if self._answer is not None:
            self._answer.close()
        self._answer = self._pieces = None
        self.house.on_disk -= self._on_disk
        self.house.let_go(self.address, self._untaken)
        self._on_disk = self._untaken = 0
