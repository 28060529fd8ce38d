"""JSON text as a tree of plain values."""

import json
from typing import Any

from compete.domain.bundle.problems import Problems
from compete.domain.bundle.reader.tree import DEEPEST, Members, whole_number
from compete.domain.values import msg

_DECODER = json.JSONDecoder(object_pairs_hook=Members, parse_int=whole_number)


def json_tree(text: str, problems: Problems) -> Any:
    """The tree. Raises `BundleError` where the text is no JSON at all."""
    try:
        return _DECODER.decode(text)
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
