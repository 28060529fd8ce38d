"""The file store: where photos, emblems and waiting uploads stand, for all hosts the same.

The data folder, unless `COMPETE_FILES_URL` names a folder that all hosts mount or a service of
S3. A picture is named by the hash of what is in it; a waiting upload is sealed, by a token.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from compete.data_folder import is_full
from compete.domain.values.messages import Message, ToldError, msg
from compete.services.kernel.installation import config_here
from compete.system_reasons import reason_of

if TYPE_CHECKING:
    from compete.config import Config

PHOTOS, DOCUMENTS, UPLOADS = "photos/", "documents/", "uploads/"
"""The folders of the store. What waits in the last is gone after a day; no backup keeps it."""
KEPT = (PHOTOS, DOCUMENTS)
"""The folders whose files are named by the hash of what lies there."""
_PART = ".part-"
_CONNECT_SECONDS, _READ_SECONDS, _TRIES = 3, 20, 3
_ABSENT = frozenset(("NoSuchKey", "404"))


class StoreAwayError(ToldError):
    """Error: the file store does not answer, or refuses; nothing was written."""

    def __init__(self, why: str | Message) -> None:
        super().__init__(msg("文件库没有回应：%(why)s", why=why))


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that stands in the store: its name, and when it was written (seconds since 1970)."""

    name: str
    written_at: float


class FileStore(Protocol):
    """A store of whole files under names with slashes; all raise `StoreAwayError`."""

    def read(self, name: str) -> bytes | None:
        """The content of a file; None where there is none."""

    def write(self, name: str, data: bytes) -> None:
        """Write a file whole or not at all, in the place of what stands there."""

    def remove(self, name: str) -> None:
        """Take a file away, if it is there."""

    def files(self, folder: str) -> Iterator[StoredFile]:
        """List the files whose names begin with `folder`, which ends in a slash."""


@dataclass(frozen=True, slots=True)
class FolderStore:
    """The store in a folder of this machine, or one that it mounts."""

    root: Path

    def read(self, name: str) -> bytes | None:
        """The content of a file; None where there is none."""
        with _told_of_system():
            try:
                return (self.root / name).read_bytes()
            except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
                return None

    def write(self, name: str, data: bytes) -> None:
        """Write a file whole or not at all: what is broken off leaves nothing behind."""
        path = self.root / name
        with _told_of_system():
            self._make_folder(path.parent)
            handle, part = tempfile.mkstemp(dir=path.parent, prefix=_PART)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                Path(part).replace(path)
            except BaseException:
                # A full disk: half a picture is nobody's.
                Path(part).unlink(missing_ok=True)
                raise

    def remove(self, name: str) -> None:
        """Take a file away, and the folders that it leaves empty."""
        path = self.root / name
        with _told_of_system():
            path.unlink(missing_ok=True)
        with suppress(OSError):
            for folder in path.relative_to(self.root).parents:
                if folder != Path():
                    (self.root / folder).rmdir()

    def files(self, folder: str) -> Iterator[StoredFile]:
        """List the files below a folder, in the order of their names."""
        with _told_of_system():
            for path in sorted((self.root / folder).rglob("*")):
                # Others may take one away meanwhile.
                with suppress(FileNotFoundError):
                    if path.is_file() and not path.name.startswith(_PART):
                        name = path.relative_to(self.root).as_posix()
                        yield StoredFile(name, path.stat().st_mtime)

    def _make_folder(self, folder: Path) -> None:
        # A mount that is not there must not be written beside: only folders inside are made.
        below = folder.relative_to(self.root)
        for inside in (*reversed(below.parents), below):
            if inside != Path():
                (self.root / inside).mkdir(mode=0o700, exist_ok=True)


@dataclass(frozen=True, slots=True)
class S3Store:
    """The store in a bucket of a service of S3, below a prefix that is empty or ends in a slash."""

    client: Any
    bucket: str
    prefix: str

    def read(self, name: str) -> bytes | None:
        """The content of a file; None where there is none."""
        from botocore.exceptions import ClientError

        with _told_of_s3():
            try:
                answer = self.client.get_object(Bucket=self.bucket, Key=self.prefix + name)
            except ClientError as error:
                if error.response.get("Error", {}).get("Code") in _ABSENT:
                    return None
                raise
            return bytes(answer["Body"].read())

    def write(self, name: str, data: bytes) -> None:
        """Write a file; the service keeps it whole or not at all."""
        with _told_of_s3():
            self.client.put_object(Bucket=self.bucket, Key=self.prefix + name, Body=data)

    def remove(self, name: str) -> None:
        """Take a file away, if it is there."""
        with _told_of_s3():
            self.client.delete_object(Bucket=self.bucket, Key=self.prefix + name)

    def files(self, folder: str) -> Iterator[StoredFile]:
        """List the files below a folder, in the order of their names."""
        with _told_of_s3():
            pages = self.client.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket, Prefix=self.prefix + folder
            )
            for page in pages:
                for item in page.get("Contents", ()):
                    name = item["Key"].removeprefix(self.prefix)
                    yield StoredFile(name, item["LastModified"].timestamp())


def store_of(config: Config) -> FileStore:
    """The file store of an installation."""
    return _store_of(config.data_dir, config.files_url, os.getpid())


def store_here() -> FileStore:
    """The file store of the installation at hand."""
    return store_of(config_here())


@lru_cache(maxsize=32)
def _store_of(data_dir: Path, url: str, _process: int) -> FileStore:
    """The store at an address; a process that was forked has connections of its own."""
    parts = urlsplit(url)
    if parts.scheme != "s3":
        return FolderStore(Path(unquote(parts.path)) if url else data_dir)
    import boto3
    from botocore.config import Config as ClientSettings

    wanted = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    settings = ClientSettings(
        connect_timeout=_CONNECT_SECONDS,
        read_timeout=_READ_SECONDS,
        retries={"total_max_attempts": _TRIES, "mode": "standard"},
        # Services other than Amazon's know neither buckets as hosts nor newer check sums.
        s3={"addressing_style": "path" if "endpoint" in wanted else "auto"},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    client = boto3.session.Session().client(
        "s3",
        endpoint_url=wanted.get("endpoint"),
        region_name=wanted.get("region") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1",
        config=settings,
    )
    prefix = parts.path.strip("/")
    return S3Store(client, parts.netloc, f"{prefix}/" if prefix else "")


@contextmanager
def _told_of_system() -> Iterator[None]:
    """Tell what a folder refuses; a full disk is told by its own error."""
    try:
        yield
    except OSError as error:
        if is_full(error):
            raise
        raise StoreAwayError(reason_of(error)) from error


@contextmanager
def _told_of_s3() -> Iterator[None]:
    """Tell what the service refuses, or that it does not answer."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise StoreAwayError(str(error)) from error
