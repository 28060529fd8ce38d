"""The parts of each face's stylesheet, and the way they are put together.

The parts are written for browsers of today. What Chrome 80 does not know of it is said once
more beside it, in words that it knows, where a browser of today passes over it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

_GROUND = ("tokens", "base", "buttons", "chips", "forms", "messages", "cards", "bars")

FACES: Mapping[str, tuple[str, ...]] = {
    "desk": (
        *_GROUND,
        "tables",
        "ticks",
        "progress",
        "empty",
        "dialogs",
        "desk",
        "deciding",
        "settling",
        "preview",
        "arrivals",
        "setup",
        "event_rules",
        "standings",
        "console",
        "recheck",
        "labour",
        "signed",
        "portrait",
        "person",
        "unit",
        "directory",
        "narrow",
        "print",
    ),
    "judge": (
        *_GROUND,
        "ticks",
        "progress",
        "empty",
        "dialogs",
        "judge",
        "sheet",
        "controls",
        "checks",
        "keypad",
        "signing",
        "portrait",
        "check_in",
        "arrivals",
        "landscape",
    ),
    "public": (
        *_GROUND,
        "tables",
        "progress",
        "empty",
        "dialogs",
        "public",
        "results",
        "podium",
        "labour",
        "appeal",
        "film",
        "enter",
        "record",
        "verify",
        "draw",
        "trust",
        "print",
    ),
    "exam": (*_GROUND, "dialogs", "exam"),
    # Beside the desk's, on a labour competition's month, on who is late, and on all links.
    "matrix": ("labour_matrix",),
    # Beside the desk's, on awards and promotions.
    "awards": ("awards",),
    # Beside the desk's, on its home.
    "waiting": ("waiting",),
    # Beside the desk's, on the list of judges.
    "drawers": ("drawers",),
    # Beside the desk's, on the columns of a file and its rows.
    "columns": ("file_columns",),
    # Beside the desk's, where a block is pasted into fields.
    "blocks": ("blocks",),
    # Beside the desk's, on the pages of a small contest.
    "small": ("small", "blocks"),
    # Beside the desk's, on the forms of an event's and of a labour competition's rules.
    "rules": ("rule_form", "rule_rows", "rule_steps", "tried"),
    # Beside the desk's, on the page of a module's panels.
    "seating": ("seating",),
    # Beside the desk's, on the board of who is at which station, and its forms.
    "floor": ("floor",),
    # Beside the desk's, on how judges judge, and on a module's board.
    "analysis": ("analysis",),
    # Beside the desk's, on the page of appeals.
    "arbiters": ("arbiters", "film"),
    # Beside the desk's, on the pages of draws.
    "ceremony": ("ceremony",),
    # Beside the desk's, on the room of an examination.
    "seats": ("seats",),
    # Beside the desk's, on a question bank.
    "bank": ("bank",),
    # Beside the desk's, on the record of one of a unit's people.
    "record": ("record",),
    # Beside the desk's, on figures over many competitions.
    "figures": ("figures",),
    # Beside the desk's, on a series.
    "series": ("series",),
    # Beside the desk's, on the plan of the days.
    "plan": ("plan",),
    # Beside the desk's, on the checklist of a set-up.
    "set_up": ("set_up",),
    # Beside the desk's, on the page of a competition's messages.
    "telling": ("telling",),
    # Beside the desk's, on the page on which a labour competition's figures are entered.
    "entry": ("labour_entry", "labour_grid", "labour_notes", "blocks"),
    "hall": ("tokens", "base", "cards", "hall", "draw_hall", "labour_wall"),
    # Over a film of the hall.
    "overlay": ("tokens", "base", "overlay"),
}

# Faces that judges, clerks, candidates, contestants and halls open; desks have one of the day.
FOR_OLDER = ("judge", "exam", "public", "hall")


def squeeze(css: str) -> str:
    """The same rules without comments and without the space that only people need."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    return re.sub(r" ?([{};,]) ?", r"\1", css).replace(";}", "}").strip()


_DARK = re.compile(r'\[data-theme="dark"\][^{}]*\{[^{}]*\}')


def _following_the_system(css: str) -> str:
    """The dark rules once more, for a page whose reader has not chosen and whose system is dark."""
    darkened = "".join(rule[0].replace('"dark"', '"auto"') for rule in _DARK.finditer(css))
    return f"@media (prefers-color-scheme:dark){{{darkened}}}"


_RULE = re.compile(r"([^{}]*[^{}\s])\{([^{}]*)\}")
# Chrome has each since the version in which it also learnt what is said otherwise below.
_BEFORE_88 = "@supports not (aspect-ratio:1)"
_BEFORE_84 = "@supports not (appearance:none)"
_SIDES = {
    "inline": ("left", "right"),
    "block": ("top", "bottom"),
}
_LATE = re.compile(r":(?:has|focus-visible|where)\b|::file-selector-button")
_FOUR = ("top", "right", "bottom", "left")
_PAIRED = re.compile(r"^(margin|padding|border)-(inline|block)$")
_LATE_HEIGHT = re.compile(r"(?<=\d)[dsl]vh\b")


