"""The description that lies in a backup: what is in it and what not, and whether it is whole."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from compete.domain.values.messages import ToldError, msg
from compete.services.backups.facts import Facts

NAME = "backup.json"
FORMAT = "compete-backup/1"
SQLITE_FILE, POSTGRES_FILE = "compete.sqlite", "compete.pgdump"
WITH_LOGS = ("", "-wal", "-shm")
"""The endings of a database's files of SQLite: its own, and those that lie beside it."""


class KeepingError(ToldError):
    """A backup, restore or move that was not done; `message` says why."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """A backup, described.

    `database` is the file of the database in it, empty if it has none; `keys`
    says of each key where it was when the backup was made: `backup` (a file in
    it) or `environment` (not in it). `files` gives the SHA-256 of each file.
    """

    made_at: str
    program: str
    database: str
    keys: dict[str, str]
    facts: Facts
    files: dict[str, str] = field(default_factory=dict)
    complete: bool = False


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write it, whole."""
    body = {"format": FORMAT, **asdict(manifest)}
    part = folder / f".{NAME}.part"
    part.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    part.chmod(0o600)
    part.replace(folder / NAME)


def read_manifest(folder: Path) -> Manifest | None:
    """Read what a backup says of itself; None for one made before backups said anything.

    Raises `KeepingError` for one that was broken off or cannot be read.
    """
    try:
        body = json.loads((folder / NAME).read_text(encoding="utf-8"))
        if body.pop("format") != FORMAT:
            raise KeepingError(msg("%(folder)s 是更新的程序做的备份", folder=str(folder)))
        facts = body.pop("facts")
        facts["chains"] = {code: (seq, mark) for code, (seq, mark) in facts["chains"].items()}
        manifest = Manifest(facts=Facts(**facts), **body)
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise KeepingError(msg("%(path)s 读不出来，备份坏了", path=str(folder / NAME))) from error
    if not manifest.complete:
        raise KeepingError(msg("%(folder)s 的备份没有做完，换一个", folder=str(folder)))
    return manifest


def make_private(folder: Path) -> None:
    """Keep a folder and all in it from everybody but its owner."""
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o700 if path.is_dir() else 0o600)


def hashes_of(folder: Path) -> dict[str, str]:
    """The SHA-256 in hex of each file below the folder, but for the manifest, by path."""
    return {
        str(path.relative_to(folder)): _sha256(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path != folder / NAME
    }


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
