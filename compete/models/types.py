"""Column types that keep what is put in them: points, instants, secrets."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app
from sqlalchemy import BigInteger, DateTime, Dialect, Integer, LargeBinary, TypeDecorator

POINT_PLACES = 6
_POINT_UNIT = 10**POINT_PLACES
_BIGGEST = 2**63 - 1

# SQLite numbers rows by themselves only in a column declared INTEGER.
BigId = BigInteger().with_variant(Integer, "sqlite")


class PointsError(ValueError):
    """A number that the database cannot hold exactly."""


class Points(TypeDecorator[Decimal]):
    """An exact decimal, kept as a whole number of millionths.

    Raises `PointsError` for more than six places or beyond ±9.2 × 10¹².
    SQLite's NUMERIC is a binary float underneath, so it is never used.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, Decimal | int):
            raise PointsError(f"points must be Decimal or int, {type(value).__name__} found")
        return scaled(Decimal(value))

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else unscaled(value)


def scaled(value: Decimal) -> int:
    """The number in millionths. Raises `PointsError` for one that `Points` cannot keep."""
    if not value.is_finite() or value.adjusted() > 12:
        raise PointsError(f"{value}: too large to be kept")
    units = value.scaleb(POINT_PLACES)
    whole = int(units)
    if whole != units:
        raise PointsError(f"{value}: at most {POINT_PLACES} decimal places can be kept")
    if abs(whole) > _BIGGEST:
        raise PointsError(f"{value}: too large to be kept")
    return whole


@lru_cache(maxsize=65536)
def unscaled(units: int) -> Decimal:
    """The number of so many millionths, without zeros at its end."""
    whole, rest = divmod(abs(units), _POINT_UNIT)
    text = f"{whole}.{rest:0{POINT_PLACES}d}".rstrip("0").rstrip(".")
    return Decimal(f"-{text}" if units < 0 else text)


def stored_number(value: Decimal) -> Decimal:
    """Make a number as `Points` gives it back: the same value, without zeros at its end."""
    return unscaled(scaled(value))


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware on the way in, UTC-aware on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a time zone cannot be kept")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any] | None:
        """Write instants for SQLite straight as text: a mark has six of them."""
        if dialect.name != "sqlite":
            return super().bind_processor(dialect)
        return _sqlite_instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _sqlite_instant(value: datetime | None) -> str | None:
    """Write an instant as SQLAlchemy's type for SQLite does, to the byte, ten times as fast."""
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("an instant without a time zone cannot be kept")
    if value.tzinfo is not UTC:
        value = value.astimezone(UTC)
    return value.isoformat(" ", "microseconds")[:26]


class EncryptedText(TypeDecorator[str]):
    """Text under AES-256-GCM with the installation's field key.

    Layout: one version byte, twelve bytes of nonce, the sealed text. Equal
    texts give different bytes; look-ups go through `keyed_hash`.
    """

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else _seal(value.encode())

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else _unseal(bytes(value)).decode()


class EncryptedBytes(TypeDecorator[bytes]):
    """Bytes under the same seal as `EncryptedText`."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        return None if value is None else _seal(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> bytes | None:
        return None if value is None else _unseal(bytes(value))


def keyed_hash(text: str, key: bytes | None = None) -> str:
    """HMAC-SHA-256 of a text in hex: to search for a secret one, to seal one against forgery.

    `key` is a `look_up_key` of another time; without one it is that of now.
    """
    digest = _keyed(key or look_up_key()).copy()
    digest.update(text.encode())
    return digest.hexdigest()


def look_up_key() -> bytes:
    """The key of `keyed_hash`: 32 bytes, made from the field key."""
    return _derived(b"look-up", _hashed_by.get() or _field_key())


@lru_cache(maxsize=4)
def _keyed(key: bytes) -> hmac.HMAC:
    """An HMAC that has read its key and nothing yet; to be copied."""
    return hmac.new(key, digestmod="sha256")


def seal_key() -> bytes:
    """The key of the digests in row seals: 32 bytes, made from the field key."""
    return _derived(b"row seals", _hashed_by.get() or _field_key())


@contextmanager
def hashed_by(field_key: bytes) -> Iterator[None]:
    """Hash with this field key inside the block; what is sealed keeps its own key.

    Only the change from one key to another uses it.
    """
    before = _hashed_by.set(field_key)
    try:
        yield
    finally:
        _hashed_by.reset(before)


_hashed_by: ContextVar[bytes | None] = ContextVar("field key of hashes", default=None)


@lru_cache(maxsize=8)
def _derived(use: bytes, field_key: bytes) -> bytes:
    return hashlib.sha256(use + field_key).digest()


def token_hash(token: str) -> str:
    """SHA-256 of a random token in hex: all that the database knows of a link or a session.

    Plain, on purpose. Tokens come from `secrets.token_urlsafe`, 144 random bits at least
    (a session 256), so nobody finds one by trying hashes, however fast they are: salt, key
    and slow hashes protect what people choose. Who reads the database learns no token;
    who writes to it could put in a keyed hash of their own as well, where they have the
    key, or copy another row's.
    """
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _seal(plain: bytes) -> bytes:
    nonce = os.urandom(12)
    return b"\x01" + nonce + AESGCM(_field_key()).encrypt(nonce, plain, None)


def _unseal(sealed: bytes) -> bytes:
    try:
        return _opened(sealed, _field_key())
    except InvalidTag:
        # While one key takes the place of another, a part is still under the former.
        change = _change.get()
        if change is None:
            raise
        return _opened(sealed, change[0])


def _opened(sealed: bytes, key: bytes) -> bytes:
    return AESGCM(key).decrypt(sealed[1:13], memoryview(sealed)[13:], None)


def sealed_anew(sealed: bytes, former: bytes) -> bytes | None:
    """Seal again with the present field key what the former one sealed.

    None if the present key opens it already, or neither key does.
    """
    try:
        _opened(sealed, _field_key())
    except (InvalidTag, ValueError):
        try:
            return _seal(_opened(sealed, former))
        except (InvalidTag, ValueError):
            return None
    return None


@contextmanager
def keys_of_change(former: bytes, key: bytes) -> Iterator[None]:
    """Use `key` as the field key inside the block, and read what the former one sealed, too."""
    before = _change.set((former, key))
    try:
        yield
    finally:
        _change.reset(before)


_change: ContextVar[tuple[bytes, bytes] | None] = ContextVar("field keys of a change", default=None)


def _field_key() -> bytes:
    change = _change.get()
    if change is not None:
        return change[1]
    key = current_app.config["FIELD_KEY"]
    assert isinstance(key, bytes)
    return key


def seal_bytes(plain: bytes) -> bytes:
    """Seal bytes as `EncryptedBytes` does, for what lies in a file and in no table."""
    return _seal(plain)


def unseal_bytes(sealed: bytes) -> bytes:
    """Open what `seal_bytes` sealed. Raises `InvalidTag` for anything else."""
    return _unseal(sealed)
