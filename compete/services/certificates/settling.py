"""Settling what no longer follows from the results: withdraw, replace, or keep with a reason."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy import select

from compete.domain.values.distinction_states import DistinctionState
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import (
    CONSEQUENCE_MOVES,
    CertificateState,
    ConsequenceState,
    GradeState,
    move,
)
from compete.models import (
    Account,
    Competition,
    Consequence,
    Distinction,
    Entrant,
    GradeDecision,
    Member,
    Publication,
    db,
    utc_now,
)
from compete.services.accounts.second_persons import SecondWord, asked_word, is_linked
from compete.services.certificates.revocation_requests import why_wait
from compete.services.certificates.rows import end_award, make_void
from compete.services.kernel import audit
from compete.services.kernel.public_reasons import check_nobody_named
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import changing, unit_of_work
from compete.services.log.sequencing import then_logged
from compete.services.results.consequences import (
    UNSETTLED,
    against_verdict,
    decision_about,
    gives_another_grade,
    settling_of,
)
from compete.services.results.nominated_awards_in_force import IN_FORCE
from compete.services.results.snapshots import publications, read_snapshot

_Q = ConsequenceState
_ACTS = {"withdraw": _Q.WITHDRAWN, "replace": _Q.REPLACED, "keep": _Q.KEEPING}


def why_not(row: Consequence, act: str) -> Message | None:
    """Say why a consequence cannot be settled in this way, or None where it can."""
    if act == "withdraw" and row.now is not None:
        return msg("按新的一版还应该有，不能只收不发")
    if act == "replace" and row.now is None:
        return msg("按新的一版没有了，没有可以换的")
    if act == "keep" and row.kind == "approval":
        return msg("还没发证，按新的一版办")
    if act == "keep" and row.kind == "given" and _holder_is_out(row):
        return msg("成绩取消了或者被一票否决，不能保留")
    if act == "keep" and against_verdict(row):
        return msg("等级认定照成绩定：按新的一版没有这个等级了，不能保留")
    if _ACTS[act] not in CONSEQUENCE_MOVES[row.state]:
        return msg("已经这样定了")
    if act == "withdraw" and row.certificate is not None:
        return why_wait(row.certificate)
    return None


def may_decide_anew(row: Consequence) -> bool:
    """True if what was settled may still be settled otherwise.

    A certificate that was withdrawn is void for good, one whose successor is out is
    history, and a grade that was proposed anew is decided on the list of promotions.
    """
    if row.certificate is None or row.certificate.state is not CertificateState.VALID:
        return False
    if row.state is _Q.REPLACED:
        return not gives_another_grade(row)
    return row.state is _Q.KEPT


def _holder_is_out(row: Consequence) -> bool:
    """True if the holder of an award without certificate was struck, or their unit vetoed."""
    return row.why.get("status") == "dsq" or bool(row.why.get("ground", {}).get("vetoed"))


@then_logged
def settle(
    rows: Sequence[Consequence],
    act: str,
    by: Account,
    reason: str = "",
    *,
    seen: str | None = None,
) -> int:
    """Settle these consequences of one competition in one way, all or none.

    `withdraw` makes a certificate void at once, for a reason that names nobody. `replace`
    leaves it until the new one is issued, which for another grade needs approval first.
    `keep` wants a reason and takes effect when a second person agrees (`agree`). What was settled
    may be settled otherwise where `may_decide_anew`; both stay on the row. Raises
    `Refused` for a way that would be wrong, and for what can't be changed any more. `seen`
    is the mark of how the page showed them (`asked_mark`): nobody overturns another's
    word without having read it.
    """
    reason = reason_text(reason)
    to = _ACTS.get(act)
    if to is None or not rows:
        raise invalid(msg("还没选要办的"))
    if to is _Q.KEEPING and not reason:
        raise invalid(msg("保留要写理由"))
    if to is _Q.WITHDRAWN:
        check_nobody_named(rows[0].competition, reason)
    with changing(rows[0].competition, *rows) as competition:
        for row in rows:
            if seen not in (None, asked_mark(row)):
                raise Refused(
                    msg("你刚定过这一件，看一遍现在的再定")
                    if row.settled_by == by.id
                    else msg("刚被别人定过，看一遍现在的再定")
                )
            _check(row, competition, act)
            before = row.state
            if before not in UNSETTLED:
                row.earlier = [*(row.earlier or []), settling_of(row)]
            row.state = move(before, to, CONSEQUENCE_MOVES)
            row.settled_by, row.settled_at = by.id, utc_now()
            row.reason, row.agreed_by, row.agreed_at = reason or None, None, None
            if to is _Q.WITHDRAWN:
                _withdraw(row, by)
            elif to is _Q.REPLACED and row.kind == "grade":
                _propose_anew(row, by)
            _note(row, by, f"consequence.{act}", before)
    return len(rows)


def act_by_results(row: Consequence) -> str:
    """The way that gives what the results in force give."""
    return "withdraw" if row.now is None else "replace"


def settle_by_results(rows: Sequence[Consequence], by: Account, reason: str = "") -> int:
    """Settle these, not touched yet, as the results in force have it, all or none."""
    if not rows:
        raise invalid(msg("还没选要办的"))
    with unit_of_work():
        for act in ("withdraw", "replace"):
            own = [row for row in rows if act_by_results(row) == act]
            if own:
                settle(own, act, by, reason, seen="")
    return len(rows)


def asked_mark(row: Consequence) -> str:
    """The mark that tells one settling from the next; empty before the first."""
    return row.settled_at.isoformat() if row.settled_at is not None else ""


def agree(row: Consequence, by: Account, *, seen: str | None = None) -> None:
    """The second person's word that a certificate is kept. `Refused` for the first one's own.

    `seen` is the mark of what the page showed: to a reason that came later nobody has agreed.
    """
    with changing(row.competition, row):
        before = row.state
        state = move(before, _Q.KEPT, CONSEQUENCE_MOVES)
        if seen not in (None, asked_mark(row)):
            raise Refused(msg("没有等着同意的，请刷新"))
        keep_word(row).require(by)
        if (fault := why_not(row, "keep")) is not None and against_verdict(row):
            raise Refused(fault)
        row.state, row.agreed_by, row.agreed_at = state, by.id, utc_now()
        _hold_to(row, by)
        _note(row, by, "consequence.agree", before)


def keep_word(row: Consequence) -> SecondWord:
    """The conditions of agreeing that a certificate is kept."""
    own = msg("保留要两个人，你是提出的人，请另一位来同意")
    return asked_word(row.competition, row.settled_by, own, linked=is_linked("keep"))


def find_consequences(competition: Competition, ids: Sequence[int]) -> Sequence[Consequence]:
    """Find these consequences, in order; `Refused` if one is not the competition's own."""
    rows = db.session.scalars(
        select(Consequence)
        .where(Consequence.competition_id == competition.id, Consequence.id.in_(ids))
        .order_by(Consequence.id)
    ).all()
    if len(rows) != len(set(ids)):
        raise Refused(msg("名单刚变过，请刷新后再选"))
    return rows


