"""Reading: from the bytes of a file to a `Series`, or to all that is wrong with them."""

from typing import Any

from compete.domain.bundle.problems import Problems
from compete.domain.bundle.reader.file_text import BYTE_ORDER_MARK, file_text
from compete.domain.bundle.reader.json_tree import json_tree
from compete.domain.bundle.reader.shaping import shape_file
from compete.domain.bundle.reading import Form
from compete.domain.series.checks import note_problems
from compete.domain.series.types import Series


def read_series(data: bytes, form: Form = "json") -> Series:
    """The series in the bytes of a file, checked against the whole format.

    Raises `BundleError` with every problem found, each with its path in the
    file; nothing else, whatever the bytes are.
    """
    problems = Problems()
    tree = _tree(data.removeprefix(BYTE_ORDER_MARK), form, problems)
    series = shape_file(Series, tree, problems)
    note_problems(series, problems)
    problems.refuse()
    return series


def _tree(data: bytes, form: Form, problems: Problems) -> Any:
    text = file_text(data, problems)
    if form == "json":
        return json_tree(text, problems)
    from compete.domain.bundle.reader.yaml_tree import yaml_tree

    return yaml_tree(text, problems)
