"""`compete schema`: the JSON Schema of the files that we read and write."""

import json
import sys
from typing import TYPE_CHECKING

from compete.domain.values import msg
from compete.language import say

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_arguments(parser: "ArgumentParser") -> None:
    """`compete schema [bundle|results]`."""
    parser.add_argument(
        "what",
        nargs="?",
        choices=["bundle", "results"],
        default="bundle",
        help=say(msg("竞赛文件（bundle，默认）还是成绩文件（results）")),
    )


def run(arguments: "Namespace") -> int:
    """Print the schema."""
    from compete.domain.bundle import bundle_schema, results_schema

    schema = bundle_schema() if arguments.what == "bundle" else results_schema()
    text = json.dumps(schema, ensure_ascii=False, indent=1)
    sys.stdout.write(text + "\n")
    return 0
