"""Named states and the only moves between them, one table each.

A move that is not in its table is refused with `MoveError`, whoever asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from compete.domain.values.messages import Message, msg

S = TypeVar("S", bound=StrEnum)


class MoveError(ValueError):
    """A move that its table does not have; `message` says so in the user's words."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


class CompetitionState(StrEnum):
    """Where a competition stands: 报名、评分、锁定、公示、终审."""

    REGISTERING = "registering"
    JUDGING = "judging"
    LOCKED = "locked"
    NOTICE = "notice"
    FINAL = "final"


class SheetState(StrEnum):
    """Where one judge's sheet for one entrant in one module stands."""

    NOT_BEGUN = "not_begun"
    BEGUN = "begun"
    COMPLETE = "complete"
    SUBMITTED = "submitted"
    SIGNED = "signed"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class DecisionState(StrEnum):
    """A penalty or outcome: proposed by one, confirmed by another, perhaps withdrawn."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


class GradeState(StrEnum):
    """拟晋升 → 批准、缓办或不批 → 发证 → (撤销)."""

    PROPOSED = "proposed"
    DEFERRED = "held"
    REFUSED = "refused"
    APPROVED = "approved"
    ISSUED = "issued"
    REVOKED = "revoked"


class CertificateState(StrEnum):
    """A certificate is valid from its issue until it is revoked, for good."""

    VALID = "valid"
    REVOKED = "revoked"


class ImportState(StrEnum):
    """An uploaded workbook waits for the organiser's word, once."""

    PREVIEWED = "previewed"
    WRITTEN = "written"
    DISCARDED = "discarded"


_C, _S, _G = CompetitionState, SheetState, GradeState

COMPETITION_MOVES: Mapping[CompetitionState, frozenset[CompetitionState]] = {
    _C.REGISTERING: frozenset({_C.JUDGING}),
    _C.JUDGING: frozenset({_C.REGISTERING, _C.LOCKED}),
    _C.LOCKED: frozenset({_C.JUDGING, _C.NOTICE}),
    # A correction under notice goes back to judging and comes out as a new version.
    _C.NOTICE: frozenset({_C.JUDGING, _C.FINAL}),
    _C.FINAL: frozenset({_C.JUDGING}),
}

SHEET_MOVES: Mapping[SheetState, frozenset[SheetState]] = {
    _S.NOT_BEGUN: frozenset({_S.BEGUN, _S.COMPLETE, _S.WITHDRAWN}),
    _S.BEGUN: frozenset({_S.COMPLETE, _S.NOT_BEGUN, _S.WITHDRAWN}),
    _S.COMPLETE: frozenset({_S.BEGUN, _S.NOT_BEGUN, _S.SUBMITTED, _S.WITHDRAWN}),
    _S.SUBMITTED: frozenset({_S.SIGNED, _S.RETURNED, _S.WITHDRAWN}),
    # A ruling of the chief judge takes the signature off: the judge signs what now stands.
    _S.SIGNED: frozenset({_S.SUBMITTED, _S.RETURNED, _S.WITHDRAWN}),
    _S.RETURNED: frozenset({_S.BEGUN, _S.COMPLETE, _S.NOT_BEGUN, _S.SUBMITTED, _S.WITHDRAWN}),
    # Only the chief judge opens a sheet again that was closed by 回避.
    _S.WITHDRAWN: frozenset({_S.RETURNED}),
}

DECISION_MOVES: Mapping[DecisionState, frozenset[DecisionState]] = {
    DecisionState.PROPOSED: frozenset({DecisionState.CONFIRMED, DecisionState.WITHDRAWN}),
    DecisionState.CONFIRMED: frozenset({DecisionState.WITHDRAWN}),
    DecisionState.WITHDRAWN: frozenset(),
}

GRADE_MOVES: Mapping[GradeState, frozenset[GradeState]] = {
    _G.PROPOSED: frozenset({_G.DEFERRED, _G.REFUSED, _G.APPROVED}),
    _G.DEFERRED: frozenset({_G.REFUSED, _G.APPROVED}),
    _G.REFUSED: frozenset({_G.DEFERRED, _G.APPROVED}),
    _G.APPROVED: frozenset({_G.DEFERRED, _G.REFUSED, _G.ISSUED}),
    _G.ISSUED: frozenset({_G.REVOKED}),
    _G.REVOKED: frozenset(),
}

IMPORT_MOVES: Mapping[ImportState, frozenset[ImportState]] = {
    ImportState.PREVIEWED: frozenset({ImportState.WRITTEN, ImportState.DISCARDED}),
    ImportState.WRITTEN: frozenset(),
    ImportState.DISCARDED: frozenset(),
}

STATE_WORDS: Mapping[StrEnum, Message] = {
    _C.REGISTERING: msg("报名中"),
    _C.JUDGING: msg("评分中"),
    _C.LOCKED: msg("已锁定"),
    _C.NOTICE: msg("公示中"),
    _C.FINAL: msg("已终审"),
    _S.NOT_BEGUN: msg("未开始"),
    _S.BEGUN: msg("进行中"),
    _S.COMPLETE: msg("已完成"),
    _S.SUBMITTED: msg("已提交"),
    _S.SIGNED: msg("已签名"),
    _S.RETURNED: msg("退回"),
    _S.WITHDRAWN: msg("已回避"),
    _G.PROPOSED: msg("待批准"),
    _G.DEFERRED: msg("缓办"),
    _G.REFUSED: msg("不批准"),
    _G.APPROVED: msg("已批准"),
    _G.ISSUED: msg("已发证"),
    _G.REVOKED: msg("已撤销"),
    DecisionState.PROPOSED: msg("等第二人确认"),
    DecisionState.CONFIRMED: msg("已生效"),
    DecisionState.WITHDRAWN: msg("已撤回"),
    CertificateState.VALID: msg("有效"),
    CertificateState.REVOKED: msg("已撤销"),
    ImportState.PREVIEWED: msg("等你写入"),
    ImportState.WRITTEN: msg("已写入"),
    ImportState.DISCARDED: msg("没有写入"),
}


def move(now: S, to: S, moves: Mapping[S, frozenset[S]]) -> S:
    """`to`, if the table has the move (staying put is no move); else `MoveError`."""
    if to is now and to not in moves[now]:
        raise MoveError(msg("已经是“%(now)s”了，不用再做一次", now=STATE_WORDS[now]))
    if to not in moves[now]:
        raise MoveError(
            msg("现在是“%(now)s”，不能变成“%(to)s”", now=STATE_WORDS[now], to=STATE_WORDS[to])
        )
    return to
