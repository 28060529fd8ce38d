"""`compete bank check FILE`: look through a question bank."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from compete.commands.bundle_file import open_file
from compete.commands.printing import tell
from compete.domain.values.messages import msg
from compete.language import say

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_arguments(parser: ArgumentParser) -> None:
    """Arguments: `compete bank check FILE`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="check")
    check = actions.add_parser("check", help=say(msg("查一个题库文件")))
    check.add_argument("file", metavar="FILE", help=say(msg("题库文件，JSON；- 是标准输入")))


def run(arguments: Namespace) -> int:
    """Say how many questions there are; exit status 2, and what is wrong, for a wrong file."""
    from compete.domain.exam.bank import read_bank
    from compete.domain.exam.files import file_sha256

    # Thousands of questions and no circles: looking for those takes longer than reading.
    gc.disable()
    bank, sha256 = open_file(
        arguments.file, lambda data, _form: (read_bank(data), file_sha256(data))
    )
    tell(msg("%(n)s 道题，sha256 %(sha256)s", n=len(bank.questions), sha256=sha256))
    return 0
