"""Editions of the conditions of application (申报条件): shipped, corrected, confirmed, taken."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import select

from compete.domain.bundle.evaluation_types import ApplyLine, ApplyWhen
from compete.domain.bundle.event_types import Event
from compete.domain.grades.ladder import GradeError, grade_label, parse_grade
from compete.domain.identity.names import same_name_key
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import number_in_text
from compete.models import Account, AuditEntry, ConditionEdition, db, utc_now
from compete.services.directory.ladders.fields import CatalogueHead
from compete.services.kernel import audit
from compete.services.kernel.catalogues import Catalogue, refuse_same_name
from compete.services.kernel.fields import read_texts
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.text_limits import check_text
from compete.services.kernel.transactions import unit_of_work

CONDITIONS = "conditions"
"""The key of an event's `extra` that says of which edition its lines are a copy."""
MOST_LINES = 40
_MOST_CITE = 60
LINE_FIELDS = (
    *("grade", "cite", "holds", "years_in_grade", "years_in_trade", "min_age"),
    *("papers", "paper_years"),
)
_NUMBERS = {
    "years_in_grade": msg("现等级满几年"),
    "years_in_trade": msg("从业满几年"),
    "min_age": msg("年满几岁"),
}


@dataclass(frozen=True, slots=True)
class EditionTexts:
    """An edition as somebody wrote it; `lines` are texts of `LINE_FIELDS`, each with its number."""

    name: str = ""
    note: str = ""
    lines: Sequence[tuple[int, Mapping[str, str]]] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class CheckedEdition:
    """An edition of conditions that can be written."""

    name: str
    note: str
    lines: list[dict[str, Any]]


def find_editions(*, closed: bool = False) -> Sequence[ConditionEdition]:
    """The editions that are offered, or those that are closed, the newest name first."""
    ended = ConditionEdition.ended_at.is_not(None)
    query = select(ConditionEdition).where(ended if closed else ~ended)
    return db.session.scalars(
        query.order_by(ConditionEdition.name.desc(), ConditionEdition.id)
    ).all()


def edition_called(key: str) -> ConditionEdition | None:
    """The edition of a key, closed or not."""
    return db.session.scalar(select(ConditionEdition).where(ConditionEdition.key == key))


def lines_for(edition: ConditionEdition, grade: int) -> list[ApplyLine]:
    """The lines of an edition for a grade, as an event of an evaluation has them."""
    return [
        msgspec.convert({key: it[key] for key in ("code", "cite", "when")}, ApplyLine)
        for it in edition.lines
        if it["grade"] == grade
    ]


def taken_lines(key: str, grade: str) -> dict[str, Any]:
    """The lines an event takes of an edition for a grade, and the edition they are of.

    Both empty for no edition, so that whoever puts them there takes away what was there.
    """
    edition = edition_called(key) if key else None
    if edition is None:
        return {"apply": [], "extra": {}}
    return {
        "apply": [
            msgspec.to_builtins(line)
            for line in lines_for(edition, int(grade) if grade.isdecimal() else 0)
        ],
        "extra": {CONDITIONS: {"id": edition.key, "name": edition.name}},
    }


def edition_differs(rules: Event) -> bool:
    """True if the edition of which an event has a copy says something else by now."""
    taken = edition_of(rules)
    row = edition_called(taken[0]) if taken else None
    return row is not None and lines_for(row, rules.grade or 0) != list(rules.apply)


def edition_of(rules: Event) -> tuple[str, str] | None:
    """The key and the name of the edition of which an event has a copy, or None."""
    edition = (rules.extra or {}).get(CONDITIONS)
    if isinstance(edition, dict) and edition.get("id") and edition.get("name"):
        return str(edition["id"]), str(edition["name"])
    return None


def unconfirmed_editions(events: Iterable[Event]) -> list[ConditionEdition]:
    """The editions that these events have copies of and that nobody has confirmed."""
    rows = [row for rules in events if (row := _unconfirmed_copy(rules)) is not None]
    return [row for row in dict.fromkeys(rows) if row.confirmed_at is None]


def holds_another_text(rules: Event) -> bool:
    """True if an event's lines are not those that were confirmed of their edition."""
    row = _unconfirmed_copy(rules)
    return row is not None and row.confirmed_at is not None


def why_not_confirmed(rules: Event) -> Message | None:
    """Say why nothing that rests on an event's conditions may be approved, or None."""
    row = _unconfirmed_copy(rules)
    if row is None:
        return None
    if row.confirmed_at is None:
        return msg("申报条件“%(name)s”还没有核对，管理员核对以后才能批准", name=row.name)
    return msg(
        "“%(event)s”抄的申报条件和核对过的“%(name)s”不一样，"
        "在“赛项和规则”里勾“照现在的重新抄”，才能批准",
        event=rules.name,
        name=row.name,
    )


