"""A value of a closed period that should not be there is taken away by two."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from compete.domain.bundle.writing import write_bundle
from compete.domain.values.roles import Role
from compete.models import Account, Competition
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.row_checks import check_rows
from compete.services.labour.closing import close_period
from compete.services.labour.corrections import (
    Wanted,
    agree_correction,
    ask_correction,
    what_it_moves,
)
from compete.services.scoring.live_labour import labour_live
from tests.domain.labour.build import indicator, labour_bundle, quarter, value


def test_a_value_that_should_not_be_there_is_missing_and_never_nought(
    load: Callable[..., Competition], organiser: Account
) -> None:
    bundle = labour_bundle(
        "甲乙",
        periods=quarter("一月"),
        indicators=[indicator("安全", 100)],
        values=[value("甲", "一月", "安全", 90), value("乙", "一月", "安全", 70)],
    )
    competition = load(json.loads(write_bundle(bundle)))
    second = create_account("周颖")
    grant_role(second, competition, Role.ORGANISER, by=organiser)
    close_period(competition, "一月", "", organiser)
    wanted = Wanted(kind="empty", period="一月", unit="乙", indicator="安全", reason="不是这一家的")
    asked = ask_correction(competition, wanted, organiser)
    (would,) = what_it_moves(competition, asked)
    assert (would.unit, would.totals, would.ranks) == ("乙", (7000, None), (2, None))
    agree_correction(asked, second)
    live = labour_live(competition)
    assert live.outcome.totals["一月", "乙"].total is None
    assert ("乙", "一月", "安全") not in live.outcome.field.values
    with pytest.raises(Refused, match="本来就没有数") as refused:
        ask_correction(competition, wanted, organiser)
    assert refused.value.kind is Refusal.INVALID
    back = Wanted(
        kind="value", period="一月", unit="乙", indicator="安全", points="60", reason="是这一家的"
    )
    agree_correction(ask_correction(competition, back, organiser), second)
    assert labour_live(competition).outcome.totals["一月", "乙"].total == 6000
    assert list(verify_chain(competition)) == []
    assert list(check_rows(competition)) == []
