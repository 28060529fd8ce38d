"""`compete load FILE`: put a competition file into the database."""

from __future__ import annotations

import argparse
import sys

from compete.commands.bundle_file import FileRefusedError, open_bundle
from compete.domain.values import msg
from compete.language import say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file."""
    parser.add_argument("file", help="竞赛文件，.json 或 .yaml")


def run(arguments: argparse.Namespace) -> int:
    """Load it whole; exit status 2 for a file that cannot be used, 1 when it is there already."""
    from compete import create_app
    from compete.services.competitions import load_bundle
    from compete.services.kernel import Refused

    try:
        bundle = open_bundle(arguments.file)
    except FileRefusedError:
        return 2
    with create_app().app_context():
        try:
            competition = load_bundle(bundle)
        except Refused as refused:
            print(say(refused.message), file=sys.stderr)
            return 1
        print(say(msg("已载入 %(name)s（%(code)s）", name=competition.name, code=competition.code)))
    return 0
