"""`compete generation new`: let every device send again what it keeps."""

from __future__ import annotations

import argparse

from compete.commands.printing import tell
from compete.domain.values.messages import msg
from compete.language import say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments: `new`, the one thing to be done."""
    actions = parser.add_subparsers(dest="action", metavar="new", required=True)
    actions.add_parser("new", help=say(msg("换一代：平板连上来，把还留着的全部再送一遍")))


def run(_arguments: argparse.Namespace) -> int:
    """Begin a generation, on a running server too."""
    from compete.config import Config
    from compete.services.backups.generations import begin_generation_by_hand
    from compete.web.startup import open_app

    with open_app(Config.from_env()).app_context():
        begin_generation_by_hand()
    tell(msg("换了一代：平板连上以后，把还留着的分数再送一遍，已有的不会重复"))
    return 0
