"""`compete exam score FILE`: work out the results of a theory examination."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

from compete.commands.bundle_file import open_file
from compete.domain.exam.exam_reading import read_exam
from compete.domain.exam.exam_results import write_exam_results
from compete.domain.exam.exam_scoring import score_exam
from compete.domain.values.messages import msg
from compete.language import say

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_arguments(parser: ArgumentParser) -> None:
    """Arguments: `compete exam score FILE`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="score")
    score = actions.add_parser("score", help=say(msg("算出理论考试的成绩")))
    score.add_argument("file", metavar="FILE", help=say(msg("理论考试文件，JSON；- 是标准输入")))


def run(arguments: Namespace) -> int:
    """Print the results on standard output; exit status 2 and nothing there for a wrong file."""
    # One run makes many objects and no circles: looking for those takes a good part of the time.
    gc.disable()
    exam = open_file(arguments.file, lambda data, _form: read_exam(data))
    sys.stdout.buffer.write(write_exam_results(score_exam(exam)))
    return 0
