"""What a tablet hands over when its marks cannot get out: one file, or a series of codes.

The file is JSON: `{"format": "compete-acts/1", "judge", "made", "keys", "acts"}`,
each act a list in the order of `keys`. The codes are texts `CA1 i/n crc piece`;
the pieces put together are the same file, `crc` is the CRC-32 of the whole.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from typing import Any

import msgspec

from compete.domain.values import msg
from compete.services.kernel import Refused
from compete.services.sheets import ActIn

FORMAT = "compete-acts/1"
MOST_PACKAGE_BYTES = 2 * 1024 * 1024
_CODE = re.compile(r"CA1 (\d{1,4})/(\d{1,4}) ([0-9a-f]{8}) (\S*)")
_MARK = re.compile(r"(\d{1,18})\.(\d{1,18})")


class _File(msgspec.Struct):
    format: str
    judge: str
    keys: list[str]
    acts: list[list[Any]]
    made: str | None = None


@dataclass(frozen=True)
class Package:
    """Acts as they were handed over: whose, by the rows' numbers, and what."""

    competition_id: int
    judge_id: int
    acts: list[ActIn]


def read_package(data: bytes) -> Package:
    """The package in a file. Raises `Refused`: 400 saying what is wrong with it, 413 if large."""
    if len(data) > MOST_PACKAGE_BYTES:
        raise Refused(msg("这个文件太大了，不是平板交出来的"), status=413)
    try:
        file = msgspec.json.decode(data, type=_File)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise Refused(msg("这不是平板交出来的文件"), status=400) from None
    owner = _MARK.fullmatch(file.judge)
    if file.format != FORMAT or owner is None:
        raise Refused(msg("这不是平板交出来的文件"), status=400)
    try:
        acts = [_act(file.keys, act) for act in file.acts]
    except (msgspec.ValidationError, ValueError):
        raise Refused(msg("文件里有读不懂的分数，换一种办法交"), status=400) from None
    if not acts:
        raise Refused(msg("里面一条分数也没有"), status=400)
    return Package(int(owner[1]), int(owner[2]), acts)


def join_codes(text: str) -> bytes:
    """The file that the codes in a text are pieces of, however they are separated.

    Raises `Refused` (400): no code at all, codes of two series, some still
    missing, or misread.
    """
    pieces: dict[int, str] = {}
    series: set[tuple[int, str]] = set()
    for number, count, checksum, piece in _CODE.findall(text[:MOST_PACKAGE_BYTES]):
        series.add((int(count), checksum))
        pieces[int(number)] = piece
    if not series:
        raise Refused(msg("没有读到平板上的码，每张都以 CA1 开头"), status=400)
    if len(series) > 1:
        raise Refused(msg("这些码不是同一次交的，清空了重扫"), status=400)
    [(count, checksum)] = series
    missing = [str(number) for number in range(1, count + 1) if number not in pieces]
    if missing:
        numbers = "、".join(missing[:12])
        raise Refused(
            msg("还差第 %(numbers)s 张，一共 %(count)s 张", numbers=numbers, count=count), 400
        )
    data = "".join(pieces[number] for number in range(1, count + 1)).encode()
    if zlib.crc32(data) != int(checksum, 16):
        raise Refused(msg("有一张扫错了，清空了重扫"), status=400)
    return data


def _act(keys: list[str], values: list[Any]) -> ActIn:
    said = {key: value for key, value in zip(keys, values, strict=True) if value is not None}
    return msgspec.convert(said, ActIn)
