"""Offline package: a tablet's marks that cannot get out, as one file or a series of codes.

The file is JSON: `{"format": "compete-acts/2", "judge", "tablet", "made", "keys",
"acts", "mac"}`, each act a list in the order of `keys`. `mac` stands last: the
HMAC-SHA256, by the key that the tablet named `tablet` got when its judge signed
in, of the file as it was before `,"mac":…` was put in. Where the tablet has no
key the format is `compete-acts/1`, without those two. The codes are texts
`CA1 i/n crc piece`; the pieces put together are the same file, `crc` is the
CRC-32 of the whole.
"""

from __future__ import annotations

import re
import zlib
from codecs import BOM_UTF8
from dataclasses import dataclass
from typing import Any

import msgspec

from compete.domain.values.messages import msg, some_of
from compete.domain.values.upload_limits import LARGEST_PACKAGE
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.kernel.untrusted_json import read_json
from compete.services.sheets.act_rules import ActIn

FORMAT = "compete-acts/2"
UNPROVEN_FORMAT = "compete-acts/1"
_CODE = re.compile(r"CA1 (\d{1,4})/(\d{1,4}) ([0-9a-f]{8}) (\S*)")
_MAC = re.compile(rb',"mac":"([0-9a-f]{64})"\}\Z')
_MARK = re.compile(r"(\d{1,18})\.(\d{1,18})")


class _File(msgspec.Struct):
    format: str
    judge: str
    keys: list[str]
    acts: list[list[Any]]
    made: str | None = None
    tablet: str | None = None
    mac: str | None = None


@dataclass(frozen=True)
class Package:
    """A package of acts as they were handed over: whose, by the rows' numbers, and what.

    `mac` is said to be over `proven` by the key of `tablet`; nobody has checked that here.
    """

    competition_id: int
    judge_id: int
    acts: list[ActIn]
    proven: bytes
    tablet: str | None = None
    mac: str | None = None


def read_package(data: bytes) -> Package:
    """The package in a file. Raises `Refused`: INVALID (saying why), or TOO_LARGE."""
    if len(data) > LARGEST_PACKAGE:
        raise Refused(msg("这个文件太大了，不是平板交出来的"), kind=Refusal.TOO_LARGE)
    # An editor in which somebody only looked at the file may have put a mark before it.
    data = data.removeprefix(BOM_UTF8)
    file = read_json(data, _File)
    owner = _MARK.fullmatch(file.judge) if file is not None else None
    if file is None or file.format not in (FORMAT, UNPROVEN_FORMAT) or owner is None:
        raise invalid(msg("这不是平板交出来的文件"))
    try:
        acts = [_act(file.keys, act) for act in file.acts]
    except (msgspec.ValidationError, ValueError):
        raise invalid(msg("文件里有读不懂的分数，换一种办法交")) from None
    if not acts:
        raise invalid(msg("里面一条分数也没有"))
    match = _MAC.search(data)
    # What was signed is the text, not what it says: a key given twice proves nothing.
    return Package(
        int(owner[1]),
        int(owner[2]),
        acts,
        data[: match.start()] + b"}" if match else data,
        file.tablet,
        match[1].decode() if match else None,
    )


def join_codes(text: str) -> bytes:
    """The file that the codes in a text are pieces of, however they are separated.

    Raises `Refused` (INVALID): no code at all, codes of two series, some still
    missing, or misread.
    """
    pieces: dict[int, str] = {}
    series: set[tuple[int, str]] = set()
    for number, count, checksum, piece in _CODE.findall(text[:LARGEST_PACKAGE]):
        series.add((int(count), checksum))
        pieces[int(number)] = piece
    if not series:
        raise invalid(msg("没有读到平板上的码，每张都以 CA1 开头"))
    if len(series) > 1:
        raise invalid(msg("这些码不是同一次交的，清空了重扫"))
    [(count, checksum)] = series
    missing = [str(number) for number in range(1, count + 1) if number not in pieces]
    if missing:
        numbers = some_of(missing, 12)
        raise Refused(
            msg("还差第 %(numbers)s 张，一共 %(count)s 张", numbers=numbers, count=count),
            Refusal.INVALID,
        )
    data = "".join(pieces[number] for number in range(1, count + 1)).encode()
    if zlib.crc32(data) != int(checksum, 16):
        raise invalid(msg("有一张扫错了，清空了重扫"))
    return data


def _act(keys: list[str], values: list[Any]) -> ActIn:
    fields = {key: value for key, value in zip(keys, values, strict=True) if value is not None}
    return msgspec.convert(fields, ActIn)
