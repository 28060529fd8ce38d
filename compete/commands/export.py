"""`compete export CODE`: write a competition in the database as a file again."""

from __future__ import annotations

import argparse

from compete.commands.bundle_file import form_of, write_file
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.messages import msg
from compete.language import say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments: which competition, and where to."""
    parser.add_argument("code", help=say(msg("竞赛编号")))
    parser.add_argument(
        "-o", "--output", help=say(msg("写到哪个文件（.json 或 .yaml）；不写就打印出来"))
    )
    parser.add_argument(
        "--public",
        action="store_true",
        help=say(msg("公布的那一份：姓名遮住，只留规则要用的和公布时选的")),
    )


def run(arguments: argparse.Namespace) -> int:
    """Write it; exit status 1 when there is no such competition.

    What is public of an evaluation is who passed, as JSON.
    """
    from compete import create_app
    from compete.commands.account import competition_of
    from compete.domain.bundle.writing import write_bundle
    from compete.domain.evaluation.passed import passed_list, write_passed
    from compete.services.kernel.publications import latest_publication
    from compete.services.results.publishing import with_procedure
    from compete.services.results.snapshots import chosen_parts
    from compete.services.scoring.bundle_out import export_bundle

    with create_app().app_context():
        competition = competition_of(arguments.code)
        private = not arguments.public
        also = () if private else chosen_parts(latest_publication(competition))
        bundle = export_bundle(competition, private=private, history=private, also=also)
        if not private:
            bundle = with_procedure(bundle, competition)
    content = (
        write_passed(passed_list(bundle))
        if not private and competition_kind(bundle.competition).tells_passed_alone
        else write_bundle(bundle, form_of(arguments.output or ""))
    )
    write_file(arguments.output or "-", content)
    return 0
