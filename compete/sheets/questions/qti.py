"""QTI 3 of 1EdTech: an item, or a package of items, of the kinds that a bank has."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from urllib.parse import unquote

from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.numerals import number_in_text
from compete.sheets.questions.brought import ALL, BroughtAnswer, BroughtQuestion
from compete.sheets.questions.elements import Element, elements_of, encoded
from compete.sheets.workbook.archive import unpack_package
from compete.sheets.workbook.limits import DEFAULT_LIMITS
from compete.sheets.workbook.pictures import picture_of
from compete.sheets.workbook.refusal import WorkbookError

BLANK_AS_WRITTEN = "data-blank"
"""The attribute of a place to write that says what stands there in the stem."""
MANIFEST = "imsmanifest.xml"
ITEM = "qti-assessment-item"
_ROOT = re.compile(rf"<(?:[\w.-]+:)?{ITEM}[\s/>]")
_OLDER = re.compile(r"<(?:[\w.-]+:)?assessmentItem[\s/>]")
_BLANK = "_____"
_HEAD = 20_000
_TEMPLATES = ("match_correct", "map_response", "CC2_match", "CC2_map_response")
"""The usual ways to score by the declared answers alone; not map_response_point."""
_INLINE = frozenset(("qti-text-entry-interaction", "qti-inline-choice-interaction"))
_APART = frozenset(
    (
        "qti-rubric-block",
        "qti-feedback-block",
        "qti-feedback-inline",
        "qti-stylesheet",
        "qti-prompt",
    )
)
"""What stands in the body and is no part of what is asked."""
_OTHER_KINDS = {
    "match": msg("配对"),
    "associate": msg("配对"),
    "graphic-associate": msg("看图连线"),
    "gap-match": msg("选词填空"),
    "graphic-gap-match": msg("看图拖放"),
    "position-object": msg("看图拖放"),
    "graphic-order": msg("看图排先后"),
    "hotspot": msg("看图点选"),
    "select-point": msg("看图点选"),
    "hottext": msg("点选文字"),
    "order": msg("排先后"),
    "slider": msg("滑块"),
    "drawing": msg("作图"),
    "upload": msg("上传文件"),
    "media": msg("视听"),
    "portable-custom": msg("自带程序"),
    "custom": msg("自带程序"),
    "end-attempt": msg("分步作答"),
}
_OWN_KINDS = frozenset(("choice", "text-entry", "inline-choice", "extended-text"))
_TRUE = frozenset(("对", "正确", "是", "true", "yes"))
_FALSE = frozenset(("错", "错误", "否", "false", "no"))
_NUMBERS = ("integer", "float")


def is_qti(text: str) -> bool:
    """True if the text is XML whose first element is an item; `WorkbookError` for an older one."""
    head = text[:_HEAD].lstrip()
    if head.startswith("<") and _OLDER.search(head):
        raise WorkbookError(msg("这是 QTI 2 的题，读不了。导出成 QTI 3、Moodle XML 或者 GIFT 再传"))
    return head.startswith("<") and _ROOT.search(head) is not None


def read_qti(text: str) -> list[BroughtQuestion]:
    """The question of an item. `WorkbookError` for XML that is broken or has a document type."""
    return [_question(it, line, "", lambda _source: None) for line, it in _items(encoded(text))]


def is_package(content: bytes) -> bool:
    """True if the bytes are an archive that lists its parts as packages of content do."""
    return content.startswith(b"PK\x03\x04") and MANIFEST.encode() in content


def read_package(content: bytes) -> list[BroughtQuestion]:
    """The questions of a package, numbered in the order of its list.

    `WorkbookError` for an archive that is broken, too large or without items; an item that is
    broken or not there is a question with its reason.
    """
    parts = unpack_package(content, DEFAULT_LIMITS)
    questions: list[BroughtQuestion] = []
    for name in _item_names(parts):
        number = len(questions) + 1
        if name not in parts:
            missing = BroughtQuestion(number, name)
            missing.refuse("stem", msg("清单里有，压缩包里没有"))
            questions.append(missing)
            continue
        try:
            inside = partial(_picture, content, posixpath.dirname(name))
            rows = _items(parts[name])
            questions += [_question(it, number, name, inside) for _line, it in rows]
        except WorkbookError as why:
            broken = BroughtQuestion(number, name)
            broken.refuse("stem", why.message)
            questions.append(broken)
    if not questions:
        raise WorkbookError(msg("这个压缩包里没有 QTI 3 的题"))
    return questions


def _item_names(parts: Mapping[str, bytes]) -> list[str]:
    """The names of parts that are items: as the manifest lists them, then those it forgets."""
    base = next((posixpath.dirname(it) for it in parts if it.endswith(MANIFEST)), "")
    names: dict[str, None] = {}
    for manifest in (it for it in parts if it.endswith(MANIFEST)):
        for _line, resource in elements_of(parts[manifest], "resource"):
            href = unquote(resource.attributes.get("href", ""))
            if href and resource.attributes.get("type", "").startswith("imsqti_item"):
                names[posixpath.normpath(posixpath.join(base, href))] = None
    for name in sorted(parts):
        if _ROOT.search(parts[name][:_HEAD].decode("utf-8", "replace")):
            names[name] = None
    return list(names)


def _items(xml: bytes) -> list[tuple[int, Element]]:
    try:
        return elements_of(xml, ITEM)
    except WorkbookError:
        raise WorkbookError(msg("这个 XML 文件坏了，或者带着 DOCTYPE，没有读")) from None


@dataclass(frozen=True, slots=True)
class _Response:
    """What an item declares of one response."""

    base: str
    several: bool
    right: tuple[str, ...]
    shares: dict[str, Decimal]
    """By mapped value its part of the greatest sum there is, per cent."""
    cased: bool


def _response(element: Element) -> _Response:
    several = element.attributes.get("cardinality") in ("multiple", "ordered")
    right = [
        value.text
        for correct in element.all("qti-correct-response")
        for value in correct.all("qti-value")
    ]
    entries = [it for mapping in element.all("qti-mapping") for it in mapping.all("qti-map-entry")]
    points = {
        it.attributes.get("map-key", ""): number_in_text(it.attributes.get("mapped-value", ""))
        or Decimal(0)
        for it in entries
    }
    gained = [it for it in points.values() if it > 0]
    most = (sum(gained, Decimal(0)) if several else max(gained, default=Decimal(0))) or ALL
    return _Response(
        element.attributes.get("base-type", "identifier"),
        several,
        tuple(right),
        {key: it * ALL / most for key, it in points.items()},
        any(it.attributes.get("case-sensitive") == "true" for it in entries),
    )


def _picture(content: bytes, folder: str, source: str) -> bytes | None:
    """The picture of a package that an image in an item of the folder means."""
    path = posixpath.normpath(posixpath.join(folder, unquote(source)))
    return picture_of(content, path)


def _question(
    item: Element, line: int, file: str, find: Callable[[str], bytes | None]
) -> BroughtQuestion:
    title = " ".join(item.attributes.get("title", "").split())[:80]
    question = BroughtQuestion(line, " ".join(filter(None, (file, title))), find=find)
    body = next(iter(item.all("qti-item-body")), Element("", {}))
    asked = [it for it in body.within() if _is_interaction(it)]
    _put_texts(question, item, body, asked)
    maximum = [
        number_in_text(it.attributes.get("normal-maximum", ""))
        for it in item.all("qti-outcome-declaration")
        if it.attributes.get("identifier") == "SCORE"
    ]
    if any(it not in (None, 1) for it in maximum):
        question.unread.add("points")
    other = [kind for it in asked if (kind := _kind(it)) not in _OWN_KINDS]
    if other:
        kind = other[0]
        question.put_other_kind(_OTHER_KINDS.get(kind, kind))
    elif why := _beyond(item):
        question.texts.setdefault("key", "")
        question.refuse("key", why)
    elif not asked:
        question.texts["key"] = ""
        question.refuse("key", msg("没有作答的地方"))
    else:
        responses = {
            it.attributes.get("identifier", ""): _response(it)
            for it in item.all("qti-response-declaration")
        }
        near = [_tolerance(it) for it in item.within()]
        tolerance = next(filter(None, near), "")
        _put_key(question, asked, responses, _scoring(item).endswith("map_response"), tolerance)
    return question


def _is_interaction(element: Element) -> bool:
    return element.name.startswith("qti-") and element.name.endswith("-interaction")


def _kind(interaction: Element) -> str:
    return interaction.name.removeprefix("qti-").removesuffix("-interaction")


def _scoring(item: Element) -> str:
    """How the item scores: a template of the standard, empty for none, `*` for a way of its own.

    Items that write out what a template says are scored by that template.
    """
    for it in item.all("qti-response-processing"):
        if name := posixpath.basename(it.attributes.get("template", "")).removesuffix(".xml"):
            return name
        if it.children:
            ways = set(_ways_to_score(it))
            return ways.pop() if len(ways) == 1 else "*"
    return ""


def _ways_to_score(rules: Element, *, sure: bool = True) -> Iterator[str]:
    """The templates that rules say in their own words, `*` for anything else that gives points.

    `sure` is false below a condition that is not about the response being right or there at all.
    """
    for rule in rules.children:
        if rule.name == "qti-response-condition":
            for branch in rule.children:
                condition = None if branch.name == "qti-response-else" else branch.children[:1]
                about_null = condition is None or "qti-is-null" in {
                    part.name for it in condition for part in (it, *it.within())
                }
                if condition and _is_match(condition[0]):
                    gives = list(_ways_to_score(branch, sure=sure))
                    yield from ("match_correct" if it == "points" else it for it in gives)
                else:
                    ways = _ways_to_score(branch, sure=sure and about_null)
                    yield from ("*" if it == "points" else it for it in ways)
        elif rule.name == "qti-set-outcome-value" and rule.attributes.get("identifier") == "SCORE":
            parts = list(rule.within())
            if any(it.name == "qti-map-response" for it in parts):
                yield "map_response" if sure else "*"
            elif not all(it.name == "qti-base-value" and _is_zero(it.text) for it in parts):
                yield "points"


def _is_match(condition: Element) -> bool:
    """True for “the response is the one declared correct”, for a number within a tolerance."""
    names = {it.name: it.attributes.get("identifier") for it in condition.children}
    return (
        (condition.name == "qti-match" or _tolerance(condition) is not None)
        and names.keys() == {"qti-variable", "qti-correct"}
        and len(set(names.values())) == 1
    )


def _tolerance(condition: Element) -> str | None:
    """The tolerance of a comparison of numbers, `0.5` or `2%`; None for none that a row can say."""
    if condition.name != "qti-equal":
        return None
    within = set(condition.attributes.get("tolerance", "0").split())
    mode = condition.attributes.get("tolerance-mode", "exact")
    text = within.pop() if len(within) == 1 else ""
    if mode == "exact" or _is_zero(text):
        return ""
    return {"absolute": text, "relative": f"{text}%"}.get(mode) if text else None


def _is_zero(text: str) -> bool:
    return number_in_text(text) == 0


def _beyond(item: Element) -> Message | None:
    """Why an item's answer cannot be told from what it declares; None where it can."""
    if item.attributes.get("adaptive") == "true":
        return msg("这题分几步作答，题库没有：改成一问一答")
    if item.all("qti-template-declaration"):
        return msg("这题的数每次另出，题库没有：写定一组数")
    template = _scoring(item)
    if template and template not in _TEMPLATES:
        return msg("这题怎么算分由它自己的程序定，题库不知道哪个对：把答案写上")
    return None


