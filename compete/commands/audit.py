"""`compete audit CODE`: hold everything that one competition claims against everything else."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from compete.commands.bundle_file import bytes_of, tell_of
from compete.commands.printing import print_line, refuse
from compete.domain.log.checkpoints import (
    Checkpoint,
    checked_checkpoint,
    from_short_form,
    read_checkpoint,
)
from compete.domain.log.notes import LogTextError
from compete.domain.values.messages import Message, msg
from compete.language import say

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from compete.models import Competition

_SHORT = b"cp1~"
_CHAINS = msg("变更记录、封存、签名、总账")


def add_arguments(parser: ArgumentParser) -> None:
    """Arguments: which competition, and a checkpoint that was kept elsewhere."""
    parser.add_argument("code", help=say(msg("竞赛编号")))
    parser.add_argument(
        "--checkpoint",
        metavar="FILE",
        help=say(msg("别处留着的检查点：文件，或二维码里的那一行；总账要是它往后加出来的")),
    )


def run(arguments: Namespace) -> int:
    """Run the audit; exit status 0 if all holds, 1 if something does not, 2 if there is nothing."""
    from compete import create_app
    from compete.commands.account import NobodyError, competition_of
    from compete.config import Config
    from compete.services.backups.integrity import damage_of

    try:
        outside = _outside(arguments.checkpoint) if arguments.checkpoint else None
    except LogTextError as error:
        tell_of(arguments.checkpoint[:60], error.message)
        return 2
    damage = damage_of(Config.from_env().database_url)
    if damage is not None:
        return refuse(damage, 1)
    with create_app().app_context():
        try:
            competition = competition_of(arguments.code)
        except NobodyError as error:
            print_line(error.message, sys.stderr)
            return 2
        except Exception:
            # Its own row was spoilt: nothing else can be asked for by it.
            _print_part(Part(_CHAINS, lambda: _in_chains(arguments.code), lambda: _CHAINS))
            return 1
        sound = [_print_part(part) for part in _parts(competition, outside)]
        sound.append(_print_part(_bends(competition)))
    print_line(msg("都对得上") if all(sound) else msg("有对不上的"))
    if outside is None:
        print_line(msg("没有和别处留着的检查点比：整本重做过的历史，只有那样才看得出"))
    return 0 if all(sound) else 1


def _outside(given: str) -> tuple[Checkpoint, bytes]:
    """Read the checkpoint of a file, or of the text itself, and its note."""
    data = given.encode() if given.encode().startswith(_SHORT) else bytes_of(given)
    if data.startswith(_SHORT):
        data = from_short_form(data.decode("utf-8", "replace")).encode()
    return read_checkpoint(data)[0], data


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the audit: its faults, and what is said where there is none.

    Each is worked out when it is asked for, since what is spoilt may end it. `beside` are lines
    that are no faults.
    """

    title: Message
    faults: Callable[[], Iterable[str]]
    holds: Callable[[], Message]
    beside: Callable[[], Iterable[str]] = tuple


def _print_part(part: Part) -> bool:
    """Say how one part stands; what cannot be looked at to its end is a fault, and named."""
    from compete.commands.verify import no_further, unreadable_places
    from compete.models import db

    faults: list[str] = []
    beside: list[str] = []
    holds = ""
    try:
        faults += part.faults()
        beside += part.beside()
        holds = say(part.holds()) if not faults else ""
    except Exception as error:
        db.session.rollback()
        faults.append(say(no_further(error)))
        faults += [f"{place}: {say(fault)}" for place, fault in unreadable_places()]
    print_line(f"{say(part.title)}: {holds}".rstrip())
    for line in beside:
        print_line(f"  {line}")
    for fault in faults:
        print_line(f"  {fault}", sys.stderr)
    return not faults


def _parts(competition: Competition, outside: tuple[Checkpoint, bytes] | None) -> Iterator[Part]:
    from compete.services.backups.stored_files import check_files, count_files
    from compete.services.kernel.audit import chain_head
    from compete.services.results.record_checks import check_certified, check_scores
    from compete.services.results.snapshots import publications

    def in_versions() -> Iterator[str]:
        faults = (check_scores(version) for version in publications(competition))
        yield from (say(fault) for fault in faults if fault is not None)

    yield Part(
        _CHAINS,
        lambda: _in_chains(competition.code),
        lambda: msg("%(n)s 条记录，逐条都对", n=chain_head(competition)[0]),
    )
    yield Part(
        msg("检查点"),
        lambda: [say(fault) for fault in _against(outside)] if outside else [],
        lambda: _checkpoint(outside),
    )
    yield Part(msg("公布的各版，照规则重算"), in_versions, lambda: _versions(competition))
    yield Part(
        msg("照片、徽标和申报材料的文件"),
        lambda: (f"{place}: {say(fault)}" for place, fault in check_files(competition)),
        lambda: msg("%(n)s 个，都在，都是当时的", n=count_files(competition)),
    )
    yield Part(
        msg("证书和公布的奖项、等级"),
        lambda: map(say, check_certified(competition)),
        lambda: msg("都对得上，或者正在复核、有人处理过"),
    )


def _in_chains(code: str) -> Iterator[str]:
    """Faults in the competition's chain and in the installation's."""
    from compete.commands.verify import faults_of
    from compete.services.kernel.chains import known_chains

    for chain in known_chains():
        if chain.number is None or chain.name == code:
            yield from (f"{where}: {say(fault)}" for where, fault in faults_of(chain))


def _checkpoint(outside: tuple[Checkpoint, bytes] | None) -> Message:
    from compete.services.log.sequencing import is_behind, newest_checkpoint

    newest = newest_checkpoint()
    size = newest.size if newest else 0
    here = (
        msg("这里有 %(n)s 条，还有没记进去的，下次有人来取检查点时记", n=size)
        if is_behind()
        else msg("这里有 %(n)s 条", n=size)
    )
    what = (
        msg("是别处那一张（%(n)s 条）往后加出来的", n=outside[0].size)
        if outside
        else msg("没有和别处的比")
    )
    return msg("%(here)s；%(what)s", here=here, what=what)


def _versions(competition: Competition) -> Message:
    from compete.services.results.snapshots import publications

    versions = publications(competition)
    if not versions:
        return msg("还没有公布过，没有可以重算的")
    return msg("%(n)s 版都一分不差", n=len(versions))


def _bends(competition: Competition) -> Part:
    """List re-checks and departures from the promised procedure: no fault, but to be known."""
    from compete.services.results.bends import bends_of
    from compete.services.results.public_rechecks import live_recheck_lines

    def lines() -> Iterator[str]:
        yield from map(say, live_recheck_lines(competition))
        yield from (f"#{bend.seq} {say(bend.line)}" for bend in bends_of(competition))

    def how_many() -> Message:
        bends = bends_of(competition)
        return msg("%(n)s 件", n=len(bends)) if bends else msg("没有")

    return Part(msg("和原定不同"), tuple, how_many, lines)


def _against(outside: tuple[Checkpoint, bytes]) -> Iterator[Message]:
    from compete.keys.ed25519 import check_signature
    from compete.services.log.checking import check_against
    from compete.services.log.sequencing import verifier_key

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
