"""Names that told a newcomer nothing, or too many things, do not come back."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path

Place = tuple[str, str]
"""A file, and a word in it."""

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(
    file.relative_to(ROOT).as_posix()
    for folder in ("compete", "tools", "tests", "sample_events")
    for file in (ROOT / folder).rglob("*.py")
)

# Each with what it stood for, and what is said instead.
RETIRED = {
    "books": "module_books, event_books",
    "door": "a server's listener, the state of a line",
    "filing": "what it is filed in",
    "first_things": "to_do: what the chief judge deals with first",
    "handing_over": "offline_package",
    "held": "stored by the server, met (a condition), present_grade, deferred, locked, cached",
    "how": "method, kind, protection, explained",
    "lane": "worker_lock, TryQueue, fast path",
    "lanes": "worker_lock",
    "lone": "the_event, the_module; relative marks",
    "one": "the kind of thing that it is; only `one` beside `other` may stand",
    "ruled": "ruling; a rule with its checks is a CheckedRule",
    "sharing": "group_commit, interning",
    "walk": "separation (of a draw), what the function does",
}

# As a name stands where it is given; what only looks so is told apart by the parser.
ANY_RETIRED = re.compile(rf"\b_?(?:{'|'.join(RETIRED)})(?=\s*(?:[-+*/|&]*[:=(,)\]]|in\b))")
# Texts and comments name nothing.
SAID = re.compile(
    r'"""(?s:.*?)"""|"(?:[^"\\\n]|\\.)*"' + r"|'(?:[^'\\\n]|\\.)*'|#[^\n]*",
)

# What is spoken outside keeps its word: a key of an answer that tablets read.
ALLOWED = {
    ("compete/web/api/acts_call.py", "held"): "the answer's key: the acts that are stored",
    ("compete/web/api/photos.py", "held"): "the answer's key: the photo that is stored",
    ("tests/tablets/floor.py", "held"): "the same key, of a server that only answers",
    ("compete/web/judge/sheet_json.py", "ruled"): "the answer's key: the rulings on a sheet",
    ("compete/domain/bundle/reader/words.py", "one"): "a place in a sentence, beside `other`",
}


def names_in(tree: ast.AST, *, short: bool = False) -> set[str]:
    """What the file itself names: variables, arguments, attributes it sets, functions, classes.

    With `short`, but for the `one` of a comprehension: in a test's single line it is clear enough.
    """
    names = set()
    in_short = {
        inner
        for node in ast.walk(tree)
        if short and isinstance(node, ast.comprehension)
        for inner in ast.walk(node.target)
    }
    for node in ast.walk(tree):
        if node in in_short and isinstance(node, ast.Name) and node.id == "one":
            continue
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                names.add(name)
            case ast.arg(arg=name) | ast.keyword(arg=str(name)):
                names.add(name)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name.removeprefix("_"))
    return names


def test_no_retired_name_is_given() -> None:
    retired_names = {}
    for name in FILES:
        text = (ROOT / name).read_text(encoding="utf-8")
        if not (ANY_RETIRED.search(text) and ANY_RETIRED.search(SAID.sub('""', text))):
            continue
        names = names_in(ast.parse(text), short=name.startswith(("tests/", "sample_events/")))
        if "other" in names:
            names.discard("one")
        retired_names |= {(name, word): RETIRED[word] for word in names & RETIRED.keys()}
    assert retired_names.keys() <= ALLOWED.keys(), {
        place: instead for place, instead in retired_names.items() if place not in ALLOWED
    }


def test_what_is_allowed_is_there() -> None:
    for (name, word), _why in ALLOWED.items():
        assert word in names_in(ast.parse((ROOT / name).read_text(encoding="utf-8"))), name


EMPTY = {"each", "found", "one", "said", "told"}
"""Words that any variable could bear: a variable is called by what it is."""
ANY_EMPTY = re.compile(rf"\b_*(?:{'|'.join(sorted(EMPTY))})\b")
NAMED_OUTSIDE = {("compete/services/labour/second_look.py", "found"): "a field of a form"}


def variables_of(tree: ast.AST) -> set[str]:
    """The variables of the functions of a file: their arguments, and what they give names to."""
    names = set()
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.Lambda | ast.comprehension):
            for node in ast.walk(function):
                match node:
                    case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                        names.add(name)
    return names


def own_names_of(tree: ast.AST) -> set[str]:
    """Whatever a file gives names to, also its functions, fields and throw-aways."""
    names = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                names.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                names.add(name)
            case ast.ClassDef(name=name) | ast.arg(arg=name) | ast.alias(asname=str(name)):
                names.add(name)
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
                names.add(name)
            case ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
                names.add(name)
    return {name.lstrip("_") for name in names}


def empty_words(folders: tuple[str, ...], names_of: Callable[[ast.AST], set[str]]) -> set[Place]:
    """Where below these folders an empty word is among the names that a file gives."""
    places = set()
    for name in FILES:
        text = (ROOT / name).read_text(encoding="utf-8") if name.startswith(folders) else ""
        if ANY_EMPTY.search(text):
            places |= {(name, word) for word in names_of(ast.parse(text)) & EMPTY}
    return places


def test_a_variable_of_the_program_is_called_by_what_it_is() -> None:
    assert empty_words(("compete/",), variables_of) == NAMED_OUTSIDE.keys()


def test_whatever_tests_and_tools_name_is_called_by_what_it_is() -> None:
    assert empty_words(("tests/", "tools/"), own_names_of) == set()


def test_every_way_of_giving_an_empty_name_is_seen() -> None:
    for text in (
        "def told(): ...",
        "async def _said(): ...",
        "class Look:\n    found: str",
        "self.found = 1",
        "found = 1",
        "for _each in range(2): ...",
        "[one for one in rows]",
        "lambda *_said: 1",
        "from module import name as told",
        "try: ...\nexcept ValueError as said: ...",
        "match row:\n    case [one, *_]: ...",
        "match row:\n    case {**told}: ...",
    ):
        assert own_names_of(ast.parse(text)) & EMPTY, text
    for text in ("finding.found", "add(found=2)", "query.one()", "from module import told"):
        assert not own_names_of(ast.parse(text)) & EMPTY, text


SCRIPTS = sorted(
    file.relative_to(ROOT).as_posix() for file in (ROOT / "static" / "js").rglob("*.js")
)
# Of a tablet `held` is what the server says that it stores, also in what tabs tell each other.
IN_SCRIPTS: dict[str, str | tuple[str, ...]] = {
    "door": "",
    "held": ("static/js/judge/", "static/js/keeping/", "static/js/exam/"),
    "lone": "",
    "one": "",
    "ruled": "static/js/judge/",
    "walk": "",
}


def code_of_script(name: str) -> str:
    """The code of a script, its comments and texts apart."""
    return re.sub(
        r"/\*.*?\*/|//[^\n]*|\"[^\"\n]*\"|`[^`]*`",
        "",
        (ROOT / name).read_text(encoding="utf-8"),
        flags=re.S,
    )


def retired_in_script(name: str) -> list[str]:
    """Which retired words its code says."""
    code = code_of_script(name)
    return [
        word
        for word, below in IN_SCRIPTS.items()
        if not (below and name.startswith(below))
        and not (word == "one" and "other" in code)
        and re.search(rf"\b{word}\b", code)
    ]


def test_no_retired_name_is_given_in_a_script() -> None:
    words_of_scripts = {name: retired_in_script(name) for name in SCRIPTS}
    assert {name: words for name, words in words_of_scripts.items() if words} == {}


# As what stands alone in a script's code: neither a field of something nor a key.
EMPTY_IN_SCRIPT = re.compile(rf"(?<![\w$#])(?<![^.]\.)_?(?:{'|'.join(sorted(EMPTY))})\b(?!\s*:)")
# Where a template gives names: before the `in` of a loop, after `set`, and a macro with its own.
GIVEN_IN_TEMPLATE = re.compile(r"\{%-?\s*(?:for\s(.+?)\sin\s|set\s+([\w\s,]+)|macro\s([^%]*))")


def empty_in_template(text: str) -> set[str]:
    """Which empty words a template gives as names."""
    given = " ".join("".join(groups) for groups in GIVEN_IN_TEMPLATE.findall(text))
    return set(re.findall(r"\w+", given)) & EMPTY


def test_a_variable_of_a_script_is_called_by_what_it_is() -> None:
    empty = {name: EMPTY_IN_SCRIPT.findall(code_of_script(name)) for name in SCRIPTS}
    assert {name: words for name, words in empty.items() if words} == {}


def test_a_variable_of_a_template_is_called_by_what_it_is() -> None:
    templates = {
        file.relative_to(ROOT).as_posix(): empty_in_template(file.read_text(encoding="utf-8"))
        for file in (ROOT / "templates").rglob("*.html")
    }
    assert {name: words for name, words in templates.items() if words} == {}


def test_an_empty_word_is_seen_where_a_name_is_given() -> None:
    for code in (
        "const found = 1",
        "for (const each of rows)",
        "(told) => 1",
        "({ said })",
        "[a, ...one]",
    ):
        assert EMPTY_IN_SCRIPT.search(code), code
    for code in ("part.said", "{ said: words }", "foundation"):
        assert not EMPTY_IN_SCRIPT.search(code), code
    for text in ("{% for each in x %}", "{%- set a, told = x %}", "{% macro one(f) %}"):
        assert empty_in_template(text), text
    assert empty_in_template("{% for row in each %}{{ found }}") == set()


# A file or folder is called by what it holds; each old name with what is said instead.
RETIRED_FILES = {
    "amending": "rules",
    "asked_of_packs": "rule_pack_confirmations",
    "between_versions": "change_counts",
    "brought_files": "unproven_files",
    "calling_up": "next_in_rank",
    "files_otherwise": "conflicting_files",
    "handed_in": "submitted_people",
    "handing_in": "submission",
    "lacking": "missing",
    "line_by_line": "changed_lines",
    "marked_anew": "previous_round",
    "meanwhile": "edit_conflicts",
    "moved_besides": "impact_on_awards",
    "noted_elsewhere": "printed_hashes",
    "notice_first": "grade_approval_gate",
    "remarking": "disputes",
    "safekeeping": "backups",
    "scored_anew": "impact_on_scores",
    "seconds": "pending_approvals",
    "seldom": "log_throttle",
    "set_aside": "missing_from_export",
    "taken_back": "undo, revoked_roles",
    "taken_down": "withdrawn_notices",
    "told": "moved_people, leaves_of_records: who or what is told",
    "told_departments": "indicator_departments",
    "told_periods": "announced_periods",
    "touched": "outdated_names",
    "touched_units": "outdated_units",
    "transparency": "log",
    "trouble": "storage_errors",
    "waiting_for_another": "pending_approvals",
    "open_proposals": "pending_approvals",
    "what_was_decided": "grade_decisions",
    "whole_crews": "crews",
    "worked_again": "record_checks",
}


# The end of a path that keeps its word in its field's own sense.
ALLOWED_FILES = {("appeals", "filing"): "an appeal is filed"}


def retired_in_path(name: str) -> str:
    """What to say instead of a retired name in the path of a file; empty if none is there."""
    parts = [part.removeprefix("test_") for part in Path(name).with_suffix("").parts]
    if tuple(parts[-2:]) in ALLOWED_FILES:
        parts.pop()
    instead = [known[part] for known in (RETIRED, RETIRED_FILES) for part in parts if part in known]
    if name.endswith("_back.py"):
        instead.append("…_undo")
    if parts[-3:] == ["services", "rules", "in_force"]:
        instead.append("taking_effect")
    return "; ".join(instead)


def test_no_file_bears_a_retired_name() -> None:
    words_of_paths = {name: retired_in_path(name) for name in (*FILES, *SCRIPTS)}
    assert {name: instead for name, instead in words_of_paths.items() if instead} == {}


def test_a_retired_file_name_is_found() -> None:
    assert retired_in_path("compete/web/trouble.py") == "storage_errors"
    assert retired_in_path("compete/services/amending/changes.py") == "rules"
    assert retired_in_path("compete/services/filing.py") == RETIRED["filing"]
    assert retired_in_path("tests/services/schedule/test_moved_back.py") == "…_undo"
    assert retired_in_path("compete/services/rules/in_force.py") == "taking_effect"
    assert retired_in_path("compete/web/organiser/rules/events/in_force.py") == ""


def _named_twice(source: str) -> list[str]:
    """The names that a file gives to two values of its own, of which functions see the last."""
    times: dict[str, int] = {}
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            for name in (it for target in targets for it in ast.walk(target)):
                if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store):
                    times[name.id] = times.get(name.id, 0) + 1
    return [name for name, count in times.items() if count > 1]


def test_a_file_gives_no_name_to_two_values() -> None:
    twice = {
        f"{file}: {name}"
        for file in FILES
        for name in _named_twice((ROOT / file).read_text(encoding="utf-8"))
    }
    assert twice == set()


def test_a_name_of_two_values_is_seen() -> None:
    assert _named_twice("A = 1\nB: int = 2\nA, C = 3, 4\ndef f() -> None:\n    B = 1\n") == ["A"]
