"""How fast a bank of 24,000 questions in the database is: brought, searched, written, taken out.

Run as a script: `python tests/bench/banks.py`, on SQLite. It prints one table; the exit status is
1 where a limit is passed.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from compete import create_app  # noqa: E402
from compete.config import Config  # noqa: E402
from compete.domain.exam.answers import QuestionKind  # noqa: E402
from compete.domain.values.roles import BankRole  # noqa: E402
from compete.models import db  # noqa: E402
from compete.services.accounts.accounts import create_account  # noqa: E402
from compete.services.questions.bank_files import bring_bank, write_bank  # noqa: E402
from compete.services.questions.bank_questions import (  # noqa: E402
    QuestionFilter,
    find_questions,
    question_of,
    syllabus_of,
)
from compete.services.questions.bank_rights import put_in_bank  # noqa: E402
from compete.services.questions.doubles import doubles_of  # noqa: E402
from compete.services.questions.exports import write_rows  # noqa: E402
from compete.services.questions.practice import open_practice, take_set  # noqa: E402
from compete.services.questions.question_fields import QUESTION_ROWS  # noqa: E402
from compete.services.questions.question_writing import (  # noqa: E402
    plan_questions,
    rows_of_bank,
    write_questions,
)
from compete.sheets.headed_rows import read_headed_rows  # noqa: E402
from tests.support.databases import migrate  # noqa: E402
from tests.support.question_banks import patterned_bank  # noqa: E402

QUESTIONS = 24_000
SEARCH, IMPORT, SET = 0.1, 60.0, 0.1


def taken(act: Callable[[], object], times: int = 1) -> float:
    """Seconds that the act takes, the middle of so many tries."""
    tries = []
    for _try in range(times):
        begun = time.perf_counter()
        act()
        tries.append(time.perf_counter() - begun)
    return median(tries)


def main() -> int:
    """Measure, and say what passed its limit."""
    rows: list[tuple[str, float, float | None]] = []
    with tempfile.TemporaryDirectory() as folder:
        config = Config.from_env({"COMPETE_DATA_DIR": folder})
        url = f"sqlite:///{Path(folder) / 'compete.sqlite'}"
        config = replace(config, database_url=url, testing=True)
        migrate(config.database_url, Path(folder))
        with create_app(config).app_context():
            pattern = patterned_bank(1, QUESTIONS)
            for number, it in enumerate(pattern["questions"]):
                it["pool"] = "practice" if number % 3 == 0 else "secret"
            file = json.dumps(pattern, ensure_ascii=False).encode()
            rows.append(("bring the file", taken(lambda: bring_bank(file, None)), IMPORT))
            tree = patterned_bank(2, 1)
            empty = bring_bank(
                json.dumps({**tree, "code": "EMPTY", "questions": []}).encode(), None
            )
            author = create_account("命题")
            put_in_bank(empty, author, BankRole.AUTHOR, None)
            (bank,) = (it for it in db.session.query(type(empty)) if it.code == "PATTERN")
            for sought in ("轴承", "互感器", "第 12000 号", "没有的字"):
                wanted = QuestionFilter(sought=sought)
                rows.append(
                    (
                        f"search {sought}",
                        taken(lambda it=wanted: find_questions(bank, it, limit=50), 7),
                        SEARCH,
                    )
                )
            kind = QuestionFilter(kind=QuestionKind.BLANK)
            deep = taken(lambda: find_questions(bank, kind, limit=50, offset=4500), 7)
            rows.append(("a late page of one kind", deep, SEARCH))
            rows.append(("the tree with counts", taken(lambda: syllabus_of(bank), 7), SEARCH))
            keeper = create_account("保密")
            put_in_bank(bank, keeper, BankRole.KEEPER, None)
            practice = open_practice(bank, None, keeper)
            rows.append(("a practice set", taken(lambda: take_set(practice), 7), SET))
            question = question_of(bank, 12_000)
            assert question is not None
            rows.append(("doubles of one", taken(lambda: doubles_of(question), 5), None))
            rows.append(("write the file", taken(lambda: write_bank(bank)), None))
            book = write_rows(rows_of_bank(bank))
            print(f"workbook: {len(book) / 1e6:.2f} MB")
            read = read_headed_rows(book, QUESTION_ROWS)
            rows.append(
                ("read the workbook", taken(lambda: read_headed_rows(book, QUESTION_ROWS)), None)
            )
            rows.append(("plan its rows", taken(lambda: plan_questions(empty, read)), None))
            texts = [it for _number, it in read]
            rows.append(
                ("plan and write", taken(lambda: write_questions(empty, texts, author)), IMPORT)
            )
    print("| what | s | limit |\n|---|--:|--:|")
    for what, seconds, limit in rows:
        print(f"| {what} | {seconds:.3f} | {limit or ''} |")
    return int(any(limit is not None and seconds > limit for _what, seconds, limit in rows))


if __name__ == "__main__":
    sys.exit(main())