def _put_texts(
    question: BroughtQuestion, item: Element, body: Element, asked: list[Element]
) -> None:
    prompts = [p for it in asked for p in it.all("qti-prompt")]
    stem = _html(body) + "".join(f"<p>{_html(it)}</p>" for it in prompts)
    question.put("stem", stem, "html")
    feedback = (*item.all("qti-modal-feedback"), *_all_of(body, "qti-feedback-block"))
    if explanation := "".join(f"<p>{_html(it)}</p>" for it in feedback):
        question.put("explanation", explanation, "html")
    rubric = list(_all_of(body, "qti-rubric-block"))
    for_markers = [it for it in rubric if "scorer" in it.attributes.get("view", "").split()]
    if len(for_markers) < len(rubric):
        question.unread.add("hints")
    guide = "".join(f"<p>{_html(it)}</p>" for it in for_markers)
    if {_kind(it) for it in asked} == {"extended-text"}:
        question.put_essay(guide, "html")
    elif guide:
        question.unread.add("hints")


def _all_of(body: Element, name: str) -> Iterator[Element]:
    return (it for it in body.within() if it.name == name)


def _html(element: Element) -> str:
    """What stands in an element as HTML; where an answer goes in a sentence is a blank."""
    pieces = []
    for it in element.content:
        if isinstance(it, str):
            pieces.append(html.escape(it, quote=False))
        elif it.name in _INLINE:
            pieces.append(it.attributes.get(BLANK_AS_WRITTEN, _BLANK))
        elif _is_interaction(it) or it.name in _APART:
            pieces.append("\n")
        elif it.name.startswith("qti-"):
            pieces.append(_html(it))
        else:
            attributes = "".join(
                f' {name}="{html.escape(value)}"' for name, value in it.attributes.items()
            )
            pieces.append(f"<{it.name}{attributes}>{_html(it)}</{it.name}>")
    return "".join(pieces)


