"""Pending approvals: everything that one person asked for and another has to agree to.

`KINDS` is the table of them: what lists, warns or lets two people agree looks here. What was
asked stands in its own table or setting, under its seal; how it is agreed to, in its service.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from compete.domain.identity.certificate_number import spaced_number
from compete.domain.values.accident_states import AccidentState
from compete.domain.values.canonical import short_mark
from compete.domain.values.distinction_states import DistinctionState
from compete.domain.values.messages import Message, msg
from compete.domain.values.period_states import CorrectionState
from compete.domain.values.states import CompetitionState, ConsequenceState, DecisionState
from compete.models import (
    Account,
    Competition,
    Decision,
    Distinction,
    Event,
    LockEntry,
    Playoff,
    db,
)
from compete.services.accounts.roles import asked_roles, role_word, take_role_back
from compete.services.accounts.second_persons import SecondWord
from compete.services.appeals.appeal_states import appeals_of, proposed_decision
from compete.services.appeals.arbiter_recusals import instance_of
from compete.services.appeals.decisions import agree as agree_decision
from compete.services.appeals.decisions import appeal_word, why_not_agree
from compete.services.awards.external_awards import agree_own, own_honours_asked, own_word
from compete.services.awards.nominated_awards import (
    agree_distinction,
    award_word,
    distinctions_to_agree,
    told_of,
    why_not_agree_on,
)
from compete.services.certificates.misspelt_names import agree_correction as agree_name
from compete.services.certificates.revocation_requests import open_revocations
from compete.services.certificates.revoking import agree_revocation, revocation_word
from compete.services.certificates.settling import agree as agree_kept
from compete.services.certificates.settling import asked_mark as keep_mark
from compete.services.certificates.settling import keep_word
from compete.services.closing.approving_jobs import agree_to_approval, asked_approvals
from compete.services.closing.module_locks import confirm_unlock, unlock_word
from compete.services.closing.penalties_and_outcomes import (
    confirm_proposal,
    decision_kind_word,
    decision_label,
    decision_word,
    decisions_of,
    settle_withdrawal,
    withdrawal_word,
)
from compete.services.closing.playoffs import (
    confirm_playoff,
    playoff_end_word,
    playoff_word,
    playoffs_of,
    settle_playoff,
)
from compete.services.competitions.details import agree_terms, terms_word, waiting_terms
from compete.services.competitions.erasure_requests import (
    agree_erasure,
    erasing_job,
    erasure_word,
    erasures_of,
)
from compete.services.examinations.key_corrections import (
    agree_key,
    asked_keys,
    key_word,
    key_words,
)
from compete.services.judging.stage_following import asked_stage, follow_stage, stage_word
from compete.services.kernel.competition_settings import AskedStage, settings_of
from compete.services.kernel.event_rules import module_key, module_title, rules_of
from compete.services.labour.accidents import accidents_of, agree_refusal, refusal_word
from compete.services.labour.corrections import (
    agree_correction,
    correction_title,
    correction_word,
    corrections_of,
)
from compete.services.labour.rule_changes import agree_rules, rules_word, waiting_rules
from compete.services.registration.level_exemptions import (
    agree_level_exemption,
    asked_level_exemptions,
    level_exemption_word,
)
from compete.services.results.consequences import consequences_of
from compete.services.results.result_moves import agree_final, final_word
from compete.services.results.result_moves import asked_mark as final_mark
from compete.services.results.result_stands import Stand, stands_of
from compete.services.rules.asked_tables import waiting_tables
from compete.services.rules.changes import (
    SEAT_WORDS,
    agree_change,
    open_seats,
    seat_word,
    waiting_changes,
    why_not_seat,
)
from compete.services.rules.overall_rules import agree_tables
from compete.services.schedule.draw_ceremonies import ceremonies_of
from compete.services.schedule.draw_ends import agree_end, draw_end_word
from compete.services.schedule.drawn_places import paper_draws
from compete.services.schedule.next_stage import NextStage, next_stages
from compete.services.schedule.panel_settlement import agree_settled, panels_word, waiting_panels
from compete.services.scoring.live_labour import labour_live
from compete.services.sheets.blind_codes import are_codes_kept
from compete.services.sheets.coding_layers import (
    agree_unblinding,
    coding_of,
    unblinding_word,
    why_not_unblind,
)
from compete.services.sheets.locks_in_force import standing_locks
from compete.services.workers.outside_results import (
    agree_outside,
    outside_word,
    outside_words,
    waiting_results,
)


@dataclass(frozen=True, slots=True)
class PendingApproval:
    """Something that one person asked for and another has to agree to.

    `asked` is what was asked for as its service keeps it; `key` calls it on signed papers
    (`lock:12`), `mark` tells what is asked now from what may be asked under that key later;
    `word` is what agreeing takes, `waits` says for whom it waits.
    """

    kind: str
    key: str
    mark: str
    asked: Any
    what: Message
    reason: str
    word: SecondWord
    waits: Message

    def agree(self, by: Account) -> None:
        """Agree to it as the second person. Raises `Refused` as its service does."""
        KINDS[self.kind].agree(self.asked, by)

    @property
    def by_paper(self) -> bool:
        """True if a signed paper will do: not where a countersignature would come too late."""
        return KINDS[self.kind].by_paper

    def why_not(self, by: Account) -> Message | None:
        """Say why this person does not agree to it, and who can; None: may."""
        bar = KINDS[self.kind].why_not
        return self.word.why_not(by) if bar is None else bar(self.asked, by)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalKind:
    """A kind of what takes two: its open rows, and what each is called, takes and does."""

    rows: Callable[[Competition], Iterable[Any]]
    what: Callable[[Any], Message]
    reason: Callable[[Any], str | None] = lambda _row: None
    word: Callable[[Any], SecondWord]
    agree: Callable[[Any, Account], object]
    number: Callable[[Any], str] = lambda row: str(row.id)
    """What tells it from others of its kind, in at most 40 signs."""
    content: Callable[[Any], str] = lambda _row: ""
    """A mark of what is asked, where the same row may come to ask for something else."""
    waits: Callable[[Any], Message] = lambda _row: msg("等第二个人同意")
    by_paper: bool = True
    why_not: Callable[[Any, Account], Message | None] | None = None
    """Says why somebody may not, where that is more than the word."""


def pending_approvals(
    competition: Competition, *, leave_out: Collection[str] = ()
) -> list[PendingApproval]:
    """List what waits for a second person in the competition, kind by kind."""
    return [
        _pending(name, kind, row)
        for name, kind in KINDS.items()
        if name not in leave_out
        for row in kind.rows(competition)
    ]


def pending_decisions(competition: Competition, most: int) -> tuple[list[PendingApproval], int]:
    """What is proposed of people, and how many that are; of more than `most` one of each asker.

    What bars somebody is who asked, and a hall may propose hundreds of absences.
    """
    kind = KINDS["decision"]
    rows = list(kind.rows(competition))
    shown = rows if len(rows) <= most else list({row.proposed_by: row for row in rows}.values())
    return [_pending("decision", kind, row) for row in shown], len(rows)


def _pending(name: str, kind: ApprovalKind, row: Any) -> PendingApproval:
    word, reason, what = kind.word(row), kind.reason(row) or "", kind.what(row)
    return PendingApproval(
        kind=name,
        key=":".join(filter(None, (name, kind.number(row)))),
        mark=short_mark([word.first, reason, str(what), kind.content(row)]),
        asked=row,
        what=what,
        reason=reason,
        word=word,
        waits=kind.waits(row),
    )


def asked_by(competition: Competition, account: Account) -> list[PendingApproval]:
    """List what the account asked for and nobody has agreed to or dropped."""
    return [row for row in pending_approvals(competition) if row.word.first == account.id]


def _unlocks(competition: Competition) -> list[LockEntry]:
    if competition.state is not CompetitionState.JUDGING:
        return []
    return [lock for lock in standing_locks(competition) if lock.asked_by is not None]


def _unlock_words(lock: LockEntry) -> Message:
    title = module_title(lock.event, lock.stage, lock.module)
    return msg("解锁“%(module)s”", module=" ".join(filter(None, (title, lock.session))))


def _ends(competition: Competition, draws: Callable[[Competition], Iterable[Any]]) -> list[Any]:
    if competition.state is CompetitionState.FINAL:
        return []
    return [draw for draw in draws(competition) if draw.waits_to_end]


def _playoff_words(row: Playoff) -> Message:
    stages = {it.code: it.name for it in rules_of(row.event).stages}
    name = stages.get(row.stage, row.stage)
    several = len(row.event.competition.events) > 1
    return msg("“%(stage)s”同分的先后", stage=f"{row.event.name} {name}" if several else name)


def _decision_words(row: Decision) -> Message:
    # Whoever proposed it by the number is not to read the code, nor judges the number.
    hidden = are_codes_kept(row.entrant.event)
    who = f"#{row.id}" if hidden else decision_label(row.entrant)
    kind = decision_kind_word(row.kind, row.entrant, row.stage, row.module)
    return msg("%(kind)s：%(who)s", kind=kind, who=who)


def _early(competition: Competition) -> list[tuple[Event, Stand]]:
    stands = stands_of(competition)
    rows = [(event, stands[event.code]) for event in competition.events]
    return [(event, stand) for event, stand in rows if stand.asked_by is not None]


def _stages(competition: Competition) -> list[tuple[Competition, NextStage, AskedStage]]:
    stages = next_stages(competition) if settings_of(competition).asked_stages else ()
    asked = ((stage, asked_stage(competition, stage)) for stage in stages)
    return [(competition, stage, row) for stage, row in asked if row is not None]


def _award_words(row: Distinction) -> Message:
    words = {"title": row.title, "who": told_of(row)}
    if row.new_name is not None:
        return msg("更正“%(title)s”的姓名：%(who)s", **words)
    if row.state is DistinctionState.RECALLING:
        return msg("收回“%(title)s”：%(who)s", **words)
    return msg("评定“%(title)s”：%(who)s", **words)


def _agree_award(row: Distinction, by: Account) -> None:
    if row.new_name is not None:
        agree_name(row, by)
    else:
        agree_distinction(row, by)


KINDS: Mapping[str, ApprovalKind] = {
    "exempt": ApprovalKind(
        rows=asked_level_exemptions,
        what=lambda row: msg(
            "特准 %(code)s 报%(level)s", code=row.entrant.code, level=row.entrant.event.name
        ),
        reason=lambda row: row.reason,
        word=level_exemption_word,
        agree=agree_level_exemption,
    ),
    "exam-key": ApprovalKind(
        rows=asked_keys,
        what=lambda row: msg("更正机考答案：%(what)s", what=key_words(row)),
        reason=lambda row: row.reason,
        word=key_word,
        agree=agree_key,
    ),
    "decision": ApprovalKind(
        rows=lambda it: [row for row in decisions_of(it) if row.state is DecisionState.PROPOSED],
        what=_decision_words,
        reason=lambda row: row.reason,
        word=decision_word,
        agree=confirm_proposal,
    ),
    "undo-decision": ApprovalKind(
        rows=lambda it: [row for row in decisions_of(it) if row.waits_to_end],
        what=lambda row: msg("撤回%(what)s", what=_decision_words(row)),
        reason=lambda row: row.ended_why,
        word=withdrawal_word,
        agree=settle_withdrawal,
    ),
    "undo-playoff": ApprovalKind(
        rows=lambda it: [row for row in playoffs_of(it) if row.waits_to_end],
        what=lambda row: msg("撤回%(what)s", what=_playoff_words(row)),
        reason=lambda row: row.ended_why,
        word=playoff_end_word,
        agree=settle_playoff,
    ),
    "appeal": ApprovalKind(
        rows=lambda it: [
            row
            for appeal in appeals_of(it)
            if instance_of(appeal) and (row := proposed_decision(appeal)) is not None
        ],
        what=lambda row: msg("申诉 %(number)s 的决定", number=f"{row.appeal.number:02}"),
        reason=lambda row: row.reason,
        word=appeal_word,
        agree=agree_decision,
        waits=lambda _row: msg("等另一位仲裁同意"),
        why_not=why_not_agree,
    ),
    "rules": ApprovalKind(
        rows=lambda it: [
            (change, seat) for change in waiting_changes(it) for seat in open_seats(change)
        ],
        number=lambda row: f"{row[0].id}/{row[1].value}",
        what=lambda row: msg("“%(event)s”改规则", event=row[0].event.name),
        reason=lambda row: row[0].reason,
        word=lambda row: seat_word(*row),
        agree=lambda row, by: agree_change(row[0], row[1], by),
        waits=lambda row: msg("等%(seat)s同意", seat=SEAT_WORDS[row[1]]),
        why_not=lambda row, by: why_not_seat(row[0], row[1], by),
    ),
    "tables": ApprovalKind(
        rows=lambda it: (
            [(change, seat) for seat in open_seats(change)]
            if (change := waiting_tables(it)) is not None
            else []
        ),
        number=lambda row: row[1].value,
        content=lambda row: row[0].mark,
        what=lambda _row: msg("改总表的规则"),
        reason=lambda row: row[0].reason,
        word=lambda row: seat_word(*row),
        agree=lambda row, by: agree_tables(row[0].competition, row[1], by, seen=row[0].mark),
        waits=lambda row: msg("等%(seat)s同意", seat=SEAT_WORDS[row[1]]),
        why_not=lambda row, by: why_not_seat(row[0], row[1], by),
    ),
    "stage": ApprovalKind(
        rows=_stages,
        number=lambda row: short_mark([row[1].event, row[1].code]),
        what=lambda row: msg("“%(stage)s”按新的名单评", stage=row[1].name),
        reason=lambda row: row[2].why,
        content=lambda row: row[1].mark,
        word=lambda row: stage_word(row[0], row[2]),
        agree=lambda row, by: follow_stage(row[0], row[1].event, row[1].code, row[1].mark, by),
    ),
    "terms": ApprovalKind(
        rows=lambda it: [(it, row)] if (row := waiting_terms(it)) is not None else [],
        number=lambda _row: "",
        what=lambda _row: msg("公示、申诉、发证、复核照提出的改"),
        reason=lambda row: row[1].why,
        content=lambda row: row[1].mark,
        word=lambda row: terms_word(row[0]),
        agree=lambda row, by: agree_terms(row[0], by, seen=row[1].mark),
    ),
    "final": ApprovalKind(
        rows=_early,
        number=lambda row: str(row[0].id),
        content=lambda row: final_mark(row[1]),
        what=lambda row: msg("“%(event)s”提前定为最终成绩", event=row[0].name),
        reason=lambda row: row[1].asked_why,
        word=lambda row: final_word(row[0].competition, row[1].asked_by),
        agree=lambda row, by: agree_final(row[0], by, seen=final_mark(row[1])),
    ),
    "grade": ApprovalKind(
        rows=asked_approvals,
        number=lambda row: str(row.first),
        content=lambda row: row.mark,
        what=lambda row: row.what,
        reason=lambda row: row.reason,
        word=lambda row: row.word,
        agree=agree_to_approval,
    ),
    "keep": ApprovalKind(
        rows=lambda it: [
            row for row in consequences_of(it) if row.state is ConsequenceState.KEEPING
        ],
        what=lambda row: (
            msg("照原来的保留一件")
            if row.certificate is None
            else msg("保留证书 %(number)s", number=spaced_number(row.certificate.number))
        ),
        reason=lambda row: row.reason,
        content=keep_mark,
        word=keep_word,
        agree=lambda row, by: agree_kept(row, by, seen=keep_mark(row)),
    ),
    "panels": ApprovalKind(
        rows=waiting_panels,
        number=lambda row: short_mark(module_key(*row[0])),
        content=lambda row: row[1].mark,
        what=lambda row: msg("“%(module)s”的裁判分工", module=module_title(*row[0])),
        word=lambda row: panels_word(row[0][0].competition, row[1]),
        agree=lambda row, by: agree_settled(
            row[0][0], row[0][1], row[0][2], seen=row[1].mark, by=by
        ),
        waits=lambda _row: msg("等裁判长点头"),
    ),
    "draw": ApprovalKind(
        rows=lambda it: _ends(it, ceremonies_of),
        what=lambda row: msg("作废“%(name)s”第 %(n)s 次抽签", name=row.name, n=row.number),
        reason=lambda row: row.ended_why,
        word=draw_end_word,
        agree=agree_end,
    ),
    "paper": ApprovalKind(
        rows=lambda it: _ends(it, paper_draws),
        what=lambda row: msg(
            "作废“%(module)s”纸上的抽签", module=module_title(row.event, row.stage, row.module)
        ),
        reason=lambda row: row.ended_why,
        word=draw_end_word,
        agree=agree_end,
    ),
    "playoff": ApprovalKind(
        rows=lambda it: [
            row
            for row in playoffs_of(it)
            if row.state is DecisionState.PROPOSED and row.proposer is not None
        ],
        what=_playoff_words,
        reason=lambda row: row.reason,
        word=playoff_word,
        agree=confirm_playoff,
    ),
    "role": ApprovalKind(
        rows=asked_roles,
        number=lambda row: str(row[0].id),
        what=lambda row: msg("收回%(name)s的组委会职责", name=row[0].account.name),
        reason=lambda row: row[1].why,
        word=lambda row: role_word(row[0].competition, row[1]),
        agree=lambda row, by: take_role_back(row[0], by),
    ),
    "lock": ApprovalKind(
        rows=_unlocks,
        what=_unlock_words,
        reason=lambda lock: lock.asked_why,
        word=unlock_word,
        agree=confirm_unlock,
    ),
    "unblinding": ApprovalKind(
        rows=lambda it: [
            row for row in coding_of(it) if row.coding.closed and row.coding.asked_by is not None
        ],
        number=lambda row: str(row.event.id),
        by_paper=False,
        what=lambda row: msg("“%(event)s”解密", event=row.event.name),
        word=lambda row: unblinding_word(row.event),
        agree=lambda row, by: agree_unblinding(row.event, by),
        why_not=lambda row, by: why_not_unblind(row.event, by),
    ),
    "award": ApprovalKind(
        rows=distinctions_to_agree,
        what=_award_words,
        reason=lambda row: row.reason if row.state is DistinctionState.PROPOSED else row.asked_why,
        word=award_word,
        agree=_agree_award,
        why_not=why_not_agree_on,
    ),
    "outside": ApprovalKind(
        rows=waiting_results,
        what=outside_words,
        reason=lambda row: row.drop_why or row.document,
        word=outside_word,
        agree=agree_outside,
    ),
    "honour": ApprovalKind(
        rows=lambda it: [(it, *row) for row in own_honours_asked(it)],
        number=lambda row: short_mark(row[1]),
        what=lambda row: msg("“%(title)s”由这里授予，不用核准", title=row[1]),
        reason=lambda row: row[2].asked,
        word=lambda row: own_word(row[0], row[2]),
        agree=lambda row, by: agree_own(row[0], row[1], row[2].asked, by),
    ),
    "revoke": ApprovalKind(
        rows=open_revocations,
        what=lambda row: (
            msg("重新发证书 %(number)s", number=spaced_number(row.certificate.number))
            if row.again
            else msg("撤销证书 %(number)s", number=spaced_number(row.certificate.number))
        ),
        reason=lambda row: row.reason,
        word=revocation_word,
        agree=lambda row, by: agree_revocation(row.certificate, by, seen=str(row.id)),
    ),
    "erasure": ApprovalKind(
        rows=lambda it: [
            row for row in erasures_of(it) if row.ended_at is None and erasing_job(row) is None
        ],
        by_paper=False,
        what=lambda row: (
            msg("删除全部个人资料")
            if row.holder is None
            else msg("删除 %(code)s 的个人资料", code=row.holder.code)
        ),
        reason=lambda row: row.reason,
        word=erasure_word,
        agree=agree_erasure,
    ),
    "correction": ApprovalKind(
        rows=lambda it: [row for row in corrections_of(it) if row.state is CorrectionState.ASKED],
        what=lambda row: correction_title(
            labour_live(db.session.get_one(Competition, row.competition_id)), row
        ),
        reason=lambda row: row.reason,
        word=correction_word,
        agree=agree_correction,
    ),
    "labour-rules": ApprovalKind(
        rows=lambda it: [row] if (row := waiting_rules(it)) is not None else [],
        what=lambda _row: msg("改竞赛规则"),
        reason=lambda row: row.reason,
        word=rules_word,
        agree=agree_rules,
    ),
    "accident": ApprovalKind(
        rows=lambda it: [
            row
            for row in accidents_of(it)
            if row.state is AccidentState.REPORTED and row.refused_by is not None
        ],
        what=lambda row: msg("“%(unit)s”报的事故不算", unit=row.unit.name),
        reason=lambda row: row.refused_why,
        word=refusal_word,
        agree=agree_refusal,
    ),
}
"""By the word in a key; those first that results wait for."""
