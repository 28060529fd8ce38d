"""A name is imported from the file that defines it; a folder's `__init__` says what it is for."""

from __future__ import annotations

import ast
import importlib
import re
from collections import defaultdict
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import compete.domain
import compete.web.loaded

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "compete"
FILES = {path.relative_to(PACKAGE).as_posix(): path for path in sorted(PACKAGE.rglob("*.py"))}
# Folders whose `__init__` holds more than its docstring, and why.
WITH_CODE = {
    "__init__.py": "makes the application",
    "domain/__init__.py": "the small face, for whoever builds on the scorer",
    "models/__init__.py": "mappers find each other only if all are loaded together",
}
# What is found by being loaded, and the file that loads all of it.
LOADED = {
    "services": re.compile(r"^@(?:work_for|printed_as|event\.listens_for)\(", re.MULTILINE),
    "web": re.compile(r"^@(?:face\.(?:get|post|route)|printed_as)\(", re.MULTILINE),
}

LAYERS = ("domain/", "services/", "sheets/", "documents/", "web/")
KEEPING = {"cache", "lru_cache", "contextmanager"}


def dotted(name: str) -> str:
    """`compete.services.kernel.audit` for `services/kernel/audit.py`."""
    return f"compete.{name.removesuffix('.py').replace('/', '.')}"


def tree_of(name: str) -> ast.Module:
    return ast.parse(FILES[name].read_text(encoding="utf-8"))


def imported(tree: ast.AST) -> Iterator[tuple[int, str, str]]:
    """Line, module and name of what is imported from the package, wherever it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and f"{node.module}.".startswith("compete."):
            yield from ((node.lineno, node.module or "", alias.name) for alias in node.names)


# As an import of something private begins, whatever else it takes with it.
MAY_BE_PRIVATE = re.compile(
    r"\bfrom\s+compete\b(?:\.\w+)*(?:\._|\s+import\b[^\n(]*(?:\((?:[^)#]|#[^\n]*)*)?\b_)"
)


def private_names(source: str) -> list[str]:
    """What it takes of other files that is theirs alone."""
    if not MAY_BE_PRIVATE.search(source):
        return []
    return [
        f"line {line}: {module}.{name}"
        for line, module, name in imported(ast.parse(source))
        if re.match(r"_(?!_)", name) or "._" in module
    ]


def has_code(tree: ast.Module) -> bool:
    """Whether there is more than a docstring."""
    return any(
        not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        for node in tree.body
    )


def test_an_init_says_what_the_folder_is_for_and_nothing_else() -> None:
    rooms = [name for name in FILES if name.endswith("__init__.py")]
    assert {name for name in rooms if has_code(tree_of(name))} == WITH_CODE.keys()
    assert [name for name in rooms if ast.get_docstring(tree_of(name)) is None] == []


def test_no_file_takes_what_is_private_to_another() -> None:
    names_of_files = {
        name: private_names(path.read_text(encoding="utf-8")) for name, path in FILES.items()
    }
    assert {name: names for name, names in names_of_files.items() if names} == {}


@pytest.mark.parametrize(
    "source",
    [
        "from compete.services.kernel.audit import _digest",
        "def late():\n    from compete.domain.values.points import exact, _exact",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n"
        "    from compete.domain.marking.module_book import _Book",
    ],
)
def test_a_private_name_is_found(source: str) -> None:
    assert len(private_names(source)) == 1


def test_a_name_is_imported_from_the_file_that_defines_it() -> None:
    """The types that mypy checks forbid it too, but for a file with `__all__`."""
    listed = {name for name, path in FILES.items() if "\n__all__ = " in path.read_text("utf-8")}
    assert listed <= WITH_CODE.keys()


def test_the_small_face_gives_what_it_says() -> None:
    names = ["explain", "read_bundle", "score", "write_results"]
    assert compete.domain.__all__ == names
    for name in names:
        assert getattr(compete.domain, name).__name__ == name
    with pytest.raises(AttributeError, match="has no attribute 'prove'"):
        compete.domain.prove  # noqa: B018


@pytest.mark.parametrize("layer", LOADED)
def test_what_is_found_by_being_loaded_is_loaded(
    layer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = {
        alias.name
        for node in tree_of(f"{layer}/loaded.py").body
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    if layer == "web":
        monkeypatch.setattr(importlib, "import_module", listed.add)
        importlib.reload(compete.web.loaded)
        monkeypatch.undo()
    answering = {
        dotted(name)
        for name, path in FILES.items()
        if name.startswith(f"{layer}/") and LOADED[layer].search(path.read_text(encoding="utf-8"))
    }
    assert answering - listed == set()
    for name in listed:
        import_module(name)


def public_functions(tree: ast.Module) -> set[str]:
    """Functions that are there for others; what a decorator takes is asked by it."""
    return {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and {ast.unparse(given).partition("(")[0] for given in node.decorator_list} <= KEEPING
    }


def test_a_function_that_nobody_else_asks_is_private() -> None:
    defined = {
        name: set(re.findall(r"^def ([^\W_]\w*)", path.read_text(encoding="utf-8"), re.MULTILINE))
        for name, path in FILES.items()
        if name.startswith(LAYERS)
    }
    every = set().union(*defined.values())
    files_with: dict[str, set[Path]] = defaultdict(set)
    for folder, kind in (("compete", "py"), ("tests", "py"), ("tools", "py"), ("templates", "*")):
        for path in (ROOT / folder).rglob(f"*.{kind}"):
            for word in every & set(re.findall(r"\w+", path.read_text(encoding="utf-8"))):
                files_with[word].add(path)
    unasked = {
        name: functions
        for name, known in defined.items()
        if (functions := {function for function in known if files_with[function] == {FILES[name]}})
    }
    alone = {
        f"{name}: {function}"
        for name, functions in unasked.items()
        for function in functions & public_functions(tree_of(name))
    }
    assert alone == set()
