"""Picture 5: from a place to a skill grade, and why one of the top ten got none."""

from __future__ import annotations

from compete.domain.grades.ladder import GRADES, grade_face
from drawing.canvas import (
    ACCENT,
    BAD,
    BAD_SOFT,
    INK2,
    INK3,
    LINE,
    RULE,
    SOFT,
    SURFACE,
    Canvas,
)
from drawing.cases import Case, case

CLIMBERS = ("B01", "B03", "B10", "B05")
MISSED = "B21"
X, STEP, TOP, RUNG = 190, 88, 126, 46


def draw() -> str:
    """The ladder with its climbers; beside it a list of conditions, one of them not met."""
    forklift = case("port-forklift")
    canvas = Canvas(920, 470, "名次怎么变成技能等级")
    canvas.head(
        "名次怎么变成技能等级",
        "From a place to a skill grade: up one, at least to the rule's grade, never down",
    )
    _ladder(canvas, forklift)
    _missed(canvas, forklift)
    return canvas.svg()


def _ladder(canvas: Canvas, forklift: Case) -> None:
    canvas.card(32, 92, 520, 350)
    for place, grade in enumerate(reversed(GRADES)):
        y = TOP + place * RUNG
        canvas.text(56, y + 5, grade_face(grade), 14, bold=True)
        canvas.line(X - 30, y, 532, y, color=LINE)
    decided = {row.entrant: row for row in forklift.event.grades or ()}
    for place, who in enumerate(CLIMBERS):
        x = X + 20 + place * STEP
        row, present = decided[who], forklift.entrant(who).grade
        _climb(canvas, x, present or 6, row.grade)
        canvas.text(x, 374, forklift.entrant(who).name, 14, bold=True, anchor="middle")
        rank = forklift.final(who).rank
        canvas.text(x, 395, f"第 {rank} 名", 13, fill=INK2, anchor="middle")
        rule = {"top-3": "前 3 名", "top-10": "4–10 名"}[row.rule]
        canvas.text(x, 416, rule, 12, fill=INK3, anchor="middle")


def _climb(canvas: Canvas, x: float, present: int, grade: int) -> None:
    low, high = _height(present), _height(grade)
    canvas.line(x, low - 9, x, high + 14, color=ACCENT, thick=2.4)
    canvas.path(f"M{x - 6:g} {high + 20:g}l6 -7l6 7", color=ACCENT, thick=2.4)
    canvas.disc(x, low, 8, SURFACE, edge=RULE)
    canvas.disc(x, high, 9, ACCENT)


def _height(grade: int) -> float:
    return TOP + list(reversed(GRADES)).index(grade) * RUNG


def _missed(canvas: Canvas, forklift: Case) -> None:
    who, final, row = forklift.entrant(MISSED), forklift.final(MISSED), forklift.row(MISSED)
    assert MISSED not in {one.entrant for one in forklift.event.grades or ()}
    canvas.card(568, 92, 320, 350)
    canvas.text(592, 126, who.name, 18, bold=True)
    canvas.text(592, 150, f"第 {final.rank} 名，总成绩 {final.total}", 14, fill=INK2)
    theory, driving = row.modules["theory"].score, row.modules["driving"].score
    conditions = [
        ("名次在前 10", f"第 {final.rank}", (final.rank or 99) <= 10),
        ("理论 60 分以上", theory or "", float(theory or 0) >= 60),
        ("实操 60 分以上", driving or "", float(driving or 0) >= 60),
        ("本年度未因竞赛晋升", "符合", who.promoted != 2022),
    ]
    for place, (wanted, found, held) in enumerate(conditions):
        y = 194 + place * 44
        if not held:
            canvas.box(580, y - 26, 296, 40, fill=BAD_SOFT)
        canvas.check(592, y - 5, good=held)
        fill = INK2 if held else BAD
        canvas.text(620, y, wanted, 15, fill=fill, bold=not held)
        canvas.text(864, y, found, 15, fill=fill, bold=True, anchor="end")
    held_all = all(held for *_, held in conditions)
    canvas.box(592, 366, 272, 52, fill=SOFT if held_all else BAD_SOFT)
    canvas.text(608, 389, "这次没晋升" if not held_all else "晋升", 15, fill=BAD, bold=True)
    canvas.text(608, 408, "奖项不受影响 the award stands", 12, fill=INK2)