def _check(row: Consequence, competition: Competition, act: str) -> None:
    if row.competition_id != competition.id:
        raise Refused(msg("名单刚变过，请刷新后再选"))
    if row.state not in UNSETTLED and not may_decide_anew(row):
        raise Refused(msg("这一件已经办完，不能再改"))
    fault = why_not(row, act)
    if fault is not None:
        raise Refused(fault)


def _withdraw(row: Consequence, by: Account) -> None:
    if row.kind == "given":
        given = db.session.get_one(Distinction, row.why["distinction"])
        if given.state is DistinctionState.RECALLING:
            # Whoever asked for it has what they asked for.
            given.asked_by = given.asked_at = given.asked_why = None
        if given.state in IN_FORCE:
            end_award(given, row.reason or str(_default_reason(row)), by)
    if row.certificate is None:
        return
    make_void(row.certificate, row.reason or str(_default_reason(row)), by)
    if row.kind == "grade" and (decision := decision_about(row)) is not None:
        # The grade goes with its certificate; a later version may propose it anew.
        _lapse(row, decision, by)


def _default_reason(row: Consequence) -> Message:
    """The reason on the public page if the organiser gave no words of their own."""
    words = {
        "dsq": msg("取消成绩"),
        "dns": msg("缺考"),
        "dnf": msg("中途退出"),
        "absent": msg("缺考"),
    }
    what = words.get(row.why.get("status") or row.why.get("verdict", ""), msg("不再符合"))
    if row.why.get("ground", {}).get("vetoed"):
        what = msg("一票否决")
    return msg("成绩更正，第 %(n)s 版：%(what)s", n=row.publication.version, what=what)


