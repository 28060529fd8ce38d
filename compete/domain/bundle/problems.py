"""Problems of a bundle, and where they are."""

from collections.abc import Sequence

from compete.domain.values.messages import Message, msg

MOST_PROBLEMS = 100
"""The most problems of one file that are told; the rest is counted."""


class Problem:
    """A problem: its path in the file, and a sentence for people.

    A path is written like `events[0].stages[1].modules[0].full`; the file as a
    whole is the empty path.
    """

    __slots__ = ("message", "path")

    def __init__(self, path: str, message: Message) -> None:
        self.path = path
        self.message = message

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Problem) and self.path == other.path and self.message == other.message
        )

    def __hash__(self) -> int:
        return hash((self.path, self.message.text))

    def __repr__(self) -> str:
        return f"Problem({self.path!r}, {self.message.render()!r})"


class BundleError(Exception):
    """A bundle that can't be used.

    `problems` holds at least one, and at most `MOST_PROBLEMS` with one more at
    the end, of empty path, that counts the rest.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems)
        self.problems = list(problems)

    def __str__(self) -> str:
        return "\n".join(f"{problem.path}: {problem.message}" for problem in self.problems)


class Problems:
    """Gathers problems while a bundle is looked through."""

    __slots__ = ("found", "more")

    def __init__(self) -> None:
        self.found: list[Problem] = []
        self.more = 0

    def add(self, path: str, message: Message) -> None:
        """Note a problem, or count it once there are enough."""
        if len(self.found) < MOST_PROBLEMS:
            self.found.append(Problem(path, message))
        else:
            self.more += 1

    def listed(self) -> list[Problem]:
        """The problems that were kept, and a last one that counts the others."""
        if not self.more:
            return self.found
        rest = Problem("", msg("还有 %(count)s 处问题没有列出", count=self.more))
        return [*self.found, rest]

    def refuse(self) -> None:
        """Raise `BundleError` if anything was found."""
        if self.found:
            raise BundleError(self.listed())


class EveryProblem(Problems):
    """Gathers problems however many there are: of rows that are put right one by one."""

    __slots__ = ()

    def add(self, path: str, message: Message) -> None:
        """Note a problem."""
        self.found.append(Problem(path, message))
