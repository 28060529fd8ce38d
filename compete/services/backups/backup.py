"""A copy of an installation that can be put back."""

from __future__ import annotations

import re
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.engine import make_url

from compete.config import KEY_FILES, Config
from compete.data_folder import (
    BEFORE_RESTORE,
    FORMER_KEY_FILES,
    NEXT_KEY_FILE,
    SERVER_LOCK,
    free_bytes,
)
from compete.domain.values.messages import listed, msg
from compete.services.backups import postgres
from compete.services.backups.facts import Facts, engine_for, facts_of
from compete.services.backups.integrity import (
    CHECKED,
    damage_of,
    damaged_words,
    is_damage,
    sqlite_faults,
)
from compete.services.backups.manifest import (
    POSTGRES_FILE,
    SQLITE_FILE,
    WITH_LOGS,
    KeepingError,
    Manifest,
    hashes_of,
    make_private,
    read_manifest,
    write_manifest,
)
from compete.services.backups.sealed import is_sealed
from compete.services.kernel.file_store import (
    KEPT,
    UPLOADS,
    FolderStore,
    StoreAwayError,
    store_of,
)

_DATED = re.compile(r"compete-\d{4}-\d\d-\d\d-\d{6}")
LAST_BACKUP = "last-backup"
"""The file in the store that says when the last backup was made, whichever host made it."""


def back_up(config: Config, folder: Path, program: str) -> Manifest:
    """Copy the database as of one instant, the keys and the files into a new `folder`.

    `program` is the version that does it. Others may read and write meanwhile.
    Raises `KeepingError` if `folder` has something in it, lies in what is
    copied, or the database cannot be copied.
    """
    if folder.exists() and any(folder.iterdir()):
        raise KeepingError(msg("%(folder)s 里已经有东西了，换一个空文件夹", folder=str(folder)))
    if folder.resolve().is_relative_to(config.data_dir):
        raise KeepingError(msg("备份不能放在数据文件夹里面：%(folder)s", folder=str(folder)))
    url = make_url(config.database_url)
    living = Path(url.database or "") if url.get_backend_name() == "sqlite" else None
    if living is not None and not living.is_file():
        raise KeepingError(msg("没有数据库可备份：%(path)s", path=str(living)))
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if living is not None:
        wanted = 0 if living.resolve().is_relative_to(config.data_dir) else living.stat().st_size
    else:
        wanted = postgres.bytes_of_tables(config.database_url)
    _see_that_there_is_room(config.data_dir, wanted, folder)
    manifest = Manifest(
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        program=program,
        database=SQLITE_FILE if living else POSTGRES_FILE,
        keys={name: "environment" if name in config.given_keys else "backup" for name in KEY_FILES},
        facts=Facts(),
    )
    write_manifest(folder, manifest)
    # The database first: whatever it names among the files is there by then.
    target = folder / manifest.database
    if living is None and (damage := damage_of(config.database_url)) is not None:
        raise KeepingError(damage)
    facts = _copy_sqlite(living, target) if living else postgres.dump(config.database_url, target)
    _copy_files(config.data_dir, folder, living)
    if config.files_url:
        store, copy = store_of(config), FolderStore(folder)
        for file in (file for kept in KEPT for file in store.files(kept)):
            if (data := store.read(file.name)) is not None:
                copy.write(file.name, data)
        make_private(folder)
    whole = replace(manifest, facts=facts, files=hashes_of(folder), complete=True)
    write_manifest(folder, whole)
    store_of(config).write(LAST_BACKUP, f"{manifest.made_at}\n".encode("ascii"))
    return whole


def dated_folder(folder: Path, now: datetime) -> Path:
    """The folder of a backup made now, among others in a folder of backups."""
    return folder / f"compete-{now:%Y-%m-%d-%H%M%S}"


def older_backups(folder: Path, keep: int) -> list[Path]:
    """The dated backups in a folder but for the newest `keep`; what is no whole one is let be."""
    whole = [
        path
        for path in sorted(folder.glob("compete-*"))
        if _DATED.fullmatch(path.name) and not path.is_symlink() and _is_whole(path)
    ]
    return whole[:-keep]


def _is_whole(folder: Path) -> bool:
    """True for a backup that was finished, sealed or not."""
    try:
        return is_sealed(folder) or read_manifest(folder) is not None
    except KeepingError:
        return False


def last_backup_at(config: Config) -> datetime | None:
    """When the last backup of this installation was made; None where none ever was."""
    try:
        return datetime.fromisoformat((store_of(config).read(LAST_BACKUP) or b"").decode().strip())
    except (StoreAwayError, ValueError):
        return None


def _copy_sqlite(source: Path, target: Path) -> Facts:
    """Copy a database of SQLite as of one instant, and tell what is in the copy.

    The copy is read whole: a damaged one is no backup, and must take no good one's place.
    """
    try:
        with closing(sqlite3.connect(source)) as living, closing(sqlite3.connect(target)) as copy:
            living.backup(copy)
            # One file, without a log beside it.
            copy.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        raise KeepingError(damaged_words(str(source), str(error))) from error
    target.chmod(0o600)
    faults = sqlite_faults(target, alone=True)
    if faults:
        raise KeepingError(damaged_words(str(source), listed(faults)))
    with engine_for(f"sqlite:///{target}").connect() as connection:
        return facts_of(connection)


def _copy_files(source: Path, folder: Path, database: Path | None) -> None:
    # A key that opens nothing in the copy would open what others have of before.
    left_out = {SERVER_LOCK, UPLOADS.rstrip("/"), NEXT_KEY_FILE, CHECKED, LAST_BACKUP}
    beginnings = [BEFORE_RESTORE, FORMER_KEY_FILES]
    # Locks; those of a database that was moved away lie here still.
    for name in {SQLITE_FILE, database.name if database is not None else SQLITE_FILE}:
        beginnings += [f"{name}.jobs-", f"{name}.pages-", f"{name}.outbox-"]
        left_out.add(f"{name}.turn")
    if database is not None:
        left_out |= {f"{database.name}{end}" for end in WITH_LOGS}

    def names_to_skip(where: str, names: list[str]) -> list[str]:
        if Path(where) != source:
            return []
        return [name for name in names if name in left_out or name.startswith(tuple(beginnings))]

    shutil.copytree(source, folder, dirs_exist_ok=True, ignore=names_to_skip)
    make_private(folder)


def _see_that_there_is_room(source: Path, besides: int, folder: Path) -> None:
    """Refuse a disk too full for the files of `source` and the bytes that come `besides`."""
    wanted = besides + sum(path.stat().st_size for path in source.rglob("*") if path.is_file())
    free = free_bytes(folder)
    if free < wanted:
        raise KeepingError(
            msg(
                "%(folder)s 的磁盘只剩 %(free)s MB，备份要 %(wanted)s MB",
                folder=str(folder),
                free=free // 1024**2,
                wanted=wanted // 1024**2 + 1,
            )
        )
