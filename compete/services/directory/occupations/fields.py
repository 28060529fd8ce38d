"""The fields of an occupation: headings, other names for them, and what may stand there."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from compete.domain.identity.occupations import NO_CODE, occupation_code
from compete.domain.values.messages import Message, listed, msg
from compete.models import Occupation
from compete.services.kernel.catalogues import MOST_CATALOGUE_ROWS
from compete.services.kernel.fields import (
    Setting,
    headings,
    other_headings,
    read_texts,
    texts_of,
)
from compete.sheets.headed_rows import RowsKind

EDITIONS = (2022, 2015, 1999)
"""Of the national list, the newest first."""
EDITION_WORDS = {year: msg("%(edition)s 年版", edition=year) for year in EDITIONS}
CONFIDENCE: Mapping[str, Message] = {"H": msg("可靠"), "M": msg("较可靠"), "L": msg("待核")}
FLAGS: Mapping[str, Message] = {"L": msg("绿色职业"), "S": msg("数字职业")}
MOST_TRACKS = 40
_WRONG_CODE = msg("写成 6-30-05-01 这样，还不知道就空着")
_NO_CODES = frozenset({"", "-", "--", "—", "——", "无", NO_CODE})


def _code(text: str) -> str:
    """The code; empty where nobody knows it. Raises `ValueError` for what is none."""
    code = "" if text in _NO_CODES else occupation_code(text)
    if code is None:
        raise ValueError(text)
    return code


def _edition(text: str) -> int:
    year = int(unicodedata.normalize("NFKC", text).removesuffix("版").removesuffix("年"))
    if year not in EDITIONS:
        raise ValueError(text)
    return year


def _flags(text: str) -> str:
    for key, word in FLAGS.items():
        text = text.replace(str(word), key)
    marks = {sign for sign in unicodedata.normalize("NFKC", text).upper() if sign not in "/、, "}
    if not marks <= FLAGS.keys():
        raise ValueError(text)
    return "".join(sorted(marks))


@dataclass(frozen=True, slots=True)
class CheckedOccupation:
    """An occupation that can be written."""

    name: Annotated[
        str,
        Setting(
            msg("职业名称"),
            most=100,
            needed=msg("职业名称要写"),
            also=("职业", "职业（工种）"),
        ),
    ]
    code: Annotated[
        str,
        Setting(
            msg("职业编码"),
            msg("如 6-30-05-01，还不知道就空着"),
            most=20,
            wrong=_WRONG_CODE,
            also=("编码", "职业代码"),
            read=_code,
        ),
    ]
    edition: Annotated[
        int,
        Setting(
            msg("版本"),
            choices=EDITION_WORDS,
            wrong=msg("写 1999、2015 或 2022"),
            also=("年版",),
            read=_edition,
        ),
    ]
    tracks: Annotated[
        tuple[str, ...],
        Setting(
            msg("工种"),
            msg("用顿号隔开，或者一行一个"),
            most=MOST_TRACKS,
            each=60,
            lines=True,
            also=("职业方向", "工种/职业方向"),
        ),
    ]
    confidence: Annotated[
        str,
        Setting(
            msg("可信度"),
            msg("待核的编码，证书上不印"),
            choices={"": msg("看编码：有就较可靠"), **CONFIDENCE},
            wrong=msg("写可靠、较可靠或待核"),
        ),
    ]
    flags: Annotated[
        str,
        Setting(
            msg("标志"),
            choices={"": msg("没有"), **FLAGS, "".join(FLAGS): listed(FLAGS.values())},
            wrong=msg("写 L（绿色职业）、S（数字职业）或 LS，没有就空着"),
            read=_flags,
            text=str,
        ),
    ]
    newer: Annotated[
        str,
        Setting(
            msg("新版编码"),
            msg("旧编码后来改成了哪个，没改就空着"),
            most=20,
            wrong=_WRONG_CODE,
            also=("新编码",),
            read=_code,
        ),
    ]
    note: Annotated[str, Setting(msg("说明"), most=200, also=("备注",))]


FIELDS = headings(CheckedOccupation)
OCCUPATION_ROWS = RowsKind(
    "occupations", FIELDS, other_headings(CheckedOccupation), MOST_CATALOGUE_ROWS
)


def check_fields(texts: Mapping[str, str]) -> tuple[CheckedOccupation | None, dict[str, Message]]:
    """The row, or what is wrong with which field."""
    row, faults = read_texts(CheckedOccupation, {**texts, **_from_code(texts)})
    if row is not None and row.newer and row.edition == EDITIONS[0]:
        faults["newer"] = msg("已经是最新的一版，这里空着")
    elif row is not None and row.newer and row.newer == row.code:
        faults["newer"] = msg("和职业编码一样，没有变就空着")
    return (None if faults else row), faults


def _from_code(texts: Mapping[str, str]) -> dict[str, str]:
    """What the code says of fields that are empty: its flags behind it, and how sure it is."""
    typed = texts.get("code", "").strip()
    code = occupation_code(typed) or ""
    # The list of occupations writes them behind the code: 6-28-03-03 L.
    flags = unicodedata.normalize("NFKC", typed).upper().replace(code, "") if code else ""
    return {
        "flags": texts.get("flags", "").strip() or flags,
        "confidence": texts.get("confidence", "").strip().upper() or ("M" if code else "L"),
    }


def fields_of(row: Occupation | CheckedOccupation) -> dict[str, str]:
    """The texts that would make it again."""
    return texts_of(row, CheckedOccupation)


def is_to_check(row: Occupation) -> bool:
    """True if its code is unsure or unknown: it is then printed nowhere."""
    return not row.code or row.confidence == "L"
