"""A question of another program's file as the texts of a row, with what a row cannot have."""

from __future__ import annotations

import base64
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from compete.domain.exam.answers import MOST_OPTIONS
from compete.domain.exam.bank import as_marked, without_marks
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.numerals import number_in_text, plain
from compete.sheets.headed_rows import OtherRows
from compete.sheets.questions.blanks import blanks_text
from compete.sheets.questions.marked_texts import marked_text
from compete.sheets.workbook.pictures import is_picture, name_of_picture

LETTERS = "ABCDEFGHIJ"
"""The places of options, as many as there may be."""
SINGLE, MULTIPLE, TRUE_FALSE = "单选", "多选", "判断"
BLANK, NUMERIC, ESSAY = "填空", "计算", "简答"
ALL = Decimal(100)
_TRUE_WORD, _FALSE_WORD, _OTHERS = "对", "错", "其他"
_DATA = re.compile(r"""(src=["'])data:image/(?:png|jpe?g);base64,([^"'<>]*)(["'])""")
_KNOWN = "picture:"
_NAMED = 20
"""So many lines of a kind are named in a notice."""
_UNREAD = {
    "name": msg("题名"),
    "tags": msg("标签"),
    "points": msg("分值"),
    "minus": msg("选错扣的分"),
    "hints": msg("提示"),
    "overall": msg("不分选项的反馈"),
    "units": msg("答案的单位"),
    "order": msg("选项次序固定"),
    "template": msg("作答的样板"),
}


@dataclass(slots=True)
class BroughtAnswer:
    """An answer with the share of the points it gives, per cent."""

    text: str
    share: Decimal = ALL
    feedback: str = ""
    deviation: str = ""


@dataclass(slots=True)
class BroughtQuestion:
    """A question and where it stands: the texts of its row by field, and what is wrong."""

    line: int
    name: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    faults: dict[str, Message] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    """What is there and has no place in a row, as keys of the notice."""
    has_feedback: bool = False
    """True if its answers' feedback went into the explanation."""
    find: Callable[[str], bytes | None] = lambda _source: None
    """The picture behind the source of an image."""
    pictures: dict[str, bytes] = field(default_factory=dict)
    """The pictures in its texts, by the names of their marks."""

    def refuse(self, place: str, why: Message) -> None:
        """Note why a field is not as the file has it; the first reason stays."""
        if self.name:
            why = msg("“%(name)s”：%(why)s", name=self.name, why=why)
        self.faults.setdefault(place, why)

    def put(self, place: str, text: str, form: str = "") -> None:
        """Put a text of the file into a field, cut to the marks."""
        cut = marked_text(_DATA.sub(self._beside, text), form, self._named)
        self.texts[place] = cut.text
        if cut.fault is not None:
            self.refuse(place, cut.fault)

    def _named(self, source: str) -> str | None:
        """The name of the mark of a picture, which is kept; None where there is none."""
        if source.startswith(_KNOWN):
            return source.removeprefix(_KNOWN)
        picture = self.find(source)
        if picture is None or not is_picture(picture):
            return None
        name = name_of_picture(picture)
        self.pictures[name] = picture
        return name

    def _beside(self, match: re.Match[str]) -> str:
        """A picture that is written out in a text, put beside it."""
        picture = decoded(match[2])
        if picture is None or not is_picture(picture):
            return match[0]
        name = name_of_picture(picture)
        self.pictures[name] = picture
        return f"{match[1]}{_KNOWN}{name}{match[3]}"

    def put_other_kind(self, kind: Message | str) -> None:
        """Refuse a question of a kind that is not there."""
        self.texts["kind"] = str(kind)
        self.refuse("kind", msg("这是%(kind)s题，题库没有这种题型", kind=kind))

    def put_choice(self, answers: Sequence[BroughtAnswer], *, several: bool) -> None:
        """Make it a choice; `several` may be right where the shares say so."""
        for letter, answer in zip(LETTERS, answers, strict=False):
            self.put(f"option_{letter.lower()}", answer.text)
        self._explain(
            (it.feedback and _letter(place), it.feedback) for place, it in _placed(answers)
        )
        right = [place for place, it in _placed(answers) if it.share > 0]
        shares = {answers[place].share for place in right}
        self.texts["kind"] = MULTIPLE if several and len(right) > 1 else SINGLE
        self.texts["key"] = ""
        total = sum((answers[place].share for place in right), Decimal(0))
        if len(answers) > MOST_OPTIONS:
            why = msg("有 %(n)s 个选项，最多 %(most)s 个", n=len(answers), most=MOST_OPTIONS)
            self.refuse("key", why)
        elif not right:
            self.refuse("key", msg("没有一项是对的"))
        elif len(shares) > 1 or abs(total - ALL) > 1 or (len(right) > 1 and not several):
            parts = [
                msg("%(letter)s %(share)s%%", letter=_letter(it), share=plain(answers[it].share))
                for it in right
            ]
            self.refuse(
                "key",
                msg(
                    "各项给的分是 %(parts)s，题库里一项只有对和错：写对的几项", parts=listed(parts)
                ),
            )
        else:
            self.texts["key"] = "".join(LETTERS[place] for place in right)
        if not several and any(it.share < 0 for it in answers):
            self.unread.add("minus")

    def put_true_false(self, is_true: bool, feedback_true: str, feedback_false: str) -> None:
        """Make it a question of true or false, with what is said to either answer."""
        self.texts |= {"kind": TRUE_FALSE, "key": _TRUE_WORD if is_true else _FALSE_WORD}
        self._explain(((_TRUE_WORD, feedback_true), (_FALSE_WORD, feedback_false)))

    def put_texts(self, answers: Sequence[BroughtAnswer]) -> None:
        """Make it a question with one blank, of which each answer is right."""
        self.put_blanks([answers])

    def put_blanks(self, blanks: Sequence[Sequence[BroughtAnswer]]) -> None:
        """Make it a question with blanks, each with the answers that are right there."""
        self.texts |= {"kind": BLANK, "key": ""}
        accepted = [[(_read_out(it.text), it) for it in answers] for answers in blanks]
        self._explain((_label(text), it.feedback) for ways in accepted for text, it in ways)
        whole = [[text for text, it in ways if it.share == ALL] for ways in accepted]
        faults = [why for ways in accepted if (why := _blank_fault(ways)) is not None]
        if faults:
            self.refuse("key", faults[0])
        else:
            self.texts["key"] = blanks_text(whole)

    def put_number(self, answers: Sequence[BroughtAnswer]) -> None:
        """Make it a question for a number."""
        self.texts |= {"kind": NUMERIC, "key": ""}
        self._explain((_label(it.text), it.feedback) for it in answers)
        right = [it for it in answers if it.share > 0]
        if len(right) == 1 and right[0].share == ALL:
            self.texts["key"] = right[0].text
            deviation = number_in_text(right[0].deviation)
            if deviation != 0:
                self.texts["tolerance"] = right[0].deviation
        else:
            parts = [
                msg("%(letter)s %(share)s%%", letter=it.text, share=plain(it.share)) for it in right
            ]
            why = msg("有几个答案：%(parts)s，题库里只有一个：写哪一个", parts=listed(parts))
            self.refuse("key", why if right else msg("没有一个数是对的"))

    def put_essay(self, guide: str = "", form: str = "") -> None:
        """Make it an essay, with what its markers go by."""
        self.texts |= {"kind": ESSAY, "key": ""}
        if guide:
            cut = marked_text(guide, form)
            self.texts["guide"] = without_marks(as_marked(cut.text))
            if cut.fault is not None:
                self.refuse("guide", cut.fault)

    def _explain(self, feedback: Iterable[tuple[str, str]]) -> None:
        """Add what is said to each answer to the explanation."""
        lines = [f"{label}：{cut}" for label, it in feedback if (cut := self._cut_feedback(it))]
        if lines:
            self.has_feedback = True
            self.texts["explanation"] = "\n".join(
                filter(None, (self.texts.get("explanation", ""), *lines))
            )

    def _cut_feedback(self, text: str) -> str:
        cut = marked_text(_DATA.sub(self._beside, text), "", self._named)
        if cut.fault is not None:
            self.refuse("explanation", cut.fault)
        return cut.text


