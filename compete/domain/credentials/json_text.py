"""JSON that others wrote, read so that its canonical form (RFC 8785) means one thing only.

Two programs must never see different values in what was signed once: doubled
keys, numbers that a reader would round, and half characters are refused.
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

import rfc8785

from compete.domain.values.messages import ToldError, msg


class CredentialError(ToldError, ValueError):
    """Error: a text is no credential, key document or status list; `message` says why."""


DEEPEST = 40
MOST_BYTES = 1_000_000

_HALF_CHARACTER = re.compile("[\ud800-\udfff]")


def read_object(data: bytes) -> dict[str, Any]:
    """The JSON object in these bytes. Raises `CredentialError` for anything else."""
    if len(data) > MOST_BYTES:
        raise CredentialError(msg("文件太大，最多 %(most)s 个字节", most=MOST_BYTES))
    try:
        tree = _DECODER.decode(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise CredentialError(msg("这段文字不是 UTF-8")) from None
    except json.JSONDecodeError as error:
        raise CredentialError(
            msg(
                "第 %(line)s 行第 %(column)s 列不合 JSON 的写法",
                line=error.lineno,
                column=error.colno,
            )
        ) from None
    except RecursionError:
        raise _too_deep() from None
    if not isinstance(tree, dict):
        raise CredentialError(msg("文件里要是一个 JSON 对象"))
    _check(tree, 1)
    return tree


def canonical(tree: Any) -> bytes:
    """The one way to write a value. Raises `CredentialError` for what has none."""
    try:
        return rfc8785.dumps(tree)
    except rfc8785.CanonicalizationError:
        raise CredentialError(msg("里面有 JSON 写不准的数")) from None


def as_list(value: Any) -> list[Any]:
    """Read a value that may stand alone or in a list, as a list; empty where it is missing."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def as_object(value: Any) -> dict[str, Any]:
    """Read an object; an empty one where there is something else."""
    return value if isinstance(value, dict) else {}


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for key, value in pairs:
        if key in members:
            raise CredentialError(msg("“%(key)s”写了不止一次", key=key[:60]))
        members[key] = value
    return members


def _whole(text: str) -> int:
    # JavaScript keeps no more digits than this.
    if len(text) > 17 or abs(int(text)) > 2**53 - 1:
        raise CredentialError(msg("里面有 JSON 写不准的数"))
    return int(text)


def _constant(text: str) -> NoReturn:
    raise CredentialError(msg("JSON 里没有 %(text)s 这样的数", text=text))


def _too_deep() -> CredentialError:
    return CredentialError(msg("这里套得太深，最多 %(most)s 层", most=DEEPEST))


def _check(value: Any, depth: int) -> None:
    if depth > DEEPEST:
        raise _too_deep()
    if isinstance(value, dict):
        for key, inner in value.items():
            _check(key, depth)
            _check(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _check(inner, depth + 1)
    elif isinstance(value, str) and _HALF_CHARACTER.search(value):
        raise CredentialError(msg("里面有半个字符"))


_DECODER = json.JSONDecoder(object_pairs_hook=_members, parse_int=_whole, parse_constant=_constant)
