"""A page's modules as one: what a slow line and a slow tablet have to pay for each file.

The scripts stay small modules, each for one idea. A browser that fetches fifty
of them, or only looks fifty up in its cache, is busy for a quarter of a second
on a cheap tablet. So they are put into one module, each as a function that is
called once, in the order in which they need each other.

Ours are written in a plain way, and anything else is refused: imports of names
or of a whole module by a relative path, one statement each; exports of
functions, classes and constants where they are written, or by one list; no two that need each
other; `await` at the top of a page's own script alone, which becomes a function for it
where browsers want one (before Chrome 89).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from pathlib import Path

# The script for older browsers, before everything else of every page.
_GROUND = "shared/older.js"

_IMPORT = re.compile(
    r"""^import\s*(?:(?P<names>\{[^}]*\}|\*\s*as\s+\w+)\s*from\s*)?"(?P<path>\.{1,2}/[^"]+)";?$""",
    re.MULTILINE,
)
_LATER = re.compile(r"""\bimport\("(?P<path>\.{1,2}/[^"]+)"\)""")
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function\*?|class|const) (\w+))", re.MULTILINE)
_EXPORTS = re.compile(r"^export \{ (\w+(?:, \w+)*) \};$", re.MULTILINE)
_REST = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


def read_files(folder: Path) -> dict[str, str]:
    """The scripts in `folder` and below it by their path there, squeezed.

    With them the scripts of others that they import, as published.
    """
    ours = {
        path.relative_to(folder).as_posix(): squeeze(path.read_text(encoding="utf-8"))
        for path in sorted(folder.rglob("*.js"))
    }
    needed = {
        _target(name, match["path"])
        for name, text in ours.items()
        for match in _IMPORT.finditer(text)
        if "/vendor/" in match["path"]
    }
    others = {name: (folder / name).read_text(encoding="utf-8") for name in sorted(needed)}
    return ours | others


def squeeze(script: str) -> str:
    """The same program without the comments that fill whole lines, and without indents.

    Our scripts keep both out of their template strings, where they would count.
    """
    script = re.sub(r"^\s*/\*\*.*?\*/\s*\n", "", script, flags=re.DOTALL | re.MULTILINE)
    script = re.sub(r"^\s*//.*\n", "", script, flags=re.MULTILINE)
    return re.sub(r"^\s+", "", script, flags=re.MULTILINE)


class PackError(ValueError):
    """A script is written in a way that packing does not know."""


def needs(files: Mapping[str, str], name: str) -> tuple[str, ...]:
    """`name` and all it imports, near or far, now or later; each after those it needs.

    Raises PackError where a module is missing or two need each other.
    """
    done: list[str] = [_GROUND] if _GROUND in files and name != _GROUND else []
    _visit(files, name, done, ())
    return tuple(done)


def _visit(files: Mapping[str, str], name: str, done: list[str], above: tuple[str, ...]) -> None:
    if name in done:
        return
    if name in above:
        raise PackError(f"{' → '.join((*above, name))}: they need each other")
    if name not in files:
        raise PackError(f"{above[-1] if above else 'a page'} imports {name}, which is not there")
    for pattern in (_IMPORT, _LATER):
        for match in pattern.finditer(files[name]):
            _visit(files, _target(name, match["path"]), done, (*above, name))
    done.append(name)


def pack(files: Mapping[str, str], name: str) -> str:
    """Return one module that does what `name` does together with all that it imports.

    `files` are the modules' texts by their path; raises PackError.
    """
    *modules, page = needs(files, name)
    place = {module: f"$m{number}" for number, module in enumerate(modules)}
    body, _names = _body(files, page, place)
    if "await " in body:
        body = f"(async () => {{\n{body.rstrip()}\n}})();\n"
    return "".join((*(_called_once(files, needed, place) for needed in modules), body))


def _called_once(files: Mapping[str, str], name: str, place: Mapping[str, str]) -> str:
    body, names = _body(files, name, place)
    inside = f"{body.rstrip()}\nreturn {{ {', '.join(names)} }};\n"
    return f"const {place[name]} = (() => {{\n{inside}}})();\n"


def _body(files: Mapping[str, str], name: str, place: Mapping[str, str]) -> tuple[str, list[str]]:
    """A module's text with its imports from the functions above it, and what it exports."""
    names = _EXPORT.findall(files[name])
    for several in _EXPORTS.findall(files[name]):
        names += several.split(", ")

    def imported(match: re.Match[str]) -> str:
        if not match["names"]:
            return ""
        module = place[_target(name, match["path"])]
        if match["names"].startswith("*"):
            return f"const {match['names'].split()[-1]} = {module};"
        wanted = re.sub(r"\s+as\s+", ": ", match["names"])
        return f"const {wanted} = {module};"

    text = _IMPORT.sub(imported, files[name])
    text = _EXPORTS.sub("", _EXPORT.sub("", text))
    rest = _REST.search(text)
    if rest:
        raise PackError(f"{name}: {rest[0]!r} is a form of import or export that we do not use")
    text = _LATER.sub(lambda match: f"Promise.resolve({place[_target(name, match['path'])]})", text)
    return text, names


def _target(name: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
