"""Problems of a draw file."""

from __future__ import annotations

from collections.abc import Sequence

from compete.domain.bundle.problems import Problem


class DrawFileError(Exception):
    """A file that is no draw. `problems` are as those of a bundle: a place and a sentence each."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems)
        self.problems = list(problems)

    def __str__(self) -> str:
        return "\n".join(f"{problem.path}: {problem.message}" for problem in self.problems)
