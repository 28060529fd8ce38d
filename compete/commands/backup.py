"""`compete backup FOLDER`: a copy of the installation that `compete restore` puts back."""

from __future__ import annotations

import argparse
import getpass
import os
import shutil
import sqlite3
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from compete.commands.printing import refuse, tell
from compete.commands.serve import at_least_one
from compete.domain.values.messages import listed, msg
from compete.language import say
from compete.system_reasons import reason_with_file

if TYPE_CHECKING:
    from compete.config import Config
    from compete.services.backups.manifest import Manifest


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments: the folder for the copy, or for one copy after the other."""
    parser.add_argument("folder", type=Path, help=say(msg("放备份的空文件夹")))
    parser.add_argument(
        "--keep",
        type=at_least_one,
        metavar="N",
        help=say(msg("在文件夹里另建一个带日期的文件夹；做成以后只留最新的 N 份")),
    )
    parser.add_argument(
        "--passphrase",
        action="store_true",
        help=say(msg("整个备份用备份密码加密；备份密码照问，或写在 COMPETE_BACKUP_PASSPHRASE 里")),
    )


def run(arguments: argparse.Namespace) -> int:
    """Back up; exit status 1 if nothing, or not everything, could be copied."""
    from compete import __version__, create_app
    from compete.services.backups.backup import back_up, dated_folder, older_backups
    from compete.services.backups.sealed import check_passphrase, seal

    config: Config = create_app().extensions["compete.config"]
    folder: Path = arguments.folder
    if arguments.keep is not None:
        folder = dated_folder(folder, datetime.now())
    try:
        passphrase = asked_passphrase(twice=True) if arguments.passphrase else None
        if passphrase is not None:
            check_passphrase(passphrase)
        manifest = back_up(config, folder, __version__)
        if passphrase is not None:
            seal(folder, passphrase)
        old = older_backups(arguments.folder, arguments.keep) if arguments.keep else []
        for path in old:
            shutil.rmtree(path)
    except (OSError, sqlite3.Error) as error:
        return refuse(msg("备份没有做完：%(why)s", why=reason_with_file(error)), 1)
    describe(folder, manifest, config, sealed=passphrase is not None)
    if old:
        tell(msg("删掉了以前的备份：%(names)s", names=listed([path.name for path in old])))
    return 0


def asked_passphrase(*, twice: bool = False) -> str:
    """Ask for the passphrase, or take the environment's. Raises `KeepingError` if two differ."""
    from compete.config import PASSPHRASE
    from compete.services.backups.manifest import KeepingError

    given = os.environ.get(PASSPHRASE)
    if given is not None:
        return given
    typed = getpass.getpass(say(msg("备份密码：")))
    if twice and getpass.getpass(say(msg("再写一次："))) != typed:
        raise KeepingError(msg("两次写的备份密码不一样"))
    return typed


def describe(folder: Path, manifest: Manifest, config: Config, *, sealed: bool = False) -> None:
    """Print what is in the backup, and what is not."""
    from compete.config import KEY_FILES, KEY_SETTINGS
    from compete.services.backups.manifest import SQLITE_FILE

    rows = sum(manifest.facts.tables.values())
    keys = [KEY_FILES[name] for name, place in manifest.keys.items() if place == "backup"]
    former = {SQLITE_FILE, f"{SQLITE_FILE}-wal", f"{SQLITE_FILE}-shm"}
    others = len(manifest.files.keys() - {manifest.database, *keys, *former})
    tell(msg("备份在 %(folder)s", folder=str(folder)))
    tell(
        msg(
            "里面有：数据库（%(tables)s 张表，%(rows)s 行）",
            tables=len(manifest.facts.tables),
            rows=rows,
        )
    )
    if others:
        tell(msg("里面有数据文件夹里的 %(n)s 个别的文件，如照片、证书", n=others))
    if manifest.database != SQLITE_FILE and SQLITE_FILE in manifest.files:
        tell(
            msg(
                "里面还有数据文件夹里以前的数据库 %(file)s，现在用的不是它；"
                "不再要了就把它移走，里面的身份证号也读得出来",
                file=SQLITE_FILE,
            )
        )
    if sealed:
        tell(msg("整个备份用备份密码加密了。备份密码另外保存：没有备份密码，谁也读不出来"))
    elif keys:
        names = listed(keys)
        tell(
            msg("里面有钥匙 %(names)s：和数据放在一起就能读出身份证号，请锁好", names=names)
            if KEY_FILES["field"] in keys
            else msg("里面有钥匙 %(names)s，请锁好", names=names)
        )
    for name in config.given_keys:
        tell(
            msg(
                "里面没有 %(key)s：它在环境变量 %(setting)s 里，请另存一份，恢复时要用",
                key=KEY_FILES[name],
                setting=KEY_SETTINGS[name],
            )
        )
