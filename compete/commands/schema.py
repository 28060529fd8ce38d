"""`compete schema`: print the JSON Schema of the files that we read and write, and of settings."""

import json
import sys
from typing import TYPE_CHECKING

from compete.domain.bundle.versions import FORMATS
from compete.domain.values.messages import msg
from compete.language import say

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_arguments(parser: "ArgumentParser") -> None:
    """Arguments: `compete schema [bundle|bundle/1|bundle/2|results|details]`."""
    parser.add_argument(
        "what",
        nargs="?",
        choices=[
            "bundle",
            *(version.removeprefix("compete-") for version in FORMATS),
            "results",
            "details",
        ],
        default="bundle",
        help=say(
            msg(
                "竞赛文件（bundle，默认；bundle/1 只要第 1 版）、"
                "成绩文件（results）还是竞赛资料（details）"
            )
        ),
    )


def run(arguments: "Namespace") -> int:
    """Print the schema."""
    from compete.domain.bundle.schema import bundle_schema, results_schema

    schemas = {f"bundle/{n}": version for n, version in enumerate(FORMATS, 1)}
    if arguments.what == "details":
        from compete.services.kernel.detail_fields import Details
        from compete.services.kernel.fields import schema_of

        schema = schema_of(Details)
    elif arguments.what == "results":
        schema = results_schema()
    else:
        schema = bundle_schema(schemas.get(arguments.what))
    text = json.dumps(schema, ensure_ascii=False, indent=1)
    sys.stdout.write(text + "\n")
    return 0