def decoded(text: str) -> bytes | None:
    """What base64 says; None for what is none."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except ValueError:
        return None


def _blank_fault(ways: Sequence[tuple[str, BroughtAnswer]]) -> Message | None:
    """Why the ways to fill a blank cannot be kept as they are; None where they can."""
    whole = [text for text, it in ways if it.share == ALL]
    if any(0 < it.share < ALL for _text, it in ways):
        parts = [
            msg("%(letter)s %(share)s%%", letter=text, share=plain(it.share))
            for text, it in ways
            if it.share > 0
        ]
        return msg("各种写法给的分是 %(parts)s，题库里只有对和错：写对的几种", parts=listed(parts))
    if any("*" in text for text in whole):
        return msg("答案 %(text)s 里的 * 代表任何字，题库没有：把写法写全", text=listed(whole))
    return None if whole else msg("没有一种写法是对的")


def _placed(answers: Sequence[BroughtAnswer]) -> list[tuple[int, BroughtAnswer]]:
    return list(enumerate(answers))


def _letter(place: int) -> str:
    return LETTERS[place] if place < MOST_OPTIONS else str(place + 1)


def _label(text: str) -> str:
    """What an answer's feedback begins with; `*` is any other answer."""
    return _OTHERS if text in ("", "*") else text


def _read_out(text: str) -> str:
    return without_marks(as_marked(marked_text(text).text))


def rows_of_questions(questions: Iterable[BroughtQuestion]) -> OtherRows:
    """The rows of questions, numbered by their lines, and what was not read or moved."""
    rows = OtherRows()
    unread: Counter[str] = Counter()
    explained: list[str] = []
    number = 0
    for question in questions:
        # Two questions of one line are told apart by the numbers after it.
        number = max(number + 1, question.line)
        rows.rows.append((number, question.texts))
        rows.pictures |= question.pictures
        if question.faults:
            rows.faults[number] = question.faults
        if question.name:
            unread["name"] += 1
        unread.update(question.unread)
        if question.has_feedback:
            explained.append(str(number))
    if explained:
        where = [*explained[:_NAMED], *(["…"] if len(explained) > _NAMED else [])]
        rows.notices.append(
            msg(
                "各个答案的反馈并进了解析，写以前看一看：%(n)s 道，在第 %(lines)s 行",
                n=len(explained),
                lines=listed(where),
            )
        )
    if unread:
        parts = [
            msg("%(what)s %(n)s 处", what=words, n=unread[key])
            for key, words in _UNREAD.items()
            if unread[key]
        ]
        rows.notices.append(msg("题库里没有这些，没有读：%(parts)s", parts=listed(parts)))
    return rows


def point_of_category(path: str) -> str:
    """The last part of a category's path, which may be a point; empty for one that says nothing."""
    parts = [it.replace("\x00", "/").strip() for it in path.replace("//", "\x00").split("/")]
    last = next((it for it in reversed(parts) if it), "")
    return "" if last == "top" or (last.startswith("$") and last.endswith("$")) else last
