"""`compete paper assemble` and `compete paper check`: papers from a question bank by a table."""

from __future__ import annotations

import ctypes
import gc
import os
import sys
from argparse import ArgumentTypeError
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from compete.commands.bundle_file import FileRefusedError, bytes_of, tell_of, write_file
from compete.commands.printing import tell, warn
from compete.domain.bundle.problems import BundleError, Problem
from compete.domain.values.canonical import SAFE
from compete.domain.values.messages import msg
from compete.language import say

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from compete.domain.exam.basis import Basis

T = TypeVar("T")


def add_arguments(parser: ArgumentParser) -> None:
    """Arguments: `assemble BANK TABLE --seed N [-o FILE]` or `check PAPER BANK TABLE`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="assemble|check")
    assembling = actions.add_parser("assemble", help=say(msg("照组卷方案从题库里组一份试卷")))
    checking = actions.add_parser("check", help=say(msg("查一份试卷合不合题库和组卷方案")))
    checking.add_argument("paper", metavar="PAPER", help=say(msg("试卷文件，JSON；- 是标准输入")))
    for command in assembling, checking:
        command.add_argument("bank", metavar="BANK", help=say(msg("题库文件，JSON；- 是标准输入")))
        command.add_argument(
            "table", metavar="TABLE", help=say(msg("组卷方案文件，JSON；- 是标准输入"))
        )
    assembling.add_argument(
        "--seed",
        metavar="N",
        type=_seed,
        required=True,
        help=say(msg("种子，整数：同一个种子、题库和方案组出同一份试卷")),
    )
    assembling.add_argument(
        "-o",
        dest="output",
        metavar="FILE",
        default="-",
        help=say(msg("写到这个文件，新文件只有本人能读；不写就印出来")),
    )


def _seed(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 16 and int(text) <= SAFE):
        raise ArgumentTypeError(say(msg("种子是从 0 到 %(most)s 的整数", most=SAFE)))
    return int(text)


def run(arguments: Namespace) -> int:
    """Assemble or check; exit status 0, 1 for a paper that is short or does not hold, or 2."""
    gc.disable()
    return _assemble(arguments) if arguments.action == "assemble" else _check(arguments)


def _assemble(arguments: Namespace) -> int:
    from compete.domain.exam.assembly import assemble
    from compete.domain.exam.exam_words import limit_words, short_words
    from compete.domain.exam.paper import read_paper, write_paper
    from compete.domain.exam.selection_model import solver_name

    basis = _basis(arguments)
    if basis is None:
        raise FileRefusedError
    with _silent_solver():
        assembled = assemble(basis, seed=arguments.seed)
    content = write_paper(
        basis,
        assembled.forms,
        seed=arguments.seed,
        solver=solver_name(),
        met=assembled.met,
        proven=assembled.proven,
        fewer=assembled.fewer,
        nearer=assembled.nearer,
    )
    write_file(arguments.output, content, inputs=(arguments.bank, arguments.table))
    paper = read_paper(content)
    for sentence in [*short_words(paper, basis.table), *limit_words(paper)]:
        warn(sentence)
    return 0 if assembled.met else 1


def _check(arguments: Namespace) -> int:
    from compete.domain.exam.paper import SHORT, paper_differences, read_paper

    paper = _read("paper", arguments.paper, read_paper)
    basis = _basis(arguments)
    if paper is None or basis is None:
        raise FileRefusedError
    with _silent_solver():
        differences = paper_differences(paper, basis)
    for difference in differences:
        tell_of(difference.path, difference.message)
    if differences:
        return 1
    questions = sum(len(form.items) for form in paper.forms)
    if paper.state == SHORT:
        tell(msg("试卷没有差错：%(n)s 题；没有合方案的试卷，也不能少缺一些", n=questions))
    else:
        tell(msg("试卷没有差错：%(n)s 题，合方案", n=questions))
    return 0


@contextmanager
def _silent_solver() -> Iterator[None]:
    """Keep from standard output what HiGHS itself now and then prints there."""
    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        yield
    finally:
        # What it printed may still wait in the C library.
        ctypes.CDLL(None).fflush(None)
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def _basis(arguments: Namespace) -> Basis | None:
    """The bank and the table; None, having said why, where they are no such files."""
    from compete.domain.exam.bank import read_bank
    from compete.domain.exam.basis import Basis
    from compete.domain.exam.files import file_sha256
    from compete.domain.exam.table import read_table, refuse_unknown_nodes

    hashes: dict[str, str] = {}

    def hashed(kind: str, read: Callable[[bytes], T]) -> Callable[[bytes], T]:
        def both(data: bytes) -> T:
            file = read(data)
            hashes[kind] = file_sha256(data)
            return file

        return both

    bank = _read("bank", arguments.bank, hashed("bank", read_bank))
    table = _read("table", arguments.table, hashed("table", read_table))
    if bank is None or table is None:
        return None
    try:
        refuse_unknown_nodes(table, bank)
    except BundleError as error:
        _tell_problems("table", arguments.table, error.problems)
        return None
    return Basis(bank, table, hashes["bank"], hashes["table"])


def _read(kind: str, name: str, read: Callable[[bytes], T]) -> T | None:
    """What is in a file; None, having said why, where it is no such file."""
    try:
        return read(bytes_of(name, f"{kind}: {name}"))
    except BundleError as error:
        _tell_problems(kind, name, error.problems)
    except FileRefusedError:
        pass
    return None


def _tell_problems(kind: str, name: str, problems: Sequence[Problem]) -> None:
    for problem in problems:
        tell_of(f"{kind}: {problem.path or name}", problem.message)
