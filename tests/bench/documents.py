"""How long a thousand documents take, beside a thousand bare pages or tables of Typst.

Run: `.venv/bin/python -m tests.bench.documents [part of a name]`. Times depend on the
machine; the ratios to the bare pages are what to compare. Score sheets are held to as many
pages with a plain table of as many cells: setting cells is most of their cost. The exit
status is 1 where they pass their limit.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date, datetime
from multiprocessing import get_context
from typing import Any, cast

import typst

from compete.documents.award_certificate import AwardCertificate, render_award_certificates
from compete.documents.badges import Badge, render_badges
from compete.documents.fonts import load_fonts
from compete.documents.grade_certificate import GradeCertificate, render_grade_certificates
from compete.documents.lists import Stamp
from compete.documents.qr import qr_ink
from compete.documents.score_sheet import ScoreRow, ScoreSheet, render_score_sheets
from compete.documents.standings_list import StandingsRow, render_standings_list

COUNT = 1000
RUNS = 3
COMPETITION = "2022年全省港口叉车司机职业技能竞赛"
STAMP = Stamp(datetime(2022, 9, 16, 18, 20), version=1)
BARE = """
#set document(date: none)
#set text(font: "Noto Serif SC", size: 20pt)
#for number in range(1000) { page[选手 #number 获个人一等奖] }
"""

BARE_TABLES = """
#set document(date: none)
#set text(font: "Noto Sans SC", size: 8pt)
#for number in range(1000) {
  page[选手 #number #table(columns: 8, ..range(8 * 22).map(place => [第 #place 格]))]
}
"""
MOST_TIMES = 2.0


def url(number: int) -> str:
    return f"https://example.cn/v/{number:026x}"


def bare() -> None:
    _compile(BARE)


def bare_tables() -> None:
    _compile(BARE_TABLES)


def _compile(source: str) -> None:
    files = cast(Any, {"main.typ": source.encode()})
    typst.Compiler(files, font_paths=load_fonts().typst_fonts).compile(format="pdf")


def codes() -> None:
    for number in range(COUNT):
        qr_ink(url(number))


def awards() -> None:
    render_award_certificates(
        [
            AwardCertificate(
                f"选手{n}",
                COMPETITION,
                "个人一等奖",
                f"第{n}号",
                "组委会",
                date(2022, 9, 22),
                url(n),
            )
            for n in range(COUNT)
        ]
    )


def grades() -> None:
    render_grade_certificates(
        [
            GradeCertificate(
                name=f"选手{n}",
                id_type="居民身份证",
                id_number="320000199308150071",
                occupation="起重装卸机械操作工",
                trade="叉车司机",
                level="二级/技师",
                number=f"Y000032000123222{n:06d}",
                body="江苏某某职业技能评价机构",
                issued_on=date(2022, 10, 12),
                verify_url=url(n),
            )
            for n in range(COUNT)
        ]
    )


def badges() -> None:
    people = [Badge(f"选手{n}", "省港口集团", "叉车司机", f"B{n}", url(n)) for n in range(COUNT)]
    render_badges(people, competition=COMPETITION)


def score_sheets() -> None:
    rows = [ScoreRow(f"第{i // 4}项", f"要点{i}", "5", "每次扣 1 分") for i in range(20)]
    sheets = [
        ScoreSheet("叉车司机", "堆垛", f"K-{n}", "许某", url(n), rows, "100") for n in range(COUNT)
    ]
    render_score_sheets(sheets, competition=COMPETITION, stamp=STAMP)


def standings() -> None:
    rows = [StandingsRow(n, f"选手{n}", "省港口集团", "96.40", "一等奖") for n in range(COUNT)]
    render_standings_list(rows, title=COMPETITION, stamp=STAMP)


def once(run: Callable[[], None]) -> float:
    """Seconds for one run, with the fonts read and all that draws codes loaded beforehand."""
    load_fonts()
    qr_ink("")
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def best(run: Callable[[], None]) -> float:
    """The shortest of a few runs, each in a process of its own: Typst keeps what it has set."""
    spawning = get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawning, max_tasks_per_child=1) as pool:
        return min(pool.submit(once, run).result() for _ in range(RUNS))


def main(part: str) -> int:
    """Print those whose name has that part in it; 1 where the score sheets pass their limit."""
    floor, tables = best(bare), best(bare_tables)
    print(f"{'1,000 bare pages':34}{floor:7.2f} s   1.0")
    print(f"{'1,000 bare tables of 22 rows':34}{tables:7.2f} s {tables / floor:5.1f}")
    missed = 0
    for name, run in (
        ("1,000 QR codes alone", codes),
        ("1,000 award certificates", awards),
        ("1,000 grade certificates", grades),
        ("1,000 badges (125 pages)", badges),
        ("1,000 score sheets of 20 rows", score_sheets),
        ("standings of 1,000 rows", standings),
    ):
        if part not in name:
            continue
        taken = best(run)
        beside = ""
        if run is score_sheets:
            missed = int(taken > MOST_TIMES * tables)
            beside = f", {taken / tables:.1f} times the bare tables (≤ {MOST_TIMES:g})"
        print(f"{name:34}{taken:7.2f} s {taken / floor:5.1f}{beside}")
    return missed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
