"""Reading: from the bytes of a file to a `Bundle`, or to all that is wrong with them."""

from typing import Any, Literal

import msgspec

from compete.domain.bundle.checks.problems import note_problems
from compete.domain.bundle.problems import Problem, Problems
from compete.domain.bundle.reader.file_text import BYTE_ORDER_MARK, file_text
from compete.domain.bundle.reader.plain import plain_bundle
from compete.domain.bundle.types import Bundle
from compete.domain.values.messages import msg

Form = Literal["json", "yaml"]

_RESULTS = "compete-results/"
_SHOWN = 40
_LARGE = 100_000
"""The size of a JSON file, in bytes, from which the marks are read by themselves."""


def read_bundle(data: bytes, *, form: Form = "json") -> Bundle:
    """The bundle in the bytes of a file, checked against the whole format.

    Raises `BundleError` with every problem found, up to a hundred, each with
    its path in the file; nothing else, whatever the bytes are.

    >>> from compete.domain.bundle.problems import BundleError
    >>> try:
    ...     read_bundle(b'{"format": "compete-bundle/3"}')
    ... except BundleError as error:
    ...     for problem in error.problems:
    ...         print(f"{problem.path}: {problem.message}")
    format: 这里是文字“compete-bundle/3”，应当是其中一个：compete-bundle/1、compete-bundle/2
    competition: 少了“competition”
    """
    data = data.removeprefix(BYTE_ORDER_MARK)
    problems = Problems()
    bundle = _from_json(data, problems) if form == "json" else _from_yaml(data, problems)
    note_problems(bundle, problems)
    problems.refuse()
    return bundle


def bundle_warnings(bundle: Bundle) -> list[Problem]:
    """Warn of settings that are allowed in a bundle, but rarely meant."""
    from compete.domain.bundle.checks.warnings import note_warnings

    warnings = Problems()
    note_warnings(bundle, warnings)
    return warnings.listed()


def _from_json(data: bytes, problems: Problems) -> Bundle:
    """Read JSON: the marks and the rest by the quick way, each where it can."""
    cut = None
    if len(data) >= _LARGE:
        from compete.domain.bundle.reader.cut_marks import cut_marks

        cut = cut_marks(data)
    if cut is None:
        return plain_bundle(data) or _shaped_json(data, problems)
    rest, marks = cut
    bundle = plain_bundle(rest) or _shaped_json(rest, problems)
    return msgspec.structs.replace(bundle, marks=marks)


def _shaped_json(data: bytes, problems: Problems) -> Bundle:
    from compete.domain.bundle.reader.json_tree import json_tree

    return _shaped(json_tree(file_text(data, problems), problems), problems)


def _from_yaml(data: bytes, problems: Problems) -> Bundle:
    from compete.domain.bundle.reader.yaml_tree import yaml_tree

    return _shaped(yaml_tree(file_text(data, problems), problems), problems)


def _shaped(tree: Any, problems: Problems) -> Bundle:
    from compete.domain.bundle.reader.shaping import shape_bundle

    format_name = tree.get("format") if isinstance(tree, dict) else None
    if isinstance(format_name, str) and format_name.startswith(_RESULTS):
        # Nearly all of it is out of place in a bundle; one sentence says why.
        problems.add(
            "format", msg("这是成绩数据（%(said)s），不是竞赛文件", said=format_name[:_SHOWN])
        )
        problems.refuse()
    return shape_bundle(tree, problems)
