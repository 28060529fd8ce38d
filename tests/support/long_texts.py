"""Long texts: a competition with one length of one sign wherever people write.

What a field allows is asked of the program itself: each text begins with its field's own mark, and
whatever is refused as too long is cut to what the refusal names, until the rest is taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar, cast

from sqlalchemy import CursorResult, String, Text, update

from compete.models import Base, db
from compete.models.types import EncryptedText
from compete.services.kernel.refusal import Refused

T = TypeVar("T")

WRITTEN = frozenset(
    [
        "bring",
        "cite",
        "contact",
        "criterion",
        "descriptors",
        "heading",
        "hint",
        "host",
        "name",
        "note",
        "place",
        "reason",
        "standard",
        "title",
        "titles",
        "track",
        "venue",
    ]
)
"""Keys of a competition's file under which people write what they like."""
IN_ROWS = frozenset(
    [
        "answer",
        "body",
        "carried_how",
        "clause",
        "coach",
        "decision_reason",
        "department",
        "device",
        "ended_why",
        "evidence",
        "facts",
        "filename",
        "host",
        "leader",
        "matter",
        "mentor",
        "name",
        "note",
        "occupation",
        "post",
        "reason",
        "refused_why",
        "replaced_why",
        "return_reason",
        "revoke_reason",
        "second_why",
        "series",
        "superseded_why",
        "text",
        "title",
        "unit_name",
        "venue",
        "withdrawn_why",
        "words",
        "asked_why",
        "closed_why",
        "lifted_why",
        "ruling_reason",
        "seed_from",
        "station",
    ]
)
"""Columns in which such texts stand."""
ALSO_EMPTY = frozenset(
    [
        "coach",
        "department",
        "host",
        "leader",
        "mentor",
        "note",
        "occupation",
        "post",
        "series",
        "station",
        "venue",
    ]
)
"""Columns that may hold a text where none stands yet."""
NOT_WRITTEN = frozenset(
    {"occupation", "log_checkpoint", "issuer_key", "working_year", "job", "number_series"}
)
"""Tables of the installation's own lists and of the log."""
_CUT = re.compile(r"“¤(\d+)¤.*?最(?:多|长) (\d+) 个字", re.S)


class LongTexts:
    """Texts of so many signs, each with the mark of its field while it is tried."""

    def __init__(self, sign: str, length: int) -> None:
        self.sign, self.length = sign, length
        self.most: dict[str, int] = {}
        self._marks: list[str] = []

    def of(self, field: str) -> str:
        """The text for a field, no longer than it was found to allow."""
        if field not in self._marks:
            self._marks.append(field)
        most = min(self.length, self.most.get(field, self.length))
        mark = f"¤{self._marks.index(field)}¤" if most > 5 else ""
        return mark + self.sign * (most - len(mark))

    def file(self, plain: dict[str, Any]) -> dict[str, Any]:
        """Make the same competition's file with every written text that long."""
        made = self._lengthened(plain, "")
        assert isinstance(made, dict)
        return made

    def until_taken(self, act: Callable[[], T]) -> T:
        """Do it until it is taken, each time cutting what was refused as too long."""
        while True:
            try:
                return act()
            except Refused as refused:
                hit = _CUT.search(str(refused.message))
                if hit is None or self.most.get(self._marks[int(hit[1])]) == int(hit[2]):
                    raise
                self.most[self._marks[int(hit[1])]] = int(hit[2])

    def rows(self) -> list[str]:
        """Write them into every row that there is; return which columns were written."""
        written = []
        for table in Base.metadata.sorted_tables:
            if table.name in NOT_WRITTEN:
                continue
            for column in table.columns:
                if column.name not in IN_ROWS or not isinstance(
                    column.type, String | Text | EncryptedText
                ):
                    continue
                most = getattr(column.type, "length", None) or self.length
                text = (self.sign * self.length)[: min(self.length, most)]
                wanted = update(table).values({column.name: text})
                if column.name not in ALSO_EMPTY:
                    wanted = wanted.where(column.is_not(None), column != "")
                if cast("CursorResult[Any]", db.session.execute(wanted)).rowcount:
                    written.append(f"{table.name}.{column.name}")
        db.session.commit()
        return written

    def _lengthened(self, node: object, path: str, key: str = "") -> object:
        if isinstance(node, dict):
            return {
                name: self._lengthened(value, f"{path}.{name}", name)
                for name, value in node.items()
            }
        if isinstance(node, list):
            return [self._lengthened(value, path, key) for value in node]
        return self.of(path) if isinstance(node, str) and key in WRITTEN else node
