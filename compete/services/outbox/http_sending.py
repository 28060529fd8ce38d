"""Sending one request to an address that was looked at first: by HTTP/1.1, without a redirect.

All of it within `ANSWER_WITHIN`, from the name's look-up to the head of the answer, however
slowly the other side drips: nothing here waits longer, and many wait at a time in one thread.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import lru_cache
from typing import NamedTuple

import certifi
import h11

from compete.services.kernel.refusal import Refused
from compete.services.outbox.house_addresses import may_be_reached, port_of, split_url

ANSWER_WITHIN = 15.0
_READ = 16_384


class Sent(NamedTuple):
    """What came of a try: the status of the answer, or why there was none; how long it took."""

    status: int | None
    why: str | None
    ms: int

    @property
    def good(self) -> bool:
        """True if the other side took it."""
        return self.why is None


class Request(NamedTuple):
    """A POST: to which address, with which heads and body; `hosts` may be inside the house."""

    url: str
    headers: Mapping[str, str]
    body: bytes
    hosts: Collection[str] = ()


def send_and_wait(request: Request, within: float) -> Sent:
    """Send it once, and wait for what comes of it, whatever runs in this thread."""
    with ThreadPoolExecutor(1, "outbox-one") as own:
        return own.submit(asyncio.run, send(request, within)).result()


async def send(request: Request, within: float) -> Sent:
    """Send it once; what goes wrong is an answer too."""
    began = time.monotonic()
    status: int | None = None
    why: str | None = None
    try:
        async with asyncio.timeout(within):
            status = await _answered(request)
        if not 200 <= status < 300:
            why = "redirect" if 300 <= status < 400 else "status"
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
    return Sent(status, why, round((time.monotonic() - began) * 1000))


class _InsideError(Exception):
    """The name leads into the house."""


async def _answered(request: Request) -> int:
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
        while True:
            heard = talk.next_event()
            if isinstance(heard, h11.Response):
                return heard.status_code
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
