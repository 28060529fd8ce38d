"""JSON text as a tree of plain values."""

import json
from typing import Any

from compete.domain.bundle.problems import Problems
from compete.domain.bundle.reader.tree import (
    DEEPEST,
    Members,
    NotWhole,
    decimal_number,
    safe_number,
    whole_number,
)
from compete.domain.values.messages import msg

_DECODER = json.JSONDecoder(
    object_pairs_hook=Members, parse_int=whole_number, parse_float=decimal_number
)
_WHOLE_ONLY = json.JSONDecoder(
    object_pairs_hook=Members,
    parse_int=safe_number,
    parse_float=NotWhole,
    parse_constant=NotWhole,
)


def json_tree(text: str, problems: Problems, *, whole_only: bool = False) -> Any:
    """The tree. Raises `BundleError` where the text is no JSON at all.

    With `whole_only` a number with a point or an exponent, and NaN, is an
    `NotWhole`: nothing is lost of how it is written. So is a whole number beyond
    ±(2⁵³ − 1) an `Unsafe`.
    """
    try:
        return (_WHOLE_ONLY if whole_only else _DECODER).decode(text)
    except json.JSONDecodeError as error:
        problems.add(
            "",
            msg(
                "第 %(line)s 行第 %(column)s 列不合 JSON 的写法",
                line=error.lineno,
                column=error.colno,
            ),
        )
    except RecursionError:
        problems.add("", msg("这里套得太深，最多 %(most)s 层", most=DEEPEST))
    problems.refuse()
