"""A page's modules put into one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from compete.web.assets.packs import PackError, needs, pack, read_files
from compete.web.assets.scripts import read_scripts

ROOT = Path(__file__).resolve().parents[3]
PAGES = sorted(
    {
        name
        for template in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r"script_url\('([^']+)'\)", template.read_text(encoding="utf-8"))
    }
)


def test_each_module_stands_after_those_it_needs() -> None:
    files = {
        "a.js": 'import { x } from "./b.js";\nimport "./controls/c.js";\nx();\n',
        "b.js": "export const x = 1;\n",
        "controls/c.js": 'import {\n  x as y,\n} from "../b.js";\nimport * as d from "../d.js";\n',
        "d.js": "// import nothing from './e.js'\n",
    }
    assert needs(files, "a.js") == ("b.js", "d.js", "controls/c.js", "a.js")


def test_names_come_from_the_module_they_were_imported_from() -> None:
    files = {
        "a.js": 'import { one, two as deux } from "./b.js";\nimport * as b from "./b.js";\n'
        "export function go() { return one + deux + b.one; }\n",
        "b.js": "export const one = 1;\nexport async function two() {}\n"
        "export function* three() {}\nconst own = 3;\n",
    }
    assert pack(files, "a.js") == (
        "const $m0 = (() => {\n"
        "const one = 1;\nasync function two() {}\nfunction* three() {}\nconst own = 3;\n"
        "return { one, two, three };\n})();\n"
        "const { one, two: deux } = $m0;\nconst b = $m0;\n"
        "function go() { return one + deux + b.one; }\n"
    )


def test_a_module_that_is_wanted_later_is_there_already() -> None:
    files = {
        "a.js": 'const open = () => import("./b.js").then(({ go }) => go());\n',
        "b.js": "export function go() {}\n",
    }
    assert "const open = () => Promise.resolve($m0).then(" in pack(files, "a.js")


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"a.js": 'import "./b.js";\n', "b.js": 'import "./a.js";\n'}, "a.js → b.js → a.js"),
        ({"a.js": 'import "./b.js";\n'}, "a.js imports b.js, which is not there"),
        ({"a.js": "export default 3;\n"}, "export default 3"),
        ({"a.js": "export { x as y };\n"}, "export { x as y }"),
        ({"a.js": 'import x from "./b.js";\n', "b.js": ""}, "import x from"),
        ({"a.js": 'import { x } from "far";\n'}, "import { x } from"),
        ({"a.js": "export let x = 3;\n"}, "export let x"),
    ],
)
def test_what_cannot_be_packed_is_refused(files: dict[str, str], why: str) -> None:
    with pytest.raises(PackError, match=re.escape(why)):
        pack(files, "a.js")


@pytest.mark.parametrize("name", [*PAGES, "draw/check.js"])
def test_every_page_of_ours_can_be_packed(name: str) -> None:
    files = read_files(ROOT / "static/js")
    packed = pack(files, name)
    assert not re.search(r"^(import|export)\b", packed, re.MULTILINE)
    assert packed.count("(() => {") >= len(needs(files, name)) - 1


def test_only_a_pages_own_script_waits_at_its_top() -> None:
    scripts = read_scripts(ROOT / "static/js").files
    for page in PAGES:
        for name in needs(scripts, page)[:-1]:
            written = (ROOT / "static/js" / name).read_text(encoding="utf-8")
            assert not re.search(r"^(const .*= )?await\b", written, re.MULTILINE), name
