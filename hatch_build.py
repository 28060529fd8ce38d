"""What is made while a wheel or an editable install is built, and kept out of the repository.

Of the translation catalogues (`.po`) what the program reads (`.mo`); of each page's
script and each face's stylesheet a smaller one that does the same.
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import os
import re
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any

import minify_html
import rcssmin
import tree_sitter_javascript
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from tree_sitter import Language, Parser

_PAGE = re.compile(r"script_url\('([\w/]+\.js)'\)")


def compile_catalogues(root: Path) -> list[Path]:
    """Write a `.mo` beside every `.po` of the package under `root`; return the files written."""
    written = []
    for source in sorted((root / "compete" / "translations").glob("*/LC_MESSAGES/*.po")):
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parent.parent.name)
        # Python before 3.11.5 finds no lone sentence where the catalogue has it with a plural.
        for message in list(catalogue):
            if message.pluralizable and message.string:
                catalogue.add(message.id[0], message.string[0], context="")
        compiled = io.BytesIO()
        write_mo(compiled, catalogue)
        written.append(_replace(source.with_suffix(".mo"), compiled.getvalue()))
    return written


def minify_assets(root: Path) -> list[Path]:
    """Write what `compete/web/assets/minified.py` looks for; return the files written."""
    folder = root / "compete" / "_minified"
    folder.mkdir(exist_ok=True)
    makers = [
        f"{name} {version(name)}\n" for name in ("minify-html", "rcssmin", "tree-sitter-javascript")
    ]
    written = [_replace(folder / "MAKER", "".join(makers).encode())]
    for text, smaller, ending in (*_scripts(root), *_stylesheets(root)):
        name = f"{hashlib.sha256(text.encode()).hexdigest()}{ending}"
        written.append(_replace(folder / name, smaller.encode()))
    for file in folder.iterdir():
        if file not in written and not file.name.startswith("."):
            file.unlink(missing_ok=True)
    return written


def _replace(target: Path, content: bytes) -> Path:
    """Write at one stroke: a program that runs from here may be reading."""
    fresh = target.with_name(f".{target.name}.{os.getpid()}")
    fresh.write_bytes(content)
    fresh.replace(target)
    return target


def _scripts(root: Path) -> Iterator[tuple[str, str, str]]:
    """Each page's script as packed, and smaller."""
    packs = _part(root, "packs")
    files = packs.read_files(root / "static" / "js")
    pages = {"sw.js"}
    for template in (root / "templates").rglob("*.html"):
        pages.update(_PAGE.findall(template.read_text(encoding="utf-8")))
    for page in sorted(pages):
        whole = packs.pack(files, page)
        yield whole, _smaller_script(whole), ".js"


def _smaller_script(script: str) -> str:
    """What the minifier of pages makes of a script that stands in one."""
    opening, closing = '<script type="module">', "</script>"
    if closing in script:
        raise ValueError("a script cannot be made smaller that holds </script>")
    made = minify_html.minify(f"{opening}{script}{closing}", minify_js=True)
    return without_logical_assignments(made[made.index(">") + 1 : -len(closing)])


def without_logical_assignments(script: str) -> str:
    """The same script for Chrome 80: `a || (a = b)` for `a ||= b`, which the minifier prefers."""
    text = script.encode()
    todo = [Parser(Language(tree_sitter_javascript.language())).parse(text).root_node]
    edits: list[tuple[int, int, bytes]] = []
    while todo:
        node = todo.pop()
        todo += node.children
        sign = node.child_by_field_name("operator")
        if node.type != "augmented_assignment_expression" or sign is None:
            continue
        if sign.type not in {"||=", "&&=", "??="}:
            continue
        left = text[node.start_byte : sign.start_byte].strip()
        if not _MAY_STAND_TWICE.fullmatch(left):
            raise ValueError(f"it would be worked out twice: {left.decode()}")
        edits += [
            (node.start_byte, node.start_byte, b"("),
            (sign.start_byte, sign.end_byte, sign.type[:2].encode() + b"(" + left + b"="),
            (node.end_byte, node.end_byte, b"))"),
        ]
    for start, end, put in sorted(edits, reverse=True):
        text = text[:start] + put + text[end:]
    return text.decode()


_MAY_STAND_TWICE = re.compile(rb"[\w$.#]+(?:\[[\w$.]+\])?")


def _stylesheets(root: Path) -> Iterator[tuple[str, str, str]]:
    """Each face's styles as put together, and smaller."""
    faces = _part(root, "faces")
    for name in faces.FACES:
        whole = faces.face_text(name, root / "static" / "css")
        # Not by what shortens media queries: tablets that are some years old know the long form.
        yield whole, rcssmin.cssmin(whole), ".css"


def _part(root: Path, name: str) -> ModuleType:
    """A module of the program by its file: a build has not what the whole program needs."""
    path = root / "compete" / "web" / "assets" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"_assets_{name}", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class BuildHook(BuildHookInterface[Any]):
    """The hook that hatchling calls before it collects files."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make all of it, whatever is being built."""
        compile_catalogues(Path(self.root))
        minify_assets(Path(self.root))


if __name__ == "__main__":
    here = Path(__file__).resolve().parent
    for path in (*compile_catalogues(here), *minify_assets(here)):
        print(path)
