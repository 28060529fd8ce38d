"""States with names and the only moves between them, one table each.

A move that is not in its table is refused with `MoveError`, whoever asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from compete.domain.values.accident_states import ACCIDENT_WORDS, AccidentState
from compete.domain.values.claim_states import CLAIM_WORDS, ClaimState
from compete.domain.values.distinction_states import DISTINCTION_WORDS, DistinctionState
from compete.domain.values.messages import Message, ToldError, msg
from compete.domain.values.period_states import STATES_OF_PERIODS

S = TypeVar("S", bound=StrEnum)


class MoveError(ToldError, ValueError):
    """Error: a move that its table does not have; `message` says so in the user's words."""


class CheckInKind(StrEnum):
    """The acts at check-in: let in, wait for others of the crew, stop, take an act back."""

    PASSED = "passed"
    CAME = "came"
    STOPPED = "stopped"
    UNDONE = "undone"


class CompetitionState(StrEnum):
    """The state of a competition: 报名、评分、锁定、公示、终审."""

    REGISTERING = "registering"
    JUDGING = "judging"
    LOCKED = "locked"
    NOTICE = "notice"
    FINAL = "final"


class ResultState(StrEnum):
    """The state of an event's results: 暂定、已核对、公示、最终、更正.

    A corrected one stands as a final one does once it has no notice to wait for.
    """

    PROVISIONAL = "provisional"
    CHECKED = "checked"
    NOTICE = "notice"
    FINAL = "final"
    CORRECTED = "corrected"


class SheetState(StrEnum):
    """The state of one judge's sheet for one entrant in one module."""

    NOT_BEGUN = "not_begun"
    BEGUN = "begun"
    COMPLETE = "complete"
    SUBMITTED = "submitted"
    SIGNED = "signed"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


HANDED_IN = (SheetState.SUBMITTED, SheetState.SIGNED)
"""The states of a sheet that its judge has done with."""


class DecisionState(StrEnum):
    """The states of a penalty or outcome: proposed by one, confirmed by another, withdrawn."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


class GradeState(StrEnum):
    """The states of a grade: 拟晋升 → 批准、缓办或不批 → 发证 → (撤销)."""

    PROPOSED = "proposed"
    DEFERRED = "held"
    REFUSED = "refused"
    APPROVED = "approved"
    ISSUED = "issued"
    REVOKED = "revoked"


class CertificateState(StrEnum):
    """The states of a certificate: valid from its issue until revoked or replaced for good."""

    VALID = "valid"
    REVOKED = "revoked"
    REPLACED = "replaced"


class ConsequenceState(StrEnum):
    """The state of what no longer follows from the results: nothing settled, or how it was.

    `KEEPING` waits for the second of two. `OVERTAKEN` was left behind by a later version.
    """

    OPEN = "open"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    KEEPING = "keeping"
    KEPT = "kept"
    OVERTAKEN = "overtaken"


class ImportState(StrEnum):
    """The states of an uploaded workbook, which waits for the organiser's word, once."""

    PREVIEWED = "previewed"
    WRITTEN = "written"
    DISCARDED = "discarded"


class ApplicationState(StrEnum):
    """The states of an application: a draft until handed in, an entrant once accepted.

    A person who applies waits first for the unit's contact, if it has one (`UNCONFIRMED`).
    """

    DRAFT = "draft"
    UNCONFIRMED = "unconfirmed"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    TAKEN_BACK = "taken_back"
    WAITING = "waiting"
    ACCEPTED = "accepted"


class AppealState(StrEnum):
    """The states of an appeal: filed, decided, at second instance, decided for good, withdrawn."""

    FILED = "filed"
    DECIDED = "decided"
    SECOND = "second"
    FINAL = "final"
    WITHDRAWN = "withdrawn"


class JobState(StrEnum):
    """The states of work beside the requests: asked for, under way, and how it ended."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


class DeliveryState(StrEnum):
    """The states of what goes out: waiting, sent, given up, or held back until somebody lets it."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    HELD = "held"


class CeremonyState(StrEnum):
    """The states of a draw: prepared, head published, openings fixed, drawn; or void, or ended."""

    PREPARING = "preparing"
    OPENING = "opening"
    FIXED = "fixed"
    DRAWN = "drawn"
    VOID = "void"
    ENDED = "ended"


_C, _S, _G = CompetitionState, SheetState, GradeState

COMPETITION_MOVES: Mapping[CompetitionState, frozenset[CompetitionState]] = {
    _C.REGISTERING: frozenset({_C.JUDGING}),
    _C.JUDGING: frozenset({_C.REGISTERING, _C.LOCKED}),
    _C.LOCKED: frozenset({_C.JUDGING, _C.NOTICE}),
    # A correction under notice goes back to judging and comes out as a new version.
    _C.NOTICE: frozenset({_C.JUDGING, _C.FINAL}),
    _C.FINAL: frozenset({_C.JUDGING}),
}

_R = ResultState

