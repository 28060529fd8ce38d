"""The head arbiter upholds a decision, or leaves the mark: two things, each with its own words."""

from __future__ import annotations

import pytest

from compete.domain.values.messages import msg
from compete.models import Account, Appeal, Competition
from compete.services.appeals.appeal_states import to_carry_out
from compete.services.appeals.decisions import agree
from compete.services.appeals.filing import go_on
from compete.services.appeals.ordered_rulings import carry_out
from compete.services.appeals.record_paper import print_appeal
from compete.services.appeals.second_instance import (
    UPHELD,
    outcome_words,
    ways_to_decide,
    words_for,
)
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from tests.documents.reading import pages
from tests.support.appealing import Bench, appealed, decided
from tests.support.signing_in import official as chief_of


def taken_on(bench: Bench, **answers: str) -> Appeal:
    """An appeal that two decided and the appellant took to the second instance."""
    appeal = appealed()
    assert list(ways_to_decide(appeal)) == ["kept", "changed", "redone", "dismissed"]
    agree(decided(appeal, bench.first, **answers), bench.second)
    go_on(appeal, "还是不同意", None)
    return appeal


def test_a_change_that_is_upheld_is_carried_out(bench: Bench, organiser: Account) -> None:
    appeal = taken_on(bench, outcome="changed", value="0", orders="两张表都改")
    assert list(ways_to_decide(appeal)) == [UPHELD, "kept", "changed", "redone", "dismissed"]
    decision = decided(appeal, bench.head, outcome=UPHELD, reason="同意仲裁组")
    assert (decision.outcome, decision.value, decision.orders) == ("changed", 0, "两张表都改")
    assert to_carry_out(appeal)
    assert outcome_words(decision) == msg("维持仲裁组的决定")
    paper = "".join(pages(print_appeal(appeal, organiser)))
    assert "总仲裁的决定维持仲裁组的决定，改成0次" in paper


def test_the_mark_that_is_left_is_never_called_upheld(bench: Bench, organiser: Account) -> None:
    """维持 alone would be read as the decision that it does away with."""
    appeal = taken_on(bench, outcome="changed", value="0")
    decision = decided(appeal, bench.head)
    assert not to_carry_out(appeal)
    assert outcome_words(decision) == msg("原来的分不改")
    paper = "".join(pages(print_appeal(appeal, organiser)))
    assert "总仲裁的决定原来的分不改" in paper
    assert words_for("kept", 2, upheld=False) == msg("原来的分不改")


def test_what_was_done_already_stays_done_where_it_is_upheld(
    judged: Competition, bench: Bench
) -> None:
    appeal = appealed()
    agree(decided(appeal, bench.first, outcome="changed", value="0"), bench.second)
    with unit_of_work():
        appeal.carried_how, appeal.carried_at = "照办了", appeal.filed_at
    go_on(appeal, "还是不同意", None)
    assert "kept" not in ways_to_decide(appeal)
    with pytest.raises(Refused, match="选怎么定"):
        decided(appeal, bench.head)
    decided(appeal, bench.head, outcome=UPHELD)
    assert appeal.carried_at is not None
    with pytest.raises(Refused, match="没有要办的"):
        carry_out(appeal, "再办一次", chief_of(judged, "C1"))


def test_what_changed_nothing_is_upheld_in_one_way_alone(bench: Bench) -> None:
    appeal = taken_on(bench)
    assert list(ways_to_decide(appeal)) == [UPHELD, "changed", "redone", "dismissed"]
    decision = decided(appeal, bench.head, outcome=UPHELD)
    assert decision.outcome == "kept"
    with pytest.raises(Refused):
        decided(appealed("P1"), bench.first, outcome=UPHELD)
