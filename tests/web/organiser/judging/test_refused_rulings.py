"""What the chief judge typed for a ruling that was refused."""

from __future__ import annotations

import html
import re

from flask import Flask

from tests.support.panels import bundle_of, client_of, open_panel


def test_a_reason_that_was_refused_stays_with_its_own_ruling(app: Flask) -> None:
    """The page has two forms with a reason: one about values, one about the time."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        panel = open_panel(bundle_of(timed=True))
        for judge, smooth in (("J1", "3"), ("J2", "1"), ("J3", "1")):
            panel.act(panel.sheet(judge), "watch_stop", aspect="run", value="480")
            panel.fill(panel.sheet(judge), {"smooth": smooth, "work": "17.5", "run": "480"})
        public_id = panel.sheet("J1").public_id
    chief = client_of(app, panel, "C1")
    where = f"/desk/PANEL/panels/{public_id}"
    # Asking the judges again comes first, and its button is on the console.
    console = re.search(r'<a href="([^"]+)">去工作台通知重评</a>', chief.get(where).text)
    assert console is not None
    assert (
        f'action="/desk/PANEL/sheets/{public_id}/remark"'
        in chief.get(html.unescape(console[1])).text
    )
    values = chief.post(where, data={"value-smooth": "", "reason": "录像回看"})
    time = chief.post(f"{where}/time", data={"seconds": "很久", "reason": "表停早了"})
    assert (values.status_code, time.status_code) == (400, 400)
    assert re.findall(r"<textarea.*?>([^<]*)</textarea>", values.text) == ["录像回看", ""]
    assert re.findall(r"<textarea.*?>([^<]*)</textarea>", time.text) == ["", "表停早了"]
    assert 'value="很久"' in time.text
    assert "没有裁定过" in time.text
    answered = chief.post(
        f"{where}/time",
        data={"seconds": "7:55.5", "reason": "录像 12:30"},
        follow_redirects=True,
    ).text
    # What was ruled stands among the rulings too, beside what the watches read.
    assert "没有裁定过" not in answered
    assert "模块用时 7:55.5（475.5 秒）" in re.sub(r"<[^>]*>", "", answered)
    assert "原来 J1 8:00 / J2 8:00 / J3 8:00" in answered
