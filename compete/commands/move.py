"""`compete move FROM TO`: move a database, or the files of a file store, into another, verified."""

from __future__ import annotations

import argparse
import hashlib
import logging.config
import os
from typing import TYPE_CHECKING

from compete.commands.printing import refuse, tell
from compete.commands.progress_bar import progress_bar
from compete.domain.values.messages import msg
from compete.language import say

if TYPE_CHECKING:
    from flask import Flask

    from compete.config import Config
    from compete.services.backups.facts import Facts


_FILES = ("file:", "s3:")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments: both addresses, as in COMPETE_DATABASE_URL or COMPETE_FILES_URL."""
    parser.add_argument(
        "source",
        metavar="FROM",
        help=say(msg("从哪个数据库或文件库，写法同 COMPETE_DATABASE_URL 或 COMPETE_FILES_URL")),
    )
    parser.add_argument("target", metavar="TO", help=say(msg("到哪个空数据库，或哪个文件库")))


def run(arguments: argparse.Namespace) -> int:
    """Move; exit status 1 if nothing was moved, or what was does not verify."""
    from compete.config import Config
    from compete.data_folder import locked_for_server
    from compete.logs import logging_config

    logging.config.dictConfig(logging_config("warning"))
    of_files = [address.startswith(_FILES) for address in (arguments.source, arguments.target)]
    if any(of_files):
        if not all(of_files):
            return refuse(msg("一边是文件库，一边是数据库：两边要是同一种"))
        return _move_files(arguments.source, arguments.target)
    environment = {**os.environ, "COMPETE_DATABASE_URL": arguments.source}
    here = Config.from_env(environment)
    there = Config.from_env({**os.environ, "COMPETE_DATABASE_URL": arguments.target})
    with locked_for_server(here.data_dir):
        facts, known = move(here, there)
    tell(
        msg(
            "搬好了：%(tables)s 张表，%(rows)s 行，记录链、每行的封存和成绩都和原来一样",
            tables=len(facts.tables),
            rows=sum(facts.tables.values()),
        )
    )
    if known:
        tell(
            msg(
                "原来就有 %(n)s 处核对不上，照原样搬了过来，用 compete verify 看是哪里",
                n=known,
            )
        )
    tell(msg("现在把 COMPETE_DATABASE_URL 改成新地址再启动。原来的数据库没有动"))
    return 0


def _move_files(source: str, target: str) -> int:
    """Move files between stores; exit status 1 if some that were spoilt stayed."""
    from compete.commands.verify import tell_spoilt
    from compete.config import Config
    from compete.data_folder import locked_for_server
    from compete.services.backups.stored_files import move_files
    from compete.services.kernel.file_store import store_of

    here, there = (
        Config.from_env({**os.environ, "COMPETE_FILES_URL": address})
        for address in (source, target)
    )
    with locked_for_server(here.data_dir):
        moved = move_files(store_of(here), store_of(there))
    tell(msg("搬好了：%(n)s 个文件，搬过去的都读出来对过", n=moved.count))
    tell_spoilt(moved)
    tell(msg("现在把每台主机的 COMPETE_FILES_URL 改成新地址再启动。原来的文件没有动"))
    return 1 if moved.spoilt else 0


def move(here: Config, there: Config) -> tuple[Facts, int]:
    """Copy, comparing row by row, then compare chains, results and whatever `compete verify` says.

    What was moved, and how many faults the source has and its copy too. Raises `KeepingError`.
    """
    from sqlalchemy.exc import DBAPIError

    from compete.commands.db import connected, schema_state, upgrade
    from compete.commands.verify import rows_in_all
    from compete.services.backups.manifest import KeepingError
    from compete.services.backups.move import make_private, refuse_unless_empty
    from compete.web.factory import make_app
    from compete.web.startup import open_app

    source = open_app(here)
    if not schema_state(source).current:
        raise KeepingError(msg("要搬的数据库不是最新的，先对它运行：compete db upgrade"))
    refuse_unless_empty(there.database_url)
    make_private(there.database_url)
    target = make_app(there)
    try:
        upgrade(target)
        # The rows are read twice: copied, and checked where they came to.
        with connected(source):
            rows = 2 * rows_in_all()
        with progress_bar(rows):
            return _moved(here, there, source, target)
    except DBAPIError as error:
        why = str(error.orig).splitlines()[0] if str(error.orig) else type(error.orig).__name__
        raise KeepingError(
            msg(
                "数据库中途没有回应：%(why)s。原来的没有动；目标不要用，换一个空的再搬一次",
                why=why,
            )
        ) from None


def _moved(here: Config, there: Config, source: Flask, target: Flask) -> tuple[Facts, int]:
    """Copy into tables that stand ready, and compare."""
    from compete.services.backups.manifest import KeepingError
    from compete.services.backups.move import copy_rows

    facts = copy_rows(here.database_url, there.database_url)
    if _results(source) != _results(target):
        raise KeepingError(msg("搬过去以后算出的成绩和原来不一样。不要用新数据库"))
    # Each row is what it was: what does not hold over there is looked for here as well.
    known = faults_in(target)
    here_too = faults_in(source) if known else []
    new = [fault for fault in known if fault not in here_too]
    if new:
        raise KeepingError(
            msg(
                "搬过去以后核对不上：%(where)s 等 %(n)s 处。不要用新数据库",
                where=new[0].split(": ")[0],
                n=len(new),
            )
        )
    return facts, len(known)


def _results(app: Flask) -> dict[str, str]:
    """Hash the results of each competition, as they are worked out from its rows now."""
    from sqlalchemy import select

    from compete.commands.db import connected
    from compete.domain.bundle.results import write_results
    from compete.domain.scoring.scorer import score
    from compete.models import Competition, db
    from compete.services.kernel.shown_competitions import is_shown
    from compete.services.scoring.bundle_out import export_bundle

    with connected(app):
        return {
            competition.code: hashlib.sha256(
                write_results(score(export_bundle(competition)))
            ).hexdigest()
            for competition in db.session.scalars(select(Competition).where(is_shown()))
        }


def faults_in(app: Flask) -> list[str]:
    """List whatever `compete verify` finds wrong, as it prints it."""
    from compete.commands.db import connected
    from compete.commands.verify import all_faults

    with connected(app):
        return [f"{where}: {say(fault)}" for where, fault in all_faults()]
