"""A ladder as it is written in a form or a workbook, and as it is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from compete.domain.grades.ladder import (
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
from compete.services.kernel.refusal import Refused
from compete.services.kernel.text_limits import check_text
from compete.sheets.headed_rows import RowsKind

FIELDS: Mapping[str, Message] = {
    "name": msg("等级体系"),
    "rung": msg("等级名称"),
    "whose": msg("归谁"),
    "order": msg("顺序"),
    "code": msg("编码"),
    "face": msg("证书上的写法"),
    "grade": msg("相当于"),
    "note": msg("说明"),
}
"""Of a row of a workbook: one rung, with what it says of its ladder."""
LADDER_ROWS = RowsKind(
    "ladders",
    FIELDS,
    {
        "名称": "name",
        "等级": "rung",
        "单位": "whose",
        "企业": "whose",
        "等级编码": "code",
        "证书写法": "face",
        "相当于国家哪一级": "grade",
        "备注": "note",
    },
    MOST_CATALOGUE_ROWS,
    as_in_file=tuple(FIELDS),
)
OF_STATE = "国家"
"""The word for the state where a workbook says whose a ladder is."""
_MOST = {"name": 60, "note": 200}
_RUNG = ("order", "code", "rung", "face", "grade")


@dataclass(frozen=True, slots=True)
class LadderTexts:
    """A ladder as somebody wrote it; `rungs` are texts of `_RUNG`, each with its number."""

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


def tidy_head(name: str, note: str) -> tuple[str, str, dict[str, Message]]:
    """Name and note in order, and what is wrong with which of them."""
    head = {"name": " ".join(name.split()), "note": " ".join(note.split())}
    faults: dict[str, Message] = {}
    for key, text in head.items():
        try:
            check_text(text, _MOST[key])
        except Refused as refused:
            faults[key] = refused.message
    if not head["name"]:
        faults["name"] = msg("名称要写")
    return head["name"], head["note"], faults


def check_ladder(texts: LadderTexts) -> tuple[CheckedLadder | None, dict[str, Message]]:
    """The ladder, or what is wrong with which field."""
    name, note, faults = tidy_head(texts.name, texts.note)
    organisation = _organisation(texts.whose, faults)
    ladder = None
    try:
        ladder = made_ladder(name, _in_order(texts.rungs))
    except GradeError as error:
        faults["rungs"] = error.message
    if faults or ladder is None:
        return None, faults
    return CheckedLadder(organisation, note, ladder), {}


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
        cells = {key: " ".join(texts.get(key, "").split()) for key in _RUNG}
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
