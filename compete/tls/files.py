"""Certificates with their keys as files, which appear whole or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import ec

from compete.domain.values.messages import ToldError, msg
from compete.system_reasons import reason_of
from compete.tls.authority import Identity


class TlsError(ToldError):
    """Error: certificates cannot be used; carries the sentence for the operator."""


def read_identity(path: Path) -> Identity | None:
    """Read a key and its certificate; None without a file. Raises `TlsError` for any other file."""
    try:
        content = path.read_bytes()
        key = form.load_pem_private_key(content, None)
        certificate = x509.load_pem_x509_certificate(content)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        raise _unreadable(path, error) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TlsError(msg("证书文件 %(path)s 里的密钥不是椭圆曲线的", path=str(path)))
    if key.public_key() != certificate.public_key():
        raise TlsError(msg("证书文件 %(path)s 里的密钥和证书不是一对", path=str(path)))
    return Identity(certificate, key)


def read_certificate(path: Path) -> x509.Certificate | None:
    """Read a certificate by itself; None without a file. Raises `TlsError` for any other file."""
    try:
        return x509.load_der_x509_certificate(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> TlsError:
    return TlsError(msg("读不了证书文件 %(path)s：%(why)s", path=str(path), why=reason_of(error)))


def pem(identity: Identity) -> bytes:
    """The content of a file with a key and its certificate."""
    key = identity.key.private_bytes(
        form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption()
    )
    return key + identity.certificate.public_bytes(form.Encoding.PEM)


def write(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Put the whole content in place at once, readable by its owner alone if not told otherwise."""
    os.replace(_beside(path, content, mode), path)


def write_once(path: Path, content: bytes) -> bool:
    """Write as `write`, unless something is there already; True if this content is now in place."""
    made = _beside(path, content)
    try:
        os.link(made, path)
    except FileExistsError:
        return False
    finally:
        made.unlink()
    return True


def _beside(path: Path, content: bytes, mode: int = 0o600) -> Path:
    """Write a new file in the same folder with this content, on the disk for good."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(handle, mode)
            os.fsync(handle)
    except OSError:
        beside.unlink()
        raise
    return beside
