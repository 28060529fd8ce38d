"""Every pair of text and ground that the tokens allow has a contrast of at least 4.5 to 1."""

from __future__ import annotations

import re

import pytest

from compete.resources import resource_dir

TOKENS = (resource_dir("static") / "css" / "tokens.css").read_text(encoding="utf-8")
THEMES = dict(zip(("light", "dark"), TOKENS.split('[data-theme="dark"]'), strict=True))
GROUNDS = ("paper", "surface", "sunken")
PAIRS = [
    *[(text, ground) for text in ("ink", "ink-soft", "hint") for ground in GROUNDS],
    *[(text, ground) for text in ("accent", "ok", "warn", "bad") for ground in GROUNDS[:2]],
    *[(text, f"{text}-soft") for text in ("accent", "ok", "warn", "bad")],
    ("accent-deep", "surface"),
    ("on-accent", "accent"),
    ("on-accent", "accent-deep"),
    ("ink-soft", "accent-soft"),
    ("bad", "accent-soft"),
    ("ok", "accent-soft"),
    ("on-medal", "gold"),
    ("on-medal", "silver"),
    ("on-medal", "bronze"),
    ("flag", "surface"),
    ("gold", "surface"),
    ("bronze", "surface"),
    ("on-result", "result-ground"),
    ("on-verdict", "verdict-good"),
]


def colours(theme: str) -> dict[str, str]:
    """The tokens of a theme that are plain colours."""
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", THEMES[theme]))


def light_of(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(colour: str, other: str) -> float:
    """From 1 to 21."""
    low, high = sorted((light_of(colour), light_of(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_of_black_on_white_is_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_can_be_read(theme: str, text: str, ground: str) -> None:
    tokens = colours(theme)
    assert contrast(tokens[text], tokens[ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", GROUNDS[:2])
def test_the_edge_of_a_control_can_be_seen(theme: str, ground: str) -> None:
    tokens = colours(theme)
    assert contrast(tokens["control"], tokens[ground]) >= 3
