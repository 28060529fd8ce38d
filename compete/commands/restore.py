"""`compete restore FOLDER`: make a backup the installation again."""

from __future__ import annotations

import argparse
import logging.config
import os
import shutil
import sys
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from compete.commands.printing import refuse, tell
from compete.domain.values.messages import msg
from compete.language import say

if TYPE_CHECKING:
    from compete.config import Config
    from compete.services.backups.restore import Source


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments: which backup, and whether what is there may be put aside for it."""
    parser.add_argument("folder", type=Path, help=say(msg("compete backup 做的文件夹")))
    parser.add_argument(
        "--replace", action="store_true", help=say(msg("这里已有数据也恢复；原来的留在旁边，不删"))
    )


def run(arguments: argparse.Namespace) -> int:
    """Restore; exit status 1 if nothing was restored, or what was does not verify."""
    from compete.config import CannotStartError
    from compete.logs import logging_config
    from compete.services.backups.manifest import KeepingError

    logging.config.dictConfig(logging_config("warning"))
    try:
        aside = restore(arguments.folder.resolve(), replace=arguments.replace)
    except (KeepingError, CannotStartError) as error:
        print(say(error.message) if isinstance(error, KeepingError) else error, file=sys.stderr)
        return refuse(msg("没有恢复，原来的数据没有动"), 1)
    for place in aside:
        tell(msg("原来的数据留在 %(place)s，确认没问题以后再删", place=place))
    print(say(msg("恢复好了，核对如下：")), flush=True)
    sound = _verify()
    tell(msg("平板上还留着、备份里没有的分数，平板连上以后会自己补传"))
    tell(msg("备份以后的签名、裁定、退回、锁定和在电脑上办的，要再办一次"))
    return sound


def restore(folder: Path, *, replace: bool) -> list[str]:
    """Put a backup in the place that the settings say.

    Where what was there is kept now. Raises `KeepingError` and
    `CannotStartError`; nothing has changed then.
    """
    from compete.commands.backup import asked_passphrase
    from compete.data_folder import RESTORING
    from compete.services.backups import postgres
    from compete.services.backups.restore import look_through, place_for, put_beside, swap
    from compete.services.backups.sealed import is_sealed, unseal

    now = datetime.now()
    with ExitStack() as stack:
        if is_sealed(folder):
            beside = Path(os.environ.get("COMPETE_DATA_DIR") or "var").resolve().parent
            beside.mkdir(parents=True, exist_ok=True)
            room = stack.enter_context(TemporaryDirectory(dir=beside, prefix=".restore-"))
            # By the backup's own name, which the record of the restore bears.
            opened = Path(room) / folder.name
            unseal(folder, asked_passphrase(), opened)
            folder = opened
        source = look_through(folder)
        place = stack.enter_context(place_for(os.environ, replace=replace))
        kept = None
        try:
            config = put_beside(source, place, os.environ)
            if not source.is_sqlite:
                kept = stack.enter_context(
                    postgres.tables_aside(config.database_url, f"{now:%Y%m%d_%H%M%S}")
                )
                postgres.restore(config.database_url, source.database)
            _make_ready(source, config)
        except BaseException:
            shutil.rmtree(place.data_dir / RESTORING, ignore_errors=True)
            raise
        staged = config.data_dir / source.database.name if source.is_sqlite else None
        aside = swap(place, staged, now)
    return [*([str(aside)] if aside else []), *([kept] if kept else [])]


def _make_ready(source: Source, config: Config) -> None:
    """Make it ready: nothing was lost, the keys are right, and it is brought to this version."""
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    from compete.commands.db import connected, upgrade
    from compete.resources import resource_dir
    from compete.services.backups.facts import facts_in
    from compete.services.backups.generations import begin_generation
    from compete.services.backups.manifest import KeepingError
    from compete.services.backups.restore import compare
    from compete.web.startup import open_app

    facts = facts_in(config.database_url)
    if source.manifest is not None:
        compare(source.manifest.facts, facts)
    if facts.revision is not None:
        try:
            ScriptDirectory(str(resource_dir("migrations"))).get_revision(facts.revision)
        except CommandError:
            raise KeepingError(
                msg(
                    "备份是更新的程序做的（数据库 %(found)s），先升级 compete",
                    found=facts.revision,
                )
            ) from None
    app = open_app(config)
    with connected(app):
        upgrade(app)
        begin_generation(source.folder.name)


def _verify() -> int:
    from compete.commands import verify

    parser = argparse.ArgumentParser()
    verify.add_arguments(parser)
    return verify.run(parser.parse_args([]))
