"""GIFT, read as people write it: signs without their backslash, blank lines too few or too many."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.numerals import number_in_text, plain
from compete.sheets.questions.brought import (
    ALL,
    BroughtAnswer,
    BroughtQuestion,
    point_of_category,
)

_SIGNS = "~=#{}:\\"
# Signs that are only themselves stand meanwhile as characters that no text may have.
_KEPT = {sign: chr(0xFDD0 + place) for place, sign in enumerate(_SIGNS)}
_NEW_LINE = chr(0xFDDF)
_BACK = {ord(kept): sign for sign, kept in _KEPT.items()} | {ord(_NEW_LINE): "\n"}
_NO_CHARACTERS = dict.fromkeys(range(0xFDD0, 0xFDE0), "\ufffd")
_ESCAPE = re.compile(r"\\(?:(?P<sign>[~=#{}:\\])|(?P<line>n)|(?P<quote>(?=[\"'])))")
_TEX = re.compile(r"(?:eq?|u|abla|ot|otin|i|leq|geq|mid|parallel|exists|atural)(?![A-Za-z])")
"""How commands of TeX go on that begin with an n."""
_LONGEST_FORMULA = 300
_WIDE = str.maketrans("｛｝～＝＃", "{}~=#")
_CATEGORY = "$CATEGORY:"
_TRUE = frozenset(("t", "true", "对", "正确", "√"))
_FALSE = frozenset(("f", "false", "错", "错误", "×"))
_WORDS = "|".join(sorted(_TRUE | _FALSE, key=len, reverse=True))
_ANSWERS = re.compile(rf"\{{\s*(?:[=~#%}}]|(?:{_WORDS})\s*[#}}])", re.IGNORECASE)
_ANSWERS_OR_END = re.compile(rf"{_ANSWERS.pattern}|\{{\s*$", re.IGNORECASE)
_LIKE_ANSWERS = re.compile(rf"\s*(?:$|[=~#%]|(?:{_WORDS})\s*(?:#|$))", re.IGNORECASE)
_WEIGHT = re.compile(r"\s*%\s*(-?[0-9]{1,3}(?:\.[0-9]{0,8})?)\s*%")
_POSITIVE = re.compile(r"~\s*%\s*[0-9]*[1-9]")
_FORM = re.compile(r"\s*\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
_ID = re.compile(r"\[id:([^\]]{1,100})\]")
_TAG = re.compile(r"\[tag:[^\]]+\]")
_MARK = re.compile(r"[~=]")
_BLANK = "_____"


def is_gift(text: str) -> bool:
    """True if a text has answers in braces, or a question's name or a category as GIFT has them."""
    lines = [it.strip() for it in text.split("\n") if it.strip()]
    first = next((it for it in lines if not it.startswith("//")), "")
    if "\t" in first:
        return False
    if first.startswith(("::", _CATEGORY)):
        return True
    cells = re.split(r"[,，;；]", first)
    if len(cells) > 2 and all(len(it) <= 16 for it in cells) and not _ANSWERS.search(first):
        return False
    return any(_ANSWERS.search(it) for it in (text, _widened(text)))


def read_gift(text: str) -> list[BroughtQuestion]:
    """The questions of a GIFT file, with what is refused of each at its field."""
    text = _ESCAPE.sub(_meant, _widened(text).translate(_NO_CHARACTERS))
    questions: list[BroughtQuestion] = []
    node = ""
    for block in _blocks(text.split("\n")):
        if block.category is not None:
            node = point_of_category(block.category.translate(_BACK))
            continue
        for line, part in _parts(block):
            question = _question(line, part)
            question.texts["node"] = node
            comments = "\n".join(block.comments)
            if (code := _ID.search(comments)) is not None:
                question.texts["code"] = code[1].strip()
            if _TAG.search(comments):
                question.unread.add("tags")
            block.comments = []
            questions.append(question)
    return questions


def _widened(text: str) -> str:
    """The text with the signs of an input method as the plain ones, where it has no plain ones."""
    return text.translate(_WIDE) if "｛" in text and "{" not in text else text


def _meant(match: re.Match[str]) -> str:
    """What stands behind a backslash as it is meant: in a formula, `\\ne` is of TeX."""
    if (sign := match["sign"]) is not None:
        return _KEPT[sign]
    if match["quote"] is not None:
        return ""
    text, at = match.string, match.end()
    return _KEPT["\\"] + "n" if _TEX.match(text, at) and _is_formula(text, at) else _NEW_LINE


def _is_formula(text: str, at: int) -> bool:
    """True if a formula is open before the place."""
    begin = max(text.rfind("\n", 0, at), at - _LONGEST_FORMULA, 0)
    before = text[begin:at]
    return before.count("$") % 2 == 1 or before.rfind("\\(") > before.rfind("\\)")


