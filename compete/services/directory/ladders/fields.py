"""A ladder as it is written in a form or a workbook, and as it is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated

from compete.domain.grades.ladder import (
    LONGEST_RUNG,
    GradeError,
    Ladder,
    WrittenRung,
    ladder_from,
    ladder_lines,
    ladder_tree,
    made_ladder,
    parse_grade,
)
from compete.domain.identity.names import same_name_key
from compete.domain.values.messages import Message, msg
from compete.models import GradeLadder, Organisation
from compete.services.directory.tree import organisations_called
from compete.services.kernel.catalogues import MOST_CATALOGUE_ROWS
from compete.services.kernel.fields import Setting, fields_of, headings, other_headings, read_texts
from compete.sheets.headed_rows import RowsKind


@dataclass(frozen=True, slots=True)
class CatalogueHead:
    """The name of something in a catalogue, and a note to it."""

    name: Annotated[str, Setting(msg("名称"), most=60, needed=msg("名称要写"))]
    note: Annotated[
        str, Setting(msg("说明"), msg("如文件依据，可以空着"), most=200, also=("备注",))
    ]


@dataclass(frozen=True, slots=True)
class LadderHead(CatalogueHead):
    """What is said of a ladder as a whole."""

    whose: Annotated[
        str,
        Setting(
            msg("归谁"),
            msg("企业自己的写企业的名称或统一社会信用代码，国家的空着"),
            most=200,
            also=("单位", "企业"),
        ),
    ]


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung, as texts."""

    order: Annotated[str, Setting(msg("顺序"), most=6)]
    rung: Annotated[str, Setting(msg("等级名称"), most=LONGEST_RUNG, also=("等级",))]
    grade: Annotated[str, Setting(msg("相当于"), also=("相当于国家哪一级",))]
    face: Annotated[str, Setting(msg("证书上的写法"), most=LONGEST_RUNG, also=("证书写法",))]
    code: Annotated[str, Setting(msg("编码"), most=20, also=("等级编码",))]


_TITLES = headings(LadderHead) | headings(Rung) | {"name": msg("等级体系")}
_COLUMNS = ("name", "rung", "whose", "order", "code", "face", "grade", "note")
LADDER_ROWS = RowsKind(
    "ladders",
    {column: _TITLES[column] for column in _COLUMNS},
    {"名称": "name"} | other_headings(LadderHead) | other_headings(Rung),
    MOST_CATALOGUE_ROWS,
    as_in_file=_COLUMNS,
)
"""Of a workbook with a row for each rung."""
OF_STATE = "国家"
"""The word for the state where a workbook says whose a ladder is."""


@dataclass(frozen=True, slots=True)
class LadderTexts:
    """A ladder as somebody wrote it; `rungs` are texts of `Rung`, each with its number."""

    name: str = ""
    whose: str = ""
    """An organisation's name or credit code; empty for the state."""
    note: str = ""
    rungs: Sequence[tuple[int, Mapping[str, str]]] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class CheckedLadder:
    """A ladder that can be written."""

    organisation: Organisation | None
    note: str
    ladder: Ladder

    @property
    def name(self) -> str:
        """The name of the ladder."""
        return self.ladder.name


def check_ladder(texts: LadderTexts) -> tuple[CheckedLadder | None, dict[str, Message]]:
    """The ladder, or what is wrong with which field."""
    head, faults = read_texts(
        LadderHead, {"name": texts.name, "note": texts.note, "whose": texts.whose}
    )
    organisation = None if "whose" in faults else _organisation(texts.whose, faults)
    ladder = None
    try:
        ladder = made_ladder(" ".join(texts.name.split()), _in_order(texts.rungs))
    except GradeError as error:
        faults["rungs"] = error.message
    if faults or head is None or ladder is None:
        return None, faults
    return CheckedLadder(organisation, head.note, ladder), {}


def ladder_of_row(row: GradeLadder) -> Ladder:
    """The ladder as events take it, with where it comes from."""
    return ladder_from({"ladder": {"id": row.key, "name": row.name, "rungs": row.rungs}})


def texts_of(row: GradeLadder) -> LadderTexts:
    """The texts that would make it again."""
    return LadderTexts(
        name=row.name,
        whose=row.organisation.name if row.organisation else "",
        note=row.note,
        rungs=[
            (
                place,
                {
                    "order": str(place),
                    "code": rung.key,
                    "rung": rung.name,
                    "face": rung.face,
                    "grade": str(rung.grade or ""),
                },
            )
            for place, rung in enumerate(ladder_of_row(row).rungs, 1)
        ],
    )


def rows_of(row: GradeLadder) -> list[dict[str, str]]:
    """A row of a workbook for each rung, the lowest first."""
    texts = texts_of(row)
    head = {"name": texts.name, "whose": texts.whose or OF_STATE, "note": texts.note}
    return [{**head, **rung} for _number, rung in texts.rungs]


def recorded(source: GradeLadder | CheckedLadder) -> dict[str, str]:
    """The ladder as the chain tells it."""
    ladder = source.ladder if isinstance(source, CheckedLadder) else ladder_of_row(source)
    return {
        "name": source.name,
        "whose": source.organisation.name if source.organisation else OF_STATE,
        "rungs": ladder_lines(ladder),
        "note": source.note,
    }


def put(row: GradeLadder, checked: CheckedLadder) -> None:
    """Write what was checked."""
    row.name, row.name_key = checked.name, same_name_key(checked.name)
    row.organisation, row.note = checked.organisation, checked.note
    row.rungs = ladder_tree(checked.ladder)["rungs"]


def _organisation(typed: str, faults: dict[str, Message]) -> Organisation | None:
    text = " ".join(typed.split())
    if text in ("", OF_STATE):
        return None
    organisations = organisations_called(text)
    if len(organisations) == 1:
        return organisations[0]
    faults["whose"] = (
        msg("有 %(n)s 个组织叫“%(name)s”，写统一社会信用代码", n=len(organisations), name=text[:60])
        if organisations
        else msg("组织里没有“%(name)s”，先在“组织”里加，或者空着（国家的）", name=text[:60])
    )
    return None


def _in_order(rungs: Sequence[tuple[int, Mapping[str, str]]]) -> list[tuple[int, WrittenRung]]:
    """The rungs that are written, by the order they say and else as they stand.

    Raises `GradeError` for an order that is no number, or a text that names no grade.
    """
    ordered: list[tuple[float, int, WrittenRung]] = []
    for place, (number, texts) in enumerate(rungs):
        cells = {key: " ".join(texts.get(key, "").split()) for key in fields_of(Rung)}
        if not any(cells[key] for key in ("code", "rung", "face", "grade")):
            continue
        try:
            order = float(cells["order"]) if cells["order"] else float(place + 1)
        except ValueError:
            order = float("nan")
        if not abs(order) < 1000:
            raise GradeError(msg("第 %(n)s 行：顺序写数字", n=number))
        try:
            grade = parse_grade(cells["grade"])
        except GradeError:
            why = msg("第 %(n)s 行：相当于哪一级写 5 到 1，没有就空着", n=number)
            raise GradeError(why) from None
        rung = WrittenRung(cells["rung"], grade, cells["face"], cells["code"])
        ordered.append((order, number, rung))
    return [(number, rung) for _order, number, rung in sorted(ordered, key=lambda it: it[:2])]
