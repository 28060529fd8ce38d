"""Texts of other programs, cut to the marks that a question's texts may have."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html.parser import HTMLParser

from compete.domain.values.messages import Message, listed, msg

_LONGEST = 40_000
"""A longer text is in no question; it stays as it is, and is refused for its length."""
_KNOWN = (
    r"/?(?:(?:b|i|u|s|em|strong|br|hr)\s*/?>|a(?:\s[^<>=]*=[^<>]*)?>"
    r"|(?:p|div|span|font|li|ul|ol|table|tbody|tr|td|th|h[1-6]|pre|tt|code|blockquote|center|small"
    r"|big|script|style|audio|video|source|iframe|object|embed|svg|canvas|input|select|textarea"
    r"|img(?!\s+name=))(?:[\s/][^<>]*)?>)"
)
_TAG = re.compile(
    rf"<{_KNOWN}|&(?:[a-z][a-z0-9]{{1,9}}|#[0-9]{{1,7}}|#x[0-9a-f]{{1,6}});", re.IGNORECASE
)
_BARE = re.compile(rf"<(?!{_KNOWN}|/?(?:sub|sup|math)>|img\s+name=)", re.IGNORECASE)
_PLAIN_ENTITY = re.compile(r"&(?:amp|lt);", re.IGNORECASE)
_HEADINGS = (f"h{size}" for size in range(1, 7))
_BLOCKS = frozenset(("p", "div", "li", "ul", "ol", "tr", "table", "pre", "blockquote", "center"))
_BLOCKS |= {"hr", *_HEADINGS}
_OWN = frozenset(("sub", "sup", "math"))
_PICTURE, _SOUND = msg("图片"), msg("声音或者影像")
_TABLE, _SCRIPT, _INPUT = msg("表格"), msg("脚本"), msg("填写框")
_FORMULA = msg("不是 TeX 写的公式")
_NOT_KEPT = {
    **dict.fromkeys(("img", "svg", "canvas"), _PICTURE),
    **dict.fromkeys(("audio", "video", "source", "object", "embed", "iframe"), _SOUND),
    **dict.fromkeys(("script", "style"), _SCRIPT),
    **dict.fromkeys(("input", "select", "textarea"), _INPUT),
    "table": _TABLE,
}
_FORMULAS = (("$$", "$$"), ("\\(", "\\)"), ("\\[", "\\]"))


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A text with no mark but those of a question, and why it is not the whole of it."""

    text: str
    fault: Message | None = None


def _no_picture(_source: str) -> str | None:
    return None


def marked_text(
    text: str, form: str = "", named: Callable[[str], str | None] = _no_picture
) -> MarkedText:
    """Cut a text in Moodle's format `form` to the marks; without one, HTML is known by its tags.

    Line breaks, subscripts, superscripts and TeX formulas stay. Letters in bold and links become
    plain. A table or film is told; so is a picture that is not `named` by its source, and its mark
    stands where it was.
    """
    text = text.strip()
    if len(text) > _LONGEST:
        return MarkedText(text)
    is_html = form == "html"
    if not (is_html and ("<" in text or "&" in text)) and (
        form in ("plain", "plain_text") or not _has_html(text)
    ):
        return MarkedText(_with_formulas(" ".join(text.split()) if is_html else text))
    cutter = _Cutter(named, keep_lines=not is_html)
    cutter.feed(text if is_html else _BARE.sub("&lt;", text))
    cutter.close()
    lines = [" ".join(line.split()) for line in cutter.cut().split("\n")]
    fault = None
    if cutter.not_kept:
        words = listed(list(dict.fromkeys(cutter.not_kept)))
        fault = msg("这里有%(what)s，题库放不下：改成文字再写", what=words)
    return MarkedText(_with_formulas("\n".join(filter(None, lines))), fault)


def file_fault(name: str) -> Message:
    """Say that a file in a question is not kept."""
    return msg("这里有文件 %(name)s，题库只收 PNG、JPEG 的图：改成文字再写", name=name)


def _has_html(text: str) -> bool:
    if "<" not in text and "&" not in text:
        return False
    return any(not _PLAIN_ENTITY.fullmatch(it[0]) for it in _TAG.finditer(text))


def _with_formulas(text: str) -> str:
    """The text with TeX as the filters of Moodle know it between the marks of a formula."""
    for opening, closing in _FORMULAS:
        if opening not in text:
            continue
        pieces, at = [], 0
        while (start := text.find(opening, at)) >= 0:
            end = text.find(closing, start + 2)
            if end < 0:
                break
            inside = text[start + 2 : end].strip()
            pieces += [text[at:start], f"<math>{inside}</math>" if inside else ""]
            at = end + 2
        text = "".join([*pieces, text[at:]])
    return text


class _Cutter(HTMLParser):
    def __init__(self, named: Callable[[str], str | None], *, keep_lines: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.named = named
        self.keep_lines = keep_lines
        self.pieces: list[str] = []
        self.open = ""
        self.deaf = False
        self.not_kept: list[Message] = []

    def cut(self) -> str:
        if self.open:
            self.pieces.append(f"</{self.open}>")
            self.open = ""
        return "".join(self.pieces)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        source = dict(attrs).get("src") or dict(attrs).get("name") or ""
        name = self.named(source) if tag == "img" else None
        if tag in _NOT_KEPT and name is None:
            self.not_kept.append(_NOT_KEPT[tag])
        if self.open == "math" or (tag == "math" and attrs):
            self.not_kept.append(_FORMULA)
        if tag == "br" or tag in _BLOCKS:
            self.pieces.append("\n")
        elif tag in ("td", "th"):
            self.pieces.append(" ")
        elif tag == "img":
            if name is None:
                name = re.sub(r'["<>&\x00-\x1f]', "", source.rpartition("/")[2])
            self.pieces.append(f'<img name="{name}"/>')
        elif tag in _OWN and not self.open:
            self.open = tag
            self.pieces.append(f"<{tag}>")
        self.deaf = self.deaf or tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.pieces.append("\n")
        elif tag == self.open:
            self.open = ""
            self.pieces.append(f"</{tag}>")
        elif tag in ("script", "style"):
            self.deaf = False

    def handle_data(self, data: str) -> None:
        if self.deaf:
            return
        if not self.keep_lines:
            data = re.sub(r"\s+", " ", data)
        self.pieces.append(data.replace("&", "&amp;").replace("<", "&lt;").replace("\xa0", " "))
