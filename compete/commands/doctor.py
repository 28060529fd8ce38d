"""`compete doctor`: find what is wrong with this installation, and say it in words."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from compete.commands.printing import tell
from compete.domain.values.messages import Message, msg
from compete.language import say

if TYPE_CHECKING:
    from flask import Flask

    from compete.config import Config


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments: nothing to choose."""


def run(_arguments: argparse.Namespace) -> int:
    """Examine; exit status 1 if anything would keep the site from starting."""
    faults, doubts = examine()
    for fault in faults:
        print(f"✗ {fault}")
    for doubt in doubts:
        print(f"! {say(doubt)}")
    if faults:
        tell(msg("这样启动不了：先改好打 ✗ 的"))
    elif doubts:
        tell(msg("能启动；打 ! 的最好也改一下"))
    else:
        tell(msg("都正常"))
    return 1 if faults else 0


def examine() -> tuple[list[str], list[Message]]:
    """Find what a start would refuse, in sentences, and what is only not as it should be."""
    from compete.commands.db import explain, schema_state
    from compete.config import CannotStartError, Config
    from compete.data_folder import doubts
    from compete.services.backups.integrity import damage_of
    from compete.web.startup import open_app

    try:
        config = Config.from_env()
        damage = damage_of(config.database_url)
        if damage is not None:
            return [say(damage)], []
        app = open_app(config)
        state = schema_state(app)
    except CannotStartError as error:
        return str(error).splitlines(), []
    faults = [] if state.current else [explain(state)]
    of_app = _OF_APP if state.current else ()
    app_doubts = [doubt for find_doubts in of_app for doubt in find_doubts(app)]
    return faults, [*doubts(config.data_dir), *redis_doubts(config), *app_doubts]


def loading_doubts(app: Flask) -> list[Message]:
    """Tell of competitions of which not every part is loaded, and how to go on."""
    from compete.services.competitions.loading import loads_broken_off

    with app.app_context():
        return [
            msg(
                "竞赛 %(code)s 没有载完，谁也看不到：用同一个文件再运行一次 compete load，会接着载",
                code=code,
            )
            for code in loads_broken_off()
        ]


def pooler_doubts(app: Flask) -> list[Message]:
    """Tell of a pooler in front of the database, by which no copy can be made."""
    from compete.models import db
    from compete.models.poolers import behind_pooler

    with app.app_context():
        if not behind_pooler(db.engine):
            return []
    return [msg("数据库前面是按事务分连接的连接池，网站照常；备份和恢复要直接连数据库")]


def circle_doubts(app: Flask) -> list[Message]:
    """Warn of people and organisations that lead back to themselves, whose pages are refused."""
    from compete.services.directory.circles import find_circles

    with app.app_context():
        return [
            msg("%(place)s：%(fault)s。用 compete verify 看改了什么", place=place, fault=fault)
            for place, fault in find_circles()
        ]


def issuer_doubts(app: Flask) -> list[Message]:
    """Warn of unreadable issuer's keys, and of credentials signed under another address."""
    from compete.services.certificates.issuer_keys import issuer_faults

    with app.app_context():
        return list(issuer_faults())


def file_doubts(app: Flask) -> list[Message]:
    """Warn of a file store that does not answer, and of lost or altered files."""
    from sqlalchemy import select

    from compete.models import Competition, db
    from compete.services.backups.stored_files import check_files, store_doubts

    with app.app_context():
        doubts = list(store_doubts(app.extensions["compete.config"]))
        if doubts:
            return doubts
        return [
            msg("%(place)s：%(fault)s", place=f"{competition.code} {place}", fault=fault)
            for competition in db.session.scalars(select(Competition).order_by(Competition.id))
            for place, fault in check_files(competition)
        ]


def redis_doubts(config: Config) -> list[Message]:
    """Warn if Redis does not answer; each process counts by itself meanwhile."""
    if config.redis_url is None:
        return []
    import redis

    try:
        client = redis.Redis.from_url(config.redis_url, socket_connect_timeout=2, socket_timeout=2)
        client.ping()
    except redis.RedisError as error:
        return [
            msg(
                "Redis 没有回应（%(why)s）：访问限额改由每个进程自己数，网站照常",
                why=str(error).splitlines()[0],
            )
        ]
    return []


_OF_APP = (pooler_doubts, circle_doubts, issuer_doubts, file_doubts, loading_doubts)
