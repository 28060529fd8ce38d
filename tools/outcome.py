"""Outcome of a check."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Outcome:
    """Problems make a check fail; `skipped` says why it could not be carried out."""

    problems: list[str] = field(default_factory=list)
    note: str = ""
    skipped: str = ""

    def headline(self) -> str:
        """One line for the reader."""
        if self.problems:
            return "FAILED"
        if self.skipped:
            return f"skipped: {self.skipped}"
        return f"ok ({self.note})" if self.note else "ok"