def also_for_older(css: str) -> str:
    """The same rules, each followed by what Chrome 80 needs in order to understand it."""
    flex = {
        selector
        for heads, body in _RULE.findall(css)
        if re.search(r"display: ?(?:inline-)?flex", body)
        for selector in split(heads)
    }

    def with_older(match: re.Match[str]) -> str:
        heads, body = match[1], re.sub(r"(?<=:) ", "", match[2])
        if heads.startswith("@"):
            return match[0]
        every = [way for head in split(heads) for way in _without_lists(head)]
        plain = [way for way in every if not _LATE.search(way)]
        after = ""
        if plain and (plain != split(heads) or _older_body(body) != body):
            after = f"{_BEFORE_88}{{{','.join(plain)}{{{_older_body(body)}}}}}"
        apart = _apart(body)
        if (
            plain
            and apart
            and ("display:flex" in body or any(head in flex for head in split(heads)))
        ):
            spaced = ",".join(way + apart[0] for way in plain)
            after += f"{_BEFORE_84}{{{spaced}{{{apart[1]}}}}}"
        return match[0] + after

    return _RULE.sub(with_older, css)


def _apart(body: str) -> tuple[str, str] | None:
    """Return a flex box's children with gaps, and the margins that stand for the gaps."""
    gap = re.search(r"(?<![\w-])gap:([^;]+)", body)
    if not gap or "display:grid" in body:
        return None
    row, *column = split(gap[1], " ")
    if "flex-wrap:wrap" in body:
        return ">*", f"margin-right:{(column or [row])[0]};margin-bottom:{row}"
    side = "top" if "flex-direction:column" in body else "left"
    return ">*+*", f"margin-{side}:{row if side == 'top' else (column or [row])[0]}"


def _older_body(body: str) -> str:
    """Declarations without shorthands of 87 and lengths of 108."""
    lines = []
    for line in split(body, ";"):
        name, _, value = line.partition(":")
        paired = _PAIRED.match(name)
        if paired:
            ends = split(value, " ") if paired[1] != "border" else [value]
            lines += [
                f"{paired[1]}-{side}:{end}"
                for side, end in zip(_SIDES[paired[2]], (ends[0], ends[-1]), strict=True)
            ]
        elif name == "inset":
            ends = split(value, " ")
            # The right end is as the top one, the bottom as the top, the left as the right.
            for place in range(len(ends), 4):
                ends.append(ends[max(place - 2, 0)])
            lines += [f"{side}:{end}" for side, end in zip(_FOUR, ends, strict=True)]
        else:
            lines.append(f"{name}:{_LATE_HEIGHT.sub('vh', value)}" if value else line)
    return ";".join(lines)


def _without_lists(selector: str) -> list[str]:
    """The selectors that together say what one says by `:is(a,b)` and `:not(a,b)`."""
    match = re.search(r":(is|not)\(", selector)
    while match:
        end = _closing(selector, match.end())
        choices = split(selector[match.end() : end])
        before, after = selector[: match.start()], selector[end + 1 :]
        if match[1] == "is":
            return [
                whole
                for choice in choices
                for whole in _without_lists(_joined(before, choice, after))
            ]
        if len(choices) > 1:
            apart = "".join(f":not({choice})" for choice in choices)
            return _without_lists(before + apart + after)
        match = re.compile(r":(is|not)\(").search(selector, end)
    return [selector]


def _joined(before: str, choice: str, after: str) -> str:
    """`.a:is(b)` is `b.a`: the name of an element stands first."""
    if choice[0].isalpha() and before and before[-1] not in " >+~":
        start = max(before.rfind(sign) for sign in " >+~") + 1
        return f"{before[:start]}{choice}{before[start:]}{after}"
    return before + choice + after


def _closing(text: str, place: int) -> int:
    """Find the closing bracket of the one that was opened before `place`."""
    depth = 1
    while depth:
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        place += 1
    return place - 1


def split(text: str, sign: str = ",") -> list[str]:
    """The parts of a list that stand outside of brackets."""
    parts, depth = [""], 0
    for letter in text:
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(letter, 0)
        if letter == sign and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts if part.strip()]


def face_text(name: str, folder: Path) -> str:
    """The stylesheet of face `name`, from its parts in `folder`.

    Raises KeyError for a face that there is not, OSError for a part that is missing.
    """
    parts = [(folder / f"{part}.css").read_text(encoding="utf-8") for part in FACES[name]]
    text = squeeze("\n".join(parts))
    if name in FOR_OLDER:
        text = also_for_older(text)
    return text + _following_the_system(text) if name in ("judge", "exam") else text