@dataclass(slots=True)
class _Block:
    """Lines between blank ones, each with its number; or the path of a category."""

    lines: list[tuple[int, str]] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    category: str | None = None


def _blocks(lines: Sequence[str]) -> Iterator[_Block]:
    block, depth, joined = _Block(), 0, 0
    for place, line in enumerate(lines):
        bare = line.strip()
        if bare.startswith("//"):
            block.comments.append(bare)
        elif bare.startswith(_CATEGORY):
            if block.lines:
                yield block
            yield _Block(category=bare.removeprefix(_CATEGORY))
            block, depth = _Block(), 0
        elif bare:
            block.lines.append((place + 1, line))
            depth += line.count("{") - line.count("}")
        elif block.lines and place >= joined:
            joined = _closed_at(lines, place) if depth > 0 else 0
            if not joined:
                yield block
                block, depth = _Block(), 0
    if block.lines:
        yield block


def _closed_at(lines: Sequence[str], place: int) -> int:
    """The line that closes the braces open above a blank one; 0 where another question begins."""
    for later in range(place, len(lines)):
        bare = lines[later].lstrip()
        if bare.startswith(("::", _CATEGORY)):
            return 0
        if (brace := re.search(r"[{}]", bare)) is not None:
            return later if brace[0] == "}" else 0
    return 0


def _parts(block: _Block) -> Iterator[tuple[int, str]]:
    """The questions of a block: several where no blank line stands between them."""
    lines = block.lines
    more, later = [False] * len(lines), False
    for place in reversed(range(len(lines))):
        more[place] = later
        later = later or _ANSWERS_OR_END.search(lines[place][1]) is not None
    part: list[str] = []
    first, depth, answered = 0, 0, False
    for place, (number, line) in enumerate(lines):
        if part and depth <= 0 and line.lstrip().startswith("::"):
            yield first, "\n".join(part)
            part, depth, answered = [], 0, False
        if not part:
            first = number
        part.append(line)
        depth += line.count("{") - line.count("}")
        answered = answered or _ANSWERS_OR_END.search(line) is not None
        if answered and depth == 0 and more[place] and line.rstrip().endswith("}"):
            yield first, "\n".join(part)
            part, answered = [], False
    if part:
        yield first, "\n".join(part)


def _question(line: int, text: str) -> BroughtQuestion:
    question = BroughtQuestion(line)
    text = text.strip()
    if text.startswith("::") and (end := text.find("::", 2)) > 0:
        question.name = " ".join(text[2:end].translate(_BACK).split())
        text = text[end + 2 :].strip()
    groups, is_balanced = _groups(text)
    likely = [it for it in groups if _LIKE_ANSWERS.match(text[it[0] + 1 : it[1]])]
    filled = [it for it in likely if text[it[0] + 1 : it[1]].strip()] or likely[:1]
    if not likely and len(groups) == 1 and text.endswith("}"):
        filled = groups
    if len(filled) != 1:
        _put_stem(question, text)
        if not is_balanced or groups:
            question.texts["kind"] = ""
            question.refuse("key", _why_no_answers(len(filled), is_balanced=is_balanced))
        else:
            question.put_other_kind(msg("文字说明"))
        return question
    (start, end), content = filled[0], ""
    content = text[start + 1 : end].strip()
    after = text[end + 1 :]
    stem = text[:start] + (_BLANK + after if after.strip() else "")
    form = _put_stem(question, stem)
    content, _mark, general = content.rpartition("####") if "####" in content else (content, "", "")
    if general.strip():
        text_of, general_form = _plain(general, form)
        question.put("explanation", text_of, general_form)
    _put_answers(question, content.strip(), form)
    return question


def _why_no_answers(count: int, *, is_balanced: bool) -> Message:
    if not is_balanced:
        return msg("大括号没有成对，答案在哪里看不出来")
    if count > 1:
        return msg("有 %(n)s 处大括号像答案，一道题只能有一处", n=count)
    return msg("大括号里的不像答案")


def _groups(text: str) -> tuple[list[tuple[int, int]], bool]:
    """Where braces open and close that stand in no others, and whether all are closed."""
    groups, opened, depth = [], 0, 0
    for match in re.finditer(r"[{}]", text):
        if match[0] == "{":
            opened = match.start() if depth == 0 else opened
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                groups.append((opened, match.start()))
    return groups, depth == 0


def _put_stem(question: BroughtQuestion, text: str) -> str:
    text, form = _plain(text, "")
    question.put("stem", text, form)
    return form


def _plain(text: str, form: str) -> tuple[str, str]:
    """The text as it is meant, and its format: that before it, or the question's."""
    if (match := _FORM.match(text)) is not None:
        text, form = text[match.end() :], match[1].lower()
    return text.translate(_BACK).strip(), form


