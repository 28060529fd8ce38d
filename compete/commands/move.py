"""`compete move FROM TO`: move all data from one database into another, verified."""

from __future__ import annotations

import argparse
import hashlib
import logging.config
import os
from typing import TYPE_CHECKING

from compete.commands.printing import tell
from compete.domain.values.messages import msg
from compete.language import say

if TYPE_CHECKING:
    from flask import Flask

    from compete.config import Config
    from compete.services.backups.facts import Facts


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments: both addresses, as in COMPETE_DATABASE_URL."""
    parser.add_argument(
        "source", metavar="FROM", help=say(msg("从哪个数据库，写法同 COMPETE_DATABASE_URL"))
    )
    parser.add_argument("target", metavar="TO", help=say(msg("到哪个空数据库")))


def run(arguments: argparse.Namespace) -> int:
    """Move; exit status 1 if nothing was moved, or what was does not verify."""
    from compete.config import Config
    from compete.data_folder import locked_for_server
    from compete.logs import logging_config

    logging.config.dictConfig(logging_config("warning"))
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


def move(here: Config, there: Config) -> tuple[Facts, int]:
    """Copy, then compare rows, chains, results and whatever `compete verify` says.

    What was moved, and how many faults the source has and its copy too. Raises `KeepingError`.
    """
    from compete.commands.db import schema_state, upgrade
    from compete.services.backups.manifest import KeepingError
    from compete.services.backups.move import copy_rows, refuse_unless_empty
    from compete.web.factory import make_app
    from compete.web.startup import open_app

    source = open_app(here)
    if not schema_state(source).current:
        raise KeepingError(msg("要搬的数据库不是最新的，先对它运行：compete db upgrade"))
    refuse_unless_empty(there.database_url)
    target = make_app(there)
    upgrade(target)
    facts = copy_rows(here.database_url, there.database_url)
    if _results(source) != _results(target):
        raise KeepingError(msg("搬过去以后算出的成绩和原来不一样。不要用新数据库"))
    known = faults_in(source)
    new = [fault for fault in faults_in(target) if fault not in known]
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
    from compete.services.scoring.bundle_out import export_bundle

    with connected(app):
        return {
            competition.code: hashlib.sha256(
                write_results(score(export_bundle(competition)))
            ).hexdigest()
            for competition in db.session.scalars(select(Competition))
        }


def faults_in(app: Flask) -> list[str]:
    """List whatever `compete verify` finds wrong, as it prints it."""
    from compete.commands.db import connected
    from compete.commands.verify import all_faults

    with connected(app):
        return [f"{where}: {say(fault)}" for where, fault in all_faults()]
