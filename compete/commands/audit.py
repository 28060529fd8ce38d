"""`compete audit CODE`: everything that one competition claims, held against everything else."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from compete.commands.bundle_file import FileRefusedError, bytes_of, print_line, tell
from compete.domain.bundle import Problem
from compete.domain.transparency import (
    Checkpoint,
    LogTextError,
    checked_checkpoint,
    from_short_form,
    read_checkpoint,
)
from compete.domain.values import Message, msg
from compete.language import say

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from compete.models import Competition

_SHORT = b"cp1~"


def add_arguments(parser: ArgumentParser) -> None:
    """Which competition, and a checkpoint that was kept elsewhere."""
    parser.add_argument("code", help=say(msg("竞赛编号")))
    parser.add_argument(
        "--checkpoint",
        metavar="FILE",
        help=say(msg("别处留着的检查点：文件，或二维码里的那一行；总账要是它往后加出来的")),
    )


def run(arguments: Namespace) -> int:
    """Exit status 0 if all holds, 1 if something does not, 2 for no such thing to look at."""
    from compete import create_app
    from compete.services.kernel import competition_by_code

    try:
        outside = _outside(arguments.checkpoint) if arguments.checkpoint else None
    except FileRefusedError:
        return 2
    except LogTextError as error:
        tell(arguments.checkpoint[:60], [Problem("", error.message)])
        return 2
    with create_app().app_context():
        competition = competition_by_code(arguments.code)
        if competition is None:
            sentence = msg("没有编号为“%(code)s”的竞赛", code=arguments.code)
            print_line(say(sentence), sys.stderr)
            return 2
        sound = [_told(*part) for part in _parts(competition, outside)]
    print_line(say(msg("都对得上") if all(sound) else msg("有对不上的")), sys.stdout)
    if outside is None:
        hint = msg("没有和别处留着的检查点比：整本重做过的历史，只有那样才看得出")
        print_line(say(hint), sys.stdout)
    return 0 if all(sound) else 1


def _outside(given: str) -> tuple[Checkpoint, bytes]:
    """The checkpoint of a file, or of the text itself, and its note."""
    data = given.encode() if given.encode().startswith(_SHORT) else bytes_of(given)
    if data.startswith(_SHORT):
        data = from_short_form(data.decode("utf-8", "replace")).encode()
    return read_checkpoint(data)[0], data


def _told(title: Message, faults: Iterable[str], holds: Message) -> bool:
    """Say how one part stands."""
    found = list(faults)
    print_line(f"{say(title)}: {say(holds) if not found else ''}".rstrip(), sys.stdout)
    for fault in found:
        print_line(f"  {fault}", sys.stderr)
    return not found


def _parts(
    competition: Competition, outside: tuple[Checkpoint, bytes] | None
) -> Iterator[tuple[Message, Iterable[str], Message]]:
    from compete.commands.verify import faults_of
    from compete.services.kernel import chain_head, known_chains
    from compete.services.publication import check_certified, check_scores, publications
    from compete.services.transparency import is_behind, newest_checkpoint

    chains = [chain for chain in known_chains() if chain.number in (competition.id, None)]
    seq, _last = chain_head(competition)
    yield (
        msg("变更记录、封存、签名、总账"),
        [f"{where}: {say(fault)}" for chain in chains for where, fault in faults_of(chain)],
        msg("%(n)s 条记录，逐条都对", n=seq),
    )
    newest = newest_checkpoint()
    size = newest.size if newest else 0
    here = (
        msg("这里有 %(n)s 条，还有没记进去的，下次有人来取检查点时记", n=size)
        if is_behind()
        else msg("这里有 %(n)s 条", n=size)
    )
    yield (
        msg("检查点"),
        [say(fault) for fault in _against(outside)] if outside else [],
        msg(
            "%(here)s；%(what)s",
            here=here,
            what=msg("是别处那一张（%(n)s 条）往后加出来的", n=outside[0].size)
            if outside
            else msg("没有和别处的比"),
        ),
    )
    versions = publications(competition)
    yield (
        msg("公布的各版，照规则重算"),
        [say(fault) for version in versions if (fault := check_scores(version)) is not None],
        msg("%(n)s 版都一分不差", n=len(versions))
        if versions
        else msg("还没有公布过，没有可以重算的"),
    )
    yield (
        msg("证书和公布的奖项、等级"),
        [say(fault) for fault in check_certified(competition)],
        msg("都对得上，或者正在复核、有人处理过"),
    )


def _against(outside: tuple[Checkpoint, bytes]) -> Iterator[Message]:
    from compete.keys import check_signature
    from compete.services.transparency import check_against, verifier_key

    checkpoint, note = outside
    key = verifier_key()
    if checkpoint.origin != key.name:
        yield msg(
            "这张检查点是另一本总账的：%(other)s，这里是 %(own)s",
            other=checkpoint.origin,
            own=key.name,
        )
        return
    try:
        checked_checkpoint(note, [key], check_signature)
    except LogTextError as error:
        yield error.message
    fault = check_against(checkpoint)
    if fault is not None:
        yield fault
