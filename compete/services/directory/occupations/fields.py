"""The fields of an occupation: headings, other names for them, and what may stand there."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from compete.domain.identity.occupations import NO_CODE, occupation_code
from compete.domain.values.messages import Message, msg
from compete.models import Occupation
from compete.services.kernel.catalogues import MOST_CATALOGUE_ROWS
from compete.services.kernel.text_limits import UNSEEN
from compete.sheets.headed_rows import RowsKind
from compete.sheets.texts import typed_parts

EDITIONS = (2022, 2015, 1999)
"""Of the national list, the newest first."""
CONFIDENCE: Mapping[str, Message] = {"H": msg("可靠"), "M": msg("较可靠"), "L": msg("待核")}
FLAGS: Mapping[str, Message] = {"L": msg("绿色职业"), "S": msg("数字职业")}
FIELDS: Mapping[str, Message] = {
    "name": msg("职业名称"),
    "code": msg("职业编码"),
    "edition": msg("版本"),
    "tracks": msg("工种"),
    "confidence": msg("可信度"),
    "flags": msg("标志"),
    "newer": msg("新版编码"),
    "note": msg("说明"),
}
OCCUPATION_ROWS = RowsKind(
    "occupations",
    FIELDS,
    {
        "职业": "name",
        "职业（工种）": "name",
        "编码": "code",
        "职业代码": "code",
        "年版": "edition",
        "职业方向": "tracks",
        "工种/职业方向": "tracks",
        "新编码": "newer",
        "备注": "note",
    },
    MOST_CATALOGUE_ROWS,
)
MOST_TRACKS = 40
_MOST = {"name": 100, "note": 200}
_MOST_TRACK = 60
_NO_CODES = frozenset({"", "-", "--", "—", "——", "无", NO_CODE})


@dataclass(frozen=True, slots=True)
class CheckedOccupation:
    """An occupation that can be written."""

    name: str
    code: str
    edition: int
    tracks: list[str]
    confidence: str
    flags: str
    newer: str
    note: str


def check_fields(texts: Mapping[str, str]) -> tuple[CheckedOccupation | None, dict[str, Message]]:
    """The row, or what is wrong with which field."""
    cells = {key: " ".join(texts.get(key, "").split()) for key in FIELDS}
    faults: dict[str, Message] = {}
    for key, most in _MOST.items():
        if len(cells[key]) > most:
            faults[key] = msg("最长 %(most)s 个字，现在是 %(n)s 个", most=most, n=len(cells[key]))
    tracks = _tracks(texts.get("tracks", ""), faults)
    for key, text in cells.items():
        if UNSEEN.search(text):
            faults[key] = msg("有看不见的字符，请删掉再试")
    if not cells["name"]:
        faults["name"] = msg("职业名称要写")
    code, flags = _code(cells["code"], "code", faults), cells["flags"]
    if code and not flags:
        # The list of occupations writes them behind the code: 6-28-03-03 L.
        flags = unicodedata.normalize("NFKC", cells["code"]).upper().replace(code, "")
    newer = _code(cells["newer"], "newer", faults)
    edition = _edition(cells["edition"])
    if edition is None:
        faults["edition"] = msg("写 1999、2015 或 2022")
    elif newer and edition == EDITIONS[0]:
        faults["newer"] = msg("已经是最新的一版，这里空着")
    elif newer and newer == code:
        faults["newer"] = msg("和职业编码一样，没有变就空着")
    confidence = _confidence(cells["confidence"], code)
    if confidence is None:
        faults["confidence"] = msg("写可靠、较可靠或待核")
    marks = _flags(flags)
    if marks is None:
        faults["flags"] = msg("写 L（绿色职业）、S（数字职业）或 LS，没有就空着")
    if faults or edition is None or confidence is None or marks is None:
        return None, faults
    row = CheckedOccupation(
        name=cells["name"],
        code=code,
        edition=edition,
        tracks=tracks,
        confidence=confidence,
        flags=marks,
        newer=newer,
        note=cells["note"],
    )
    return row, {}


def fields_of(row: Occupation | CheckedOccupation) -> dict[str, str]:
    """The texts that would make it again."""
    return {
        "name": row.name,
        "code": row.code,
        "edition": str(row.edition),
        "tracks": "、".join(row.tracks),
        "confidence": str(CONFIDENCE[row.confidence]),
        "flags": row.flags,
        "newer": row.newer,
        "note": row.note,
    }


def is_to_check(row: Occupation) -> bool:
    """True if its code is unsure or unknown: it is then printed nowhere."""
    return not row.code or row.confidence == "L"


def _tracks(text: str, faults: dict[str, Message]) -> list[str]:
    tracks = list(dict.fromkeys(typed_parts(text)))
    if len(tracks) > MOST_TRACKS:
        faults["tracks"] = msg(
            "最多 %(most)s 个工种，现在是 %(n)s 个", most=MOST_TRACKS, n=len(tracks)
        )
    for track in tracks:
        if len(track) > _MOST_TRACK:
            faults["tracks"] = msg(
                "“%(track)s…”最长 %(most)s 个字，现在是 %(n)s 个",
                track=track[:10],
                most=_MOST_TRACK,
                n=len(track),
            )
    return tracks


def _code(text: str, field: str, faults: dict[str, Message]) -> str:
    if text in _NO_CODES:
        return ""
    code = occupation_code(text)
    if code is None:
        faults[field] = msg("写成 6-30-05-01 这样，还不知道就空着")
    return code or ""


def _edition(text: str) -> int | None:
    plain = unicodedata.normalize("NFKC", text).removesuffix("版").removesuffix("年").strip()
    return next((edition for edition in EDITIONS if plain == str(edition)), None)


def _confidence(text: str, code: str) -> str | None:
    if not text:
        return "M" if code else "L"
    return next(
        (key for key, word in CONFIDENCE.items() if text.upper() == key or text == str(word)), None
    )


def _flags(text: str) -> str | None:
    for key, word in FLAGS.items():
        text = text.replace(str(word), key)
    marks = {sign for sign in unicodedata.normalize("NFKC", text).upper() if sign not in "/、, "}
    return "".join(sorted(marks)) if marks <= FLAGS.keys() else None
