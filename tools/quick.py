"""Quick tests, those that a change touches: `python -m tools.quick [BRANCH]`, usually since main.

Changed is what differs from where this branch left BRANCH, committed or not. For each
file it runs the tests of the folder under `tests/` that mirrors it, and the tests that
import it, themselves or through a helper. What a page or a
script does far from there it does not see: `make test` before a merge sees all.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

# The first that begins a changed path decides: tests that no import leads to.
BESIDE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("templates/documents/", ("tests/documents",)),
    (
        "templates/",
        ("tests/look", "tests/architecture/test_templates.py", "tests/test_language.py"),
    ),
    ("static/css/", ("tests/look", "tests/web/assets")),
    ("static/js/judge/", ("tests/browser/tablet", "tests/web/assets")),
    (
        "static/js/keeping/",
        (
            "tests/browser/tablet",
            "tests/browser/check_in",
            "tests/web/labour_entry",
            "tests/web/assets",
        ),
    ),
    ("static/js/draw/", ("tests/browser/draw", "tests/domain/ceremonies", "tests/web/assets")),
    ("static/js/proof/", ("tests/browser/proof", "tests/web/assets")),
    ("static/js/scoring/", ("tests/browser/proof", "tests/web/assets")),
    ("static/", ("tests/browser/console", "tests/browser/hall", "tests/web/assets")),
    ("migrations/", ("tests/migrations", "tests/services/kernel/test_sealed_columns.py")),
    ("sample_events/", ("tests/test_samples.py",)),
    ("compete/translations/", ("tests/test_language.py",)),
    ("compete/models/", ("tests/models", "tests/migrations", "tests/services/kernel")),
    ("docs/", ("tests/test_docs.py", "tests/test_docs_proofs.py")),
    ("README", ("tests/test_docs.py",)),
    ("CHANGELOG", ("tests/test_docs.py",)),
    ("tools/", ("tests/tools",)),
)
# Tests that every change is held against.
ALWAYS = ("tests/architecture",)


def main(since: str, root: Path) -> int:
    """Run the tests; exit status theirs, 0 when nothing has changed."""
    changed = list(changed_files(root, since))
    if not changed:
        print(f"nothing has changed since {since}")
        return 0
    chosen = touched(changed, root)
    for path in changed:
        if not touched([path], root):
            print(f"no test is known to look at {path}: make test")
    print(f"{len(changed)} changed files touch:", *chosen, sep="\n  ", flush=True)
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup"]
    return subprocess.run([*command, *ALWAYS, *chosen], cwd=root, check=False).returncode


def changed_files(root: Path, since: str) -> Iterator[str]:
    """List paths that differ from where this branch left `since`, and those git does not know."""

    def git(*words: str) -> list[str]:
        done = subprocess.run(["git", *words], cwd=root, check=True, capture_output=True, text=True)
        return done.stdout.splitlines()

    (base,) = git("merge-base", since, "HEAD")
    names = {*git("diff", "--name-only", base), *git("ls-files", "-o", "--exclude-standard")}
    yield from sorted(names)


def touched(changed: Iterable[str], root: Path) -> list[str]:
    """List the test files and folders that look at these, each once, in order."""
    importers = _importers(root)
    paths: set[str] = set()
    for path in changed:
        paths |= set(_beside(path))
        if path.endswith(".py"):
            paths |= importers.get(_module(root / path, root), set())
            paths |= set(_mirrored(path, root))
    there = {path for path in paths if (root / path).exists()}
    return sorted(path for path in there if not _stands_in_another(path, there))


def _beside(path: str) -> tuple[str, ...]:
    return next((tests for begins, tests in BESIDE if path.startswith(begins)), ())


def _mirrored(path: str, root: Path) -> list[str]:
    """Find the test itself; or tests of the nearest folder that mirrors the file's."""
    file = Path(path)
    if file.parts[0] == "tests":
        return [path] if file.name.startswith("test_") else []
    if file.parts[0] != "compete":
        return []
    alone = root / "tests" / file.relative_to("compete").with_name(f"test_{file.name}")
    if alone.exists():
        return [str(alone.relative_to(root))]
    folder = root / "tests" / file.relative_to("compete").parent
    while not folder.is_dir():
        folder = folder.parent
    if folder == root / "tests":
        return []
    return [str(test.relative_to(root)) for test in folder.glob("test_*.py")]


def _stands_in_another(path: str, chosen: set[str]) -> bool:
    return any(str(parent) in chosen for parent in Path(path).parents)


@cache
def _importers(root: Path) -> dict[str, set[str]]:
    """List for each module the test files that import it, themselves or through files of tests."""
    files = {_module(file, root): file for file in (root / "tests").rglob("*.py")}
    direct = {name: set(_imports(file)) for name, file in files.items()}
    importers: dict[str, set[str]] = {}
    for name, file in files.items():
        if not file.name.startswith("test_"):
            continue
        reached, waiting = {name}, [name]
        while waiting:
            for path in direct.get(waiting.pop(), ()):
                if path not in reached:
                    reached.add(path)
                    waiting.append(path)
        for path in reached:
            importers.setdefault(path, set()).add(str(file.relative_to(root)))
    return importers


def _module(file: Path, root: Path) -> str:
    parts = file.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(file: Path) -> Iterator[str]:
    """List names of modules, and of what is taken from them, which may be modules too."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{path.name}" for path in node.names)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "main", Path.cwd()))
