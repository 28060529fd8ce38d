"""`compete account`: accounts that may sign in, from the command line of the server."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from compete.commands.printing import tell
from compete.domain.values.messages import Message, ToldError, msg
from compete.domain.values.roles import ROLE_WORDS, Role
from compete.language import say

if TYPE_CHECKING:
    from compete.models import Account, Competition


class NobodyError(ToldError):
    """Error: no account, or no competition, is meant by the words."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments: `compete account add|link|list|close|reset-second`."""
    actions = parser.add_subparsers(
        dest="action", required=True, metavar="add|link|list|close|reset-second"
    )
    add = actions.add_parser("add", help=say(msg("建账号，打印设密码的一次性链接")))
    add.add_argument("name", help=say(msg("姓名")))
    add.add_argument("--username", help=say(msg("用户名；不写，就由本人打开链接时自己定")))
    add.add_argument("--admin", action="store_true", help=say(msg("管理员：管全部竞赛和账号")))
    add.add_argument(
        "--organiser",
        metavar="CODE",
        action="append",
        default=[],
        help=say(msg("当这个竞赛的组委会，可写几次")),
    )
    link = actions.add_parser("link", help=say(msg("打印一次性链接，本人用它设新密码")))
    actions.add_parser("list", help=say(msg("列出账号和职责")))
    close = actions.add_parser("close", help=say(msg("停用账号，马上退出它的全部设备")))
    reset = actions.add_parser(
        "reset-second", help=say(msg("去掉登录的第二步（手机和备用码都丢了），退出它的全部设备"))
    )
    for action in link, close, reset:
        action.add_argument("who", help=say(msg("用户名、编号，或没有重名的姓名")))


def run(arguments: argparse.Namespace) -> int:
    """Run the command; exit status 1 when it is refused, or nobody is meant by the words."""
    from compete.commands.db import run_action

    return run_action(_ACTIONS, arguments)


def account_of(who: str) -> Account:
    """Find the account that is meant. Raises `NobodyError`."""
    from compete.services.accounts.roles import find_account

    account = find_account(who)
    if account is None:
        raise NobodyError(
            msg("没有找到账号“%(who)s”，或者不止一个。用户名和编号看 compete account list", who=who)
        )
    return account


def competition_of(code: str) -> Competition:
    """Find the competition of that code. Raises `NobodyError`."""
    from compete.services.kernel.rows_by_number import competition_by_code

    competition = competition_by_code(code)
    if competition is None:
        raise NobodyError(no_competition(code))
    return competition


def no_competition(code: str) -> Message:
    """Say that no competition bears the code."""
    return msg("没有编号为“%(code)s”的竞赛", code=code)


def _add(arguments: argparse.Namespace) -> None:
    from compete.services.accounts.accounts import create_account, grant_role
    from compete.services.accounts.invitations import password_link
    from compete.services.kernel.transactions import unit_of_work

    with unit_of_work():
        account = create_account(
            arguments.name, username=arguments.username, is_admin=arguments.admin
        )
        for code in arguments.organiser:
            grant_role(account, competition_of(code), Role.ORGANISER)
        _made, token = password_link(account, by=None)
    tell(msg("建好了 %(name)s（编号 %(number)s）", name=account.name, number=account.id))
    _print_link(token)


def _link(arguments: argparse.Namespace) -> None:
    from compete.services.accounts.invitations import password_link

    _made, token = password_link(account_of(arguments.who), by=None)
    _print_link(token)


def _list(_arguments: argparse.Namespace) -> None:
    from compete.services.accounts.roles import list_accounts

    accounts = list_accounts()
    if not accounts:
        tell(msg("还没有账号。建一个：compete account add 姓名 --admin"))
    for account in accounts:
        parts = [say(msg("管理员"))] if account.is_admin else []
        parts += [
            f"{say(ROLE_WORDS[membership.role])} {membership.competition.code}"
            for membership in account.memberships
        ]
        if not account.active:
            parts.append(say(msg("已停用")))
        name = account.username or "-"
        print(f"{account.id}\t{name}\t{account.name}\t{', '.join(parts)}")


def _close(arguments: argparse.Namespace) -> None:
    from compete.services.accounts.roles import close_account

    account = account_of(arguments.who)
    if not account.active:
        tell(msg("%(name)s 的账号已经停用了，没有改什么", name=account.name))
        return
    close_account(account, by=None)
    tell(msg("%(name)s 的账号停用了", name=account.name))


def _reset_second(arguments: argparse.Namespace) -> None:
    from compete.services.accounts.second_factors import reset_second_factors

    account = account_of(arguments.who)
    reset_second_factors(account, by=None)
    tell(msg("%(name)s 先用密码登录，再设第二步", name=account.name))


def _print_link(token: str) -> None:
    from flask import current_app

    from compete.commands.first_start import base_of, link_to
    from compete.data_folder import served_at
    from compete.services.kernel.link_lives import INVITATION

    config = current_app.extensions["compete.config"]
    known = config.base_url or served_at(config.data_dir)
    tell(msg("交给本人打开，设用户名和密码；只能用一次，%(days)s 天内有效：", days=INVITATION.days))
    print(f"  {link_to(known or base_of(config), token)}")
    if known is None:
        tell(
            msg(
                "网站没有开着，也没有设 COMPETE_BASE_URL：前面的地址是默认的，"
                "开在别处就换成那里的，/invitation/ 起不变"
            )
        )


_ACTIONS = {
    "add": _add,
    "link": _link,
    "list": _list,
    "close": _close,
    "reset-second": _reset_second,
}
