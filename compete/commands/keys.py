"""`compete keys`: where each key stands, and whether it is the one of this database."""

from __future__ import annotations

import argparse

from compete.domain.values import msg
from compete.language import say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`compete keys`, `compete keys accept secret` or `… log`."""
    actions = parser.add_subparsers(dest="action", metavar="accept")
    accept = actions.add_parser("accept", help=say(msg("换了签登录状态或总账的钥匙以后，认这一把")))
    accept.add_argument("key", choices=("secret", "log"), help=say(msg("哪一把；field.key 不能换")))


def run(arguments: argparse.Namespace) -> int:
    """Exit status 1 if a key is missing or another than the database knows."""
    from compete.config import KEY_FILES, Config
    from compete.services.safekeeping import check_value, settle_keys
    from compete.web.factory import make_app

    config = Config.from_env()
    accepted = arguments.key if arguments.action == "accept" else None
    with make_app(config).app_context():
        settle_keys(config, accept=accepted)
    if accepted == "log":
        print(say(msg("认了现在这把 log.key；以后的检查点要用新公钥验，把它公布出去")))
    elif accepted:
        print(say(msg("认了现在这把 secret.key；和以前不同的话，所有人要重新登录")))
    for name, file in KEY_FILES.items():
        print(f"{file}\t{check_value(name, config)[:8]}\t{config.place_of(name)}")
    return 0
