"""A name misspelt in an award given by hand: corrected by two, and its certificate with it.

Of a coach, a team and a worker the award knows nothing but a name and a unit, so another name could
be another person: one asks with a reason, a second person agrees.
"""

from __future__ import annotations

from compete.domain.values.distinction_states import DistinctionKind, DistinctionState
from compete.domain.values.messages import msg
from compete.domain.values.states import CertificateState
from compete.models import Account, Certificate, Distinction, utc_now
from compete.services.accounts.second_persons import asked_word, is_linked
from compete.services.awards.nominated_awards import (
    certificates_of_distinctions,
    named_holder,
    note_distinction,
    standing_awards,
)
from compete.services.certificates.reissuing import issue_anew
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.text_limits import check_name, reason_text
from compete.services.kernel.transactions import claimed, unit_of_work
from compete.services.log.sequencing import then_logged


def ask_correction(row: Distinction, name: str, reason: str, by: Account) -> None:
    """Ask that the award stand under another name; until somebody agrees all stays as it is.

    Raises `Refused`: INVALID without a name or a reason, CONFLICT where it is not granted, is
    erased, bears that name or where who bears it has the award already.
    """
    name = " ".join(name.split())
    check_name(name)
    if not name:
        raise invalid(msg("要写改成什么"))
    reason = reason_text(reason, msg("更正要写理由"))
    with unit_of_work():
        claimed(row)
        if row.kind not in DistinctionKind.named() or row.is_erased:
            raise Refused(msg("这个名称不在这里更正"))
        if row.state is not DistinctionState.GRANTED:
            raise Refused(msg("评定了的才更正，没评定的不评了再提名"))
        if name == row.name:
            raise invalid(msg("和现在的一样"))
        _check_free(row, name)
        row.new_name = name
        row.asked_by, row.asked_at, row.asked_why = by.id, utc_now(), reason
        note_distinction(row, by, "distinction.ask_correct", reason)


@then_logged
def agree_correction(row: Distinction, by: Account) -> Certificate | None:
    """The second person's word; the new certificate, where one was out under the old name.

    Raises `Refused` for the first one's own word, where who bears the name has the award by now,
    and where no certificate may be issued now, so that name and certificate never differ.
    """
    with unit_of_work() as session:
        row, competition = claimed(row)
        if row.new_name is None or row.unit is None:
            raise Refused(msg("没有等着同意的，请刷新"))
        asked_word(competition, row.asked_by, linked=is_linked("award")).require(by)
        _check_free(row, row.new_name)
        why = row.asked_why or ""
        row.name, row.holder = row.new_name, named_holder(row.kind, row.unit, row.new_name)
        _forget(row)
        session.flush()
        note_distinction(row, by, "distinction.correct", why)
        paper = certificates_of_distinctions(competition).get(row.id)
        if paper is None or paper.state is not CertificateState.VALID:
            return None
        (made,) = issue_anew(paper, why, by)
        return made


def drop_correction(row: Distinction, by: Account) -> None:
    """The name stays."""
    with unit_of_work():
        claimed(row)
        if row.new_name is None:
            raise Refused(msg("没有等着同意的，请刷新"))
        _forget(row)
        note_distinction(row, by, "distinction.drop_correct")


def _forget(row: Distinction) -> None:
    row.new_name = None
    row.asked_by = row.asked_at = row.asked_why = None


def _check_free(row: Distinction, name: str) -> None:
    """Refuse the name and unit if another award of the title stands under them."""
    assert row.unit is not None
    if standing_awards(row, named_holder(row.kind, row.unit, name)) - {row.id}:
        raise Refused(msg("%(name)s 已经有“%(title)s”了", name=name, title=row.title))
