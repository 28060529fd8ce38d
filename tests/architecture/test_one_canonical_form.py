"""What is hashed or marked as JSON is hashed in the one form that every reader writes alike."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import compete

PACKAGE = Path(compete.__file__).parent
HASHES = {"sha256", "sha512", "sha1", "md5", "blake2b", "blake2s", "keyed_hash", "set_etag"}
OTHER_FORMS = {"json.dumps", "msgspec.json.encode", "repr", "pickle.dumps"}
ALLOWED = {
    # Whether a file is the one whose load broke off; another program's is another file.
    "services/competitions/loading.py:_hash_of",
    # The seal of an earlier program, which still verifies.
    "services/jobs/job_seals.py:is_sealed",
    # Beside the one of now: of a workbook that an earlier program looked through.
    "services/registration/staging.py:row_marks",
    # Rules as plain values first; the hash is over the text of every seal.
    "services/kernel/event_rules.py:definition_of",
}


def _called(call: ast.Call) -> str:
    return ast.unparse(call.func)


def _own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(function):
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node
            yield from _own_nodes(node)


def hashed_otherwise(tree: ast.Module) -> Iterator[str]:
    """Functions that hash something and write JSON in a form of their own."""
    for function in ast.walk(tree):
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        called = {_called(node) for node in _own_nodes(function) if isinstance(node, ast.Call)}
        if OTHER_FORMS & called and HASHES & {name.rpartition(".")[2] for name in called}:
            yield function.name


def test_no_hash_is_over_json_in_a_form_of_its_own() -> None:
    places = set()
    for file in PACKAGE.rglob("*.py"):
        place = file.relative_to(PACKAGE).as_posix()
        text = file.read_text("utf-8")
        if any(name in text for name in HASHES) and any(form in text for form in OTHER_FORMS):
            places |= {f"{place}:{name}" for name in hashed_otherwise(ast.parse(text))}
    assert places == ALLOWED


def test_the_check_tells_one_from_the_other() -> None:
    plain = "def mark(rows):\n    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()"
    assert list(hashed_otherwise(ast.parse(plain))) == ["mark"]
    sealed = "def mark(rows):\n    return hashlib.sha256(sealed_text(rows)).hexdigest()"
    assert list(hashed_otherwise(ast.parse(sealed))) == []
