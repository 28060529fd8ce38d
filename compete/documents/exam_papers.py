"""Papers of a theory examination (试卷), the answer sheet (答题卡), and the key apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from compete.documents.fonts import FontBook
from compete.documents.marked_texts import Piece, pieces_of, printed_picture
from compete.documents.typesetting import About, PrintedFile, Sheet, typeset
from compete.domain.values.messages import Message, msg

CHOICE, TRUE_FALSE, WRITTEN, ESSAY = "choice", "true_false", "written", "essay"
"""How a part is answered on the sheet: letters, √ and ×, a line, a space."""
A3, A4 = "a3", "a4"


@dataclass(frozen=True, slots=True)
class PaperOption:
    """An option as it is printed."""

    letter: str
    text: str


@dataclass(frozen=True, slots=True)
class PaperItem:
    """A question of a form; `points` where those of its part differ; `lines` to write on.

    `key`, `guide` and `explanation` stand on the key alone.
    """

    number: int
    stem: str
    options: Sequence[PaperOption] = ()
    points: str = ""
    lines: int = 1
    key: str = ""
    guide: str = ""
    explanation: str = ""
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    """JPEGs by the names of the marks in its texts."""

    def pieces(self, text: str) -> list[Piece]:
        """A text of it in pieces, with its pictures."""
        return pieces_of(text, {name: printed_picture(it) for name, it in self.pictures.items()})


@dataclass(frozen=True, slots=True)
class PaperPart:
    """The questions of a kind: its heading, for the table of marks its name and its points."""

    title: str
    name: str
    sums: str
    answered: str
    items: Sequence[PaperItem]


@dataclass(frozen=True, slots=True)
class PaperForm:
    """A form: `form` as in the corner, `foot` in three parts."""

    form: str
    parts: Sequence[PaperPart]
    total: str
    checked: str
    made: str


@dataclass(frozen=True, slots=True)
class PaperHead:
    """What stands above a form, alike on all."""

    contest: str
    name: str
    facts: str
    secret: str
    notes: Sequence[str]


def render_exam_papers(
    forms: Sequence[PaperForm],
    *,
    head: PaperHead,
    size: str = A4,
    fonts: FontBook | None = None,
    day: date | None = None,
) -> PrintedFile:
    """Print each form with its sealed margin: A4, or A3 across in two columns."""
    shared = {**_shared(head, msg("理论知识试卷")), "size": size}
    return _print("exam_paper", forms, _asked, shared, fonts, day)


def render_answer_sheets(
    forms: Sequence[PaperForm],
    *,
    head: PaperHead,
    fonts: FontBook | None = None,
    day: date | None = None,
) -> PrintedFile:
    """Print the sheet of each form on which a candidate answers."""

    def places(item: PaperItem) -> dict[str, object]:
        letters = [option.letter for option in item.options]
        return {"number": item.number, "letters": letters, "lines": item.lines}

    return _print("answer_sheet", forms, places, _shared(head, msg("答题卡")), fonts, day)


def render_exam_keys(
    forms: Sequence[PaperForm],
    *,
    head: PaperHead,
    fonts: FontBook | None = None,
    day: date | None = None,
) -> PrintedFile:
    """Print the key of each form, with what is given points for."""

    def key(item: PaperItem) -> dict[str, object]:
        return {
            "number": item.number,
            "key": item.pieces(item.key),
            "points": item.points,
            "guide": item.pieces(item.guide),
            "explanation": item.pieces(item.explanation),
        }

    return _print("exam_key", forms, key, _shared(head, msg("标准答案与评分细则")), fonts, day)


def _print(
    template: str,
    forms: Sequence[PaperForm],
    of_item: Callable[[PaperItem], dict[str, object]],
    shared: dict[str, object],
    fonts: FontBook | None,
    day: date | None,
) -> PrintedFile:
    """Print the forms, of each question what `of_item` says."""
    sheets = [
        Sheet(
            who=form.form,
            data={
                **_form(form),
                "parts": [
                    {**_part(part), "items": [of_item(item) for item in part.items]}
                    for part in form.parts
                ],
            },
        )
        for form in forms
    ]
    return typeset(template, shared, sheets, fonts, about=About("", day), whole=True)


def _shared(head: PaperHead, title: Message) -> dict[str, object]:
    words = {
        "paper": msg("理论知识试卷"),
        "card": msg("答题卡"),
        "key": msg("标准答案与评分细则"),
        "notes": msg("注意事项"),
        "kind": msg("题型"),
        "sums": msg("题数 × 分"),
        "got": msg("得分"),
        "marker": msg("阅卷人"),
        "total": msg("总分"),
        "who": msg("姓名"),
        "number": msg("准考证号"),
        "unit": msg("单位"),
        "picture": msg("图"),
        "absent": msg("缺考"),
        "by-invigilator": msg("□ 监考员填"),
        "seal": msg("密　封　线　内　不　准　答　题"),
        "guide": msg("评分要点"),
        "explanation": msg("解析"),
        "one-each": msg("一人一张，不写在别处"),
    }
    return {
        "words": {key: str(text) for key, text in words.items()},
        "title": f"{head.name} {title}",
        "contest": head.contest,
        "name": head.name,
        "facts": head.facts,
        "secret": head.secret,
        "notes": list(head.notes),
    }


def _form(form: PaperForm) -> dict[str, object]:
    return {
        "form": form.form,
        "total": form.total,
        "checked": form.checked,
        "made": form.made,
    }


def _part(part: PaperPart) -> dict[str, object]:
    return {
        "title": part.title,
        "name": part.name,
        "sums": part.sums,
        "answered": part.answered,
    }


def _asked(item: PaperItem) -> dict[str, object]:
    options: list[dict[str, str | list[Piece]]] = [
        {"letter": option.letter, "text": item.pieces(option.text)} for option in item.options
    ]
    return {
        "number": item.number,
        "stem": item.pieces(item.stem),
        "options": options,
        "points": item.points,
    }
