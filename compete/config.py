"""Settings, all from the environment, in one typed class.

Every variable begins with `COMPETE_`; `docs/operating.md` lists them. Nothing
else in the program reads the environment.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


class ConfigError(ValueError):
    """A setting that cannot be used; the text names the variable."""


@dataclass(frozen=True, slots=True)
class Config:
    """How this installation runs.

    `secret_key` signs sessions; `field_key` (32 bytes) encrypts ID numbers and
    phones, and keys their look-up hash. Both are made once and kept in
    `data_dir` unless the environment gives them; losing `field_key` loses
    every ID number.
    """

    data_dir: Path
    database_url: str
    secret_key: str = field(repr=False)
    field_key: bytes = field(repr=False)
    base_url: str | None = None
    redis_url: str | None = None
    font_dir: Path | None = None
    timezone: str = "Asia/Shanghai"
    secure_cookies: bool = False
    trusted_proxies: int = 0
    max_upload_bytes: int = 20 * 1024 * 1024
    judge_session_hours: int = 16
    sqlite_synchronous: str = "FULL"
    testing: bool = False

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Config:
        """Read the settings; make the data folder and the keys on first use.

        Raises `ConfigError` naming the variable when a value cannot be used.
        """
        env = os.environ if environ is None else environ
        data_dir = Path(env.get("COMPETE_DATA_DIR") or "var").resolve()
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        font_dir = env.get("COMPETE_FONT_DIR")
        return cls(
            data_dir=data_dir,
            database_url=env.get("COMPETE_DATABASE_URL")
            or f"sqlite:///{data_dir / 'compete.sqlite'}",
            secret_key=env.get("COMPETE_SECRET_KEY") or _kept(data_dir / "secret.key"),
            field_key=_field_key(env.get("COMPETE_FIELD_KEY") or _kept(data_dir / "field.key")),
            base_url=(env.get("COMPETE_BASE_URL") or "").rstrip("/") or None,
            redis_url=env.get("COMPETE_REDIS_URL") or None,
            font_dir=Path(font_dir) if font_dir else None,
            timezone=env.get("COMPETE_TIMEZONE") or "Asia/Shanghai",
            secure_cookies=_flag(env, "COMPETE_SECURE_COOKIES"),
            trusted_proxies=_whole(env, "COMPETE_TRUSTED_PROXIES", 0),
            max_upload_bytes=_whole(env, "COMPETE_MAX_UPLOAD_MB", 20) * 1024 * 1024,
            judge_session_hours=_whole(env, "COMPETE_JUDGE_SESSION_HOURS", 16),
            sqlite_synchronous=_one_of(
                env, "COMPETE_SQLITE_SYNCHRONOUS", "FULL", ("FULL", "NORMAL", "EXTRA")
            ),
        )


def _kept(path: Path) -> str:
    """A 256-bit key in hex, made on first use and readable by its owner alone."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        key = secrets.token_hex(32)
        file.write(key + "\n")
    return key


def _field_key(text: str) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        raise ConfigError("COMPETE_FIELD_KEY: 64 hexadecimal digits are wanted") from None
    if len(key) != 32:
        raise ConfigError(f"COMPETE_FIELD_KEY: 64 hexadecimal digits are wanted, {len(text)} found")
    return key


def _flag(env: Mapping[str, str], name: str) -> bool:
    return env.get(name, "").strip().lower() in {"1", "true", "yes", "on"}


def _whole(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name, "").strip()
    if not text:
        return default
    if not text.isascii() or not text.isdigit():
        raise ConfigError(f"{name}: a whole number is wanted, {text!r} found")
    return int(text)


def _one_of(env: Mapping[str, str], name: str, default: str, allowed: tuple[str, ...]) -> str:
    text = env.get(name, "").strip().upper() or default
    if text not in allowed:
        raise ConfigError(f"{name}: one of {', '.join(allowed)} is wanted, {text!r} found")
    return text
