"""A small pen for SVG: texts, boxes and lines in the product's colours."""

from __future__ import annotations

import unicodedata
from html import escape
from typing import Literal

PAPER, SURFACE, SUNKEN = "#F5F4F0", "#FFFFFF", "#ECEAE4"
LINE, EDGE, RULE = "#E1DED6", "#C6C2B7", "#7F8684"
INK, INK2, INK3 = "#172125", "#445055", "#5E696D"
ACCENT, DEEP, MID, SOFT, SOFT_LINE = "#0F5566", "#0A3F4C", "#3F8A96", "#E5F0F1", "#AFD0D4"
OK, OK_SOFT, OK_LINE = "#2A6A3A", "#EAF3EA", "#B9D6BB"
WARN, WARN_SOFT, WARN_LINE = "#7F4F06", "#FBF1DD", "#E6CB95"
BAD, BAD_SOFT, BAD_LINE = "#A32F16", "#FBECE7", "#EDBFB2"
GOLD, SILVER, BRONZE, FLAG = "#9A6E0E", "#667277", "#8E5330", "#B3261E"

FONT = (
    "PingFang SC, Noto Sans SC, Noto Sans CJK SC, Source Han Sans SC, "
    "Microsoft YaHei, system-ui, sans-serif"
)
Anchor = Literal["start", "middle", "end"]


def width_of(text: str, size: float) -> float:
    """About how wide a text is drawn: a Chinese character takes its whole size."""
    return sum(size if unicodedata.east_asian_width(one) in "WFA" else size * 0.56 for one in text)


class Canvas:
    """A picture of a given size, on the product's paper."""

    def __init__(self, width: int, height: int, title: str) -> None:
        self.width, self.height = width, height
        self._parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}" role="img" font-family="{FONT}">',
            f"<title>{escape(title)}</title>",
        ]
        self.box(0, 0, width, height, fill=PAPER, radius=0)

    def head(self, chinese: str, english: str) -> None:
        """The picture's title in both languages."""
        self.text(32, 46, chinese, 22, bold=True)
        self.text(32, 70, english, 13, fill=INK3)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float = 14,
        *,
        fill: str = INK,
        bold: bool = False,
        anchor: Anchor = "start",
    ) -> None:
        """A line of text with its baseline at `y`."""
        weight = ' font-weight="600"' if bold else ""
        where = "" if anchor == "start" else f' text-anchor="{anchor}"'
        self._parts.append(
            f'<text x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}" fill="{fill}"{weight}{where}>'
            f"{escape(text)}</text>"
        )

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: str = SURFACE,
        edge: str | None = None,
        radius: float = 8,
        thick: float = 1,
    ) -> None:
        """A rectangle, rounded, with or without an edge."""
        stroke = f' stroke="{edge}" stroke-width="{_n(thick)}"' if edge else ""
        self._parts.append(
            f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" '
            f'rx="{_n(radius)}" fill="{fill}"{stroke}/>'
        )

    def card(self, x: float, y: float, width: float, height: float) -> None:
        """White ground with a hairline."""
        self.box(x, y, width, height, edge=LINE, radius=12)

    def line(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        *,
        color: str = LINE,
        thick: float = 1,
        dash: str | None = None,
    ) -> None:
        """A straight line."""
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self._parts.append(
            f'<line x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}" stroke="{color}" '
            f'stroke-width="{_n(thick)}" stroke-linecap="round"{dashes}/>'
        )

    def path(
        self, shape: str, *, color: str = INK2, thick: float = 1.8, fill: str = "none"
    ) -> None:
        """A path in SVG's own words."""
        self._parts.append(
            f'<path d="{shape}" fill="{fill}" stroke="{color}" stroke-width="{_n(thick)}" '
            'stroke-linecap="round" stroke-linejoin="round"/>'
        )

    def disc(self, x: float, y: float, radius: float, fill: str, edge: str | None = None) -> None:
        """A filled circle."""
        stroke = f' stroke="{edge}" stroke-width="2"' if edge else ""
        self._parts.append(
            f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" fill="{fill}"{stroke}/>'
        )

    def rank(self, x: float, y: float, rank: int) -> None:
        """A rank as in the standings: the first three on their metal."""
        metal = {1: GOLD, 2: SILVER, 3: BRONZE}.get(rank)
        if metal:
            self.disc(x, y, 13, metal)
        fill = SURFACE if metal else INK
        self.text(x, y + 5, str(rank), 14, fill=fill, bold=True, anchor="middle")

    def check(self, x: float, y: float, *, good: bool) -> None:
        """A tick, or a cross."""
        if good:
            self.path(f"M{_n(x)} {_n(y)}l4 4l8 -9", color=OK, thick=2.2)
        else:
            self.path(
                f"M{_n(x)} {_n(y - 6)}l11 11M{_n(x + 11)} {_n(y - 6)}l-11 11", color=BAD, thick=2.2
            )

    def arrow(self, x1: float, y: float, x2: float, *, color: str = RULE) -> None:
        """A level arrow to the right."""
        self.line(x1, y, x2 - 2, y, color=color, thick=1.8)
        self.path(f"M{_n(x2 - 8)} {_n(y - 5)}l6 5l-6 5", color=color)

    def svg(self) -> str:
        """The finished picture."""
        return "\n".join([*self._parts, "</svg>", ""])


def _n(number: float) -> str:
    return f"{number:.1f}".rstrip("0").rstrip(".")
