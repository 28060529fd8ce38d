"""Fields of drafts of rules as data: where a file has each, what it is called, how it is typed.

A draft is a dataclass; `told` makes each of its fields from one of the kinds below. The tree of
a file, the texts of a form, and what differs between two versions follow from that.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import Field, dataclass, field, fields, replace
from decimal import Decimal
from functools import cache
from itertools import count, takewhile
from typing import Any, ClassVar, Protocol, TypeVar

from compete.domain.values.messages import Message
from compete.domain.values.numerals import number_in_text, plain


def put(tree: dict[str, Any], key: str, value: Any, *, needed: bool = False) -> None:
    """Put it there; what is empty is left out, unless the format wants to be told."""
    if value in ("", None, [], {}) and not needed:
        tree.pop(key, None)
    else:
        tree[key] = value


def whole(text: str) -> int | str:
    """The number that the text is; any other text as it is."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else text


def hundredth(text: str) -> str:
    """The text of per cent as a share; what is no number stays as it is."""
    number = number_in_text(text)
    return text if number is None else format(number / 100, "f")


def number_of(value: Any) -> str:
    """A decimal of a file in the fewest digits; empty for none."""
    return "" if value is None else plain(Decimal(value))


def text_of(value: Any) -> str:
    """A value of a file as it is written; empty for none."""
    return "" if value is None else str(value)


def coded(
    drafts: Sequence[Any],
    known: Mapping[str, Mapping[str, Any]],
    make: Any,
    letter: str,
    taken: set[str] | None = None,
) -> Iterable[dict[str, Any]]:
    """Make each draft a tree: under its own code, or the next of a letter that is not `taken`.

    Without `taken` it is those that are `known`.
    """
    taken = set(known) if taken is None else taken
    for draft, code in zip(drafts, codes_of(drafts, known, letter, taken), strict=True):
        yield make(draft, known.get(draft.was), code)


def codes_of(
    drafts: Sequence[Any], known: Mapping[str, Any], letter: str, taken: set[str]
) -> list[str]:
    """The code of each draft: its own, or the next of a letter that is not `taken` (added to)."""
    own = [draft.was if draft.was in known else "" for draft in drafts]
    return filled_codes(own, letter, taken)


def filled_codes(codes: Iterable[str], letter: str, taken: set[str], width: int = 1) -> list[str]:
    """The codes, an empty one as the next of a letter that is not `taken` (added to)."""
    filled = []
    for number, code in enumerate(codes, start=1):
        if not code:
            free = number
            while (code := f"{letter}{free:0{width}}") in taken:
                free += 1
            taken.add(code)
        filled.append(code)
    return filled


Form = Mapping[str, str]
"""Texts by the name of the field in which they stand."""


class Draft(Protocol):
    """A draft of rules, or of a row of them, in a form."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


class Row(Draft, Protocol):
    """A row of several: `was` is the code of what it changes, empty for a new one.

    `is_blank` is one in which nothing was written.
    """

    @property
    def was(self) -> str: ...
    @property
    def is_blank(self) -> bool: ...


D = TypeVar("D", bound=Draft)
R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class RuleField:
    """A line. `place` is where a file has it within its row, as `when.item.code`.

    `short` is its label in a list of what differs. `choices` names the list that has words for
    its values; what is chosen has that of its own name. `unsaid` is what it shows, `usual` what
    is not written, where a file says nothing. One that is `needed` is written empty too, with
    `beside` it is where another one says something. `named` is what the form calls it;
    `by_hand`: its draft writes it by itself.
    """

    input: ClassVar[str] = "line"

    place: str
    label: Message | None = None
    hint: Message | str = ""
    short: Message | None = None
    choices: str = ""
    unsaid: str = ""
    usual: str | None = None
    needed: bool = False
    beside: str = ""
    named: str = ""
    by_hand: bool = False
    silently: str = ""
    """What counts where nothing is said."""

    @property
    def name(self) -> str:
        """The field's name within its row of the form."""
        return self.named or self.place

    @property
    def start(self) -> Any:
        """The field's value in a new draft."""
        return self.unsaid

    def of(self, value: Any) -> Any:
        """The draft's value for what a file has."""
        return text_of(value) or self.unsaid

    def file_value(self, now: Any) -> Any:
        """The file's value for what a draft says."""
        return None if now == self.usual else self.encode(now)

    def encode(self, now: Any) -> Any:
        return now

    def read(self, form: Form, name: str, old: Any) -> Any:
        """Read what was typed; a form without the field leaves what was."""
        return self.tidy(form, name) if name in form else old

    def tidy(self, form: Form, name: str) -> str:
        return line(form, name)

    def texts(self, now: Any, name: str) -> dict[str, str]:
        """The texts in the form's fields for it."""
        return {name: now or ""}

    def words(self, now: Any) -> str:
        """A text that no list has words for, as a list of what differs has it."""
        return self.silently if now in (None, "", self.usual) else str(now)


