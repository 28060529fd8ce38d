from __future__ import annotations

import json

import pytest
from flask import Flask

from compete.models import Account, FieldRecord, db, utc_now
from compete.services.judging.proof import check_signatures
from compete.services.kernel.clock import clock_text
from compete.services.schedule.delays import give_back, note_stop
from tests.support.panels import SIGNATURE, Panel, client_of, open_panel

FILLED = {
    "started": "09:12",
    "ended": "09:31",
    "extra_minutes": "2",
    "violations": "没戴安全帽 1 次",
    "drawing": json.dumps(SIGNATURE),
}


def address(app: Flask, panel: Panel) -> str:
    with app.app_context():
        return f"/judge/sheets/{panel.sheet('J1').public_id}/field"


def records(app: Flask) -> list[tuple[dict[str, object], bool]]:
    """Each record's content, and whether it stands."""
    with app.app_context():
        rows = db.session.query(FieldRecord).order_by(FieldRecord.id)
        return [(json.loads(row.content), row.superseded_at is None) for row in rows]


def test_the_contestant_signs_what_the_judge_wrote_down(app: Flask, opened: Panel) -> None:
    judge, where = client_of(app, opened, "J1"), address(app, opened)
    assert "<canvas" in judge.get(where).get_data(as_text=True)
    assert judge.post(where, data=FILLED).status_code == 302
    ((content, stands),) = records(app)
    assert stands
    assert (content["started"], content["ended"]) == ("09:12", "09:31")
    assert (content["extra_minutes"], content["violations"]) == (2, "没戴安全帽 1 次")
    assert (content["label"], content["recorded_by"]) == ("E1", "J1")
    page = judge.get(where).get_data(as_text=True)
    assert "没戴安全帽 1 次" in page
    assert "M10 80" not in page
    assert "<canvas" not in page


def test_the_desk_shows_the_record_with_its_signature(app: Flask, opened: Panel) -> None:
    client_of(app, opened, "J1").post(address(app, opened), data=FILLED)
    with app.app_context():
        where = f"/desk/PANEL/sheets/{opened.sheet('J2').public_id}"
        assert list(check_signatures(opened.competition)) == []
    page = client_of(app, opened, "C1").get(where).get_data(as_text=True)
    assert "09:12 开始，09:31 结束，补时：2 分" in page
    assert "M10 80" in page


def test_extra_time_may_have_seconds_and_what_stopped_is_signed(
    app: Flask, opened: Panel, organiser: Account
) -> None:
    judge, where = client_of(app, opened, "J1"), address(app, opened)
    sheet, now = opened.sheet("J1"), utc_now()
    stop = note_stop(sheet.entrant, sheet.stage, sheet.module, now, "液压漏油", organiser)
    give_back(stop, 680, organiser)
    assert 'value="11:20"' in judge.get(where).text
    assert judge.post(where, data=FILLED | {"extra_minutes": "11:20"}).status_code == 302
    ((content, _stands),) = records(app)
    assert (content["extra_minutes"], content["extra_seconds"]) == (11, 20)
    at = clock_text(now)
    assert content["stops"] == [{"at": at, "reason": "液压漏油", "seconds": 680}]
    shown = judge.get(where).text
    assert "11 分 20 秒" in shown
    assert f"{at} 停：液压漏油，补时 11 分 20 秒" in shown


def test_a_record_written_again_replaces_the_one_before_which_stays(
    app: Flask, opened: Panel
) -> None:
    judge, where = client_of(app, opened, "J1"), address(app, opened)
    judge.post(where, data=FILLED)
    judge.post(where, data={**FILLED, "ended": "09:33"})
    assert [(record["ended"], stands) for record, stands in records(app)] == [
        ("09:31", False),
        ("09:33", True),
    ]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"started": "25:00"}, "开始时间要写成"),
        ({"ended": ""}, "结束时间要写成"),
        ({"extra_minutes": "2.5"}, "整数分钟"),
        ({"extra_minutes": "9999"}, "整数分钟"),
        ({"drawing": ""}, "没有签名"),
        ({"violations": "很" * 1001}, "最多写 1000 个字"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_typed_is_lost(
    app: Flask, opened: Panel, wrong: dict[str, str], sentence: str
) -> None:
    judge, where = client_of(app, opened, "J1"), address(app, opened)
    answer = judge.post(where, data={**FILLED, **wrong})
    assert answer.status_code == 400
    page = answer.get_data(as_text=True)
    assert sentence in page
    kept = {**FILLED, **wrong}
    for name in ("started", "ended", "violations"):
        assert kept[name] in page
    assert records(app) == []


def test_once_marks_are_locked_a_record_is_read_and_none_is_written(
    app: Flask, opened: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge, where = client_of(app, opened, "J1"), address(app, opened)
    sheet = where.removesuffix("/field")
    assert "data-signed" not in judge.get(sheet).text
    monkeypatch.setattr("compete.web.judge.field.is_locked", lambda *_place: True)
    page = judge.get(where).text
    assert "锁定了，不能再签" in page
    assert "<canvas" not in page
    judge.post(where, data=FILLED)
    assert "data-signed" in judge.get(sheet).text
    for address_of in (where, f"{where}?again=1"):
        page = judge.get(address_of).text
        assert "09:31" in page
        assert "重写重签" not in page
        assert "<canvas" not in page


def test_another_judges_sheet_has_no_record_page(app: Flask, opened: Panel) -> None:
    assert client_of(app, opened, "J2").get(address(app, opened)).status_code == 404


def test_in_a_blind_event_nobody_signs_beside_the_code(app: Flask) -> None:
    from tests.support.panels import bundle_of

    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        panel = open_panel(bundle_of(blind=True))
        public_id = panel.sheet("J1").public_id
        db.session.remove()
    judge, where = client_of(app, panel, "J1"), address(app, panel)
    assert "选手签字" not in judge.get(f"/judge/sheets/{public_id}").text
    assert judge.get(where).status_code == 404
    assert judge.post(where, data=FILLED).status_code == 404
    assert records(app) == []
