"""Size of the program: `python -m tools.size [ROOT]` prints it.

Code lines are those that hold code: no blank ones, no comments, no docstrings. They are
counted by layer and room, with the longest file, the share of imports, the names that
`__init__` files hand on, and the names that a single other file uses.
"""

from __future__ import annotations

import ast
import io
import sys
import tokenize
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from statistics import median

LAYERS = ("domain", "models", "services", "sheets", "documents", "web", "commands")
_EMPTY = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}


@dataclass(frozen=True)
class File:
    """A module with the lines that count."""

    path: Path
    module: str
    tree: ast.Module
    code: frozenset[int]
    imports: int

    @property
    def is_room(self) -> bool:
        """True if it is the `__init__` of a folder."""
        return self.path.name == "__init__.py"


def read(path: Path, root: Path) -> File:
    """Read a file of the package below `root`."""
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    code: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in _EMPTY:
            code |= set(range(token.start[0], token.end[0] + 1))
    imports: set[int] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant(value=str())):
                code -= set(_lines(node))
            case ast.Import() | ast.ImportFrom():
                imports |= set(_lines(node))
    parts = path.relative_to(root).with_suffix("").parts
    module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return File(path, module, tree, frozenset(code), len(imports & code))


def _lines(node: ast.stmt) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


def place(file: File) -> tuple[str, str]:
    """Name the layer and room of a file; those of the desk are rooms of `web`."""
    _package, *parts = file.module.split(".")
    if not parts or parts[0] not in LAYERS:
        return "others", parts[0] if parts else ""
    folders = parts[1:] if file.is_room else parts[1:-1]
    if parts[0] == "web" and folders[:1] == ["organiser"]:
        folders = folders[1:] or folders
    return parts[0], folders[0] if folders else ""


def handed_on(files: list[File]) -> dict[str, dict[str, tuple[str, str]]]:
    """List for each module the names that it imports from another file of the package."""
    names_by_module: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    for file in files:
        for node in ast.walk(file.tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("compete"):
                for alias in node.names:
                    names_by_module[file.module][alias.asname or alias.name] = (
                        node.module or "",
                        alias.name,
                    )
    return names_by_module


def users(files: list[File]) -> dict[tuple[str, str], set[str]]:
    """List for each name and the file that defines it the other files that import it."""
    modules = {file.module: file for file in files}
    onward = handed_on(files)
    user_modules: dict[tuple[str, str], set[str]] = defaultdict(set)
    for file in files:
        if file.is_room:
            continue
        for module, name in onward[file.module].values():
            seen = set()
            while (module, name) not in seen and name in onward.get(module, {}):
                seen.add((module, name))
                module, name = onward[module][name]
            if module in modules and f"{module}.{name}" not in modules:
                user_modules[module, name].add(file.module)
    return user_modules


def askers(files: list[File]) -> dict[tuple[str, str], set[str]]:
    """List for each `__init__` and a name that it hands on the files that ask it there."""
    onward = handed_on(files)
    asking_modules: dict[tuple[str, str], set[str]] = {
        (file.module, name): set() for file in files if file.is_room for name in onward[file.module]
    }
    for file in files:
        for place in onward[file.module].values():
            if place in asking_modules:
                asking_modules[place].add(file.module)
    return asking_modules


def report(root: Path) -> list[str]:
    """Write the whole report, line by line."""
    package = root / "compete"
    files = [read(path, root) for path in sorted(package.rglob("*.py"))]
    cells: Counter[tuple[str, str]] = Counter()
    for file in files:
        layer, room = place(file)
        cells[room, layer] += len(file.code)
    columns = [*LAYERS, "others"]
    wide = max(len(room) for room, _layer in cells) + 2
    lines = ["room".ljust(wide) + "".join(layer.rjust(11) for layer in columns)]
    for room in sorted({room for room, _layer in cells}):
        numbers = "".join(str(cells[room, layer] or "").rjust(11) for layer in columns)
        lines.append((room or "(itself)").ljust(wide) + numbers)
    sums = [sum(n for (_room, at), n in cells.items() if at == layer) for layer in columns]
    lines.append("all".ljust(wide) + "".join(str(number).rjust(11) for number in sums))
    return [*lines, "", *(f"{what}: {number}" for what, number in measures(files, root))]


def measures(files: list[File], root: Path) -> list[tuple[str, str]]:
    """Write the sums below the table."""
    total = sum(len(file.code) for file in files)
    imports = sum(file.imports for file in files)
    rooms = sum(len(file.code) for file in files if file.is_room)
    longest = max(files, key=lambda file: len(file.code))
    middle = median(len(file.code) for file in files if not file.is_room)
    asked = Counter(len(by) for by in users(files).values())
    handed = Counter(len(by) for by in askers(files).values())
    return [
        ("code lines", f"{total} in {len(files)} files"),
        ("median file", f"{middle:.0f}"),
        ("longest file", f"{len(longest.code)} ({longest.path.relative_to(root)})"),
        ("import lines", f"{imports} ({imports / total:.1%})"),
        ("code lines of __init__ files", f"{rooms}"),
        ("names that __init__ files hand on", f"{handed.total()}"),
        ("of these asked by a single file", f"{handed[1]}"),
        ("names that another file imports", f"{asked.total()}"),
        ("of these by a single file", f"{asked[1]}"),
    ]


if __name__ == "__main__":
    given = sys.argv[1:]
    print("\n".join(report(Path(given[0] if given else ".").resolve())))
