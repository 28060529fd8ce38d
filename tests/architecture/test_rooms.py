"""A room is asked at its face: nobody reaches past another room's `__init__` into its files."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "compete"
FILES = sorted(PACKAGE.rglob("*.py"))
ROOMS = sorted(
    face.parent
    for layer in ("domain", "services")
    for face in PACKAGE.glob(f"{layer}/*/__init__.py")
)


def dotted(path: Path) -> str:
    """`compete.services.kernel.audit` for its file, `compete.services.kernel` for a folder."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = {dotted(room): room for room in ROOMS}


def imported(tree: ast.AST) -> Iterator[tuple[int, str, list[str]]]:
    """Line, module and names of every import, wherever in the file it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name, []
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, node.module or "", [alias.name for alias in node.names]


@cache
def face_of(room: str) -> list[str]:
    """What the room's `__all__` says."""
    tree = ast.parse((NAMES[room] / "__init__.py").read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            names: list[str] = ast.literal_eval(node.value)
            return names
    raise AssertionError(f"{room} has no __all__")


def reaching_in(module: str, source: str) -> list[str]:
    """Which imports of this module go past the face of a room that it is not in."""
    found = []
    for line, target, names in imported(ast.parse(source)):
        room = next((room for room in NAMES if f"{target}.".startswith(f"{room}.")), None)
        if room is None or f"{module}.".startswith(f"{room}."):
            continue
        if target != room:
            found.append(f"line {line}: {target} is inside {room}")
        else:
            face = face_of(room)
            found += [f"line {line}: {room} offers no {name}" for name in names if name not in face]
    return found


def test_rooms_are_asked_at_their_faces() -> None:
    found = {
        str(path): reaching_in(dotted(path), path.read_text(encoding="utf-8")) for path in FILES
    }
    assert {path: imports for path, imports in found.items() if imports} == {}


@pytest.mark.parametrize(
    "source",
    [
        "from compete.services.kernel.audit import record",
        "import compete.services.kernel.audit",
        "from compete.services.kernel import place_in_write_queue",
        "def late():\n    from compete.domain.values.points import exact",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n"
        "    from compete.domain.marking.module_book import ModuleBook",
    ],
)
def test_reaching_past_a_face_is_found(source: str) -> None:
    assert len(reaching_in("compete.web.factory", source)) == 1


def test_a_face_offers_what_it_says() -> None:
    for room in NAMES:
        names = face_of(room)
        module = import_module(room)
        inside = {file.stem for file in NAMES[room].iterdir() if file.name != "__init__.py"}
        assert [name for name in names if not hasattr(module, name)] == [], room
        # A function that bears its file's name would hide it, or be hidden by it.
        hidden = [name for name in names if name in inside and callable(getattr(module, name))]
        assert hidden == [], room


@pytest.mark.parametrize("room", NAMES)
def test_what_a_face_loads_late_is_what_it_shows_to_type_checkers(room: str) -> None:
    tree = ast.parse((NAMES[room] / "__init__.py").read_text(encoding="utf-8"))
    late = [node for node in tree.body if isinstance(node, ast.Assign)]
    table = next(
        (node.value for node in late if ast.unparse(node.targets[0]) == "__getattr__"), None
    )
    if table is None:
        return
    assert isinstance(table, ast.Call)
    loaded = {
        (f"{room}.{module}", name)
        for module, names in ast.literal_eval(table.args[1]).items()
        for name in names
    }
    shown = {
        (target, name)
        for line, target, names in imported(tree)
        if target.startswith(f"{room}.")
        for name in names
    }
    assert loaded == shown
    assert sorted(name for _module, name in loaded) == sorted(face_of(room))


@cache
def groups_by_word() -> dict[str, set[str]]:
    """Every word of the code, with the rooms in whose files it stands; "" for all other files."""
    found: dict[str, set[str]] = defaultdict(set)
    for file in [*FILES, *(ROOT / "tools").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]:
        here = f"{dotted(file)}." if file.is_relative_to(PACKAGE) else ""
        room = next((room for room in NAMES if here.startswith(f"{room}.")), "")
        for word in set(re.findall(r"\w+", file.read_text(encoding="utf-8"))):
            found[word].add(room)
    return found


@pytest.mark.parametrize("room", NAMES)
def test_a_face_has_nothing_that_nobody_asks(room: str) -> None:
    unasked = [name for name in face_of(room) if not groups_by_word()[name] - {room}]
    assert unasked == [], "whoever is not asked is the room's own"
