"""HTTP/1.1 as a tablet's browser speaks it: one kept connection, and cookies."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field


class WireError(Exception):
    """No answer: the server is gone, or the network lost something."""


@dataclass(frozen=True)
class Answer:
    """What the server said; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


@dataclass
class Wire:
    """A connection to one server, made again whenever it is lost."""

    host: str
    port: int
    patience: float = 20
    cookies: dict[str, str] = field(default_factory=dict)
    local: str | None = None
    """The address to come from: each has its own limits."""
    tls: ssl.SSLContext | None = None
    _pipe: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def request(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send and wait for the answer. Raises `WireError` where there is none."""
        try:
            async with asyncio.timeout(self.patience):
                return await self._exchange(method, path, body, headers or {})
        except (OSError, EOFError, ValueError, TimeoutError) as error:
            self.drop()
            raise WireError(str(error) or type(error).__name__) from error

    def drop(self) -> None:
        """Hang up."""
        if self._pipe is not None:
            self._pipe[1].close()
            self._pipe = None

    async def _exchange(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str]
    ) -> Answer:
        if self._pipe is not None and self._pipe[0].at_eof():
            # The server closed a connection that had been idle.
            self.drop()
        if self._pipe is None:
            self._pipe = await asyncio.open_connection(
                self.host,
                self.port,
                local_addr=(self.local, 0) if self.local else None,
                ssl=self.tls,
            )
        reader, writer = self._pipe
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.host}:{self.port}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if self.tls is not None:
            # By HTTPS a form is asked from which page it comes.
            lines.append(f"Referer: https://{self.host}:{self.port}/")
        if self.cookies:
            jar = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            lines.append(f"Cookie: {jar}")
        if method == "POST":
            lines.append(f"Content-Length: {len(body)}")
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        await writer.drain()
        return await self._answer(reader)

    async def _answer(self, reader: asyncio.StreamReader) -> Answer:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        status = int(head[0].split(" ", 2)[1])
        headers: dict[str, str] = {}
        for line in filter(None, head[1:]):
            name, _, value = line.partition(": ")
            if name.lower() == "set-cookie":
                self._keep(value)
            headers[name.lower()] = value
        if headers.get("transfer-encoding") == "chunked":
            body = await _chunks(reader)
        else:
            body = await reader.readexactly(int(headers.get("content-length", 0)))
        if headers.get("connection", "").lower() == "close":
            self.drop()
        return Answer(status, headers, body)

    def _keep(self, cookie: str) -> None:
        name, _, value = cookie.partition(";")[0].partition("=")
        if value:
            self.cookies[name] = value
        else:
            self.cookies.pop(name, None)


def trusting_anyone() -> ssl.SSLContext:
    """TLS without a look at whose certificate it is: what is measured is the server."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    parts = []
    while size := int((await reader.readline()).split(b";")[0], 16):
        parts.append(await reader.readexactly(size))
        await reader.readline()
    await reader.readline()
    return b"".join(parts)
