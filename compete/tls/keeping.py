"""Where the authority and the server's certificate are kept, and when a new one is made.

In the folder `tls` of the data folder, which only its owner may enter:
`ca.pem` and `server.pem` hold a key and its certificate, `ca.crt` is for handing
out, `names` are those that the operator gave, one on a line, and `address` is
where HTTPS was last served. Files appear whole or not at all.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import ec

from compete.domain.messages import Message, msg
from compete.tls.authority import Identity, make_authority, make_leaf, names_of
from compete.tls.names import Name, NameRefusedError, read_name

SOON = timedelta(days=30)
"""So long before its end a certificate is renewed, and warned about."""

AUTHORITY, SERVER, HANDOUT, GIVEN, ADDRESS = "ca.pem", "server.pem", "ca.crt", "names", "address"


class TlsError(Exception):
    """Certificates that cannot be used; carries the sentence for the operator."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


@dataclass(frozen=True, slots=True)
class Kept:
    """What is in the folder now, and what of it was just made."""

    authority: Identity
    leaf: Identity
    new_authority: bool
    new_leaf: bool


def folder_of(data_dir: Path) -> Path:
    """The folder of the certificates."""
    return data_dir / "tls"


def load_authority(folder: Path) -> Identity | None:
    """The authority, or None if there is none. Raises `TlsError` if it cannot be read."""
    return _load(folder / AUTHORITY)


def load_leaf(folder: Path) -> Identity | None:
    """The server's certificate, or None if there is none. Raises `TlsError` likewise."""
    return _load(folder / SERVER)


def keep_authority(folder: Path, now: datetime) -> tuple[Identity, bool]:
    """The authority, made once and never again; and whether it is new.

    Raises `TlsError` if the one that is there cannot be read or is near its end.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    place = folder / AUTHORITY
    made = False
    found = load_authority(folder)
    if found is None:
        made = _write_once(place, _pem(make_authority(now)))
        # Of two that were made at the same moment one is kept.
        found = load_authority(folder)
        assert found is not None
    end = found.certificate.not_valid_after_utc
    if end - now < SOON:
        raise TlsError(
            msg(
                "根证书 %(end)s 到期，不能再用它签。把 %(folder)s 改名留存，"
                "再运行一次 compete cert，每台平板都要装新的根证书",
                end=end.date().isoformat(),
                folder=str(folder),
            )
        )
    _write(folder / HANDOUT, found.certificate.public_bytes(form.Encoding.DER))
    return found, made


def keep_leaf(
    folder: Path, authority: Identity, names: Collection[Name], now: datetime
) -> tuple[Identity, bool]:
    """A server's certificate for exactly `names`; and whether it had to be made anew."""
    try:
        found = load_leaf(folder)
    except TlsError:
        found = None
    if found is not None and _serves(found, authority, names, now):
        return found, False
    made = make_leaf(authority, names, now)
    _write(folder / SERVER, _pem(made))
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


def keep_given(folder: Path, names: Collection[Name]) -> None:
    """Remember the names for the next time."""
    text = "".join(f"{name}\n" for name in sorted(map(str, names)))
    _write(folder / GIVEN, text.encode())


def note_address(folder: Path, address: str) -> None:
    """Remember where HTTPS is served, for the page that leads there."""
    _write(folder / ADDRESS, f"{address}\n".encode())


def noted_address(folder: Path) -> str | None:
    """Where HTTPS was last served, as `https://host:port`; None if it never was."""
    path = folder / ADDRESS
    return path.read_text(encoding="utf-8").strip() if path.is_file() else None


def _serves(found: Identity, authority: Identity, names: Collection[Name], now: datetime) -> bool:
    certificate = found.certificate
    try:
        certificate.verify_directly_issued_by(authority.certificate)
    except (InvalidSignature, ValueError, TypeError):
        return False
    if not certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc - SOON:
        return False
    return names_of(certificate) == set(names)


def _load(path: Path) -> Identity | None:
    try:
        content = path.read_bytes()
        key = form.load_pem_private_key(content, None)
        certificate = x509.load_pem_x509_certificate(content)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        raise TlsError(
            msg("读不了证书文件 %(path)s：%(why)s", path=str(path), why=str(error))
        ) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TlsError(msg("证书文件 %(path)s 里的密钥不是椭圆曲线的", path=str(path)))
    if key.public_key() != certificate.public_key():
        raise TlsError(msg("证书文件 %(path)s 里的密钥和证书不是一对", path=str(path)))
    return Identity(certificate, key)


def _pem(identity: Identity) -> bytes:
    key = identity.key.private_bytes(
        form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption()
    )
    return key + identity.certificate.public_bytes(form.Encoding.PEM)


def _write(path: Path, content: bytes) -> None:
    """Put the whole content in place at once, readable by its owner alone."""
    os.replace(_beside(path, content), path)


def _write_once(path: Path, content: bytes) -> bool:
    """As `_write`, unless something is there already; whether this content is now in place."""
    made = _beside(path, content)
    try:
        os.link(made, path)
    except FileExistsError:
        return False
    finally:
        made.unlink()
    return True


def _beside(path: Path, content: bytes) -> Path:
    """A new file in the same folder with this content, on the disk for good."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return beside