def _unconfirmed_copy(rules: Event) -> ConditionEdition | None:
    """The edition of which an event has lines that were never confirmed, or None.

    Lines that were confirmed stay so for whoever has them, whatever the edition says later.
    """
    taken = edition_of(rules)
    row = edition_called(taken[0]) if taken else None
    if row is None:
        return None
    grade, own = rules.grade or 0, [_plain_line(line) for line in rules.apply]
    if row.confirmed_at is not None and [_plain_line(it) for it in lines_for(row, grade)] == own:
        return None
    records = db.session.scalars(
        select(AuditEntry).where(
            AuditEntry.competition_id.is_(None),
            AuditEntry.action == "conditions.confirm",
            AuditEntry.subject == str(row.id),
        )
    )
    if any(_lines_recorded(record.after or {}, grade) == own for record in records):
        return None
    return row


def _plain_line(line: ApplyLine) -> tuple[str, Any]:
    return line.cite or line.code, msgspec.to_builtins(line.when)


def _lines_recorded(after: Mapping[str, Any], grade: int) -> list[tuple[str, Any]]:
    """The lines of a grade as the record of a confirmation has them (`_recorded`)."""
    label, lines = f"{grade_label(grade).render()} ", []
    for text in str(after.get("lines", "")).split("\n"):
        cite, brace, when = text.removeprefix(label).partition(" {")
        if text.startswith(label) and brace:
            read = msgspec.convert(msgspec.json.decode("{" + when), ApplyWhen)
            lines.append((cite, msgspec.to_builtins(read)))
    return lines


def edition_texts(row: ConditionEdition) -> EditionTexts:
    """The texts that would make it again."""
    return EditionTexts(row.name, row.note, list(enumerate(map(_line_texts, row.lines), 1)))


def confirm_edition(row: ConditionEdition, by: Account) -> None:
    """Say that it was held against the document. Raises `Refused` for who is no administrator."""
    if not by.is_admin:
        raise Refused(_NOT_YOURS, kind=Refusal.FORBIDDEN)
    with unit_of_work() as session:
        audit.claim_chain(None)
        row = session.get_one(ConditionEdition, row.id, populate_existing=True)
        if row.confirmed_at is None:
            row.confirmed_at, row.confirmed_by = utc_now(), by.id
            audit.record(None, by, "conditions.confirm", str(row.id), after=_recorded(row))


def fill_editions() -> None:
    """Add the editions that ship where they were never there: an upgrade's last step.

    Inside a unit of work. What was corrected or closed since stays so.
    """
    for key, (name, note, lines) in _SHIPPED.items():
        name_key = same_name_key(name)
        there = (ConditionEdition.key == key) | (ConditionEdition.name_key == name_key)
        if db.session.scalar(select(ConditionEdition.id).where(there).limit(1)) is not None:
            continue
        texts = EditionTexts(name, note, list(enumerate(lines, 1)))
        checked, faults = _check(texts)
        assert checked is not None, faults
        row = ConditionEdition(key=key)
        _write_edition(row, checked)
        db.session.add(row)
        db.session.flush()
        audit.record(None, None, "conditions.shipped", str(row.id), after={"name": name})


def _check(texts: EditionTexts) -> tuple[CheckedEdition | None, dict[str, Message]]:
    """The edition, or what is wrong with which field."""
    head, faults = read_texts(CatalogueHead, {"name": texts.name, "note": texts.note})
    lines: list[dict[str, Any]] = []
    for number, cells in texts.lines:
        tidy = {key: " ".join(cells.get(key, "").split()) for key in LINE_FIELDS}
        if not any(tidy.values()):
            continue
        try:
            lines.append(_line(tidy))
        except Refused as refused:
            fault = msg("第 %(n)s 行：%(what)s", n=number, what=refused.message)
            faults.setdefault("lines", fault)
    if not lines and "lines" not in faults:
        faults["lines"] = msg("至少写一行条件")
    lines.sort(key=lambda it: -it["grade"])
    places: Counter[int] = Counter()
    for it in lines:
        places[it["grade"]] += 1
        it["code"] = f"{it['grade']}-{places[it['grade']]}"
    if faults or head is None:
        return None, faults
    return CheckedEdition(head.name, head.note, lines), faults


def _line(cells: Mapping[str, str]) -> dict[str, Any]:
    """A line as it is kept. Raises `Refused` for what is none."""
    when: dict[str, Any] = {}
    grade, holds = _grade(cells["grade"]), _grade(cells["holds"])
    if grade is None:
        raise Refused(msg("申报哪一级要选"))
    if holds is not None:
        if holds <= grade:
            raise Refused(msg("已经有的等级要比申报的低"))
        when["holds"] = {"at_least": holds}
    for key, word in _NUMBERS.items():
        if cells[key]:
            when[key] = _years(cells[key], word, 1)
    if cells["papers"]:
        kinds = [kind.strip() for kind in cells["papers"].replace(",", "、").split("、")]
        when["papers"] = {"of": [kind for kind in kinds if kind]}
        if cells["paper_years"]:
            when["papers"]["years"] = _years(cells["paper_years"], msg("取得满几年"), 0)
    elif cells["paper_years"]:
        raise Refused(msg("写了取得满几年，学历或职称也要写"))
    if "years_in_grade" in when and holds is None:
        raise Refused(msg("写了现等级满几年，有哪一级也要选"))
    if not when:
        raise Refused(msg("条件一项都没写"))
    check_text(cells["cite"], _MOST_CITE)
    return {"grade": grade, "code": "", "cite": cells["cite"] or None, "when": when}


