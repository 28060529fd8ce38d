"""Questions written as other programs write them."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence

from compete.sheets.questions.blanks import blanks_in


def gift(texts: Mapping[str, str], *, name: str = "") -> str:
    """A question in GIFT, from the texts of its row."""
    lines = [f"::{_escaped(name)}::" if name else ""]
    lines[0] += _escaped(texts["stem"]) + " {"
    kind, key = texts["kind"], texts["key"]
    options = [texts[it] for it in sorted(texts) if it.startswith("option_")]
    if kind == "单选":
        lines += [
            f"\t{'=' if letter == key else '~'}{_escaped(text)}"
            for letter, text in zip("ABCDEFGHIJ", options, strict=False)
        ]
    elif kind == "多选":
        share = f"{100 / len(key):.5f}"
        lines += [
            f"\t~%{share if letter in key else '-100'}%{_escaped(text)}"
            for letter, text in zip("ABCDEFGHIJ", options, strict=False)
        ]
    elif kind == "判断":
        lines += ["TRUE" if key == "对" else "FALSE"]
    elif kind == "填空":
        lines += [f"\t={_escaped(text)}" for text in blanks_in(key)[0]]
    elif kind == "计算":
        lines += [f"#{key}:{texts.get('tolerance') or 0}"]
    if texts.get("explanation"):
        lines += [f"####{_escaped(texts['explanation'])}"]
    return "\n".join([*lines, "}"]) + "\n\n"


def _escaped(text: str) -> str:
    return re.sub(r"([\\~=#{}:])", r"\\\1", text).replace("\n", r"\n")


def moodle(*questions: str) -> bytes:
    """A Moodle XML file of the questions."""
    inside = "\n".join(questions)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n{inside}\n</quiz>\n'.encode()


def category(path: str) -> str:
    """The category of the questions below."""
    text = html.escape(path)
    return f'<question type="category"><category><text>{text}</text></category></question>'


def asked(kind: str, stem: str, *more: str, name: str = "题一") -> str:
    """A question of Moodle XML; the stem is HTML."""
    return (
        f'<question type="{kind}">\n<name><text>{html.escape(name)}</text></name>\n'
        f'<questiontext format="html"><text><![CDATA[{stem}]]></text></questiontext>\n'
        f"{''.join(more)}</question>"
    )


def answers(*shares: tuple[str, str], more: Sequence[str] = ()) -> str:
    """Answers with their shares."""
    inside = "".join(more)
    return "".join(
        f'<answer fraction="{share}" format="html"><text>{html.escape(html.escape(text))}</text>'
        f"{inside}</answer>"
        for text, share in shares
    )
