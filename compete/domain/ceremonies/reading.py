"""From the bytes of a draw file to its values, or to all that is wrong with them."""

from __future__ import annotations

import json
from typing import Any

from compete.domain.ceremonies.problems import DrawFileError
from compete.domain.ceremonies.shape import shaped
from compete.domain.ceremonies.types import DrawFile
from compete.domain.messages import msg
from compete.domain.problems import Problems
from compete.domain.reader.tree import DEEPEST, Members, Overlong, whole_number

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"

# A number with a point or an exponent, and NaN, are kept as they are written: none is right.
_DECODER = json.JSONDecoder(
    object_pairs_hook=Members,
    parse_int=whole_number,
    parse_float=Overlong,
    parse_constant=Overlong,
)


def read_draw_file(data: bytes) -> DrawFile:
    """The ceremony in the bytes of a file, checked against the whole format.

    Whether seals and results are right is not looked at here. Raises
    `DrawFileError` with every problem found, up to a hundred, each with its
    place in the file; nothing else, whatever the bytes are.
    """
    problems = Problems()
    tree = _tree(data.removeprefix(_BYTE_ORDER_MARK), problems)
    file = None if problems.found else shaped(tree, problems)
    if file is None or problems.found:
        raise DrawFileError(problems.listed())
    return file


def _tree(data: bytes, problems: Problems) -> Any:
    if not data.strip():
        problems.add("", msg("文件是空的"))
        return None
    try:
        return _DECODER.decode(data.decode())
    except UnicodeDecodeError as error:
        problems.add("", msg("第 %(byte)s 个字节不是 UTF-8", byte=error.start + 1))
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
    return None
