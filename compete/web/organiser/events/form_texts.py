"""Texts of a form of rules: lines, numbers, keys in order, rows of a list."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from itertools import count, takewhile


def line(form: Mapping[str, str], name: str) -> str:
    """One line without blanks around or two beside each other."""
    return " ".join(form.get(name, "").split())


def lines(form: Mapping[str, str], name: str) -> str:
    """The lines in which anything stands."""
    found = (each.strip() for each in form.get(name, "").splitlines())
    return "\n".join(each for each in found if each)


def number(form: Mapping[str, str], name: str) -> str:
    """Digits as they are typed on any keyboard; what is no number stays what it is."""
    return unicodedata.normalize("NFKC", form.get(name, "")).strip()


def chosen(form: Mapping[str, str], name: str) -> tuple[str, ...]:
    """What was chosen in `name[0]`, `name[1]` and so on, each once, in order."""
    names = (f"{name}[{n}]" for n in count())
    keys = (form[each] for each in takewhile(form.__contains__, names))
    return tuple(dict.fromkeys(key for key in keys if key))


def rows(form: Mapping[str, str], name: str, told: str, keep: str = "") -> Iterator[str]:
    """The paths of a list's rows but those marked to go; each sent row has the field `told`.

    As many as were sent: how large a form may be is said for all of them.
    """
    sent = takewhile(lambda path: f"{path}.{told}" in form, (f"{name}[{n}]" for n in count()))
    return (path for path in sent if path == keep or f"{path}.gone" not in form)