def _put_key(
    question: BroughtQuestion,
    asked: list[Element],
    responses: Mapping[str, _Response],
    by_mapping: bool,
    tolerance: str,
) -> None:
    answered = [responses.get(it.attributes.get("response-identifier", "")) for it in asked]
    kinds = {_kind(it) for it in asked}
    declared = [it for it in answered if it is not None]
    if len(declared) < len(answered):
        question.texts["key"] = ""
        question.refuse("key", msg("作答的地方没有声明答案"))
    elif kinds == {"text-entry"} and (len(asked) > 1 or declared[0].base not in _NUMBERS):
        question.put_blanks([_ways(it, by_mapping) for it in declared])
        cased = [it for it in declared if it.cased and by_mapping]
        if any(way.upper() != way.lower() for it in cased for way in it.shares):
            key, question.texts["key"] = question.texts["key"], ""
            why = msg("要分大小写，行里写不了：不分也行，就把 %(key)s 写上", key=key)
            question.refuse("key", why)
    elif len(asked) > 1:
        question.texts["key"] = ""
        question.refuse("key", msg("一题有 %(n)s 处作答，题库里一题一问：拆开写", n=len(asked)))
    elif kinds == {"text-entry"}:
        question.put_number(_ways(declared[0], by_mapping))
        if tolerance:
            question.texts["tolerance"] = tolerance
    elif kinds != {"extended-text"}:
        _put_choice(question, asked[0], declared[0], by_mapping)


