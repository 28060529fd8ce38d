"""Backups under a passphrase: the whole folder as one file, readable by the `age` program too.

`key.age` holds an age identity under the passphrase, `backup.tar.age` the tar of the folder for
that identity, so that however large a backup is, it is never in memory as a whole.
"""

from __future__ import annotations

import os
import shutil
import tarfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pyrage

from compete.domain.values.messages import msg
from compete.services.backups.manifest import KeepingError

KEY_FILE, SEALED_FILE = "key.age", "backup.tar.age"
SHORTEST_PASSPHRASE = 12


def check_passphrase(passphrase: str) -> None:
    """Raise `KeepingError` for one that is too short to keep what is under it."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise KeepingError(msg("备份密码至少 %(least)s 个字符", least=SHORTEST_PASSPHRASE))


def is_sealed(folder: Path) -> bool:
    """True if a backup is under a passphrase."""
    return (folder / SEALED_FILE).is_file()


def seal(folder: Path, passphrase: str) -> None:
    """Put a backup's folder under the passphrase; what was readable in it goes."""
    check_passphrase(passphrase)
    readable = sorted(folder.iterdir())
    identity = pyrage.x25519.Identity.generate()
    _write(folder / KEY_FILE, pyrage.passphrase.encrypt(str(identity).encode(), passphrase))
    with _new(folder / SEALED_FILE) as sealed:
        _through_a_pipe(
            lambda pipe: _pack(readable, pipe),
            lambda pipe: pyrage.encrypt_io(pipe, sealed, [identity.to_public()]),
        )
    for path in readable:
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def unseal(folder: Path, passphrase: str, into: Path) -> None:
    """Unpack a sealed backup. Raises `KeepingError` for a wrong passphrase or a spoilt file."""
    try:
        key = pyrage.passphrase.decrypt((folder / KEY_FILE).read_bytes(), passphrase)
        identity = pyrage.x25519.Identity.from_str(key.decode())
    except (OSError, ValueError, pyrage.DecryptError, pyrage.IdentityError) as error:
        raise KeepingError(msg("备份密码不对，或者 %(file)s 坏了", file=KEY_FILE)) from error
    try:
        with (folder / SEALED_FILE).open("rb") as sealed:
            _through_a_pipe(
                lambda pipe: pyrage.decrypt_io(sealed, pipe, [identity]),
                lambda pipe: _unpack(pipe, into),
            )
    except (pyrage.DecryptError, tarfile.TarError, OSError) as error:
        raise KeepingError(msg("备份坏了，读不出来：%(file)s", file=SEALED_FILE)) from error


def _pack(readable: list[Path], pipe: BinaryIO) -> None:
    with tarfile.open(fileobj=pipe, mode="w|") as tar:
        for path in readable:
            tar.add(path, arcname=path.name)


def _unpack(pipe: BinaryIO, into: Path) -> None:
    # By hand: before Python 3.11.4 `extractall` cannot be told to keep within the folder.
    root = into.resolve()
    with tarfile.open(fileobj=pipe, mode="r|") as tar:
        for member in tar:
            path = (root / member.name).resolve()
            content = tar.extractfile(member) if member.isreg() else None
            if not path.is_relative_to(root) or not (content or member.isdir()):
                raise tarfile.ExtractError(member.name)
            if content is None:
                path.mkdir(parents=True, exist_ok=True)
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            with content, _new(path) as file:
                shutil.copyfileobj(content, file)


def _through_a_pipe(write: Callable[[BinaryIO], None], read: Callable[[BinaryIO], None]) -> None:
    """Let one write what the other reads, side by side; raises what either raised."""
    reading, writing = os.pipe()
    raised: list[BaseException] = []

    def work() -> None:
        try:
            with os.fdopen(writing, "wb") as pipe:
                write(pipe)
        except BaseException as error:
            raised.append(error)

    writer = threading.Thread(target=work)
    writer.start()
    try:
        with os.fdopen(reading, "rb") as pipe:
            read(pipe)
            # What the writer still has to say is read away, so that it ends by itself.
            while pipe.read(1 << 20):
                pass
    finally:
        writer.join()
    if raised:
        raise raised[0]


def _write(path: Path, content: bytes) -> None:
    with _new(path) as file:
        file.write(content)


def _new(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