@dataclass(frozen=True, slots=True)
class NoteField(RuleField):
    """A line that a file may have with more blanks."""

    def of(self, value: Any) -> str:
        return " ".join(text_of(value).split())


@dataclass(frozen=True, slots=True)
class WholeField(RuleField):
    """A whole number."""

    input: ClassVar[str] = "number"

    def encode(self, now: Any) -> int | str:
        return whole(now)

    def tidy(self, form: Form, name: str) -> str:
        return number(form, name) or self.unsaid


@dataclass(frozen=True, slots=True)
class NumberField(RuleField):
    """A decimal."""

    input: ClassVar[str] = "number"

    def of(self, value: Any) -> str:
        return number_of(value) or self.unsaid

    def tidy(self, form: Form, name: str) -> str:
        return number(form, name) or self.unsaid


@dataclass(frozen=True, slots=True)
class PercentField(NumberField):
    """A field of per cent; the sign may be written behind it."""

    def tidy(self, form: Form, name: str) -> str:
        return number(form, name).removesuffix("%")


@dataclass(frozen=True, slots=True)
class ShareField(PercentField):
    """A field of per cent; a file has the share."""

    def of(self, value: Any) -> str:
        return "" if value is None else plain(Decimal(value) * 100)

    def encode(self, now: Any) -> str:
        return hundredth(now)


@dataclass(frozen=True, slots=True)
class WeightField(NumberField):
    """A weight: per cent that a file has as such."""

    def words(self, now: Any) -> str:
        return f"{now}%" if now else ""


@dataclass(frozen=True, slots=True)
class TextField(RuleField):
    """A field of lines, which a file has as a text."""

    input: ClassVar[str] = "lines"

    def of(self, value: Any) -> str:
        return _tidy_lines(text_of(value))

    def tidy(self, form: Form, name: str) -> str:
        return lines(form, name)


@dataclass(frozen=True, slots=True)
class LinesField(TextField):
    """A field of lines, which a file has as a list."""

    def of(self, value: Any) -> str:
        return _tidy_lines("\n".join(value or ()))

    def encode(self, now: Any) -> list[str]:
        return str(now).splitlines()


@dataclass(frozen=True, slots=True)
class ChoiceField(RuleField):
    """A field with one of a list; the `usual` one is shown where a file says nothing."""

    input: ClassVar[str] = "choice"

    @property
    def start(self) -> str:
        return self.usual or ""

    def of(self, value: Any) -> str:
        return text_of(value) or self.usual or ""

    def tidy(self, form: Form, name: str) -> str:
        return form[name]