def _lapse(row: Consequence, decision: GradeDecision, by: Account) -> None:
    before = {"grade": decision.grade, "state": decision.state.value}
    audit.record(row.competition, by, "grade.lapse", decision.person.code, before=before)
    db.session.delete(decision)


def _propose_anew(row: Consequence, by: Account) -> None:
    """Propose another grade: it goes through notice and approval as any does."""
    if row.certificate is not None and row.certificate.claim_id is not None:
        return
    decision, now = decision_about(row), row.now
    if decision is None or now is None or decision.grade == now["grade"]:
        return
    anew = _given_by(row.publication, decision.entrant, decision.member)
    assert anew is not None  # `now` says that it gives one
    _lapse(row, decision, by)
    db.session.flush()
    db.session.add(anew)
    db.session.flush()


def _hold_to(row: Consequence, by: Account) -> None:
    """Let the grade of a kept certificate be the one decided on.

    Another may have been proposed since, or none: by a version that was not settled to the end.
    """
    certificate, decision = row.certificate, decision_about(row)
    if row.kind != "grade" or certificate is None or certificate.claim_id is not None:
        return
    if decision is not None and decision.grade == row.was["grade"]:
        decision.state = GradeState.ISSUED
        return
    assert certificate.entrant is not None  # by place
    given = (
        _given_by(publication, certificate.entrant, certificate.member)
        for publication in publications(row.competition)
    )
    was = next((it for it in given if it is not None and it.grade == row.was["grade"]), None)
    if was is None:
        return
    if decision is not None:
        _lapse(row, decision, by)
        db.session.flush()
    was.state = GradeState.ISSUED
    db.session.add(was)
    db.session.flush()


def _given_by(
    publication: Publication, entrant: Entrant, member: Member | None
) -> GradeDecision | None:
    """The grade that a version gives somebody, as it is proposed; None where it gives none."""
    person = member or entrant
    for event in read_snapshot(publication)[1].events:
        for grade in event.grades or ():
            if (grade.member or grade.entrant) != person.code or grade.change != "promoted":
                continue
            place = next(row for row in event.standings if row.entrant == entrant.code)
            return GradeDecision(
                event_id=entrant.event_id,
                entrant_id=entrant.id,
                member_id=member.id if member else None,
                grade=grade.grade,
                present_grade=person.grade,
                rule=grade.rule,
                rank=place.rank or 0,
                reasons=msgspec.to_builtins(grade.reasons, str_keys=True),
                state=GradeState.PROPOSED,
            )
    return None


def _note(row: Consequence, by: Account, action: str, before: ConsequenceState) -> None:
    subject = row.certificate.number if row.certificate else row.was["name"]
    audit.record(
        row.competition,
        by,
        action,
        subject,
        before={"state": before.value},
        after={"state": row.state.value, "was": _prize_said(row.was), "now": _prize_said(row.now)},
        reason=row.reason,
    )


def _prize_said(prize: dict[str, object] | None) -> dict[str, object] | None:
    """The prize as the record tells it, never more of a person than the list does."""
    if prize is None:
        return None
    return {key: prize[key] for key in ("award", "item", "grade", "rank") if key in prize}
