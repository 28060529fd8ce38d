"""QR codes as a matrix, as a drawing for pages and paper, and as text for a terminal."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import ip_address
from itertools import groupby
from urllib.parse import urlsplit
from xml.sax.saxutils import quoteattr

Matrix = tuple[tuple[bool, ...], ...]
"""Rows of modules from the top, True is dark; without the quiet zone."""

QUIET_ZONE = 4
"""Modules of light that ISO/IEC 18004 asks for around a code."""


def opens_here_alone(address: str) -> bool:
    """Whether no other device opens the address: it names the very machine that asks."""
    host = urlsplit(address).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def opens_nearby_alone(address: str) -> bool:
    """Whether the address is of a local network: nobody opens it who has gone home."""
    host = urlsplit(address).hostname or ""
    try:
        return ip_address(host).is_private
    except ValueError:
        return host == "localhost" or host.endswith((".local", ".lan")) or "." not in host


@lru_cache(maxsize=256)
def qr_matrix(text: str) -> Matrix:
    """The code for `text` in its smallest size, with error correction M (15 % may be lost)."""
    # The encoder loads Pillow: only what draws a code waits for it.
    from qrcode.constants import ERROR_CORRECT_M
    from qrcode.main import QRCode

    code = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(text)
    return tuple(tuple(map(bool, row)) for row in code.get_matrix())


def qr_path(matrix: Matrix) -> str:
    """SVG path data: one rectangle per run of dark modules, a module is one unit."""
    pieces = []
    for y, row in enumerate(matrix):
        x = 0
        for dark, run in groupby(row):
            width = len(list(run))
            if dark:
                pieces.append(f"M{x} {y}h{width}v1h-{width}z")
            x += width
    return "".join(pieces)


def qr_svg(text: str, label: str = "") -> str:
    """An SVG of the code for a page, dark on white with its quiet zone.

    It carries no size and no style attribute: the stylesheet sets the size, and
    a strict content policy lets it be. White is drawn, so that it can be
    scanned on a dark page too. `label` is what a screen reader says.
    """
    matrix = qr_matrix(text)
    side = len(matrix) + 2 * QUIET_ZONE
    named = f'role="img" aria-label={quoteattr(label)}' if label else 'aria-hidden="true"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{-QUIET_ZONE} {-QUIET_ZONE}'
        f' {side} {side}" shape-rendering="crispEdges" {named}>'
        f'<path fill="#fff" d="M{-QUIET_ZONE} {-QUIET_ZONE}h{side}v{side}h-{side}z"/>'
        f'<path fill="#000" d="{qr_path(matrix)}"/></svg>'
    )


def qr_ink(text: str) -> str:
    """The bare drawing for paper: dark modules only, edge to edge."""
    matrix = qr_matrix(text)
    side = len(matrix)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">'
        f'<path fill="#172125" d="{qr_path(matrix)}"/></svg>'
    )


def qr_terminal(text: str) -> str:
    """The code in half-block characters, two modules high each, for a console.

    The light modules are what is drawn, since most consoles are dark; the
    quiet zone is part of it. Ends without a line break.
    """
    matrix = qr_matrix(text)
    side = len(matrix) + 2 * QUIET_ZONE
    light = [[True] * side for _ in range(side + side % 2)]
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            light[y + QUIET_ZONE][x + QUIET_ZONE] = not dark
    shapes = {(True, True): "█", (True, False): "▀", (False, True): "▄", (False, False): " "}
    pairs = zip(light[::2], light[1::2], strict=True)
    return "\n".join("".join(shapes[p] for p in zip(*pair, strict=True)) for pair in pairs)