def _grade(text: str) -> int | None:
    try:
        return parse_grade(text)
    except GradeError as error:
        raise Refused(error.message) from None


def _years(text: str, word: Message, least: int) -> int:
    number = number_in_text(text)
    if number is None or number != int(number) or not least <= number <= 99:
        raise Refused(msg("%(field)s写 %(least)s 到 99 的整数", field=word, least=least))
    return int(number)


def _line_texts(line: Mapping[str, Any]) -> dict[str, str]:
    when = line["when"]
    papers = when.get("papers") or {}
    return {
        "grade": str(line["grade"]),
        "cite": line["cite"] or "",
        "holds": str((when.get("holds") or {}).get("at_least") or ""),
        **{key: str(when.get(key) or "") for key in _NUMBERS},
        "papers": "、".join(papers.get("of", ())),
        "paper_years": str(papers.get("years") or ""),
    }


def _recorded(edition: ConditionEdition | CheckedEdition) -> dict[str, str]:
    """The edition as the chain tells it."""
    lines = [
        f"{grade_label(it['grade']).render()} {it['cite'] or it['code']} "
        f"{msgspec.json.encode(it['when']).decode()}"
        for it in edition.lines
    ]
    return {"name": edition.name, "note": edition.note, "lines": "\n".join(lines)}


def _write_edition(row: ConditionEdition, checked: CheckedEdition) -> None:
    """Write what was checked; what is another wants to be confirmed anew."""
    row.name, row.name_key, row.note = checked.name, same_name_key(checked.name), checked.note
    row.lines = checked.lines
    row.confirmed_at = row.confirmed_by = None


def _refuse_taken(edition: ConditionEdition | CheckedEdition, but: int | None) -> None:
    """Raise for another one of the same name."""
    why = msg("已经有叫“%(name)s”的申报条件", name=edition.name)
    refuse_same_name(ConditionEdition, same_name_key(edition.name), but, why)


_NOT_YOURS = msg("申报条件由管理员改")
EDITIONS = Catalogue(
    kind="conditions",
    whole="table",
    not_yours=_NOT_YOURS,
    table=ConditionEdition,
    new=lambda: ConditionEdition(key=secrets.token_hex(8)),
    check=_check,
    record_fields=_recorded,
    put=_write_edition,
    refuse_duplicate=_refuse_taken,
)

_FROM_MEMORY = "凭记忆写的，和原文核对以后再确认"
_GRADUATED = "技工学校毕业、中等职业学校毕业、中专毕业"
_HIGHER = "高级技工学校毕业、技师学院毕业、高职毕业、大专毕业"
_SHIPPED: Mapping[str, tuple[str, str, Sequence[Mapping[str, str]]]] = {
    "national-2018": (
        "国家 2018 版",
        _FROM_MEMORY,
        [
            {"grade": "5", "cite": "从业满 1 年", "years_in_trade": "1"},
            {"grade": "5", "cite": "学徒期满", "papers": "学徒期满"},
            {"grade": "4", "cite": "五级满 4 年", "holds": "5", "years_in_grade": "4"},
            {"grade": "4", "cite": "从业满 6 年", "years_in_trade": "6"},
            {"grade": "4", "cite": "技工学校、中职毕业", "papers": _GRADUATED},
            {"grade": "3", "cite": "四级满 5 年", "holds": "4", "years_in_grade": "5"},
            {"grade": "3", "cite": "四级、高职毕业", "holds": "4", "papers": _HIGHER},
            {"grade": "2", "cite": "三级满 4 年", "holds": "3", "years_in_grade": "4"},
            {"grade": "1", "cite": "二级满 4 年", "holds": "2", "years_in_grade": "4"},
        ],
    ),
    "national-2023": (
        "国家 2023 版",
        _FROM_MEMORY,
        [
            {"grade": "5", "cite": "年满 16 岁", "min_age": "16"},
            {"grade": "4", "cite": "五级满 3 年", "holds": "5", "years_in_grade": "3"},
            {"grade": "4", "cite": "从业满 5 年", "years_in_trade": "5"},
            {"grade": "4", "cite": "技工学校、中职毕业", "papers": _GRADUATED},
            {"grade": "3", "cite": "四级满 4 年", "holds": "4", "years_in_grade": "4"},
            {"grade": "3", "cite": "从业满 10 年", "years_in_trade": "10"},
            {"grade": "3", "cite": "初级职称满 1 年", "papers": "初级职称", "paper_years": "1"},
            {"grade": "3", "cite": "高职毕业", "papers": _HIGHER},
            {"grade": "2", "cite": "三级满 5 年", "holds": "3", "years_in_grade": "5"},
            {"grade": "1", "cite": "二级满 5 年", "holds": "2", "years_in_grade": "5"},
        ],
    ),
}
"""By key: name, note and lines. The years are as the documents are remembered: to be confirmed."""