def _ways(response: _Response, by_mapping: bool) -> list[BroughtAnswer]:
    """The accepted ways to answer: with their shares where the item maps them."""
    if by_mapping and response.shares:
        return [BroughtAnswer(key, it) for key, it in response.shares.items()]
    return [BroughtAnswer(it) for it in response.right]


def _put_choice(
    question: BroughtQuestion, interaction: Element, response: _Response, by_mapping: bool
) -> None:
    name = "qti-simple-choice" if _kind(interaction) == "choice" else "qti-inline-choice"
    choices = interaction.all(name)
    ids = [it.attributes.get("identifier", "") for it in choices]
    if by_mapping and response.shares:
        shares = [response.shares.get(it, Decimal(0)) for it in ids]
    else:
        part = ALL / len(response.right) if response.right else ALL
        shares = [part if it in response.right else Decimal(0) for it in ids]
    answers = [
        BroughtAnswer(
            " ".join(_html(choice).split()),
            share,
            " ".join(_html(it) for it in choice.all("qti-feedback-inline")).strip(),
        )
        for choice, share in zip(choices, shares, strict=True)
    ]
    lost = [] if by_mapping else [it for it in response.right if it not in ids]
    if lost:
        question.refuse("key", msg("没有选项 %(letter)s", letter=listed(lost)))
    words = [it.text.strip().lower() for it in answers]
    if len(words) == 2 and not response.several and words[0] in _TRUE and words[1] in _FALSE:
        question.put_true_false(shares[0] > 0, answers[0].feedback, answers[1].feedback)
        if (shares[0] > 0) == (shares[1] > 0):
            question.texts["key"] = ""
            question.refuse("key", msg("不知道是对还是错"))
    else:
        question.put_choice(answers, several=response.several)
    if lost:
        question.texts["key"] = ""
    if any(it.attributes.get("fixed") == "true" for it in choices):
        question.unread.add("order")
