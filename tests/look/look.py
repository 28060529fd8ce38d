"""What a photographed page is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

SIZES = {
    "desk": (1440, 900),
    "wide": (1024, 768),
    "tall": (768, 1024),
    "phone": (390, 844),
    "small": (320, 640),
    "hall": (1920, 1080),
}


@dataclass(frozen=True)
class Look:
    """One page: its template, its data, and how it is photographed."""

    name: str
    template: str
    sample: Callable[[], dict[str, Any]]
    sizes: tuple[str, ...] = ("desk",)
    themes: tuple[str, ...] = ("light",)
    whole: bool = True


BOTH = ("light", "dark")
