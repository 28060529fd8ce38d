"""Putting a backup back: looked through before, looked through after, and nothing thrown away."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import make_url

from compete.config import Config
from compete.config_reading import hosts_in_query
from compete.data_folder import (
    BEFORE_RESTORE,
    RESTORING,
    SERVER_LOCK,
    FolderTakenError,
    give_to_owner,
    locked_for_server,
)
from compete.domain.values.messages import listed, msg
from compete.services.backups.facts import Facts
from compete.services.backups.integrity import sqlite_faults
from compete.services.backups.manifest import (
    NAME,
    POSTGRES_FILE,
    SQLITE_FILE,
    WITH_LOGS,
    KeepingError,
    Manifest,
    hashes_of,
    make_private,
    read_manifest,
)


@dataclass(frozen=True, slots=True)
class Source:
    """A backup that is whole. `manifest` is None for one of before backups said anything."""

    folder: Path
    database: Path
    manifest: Manifest | None

    @property
    def is_sqlite(self) -> bool:
        """True if it holds an SQLite database."""
        return self.database.name != POSTGRES_FILE


@dataclass(frozen=True, slots=True)
class InstallationFiles:
    """The place of an installation: its folder, and its database's file if it has one."""

    data_dir: Path
    database: Path | None


def look_through(folder: Path) -> Source:
    """See that a backup is whole before anything is touched. Raises `KeepingError`."""
    if not folder.is_dir():
        raise KeepingError(msg("没有这个文件夹：%(folder)s", folder=str(folder)))
    manifest = read_manifest(folder)
    if manifest is not None:
        _compare_files(folder, manifest)
    names = [manifest.database] if manifest else [SQLITE_FILE, POSTGRES_FILE]
    files = [folder / name for name in names if (folder / name).is_file()]
    if not files:
        raise KeepingError(msg("%(folder)s 里没有数据库，不是备份", folder=str(folder)))
    if files[0].name != POSTGRES_FILE:
        _check_sqlite(files[0])
    return Source(folder, files[0], manifest)


def _compare_files(folder: Path, manifest: Manifest) -> None:
    there = hashes_of(folder)
    bad = sorted(name for name, sha256 in manifest.files.items() if there.get(name) != sha256)
    if bad:
        raise KeepingError(
            msg(
                "备份坏了，%(n)s 个文件少了或者变了：%(names)s",
                n=len(bad),
                names=listed(bad[:5]),
            )
        )


def _check_sqlite(path: Path) -> None:
    """Read all of it, on a connection that changes nothing, not even beside it."""
    faults = sqlite_faults(path, alone=True)
    if faults:
        raise KeepingError(
            msg("备份里的数据库坏了：%(path)s（%(why)s）", path=str(path), why=faults[0])
        )


def put_beside(source: Source, place: InstallationFiles, env: Mapping[str, str]) -> Config:
    """Copy the backup into a folder of its own in the data folder; its settings there.

    Raises `KeepingError` for another kind of database than is set.
    """
    staging = place.data_dir / RESTORING
    if staging.exists():
        shutil.rmtree(staging)
    if source.is_sqlite != (place.database is not None):
        raise KeepingError(
            msg(
                "备份是 SQLite 的，COMPETE_DATABASE_URL 却是 PostgreSQL。"
                "先按 SQLite 恢复，再用 compete move"
            )
            if source.is_sqlite
            else msg("备份是 PostgreSQL 的，请把 COMPETE_DATABASE_URL 设成要恢复到的那个空数据库")
        )
    shutil.copytree(source.folder, staging, ignore=shutil.ignore_patterns(NAME, POSTGRES_FILE))
    make_private(staging)
    here = {**env, "COMPETE_DATA_DIR": str(staging)}
    if source.is_sqlite:
        here["COMPETE_DATABASE_URL"] = f"sqlite:///{staging / source.database.name}"
    return Config.from_env(here)


def compare(expected: Facts, actual: Facts) -> None:
    """Raise `KeepingError` where rows or chains are not those that the backup counted."""
    wrong = [
        msg("表 %(table)s 应有 %(n)s 行，只有 %(found)s 行", table=name, n=n, found=there)
        for name, n in expected.tables.items()
        if (there := actual.tables.get(name, 0)) != n
    ]
    wrong += [
        msg("%(code)s 的记录链和备份时不一样", code=code or "-")
        for code, head in expected.chains.items()
        if actual.chains.get(code) != head
    ]
    if wrong:
        raise KeepingError(wrong[0])


def swap(place: InstallationFiles, staged: Path | None, now: datetime) -> Path | None:
    """Put what was prepared in the place of what is there, which is kept beside it.

    `staged` is the database's file among what was prepared, if it is one. Gives
    where the former is kept, or None if there was nothing.
    """
    aside = place.data_dir / f"{BEFORE_RESTORE}{now:%Y%m%d-%H%M%S}"
    staging = place.data_dir / RESTORING
    there = _contents(place)
    if there:
        aside.mkdir(mode=0o700)
    for path in there:
        shutil.move(path, aside / path.name)
    if staged is not None and place.database is not None:
        for end in WITH_LOGS:
            if (beside := Path(f"{staged}{end}")).exists():
                shutil.move(beside, f"{place.database}{end}")
    for path in sorted(staging.iterdir()):
        path.rename(place.data_dir / path.name)
    staging.rmdir()
    _give_to_owner(place)
    return aside if there else None


def _contents(place: InstallationFiles) -> list[Path]:
    """List the files of an installation that are there already."""
    files = [
        path
        for path in sorted(place.data_dir.iterdir())
        if path.name not in (RESTORING, SERVER_LOCK) and not path.name.startswith(BEFORE_RESTORE)
    ]
    if place.database is not None and not place.database.is_relative_to(place.data_dir):
        files += [path for end in WITH_LOGS if (path := Path(f"{place.database}{end}")).exists()]
    return files


@contextmanager
def place_for(env: Mapping[str, str], *, replace: bool) -> Iterator[InstallationFiles]:
    """The place of the installation as the settings say, held against servers.

    Raises `KeepingError` if one runs there, or there is data that nobody gave up.
    """
    data_dir = Path(env.get("COMPETE_DATA_DIR", "").strip() or "var").resolve()
    url = hosts_in_query(env.get("COMPETE_DATABASE_URL", "").strip())
    database: Path | None = data_dir / SQLITE_FILE
    if url:
        there = make_url(url)
        database = Path(there.database or "") if there.get_backend_name() == "sqlite" else None
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    with ExitStack() as lock:
        try:
            lock.enter_context(locked_for_server(data_dir))
        except FolderTakenError:
            raise KeepingError(
                msg("网站还在运行，先停掉它：数据文件夹 %(folder)s 正在用", folder=str(data_dir))
            ) from None
        place = InstallationFiles(data_dir, database)
        if _contents(place) and not replace:
            raise KeepingError(
                msg(
                    "数据文件夹 %(folder)s 里已有数据。要用备份换掉它，加 --replace；"
                    "原来的会留在它里面的 %(aside)s… 文件夹",
                    folder=str(data_dir),
                    aside=BEFORE_RESTORE,
                )
            )
        yield place


def _give_to_owner(place: InstallationFiles) -> None:
    """Give what root restored to the owner of the folder, who runs the server."""
    owner = place.data_dir.stat()
    if os.geteuid() != 0 or owner.st_uid == 0:
        return
    give_to_owner(place.data_dir)
    if place.database is not None:
        for end in WITH_LOGS:
            with suppress(FileNotFoundError):
                path = f"{place.database}{end}"
                os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)
