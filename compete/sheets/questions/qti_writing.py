"""Questions written as a QTI 3 package, an item each, for other programs and for `qti`."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from compete.sheets.questions.blanks import blanks_in
from compete.sheets.questions.brought import BLANK, ESSAY, LETTERS, MULTIPLE, NUMERIC, TRUE_FALSE
from compete.sheets.questions.qti import BLANK_AS_WRITTEN, ITEM, MANIFEST

_ITEMS = 'xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0"'
_PACKAGE = 'xmlns="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"'
_TEMPLATES = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates"
_DAY = (2000, 1, 1, 0, 0, 0)
"""Every part is of one day: the same questions are the same file."""
_BLANK = re.compile(r"_{2,}|[（(][\s\u3000]+[）)]")
_PICTURE = re.compile(r'<img src="([^"]*)" alt="\1"/>')
_TRUE_AND_FALSE = ("对", "错")


def write_package(
    questions: Iterable[Mapping[str, str]],
    picture: Callable[[str], bytes | None] = lambda _name: None,
) -> bytes:
    """A package of the questions, which are texts of rows by field, with their pictures.

    `picture` gives the JPEG of a mark's name; what it has not is named alone.
    """
    file = io.BytesIO()
    listed = []
    paths: dict[str, str] = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for number, texts in enumerate(questions, 1):
            name = f"items/{number:05}.xml"
            identifier = f"Q{number:05}"
            item = _item(identifier, texts)
            for shown in dict.fromkeys(_PICTURE.findall(item)):
                content = picture(html.unescape(shown)) if shown not in paths else None
                if content is not None:
                    paths[shown] = f"pictures/{len(paths) + 1:05}.jpg"
                    _add(package, paths[shown], content)
            own = [paths[it] for it in dict.fromkeys(_PICTURE.findall(item)) if it in paths]
            _add(package, name, _xml(_PICTURE.sub(partial(_shown_from, paths), item)))
            files = "".join(f'<file href="{it}"/>' for it in (name, *own))
            listed.append(
                f'<resource identifier="{identifier}" type="imsqti_item_xmlv3p0" href="{name}">'
                f"{files}</resource>"
            )
        resources = "".join(listed)
        listing = (
            f'<manifest {_PACKAGE} identifier="questions"><metadata><schema>QTI Package</schema>'
            "<schemaversion>3.0.0</schemaversion></metadata><organizations/>"
            f"<resources>{resources}</resources></manifest>"
        )
        _add(package, MANIFEST, _xml(listing))
    return file.getvalue()


def _add(package: zipfile.ZipFile, name: str, content: str | bytes) -> None:
    part = zipfile.ZipInfo(name, _DAY)
    part.compress_type = zipfile.ZIP_DEFLATED
    package.writestr(part, content)


def _xml(content: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{content}\n'


def _shown_from(paths: Mapping[str, str], image: re.Match[str]) -> str:
    """The image with the path from an item to its file, where the package has it."""
    path = paths.get(image[1])
    return image[0] if path is None else f'<img src="../{path}" alt="{image[1]}"/>'


def _item(identifier: str, texts: Mapping[str, str]) -> str:
    declared, body, scored = _asked(texts)
    title = html.escape(texts.get("code") or identifier)
    more = texts.get("explanation", "")
    explanation = (
        '<qti-modal-feedback outcome-identifier="FEEDBACK" identifier="explanation" '
        f'show-hide="show"><qti-content-body>{_paragraph(more)}</qti-content-body>'
        "</qti-modal-feedback>"
    )
    return (
        f'<{ITEM} {_ITEMS} identifier="{identifier}" title="{title}" adaptive="false" '
        f'time-dependent="false" xml:lang="zh-CN">{declared}'
        '<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>'
        '<qti-outcome-declaration identifier="FEEDBACK" cardinality="single" '
        'base-type="identifier"><qti-default-value><qti-value>explanation</qti-value>'
        "</qti-default-value></qti-outcome-declaration>"
        f"<qti-item-body>{body}</qti-item-body>{scored}{explanation if more else ''}</{ITEM}>"
    )


def _asked(texts: Mapping[str, str]) -> tuple[str, str, str]:
    """The declarations, the body and the scoring of a question."""
    kind, key, stem = texts["kind"], texts["key"], texts["stem"]
    if kind == ESSAY:
        guide = texts.get("guide", "")
        words = (
            '<qti-rubric-block view="scorer" use="scoring"><qti-content-body>'
            f"{_paragraph(_escaped(guide))}</qti-content-body></qti-rubric-block>"
            if guide
            else ""
        )
        place = '<qti-extended-text-interaction response-identifier="RESPONSE"/>'
        return _declared("RESPONSE", "string"), f"{_paragraph(stem)}{words}{place}", ""
    if kind == NUMERIC:
        declared = _declared("RESPONSE", "float", [key])
        body = _with_blanks(stem, ["RESPONSE"])
        return declared, body, _near(texts.get("tolerance", ""))
    if kind == BLANK:
        blanks = blanks_in(key)
        names = [f"RESPONSE{place}" for place in range(1, len(blanks) + 1)]
        declared = "".join(
            _declared(name, "string", ways[:1], mapped=ways)
            for name, ways in zip(names, blanks, strict=True)
        )
        return declared, _with_blanks(stem, names), _sum_of(names)
    options = [texts.get(f"option_{letter.lower()}", "") for letter in LETTERS]
    options = list(_TRUE_AND_FALSE) if kind == TRUE_FALSE else [it for it in options if it]
    letters = LETTERS[_TRUE_AND_FALSE.index(key)] if kind == TRUE_FALSE else key
    several = kind == MULTIPLE
    choices = "".join(
        f'<qti-simple-choice identifier="{letter}">{_marked(text)}</qti-simple-choice>'
        for letter, text in zip(LETTERS, options, strict=False)
    )
    body = (
        f'{_paragraph(stem)}<qti-choice-interaction response-identifier="RESPONSE" '
        f'max-choices="{0 if several else 1}">{choices}</qti-choice-interaction>'
    )
    declared = _declared("RESPONSE", "identifier", list(letters), several=several)
    return declared, body, f'<qti-response-processing template="{_TEMPLATES}/match_correct.xml"/>'


def _declared(
    name: str,
    base: str,
    right: Sequence[str] = (),
    *,
    several: bool = False,
    mapped: Sequence[str] = (),
) -> str:
    values = "".join(f"<qti-value>{_escaped(it)}</qti-value>" for it in right)
    entries = "".join(
        f'<qti-map-entry map-key="{html.escape(it)}" mapped-value="1" case-sensitive="false"/>'
        for it in mapped
    )
    return (
        f'<qti-response-declaration identifier="{name}" base-type="{base}" '
        f'cardinality="{"multiple" if several else "single"}">'
        + (f"<qti-correct-response>{values}</qti-correct-response>" if values else "")
        + (f'<qti-mapping default-value="0">{entries}</qti-mapping>' if entries else "")
        + "</qti-response-declaration>"
    )


def _with_blanks(stem: str, names: Sequence[str]) -> str:
    """The stem with a place to write for each name: at its blanks where they are as many."""
    places = list(_BLANK.finditer(stem))
    if len(places) != len(names):
        written = "".join(_place(name, "") for name in names)
        return f"{_paragraph(stem)}<p>{written}</p>"
    pieces, at = [], 0
    for name, match in zip(names, places, strict=True):
        pieces += [_marked(stem[at : match.start()]), _place(name, match[0])]
        at = match.end()
    return f"<p>{''.join(pieces)}{_marked(stem[at:])}</p>"


def _place(name: str, as_written: str) -> str:
    words = html.escape(as_written)
    return (
        f'<qti-text-entry-interaction response-identifier="{name}" {BLANK_AS_WRITTEN}="{words}"/>'
    )


def _sum_of(names: Sequence[str]) -> str:
    parts = "".join(f'<qti-map-response identifier="{name}"/>' for name in names)
    return (
        '<qti-response-processing><qti-set-outcome-value identifier="SCORE">'
        f"<qti-sum>{parts}</qti-sum></qti-set-outcome-value></qti-response-processing>"
    )


def _near(tolerance: str) -> str:
    """A number is right within its tolerance, which is `0.5` or `2%`."""
    mode = "relative" if tolerance.endswith("%") else "absolute"
    within = tolerance.removesuffix("%") or "0"
    return (
        "<qti-response-processing><qti-response-condition><qti-response-if>"
        f'<qti-equal tolerance-mode="{mode}" tolerance="{within} {within}">'
        '<qti-variable identifier="RESPONSE"/><qti-correct identifier="RESPONSE"/></qti-equal>'
        '<qti-set-outcome-value identifier="SCORE"><qti-base-value base-type="float">1'
        "</qti-base-value></qti-set-outcome-value></qti-response-if></qti-response-condition>"
        "</qti-response-processing>"
    )


def _paragraph(text: str) -> str:
    return f"<p>{_marked(text)}</p>"


def _marked(text: str) -> str:
    """A text with its marks as the format has them; a formula is TeX between `\\(…\\)`."""
    text = text.replace("<math>", "\\(").replace("</math>", "\\)").replace("]]>", "]]&gt;")
    text = re.sub(r'<img name="([^"]*)"/>', r'<img src="\1" alt="\1"/>', text)
    return text.replace("\n", "<br/>")


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)
