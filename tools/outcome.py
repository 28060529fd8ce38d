"""Outcome of a check."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Outcome:
    """The outcome of a check: problems make it fail; `skipped` says why it was not carried out."""

    problems: list[str] = field(default_factory=list)
    note: str = ""
    skipped: str = ""

    def headline(self) -> str:
        """Write one line for the reader."""
        if self.problems:
            return "FAILED"
        if self.skipped:
            return f"skipped: {self.skipped}"
        return f"ok ({self.note})" if self.note else "ok"
