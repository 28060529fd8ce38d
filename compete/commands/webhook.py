"""`compete webhook`: addresses of other systems that are told what happens."""

from __future__ import annotations

import argparse
from datetime import timedelta
from typing import TYPE_CHECKING

from compete.commands.account import account_of, competition_of
from compete.commands.printing import tell
from compete.domain.values.messages import ToldError, msg
from compete.language import say

if TYPE_CHECKING:
    from compete.models import Account

_A_LITTLE = timedelta(seconds=30)


class PingError(ToldError):
    """Error: the other side did not take the try."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments: `compete webhook new|list|ping|remove`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="new|list|ping|remove")
    new = actions.add_parser(
        "new", help=say(msg("加一个地址，最后一行打印编号和密钥，只打印这一次"))
    )
    new.add_argument("url", help=say(msg("送到哪里，如 https://oa.example.cn/hook")))
    new.add_argument(
        "--type",
        action="append",
        default=[],
        help=say(msg("告诉什么事，可写几次，如 results.published")),
    )
    new.add_argument(
        "--competition",
        metavar="CODE",
        action="append",
        default=[],
        help=say(msg("只说这个竞赛的，可写几次；不写，就是全部")),
    )
    actions.add_parser("list", help=say(msg("列出地址")))
    ping = actions.add_parser("ping", help=say(msg("试着送一次，说对方答了什么")))
    remove = actions.add_parser("remove", help=say(msg("去掉地址，不再送")))
    for parser_of_one in (ping, remove):
        parser_of_one.add_argument("id", type=int, help=say(msg("编号，看 compete webhook list")))
    for parser_of_change in (new, remove):
        parser_of_change.add_argument(
            "--by", metavar="WHO", help=say(msg("谁办的：用户名、编号或姓名"))
        )


def run(arguments: argparse.Namespace) -> int:
    """Run the command; exit status 1 when it is refused."""
    from compete.commands.db import run_action

    return run_action(_ACTIONS, arguments)


def _new(arguments: argparse.Namespace) -> None:
    from compete.services.outbox.webhooks import make_webhook

    row, secret = make_webhook(
        arguments.url,
        types=arguments.type,
        competitions=[competition_of(code) for code in arguments.competition],
        by=_by(arguments),
    )
    tell(msg("地址加好了。下一行是编号和密钥，密钥只显示这一次："))
    print(f"{row.id} {secret}")


def _list(_arguments: argparse.Namespace) -> None:
    from compete.services.kernel.clock import local_time
    from compete.services.outbox.deliveries import STOPPED_WORDS
    from compete.services.outbox.webhooks import all_webhooks

    rows = all_webhooks()
    if not rows:
        tell(msg("还没有地址。加一个：compete webhook new https://… --type results.published"))
    for row in rows:
        types, codes = ",".join(row.types), ",".join(row.competitions or ["*"])
        stopped = "-"
        if row.stopped_at is not None:
            why = say(STOPPED_WORDS[row.stopped_why or "person"])
            stopped = f"{local_time(row.stopped_at):%F %H:%M} {why}"
        print(f"{row.id}\t{row.url}\t{types}\t{codes}\t{stopped}")


def _ping(arguments: argparse.Namespace) -> None:
    from compete.services.outbox.deliveries import WHY_WORDS
    from compete.services.outbox.webhooks import ping
    from compete.services.outbox.worker import send_now

    sent = send_now(ping(arguments.id, later=_A_LITTLE))
    if sent.why is not None:
        status = "-" if sent.status is None else sent.status
        raise PingError(
            msg("没送到：%(why)s（%(status)s）", why=WHY_WORDS[sent.why], status=status)
        )
    tell(msg("送到了：对方答 %(status)s，%(ms)s 毫秒", status=sent.status, ms=sent.ms))


def _remove(arguments: argparse.Namespace) -> None:
    from compete.services.outbox.webhooks import remove_webhook

    row = remove_webhook(arguments.id, by=_by(arguments))
    tell(msg("编号 %(number)s 的地址去掉了", number=row.id))


def _by(arguments: argparse.Namespace) -> Account | None:
    return account_of(arguments.by) if arguments.by else None


_ACTIONS = {"new": _new, "list": _list, "ping": _ping, "remove": _remove}
