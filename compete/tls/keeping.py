"""Files of the authority and the server's certificate, and when a new one is made.

In the folder `tls` of the data folder, which only its owner may enter:
`ca.pem` and `server.pem` hold a key and its certificate, `ca.crt` is for handing
out, `names` are those that the operator gave, one on a line, and `address` is
where HTTPS was last served. Files appear whole or not at all.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding

from compete.domain.values.days import date_words
from compete.domain.values.messages import msg
from compete.tls.authority import Identity, make_authority, make_leaf, names_of
from compete.tls.files import TlsError, pem, read_certificate, read_identity, write, write_once
from compete.tls.names import Name, NameRefusedError, read_name

SOON = timedelta(days=30)
"""So long before its end a certificate is renewed, and warned about."""

AUTHORITY, SERVER, HANDOUT, GIVEN, ADDRESS = "ca.pem", "server.pem", "ca.crt", "names", "address"


@dataclass(frozen=True, slots=True)
class Kept:
    """The files in the folder now, and which of them were just made."""

    authority: Identity
    leaf: Identity
    new_authority: bool
    new_leaf: bool


def folder_of(data_dir: Path) -> Path:
    """The folder of the certificates."""
    return data_dir / "tls"


def load_authority(folder: Path) -> Identity | None:
    """The authority, or None if there is none. Raises `TlsError` if it cannot be read."""
    return read_identity(folder / AUTHORITY)


def load_leaf(folder: Path) -> Identity | None:
    """The server's certificate, or None if there is none. Raises `TlsError` likewise."""
    return read_identity(folder / SERVER)


def load_handout(folder: Path) -> x509.Certificate | None:
    """The authority's certificate without its key, for pages; None if there is none.

    Raises `TlsError` if it cannot be read.
    """
    return read_certificate(folder / HANDOUT)


def keep_authority(folder: Path, now: datetime) -> tuple[Identity, bool]:
    """Make the authority once and keep it; return it, and True if it is new.

    Raises `TlsError` if the one that is there cannot be read or is near its end.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    place = folder / AUTHORITY
    made = False
    authority = load_authority(folder)
    if authority is None:
        made = write_once(place, pem(make_authority(now)))
        # Of two that were made at the same moment one is kept.
        authority = load_authority(folder)
        assert authority is not None
    end = authority.certificate.not_valid_after_utc
    if end - now < SOON:
        raise TlsError(
            msg(
                "根证书 %(end)s 到期，不能再用它签。把 %(folder)s 改名留存，"
                "再运行一次 compete cert，每台平板都要装新的根证书",
                end=date_words(end),
                folder=str(folder),
            )
        )
    write(folder / HANDOUT, authority.certificate.public_bytes(Encoding.DER))
    return authority, made


def keep_leaf(
    folder: Path, authority: Identity, names: Collection[Name], now: datetime
) -> tuple[Identity, bool]:
    """Keep a server's certificate for exactly `names`; return it, and True if it was made anew."""
    try:
        leaf = load_leaf(folder)
    except TlsError:
        leaf = None
    if leaf is not None and _serves(leaf, authority, names, now):
        return leaf, False
    made = make_leaf(authority, names, now)
    write(folder / SERVER, pem(made))
    return made, True


def given_names(folder: Path) -> set[Name]:
    """Names that the operator gave before. Raises `TlsError` naming one that cannot be read."""
    path = folder / GIVEN
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    try:
        return {read_name(line) for line in lines if line.strip()}
    except NameRefusedError as refused:
        raise TlsError(
            msg("%(path)s 里：%(why)s", path=str(path), why=refused.message)
        ) from refused


def keep_names(folder: Path, names: Collection[Name]) -> None:
    """Remember the names for the next time."""
    text = "".join(f"{name}\n" for name in sorted(map(str, names)))
    write(folder / GIVEN, text.encode())


def note_address(folder: Path, address: str) -> None:
    """Remember where HTTPS is served, for the page that leads there."""
    write(folder / ADDRESS, f"{address}\n".encode())


def noted_address(folder: Path) -> str | None:
    """The address where HTTPS was last served, as `https://host:port`; None if it never was."""
    path = folder / ADDRESS
    return path.read_text(encoding="utf-8").strip() if path.is_file() else None


def _serves(leaf: Identity, authority: Identity, names: Collection[Name], now: datetime) -> bool:
    certificate = leaf.certificate
    try:
        certificate.verify_directly_issued_by(authority.certificate)
    except (InvalidSignature, ValueError, TypeError):
        return False
    if not certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc - SOON:
        return False
    return names_of(certificate) == set(names)
