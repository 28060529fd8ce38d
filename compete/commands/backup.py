"""`compete backup FOLDER`: a copy of the data folder that can be started again as it is."""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from compete.domain.values import Message, msg
from compete.language import say

if TYPE_CHECKING:
    from compete.config import Config


class BackupError(Exception):
    """A backup that cannot be made; carries the sentence for the operator."""

    def __init__(self, message: Message) -> None:
        super().__init__(say(message))


def back_up(config: Config, folder: Path) -> bool:
    """Copy the keys, the files and a SQLite database into a new `folder`.

    A SQLite database is copied as of one instant, while others read and write.
    Returns whether the database is in the copy; another kind has tools of its
    own. Raises `BackupError` if `folder` has something in it or lies in what is copied.
    """
    from sqlalchemy import make_url

    if folder.exists() and any(folder.iterdir()):
        raise BackupError(msg("%(folder)s 里已经有东西了，换一个空文件夹", folder=str(folder)))
    if folder.resolve().is_relative_to(config.data_dir):
        raise BackupError(msg("备份不能放在数据文件夹里面：%(folder)s", folder=str(folder)))
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    url = make_url(config.database_url)
    database = Path(url.database or "") if url.get_backend_name() == "sqlite" else None
    ends = ("", "-wal", "-shm", ".turn")
    living = {f"{database.name}{end}" for end in ends} if database else set()
    shutil.copytree(
        config.data_dir,
        folder,
        dirs_exist_ok=True,
        ignore=lambda _folder, names: [name for name in names if name in living],
    )
    if database is None:
        return False
    if not database.is_file():
        raise BackupError(msg("没有数据库可备份：%(path)s", path=str(database)))
    target = folder / database.name
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
    target.chmod(0o600)
    return True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the copy goes."""
    parser.add_argument("folder", type=Path, help="放备份的空文件夹")


def run(arguments: argparse.Namespace) -> int:
    """Exit status 1 if nothing, or not everything, could be copied."""
    from compete.config import Config

    try:
        whole = back_up(Config.from_env(), arguments.folder)
    except (BackupError, OSError, sqlite3.Error) as error:
        print(error, file=sys.stderr)
        return 1
    print(say(msg("备份在 %(folder)s。里面有密钥，请锁好", folder=str(arguments.folder))))
    if not whole:
        print(say(msg("数据库不在里面：PostgreSQL 请用 pg_dump 另外备份")))
    return 0
