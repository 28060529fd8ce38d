"""Sending one request to an address that was looked at first: by HTTP/1.1, without a redirect.

All of it within `ANSWER_WITHIN`, from the name's look-up to the head of the answer, however
slowly the other side drips: nothing here waits longer, and many wait at a time in one thread.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import lru_cache
from typing import Any, NamedTuple

import certifi
import h11

from compete.services.kernel.refusal import Refused
from compete.services.outbox.house_addresses import may_be_reached, port_of, split_url

ANSWER_WITHIN = 15.0
_READ = 16_384
_SHOWN = 300


class Sent(NamedTuple):
    """What came of a try: the status of the answer, or why there was none; how long it took.

    `for_good`: the address will never take anything. `answer` is what the other side wrote, for
    who tries by hand; it may name the address and is kept nowhere.
    """

    status: int | None
    why: str | None
    ms: int
    for_good: bool = False
    answer: str = ""

    @property
    def good(self) -> bool:
        """True if the other side took it."""
        return self.why is None


class Verdict(NamedTuple):
    """What an answer that was read comes to: why it was no yes, and for how long."""

    why: str | None
    for_good: bool = False
    status: int | None = None


class Request(NamedTuple):
    """A POST: to which address, with which heads and body; `hosts` may be inside the house.

    With `judge` the answer's body is read, and says whether it was taken.
    """

    url: str
    headers: Mapping[str, str]
    body: bytes
    hosts: Collection[str] = ()
    judge: Callable[[int, bytes], Verdict] | None = None


def and_wait(sending: Coroutine[Any, Any, Sent]) -> Sent:
    """Wait for what comes of a sending, whatever runs in this thread."""
    with ThreadPoolExecutor(1, "outbox-one") as own:
        return own.submit(asyncio.run, sending).result()


async def send(request: Request, within: float) -> Sent:
    """Send it once; what goes wrong is an answer too."""
    began = time.monotonic()
    status: int | None = None
    why: str | None = None
    for_good, body = False, b""
    try:
        async with asyncio.timeout(within):
            status, body = await _answered(request)
        if 300 <= status < 400:
            why = "redirect"
        elif request.judge is not None:
            why, for_good, code = request.judge(status, body)
            status = status if code is None else code
        elif not 200 <= status < 300:
            why = "status"
    except TimeoutError:
        why = "late"
    except _InsideError:
        why = "inside"
    except socket.gaierror:
        why = "name"
    except ssl.SSLError:
        why = "tls"
    except (OSError, EOFError):
        why = "unreachable"
    except (h11.ProtocolError, ValueError, Refused):
        why = "answer"
    ms, answer = round((time.monotonic() - began) * 1000), body.decode(errors="replace")[:_SHOWN]
    return Sent(status, why, ms, for_good, answer)


class _InsideError(Exception):
    """The name leads into the house."""


async def _answered(request: Request) -> tuple[int, bytes]:
    parts = split_url(request.url)
    host, port = parts.hostname or "", port_of(parts)
    addresses = await _addresses_of(host, port)
    if not may_be_reached(request.url, addresses, request.hosts):
        raise _InsideError
    secured = _trust() if parts.scheme == "https" else None
    reader, writer = await _connected(addresses, port, secured, host)
    try:
        head = [("Host", parts.netloc), ("Connection", "close"), *request.headers.items()]
        talk = h11.Connection(h11.CLIENT)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        asked = h11.Request(method="POST", target=target, headers=head)
        for event in (asked, h11.Data(data=request.body), h11.EndOfMessage()):
            writer.write(talk.send(event) or b"")
        # Some refuse before they have read all; what they answered can still be read.
        with suppress(ConnectionError):
            await writer.drain()
        status, body = 0, b""
        while True:
            heard = talk.next_event()
            if isinstance(heard, h11.Response):
                status = heard.status_code
                if request.judge is None:
                    return status, b""
            elif isinstance(heard, h11.Data):
                body += bytes(heard.data)
            if isinstance(heard, h11.EndOfMessage) or len(body) > _READ:
                return status, body
            if isinstance(heard, h11.ConnectionClosed):
                raise EOFError
            if heard is h11.NEED_DATA:
                talk.receive_data(await reader.read(_READ))
    finally:
        writer.transport.abort()


async def _addresses_of(host: str, port: int) -> Sequence[str]:
    loop = asyncio.get_running_loop()
    rows = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in rows))


async def _connected(
    addresses: Sequence[str], port: int, secured: ssl.SSLContext | None, host: str
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect to the first of these addresses, and no other, that answers."""
    failed: OSError = OSError("no address")
    for address in addresses:
        try:
            return await asyncio.open_connection(
                address, port, ssl=secured, server_hostname=host if secured else None
            )
        except ssl.SSLError:
            raise
        except OSError as error:
            failed = error
    raise failed


@lru_cache(maxsize=1)
def _trust() -> ssl.SSLContext:
    """Whom the system trusts (a firm's own authority too), and the public ones."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context
