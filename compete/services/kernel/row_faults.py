"""Faults of rows that another system sends: nothing is written while there is one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.domain.values.messages import Message
from compete.services.kernel.refusal import Refusal, Refused


@dataclass(frozen=True, slots=True)
class RowFault:
    """The fault of a field of a row, which counts from 0; `code` names it for programs.

    `is_late` where it was right before: it does not go with how things stand now.
    """

    row: int
    field: str
    code: str
    what: Message
    is_late: bool = False


class RowFaultsError(Refused):
    """A refusal of rows, each fault by itself."""

    def __init__(self, faults: Sequence[RowFault]) -> None:
        late = all(fault.is_late for fault in faults)
        super().__init__(faults[0].what, Refusal.CONFLICT if late else Refusal.INVALID)
        self.faults = faults
