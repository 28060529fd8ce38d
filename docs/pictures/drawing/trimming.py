"""Picture 3: five judges, the highest and the lowest left out."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

from drawing.canvas import ACCENT, BAD, INK2, INK3, RULE, SOFT, SOFT_LINE, Canvas
from drawing.cases import Case, case, shown

ALL_FIVE, RECUSED = ("A06", "sampling"), ("A11", "sampling")
X, WIDTH = 220, 560


def draw() -> str:
    """Each judge's sum on a scale; the dropped ones hollow and struck."""
    canvas = Canvas(920, 470, "去掉一个最高分，去掉一个最低分")
    canvas.head(
        "去掉一个最高分，去掉一个最低分",
        "Five judges: the highest and the lowest are left out; with fewer judges, a plain mean",
    )
    _panel(canvas, ALL_FIVE, 92, drop=True)
    _panel(canvas, RECUSED, 276, drop=False)
    return canvas.svg()


def _sums(coal: Case, who: str, module: str) -> list[tuple[Fraction, str]]:
    sums: dict[str, Fraction] = {}
    for (judge, _), mark in coal.marks(who, module).items():
        sums[judge] = sums.get(judge, Fraction(0)) + Fraction(mark.value)
    return sorted((total, judge) for judge, total in sums.items())


def _panel(canvas: Canvas, of: tuple[str, str], top: float, *, drop: bool) -> None:
    coal = case("coal-sampling")
    who, module = of
    sums = _sums(coal, who, module)
    kept = sums[1:-1] if drop else sums
    mean = sum((total for total, _ in kept), Fraction(0)) / len(kept)
    score = coal.row(who).modules[module].score
    assert score is not None
    assert shown(mean) == shown(Fraction(score)), "the picture and the engine agree"
    scale = _Scale(sums[0][0], sums[-1][0])
    canvas.card(32, top, 856, 168)
    canvas.text(56, top + 34, coal.entrant(who).name, 16, bold=True)
    canvas.text(56, top + 56, f"{len(sums)} 名裁判", 13, fill=INK3)
    scale.draw(canvas, top + 78)
    for place, (total, judge) in enumerate(sums):
        x = scale.at(total)
        _dot(canvas, x, top + 78, f"{judge} {shown(total)}", (total, judge) in kept, place % 2)
    x = scale.at(mean)
    canvas.line(x, top + 24, x, top + 92, color=ACCENT, thick=2, dash="4 4")
    canvas.text(x, top + 19, "平均 mean", 12, fill=ACCENT, anchor="middle")
    adding = "＋".join(shown(total) for total, _ in kept)
    canvas.box(56, top + 118, 808, 36, fill=SOFT, edge=SOFT_LINE)
    why = "" if drop else "一名裁判回避，4 人取普通平均："
    canvas.text(72, top + 142, f"{why}（{adding}）÷ {len(kept)}", 14, fill=INK2)
    canvas.text(848, top + 143, score, 18, fill=ACCENT, bold=True, anchor="end")


class _Scale:
    """Points along a line, a little wider than what is on it."""

    def __init__(self, lowest: Fraction, highest: Fraction) -> None:
        self.low, self.high = floor(lowest) - 1, ceil(highest) + 1

    def at(self, points: Fraction) -> float:
        return X + float((points - self.low) / (self.high - self.low)) * WIDTH

    def draw(self, canvas: Canvas, y: float) -> None:
        canvas.line(X, y, X + WIDTH, y, color=RULE, thick=1.5)
        for mark in range(self.low, self.high + 1):
            x = self.at(Fraction(mark))
            canvas.line(x, y - 4, x, y + 4, color=RULE)
            canvas.text(x, y + 26, str(mark), 12, fill=INK3, anchor="middle")


def _dot(canvas: Canvas, x: float, y: float, label: str, kept: bool, raised: int) -> None:
    if kept:
        canvas.disc(x, y, 9, ACCENT)
    else:
        canvas.disc(x, y, 9, "#FFFFFF", edge=BAD)
        canvas.line(x - 12, y + 12, x + 12, y - 12, color=BAD, thick=2)
    fill = INK2 if kept else BAD
    canvas.text(x, y - 18 - 18 * raised, label, 12, fill=fill, anchor="middle")
