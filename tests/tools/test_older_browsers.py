"""What Chrome 80 cannot read is named, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
import tree_sitter_javascript
from tree_sitter import Language, Parser

from compete.web.assets.faces import also_for_older
from hatch_build import without_logical_assignments
from tools.older_browsers import check, in_script, in_style

ROOT = Path(__file__).resolve().parents[2]


def test_all_that_is_served_can_be_read() -> None:
    assert check(ROOT).problems == []


@pytest.mark.parametrize(
    ("script", "word"),
    [
        ("let a; a ??= 1;", "??="),
        ("class A { #go() {} }", "private method"),
        ("class A { static { go(); } }", "static block"),
        ("const a = await go();", "await at the top"),
        ("const b = /a/v;", "flag"),
        ("const a = [1].findLast(Boolean);", "findLast"),
        ("const a = structuredClone({});", "structuredClone"),
        ("const a = Promise.any([]);", "any"),
        ("crypto.randomUUID();", "randomUUID"),
        ("const a = ;", "read"),
    ],
)
def test_later_words_of_a_script_are_named(script: str, word: str) -> None:
    assert [word for fault in in_script(script.encode()) if word in fault]


def test_what_is_of_its_day_or_added_passes() -> None:
    script = """class A { #a = 1; go() { return this.#a?.b ?? [1].at(-1); } }
      const f = async () => { await go(); };
      element.replaceChildren("a".replaceAll("b", "c"));"""
    assert list(in_script(script.encode())) == []


@pytest.mark.parametrize(
    ("style", "word"),
    [
        (".a:has(.b){top:0}", ":has"),
        (".a{inset:0}", "inset"),
        (".a:is(.b,.c){top:0}", ":is"),
        (".a:not(.b,.c){top:0}", ":not"),
        (".a{height:80dvh}", "dvh"),
        (".a{color:color-mix(in srgb,red,blue)}", "color-mix"),
        ("@layer a{.a{top:0}}", "@layer"),
    ],
)
def test_later_words_of_a_style_are_named(style: str, word: str) -> None:
    assert [word for fault in in_style(style) if word in fault]


def test_what_older_browsers_read_instead_stands_behind() -> None:
    older = also_for_older(
        ".a :is(.b,p):not(.c,.d){inset:0 1px;max-height:calc(100dvh - 1px)}"
        ".e{display: flex;gap:4px 8px}.f{color:red}"
    )
    assert list(in_style(older)) == []
    assert (
        "@supports not (aspect-ratio:1){.a .b:not(.c):not(.d),.a p:not(.c):not(.d)"
        "{top:0;right:1px;bottom:0;left:1px;max-height:calc(100vh - 1px)}}" in older
    )
    assert "@supports not (appearance:none){.e>*+*{margin-left:8px}}" in older
    assert older.endswith(".f{color:red}")


def test_assignments_that_ask_first_are_written_out() -> None:
    script = "a||=b;c.d??=e&&=f;for(;;)g[h]||=i"
    plain = "(a||(a=b));(c.d??(c.d=(e&&(e=f))));for(;;)(g[h]||(g[h]=i))"
    assert without_logical_assignments(script) == plain
    with pytest.raises(ValueError, match="twice"):
        without_logical_assignments("go().a||=b")


def test_what_tells_of_an_old_browser_is_read_by_every_browser() -> None:
    script = (ROOT / "static/old/too_old.js").read_bytes()
    kinds, todo = (
        set(),
        [Parser(Language(tree_sitter_javascript.language())).parse(script).root_node],
    )
    while todo:
        node = todo.pop()
        kinds.add(node.type)
        todo += node.children
    later = {"lexical_declaration", "arrow_function", "template_string", "optional_chain", "ERROR"}
    assert not kinds & (later | {"class_declaration", "spread_element", "await_expression", "??"})
