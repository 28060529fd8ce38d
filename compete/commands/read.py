"""`compete read KIND FILE`: read a sheet of people, judges, units, marks or values."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compete.commands.printing import refuse
from compete.domain.values.messages import Message, listed, msg
from compete.language import say
from compete.system_reasons import reason_of

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from compete.sheets.reading.shapes import Reading

FORMAT = "compete-read/1"
_MOST_SHOWN = 200


def add_arguments(parser: "ArgumentParser") -> None:
    """Arguments: `compete read KIND FILE [--json]`, and the names that there are."""
    from compete.sheets.reading.kinds import KINDS

    parser.add_argument(
        "kind",
        metavar="KIND",
        choices=list(KINDS),
        help=say(msg("是哪种表：%(kinds)s", kinds=listed(KINDS))),
    )
    parser.add_argument(
        "file", metavar="FILE", help=say(msg("xlsx、xlsm、xls、ods、csv 或 tsv 文件；- 是标准输入"))
    )
    parser.add_argument("--json", action="store_true", help=say(msg("写成 JSON，给程序读")))
    parser.add_argument("--events", default="", help=say(msg("有哪些赛项，用逗号隔开")))
    parser.add_argument("--units", default="", help=say(msg("有哪些单位，用逗号隔开")))
    parser.add_argument("--indicators", default="", help=say(msg("有哪些指标，用逗号隔开")))
    parser.add_argument("--modules", default="", help=say(msg("有哪些模块，用逗号隔开")))
    parser.add_argument(
        "--small", action="store_true", help=say(msg("没有表头的行照小比武的写法读"))
    )


def run(arguments: "Namespace") -> int:
    """Read a file and print what was understood; 2 and a sentence where nothing was."""
    from compete.sheets.reading.known import read_named
    from compete.sheets.reading.small import SMALL_KINDS, read_small
    from compete.sheets.workbook.opened import open_workbook, text_of
    from compete.sheets.workbook.refusal import WorkbookError

    if arguments.small and arguments.kind not in SMALL_KINDS:
        return refuse(msg("--small 只用于 %(kinds)s", kinds=listed(SMALL_KINDS)))
    pasted = arguments.file == "-"
    names = {
        key: [name.strip() for name in getattr(arguments, key).replace("，", ",").split(",")]
        for key in ("events", "units", "indicators", "modules")
    }
    names = {key: [name for name in it if name] for key, it in names.items()}
    path = Path(arguments.file)
    try:
        content = sys.stdin.buffer.read() if pasted else path.read_bytes()
    except OSError as error:
        return refuse(msg("打不开 %(file)s：%(why)s", file=arguments.file, why=reason_of(error)))
    try:
        if arguments.small and (lines := text_of(content)) is not None:
            sheet = "-" if pasted else path.stem
            reading = read_small(lines, arguments.kind, sheet=sheet, units=names["units"])
        else:
            book = open_workbook(content, name="-" if pasted else path.stem)
            reading = read_named(book, arguments.kind, **names)
    except WorkbookError as error:
        return refuse(error.message)
    if not reading.rows and not reading.asked:
        return refuse(nothing_understood(reading))
    if arguments.json:
        text = json.dumps(as_json(reading), ensure_ascii=False, indent=1)
        sys.stdout.buffer.write(text.encode() + b"\n")
    else:
        _show(reading)
    return 0


def nothing_understood(reading: "Reading") -> Message:
    """Say why nothing was read: of each sheet."""
    from compete.sheets.reading.telling import of_sheet

    reasons = [of_sheet(sheet.name, sheet.why) for sheet in reading.sheets if sheet.why is not None]
    return msg("没有读出什么：%(told)s", told=listed(reasons))


def as_json(reading: "Reading") -> dict[str, Any]:
    """Write the reading in the form that programs read; fields of our own workbooks stay out."""
    from compete.sheets.reading.kinds import KINDS

    public = {field.key for field in KINDS[reading.kind].fields if not field.inner}
    public |= {"criterion", "levels"} if reading.kind == "scheme" else set()
    document: dict[str, Any] = {
        "format": FORMAT,
        "kind": reading.kind,
        "sheets": [
            {"name": it.name, "used": False, "why": say(it.why)}
            if it.why is not None
            else {"name": it.name, "used": True, "rows": it.rows}
            for it in reading.sheets
        ],
        "columns": [
            {
                "sheet": it.sheet,
                "column": it.letters,
                "heading": it.heading,
                "field": it.field if it.field in public and it.field != "role" else None,
                "certain": it.certain,
            }
            | ({"why": say(it.why)} if it.why is not None else {})
            for it in reading.columns
        ],
        "rows": [
            {"sheet": it.sheet, "row": it.row}
            | ({"role": it.role} if it.role is not None else {})
            | {"values": {key: value for key, value in it.values.items() if key in public}}
            for it in reading.rows
        ],
        "asked": _remark_rows(reading.asked, "sheet", "row", "column", "field", "found"),
        "left_out": _remark_rows(reading.left_out, "sheet", "row"),
        "told": _remark_rows(reading.remarks, "sheet", "row"),
    }
    if reading.kind == "scheme":
        document["total"] = reading.total
        document["of"] = reading.of or "skills"
        if reading.said is not None:
            document["said"] = reading.said
    return document


def _remark_rows(remarks: Iterable[Any], *fields: str) -> list[dict[str, Any]]:
    """These fields of each remark, and why it was made."""
    return [{name: getattr(it, name) for name in fields} | {"why": say(it.why)} for it in remarks]


def _show(reading: "Reading") -> None:
    for sheet in reading.sheets:
        note = msg("%(n)s 行", n=sheet.rows) if sheet.why is None else sheet.why
        print(f"{sheet.name}  {say(note)}")
    for column in reading.columns:
        print(f"  {column.letters:>3}  {column.heading}  → {column.field or '—'}")
    for row in reading.rows[:_MOST_SHOWN]:
        values = " ".join(f"{key}={value}" for key, value in row.values.items())
        print(f"  {row.row:>4}  {row.role or ''}  {values}")
    for question in reading.asked:
        place = f"{question.sheet} {question.column}{question.row}"
        print(f"? {place}  {question.found}  {say(question.why)}")
    for row_out in reading.left_out:
        print(f"- {row_out.sheet} {row_out.row}  {say(row_out.why)}")
