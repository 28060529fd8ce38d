"""What a page to be looked at is."""

from __future__ import annotations

import re
from dataclasses import dataclass

SIZES = {
    "desk": (1440, 900),
    "wide": (1024, 768),
    "tall": (768, 1024),
    "phone": (390, 844),
    "small": (320, 640),
    "hall": (1920, 1080),
}
BOTH = ("light", "dark")


@dataclass(frozen=True)
class Look:
    """One page: its address, who opens it, and at which sizes and in which themes.

    `{names}` in the address are of `Filled.ends`.
    """

    address: str
    who: str = "admin"
    sizes: tuple[str, ...] = ("desk", "phone")
    themes: tuple[str, ...] = ("light",)
    status: int = 200

    @property
    def name(self) -> str:
        """The address as the name of a file."""
        words = re.sub(r"[^\w-]+", "-", self.address).strip("-") or "index"
        return words if self.who == "admin" else f"{words}-{self.who}"

    @property
    def by_script(self) -> bool:
        """Whether a script fetches what stands on it."""
        begins = ("/judge/", "/check-in/", "/hall/", "/labour-entry/")
        return self.address.startswith(begins) or self.address.endswith("/hall")
