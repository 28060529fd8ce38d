"""Older browsers: check that Chrome 80 can read and run what tablets, phones and halls get.

Scripts are read as they are served, packed and made smaller: newer syntax, and names of newer
built-in methods that `static/js/shared/older.js` does not add. Of styles, what a browser that
does not know it would leave out in a way that is seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import tree_sitter_javascript
from tree_sitter import Language, Node, Parser

from compete.web.assets.faces import FOR_OLDER, face_text
from compete.web.assets.minified import minified
from compete.web.assets.packs import pack, read_files
from tools.outcome import Outcome

OLDEST = 80
_PAGE = re.compile(r"script_url\(['\"]([\w/]+\.js)['\"]")

# Names in the table that in our scripts, and in those of others that we serve, are something else,
# or are asked for before they are used.
OTHERWISE = {
    "BarcodeDetector": "asked for; zxing stands in",
    "dispose": "a sign that zxing asks for; nothing where there is none",
    "drop": "a square of a labour competition's table",
    "durability": "an option that is passed over",
    "fromHex": "noble asks for it",
    "grow": "a memory's, which is older than a buffer's",
    "inert": "organisers alone",
    "move": "a way of the cursor",
    "take": "a step of a history",
    "toHex": "noble asks for it",
    "submitter": "organisers alone",
    "srcObject": "a stream has been one since 52; what came later is another kind",
    "QuotaExceededError": "the name of an error, which is older than its class",
}
# Only how it looks, and it looks well without.
ORNAMENT = {
    "accent-color",
    "color-scheme",
    "content-visibility",
    "outline",
    ":details-content",
    ":file-selector-button",
    "scrollbar-width",
    "text-underline-offset",
    "text-wrap",
    "aspect-ratio",
}
# Rules that a browser before 105 passes over, and why nobody misses them.
WITHOUT_HAS = re.compile(
    r"\.(?:confirm|going-out|acts|expander|draw-mine|form-pair)\b"  # desks; how fields line up
    r"|\.appeal-(?:item|kind)\b"  # what is chosen is ticked besides
    r"|\.device\b|\.bar:not|\.minute-page\b"  # paper
    r"|\.hall-table\b|\.draw-shares\b|\.wall\b"  # how wide a column or a card is
    r"|^\.opening\b|\.folds\b"  # within @supports: all sums are open, all units are shown
)


def check(root: Path) -> Outcome:
    """Check every page's script, the service worker, workers, and the styles of `FOR_OLDER`."""
    problems = []
    files = read_files(root / "static/js")
    pages = {"sw.js", "scoring/worker.js"}
    for template in (root / "templates").rglob("*.html"):
        pages.update(_PAGE.findall(template.read_text(encoding="utf-8")))
    seen = set()
    for page in sorted(pages):
        served = minified(pack(files, page).encode(), ".js")
        for problem in in_script(served):
            if problem not in seen:
                seen.add(problem)
                problems.append(f"{page}: {problem}")
    for path in sorted((root / "static/vendor").rglob("*.js")):
        packed = any(name.endswith(f"vendor/{path.parent.name}/{path.name}") for name in files)
        if not packed and not path.parent.name.startswith(NOT_NEEDED):
            name = path.relative_to(root)
            problems += [f"{name}: {what}" for what in in_script(path.read_bytes())]
    for face in FOR_OLDER:
        text = minified(face_text(face, root / "static/css").encode(), ".css").decode()
        problems += [f"{face}.css: {problem}" for problem in in_style(text)]
    return Outcome(problems=problems, note=f"{len(pages)} scripts, Chrome {OLDEST}")


# Of others' files: organisers alone, and what is asked for where the browser has it not itself.
NOT_NEEDED = ("tabulator", "noble-hashes")


@cache
def _newer(part: str) -> dict[str, int]:
    """Name entries of `part` ("script", "style") newer than `OLDEST`, each with its version."""
    text = Path(__file__).with_name("newer_than_chrome_80.txt").read_text(encoding="utf-8")
    lines = text.partition(f"[{part}]\n")[2].partition("\n[")[0].splitlines()
    return {
        name: int(version) for version, *names in (line.split() for line in lines) for name in names
    }


