"""`compete score FILE`: print the results of a competition file, or who passed an evaluation."""

import gc
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING

from compete.commands.bundle_file import add_file, open_bundle
from compete.commands.printing import refuse
from compete.domain.bundle.results import write_results
from compete.domain.kinds.kinds import competition_kind
from compete.domain.scoring.scorer import score
from compete.domain.values.messages import msg
from compete.language import say

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from compete.domain.bundle.types import Bundle


def add_arguments(parser: "ArgumentParser") -> None:
    """Arguments: `compete score FILE [--table | --public [--marks]]`."""
    add_file(parser)
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--table", action="store_true", help=say(msg("印成表格，给人看；在终端里照着宽度折行"))
    )
    form.add_argument(
        "--public",
        action="store_true",
        help=say(msg("等级认定：只写得到等级的人，姓名遮住一部分，可以公布")),
    )
    parser.add_argument(
        "--marks", action="store_true", help=say(msg("和 --public 一起：各部分的成绩也写"))
    )


def plain_arguments(words: list[str]) -> SimpleNamespace | None:
    """Read plain arguments: `FILE` or `FILE --table`."""
    table = "--table" in words
    files = [word for word in words if word != "--table"]
    if len(files) != 1 or (files[0].startswith("-") and files[0] != "-"):
        return None
    return SimpleNamespace(file=files[0], table=table, public=False, marks=False)


def run(arguments: "Namespace | SimpleNamespace") -> int:
    """Print results on standard output; exit status 2 and nothing there for a wrong file."""
    # One run makes millions of objects and no circles: looking for those takes
    # a good part of the time.
    gc.disable()
    bundle = open_bundle(arguments.file)
    if arguments.public or arguments.marks:
        return _public(bundle, arguments)
    results = score(bundle)
    if arguments.table:
        import shutil

        from compete.commands.tables import results_tables

        # Into a file or a pipe everything goes as wide as it is.
        room = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
        sys.stdout.write(results_tables(bundle, results, room))
    else:
        sys.stdout.buffer.write(write_results(results))
    # Nor at the end, when Python would look through all of it once more.
    gc.freeze()
    return 0


def _public(bundle: "Bundle", arguments: "Namespace | SimpleNamespace") -> int:
    """Print who got the grade on standard output; exit status 2 where there is no such list."""
    from compete.domain.evaluation.passed import passed_list, write_passed

    if not competition_kind(bundle.competition).gives_verdicts:
        return refuse(msg("--public 和 --marks 只用于等级认定的文件"))
    if not arguments.public:
        return refuse(msg("--marks 要和 --public 一起写"))
    sys.stdout.buffer.write(write_passed(passed_list(bundle, marks=arguments.marks)))
    return 0
