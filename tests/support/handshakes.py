"""Handshakes in memory: certificates for a test, and what a client makes of a server."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from compete.config import Config
from compete.tls.authority import Identity
from compete.tls.files import pem
from compete.tls.keeping import folder_of
from compete.tls.names import Name
from compete.tls.renewing import renew


def certify(config: Config, *names: Name) -> Path:
    """Certify as `compete cert NAMES` does; return the authority as a file for clients."""
    kept = renew(folder_of(config.data_dir), names, datetime.now(UTC))
    path = config.data_dir / "root.pem"
    path.write_bytes(kept.authority.certificate.public_bytes(Encoding.PEM))
    return path


def trusting(root: x509.Certificate | None) -> ssl.SSLContext:
    """Make a client that trusts this authority alone, or nobody; as strict as the rules are."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    if root is not None:
        context.load_verify_locations(cadata=root.public_bytes(Encoding.PEM).decode())
    return context


def shake_hands(
    server: Identity,
    root: x509.Certificate | None,
    host: str,
    folder: Path,
    chain: tuple[x509.Certificate, ...] = (),
) -> str:
    """The TLS version that a client which calls `host` agrees on with the server.

    Raises ssl.SSLCertVerificationError where the client does not trust it. The
    server shows `chain` besides its own certificate.
    """
    path = folder / "shown.pem"
    path.write_bytes(
        pem(server) + b"".join(certificate.public_bytes(Encoding.PEM) for certificate in chain)
    )
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(path)
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = trusting(root).wrap_bio(back, there, server_hostname=host)
    other = serving.wrap_bio(there, back, server_side=True)
    waiting = [client, other]
    while waiting:
        for side in list(waiting):
            try:
                side.do_handshake()
                waiting.remove(side)
            except ssl.SSLWantReadError:
                continue
    return str(client.version())
