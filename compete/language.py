"""Language in which commands speak, Chinese or the one asked for, and words of a kind.

An evaluation has 考评员 where a contest has 裁判: texts are written once, as contests say them,
and changed as they are translated, before anybody's name is put into them.

Chinese needs no catalogue, for the sentences in the code are Chinese.
"""

import os
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from compete.domain.values.kinds import Kind
from compete.domain.values.messages import Message, Translate


class Language(NamedTuple):
    """A language in which pages and commands speak."""

    code: str
    """The code in a cookie, an address and the environment."""
    locale: str
    """As Babel calls it, and the folder of its catalogue."""
    tag: str
    """The tag in a page."""
    name: str
    """As its readers call it."""
    short: str
    """The same where there is little room."""
    between: str
    """The sign between two sentences."""


FIRST = Language("zh", "zh_Hans_CN", "zh-CN", "中文", "中文", "")
LANGUAGES = {
    "zh": FIRST,
    "en": Language("en", "en", "en", "English", "EN", " "),
}
VARIABLE = "COMPETE_LANG"


_chosen: list[Translate | None] = [None]


def translator(language: str) -> Translate | None:
    """A function that turns a Chinese sentence into one of `language`; None where nothing does."""
    if language == FIRST.code:
        return None
    from gettext import translation

    from compete.resources import package_dir

    folder = package_dir() / "translations"
    return translation("messages", folder, [LANGUAGES[language].locale], fallback=True).gettext


_VERB = ("to ", "To ", "not ", "may ", "must ", "can ", "who ")
# Neither a verb nor the name of a hole is changed.
_NOUN = "".join(f"(?<!{before})" for before in (r"%\(", *_VERB))
WORDS_OF_KINDS: Mapping[tuple[str, str], Sequence[tuple[re.Pattern[str], str]]] = {
    (Kind.EVALUATION, "zh"): (
        # People who did not pass stand on no public list: a number would tell of it.
        (re.compile("写参赛号，不写姓名"), "不写姓名和准考证号"),
        (re.compile("一个人报两个赛项，写两行"), "同一个职业只能报一个等级"),
        (re.compile("裁判长"), "考评组长"),
        (re.compile("裁判员?"), "考评员"),
        (re.compile("比赛"), "考核"),
        (re.compile("参赛选手|选手"), "考生"),
        (re.compile("参赛证"), "准考证"),
        (re.compile("参赛号"), "准考证号"),
        (re.compile("参赛条件"), "报名条件"),
        (re.compile("参赛单位"), "申报单位"),
        (re.compile("参赛"), "参加"),
        (re.compile("(?<!技能)(?<!劳动)(?<!新建)竞赛(?!台|晋升)"), "认定"),
        (re.compile("赛项"), "等级"),
    ),
    (Kind.EVALUATION, "en"): (
        (
            re.compile("write (?:codes, not names|the contestant's number, not the name)"),
            "write neither names nor numbers",
        ),
        (re.compile(r"\b([Aa]) judge\b"), r"\1n examiner"),
        (re.compile(rf"{_NOUN}\bjudge(s?)\b"), r"examiner\1"),
        (re.compile(rf"{_NOUN}\bJudge(s?)\b"), r"Examiner\1"),
        (re.compile(r"\b([Aa]) competition\b"), r"\1n evaluation"),
        (re.compile(r"(?<!%\()(?<!labour )\bcompetition(s?)\b"), r"evaluation\1"),
        (re.compile(r"\bCompetition(s?)\b"), r"Evaluation\1"),
        (re.compile(r"(?<!%\()\bcontestant(s?)\b"), r"candidate\1"),
        (re.compile(r"\bContestant(s?)\b"), r"Candidate\1"),
        (re.compile(r"\b([Aa]) badge\b"), r"\1n admission card"),
        (re.compile(r"(?<!%\()\bbadge(s?)\b"), r"admission card\1"),
        (re.compile(r"\bBadge(s?)\b"), r"Admission card\1"),
    ),
}
"""By kind and language, what is said otherwise."""


@lru_cache(maxsize=8192)
def worded(text: str, kind: str, language: str) -> str:
    """Say a text as pages of a kind do, its holes as they are."""
    for pattern, instead in WORDS_OF_KINDS.get((kind, language), ()):
        text = pattern.sub(instead, text)
    return text


def translator_for(kind: str, language: str) -> Translate:
    """A function to translate Chinese sentences, in the words of a kind of competition."""
    translate = translator(language)
    return lambda text: worded(translate(text) if translate else text, kind, language)


def use_language(language: str | None) -> None:
    """Speak this language from now on; without one, the language that the environment names.

    Raises `KeyError` for a language there is no catalogue of.
    """
    language = language or os.environ.get(VARIABLE, "")[:2].lower() or FIRST.code
    if language not in LANGUAGES:
        raise KeyError(language)
    _chosen[0] = translator(language)


def say(message: Message) -> str:
    """Say a sentence in the language that is spoken."""
    return message.render(_chosen[0])
