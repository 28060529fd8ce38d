"""Of which parts each face's stylesheet is put together, and how."""

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
        "analysis",
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
        "verify",
        "draw",
        "trust",
        "print",
    ),
    # Beside the desk's, on the forms of an event's and of a labour competition's rules.
    "rules": ("rule_form", "rule_rows", "tried"),
    # Beside the desk's, on the page of a module's panels.
    "seating": ("seating",),
    # Beside the desk's, on the board of who is at which station, and its forms.
    "floor": ("floor",),
    # Beside the desk's, on the page of appeals.
    "arbiters": ("arbiters", "film"),
    # Beside the desk's, on the pages of draws.
    "ceremony": ("ceremony",),
    # Beside the desk's, on the checklist of a set-up.
    "set_up": ("set_up",),
    # Beside the desk's, on the page on which a labour competition's figures are entered.
    "entry": ("labour_entry", "labour_grid", "labour_notes"),
    "hall": ("tokens", "base", "cards", "hall", "draw_hall", "labour_wall"),
}


def squeeze(css: str) -> str:
    """The same rules without comments and without the space that only people need."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    return re.sub(r" ?([{};,]) ?", r"\1", css).replace(";}", "}").strip()


_DARK = re.compile(r'\[data-theme="dark"\][^{}]*\{[^{}]*\}')


def following_the_system(css: str) -> str:
    """The dark rules once more, for a page whose reader has not chosen and whose system is dark."""
    darkened = "".join(found[0].replace('"dark"', '"auto"') for found in _DARK.finditer(css))
    return f"@media (prefers-color-scheme:dark){{{darkened}}}"


def face_text(name: str, folder: Path) -> str:
    """The stylesheet of face `name`, from its parts in `folder`.

    Raises KeyError for a face that there is not, OSError for a part that is missing.
    """
    parts = [(folder / f"{part}.css").read_text(encoding="utf-8") for part in FACES[name]]
    text = squeeze("\n".join(parts))
    return text + following_the_system(text) if name == "judge" else text
