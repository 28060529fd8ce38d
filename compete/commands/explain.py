"""`compete explain FILE CODE`: say where every point, rank, award and grade came from."""

from typing import TYPE_CHECKING

from compete.commands.bundle_file import add_file, open_bundle
from compete.commands.printing import refuse
from compete.domain.explanation.steps import NobodyError, every_step
from compete.domain.explanation.tree import explain
from compete.domain.values.messages import msg
from compete.language import say

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

INDENT = "  "


def add_arguments(parser: "ArgumentParser") -> None:
    """Arguments: `compete explain FILE CODE`."""
    add_file(parser)
    parser.add_argument("code", metavar="CODE", help=say(msg("选手编号；劳动竞赛是单位编号")))


def run(arguments: "Namespace") -> int:
    """Print sentences; exit status 2 for a wrong file or a code nobody bears."""
    bundle = open_bundle(arguments.file)
    try:
        explained = explain(bundle, arguments.code)
    except NobodyError:
        text = msg("没有编号是 %(code)s 的选手或单位", code=arguments.code)
        return refuse(text)
    print(f"{explained.code} {explained.name}")
    for depth, step in every_step(explained.steps):
        print(f"{INDENT * (depth + 1)}{say(step.text)}")
    return 0
