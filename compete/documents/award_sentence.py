"""The sentence of an award certificate as an organiser writes it, with places to be filled in.

`在{竞赛}{赛项}中，{成绩}，列{名次}，荣获`: a part between commas whose score or place a certificate
does not have is left out, so that one sentence serves all who are given something.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from compete.domain.values.messages import Message, msg

COMPETITION, EVENT, SCORE, PLACE = "竞赛", "赛项", "成绩", "名次"
FIELDS = (COMPETITION, EVENT, SCORE, PLACE)
_MAY_LACK = (SCORE, PLACE)
_FIELD = re.compile(r"\{(竞赛|赛项|成绩|名次)\}")
_HALF_WIDTH = str.maketrans("｛｝,", "{},")


def tidy_sentence(text: str) -> str:
    """Tidy a sentence: one line, braces and commas of one sort, no sign at its end."""
    return " ".join(text.translate(_HALF_WIDTH).split()).replace(",", "，").strip("，")


def sentence_fault(sentence: str) -> Message | None:
    """Say what is wrong with a tidied sentence, or None."""
    if any(sign in _FIELD.sub("", sentence) for sign in "{}"):
        return msg("大括号里只能写 {竞赛}、{赛项}、{成绩}、{名次}")
    if sentence.count(_hole(COMPETITION)) != 1:
        return msg("句子里要有 {竞赛}，只写一次")
    *parts, last = sentence.split("，")
    if any(_hole(COMPETITION) in part and _lacks_perhaps(part) for part in parts):
        return msg("{成绩}、{名次} 不能和 {竞赛} 在一个半句里，中间用逗号隔开")
    if _lacks_perhaps(last):
        return msg("最后半句总要印，{成绩}、{名次} 写在前面的半句里")
    return None


def fill_sentence(sentence: str, values: Mapping[str, str]) -> tuple[str, str]:
    """The text before the competition's name and after it; clauses without a value are left out."""
    whole = "，".join(
        part
        for part in sentence.split("，")
        if all(values.get(name) for name in _MAY_LACK if _hole(name) in part)
    )
    before, _competition, after = whole.partition(_hole(COMPETITION))

    def filled(text: str) -> str:
        return _FIELD.sub(lambda found: values.get(found[1], ""), text)

    return filled(before), filled(after)


def _hole(name: str) -> str:
    return "{" + name + "}"


def _lacks_perhaps(part: str) -> bool:
    return any(_hole(name) in part for name in _MAY_LACK)
