"""`compete rotate-key`: replace the key that seals ID numbers and records."""

from __future__ import annotations

import argparse
import logging.config
import sys
from typing import TYPE_CHECKING

from compete.commands.printing import refuse, tell, warn
from compete.domain.values.messages import msg
from compete.language import say
from compete.system_reasons import reason_with_file

if TYPE_CHECKING:
    from compete.config import Config
    from compete.services.backups.key_rotation import Rotated

_LONGEST_REASON = 500


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments: the reason, for the record."""
    parser.add_argument("--reason", help=say(msg("为什么换，写进变更记录")))


def run(arguments: argparse.Namespace) -> int:
    """Rotate; exit status 1 if it is not done, or if what was sound before no longer is."""
    from sqlalchemy.exc import DBAPIError

    from compete.config import Config
    from compete.data_folder import locked_for_server
    from compete.logs import logging_config

    logging.config.dictConfig(logging_config("warning"))
    config = Config.from_env()
    reason = (arguments.reason or "").strip()[:_LONGEST_REASON] or None
    try:
        with locked_for_server(config.data_dir):
            done, known, faults = _rotate(config, reason)
    except (OSError, DBAPIError) as error:
        why = str(error.orig).strip() if isinstance(error, DBAPIError) else reason_with_file(error)
        again = msg("没有做完：%(why)s。改好以后再运行一次，会接着做", why=why)
        return refuse(again, 1)
    _describe(config, done)
    if not done.cleared:
        warn(
            msg(
                "数据库文件里不再用的地方还有旧钥匙加密的内容，没有清掉（磁盘够不够？）。"
                "腾出地方以后运行：sqlite3 数据库文件 VACUUM"
            )
        )
    new = [fault for fault in faults if known is None or fault not in known]
    for fault in new:
        print(fault, file=sys.stderr)
    if new:
        warn(msg("有 %(n)s 处核对不上，见上面", n=len(new)))
    elif faults:
        advice = msg(
            "原来就有 %(n)s 处核对不上，换了以后照样查得出，用 compete verify 看", n=len(faults)
        )
        tell(advice)
    else:
        tell(msg("换好以后核对过：记录链、每行的封存都对"))
    return 1 if new else 0


def _rotate(config: Config, reason: str | None) -> tuple[Rotated, list[str] | None, list[str]]:
    """Replace the key; return what was done, faults before (None if not to be seen), and now."""
    from compete.commands.db import explain, schema_state
    from compete.commands.move import faults_in
    from compete.config import CannotStartError
    from compete.services.backups.key_rotation import rotate
    from compete.services.backups.manifest import KeepingError
    from compete.web.factory import make_app
    from compete.web.startup import open_app

    app = make_app(config)
    state = schema_state(app)
    if not state.current:
        raise KeepingError(msg("先升级数据库：%(why)s", why=explain(state)))
    try:
        known: list[str] | None = faults_in(open_app(config))
    except CannotStartError:
        # Taken up again: while it is under way nothing can be compared.
        known = None
    with app.app_context():
        done = rotate(reason, _tell)
    return done, known, faults_in(make_app(done.now))


def _tell(what: str, done: int, total: int) -> None:
    print(f"{done + 1}/{total} {what}", flush=True)


def _describe(config: Config, done: Rotated) -> None:
    from compete.config import KEY_SETTINGS
    from compete.data_folder import FIELD_KEY_FILE

    path = config.data_dir / FIELD_KEY_FILE
    tell(msg("换好了：%(n)s 个值重新加密，新钥匙在 %(path)s", n=done.values, path=str(path)))
    if done.kept is not None:
        advice = msg(
            "原来的钥匙在 %(path)s：和以前的备份放在一起，再从这里删掉", path=str(done.kept)
        )
        tell(advice)
    if "field" in config.given_keys:
        advice = msg(
            "%(setting)s 还是原来的钥匙：换成 %(path)s 里的那一行再启动；"
            "原来的和以前的备份一起留着",
            setting=KEY_SETTINGS["field"],
            path=str(path),
        )
        tell(advice)
