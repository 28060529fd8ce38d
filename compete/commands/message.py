"""`compete message`: tries the channels by which messages go, and names groups to be told."""

from __future__ import annotations

import argparse

from compete.commands.printing import tell
from compete.domain.values.messages import ToldError, msg
from compete.language import say

_CHANNELS = ("mail", "sms", "wecom", "dingtalk", "feishu")


class TestError(ToldError):
    """Error: the other side did not take the message."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments: `compete message test CHANNEL [TO]` and `compete message group CODE NAME URL`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="test|group")
    test = actions.add_parser("test", help=say(msg("试发一条，说对方答了什么")))
    test.add_argument("channel", choices=_CHANNELS, help=say(msg("通道")))
    test.add_argument(
        "to",
        nargs="?",
        default="",
        help=say(msg("发到哪里：邮箱、手机号或群机器人的地址；邮件不写就发给发件人自己")),
    )
    group = actions.add_parser("group", help=say(msg("加一个要告诉的群")))
    group.add_argument("competition", metavar="CODE", help=say(msg("竞赛编号")))
    group.add_argument("name", help=say(msg("群的名字")))
    group.add_argument("url", help=say(msg("群机器人的地址")))


def run(arguments: argparse.Namespace) -> int:
    """Run the command; exit status 1 when the message was not taken."""
    from compete.commands.db import run_action

    return run_action({"test": _test, "group": _group}, arguments)


def _test(arguments: argparse.Namespace) -> None:
    from compete.services.outbox.channels import read_receiver
    from compete.services.outbox.deliveries import WHY_WORDS
    from compete.services.outbox.messages import put_test
    from compete.services.outbox.worker import send_now

    to = read_receiver(arguments.channel, arguments.to)
    words = say(msg("这是竞赛台试发的一条，收到就说明通道好了。"))
    sent = send_now(put_test(arguments.channel, to, words, None))
    status = "-" if sent.status is None else sent.status
    answer = " ".join(sent.answer.split())
    if sent.why is not None:
        raise TestError(
            msg(
                "没发成：%(why)s（%(status)s）%(answer)s",
                why=WHY_WORDS[sent.why],
                status=status,
                answer=answer,
            )
        )
    tell(msg("发出去了：对方答 %(status)s %(answer)s", status=status, answer=answer))


def _group(arguments: argparse.Namespace) -> None:
    from compete.commands.account import competition_of
    from compete.services.outbox.message_acts import add_group

    competition = competition_of(arguments.competition)
    row = add_group(competition, arguments.name, arguments.url, None)
    tell(msg("“%(name)s”加好了，以后告诉这个群", name=row.name))
