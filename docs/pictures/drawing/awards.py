"""Picture 4: awards by share of those ranked, and what a shared rank at the border does."""

from __future__ import annotations

from drawing.canvas import BRONZE, GOLD, INK2, INK3, LINE, RULE, SILVER, SUNKEN, Canvas
from drawing.cases import case
from drawing.small import shared_border

METALS = {"first": GOLD, "second": SILVER, "third": BRONZE}
NAMES = {"first": "一等奖 first", "second": "二等奖 second", "third": "三等奖 third"}
SHARES = {"first": "10%", "second": "20%", "third": "30%"}
WORDS = {"first": "一等奖", "second": "二等奖", "third": "三等奖"}


def draw() -> str:
    """All the ranked as cells in a row; below, six people of whom two share a place."""
    canvas = Canvas(920, 500, "奖项怎么发")
    canvas.head(
        "奖项怎么发",
        "Awards are dealt from rank 1 down; a shared rank at the border takes from the next award",
    )
    _shares(canvas)
    _border(canvas)
    return canvas.svg()


def _shares(canvas: Canvas) -> None:
    event = case("port-forklift").event
    ranked = [row for row in event.standings if row.rank is not None]
    award = {row.entrant: row.award for row in event.awards or () if row.entrant}
    counts = {code: sum(one == code for one in award.values()) for code in METALS}
    canvas.card(32, 92, 856, 168)
    canvas.text(56, 124, f"{len(ranked)} 人有名次，按比例发", 15, bold=True)
    canvas.text(270, 124, f"{len(ranked)} ranked, by share", 13, fill=INK3)
    size = (856 - 48) / len(ranked)
    for place, row in enumerate(ranked):
        fill = METALS.get(award.get(row.entrant, ""), SUNKEN)
        canvas.box(56 + place * size, 142, size - 2.5, 40, fill=fill, radius=3)
    left = 56.0
    for code, count in counts.items():
        share = int(SHARES[code].rstrip("%"))
        canvas.disc(left + 6, 206, 6, METALS[code])
        canvas.text(left + 20, 211, NAMES[code], 14, bold=True)
        exact = f"{len(ranked) * share / 100:g}"
        said = f"{len(ranked)} × {share}% = {exact}"
        rounded = f" → {count} 人" if exact != str(count) else " 人"
        canvas.text(left + 20, 234, said + rounded, 13, fill=INK2)
        left += 236


def _border(canvas: Canvas) -> None:
    people, awards, tops = shared_border()
    canvas.card(32, 276, 856, 196)
    said = "，".join(f"{WORDS[code]} {top} 名" for code, top in tops.items())
    canvas.text(56, 308, f"另一场：{said}", 15, bold=True)
    canvas.text(396, 308, "two share rank 3", 13, fill=INK3)
    for place, (name, rank, total) in enumerate(people):
        x = 56 + place * 114
        award = awards.get(name)
        canvas.box(x, 326, 104, 92, edge=METALS.get(award or "", LINE), thick=2 if award else 1)
        canvas.rank(x + 24, 350, rank)
        canvas.text(x + 46, 355, name, 15, bold=True)
        canvas.text(x + 52, 380, total, 14, fill=INK2, anchor="middle")
        word = WORDS[award] if award else "—"
        canvas.text(
            x + 52, 406, word, 14, fill=METALS.get(award or "", INK3), bold=True, anchor="middle"
        )
    given = {code: sum(one == code for one in awards.values()) for code in tops}
    canvas.line(56, 432, 864, 432, color=RULE)
    more = given["second"] - tops["second"]
    said = f"二等奖给了 {given['second']} 人，多 {more} 人，"
    said += f"三等奖就从 {tops['third']} 名减成 {given['third']} 名。"
    canvas.text(56, 456, said, 14, fill=INK2)
