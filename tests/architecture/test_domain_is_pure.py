"""The domain computes; it asks no clock, reads no file and draws no chance of its own."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOMAIN = sorted((ROOT / "compete" / "domain").rglob("*.py"))

# What the domain may stand on beside itself: reading and writing bundles,
# arithmetic, and names. Anything else is a decision to be made here.
ALLOWED = {
    "base58", "binascii", "gzip", "urllib.parse", "zlib",
    "__future__", "abc", "array", "base64", "bisect", "collections", "contextlib",
    "copy", "dataclasses", "datetime", "decimal", "enum", "fractions", "functools",
    "hashlib", "heapq", "hmac", "importlib", "io", "itertools", "json", "math", "numbers",
    "operator", "re", "string", "struct", "types", "typing", "unicodedata", "compete.domain",
    "krippendorff", "msgspec", "numpy", "pypinyin", "rfc8785", "scipy", "yaml",
}  # fmt: skip
CLOCKS = {"now", "today", "utcnow", "fromtimestamp", "utcfromtimestamp"}
BUILTINS = {"open", "input", "print", "eval", "exec", "breakpoint"}


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and dotted name of every import."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield node.lineno, name.name
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: a relative import"
            yield node.lineno, node.module or ""


def faults(source: str) -> list[str]:
    """What in a file of the domain is not pure."""
    tree = ast.parse(source)
    impurities = [
        f"line {line}: imports {name}"
        for line, name in imported(tree)
        if not any(name == allowed or name.startswith(f"{allowed}.") for allowed in ALLOWED)
    ]
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        match node.func:
            case ast.Attribute(value=ast.Name(id="date" | "datetime"), attr=name) if name in CLOCKS:
                impurities.append(f"line {node.lineno}: asks the clock")
            case ast.Name(id=name) if name in BUILTINS:
                impurities.append(f"line {node.lineno}: calls {name}()")
            case ast.Name(id="float"):
                impurities.append(f"line {node.lineno}: makes a float")
    return impurities


def test_the_files_of_the_domain_are_pure() -> None:
    faults_of_files = {str(path): faults(path.read_text(encoding="utf-8")) for path in DOMAIN}
    assert {path: impurities for path, impurities in faults_of_files.items() if impurities} == {}


@pytest.mark.parametrize(
    "source",
    [
        "import time",
        "import os.path",
        "from pathlib import Path",
        "from flask import current_app",
        "from compete.models import db",
        "import compete",
        "from datetime import datetime\ndatetime.now()",
        "from datetime import date\ndate.today()",
        "open('a file')",
        "float('1.5')",
    ],
)
def test_what_is_not_pure_is_found(source: str) -> None:
    assert len(faults(source)) == 1
