"""Bundle files, and others of their kind: open the file that a command is given."""

import os
import stat
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from compete.commands.printing import print_line
from compete.domain.bundle.problems import BundleError, Problem
from compete.domain.bundle.reader.file_text import BYTE_ORDER_MARK
from compete.domain.bundle.reading import Form, bundle_warnings, read_bundle
from compete.domain.bundle.types import Bundle
from compete.domain.values.messages import Message, msg
from compete.language import say
from compete.system_reasons import reason_of

if TYPE_CHECKING:
    from argparse import ArgumentParser

T = TypeVar("T")


class FileRefusedError(SystemExit):
    """The file can't be used; standard error has said why, and the command ends with 2."""

    def __init__(self) -> None:
        super().__init__(2)


def add_file(parser: "ArgumentParser") -> None:
    """The argument `FILE`, a bundle."""
    parser.add_argument(
        "file", metavar="FILE", help=say(msg("竞赛文件，JSON 或 YAML；- 是标准输入"))
    )


def open_bundle(name: str) -> Bundle:
    """Open the bundle in a file, as `open_file`. What is merely odd is only said."""
    bundle = open_file(name, _checked_bundle)
    tell_problems(name, bundle_warnings(bundle), msg("注意"))
    return bundle


def _checked_bundle(data: bytes, form: Form) -> Bundle:
    bundle = read_bundle(data, form=form)
    if bundle.playoffs:
        from compete.domain.scoring.scorer import refuse_unfit_playoffs

        refuse_unfit_playoffs(bundle)
    return bundle


def open_file(name: str, read: Callable[[bytes, Form], T]) -> T:
    """Read a file, YAML or JSON by its suffix; `-` is standard input, either.

    What is wrong goes to standard error, one line for each problem, and then
    `FileRefusedError` is raised.
    """
    data = bytes_of(name)
    try:
        return read(data, form_of(name) if name != "-" else _form_in(data))
    except BundleError as error:
        tell_problems(name, error.problems)
        raise FileRefusedError from None


def form_of(name: str) -> Form:
    """The format of a file, by its name."""
    return "yaml" if name.lower().endswith((".yaml", ".yml")) else "json"


def _form_in(data: bytes) -> Form:
    """The format of unnamed bytes: JSON is an object, which begins with a brace."""
    text = data.removeprefix(BYTE_ORDER_MARK).lstrip()
    return "json" if not text or text[:1] in b"{[" else "yaml"


def bytes_of(name: str, told_as: str | None = None) -> bytes:
    """Read a file; `-` is standard input.

    Raises `FileRefusedError`, having said why, for one that can't be read; the
    sentence begins with `told_as`, by default the name.
    """
    try:
        if name == "-" and sys.stdin.closed:
            tell_of(told_as or name, msg("只有一个文件能从标准输入读，“-”不能写两次"))
            raise FileRefusedError
        if name == "-":
            with sys.stdin:
                return sys.stdin.buffer.read()
        with open(name, "rb") as file:
            return file.read()
    except (OSError, ValueError) as error:
        tell_of(told_as or name, msg("读不了这个文件：%(why)s", why=reason_of(error)))
        raise FileRefusedError from None


def write_file(name: str, content: bytes, *, inputs: Iterable[str] = ()) -> None:
    """Write what a command made, whole or not at all; `-` is standard output.

    A new file is its owner's alone. One that is there keeps its mode, and a link its
    target. Raises `FileRefusedError`, having said why, where nothing can be written, and
    where the file is one of the `inputs` of the command.
    """
    if name == "-":
        sys.stdout.buffer.write(content)
        return
    path = Path(os.path.realpath(name))
    try:
        if any(given != "-" and path.samefile(given) for given in inputs if path.exists()):
            tell_of(name, msg("这是要读的文件，不能写到它上面，请换一个文件名"))
            raise FileRefusedError
        mode = path.stat().st_mode if path.exists() else stat.S_IFREG | 0o600
        if stat.S_ISREG(mode):
            from compete.tls.files import write

            write(path, content, stat.S_IMODE(mode))
        else:
            path.write_bytes(content)
    except (OSError, ValueError) as error:
        tell_of(name, msg("写不了这个文件：%(why)s", why=reason_of(error)))
        raise FileRefusedError from None


def tell_problems(name: str, problems: Iterable[Problem], kind: Message | None = None) -> None:
    """Say on standard error what is wrong with the file of this name, a line for each problem."""
    for problem in problems:
        tell_of(problem.path or name, problem.message, kind)


def tell_of(path: str, message: Message, kind: Message | None = None) -> None:
    """Say on standard error something of a file, or of a place in it."""
    head = f"{path}: {say(kind)}: " if kind else f"{path}: "
    print_line(head + say(message), sys.stderr)
