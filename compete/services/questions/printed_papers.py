"""Papers of a bank for print: paper, answer sheet, key. In Chinese, whoever prints them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

from compete.documents.exam_papers import (
    A3,
    A4,
    CHOICE,
    ESSAY,
    TRUE_FALSE,
    WRITTEN,
    PaperForm,
    PaperHead,
    PaperItem,
    PaperOption,
    PaperPart,
    render_answer_sheets,
    render_exam_keys,
    render_exam_papers,
)
from compete.domain.exam.answers import CHOICES, QuestionKind
from compete.domain.exam.table import Table
from compete.domain.values.hashwords import hash_phrase
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import plain
from compete.models import ExamPaper
from compete.services.kernel.installation import fonts
from compete.services.questions.papers import (
    FormShown,
    ItemShown,
    forms_of_paper,
    table_as_read,
)
from compete.services.questions.pictures import own_pictures, pictures_of
from compete.services.questions.question_fields import key_text
from compete.sheets.questions.brought import LETTERS

PRINTED = {
    "paper_a4": msg("试卷（A4）"),
    "paper_a3": msg("试卷（A3，两栏）"),
    "card": msg("答题卡"),
    "key": msg("标准答案与评分细则"),
}
_LONG_WORDS: Mapping[QuestionKind, Message] = {
    QuestionKind.SINGLE: msg("单项选择题"),
    QuestionKind.MULTIPLE: msg("多项选择题"),
    QuestionKind.TRUE_FALSE: msg("判断题"),
    QuestionKind.BLANK: msg("填空题"),
    QuestionKind.NUMERIC: msg("计算题"),
    QuestionKind.ESSAY: msg("简答题"),
}
_NUMBERS = "一二三四五六"
_LEAST_LINES, _MOST_LINES = 5, 24


def printed_paper(paper: ExamPaper, what: str) -> bytes:
    """The paper of all its forms, its answer sheets or its keys, as `PRINTED` names them."""
    table = table_as_read(paper.table)
    shown = forms_of_paper(paper)
    versions = [item.version for form in shown for item in form.items]
    pictures = pictures_of(paper.bank_id, versions) if what != "card" else {}
    forms = [_form(paper, it, pictures) for it in shown]
    head = PaperHead(
        contest=str(msg("职业技能等级认定")),
        name=paper.bank.name,
        facts=str(
            msg("时间 %(n)s 分钟　满分 %(total)s 分", n=table.minutes, total=plain(table.total))
        ),
        secret=str(msg("机密★启用前")),
        notes=_notes(table),
    )
    day = paper.made_at.date()
    if what == "card":
        return render_answer_sheets(forms, head=head, fonts=fonts(), day=day)
    if what == "key":
        return render_exam_keys(forms, head=head, fonts=fonts(), day=day)
    size = A3 if what == "paper_a3" else A4
    return render_exam_papers(forms, head=head, size=size, fonts=fonts(), day=day)


def _notes(table: Table) -> tuple[str, ...]:
    notes = (
        msg("考试时间 %(n)s 分钟。", n=table.minutes),
        msg("先在密封线内写好姓名、准考证号和单位，别的地方不写。"),
        msg("看清每种题的要求，答案写在答题卡上，写在试卷上不算。"),
        msg("考完试卷、答题卡、草稿纸都留在桌上，不带出考场。"),
    )
    return tuple(str(it) for it in notes)


def _form(paper: ExamPaper, form: FormShown, pictures: Mapping[str, bytes]) -> PaperForm:
    words = hash_phrase(bytes.fromhex(paper.sha256))
    return PaperForm(
        form=str(msg("%(form)s 卷", form=form.form)),
        parts=list(_parts(form, pictures)),
        total=plain(sum((Decimal(it.points) for it in form.items), Decimal())),
        checked=str(msg("核对词 %(words)s", words=words)),
        made=str(msg("试卷 %(name)s", name=paper.name)),
    )


def _parts(form: FormShown, pictures: Mapping[str, bytes]) -> Iterator[PaperPart]:
    numbered = list(enumerate(form.items, 1))
    parts = groupby(numbered, key=lambda it: it[1].question.kind)
    for place, (kind, rows) in enumerate(parts):
        items = list(rows)
        points = [Decimal(item.points) for _number, item in items]
        alike, total = len(set(points)) == 1, plain(sum(points, Decimal()))
        numbers = msg("第 %(n)s 题", n=items[0][0])
        if len(items) > 1:
            numbers = msg("第 %(first)s～%(last)s 题", first=items[0][0], last=items[-1][0])
        facts = {
            "place": _NUMBERS[place],
            "kind": _LONG_WORDS[kind],
            "numbers": numbers,
            "total": total,
        }
        title = msg("%(place)s、%(kind)s（%(numbers)s，共 %(total)s 分）", **facts)
        if alike:
            title = msg(
                "%(place)s、%(kind)s（%(numbers)s，每题 %(points)s 分，共 %(total)s 分）",
                points=plain(points[0]),
                **facts,
            )
        yield PaperPart(
            title=str(title),
            name=str(_LONG_WORDS[kind]),
            sums=f"{len(items)} × {plain(points[0])}" if alike else total,
            answered=_answered(kind),
            items=[_item(number, item, pictures, alike=alike) for number, item in items],
        )


def _answered(kind: QuestionKind) -> str:
    if kind in CHOICES:
        return CHOICE
    if kind is QuestionKind.TRUE_FALSE:
        return TRUE_FALSE
    return ESSAY if kind is QuestionKind.ESSAY else WRITTEN


def _item(number: int, item: ItemShown, pictures: Mapping[str, bytes], *, alike: bool) -> PaperItem:
    version, kind = item.version, item.question.kind
    texts = {option["id"]: option["text"] for option in version.get("options") or ()}
    points = "" if alike else str(msg("%(n)s 分", n=item.points))
    return PaperItem(
        number=number,
        stem=version["stem"],
        options=[
            PaperOption(letter, texts[option])
            for letter, option in zip(LETTERS, item.options, strict=False)
        ],
        points=points,
        lines=max(_LEAST_LINES, min(_MOST_LINES, int(Decimal(item.points)))),
        key=_key(kind, version, item.options),
        guide=version.get("guide") or "",
        explanation=version.get("explanation") or "",
        pictures=own_pictures(version, pictures),
    )


def _key(kind: QuestionKind, version: Mapping[str, Any], options: Sequence[str]) -> str:
    """The key by the letters that are printed, as a marked text."""
    if kind in CHOICES:
        return "".join(sorted(LETTERS[options.index(it)] for it in version["key"]))
    text = key_text(kind, version)
    if deviation := version.get("tolerance") or version.get("relative"):
        text += f" ± {deviation}" if version.get("tolerance") else f"（± {deviation} 倍）"
    return text.replace("&", "&amp;").replace("<", "&lt;")