@dataclass(frozen=True, slots=True)
class UnsaidField(ChoiceField):
    """A field with one of a list; the `usual` one stays unsaid, unless the file says it."""

    @property
    def start(self) -> str:
        return ""

    def of(self, value: Any) -> str:
        return text_of(value)

    def file_value(self, now: Any) -> Any:
        return whole(now)

    def read(self, form: Form, name: str, old: Any) -> Any:
        text = form.get(name, "")
        return "" if text == self.usual and not old else text


@dataclass(frozen=True, slots=True)
class FlagField(RuleField):
    """A field of yes or no; what is so `usually` is not written, `tells_no` if no is told."""

    input: ClassVar[str] = "flag"

    usually: bool = False
    tells_no: bool = True

    @property
    def start(self) -> bool:
        return self.usually

    def of(self, value: Any) -> bool:
        return self.usually if value is None else bool(value)

    def file_value(self, now: Any) -> Any:
        return None if now == self.usually else now

    def read(self, form: Form, name: str, old: Any) -> bool:
        return name in form

    def texts(self, now: Any, name: str) -> dict[str, str]:
        return {name: "1" if now else ""}


@dataclass(frozen=True, slots=True)
class PlaceField(RuleField):
    """A row of another list by its place, counted from 0; who has the list reads and writes it."""

    by_hand: bool = True

    @property
    def start(self) -> None:
        return None

    def read(self, form: Form, name: str, old: Any) -> int | None:
        return old if isinstance(old, int) else None

    def texts(self, now: Any, name: str) -> dict[str, str]:
        return {name: "" if now is None else str(now)}


@dataclass(frozen=True, slots=True)
class ListField(RuleField):
    """A field with several, each in a field of its own."""

    input: ClassVar[str] = "list"

    @property
    def start(self) -> tuple[str, ...]:
        return ()

    def of(self, value: Any) -> tuple[str, ...]:
        return tuple(value or ())

    def file_value(self, now: Any) -> list[str]:
        return list(now)

    def read(self, form: Form, name: str, old: Any) -> tuple[str, ...]:
        return chosen(form, name)

    def texts(self, now: Any, name: str) -> dict[str, str]:
        return {f"{name}[{n}]": key for n, key in enumerate((*now, ""))}


@dataclass(frozen=True, slots=True)
class ChainField(ListField):
    """A field with several in the order in which they are asked."""

    input: ClassVar[str] = "chain"


@dataclass(frozen=True, slots=True)
class TicksField(ListField):
    """A field with several, each with a box of its own: `when.levels.municipal`."""

    input: ClassVar[str] = "ticks"

    def read(self, form: Form, name: str, old: Any) -> tuple[str, ...]:
        """Read what was ticked: first what was before, in its order."""
        start = f"{name}."
        ticked = [box.removeprefix(start) for box in form if box.startswith(start)]
        return (*(code for code in old if code in ticked), *(it for it in ticked if it not in old))

    def texts(self, now: Any, name: str) -> dict[str, str]:
        return {name: " ".join(now)}


def draft_field(
    kind: type[RuleField],
    place: str,
    label: Message | None = None,
    hint: Message | str = "",
    **more: Any,
) -> Any:
    """A field of a draft of this kind; it begins with `start`, or as its kind does."""
    start = {"default": more.pop("start")} if "start" in more else {}
    rule = kind(place, label, hint, **more)
    return field(**{"default": rule.start} | start, metadata={"rule": rule})


@cache
def rule_fields(kind: type[Any]) -> Mapping[str, RuleField]:
    """The fields that are told, by what the draft calls them."""
    return {
        field.name: replace(rule, choices=rule.choices or field.name)
        if isinstance(rule, (ChoiceField, ListField))
        else rule
        for field in fields(kind)
        if (rule := field.metadata.get("rule"))
    }


def draft_from(kind: type[D], tree: Mapping[str, Any], **beside: Any) -> D:
    """The form's draft of what a file has; of a row its code besides."""
    values = {name: rule.of(_at(tree, rule.place)) for name, rule in rule_fields(kind).items()}
    if "was" in kind.__dataclass_fields__:
        values["was"] = tree["code"]
    return kind(**values | beside)


