"""Picture 1: three judges' sheets become one module score."""

from __future__ import annotations

from fractions import Fraction

from drawing.canvas import ACCENT, INK2, INK3, RULE, SOFT, SOFT_LINE, Canvas
from drawing.cases import case, marks_of, shown

WHO, MODULE = "B25", "driving"
UNITS = {"smooth": "档", "stack": "毫米", "time": "秒"}
X_JUDGES, X_MARKS, X_MEAN = 250, 560, 800


def draw() -> str:
    """Values on the left, what they bring in the middle, the mean at the right."""
    forklift = case("port-forklift")
    module, marks = forklift.module(MODULE), forklift.marks(WHO, MODULE)
    judges = sorted({judge for judge, _ in marks})
    canvas = Canvas(920, 540, "从评分表到模块成绩")
    canvas.head(
        "从评分表到模块成绩",
        "From score sheets to a module score: each judge's value becomes marks, marks are averaged",
    )
    canvas.card(32, 92, 856, 340)
    _heads(canvas, judges)
    total = Fraction(0)
    for place, aspect in enumerate(module.aspects):
        y = 184 + place * 36
        if place:
            canvas.line(52, y - 25, 868, y - 25)
        canvas.text(56, y, aspect.name, 15, bold=True)
        values = [marks[judge, aspect.code].value for judge in judges]
        brought = [marks_of(aspect, value) for value in values]
        for seat, (value, mark) in enumerate(zip(values, brought, strict=True)):
            said = f"{value} {UNITS.get(aspect.code, '次')}"
            canvas.text(X_JUDGES + seat * 90, y, said, 14, fill=INK2, anchor="middle")
            canvas.text(X_MARKS + seat * 64, y, shown(mark), 14, anchor="middle")
        mean = sum(brought, Fraction(0)) / len(brought)
        total += mean
        of = f"{shown(mean)} / {aspect.max}"
        canvas.text(X_MEAN + 56, y, of, 15, bold=True, anchor="end")
    score = forklift.row(WHO).modules[MODULE].score
    assert score is not None
    assert shown(total) == shown(Fraction(score)), "the picture and the engine agree"
    _sum(canvas, forklift.entrant(WHO).name, score)
    return canvas.svg()


def _heads(canvas: Canvas, judges: list[str]) -> None:
    y = 140
    canvas.text(56, y, "评分点", 13, fill=INK3, bold=True)
    for seat, judge in enumerate(judges):
        canvas.text(X_JUDGES + seat * 90, y, f"裁判 {judge[1:]}", 13, fill=INK3, anchor="middle")
        canvas.text(X_MARKS + seat * 64, y, judge[1:], 13, fill=INK3, anchor="middle")
    canvas.text(X_JUDGES + 90, 118, "裁判填的 value", 12, fill=INK3, anchor="middle")
    canvas.text(X_MARKS + 64, 118, "各得多少 marks", 12, fill=INK3, anchor="middle")
    canvas.text(X_MEAN + 56, 118, "平均 mean", 12, fill=INK3, anchor="end")
    canvas.line(52, 152, 868, 152, color=RULE)


def _sum(canvas: Canvas, name: str, score: str) -> None:
    canvas.box(32, 448, 856, 64, fill=SOFT, edge=SOFT_LINE, radius=12)
    canvas.text(56, 487, f"{name} 的实操成绩", 16, bold=True)
    canvas.text(230, 487, "七项相加，四舍五入到 2 位，中间不取整", 14, fill=INK2)
    canvas.text(856, 491, score, 30, fill=ACCENT, bold=True, anchor="end")
