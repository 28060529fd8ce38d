"""`compete token`: tokens with which other systems call the API."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from compete.commands.account import account_of, competition_of
from compete.commands.printing import tell
from compete.domain.values.messages import ToldError, msg
from compete.language import say

if TYPE_CHECKING:
    from compete.models import Account


class MakerError(ToldError):
    """Error: nobody says who makes the token."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments: `compete token new|list|revoke`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="new|list|revoke")
    new = actions.add_parser("new", help=say(msg("建令牌，最后一行打印令牌，只打印这一次")))
    new.add_argument("name", help=say(msg("给哪个系统用")))
    new.add_argument(
        "--scope",
        action="append",
        default=[],
        help=say(msg("权限，可写几次，如 registration:read")),
    )
    new.add_argument(
        "--competition",
        metavar="CODE",
        action="append",
        default=[],
        help=say(msg("只用于这个竞赛，可写几次；不写，就是建的人能管的全部")),
    )
    new.add_argument("--days", type=int, default=90, help=say(msg("几天内有效，最多 366")))
    new.add_argument("--by", metavar="WHO", help=say(msg("谁建的：用户名、编号或姓名")))
    actions.add_parser("list", help=say(msg("列出令牌")))
    revoke = actions.add_parser("revoke", help=say(msg("收回令牌，马上失效")))
    revoke.add_argument("id", type=int, help=say(msg("编号，看 compete token list")))
    revoke.add_argument("--by", metavar="WHO", help=say(msg("谁收回的：用户名、编号或姓名")))


def run(arguments: argparse.Namespace) -> int:
    """Run the command; exit status 1 when it is refused."""
    from compete.commands.db import run_action

    return run_action(_ACTIONS, arguments)


def _new(arguments: argparse.Namespace) -> None:
    from compete.services.accounts.api_tokens import make_token

    row, token = make_token(
        arguments.name,
        scopes=arguments.scope,
        competitions=[competition_of(code) for code in arguments.competition],
        days=arguments.days,
        by=account_of(arguments.by) if arguments.by else _only_administrator(),
    )
    tell(
        msg(
            "令牌 %(name)s（编号 %(number)s），%(days)s 天内有效，只显示这一次：",
            name=row.name,
            number=row.id,
            days=arguments.days,
        )
    )
    print(token)


def _list(_arguments: argparse.Namespace) -> None:
    from compete.services.accounts.api_tokens import all_tokens
    from compete.services.kernel.clock import local_time

    rows = all_tokens()
    if not rows:
        tell(msg("还没有令牌。建一个：compete token new 名字 --scope registration:read"))
    for row in rows:
        used = "-" if row.used_at is None else f"{local_time(row.used_at):%F %H:%M} {row.used_from}"
        ended = say(msg("已收回")) if row.revoked_at else f"{local_time(row.expires_at):%F}"
        scopes, codes = ",".join(row.scopes), ",".join(row.competitions or ["*"])
        print(f"{row.id}\t{row.name}\t{scopes}\t{codes}\t{row.account.name}\t{used}\t{ended}")


def _revoke(arguments: argparse.Namespace) -> None:
    from compete.services.accounts.api_tokens import revoke_token

    row = revoke_token(arguments.id, by=account_of(arguments.by) if arguments.by else None)
    tell(msg("令牌 %(name)s 收回了", name=row.name))


def _only_administrator() -> Account:
    from compete.services.accounts.roles import list_accounts

    known = [account for account in list_accounts() if account.is_admin and account.active]
    if len(known) != 1:
        raise MakerError(msg("用 --by 写明谁建这个令牌，账号看 compete account list"))
    return known[0]


_ACTIONS = {"new": _new, "list": _list, "revoke": _revoke}