@cache
def _added() -> frozenset[str]:
    """The features that our own script adds where they are missing."""
    older = Path(__file__).resolve().parents[1] / "static/js/shared/older.js"
    text = older.read_text(encoding="utf-8")
    pairs = re.findall(r'\badd\(\w+, "(\w+)"|\b(?:Object|Map)\.(\w+) = ', text)
    return frozenset(name for pair in pairs for name in pair)


def in_script(script: bytes) -> Iterator[str]:
    """Name features of a script that came after `OLDEST`, in words."""
    tree = Parser(Language(tree_sitter_javascript.language())).parse(script)
    if tree.root_node.has_error:
        yield "cannot be read"
    todo = [(tree.root_node, False)]
    while todo:
        node, inside = todo.pop()
        feature = _syntax(node, inside) or _name(node)
        if feature:
            yield f"{feature}: {_words(node.parent or node)}"
        inside = inside or "function" in node.type or node.type == "method_definition"
        todo += [(child, inside) for child in node.children]


def _words(node: Node) -> str:
    return " ".join((node.text or b"")[:60].decode(errors="replace").split())


def _syntax(node: Node, inside: bool) -> str | None:
    text = node.text or b""
    if node.type in {"??=", "||=", "&&="}:
        return f"{node.type} (85)"
    if node.type == "class_static_block":
        return "static block (94)"
    if node.type == "private_property_identifier" and node.parent is not None:
        if node.parent.type == "method_definition":
            return "private method (84)"
        if node.parent.type == "binary_expression":
            return "private name in (91)"
    if node.type in {"await_expression", "await"} and not inside:
        return "await at the top (89)"
    if node.type == "regex_flags" and set(text) & set(b"dv"):
        return "flag of a regular expression (90)"
    if node.type == "import_attribute":
        return "import attribute (123)"
    return None


_FUNCTIONS = {"structuredClone", "reportError"}


def _name(node: Node) -> str | None:
    if node.type not in {"property_identifier", "identifier"} or node.parent is None:
        return None
    name = (node.text or b"").decode()
    version = _newer("script").get(name)
    if version is None or name in _added() or name in OTHERWISE:
        return None
    around = node.parent
    if node.type == "identifier":
        # A built-in class or function, where no script calls something of its own so.
        called = around.type in {"call_expression", "new_expression"}
        return f"{name} ({version})" if called and name in _FUNCTIONS else None
    if around.type != "member_expression":
        return None
    owner = around.child_by_field_name("object")
    called = around.parent is not None and around.parent.type == "call_expression"
    is_class = owner is not None and (owner.text or b"")[:1].isupper()
    return f"{name} ({version})" if called or is_class else None


_RULE = re.compile(r"([^{}]*[^{}\s])\{([^{}]*)\}")
_LATE_VALUE = re.compile(r"\d[dsl]v[hwi]\b|color-mix\(|light-dark\(|image-set\(")
_LISTED = re.compile(r":not\([^()]*(?:\([^()]*\)[^()]*)*,")


def in_style(css: str) -> Iterator[str]:
    """Name features of a stylesheet that came after `OLDEST` and on which its sense hangs."""
    newer = _newer("style")
    # The rule that older browsers read in place of another stands just behind it.
    rule = r"[^{}@;]*\{[^{}]*\}"
    css = re.sub(rf"(?<![^{{}};]){rule}@supports not ?\(aspect-ratio:1\)\{{({rule})\}}", r"\1", css)
    css = re.sub(r"@supports not ?\((?:appearance:none)\)\{[^{}]*\{[^{}]*\}\}", "", css)
    for word in re.findall(r"@[a-z-]+", css):
        if word in newer:
            yield f"{word} ({newer[word]})"
    for rule_match in _RULE.finditer(css):
        heads, body = rule_match[1], rule_match[2]
        if ":has(" in heads and WITHOUT_HAS.search(heads):
            continue
        words = [word for word in re.findall(r":[a-z-]+", heads) if word in newer]
        words += [":not() of several"] if _LISTED.search(heads) else []
        declared: set[str] = set()
        for line in body.split(";"):
            name, _, value = (word.strip() for word in line.partition(":"))
            words += [name] if name in newer else []
            words += [value] if _LATE_VALUE.search(value) and name not in declared else []
            declared.add(name)
        # A ring that every browser draws by itself where it does not know when not to.
        words = [word for word in words if word not in ORNAMENT and word != ":focus-visible"]
        if words:
            yield f"{words[0]}: {heads[:90]}"
