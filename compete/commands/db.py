"""`compete db`: bring the database to this version of the program, or say where it stands."""

from __future__ import annotations

import argparse
import logging.config
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from compete.commands.printing import warn
from compete.domain.values.messages import msg
from compete.language import say

if TYPE_CHECKING:
    from flask import Flask


@dataclass(frozen=True, slots=True)
class SchemaState:
    """The migration that the database is at (None: no tables yet), and the one wanted."""

    present: str | None
    needed: str | None

    @property
    def current(self) -> bool:
        """True if the program can run on this database."""
        return self.present is not None and self.present == self.needed

    @property
    def newer(self) -> bool:
        """True if a later version of the program has upgraded it."""
        return self.present is not None and self.present > (self.needed or "")


def schema_state(app: Flask) -> SchemaState:
    """The state of the database of `app`. Raises SQLAlchemy's errors if it cannot be reached."""
    from compete.models import db
    from compete.resources import resource_dir
    from compete.services.backups.facts import revision_of

    # Not asked of Alembic: that takes longer to read in than all else that happens here.
    wanted = (resource_dir("migrations") / "HEAD").read_text(encoding="ascii").strip()
    with app.app_context():
        with db.engine.connect() as connection:
            revision = revision_of(connection)
        # Whoever forks after this must not inherit an open connection.
        db.engine.dispose()
    return SchemaState(revision, wanted)


@contextmanager
def connected(app: Flask) -> Iterator[None]:
    """Have the database of `app` inside the block, and no connection to it afterwards."""
    from compete.models import db

    with app.app_context():
        try:
            yield
        finally:
            db.session.remove()
            db.engine.dispose()


def explain(state: SchemaState) -> str:
    """One sentence for the operator, with the command that helps."""
    if state.current:
        return say(msg("数据库是最新的：%(found)s", found=state.present or ""))
    if state.present is None:
        return say(msg("数据库还没有建表。请先运行：compete db upgrade"))
    if state.newer:
        return say(
            msg(
                "数据库已经升到 %(found)s，这个程序只到 %(wanted)s：用新的程序，不要升级数据库。"
                "要退回旧的程序，把升级以前的备份恢复到空的数据库里",
                found=state.present,
                wanted=state.needed or "",
            )
        )
    return say(
        msg(
            "数据库停在 %(found)s，程序要 %(wanted)s。请先备份，再运行：compete db upgrade",
            found=state.present,
            wanted=state.needed or "",
        )
    )


def upgrade(app: Flask) -> SchemaState:
    """Run the missing migrations, seal and fill what they brought; a second call does nothing."""
    from flask_migrate import upgrade as run_migrations

    from compete.commands.verify import tell_carried
    from compete.services.backups.keys import settle_keys
    from compete.services.closing.photo_reencoding import redraw_old_photos
    from compete.services.directory.ladders.conditions import fill_editions
    from compete.services.directory.ladders.table import fill_ladders
    from compete.services.directory.occupations.shipped import fill_catalogue
    from compete.services.directory.person_records import connect_everybody
    from compete.services.directory.search_columns import fill_search_keys
    from compete.services.kernel import audit
    from compete.services.kernel.row_seals import seal_what_has_none
    from compete.services.kernel.transactions import unit_of_work
    from compete.services.registration.badges import give_members_badges
    from compete.services.results.result_moves import adopt_published
    from compete.services.schedule.admissions import admit_those_under_way

    before = schema_state(app)
    with app.app_context():
        tell_carried(app.extensions["compete.config"])
        run_migrations()
        settle_keys(replace(app.extensions["compete.config"], new_keys=()))
        if not before.current:
            with unit_of_work() as session:
                audit.end_plain_forms()
                give_members_badges()
                seal_what_has_none(session)
                connect_everybody()
                fill_search_keys()
                fill_catalogue()
                fill_ladders()
                fill_editions()
                adopt_published()
                admit_those_under_way()
                left = redraw_old_photos()
            for number in left:
                warn(msg("扣罚 %(n)s 的照片读不出来，没有重画", n=number))
    return schema_state(app)


def run_action(
    actions: Mapping[str, Callable[[argparse.Namespace], None]], arguments: argparse.Namespace
) -> int:
    """Run the action that is asked for; exit status 1 where the database is of another version."""
    from compete import create_app

    app = create_app()
    state = schema_state(app)
    if not state.current:
        print(explain(state), file=sys.stderr)
        return 1
    with app.app_context():
        actions[arguments.action](arguments)
    return 0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments: `compete db upgrade|check|current`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="upgrade|check|current")
    actions.add_parser("upgrade", help=say(msg("建表，或升级到这一版程序要的结构")))
    actions.add_parser("check", help=say(msg("数据库不是最新时，退出码为 1")))
    actions.add_parser("current", help=say(msg("说出数据库停在哪一步")))


def run(arguments: argparse.Namespace) -> int:
    """Run the command; exit status 1 if the database is not current, unless that was asked."""
    from compete import create_app
    from compete.logs import logging_config

    logging.config.dictConfig(logging_config("warning"))
    app = create_app()
    state = schema_state(app)
    if arguments.action == "upgrade" and not state.newer:
        state = upgrade(app)
    print(explain(state))
    return 1 if arguments.action != "current" and not state.current else 0
