"""`compete verify-proof FILE --key KEY`: check that a line is in the log, without network."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from compete.commands.bundle_file import bytes_of, tell_of
from compete.commands.printing import print_line
from compete.domain.log.leaves import read_leaf
from compete.domain.log.notes import LogTextError, VerifierKey
from compete.domain.log.proof_texts import ProvenLeaf, checked_log_proof, read_log_proof
from compete.domain.values.messages import Message, msg
from compete.keys.ed25519 import check_signature
from compete.language import say

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_arguments(parser: ArgumentParser) -> None:
    """Arguments: `compete verify-proof FILE --key KEY [--leaf FILE]`."""
    parser.add_argument("file", metavar="FILE", help=say(msg("总账的证明；- 是标准输入")))
    parser.add_argument(
        "--key",
        metavar="KEY",
        action="append",
        required=True,
        help=say(msg("总账的公钥，写成“名字+编号+公钥”；可以写几次")),
    )
    parser.add_argument("--leaf", metavar="FILE", help=say(msg("看证明的是不是这个文件里的那一条")))


def run(arguments: Namespace) -> int:
    """Verify; exit status 0 for a line in the log, 1 for one that is not, 2 for no proof."""
    file = "--key"
    try:
        keys = [VerifierKey.parse(text) for text in arguments.key]
        file = arguments.file
        data = bytes_of(file)
        read_log_proof(data)
        leaf = bytes_of(arguments.leaf) if arguments.leaf else None
    except LogTextError as error:
        tell_of(file, error.message)
        return 2
    try:
        proven = checked_log_proof(data, keys, check_signature)
    except LogTextError as error:
        print_line(error.message)
        print_line(msg("对不上"))
        return 1
    is_same = leaf is None or leaf == proven.leaf
    for line in _says(proven):
        print_line(line)
    print_line(msg("在总账里") if is_same else msg("在总账里的不是这一条"))
    return 0 if is_same else 1


def _says(proven: ProvenLeaf) -> Iterator[Message]:
    checkpoint = proven.checkpoint
    yield msg("总账：%(origin)s", origin=checkpoint.origin)
    yield msg(
        "第 %(number)s 条，共 %(size)s 条，一层层往上对了 %(steps)s 次",
        number=proven.index + 1,
        size=checkpoint.size,
        steps=proven.steps,
    )
    yield msg(
        "根：%(words)s  %(digits)s", words=checkpoint.long_words, digits=checkpoint.root.hex()
    )
    yield msg("这一条：%(leaf)s", leaf=proven.leaf.decode("utf-8", "backslashreplace"))
    try:
        read_leaf(proven.leaf)
    except LogTextError as error:
        yield error.message
