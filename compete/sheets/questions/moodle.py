"""Moodle XML: the questions of a `quiz`, of the kinds that a bank has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import partial
from urllib.parse import unquote

from compete.domain.values.messages import msg
from compete.domain.values.numerals import number_in_text
from compete.sheets.questions.brought import (
    ALL,
    BroughtAnswer,
    BroughtQuestion,
    decoded,
    point_of_category,
)
from compete.sheets.questions.elements import Element, elements_of, encoded
from compete.sheets.questions.marked_texts import file_fault
from compete.sheets.workbook.pictures import is_picture
from compete.sheets.workbook.refusal import WorkbookError

_ROOT = re.compile(r"<quiz[\s/>]")
_HEAD = 20_000
_OTHER_KINDS = {
    "matching": msg("配对"),
    "match": msg("配对"),
    "randomsamatch": msg("配对"),
    "ddmatch": msg("配对"),
    "cloze": msg("综合填空"),
    "multianswer": msg("综合填空"),
    "description": msg("文字说明"),
    "calculated": msg("带公式的计算"),
    "calculatedsimple": msg("带公式的计算"),
    "calculatedmulti": msg("带公式的选择"),
    "ordering": msg("排先后"),
    "gapselect": msg("选词填空"),
    "ddwtos": msg("拖放"),
    "ddimageortext": msg("拖放"),
    "ddmarker": msg("拖放"),
    "random": msg("随机抽"),
}
_OVERALL = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")
_OWN_FILES = "@@PLUGINFILE@@/"
_YES = ("1", "true")


def is_moodle(text: str) -> bool:
    """True if the text is XML whose first element is a `quiz`."""
    head = text[:_HEAD].lstrip()
    return head.startswith("<") and _ROOT.search(head) is not None


def read_moodle(text: str) -> list[BroughtQuestion]:
    """The questions of a `quiz`. `WorkbookError` for XML that is broken or has a document type."""
    try:
        elements = elements_of(encoded(text), "question")
    except WorkbookError:
        why = msg("这个 XML 文件坏了，或者带着 DOCTYPE，没有读。在 Moodle 里再导出一份")
        raise WorkbookError(why) from None
    questions = []
    category = ""
    for line, element in elements:
        if element.attributes.get("type") == "category":
            category = point_of_category(element.words("category"))
        else:
            questions.append(_question(element, line, category))
    return questions


def _question(element: Element, line: int, node: str) -> BroughtQuestion:
    question = BroughtQuestion(line, " ".join(element.words("name").split()))
    question.texts["node"] = node
    files = [it for it in element.within() if it.name == "file"]
    question.find = partial(_file, {it.attributes.get("name", ""): it.text for it in files})
    if code := element.words("idnumber"):
        question.texts["code"] = code
    for name, place in (("questiontext", "stem"), ("generalfeedback", "explanation")):
        for part in element.all(name):
            question.put(place, part.inner, _form(part))
            _refuse_files(question, place, part)
    for picture in (*element.all("image"), *element.all("image_base64")):
        if picture.text:
            name = picture.text if picture.name == "image" else picture.name
            question.refuse("stem", file_fault(name[:80]))
    _note_unread(question, element)
    answers = [_answer(it, question) for it in element.all("answer")]
    match kind := element.attributes.get("type", ""):
        case "multichoice":
            single = element.words("single").lower()
            question.put_choice(answers, several=bool(single) and single not in _YES)
            if element.words("shuffleanswers").lower() in ("0", "false"):
                question.unread.add("order")
        case "truefalse":
            _put_true_false(question, answers)
        case "shortanswer":
            question.put_texts(answers)
            key = question.texts["key"]
            if element.words("usecase") in _YES and key.upper() != key.lower():
                question.texts["key"] = ""
                why = msg("要分大小写，行里写不了：不分也行，就把 %(key)s 写上", key=key)
                question.refuse("key", why)
        case "numerical":
            question.put_number(answers)
            if any(it.all("unit") for it in element.all("units")):
                question.unread.add("units")
        case "essay":
            guide = next(iter(element.all("graderinfo")), Element("", {}))
            question.put_essay(guide.inner, _form(guide))
            _refuse_files(question, "guide", guide)
            if element.words("responsetemplate"):
                question.unread.add("template")
        case _:
            question.put_other_kind(_OTHER_KINDS.get(kind, kind))
    return question


def _answer(element: Element, question: BroughtQuestion) -> BroughtAnswer:
    text, feedback = element.inner, element.words("feedback")
    if _form(element) == "html":
        # HTML is known by its tags; of one without any the line breaks mean nothing.
        text = " ".join(text.split())
    for inside in (element, *element.all("feedback")):
        place = "key" if inside is element else "explanation"
        _refuse_files(question, place, inside)
    fraction = element.attributes.get("fraction", "0").strip()
    share = number_in_text(fraction.removeprefix("+"))
    if share is None:
        question.refuse("key", msg("分值“%(text)s”不是数", text=fraction[:40]))
    deviation = element.words("tolerance")
    return BroughtAnswer(text, share if share is not None else ALL * 0, feedback, deviation)


def _form(element: Element) -> str:
    return element.attributes.get("format", "")


def _put_true_false(question: BroughtQuestion, answers: Iterable[BroughtAnswer]) -> None:
    shares: dict[str, Decimal] = {}
    feedback: dict[str, str] = {}
    for it in answers:
        word = it.text.strip().lower()
        shares[word], feedback[word] = it.share, it.feedback
    is_true = shares.get("true", Decimal(0)) > 0
    is_false = shares.get("false", Decimal(0)) > 0
    question.put_true_false(is_true, feedback.get("true", ""), feedback.get("false", ""))
    if is_true == is_false:
        question.texts["key"] = ""
        question.refuse("key", msg("不知道是对还是错"))


def _file(files: Mapping[str, str], source: str) -> bytes | None:
    """The file of a question that an image in its text means."""
    if not source.startswith(_OWN_FILES):
        return None
    return decoded(files.get(unquote(source.rpartition("/")[2]).partition("?")[0], ""))


def _refuse_files(question: BroughtQuestion, place: str, element: Element) -> None:
    for file in element.all("file"):
        if is_picture(decoded(file.text) or b""):
            continue
        question.refuse(place, file_fault(file.attributes.get("name", "")[:80]))


def _note_unread(question: BroughtQuestion, element: Element) -> None:
    points = number_in_text(element.words("defaultgrade"))
    if points is not None and points != 1:
        question.unread.add("points")
    penalty = number_in_text(element.words("penalty"))
    if penalty and element.all("hint"):
        question.unread.add("minus")
    if any(it.inner for it in element.all("hint")):
        question.unread.add("hints")
    if any(tag.inner for tags in element.all("tags") for tag in tags.all("tag")):
        question.unread.add("tags")
    if any(element.words(name) for name in _OVERALL):
        question.unread.add("overall")
