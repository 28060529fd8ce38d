"""From the bytes of a draw file to its values, or to all that is wrong with them."""

from __future__ import annotations

from compete.domain.bundle.problems import BundleError, Problems
from compete.domain.bundle.reader.file_text import BYTE_ORDER_MARK, file_text
from compete.domain.bundle.reader.json_tree import json_tree
from compete.domain.ceremonies.problems import DrawFileError
from compete.domain.ceremonies.shape import shaped
from compete.domain.ceremonies.types import DrawFile


def read_draw_file(data: bytes) -> DrawFile:
    """The ceremony in the bytes of a file, checked against the whole format.

    Whether seals and results are right is not looked at here. Raises
    `DrawFileError` with every problem found, up to a hundred, each with its
    place in the file; nothing else, whatever the bytes are.
    """
    problems = Problems()
    try:
        text = file_text(data.removeprefix(BYTE_ORDER_MARK), problems)
        tree = json_tree(text, problems, whole_only=True)
        file = shaped(tree, problems)
        problems.refuse()
    except BundleError as error:
        raise DrawFileError(error.problems) from None
    assert file is not None
    return file