RESULT_MOVES: Mapping[ResultState, frozenset[ResultState]] = {
    _R.PROVISIONAL: frozenset({_R.CHECKED}),
    # Marks that are opened again are to be checked again.
    _R.CHECKED: frozenset({_R.PROVISIONAL, _R.NOTICE}),
    # A new version begins its notice anew; one that was withdrawn is provisional again.
    _R.NOTICE: frozenset({_R.NOTICE, _R.FINAL, _R.PROVISIONAL}),
    _R.FINAL: frozenset({_R.CORRECTED}),
    _R.CORRECTED: frozenset({_R.CORRECTED, _R.FINAL, _R.PROVISIONAL}),
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
    # A grade revoked by name is issued anew by name; another one is proposed as any is.
    _G.REVOKED: frozenset({_G.ISSUED}),
}

_Q = ConsequenceState
CONSEQUENCE_MOVES: Mapping[ConsequenceState, frozenset[ConsequenceState]] = {
    _Q.OPEN: frozenset({_Q.WITHDRAWN, _Q.REPLACED, _Q.KEEPING, _Q.OVERTAKEN}),
    # It may still be settled otherwise until the second has agreed.
    _Q.KEEPING: frozenset({_Q.KEPT, _Q.WITHDRAWN, _Q.REPLACED, _Q.OVERTAKEN}),
    _Q.WITHDRAWN: frozenset(),
    # Decided anew: while the new one has not gone out, and whenever a kept one is looked at again.
    _Q.REPLACED: frozenset({_Q.KEEPING, _Q.OVERTAKEN}),
    _Q.KEPT: frozenset({_Q.WITHDRAWN, _Q.REPLACED, _Q.OVERTAKEN}),
    _Q.OVERTAKEN: frozenset(),
}

IMPORT_MOVES: Mapping[ImportState, frozenset[ImportState]] = {
    ImportState.PREVIEWED: frozenset({ImportState.WRITTEN, ImportState.DISCARDED}),
    ImportState.WRITTEN: frozenset(),
    ImportState.DISCARDED: frozenset(),
}

_P = ApplicationState
APPLICATION_MOVES: Mapping[ApplicationState, frozenset[ApplicationState]] = {
    _P.DRAFT: frozenset({_P.SUBMITTED, _P.UNCONFIRMED}),
    # An organiser may decide before the unit has said anything.
    _P.UNCONFIRMED: frozenset({_P.SUBMITTED, _P.ACCEPTED, _P.WAITING, _P.RETURNED, _P.TAKEN_BACK}),
    # Back to the unit, where somebody changes what the unit has confirmed.
    _P.SUBMITTED: frozenset({_P.UNCONFIRMED, _P.ACCEPTED, _P.WAITING, _P.RETURNED, _P.TAKEN_BACK}),
    _P.WAITING: frozenset({_P.ACCEPTED, _P.RETURNED, _P.TAKEN_BACK}),
    _P.RETURNED: frozenset({_P.SUBMITTED, _P.UNCONFIRMED, _P.TAKEN_BACK}),
    _P.TAKEN_BACK: frozenset({_P.SUBMITTED, _P.UNCONFIRMED}),
    _P.ACCEPTED: frozenset(),
}

_A = AppealState
APPEAL_MOVES: Mapping[AppealState, frozenset[AppealState]] = {
    _A.FILED: frozenset({_A.DECIDED, _A.WITHDRAWN}),
    # Taken further, or accepted by whom it concerns.
    _A.DECIDED: frozenset({_A.SECOND, _A.FINAL}),
    # Withdrawn in the second instance, what the first decided would stand; so it is heard out.
    _A.SECOND: frozenset({_A.FINAL}),
    _A.FINAL: frozenset(),
    _A.WITHDRAWN: frozenset(),
}

_J = JobState
JOB_MOVES: Mapping[JobState, frozenset[JobState]] = {
    _J.WAITING: frozenset({_J.RUNNING, _J.FAILED, _J.STOPPED}),
    # A process that died left it running: the next one takes it up again.
    _J.RUNNING: frozenset({_J.RUNNING, _J.DONE, _J.FAILED, _J.STOPPED}),
    _J.DONE: frozenset(),
    _J.FAILED: frozenset(),
    _J.STOPPED: frozenset(),
}

_E = DeliveryState

DELIVERY_MOVES: Mapping[DeliveryState, frozenset[DeliveryState]] = {
    # Somebody may have it sent again, also what was sent.
    _E.WAITING: frozenset({_E.WAITING, _E.SENT, _E.FAILED, _E.HELD}),
    _E.SENT: frozenset({_E.WAITING}),
    _E.FAILED: frozenset({_E.WAITING}),
    _E.HELD: frozenset({_E.WAITING}),
}

_D = CeremonyState