def put_changes(tree: dict[str, Any], draft: Draft, old: Draft | None) -> None:
    """Put what a draft says otherwise than `old` did; for None, what it says at all."""
    start = type(draft)() if old is None else old
    for name, rule in rule_fields(type(draft)).items():
        now = getattr(draft, name)
        beside = bool(rule.beside) and bool(getattr(draft, rule.beside))
        lacks = (old is None and rule.needed) or (beside and _at(tree, rule.place) is None)
        if not rule.by_hand and now is not None and (lacks or now != getattr(start, name)):
            put_at(tree, rule.place, rule.file_value(now), needed=rule.needed or beside)


def put_at(tree: dict[str, Any], place: str, value: Any, *, needed: bool = False) -> None:
    """Put it there; `a.b` is a key within what the key `a` has."""
    head, dot, rest = place.partition(".")
    if not dot:
        put(tree, head, value, needed=needed)
        return
    inner = dict(tree.get(head) or {})
    put_at(inner, rest, value, needed=needed)
    if inner != (tree.get(head) or {}):
        put(tree, head, inner)


def row_tree(draft: Row, known: Mapping[str, Any] | None, code: str) -> dict[str, Any]:
    """The row with what the draft says otherwise; `code` is that of a new one."""
    tree: dict[str, Any] = {"code": code} if known is None else dict(known)
    put_changes(tree, draft, None if known is None else draft_from(type(draft), known))
    return tree


def read_fields(form: Form, draft: D, path: str = "") -> D:
    """The draft with what was typed."""
    read = {
        name: rule.read(form, f"{path}{rule.name}", getattr(draft, name))
        for name, rule in rule_fields(type(draft)).items()
    }
    return replace(draft, **read)


def read_row(form: Form, path: str, fresh: R, known: Mapping[str, R] | None = None) -> R:
    """A row that was sent: of those `known` the one that it changes, else a `fresh` one."""
    was = form.get(f"{path}.was", "")
    base = replace(fresh, was=was) if known is None else known.get(was, fresh)
    return read_fields(form, base, f"{path}.")


def texts_of(draft: Draft, path: str = "") -> dict[str, str]:
    """The text in each field of the form."""
    texts: dict[str, str] = {}
    for name, rule in rule_fields(type(draft)).items():
        texts |= rule.texts(getattr(draft, name), f"{path}{rule.name}")
    return texts


def _at(tree: Mapping[str, Any], place: str) -> Any:
    value: Any = tree
    for key in place.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _tidy_lines(text: str) -> str:
    return "\n".join(line for raw in text.splitlines() if (line := raw.strip()))


def line(form: Form, name: str) -> str:
    """Read one line without blanks around or two beside each other."""
    return " ".join(form.get(name, "").split())


def lines(form: Form, name: str) -> str:
    """The lines in which anything stands."""
    return _tidy_lines(form.get(name, ""))


def number(form: Form, name: str) -> str:
    """Read digits as they are typed on any keyboard; what is no number stays what it is."""
    return unicodedata.normalize("NFKC", form.get(name, "")).strip()


def chosen(form: Form, name: str) -> tuple[str, ...]:
    """The choices in `name[0]`, `name[1]` and so on, each once, in order."""
    names = (f"{name}[{n}]" for n in count())
    keys = (form[key] for key in takewhile(form.__contains__, names))
    return tuple(dict.fromkeys(key for key in keys if key))


def rows(form: Form, name: str, by: str, keep: str = "") -> Iterator[str]:
    """The paths of a list's rows but those marked to go; each sent row has the field `by`.

    As many as were sent: how large a form may be is said for all of them.
    """
    sent = takewhile(lambda path: f"{path}.{by}" in form, (f"{name}[{n}]" for n in count()))
    return (path for path in sent if path == keep or f"{path}.gone" not in form)