def _put_answers(question: BroughtQuestion, content: str, form: str) -> None:
    word = content.partition("#")[0].strip().lower()
    if not content:
        question.put_essay()
    elif content.startswith("#"):
        _put_number(question, content[1:], form)
    elif "~" in content:
        _put_choice(question, content, form)
    elif word in _TRUE or word in _FALSE:
        _word, wrong, right = (*content.split("#", 2), "", "")[:3]
        feedback = [_plain(it, form)[0] for it in (wrong, right)]
        is_true = word in _TRUE
        to_true, to_false = reversed(feedback) if is_true else feedback
        question.put_true_false(is_true, to_true, to_false)
    else:
        _put_texts(question, content, form)


def _starts(content: str) -> tuple[list[int], list[int], list[int], list[int]]:
    """Where answers may begin: at a `~`, and at a `=` first in a line, after a blank, or else."""
    tildes: list[int] = []
    first: list[int] = []
    apart: list[int] = []
    glued: list[int] = []
    for match in _MARK.finditer(content):
        at = match.start()
        if match[0] == "~":
            tildes.append(at)
        elif not content[content.rfind("\n", 0, at) + 1 : at].strip():
            first.append(at)
        elif content[at - 1].isspace():
            apart.append(at)
        else:
            glued.append(at)
    return tildes, first, apart, glued


def _cut(content: str, starts: Sequence[int], form: str) -> list[BroughtAnswer]:
    answers = []
    starts = sorted(starts)
    for at, end in zip(starts, [*starts[1:], len(content)], strict=True):
        share = ALL if content[at] == "=" else Decimal(0)
        piece = content[at + 1 : end]
        if (weight := _WEIGHT.match(piece)) is not None:
            share, piece = Decimal(weight[1]), piece[weight.end() :]
        text, _mark, feedback = piece.partition("#")
        answers.append(BroughtAnswer(_plain(text, form)[0], share, _plain(feedback, form)[0]))
    return answers


def _put_choice(question: BroughtQuestion, content: str, form: str) -> None:
    tildes, first, apart, glued = _starts(content)
    if not first and _POSITIVE.search(content):
        shared = _cut(content, tildes, form)
        if abs(sum(it.share for it in shared if it.share > 0) - ALL) <= 1:
            # The shares say all that is right; a `=` is a sign of a text.
            question.put_choice(shared, several=True)
            return
    tight = [it for it in apart if not content[it + 1 : it + 2].isspace()]
    # Of the ways to read it the first with one right answer is what was meant.
    several = not (first or apart)
    ways = ([*first, *apart], [*first, *tight], first, [*first, *apart, *glued], glued)
    right = next((way for way in ways if len(way) == 1), ways[0])
    question.put_choice(_cut(content, [*tildes, *right], form), several=several)


def _put_texts(question: BroughtQuestion, content: str, form: str) -> None:
    _tildes, first, apart, _glued = _starts(content)
    starts = [*first, *(it for it in apart if not content[it + 1 : it + 2].isspace())]
    if not starts or min(starts) > 0:
        content, starts = f"={content}", [0, *(it + 1 for it in starts)]
    answers = _cut(content, starts, form)
    if all("->" in it.text for it in answers):
        question.put_other_kind(msg("配对"))
        return
    question.put_texts(answers)
    ends = [*sorted(starts)[1:], len(content)]
    pieces = [content[at + 1 : end] for at, end in zip(sorted(starts), ends, strict=True)]
    doubtful = [it.partition("#")[0] for it in pieces if "=" in it.partition("#")[0]]
    if doubtful:
        question.texts["key"] = ""
        words = listed([it.translate(_BACK).strip() for it in doubtful])
        why = msg("“%(text)s”里的 = 前面没有 \\，不知道是一个答案还是几个：在这里写", text=words)
        question.refuse("key", why)


def _put_number(question: BroughtQuestion, content: str, form: str) -> None:
    content = content.strip()
    starts = [match.start() for match in _MARK.finditer(content)]
    if not starts or starts[0] > 0:
        content, starts = f"={content}", [0, *(it + 1 for it in starts)]
    answers = _cut(content, starts, form)
    for it in answers:
        it.text, it.deviation = _number(it.text)
    question.put_number(answers)


def _number(text: str) -> tuple[str, str]:
    """A number and its deviation: `v:t`, `from..to`, or the number alone."""
    low, dots, high = (it.strip() for it in text.partition(".."))
    first, last = number_in_text(low), number_in_text(high)
    if dots and first is not None and last is not None:
        return plain((first + last) / 2), plain(abs(last - first) / 2)
    number, _colon, deviation = (it.strip() for it in text.partition(":"))
    return number, deviation