CEREMONY_MOVES: Mapping[CeremonyState, frozenset[CeremonyState]] = {
    _D.PREPARING: frozenset({_D.OPENING}),
    _D.OPENING: frozenset({_D.FIXED, _D.VOID, _D.ENDED}),
    _D.FIXED: frozenset({_D.DRAWN, _D.VOID, _D.ENDED}),
    _D.DRAWN: frozenset({_D.ENDED}),
    _D.VOID: frozenset(),
    _D.ENDED: frozenset(),
}

STATE_WORDS: Mapping[type[StrEnum], Mapping[str, Message]] = {
    CompetitionState: {
        _C.REGISTERING: msg("报名中"),
        _C.JUDGING: msg("评分中"),
        _C.LOCKED: msg("已锁定"),
        _C.NOTICE: msg("公示中"),
        _C.FINAL: msg("已终审"),
    },
    ResultState: {
        _R.PROVISIONAL: msg("暂定"),
        _R.CHECKED: msg("已核对"),
        _R.NOTICE: msg("公示"),
        _R.FINAL: msg("最终成绩"),
        _R.CORRECTED: msg("更正后的成绩"),
    },
    SheetState: {
        _S.NOT_BEGUN: msg("未开始"),
        _S.BEGUN: msg("进行中"),
        _S.COMPLETE: msg("已完成"),
        _S.SUBMITTED: msg("已提交"),
        _S.SIGNED: msg("已签名"),
        _S.RETURNED: msg("退回"),
        _S.WITHDRAWN: msg("已回避"),
    },
    GradeState: {
        _G.PROPOSED: msg("待批准"),
        _G.DEFERRED: msg("缓办"),
        _G.REFUSED: msg("不批准"),
        _G.APPROVED: msg("已批准"),
        _G.ISSUED: msg("已发证"),
        _G.REVOKED: msg("已撤销"),
    },
    DecisionState: {
        DecisionState.PROPOSED: msg("等第二人确认"),
        DecisionState.CONFIRMED: msg("已生效"),
        DecisionState.WITHDRAWN: msg("已撤回"),
    },
    CertificateState: {
        CertificateState.VALID: msg("有效"),
        CertificateState.REVOKED: msg("已撤销"),
        CertificateState.REPLACED: msg("已换发"),
    },
    ConsequenceState: {
        ConsequenceState.OPEN: msg("没办"),
        ConsequenceState.WITHDRAWN: msg("撤回"),
        ConsequenceState.REPLACED: msg("换发"),
        ConsequenceState.KEEPING: msg("保留，等第二人同意"),
        ConsequenceState.KEPT: msg("保留"),
        ConsequenceState.OVERTAKEN: msg("有了更新的一版"),
    },
    ImportState: {
        ImportState.PREVIEWED: msg("等你写入"),
        ImportState.WRITTEN: msg("已写入"),
        ImportState.DISCARDED: msg("没有写入"),
    },
    ApplicationState: {
        _P.DRAFT: msg("草稿"),
        _P.UNCONFIRMED: msg("等单位确认"),
        _P.SUBMITTED: msg("已提交"),
        _P.WAITING: msg("候补"),
        _P.RETURNED: msg("退回"),
        _P.TAKEN_BACK: msg("已撤回"),
        _P.ACCEPTED: msg("已确认"),
    },
    AppealState: {
        _A.FILED: msg("等仲裁组"),
        _A.DECIDED: msg("仲裁定了"),
        _A.SECOND: msg("等总仲裁"),
        _A.FINAL: msg("定了，不再改"),
        _A.WITHDRAWN: msg("已撤回"),
    },
    CeremonyState: {
        _D.PREPARING: msg("准备中"),
        _D.OPENING: msg("正在拆签"),
        _D.FIXED: msg("等拆备签"),
        _D.DRAWN: msg("抽好了"),
        _D.VOID: msg("作废"),
        _D.ENDED: msg("已结束，另抽"),
    },
    JobState: {
        JobState.WAITING: msg("排队中"),
        JobState.RUNNING: msg("正在做"),
        JobState.DONE: msg("做完了"),
        JobState.FAILED: msg("没做成"),
        JobState.STOPPED: msg("停下了"),
    },
    **STATES_OF_PERIODS,
    AccidentState: ACCIDENT_WORDS,
    DistinctionState: DISTINCTION_WORDS,
    ClaimState: CLAIM_WORDS,
}
"""By kind first: members of two kinds are equal where their values are."""


def state_words(state: StrEnum) -> Message:
    """Say a state in the words of its own kind."""
    return STATE_WORDS[type(state)][state]


def move(now: S, to: S, moves: Mapping[S, frozenset[S]]) -> S:
    """Return `to`, if the table has the move (staying put is no move); else raise `MoveError`."""
    if to is now and to not in moves[now]:
        raise MoveError(msg("已经是“%(now)s”了，不用再做一次", now=state_words(now)))
    if to not in moves[now]:
        raise MoveError(
            msg("现在是“%(now)s”，不能变成“%(to)s”", now=state_words(now), to=state_words(to))
        )
    return to
