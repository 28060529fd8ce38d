"""`compete series FILE`: print what a series comes to, and who goes up."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from compete.commands.bundle_file import open_file
from compete.domain.values.messages import msg
from compete.language import say

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_arguments(parser: ArgumentParser) -> None:
    """Arguments: `compete series FILE`."""
    parser.add_argument(
        "file", metavar="FILE", help=say(msg("系列文件，JSON 或 YAML；- 是标准输入"))
    )


def run(arguments: Namespace) -> int:
    """Print results on standard output; exit status 2 and nothing there for a wrong file."""
    from compete.domain.bundle.results import write_results
    from compete.domain.series.reading import read_series
    from compete.domain.series.reckoning import series_results

    results = series_results(open_file(arguments.file, read_series))
    sys.stdout.buffer.write(write_results(results))
    return 0
