"""`compete verify-draw FILE`: work a draw out again and hold it against its file.

Where something does not come out the word 一致 stands nowhere in what is said.
"""

from __future__ import annotations

import json
from argparse import ArgumentTypeError
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from compete.commands.bundle_file import bytes_of, tell_problems
from compete.commands.printing import print_line
from compete.domain.ceremonies.checking import Checked, Difference, Findings, check_draw_file
from compete.domain.ceremonies.problems import DrawFileError
from compete.domain.ceremonies.reading import read_draw_file
from compete.domain.ceremonies.types import DrawFile
from compete.domain.ceremonies.units_then_people import BY_ROUNDS, UNIT, is_layered
from compete.domain.values.hashwords import hash_phrase
from compete.domain.values.messages import Message, msg
from compete.language import say

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

LEAST_DIGITS, MOST_DIGITS = 32, 64


def add_arguments(parser: ArgumentParser) -> None:
    """Arguments: `compete verify-draw FILE [--head HEX] [--openings HEX]`."""
    parser.add_argument("file", metavar="FILE", help=say(msg("抽签文件，JSON；- 是标准输入")))
    parser.add_argument(
        "--head", metavar="HEX", type=noted, help=say(msg("拆签以前公布的封存值，至少前 32 位"))
    )
    parser.add_argument(
        "--openings",
        metavar="HEX",
        type=noted,
        help=say(msg("拆备签以前公布的拆签值，至少前 32 位")),
    )


def noted(text: str) -> str:
    """Read the digits that somebody noted at a ceremony; spaces between them don't matter."""
    digits = "".join(text.split()).lower()
    if not set(digits) <= set("0123456789abcdef"):
        raise ArgumentTypeError(say(msg("“%(text)s”不是十六进制数字", text=text)))
    if not LEAST_DIGITS <= len(digits) <= MOST_DIGITS:
        sentence = msg(
            "要 %(least)s 到 %(most)s 位，这里是 %(there)s 位",
            least=LEAST_DIGITS,
            most=MOST_DIGITS,
            there=len(digits),
        )
        raise ArgumentTypeError(say(sentence))
    return digits


def run(arguments: Namespace) -> int:
    """Verify; exit status 0 where all fits, 1 with the first that differs, 2 for no draw file."""
    try:
        file = read_draw_file(bytes_of(arguments.file))
    except DrawFileError as error:
        tell_problems(arguments.file, error.problems)
        return 2
    findings = check_draw_file(
        file, noted_head=arguments.head or "", noted_openings=arguments.openings or ""
    )
    lines = [*_ceremony(file, findings)]
    if findings.fits:
        lines += _all_fits(file)
    for difference in findings.differences:
        lines += _differs(difference)
    lines += _worth(arguments, findings)
    for line in lines:
        print_line(line)
    return 0 if findings.fits else 1


def _ceremony(file: DrawFile, findings: Findings) -> Iterator[Message]:
    """The ceremony's name, its hashes, and who did not open."""
    yield msg("%(ceremony)s，第 %(number)s 次", ceremony=file.ceremony, number=file.number)
    yield msg("封存值 head：%(hash)s", hash=_hash(findings.head))
    yield msg("拆签值 openings：%(hash)s", hash=_hash(findings.openings))
    for party in (*file.parties, file.spare):
        if not party.opened:
            yield msg("没拆签：%(name)s", name=party.name)


def _hash(digits: str) -> str:
    """Write a hash in words, for the ear, and in full."""
    return f"{hash_phrase(bytes.fromhex(digits))}  {digits}"


def _all_fits(file: DrawFile) -> Iterator[Message]:
    layered = is_layered(file)
    for draw in file.draws:
        unit = draw.people[0].unit if layered else None
        drawn = len(draw.people)
        of_units = layered and draw.layer == UNIT
        yield msg(
            "%(event)s %(stage)s %(module)s %(layer)s：%(drawn)s，抽了 %(tries)s 遍，"
            "按规则调了 %(moved)s 个，规则没满足 %(unmet)s 处",
            event=draw.event,
            stage=draw.stage,
            module=draw.module,
            layer=f"{draw.layer} {unit}" if unit else draw.layer,
            drawn=msg("%(n)s 个单位", n=drawn) if of_units else msg("%(n)s 个参赛号", n=drawn),
            tries=draw.tries,
            moved=sum(row.moved for row in draw.result),
            unmet=len(draw.unmet),
        )
    if layered:
        yield (
            msg("位置照次序给：先是各单位的第 1 号，按单位的号排，再是各单位的第 2 号")
            if file.draws[1].layer == BY_ROUNDS
            else msg("位置照次序给：先是第 1 号单位的，按他们的号排，再是第 2 号单位的")
        )
    yield msg("一致：拆了的签都和封签对得上，签位重新算出来一个不差")


def _differs(difference: Difference) -> Iterator[Message]:
    """Say where it does not come out, with both values."""
    match difference.what:
        case Checked.VOID:
            why = msg("备签没拆") if difference.place == "spare" else msg("没有一方拆签")
            yield msg(
                "作废：%(why)s，什么也没抽（拆了 %(found)s 个，至少要 %(wanted)s 个）",
                why=why,
                found=difference.found,
                wanted=difference.wanted,
            )
        case Checked.HEAD | Checked.OPENINGS:
            yield msg("对不上：%(place)s，这个文件不是当时公布的那一份", place=difference.place)
            yield msg("  现场记下：%(value)s", value=_value(difference.found))
            yield msg("  文件算出：%(value)s", value=_value(difference.wanted))
        case _:
            yield msg("对不上：%(place)s", place=difference.place)
            yield msg("  文件写着：%(value)s", value=_value(difference.found))
            yield msg("  重新算出：%(value)s", value=_value(difference.wanted))


def _value(value: Any) -> str | Message:
    """Write a value as the file would."""
    if value is None:
        return msg("没有")
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)


def _worth(arguments: Namespace, findings: Findings) -> Iterator[Message]:
    """Say what the answer is worth: whether it is about the file that was published."""
    noted = {
        "head": (arguments.head, findings.head),
        "openings": (arguments.openings, findings.openings),
    }
    same = [
        name for name, (digits, digest) in noted.items() if digits and digest.startswith(digits)
    ]
    for name in same:
        yield msg("%(name)s 和现场记下的一样", name=name)
    if len(same) < len(noted):
        yield msg(
            "光看文件，只看得出它自己前后对得上。要知道是不是当时公布的那一份，"
            "用 --head 和 --openings 写上现场记下的，至少前 %(least)s 位",
            least=LEAST_DIGITS,
        )
