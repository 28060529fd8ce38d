import re
from xml.etree import ElementTree

import pytest

from compete.documents.qr import QUIET_ZONE, qr_ink, qr_matrix, qr_path, qr_svg, qr_terminal

URL = "https://example.cn/a/7QK3MZ9T2XW8R4VB6NDP5HYC1J"


def drawn(path: str) -> set[tuple[int, int]]:
    """The modules that the rectangles of a path cover, as (x, y)."""
    cells: set[tuple[int, int]] = set()
    rectangles = re.findall(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", path)
    assert "".join(f"M{x} {y}h{w}v1h-{b}z" for x, y, w, b in rectangles) == path
    for x, y, width, back in rectangles:
        assert width == back
        cells |= {(int(x) + i, int(y)) for i in range(int(width))}
    return cells


def test_the_path_covers_the_dark_modules_and_no_other() -> None:
    matrix = qr_matrix(URL)
    dark = {(x, y) for y, row in enumerate(matrix) for x, module in enumerate(row) if module}
    assert drawn(qr_path(matrix)) == dark


def test_the_svg_for_pages_is_white_with_a_quiet_zone_and_sets_no_style() -> None:
    svg = qr_svg(URL, label='二维码 "A"')
    root = ElementTree.fromstring(svg)
    side = len(qr_matrix(URL)) + 2 * QUIET_ZONE
    assert root.get("viewBox") == f"-4 -4 {side} {side}"
    assert root.get("aria-label") == '二维码 "A"'
    assert root[0].get("fill") == "#fff"
    assert "style" not in svg
    assert "width" not in root.attrib


def test_the_svg_without_a_label_is_hidden_from_screen_readers() -> None:
    assert ElementTree.fromstring(qr_svg(URL)).get("aria-hidden") == "true"


def test_the_drawing_for_paper_goes_edge_to_edge() -> None:
    side = len(qr_matrix(URL))
    assert ElementTree.fromstring(qr_ink(URL)).get("viewBox") == f"0 0 {side} {side}"


@pytest.mark.parametrize("text", ["x", URL, URL * 3])
def test_the_terminal_drawing_shows_the_same_modules(text: str) -> None:
    matrix = qr_matrix(text)
    lines = qr_terminal(text).split("\n")
    upper, lower = {"█": 1, "▀": 1, "▄": 0, " ": 0}, {"█": 1, "▀": 0, "▄": 1, " ": 0}
    light = [[half[c] for c in line] for line in lines for half in (upper, lower)]
    side = len(matrix)
    inner = [row[QUIET_ZONE : QUIET_ZONE + side] for row in light[QUIET_ZONE : QUIET_ZONE + side]]
    assert [[not module for module in row] for row in inner] == [list(row) for row in matrix]
    assert all(all(row) for row in light[:QUIET_ZONE] + light[QUIET_ZONE + side :])
