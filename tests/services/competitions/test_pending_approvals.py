"""Everything that waits for a second person is agreed to from one table, on the same day too."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from compete.domain.values.period_states import CorrectionState
from compete.domain.values.roles import Role
from compete.models import Account, Competition, db
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.accounts.pins import set_pin
from compete.services.accounts.second_persons import note_device
from compete.services.competitions.details import drop_terms
from compete.services.competitions.pending_approvals import asked_by, pending_approvals
from compete.services.competitions.same_day_approvals import agree_in_person, agree_on_paper
from compete.services.kernel.refusal import Refused
from compete.services.labour.corrections import Wanted, ask_correction, corrections_of
from tests.services.labour.made_up import made_up
from tests.services.rules import asking
from tests.support.panels import PIN, Panel
from tests.support.pictures import photo
from tests.support.signing_in import official
from tests.web.organiser.accounts.test_seconds_at_home import KINDS

Begin = Callable[[Competition, Account], None]
NAMES = {"early final": "final", "erasure": "erasure", "distinction": "award", "outside": "outside"}


@pytest.mark.parametrize("kind", KINDS)
def test_each_is_called_by_its_kind_and_gone_once_the_second_agreed(
    judged: Competition, organiser: Account, kind: str
) -> None:
    begin, _what = KINDS[kind]
    begin(judged, organiser)
    (waiting,) = pending_approvals(judged)
    assert waiting.key.partition(":")[0] == NAMES.get(kind, "terms")
    assert (waiting.reason, asked_by(judged, organiser)) == ("急用", [waiting])
    chief = official(judged, "C1")
    assert asked_by(judged, chief) == []
    with pytest.raises(Refused):
        waiting.agree(organiser)
    assert "现在能办的" in str(waiting.why_not(organiser))
    assert waiting.why_not(chief) is None
    if kind != "erasure":  # It is not over yet: nobody's data go.
        waiting.agree(chief)
        assert pending_approvals(judged) == []


def test_a_correction_of_a_month_is_agreed_to_at_one_device_or_by_a_paper(
    load: Callable[..., Competition], organiser: Account
) -> None:
    competition = made_up(load, organiser).competition
    second = create_account("周颖")
    grant_role(second, competition, Role.ORGANISER, by=organiser)
    note_device(organiser, "desk", "sign_in")
    set_pin(second, PIN, PIN)
    note_device(second, "phone", "set")
    for unit, agree in (("甲", "paper"), ("乙", "device")):
        ask_correction(competition, Wanted("veto", "一月", unit, "亡人事故"), organiser)
        (waiting,) = asked_by(competition, organiser)
        assert unit in str(waiting.what)
        if agree == "paper":
            agree_on_paper(competition, waiting.key, second, photo(), organiser)
        else:
            agree_in_person(competition, waiting.key, second, organiser)
    assert [row.state.value for row in corrections_of(competition)] == ["agreed", "agreed"]
    assert pending_approvals(competition) == []


def test_an_official_is_not_asked_about_the_own_award(
    judged: Competition, organiser: Account
) -> None:
    own = official(judged, judged.judges[0].code)
    KINDS["distinction"][0](judged, organiser)
    (waiting,) = pending_approvals(judged)
    assert list(waiting.word.but) == [own.id]
    assert waiting.why_not(own) is not None


def test_other_rules_are_agreed_to_in_both_seats_at_one_device(panel: Panel) -> None:
    change = asking.ask(panel, asking.lighter(panel))
    note_device(panel.organiser, "desk", "sign_in")
    for code in ("C1", "S1"):
        note_device(panel.account(code), code, "set")
    waiting = asked_by(panel.competition, panel.organiser)
    assert [str(it.waits) for it in waiting] == ["等裁判长同意", "等监督同意"]
    for it, code in zip(waiting, ("C1", "S1"), strict=True):
        agree_in_person(panel.competition, it.key, panel.account(code), panel.organiser)
    db.session.refresh(change)
    assert change.state is CorrectionState.AGREED


def test_to_what_was_asked_after_the_page_was_shown_nobody_agrees(
    judged: Competition, organiser: Account
) -> None:
    early, _what = KINDS["certificates"]
    early(judged, organiser)
    (shown,) = asked_by(judged, organiser)
    drop_terms(judged, organiser)
    KINDS["shortened notice"][0](judged, organiser)
    (now,) = asked_by(judged, organiser)
    assert (shown.key == now.key, shown.mark == now.mark) == (True, False)
    chief = official(judged, "C1")
    with pytest.raises(Refused, match="请刷新"):
        agree_on_paper(judged, shown.key, chief, photo(), organiser, seen=shown.mark)
    assert asked_by(judged, organiser) == [now]
    agree_on_paper(judged, now.key, chief, photo(), organiser, seen=now.mark)
    assert asked_by(judged, organiser) == []


def test_no_paper_will_do_for_what_cannot_be_mended(
    judged: Competition, organiser: Account
) -> None:
    KINDS["erasure"][0](judged, organiser)
    (waiting,) = asked_by(judged, organiser)
    with pytest.raises(Refused, match="当面办"):
        agree_on_paper(judged, waiting.key, official(judged, "C1"), photo(), organiser)
