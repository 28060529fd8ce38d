"""`compete mirror URL DIR`: keep a log's checkpoints and lines, and tell when it was rewritten.

It needs no database: whoever does not trust the site runs it on a machine of their own.
In the folder: `key` (taken the first time, or given), `checkpoints/SIZE`,
`consistency/OLD-NEW` (the proof between two of them), `lines.jsonl` (the log itself,
a line each), and in `contradictions/` what was signed and does not follow.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from compete.commands.printing import print_line
from compete.domain.log.checkpoints import Checkpoint, checked_checkpoint
from compete.domain.log.growing import Frontier
from compete.domain.log.hashing import leaf_hash
from compete.domain.log.notes import LogTextError, VerifierKey
from compete.domain.values.messages import Message, msg
from compete.keys.ed25519 import check_signature
from compete.language import say
from compete.system_reasons import reason_of

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from compete.commands.log_site import LogSite


_LINES = "lines.jsonl"


class _BrokenError(Exception):
    """Error: the log does not follow from what is kept: `args[0]` says how, `args[1]` the proof."""


class _UnusableError(Exception):
    """Error: the folder or the site cannot be used; nothing is said of the log."""


def add_arguments(parser: ArgumentParser) -> None:
    """Arguments: which log, and the folder of the copy."""
    parser.add_argument("url", metavar="URL", help=say(msg("网站的网址，或总账的（末尾是 /log）")))
    parser.add_argument("folder", metavar="DIR", type=Path, help=say(msg("存到哪个文件夹")))
    parser.add_argument(
        "--key",
        metavar="KEY",
        help=say(msg("总账的公钥，从公示或手册上抄；不写，第一次就用网站给的那一把")),
    )


def run(arguments: Namespace) -> int:
    """Mirror a log.

    Exit status 0: it follows; 1: history was rewritten, or a checkpoint does not follow; 2: no
    answer, or a folder that is no mirror of this log.
    """
    from compete.commands.log_site import LogSite, NoAnswerError

    folder: Path = arguments.folder
    try:
        site = LogSite(arguments.url)
        print_line(_mirror(site, folder, arguments.key))
    except _BrokenError as broken:
        for sentence in broken.args:
            print_line(sentence, sys.stderr)
        return 1
    except (NoAnswerError, _UnusableError) as error:
        print_line(error.args[0], sys.stderr)
        return 2
    except OSError as error:
        why = msg("%(folder)s：%(why)s", folder=str(folder), why=reason_of(error))
        print_line(why, sys.stderr)
        return 2
    return 0


def _mirror(site: LogSite, folder: Path, given: str | None) -> Message:
    """Take in new lines. Raises `_BrokenError`, with what contradicts kept beside."""
    (folder / "checkpoints").mkdir(parents=True, exist_ok=True)
    key = _key(site, folder, given)
    note = site.checkpoint()
    if note is None:
        if _kept_sizes(folder):
            kept = msg("以前的检查点都留在 %(folder)s", folder=str(folder))
            raise _BrokenError(msg("总账空了，以前有过检查点：历史改过"), kept)
        return msg("总账还是空的")
    try:
        now = checked_checkpoint(note, [key], check_signature)
    except LogTextError as error:
        raise _against(folder, note, error.message, signed=False) from None
    if given is None:
        _keep_key(folder, key)
    last = _last(folder, key)
    frontier = _kept_lines(folder, last)
    if last is not None and now.size < last.size:
        raise _against(
            folder,
            note,
            msg(
                "总账变短了，上次 %(old)s 条，这次 %(n)s 条：恢复过旧的备份，或者历史改过",
                old=last.size,
                n=now.size,
            ),
        )
    size = last.size if last else 0
    if last is not None and now.size == size:
        if now.root != last.root:
            raise _against(folder, note, _rewritten(size))
        return msg("没有新的，还是 %(n)s 条，核对词：%(words)s", n=size, words=now.long_words)
    proof = site.consistency(size, now.size) if size else ()
    if last is not None and not last_begins(last, now, proof):
        raise _against(folder, note, _rewritten(size))
    lines = site.lines(size, now.size)
    if frontier.grown(map(leaf_hash, lines)).frontier.root != now.root:
        raise _against(folder, note, msg("给的条目算不出它签的根：条目和检查点对不上"))
    _keep(folder, size, now, note, proof, lines)
    return msg(
        "又多了 %(more)s 条，共 %(n)s 条，都接得上，核对词：%(words)s",
        more=now.size - size,
        n=now.size,
        words=now.long_words,
    )


def last_begins(last: Checkpoint, now: Checkpoint, proof: tuple[bytes, ...] | None) -> bool:
    """True if a log that was signed begins with the one that was signed before."""
    from compete.domain.log.checking import shows_consistency

    if proof is None or last.origin != now.origin:
        return False
    return shows_consistency(last.size, last.root, now.size, now.root, proof)


def _rewritten(size: int) -> Message:
    return msg("历史改过：现在的前 %(n)s 条和上次签的不一样", n=size)


def _key(site: LogSite, folder: Path, given: str | None) -> VerifierKey:
    """The key that is kept, else the one given, which is kept, else the site's own.

    That one is kept with the first checkpoint it signed: a log that is empty yet may still
    get another name, and its key with it.
    """
    place = folder / "key"
    kept = place.read_text(encoding="utf-8").strip() if place.is_file() else None
    try:
        key = VerifierKey.parse(kept or given or site.key())
        if given and VerifierKey.parse(given) != key:
            raise _UnusableError(
                msg(
                    "%(place)s 里是另一把公钥。换了钥匙就另用一个文件夹，这一个留着",
                    place=str(place),
                )
            )
    except LogTextError as error:
        raise _UnusableError(error.message) from None
    if kept is None and given:
        _keep_key(folder, key)
    return key


def _keep_key(folder: Path, key: VerifierKey) -> None:
    place = folder / "key"
    if not place.is_file():
        _write(place, f"{key}\n".encode())


def _kept_sizes(folder: Path) -> list[int]:
    return sorted(
        int(path.name) for path in (folder / "checkpoints").iterdir() if path.name.isdigit()
    )


def _last(folder: Path, key: VerifierKey) -> Checkpoint | None:
    """The last checkpoint that is kept; it must still be signed."""
    sizes = _kept_sizes(folder)
    if not sizes:
        return None
    place = folder / "checkpoints" / str(sizes[-1])
    try:
        return checked_checkpoint(place.read_bytes(), [key], check_signature)
    except LogTextError as error:
        raise _UnusableError(
            msg("%(place)s 坏了：%(why)s", place=str(place), why=error.message)
        ) from None


def _kept_lines(folder: Path, last: Checkpoint | None) -> Frontier:
    """The log as it is kept. Lines behind the last checkpoint came from a run that was cut off."""
    lines = _first_lines(folder, last.size if last else 0)
    frontier = Frontier().grown(map(leaf_hash, lines)).frontier
    if last is not None and (frontier.size, frontier.root) != (last.size, last.root):
        place = str(folder / _LINES)
        raise _UnusableError(msg("%(place)s 坏了，和存下的检查点对不上", place=place))
    return frontier


def _first_lines(folder: Path, size: int) -> list[bytes]:
    """So many lines of the log as they are kept."""
    place = folder / _LINES
    return place.read_bytes().split(b"\n")[:size] if place.is_file() else []


def _keep(
    folder: Path,
    size: int,
    now: Checkpoint,
    note: bytes,
    proof: tuple[bytes, ...] | None,
    lines: list[bytes],
) -> None:
    """Keep lines and proof first: the checkpoint says that all before it is there."""
    kept = (*_first_lines(folder, size), *lines)
    _write(folder / _LINES, b"".join(line + b"\n" for line in kept))
    if size:
        (folder / "consistency").mkdir(exist_ok=True)
        text = "".join(f"{digest.hex()}\n" for digest in proof or ())
        _write(folder / "consistency" / f"{size}-{now.size}", text.encode())
    _write(folder / "checkpoints" / str(now.size), note)


def _against(folder: Path, note: bytes, why: Message, *, signed: bool = True) -> _BrokenError:
    """Keep what does not follow, under its own hash; unsigned it shows little."""
    import hashlib

    (folder / "contradictions").mkdir(exist_ok=True)
    _write(folder / "contradictions" / hashlib.sha256(note).hexdigest()[:16], note)
    if signed:
        evidence = msg("两张签了名的检查点都留在 %(folder)s，这就是证据", folder=str(folder))
    else:
        evidence = msg(
            "收到的那张留在 %(folder)s 的 contradictions 里。它没有那把钥匙的签名，不证明历史改过："
            "先问主办方换过网址、钥匙没有",
            folder=str(folder),
        )
    return _BrokenError(why, evidence)


def _write(place: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    part = place.with_name(f".{place.name}.part")
    part.write_bytes(content)
    part.replace(place)
