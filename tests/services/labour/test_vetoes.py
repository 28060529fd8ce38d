"""一票否决: two put it in, in an open month too, and two lift it; it stays on record."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from compete.domain.labour.closed_periods import only_periods
from compete.domain.values.roles import Role
from compete.models import Account, Competition, VetoEntry, db
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.labour.corrections import (
    Wanted,
    agree_correction,
    ask_correction,
    what_it_moves,
)
from compete.services.scoring.bundle_out import export_bundle
from compete.services.scoring.live_labour import labour_live
from tests.services.labour.made_up import made_up


def test_a_veto_takes_two_in_an_open_month_too_and_two_lift_it_again(
    load: Callable[..., Competition], organiser: Account
) -> None:
    competition = made_up(load, organiser).competition
    second = create_account("周颖")
    grant_role(second, competition, Role.ORGANISER, by=organiser)

    def vetoed() -> bool:
        rows = labour_live(competition).standings["一月"]
        return next(row.vetoed for row in rows if row.unit == "乙")

    def refused(kind: Refusal, act: Callable[[], object]) -> None:
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.kind is kind

    lift = Wanted("lift", "一月", "乙", "事故认定撤销了")
    refused(Refusal.INVALID, lambda: ask_correction(competition, lift, organiser))
    value = Wanted("value", "一月", "乙", "漏了", indicator="安全", points="3")
    refused(Refusal.CONFLICT, lambda: ask_correction(competition, value, organiser))
    asked = ask_correction(competition, Wanted("veto", "一月", "乙", "亡人事故"), organiser)
    assert not vetoed(), "nothing before the second person"
    refused(Refusal.CONFLICT, lambda: agree_correction(asked, organiser))
    agree_correction(asked, second)
    assert vetoed()
    lifted = ask_correction(competition, lift, second)
    shifts = {move.unit: move.vetoes for move in what_it_moves(competition, lifted)}
    assert shifts == {"乙": (True, False)}
    agree_correction(lifted, organiser)
    assert not vetoed()
    kept = db.session.scalars(select(VetoEntry).order_by(VetoEntry.id)).one()
    assert (kept.reason, kept.lifted_why) == ("亡人事故", "事故认定撤销了")
    assert kept.lifted_with == lifted.id
    # The file keeps it, the public one without the reasons that were not ticked.
    veto = {"unit": "乙", "period": "一月"}
    whole = export_bundle(competition).labour
    assert whole is not None
    assert whole.extra == {
        "lifted_vetoes": [veto | {"reason": "亡人事故", "lifted_why": "事故认定撤销了"}]
    }
    labour = export_bundle(competition, private=False).labour
    assert labour is not None
    assert labour.extra == {"lifted_vetoes": [veto | {"withheld": ["reason", "lifted_why"]}]}
    assert only_periods(labour, ["二月"]).extra is None
    assert only_periods(labour, ["一月"]).extra == labour.extra
    refused(Refusal.INVALID, lambda: ask_correction(competition, lift, organiser))
    assert list(verify_chain(competition)) == []
