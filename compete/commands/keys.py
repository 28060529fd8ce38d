"""`compete keys`: show each key's place, if it is this database's, and the issuer's keys."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from compete.commands.printing import tell
from compete.domain.values.days import date_words
from compete.domain.values.messages import Message, msg
from compete.language import say

if TYPE_CHECKING:
    from compete.models import IssuerKey


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments: none, or `accept secret`, `accept log`, `renew`, `withdraw NAME`."""
    actions = parser.add_subparsers(dest="action", metavar="accept|renew|withdraw")
    accept = actions.add_parser("accept", help=say(msg("换了签登录状态或总账的钥匙以后，认这一把")))
    accept.add_argument(
        "key",
        choices=("secret", "log"),
        help=say(msg("哪一把；换 field.key 用 compete rotate-key")),
    )
    actions.add_parser("renew", help=say(msg("换一把签电子证书的钥匙，以前签的照样有效")))
    withdraw = actions.add_parser(
        "withdraw", help=say(msg("作废一把签电子证书的钥匙：别人可能拿到了它"))
    )
    withdraw.add_argument("name", metavar="NAME", help=say(msg("哪一把，如 2026-1")))


def run(arguments: argparse.Namespace) -> int:
    """Show or change keys; exit status 1 if one is missing, another database's, or can't go."""
    from compete.config import KEY_FILES, Config
    from compete.services.backups.keys import check_value, settle_keys
    from compete.web.factory import make_app

    config = Config.from_env()
    accepted = arguments.key if arguments.action == "accept" else None
    with make_app(config).app_context():
        settle_keys(config, accept=accepted)
        lines = _issuer(arguments)
    if accepted == "log":
        tell(msg("认了现在这把 log.key；以后的检查点要用新公钥验，把它公布出去"))
    elif accepted:
        tell(msg("认了现在这把 secret.key；和以前不同的话，所有人要重新登录"))
    for name, file in KEY_FILES.items():
        print(f"{file}\t{check_value(name, config)[:8]}\t{config.place_of(name)}")
    for line in lines:
        print(line)
    return 0


def _issuer(arguments: argparse.Namespace) -> list[str]:
    """Renew, withdraw or list the issuer's keys; return a line for each of them.

    Nothing is said of them on a database that has no such table yet.
    """
    from sqlalchemy import inspect

    from compete.models import IssuerKey, db
    from compete.services.certificates.issuer_keys import (
        keys_of_issuer,
        renew_issuer_key,
        withdraw_issuer_key,
    )

    lines = []
    if not inspect(db.engine).has_table(IssuerKey.__tablename__):
        return []
    if arguments.action == "renew":
        key = renew_issuer_key()
        lines.append(say(msg("新钥匙 %(name)s，从现在起用它签电子证书", name=key.name)))
    elif arguments.action == "withdraw":
        signed = withdraw_issuer_key(arguments.name)
        lines.append(
            say(
                msg(
                    "%(name)s 作废了，它签过的 %(count)s 张电子证书不再有效，"
                    "持证人再下载一次，就用新钥匙重签",
                    name=arguments.name,
                    count=signed,
                )
            )
        )
    return [
        *lines,
        *(f"{key.name}\t{key.public_key[:8]}\t{say(_state(key))}" for key in keys_of_issuer()),
    ]


def _state(key: IssuerKey) -> Message:
    if key.withdrawn_at is not None:
        return msg("%(day)s 作废", day=date_words(key.withdrawn_at))
    if key.retired_at is not None:
        return msg("%(day)s 停用，签过的有效", day=date_words(key.retired_at))
    return msg("正在签电子证书")
