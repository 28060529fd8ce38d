"""Framing of an answer on the line: by h11, which read what was asked, or without it."""

from __future__ import annotations

import h11

from compete.server.answers import Answer

_BODILESS = (204, 304)


class ByH11:
    """Framing by h11: the ordinary way."""

    def __init__(self, http: h11.Connection) -> None:
        self._http = http

    def head(self, answer: Answer, *, last: bool) -> bytes:
        """The head; `last` says that the line ends with this answer.

        Raises `h11.LocalProtocolError` where one of the two sides broke the rules of HTTP.
        """
        fields = _fields(answer)
        if last or self._http.their_state is not h11.DONE:
            fields.append(("connection", "close"))
        sent = self._http.send(
            h11.Response(status_code=answer.status, headers=fields, reason=answer.reason)
        )
        return sent or b""

    def piece(self, piece: bytes) -> bytes:
        """Frame a piece of the body."""
        return self._http.send(h11.Data(data=piece)) or b""

    def end(self) -> bytes:
        """The bytes that follow the last piece."""
        return self._http.send(h11.EndOfMessage()) or b""

    def next_may_come(self) -> bool:
        """True if the line stays, and is ready for another request."""
        if (self._http.our_state, self._http.their_state) != (h11.DONE, h11.DONE):
            return False
        self._http.start_next_cycle()
        return True


class Plain:
    """Framing without h11 for plain questions (`at_once`), the same to the byte."""

    def head(self, answer: Answer, *, last: bool) -> bytes:
        """The head."""
        fields = _fields(answer)
        if last:
            fields.append(("connection", "close"))
        lines = [f"HTTP/1.1 {answer.status} {answer.reason}"]
        lines += [f"{name}: {value}" for name, value in fields]
        return "\r\n".join([*lines, "", ""]).encode("latin-1")

    def piece(self, piece: bytes) -> bytes:
        """Frame a piece of the body, whose length the head has told."""
        return piece

    def end(self) -> bytes:
        """No bytes: nothing follows."""
        return b""

    def next_may_come(self) -> bool:
        """True always: a request that wanted otherwise was not plain."""
        return True


def _fields(answer: Answer) -> list[tuple[str, str]]:
    fields = [(name.lower(), value) for name, value in answer.headers]
    names = {name for name, _value in fields}
    ends = answer.more is None and answer.status not in _BODILESS
    if "content-length" not in names and ends:
        fields.append(("content-length", str(answer.size)))
    return fields
