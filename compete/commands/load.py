"""`compete load FILE`: put a competition file into the database."""

from __future__ import annotations

import argparse

from compete.commands.bundle_file import open_bundle
from compete.commands.printing import tell, warn
from compete.domain.bundle.interning import share_alike
from compete.domain.values.messages import Message, msg
from compete.domain.values.roles import Role
from compete.language import say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments: the file."""
    parser.add_argument("file", help=say(msg("竞赛文件，.json 或 .yaml")))
    parser.add_argument(
        "--owner",
        metavar="WHO",
        help=say(msg("谁当这个竞赛的组委会：用户名、编号，或没有重名的姓名")),
    )


def run(arguments: argparse.Namespace) -> int:
    """Load the file whole; exit status 2 if it cannot be used, 1 when it is there already.

    A large one goes in by parts, so that marks are stored meanwhile; nobody is shown any of it
    before the last. What broke off is gone on with.
    """
    bundle = open_bundle(arguments.file)
    share_alike(bundle)
    # Only now, so that the program takes the room that reading the file left.
    from compete import create_app
    from compete.commands.account import account_of
    from compete.services.accounts.accounts import grant_role
    from compete.services.competitions.loading import broken_off, load_bundle

    with create_app().app_context():
        owner = account_of(arguments.owner) if arguments.owner else None
        rest = broken_off(bundle)
        if rest is not None and rest.same_file:
            warn(msg("上次没有载完，接着载"))
        elif rest is not None:
            warn(msg("上次没有载完的是另一个文件：先撤掉写进去的，再载这个"))
        competition = load_bundle(
            bundle,
            by=owner,
            at_end=lambda it: owner and grant_role(owner, it, Role.ORGANISER, by=owner),
        )
        tell(msg("已载入 %(name)s（%(code)s）", name=competition.name, code=competition.code))
        tell(_owner_words(owner.name if owner else None))
    return 0


def _owner_words(owner: str | None) -> Message:
    if owner is None:
        return msg(
            "还没有组委会，只有管理员看得到。下次可以写 --owner；现在由管理员在竞赛的“账号”页请人"
        )
    return msg("组委会是 %(name)s", name=owner)
