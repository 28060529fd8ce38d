"""`compete score FILE`: the results of a competition file."""

import gc
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING

from compete.commands.bundle_file import FileRefusedError, open_bundle
from compete.domain.bundle import write_results
from compete.domain.scoring import score
from compete.domain.values import msg
from compete.language import say

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_arguments(parser: "ArgumentParser") -> None:
    """`compete score FILE [--table]`."""
    parser.add_argument(
        "file", metavar="FILE", help=say(msg("竞赛文件，JSON 或 YAML；- 是标准输入"))
    )
    parser.add_argument(
        "--table", action="store_true", help=say(msg("印成表格，给人看；在终端里照着宽度折行"))
    )


def plain_arguments(words: list[str]) -> SimpleNamespace | None:
    """`FILE` or `FILE --table`."""
    table = "--table" in words
    files = [word for word in words if word != "--table"]
    if len(files) != 1 or (files[0].startswith("-") and files[0] != "-"):
        return None
    return SimpleNamespace(file=files[0], table=table)


def run(arguments: "Namespace | SimpleNamespace") -> int:
    """Results on standard output; exit status 2 and nothing there for a wrong file."""
    # One run makes millions of objects and no circles: looking for those takes
    # a good part of the time.
    gc.disable()
    try:
        bundle = open_bundle(arguments.file)
    except FileRefusedError:
        return 2
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
