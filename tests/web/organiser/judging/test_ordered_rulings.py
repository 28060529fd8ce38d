"""The chief judge rules on the panel's page what a decided appeal of the module orders."""

from __future__ import annotations

import pytest
from flask import Flask

from compete.models import db
from compete.services.appeals.appeal_states import to_carry_out
from compete.services.appeals.decisions import agree
from compete.services.appeals.filing import file_appeal
from compete.services.appeals.ordered_rulings import carry_out
from compete.services.judging.sent_back_sheets import send_sheet_back
from compete.services.kernel.refusal import Refused
from tests.support.appealing import bench_of, decided, lodged, nothing_follows
from tests.support.panels import Panel
from tests.support.signing_in import signed_in


def test_what_a_decided_appeal_orders_is_ruled_and_then_done(app: Flask, panel: Panel) -> None:
    panel.fill_panel("2", "2", "2")
    chief = panel.account("C1")
    desk = signed_in(app, chief)
    url = f"/desk/PANEL/panels/{panel.sheet('J1').public_id}"
    assert "value-work" not in desk.get(url).text
    bench = bench_of(panel.competition, panel.organiser)
    appeal = file_appeal(panel.entrant("E1"), lodged(item="final/practice"), None)
    nothing_follows(appeal)
    agree(decided(appeal, bench.first, outcome="changed", orders="成品改成 20"), bench.second)
    assert "value-work" in desk.get(url).text
    with pytest.raises(Refused, match="先退回重评、裁定或判罚"):
        carry_out(appeal, "改了", chief)
    sent = {"value-work": "20", "reason": "申诉 01"}
    assert desk.post(url, data=sent).status_code == 302
    db.session.expire_all()
    carry_out(appeal, "改了", chief)
    assert not to_carry_out(appeal)


def test_a_sheet_sent_back_and_in_again_is_a_change_too(panel: Panel) -> None:
    panel.fill_panel("2", "2", "2")
    chief, sheet = panel.account("C1"), panel.sheet("J1")
    bench = bench_of(panel.competition, panel.organiser)
    appeal = file_appeal(panel.entrant("E1"), lodged(item="final/practice"), None)
    nothing_follows(appeal)
    agree(decided(appeal, bench.first, outcome="changed", orders="成品改成 20"), bench.second)
    send_sheet_back(sheet, "申诉 01", chief)
    with pytest.raises(Refused, match="先退回重评"):
        carry_out(appeal, "改了", chief)
    panel.act(sheet, "mark", aspect="work", value="18")
    panel.act(sheet, "submit")
    carry_out(appeal, "改了", chief)
    assert not to_carry_out(appeal)
