"""Picture 2: two equal totals, and the tie key that separates them."""

from __future__ import annotations

from decimal import Decimal

from drawing.canvas import ACCENT, INK2, INK3, MID, OK, OK_LINE, OK_SOFT, RULE, SUNKEN, Canvas
from drawing.cases import Case, case

PAIR = ("B14", "B07")
SCALE = 5.4
X = 210


def draw() -> str:
    """Two stacked bars of the same length, then the two scores side by side."""
    forklift = case("port-forklift")
    canvas = Canvas(920, 470, "总成绩相同，怎么分先后")
    canvas.head(
        "总成绩相同，怎么分先后",
        "Equal totals are separated by the tie keys, one after another",
    )
    canvas.card(32, 92, 856, 196)
    canvas.disc(X + 6, 122, 6, MID)
    canvas.text(X + 20, 127, "理论 theory × 20%", 13, fill=INK2)
    canvas.disc(X + 186, 122, 6, ACCENT)
    canvas.text(X + 200, 127, "实操 practice × 80%", 13, fill=INK2)
    for place, who in enumerate(PAIR):
        _bar(canvas, forklift, who, 150 + place * 66)
    _keys(canvas, forklift)
    return canvas.svg()


def _bar(canvas: Canvas, forklift: Case, who: str, y: float) -> None:
    row, final = forklift.row(who), forklift.final(who)
    theory, driving = row.modules["theory"], row.modules["driving"]
    canvas.rank(62, y + 22, final.rank or 0)
    canvas.text(88, y + 20, forklift.entrant(who).name, 16, bold=True)
    canvas.text(88, y + 40, forklift.unit(forklift.entrant(who).unit), 13, fill=INK3)
    canvas.box(X, y, 100 * SCALE, 44, fill=SUNKEN, radius=6)
    first = float(Decimal(theory.points or "0")) * SCALE
    second = float(Decimal(driving.points or "0")) * SCALE
    canvas.box(X, y, first, 44, fill=MID, radius=6)
    canvas.box(X + first, y, second, 44, fill=ACCENT, radius=6)
    canvas.text(X + 10, y + 28, f"{theory.points}", 14, fill="#FFFFFF", bold=True)
    said = f"{driving.score} × 80% = {driving.points}"
    canvas.text(X + first + 14, y + 28, said, 14, fill="#FFFFFF", bold=True)
    canvas.text(864, y + 30, final.total or "", 22, bold=True, anchor="end")


def _keys(canvas: Canvas, forklift: Case) -> None:
    ahead, behind = PAIR
    rows = [
        ("1 总成绩 total", *(forklift.final(who).total or "" for who in PAIR)),
        ("2 实操成绩 practice", *(forklift.row(w).modules["driving"].score or "" for w in PAIR)),
    ]
    canvas.card(32, 304, 856, 138)
    names = (forklift.entrant(ahead).name, forklift.entrant(behind).name)
    canvas.text(56, 332, "依次比什么", 13, fill=INK3, bold=True)
    canvas.text(370, 332, names[0], 13, fill=INK3, bold=True, anchor="end")
    canvas.text(500, 332, names[1], 13, fill=INK3, bold=True, anchor="end")
    canvas.line(52, 344, 868, 344, color=RULE)
    for place, (key, one, other) in enumerate(rows):
        y = 374 + place * 42
        decided = one != other
        if decided:
            canvas.box(44, y - 24, 832, 36, fill=OK_SOFT, edge=OK_LINE)
        canvas.text(56, y, key, 15, bold=decided)
        canvas.text(370, y, one, 15, bold=decided, anchor="end")
        canvas.text(500, y, other, 15, anchor="end")
        if decided:
            canvas.check(560, y - 5, good=True)
            gap = Decimal(one) - Decimal(other)
            canvas.text(582, y, f"{names[0]}高 {gap}，排在前", 15, fill=OK, bold=True)
        else:
            canvas.text(560, y, "相同，比下一项 equal, so the next", 14, fill=INK2)
