"""Translations: keep the catalogues in step with the texts in the program.

`python -m tools.translations` checks; `--update` brings new texts in, untranslated,
and drops those that nothing uses. The Chinese text is the key; every other language
must have all of it, with the same holes.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from compete.language import FIRST, LANGUAGES
from hatch_build import compile_catalogues
from tools.outcome import Outcome

OTHERS = [language.locale for language in LANGUAGES.values() if language != FIRST]
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "_l": None,
    "msg": None,
    "ngettext": (1, 2),
}
METHODS = [
    ("**.py", "python"),
    ("**.html", "jinja2"),
    ("**.txt", "jinja2"),
    ("**.svg", "jinja2"),
    ("**.js", "javascript"),
]
# A template that cannot be read must not pass as one without texts.
OPTIONS = {"**.html": {"silent": "false"}, "**.txt": {"silent": "false"}}
HOLE = re.compile(r"(?<!%)(?:%%)*%\((\w+)\)[sdr]")


def _is_written(folder: str) -> bool:
    """True if the files of a folder were written by hand, not left there by a build."""
    return Path(folder).name != "_minified"


def extract(root: Path) -> Catalog:
    """Extract all texts of pages, scripts and commands that a reader may see, with their places."""
    fresh_catalogue = Catalog(fuzzy=False)
    for folder in ("compete", "templates", "static/js"):
        for name, line, text, _comments, _context in extract_from_dir(
            root / folder, METHODS, OPTIONS, keywords=KEYWORDS, directory_filter=_is_written
        ):
            fresh_catalogue.add(text, locations=[(f"{folder}/{name}", line)])
    return fresh_catalogue


def catalogue_path(root: Path, language: str) -> Path:
    """The path of a language's catalogue."""
    return root / "compete" / "translations" / language / "LC_MESSAGES" / "messages.po"


def load(root: Path, language: str) -> Catalog:
    """Load the committed catalogue of a language; an empty one if there is none yet."""
    path = catalogue_path(root, language)
    if not path.is_file():
        return Catalog(locale=language, project="compete", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def entries(catalogue: Catalog) -> Iterator[Entry]:
    """The messages of a catalogue without its header."""
    return (entry for entry in catalogue if entry.id)


def _forms(text: object) -> list[str]:
    """The forms of a message: one, or several by number."""
    if isinstance(text, list | tuple):
        return [str(form or "") for form in text]
    return [str(text or "")]


def faults(fresh_catalogue: Catalog, kept: Catalog, language: str) -> list[str]:
    """List what is missing, doubtful, badly filled or no longer used in one catalogue."""
    problems = []
    used = set()
    for entry in entries(fresh_catalogue):
        first = _forms(entry.id)[0]
        used.add(first)
        place = ":".join(str(part) for part in entry.locations[0])
        translated = kept.get(entry.id)
        if translated is None:
            problems.append(f"{language}: not in the catalogue: {first!r} ({place})")
        elif translated.fuzzy:
            problems.append(f"{language}: marked as fuzzy: {first!r}")
        else:
            problems += _badly_filled(entry, translated, language)
    problems += [
        f"{language}: no longer used: {_forms(entry.id)[0]!r}"
        for entry in entries(kept)
        if _forms(entry.id)[0] not in used
    ]
    return problems


def _badly_filled(entry: Entry, translated: Entry, language: str) -> list[str]:
    wanted = {name for form in _forms(entry.id) for name in HOLE.findall(form)}
    first = _forms(entry.id)[0]
    problems = []
    for form in _forms(translated.string):
        if not form.strip():
            problems.append(f"{language}: not translated: {first!r}")
            continue
        holes = set(HOLE.findall(form))
        if holes != wanted:
            problems.append(
                f"{language}: holes {sorted(holes)} where {sorted(wanted)} are wanted: {first!r}"
            )
        elif wanted and not _fillable(form, wanted):
            problems.append(f"{language}: a single % should be %%: {form!r}")
    return problems


def _fillable(text: str, names: set[str]) -> bool:
    try:
        text % dict.fromkeys(names, 1)
    except (ValueError, TypeError):
        return False
    return True


def check(root: Path) -> Outcome:
    """Check that every text has a translation with the same holes, and none is left over."""
    fresh_catalogue = extract(root)
    problems = [
        f"{':'.join(map(str, entry.locations[0]))}: a single % should be %%: {form!r}"
        for entry in entries(fresh_catalogue)
        for form in _forms(entry.id)
        if HOLE.search(form) and not _fillable(form, set(HOLE.findall(form)))
    ]
    for language in OTHERS:
        problems += faults(fresh_catalogue, load(root, language), language)
    return Outcome(problems=problems, note=f"{len(list(entries(fresh_catalogue)))} texts")


def update(root: Path) -> None:
    """Rewrite the catalogues: new texts untranslated, unused ones gone, the rest as they were."""
    fresh_catalogue = extract(root)
    for language in OTHERS:
        kept = load(root, language)
        kept.update(fresh_catalogue, no_fuzzy_matching=True, update_header_comment=False)
        path = catalogue_path(root, language)
        path.parent.mkdir(parents=True, exist_ok=True)
        buffer = io.BytesIO()
        write_po(buffer, kept, width=100, ignore_obsolete=True, include_lineno=False)
        path.write_bytes(buffer.getvalue())
        empty = sum(1 for entry in entries(kept) if not any(_forms(entry.string)))
        print(f"{path.relative_to(root)}: {len(list(entries(kept)))} texts, {empty} to translate")
    compile_catalogues(root)


def main(arguments: list[str]) -> int:
    """Check, or with `--update` rewrite; exit status 1 if the check failed."""
    root = Path(__file__).resolve().parents[1]
    if arguments == ["--update"]:
        update(root)
        return 0
    outcome = check(root)
    print(f"translations: {outcome.headline()}", *outcome.problems, sep="\n    ")
    return 1 if outcome.problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
