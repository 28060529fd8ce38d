"""Pages ask services for what they show; they read no table by themselves."""

from __future__ import annotations

import ast
import re
from pathlib import Path

WEB = Path(__file__).resolve().parents[2] / "compete" / "web"
# A request that failed leaves nothing half done.
ALLOWED = {"rollback"}
MAY_ASK = re.compile(r"\bfrom sqlalchemy|\bdb\s*\.\s*session\b")


def queries(source: str) -> list[str]:
    """What in a file of `compete.web` asks the database, with its line."""
    lines: list[str] = []
    if not MAY_ASK.search(source):
        return lines
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module in ("sqlalchemy", "sqlalchemy.orm"):
            lines.append(f"line {node.lineno}: {node.module}")
        elif (
            isinstance(node, ast.Attribute)
            and ast.unparse(node.value) == "db.session"
            and node.attr not in ALLOWED
        ):
            lines.append(f"line {node.lineno}: db.session.{node.attr}")
    return lines


def test_no_page_asks_the_database() -> None:
    files = sorted(WEB.rglob("*.py"))
    asking = {str(file): queries(file.read_text(encoding="utf-8")) for file in files}
    assert {name: lines for name, lines in asking.items() if lines} == {}


def test_a_query_is_found() -> None:
    assert queries("from sqlalchemy import select\ndb.session.get(Account, 1)") == [
        "line 1: sqlalchemy",
        "line 2: db.session.get",
    ]
