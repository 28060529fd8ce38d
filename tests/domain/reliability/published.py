"""The published tables, as they were printed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "data" / "published"


def published(name: str) -> dict[str, Any]:
    """One table with what its source says of it."""
    source: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return source
