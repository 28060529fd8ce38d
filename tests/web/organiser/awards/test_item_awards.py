"""An award for a single item (单项) speaks of that item's score and place, not of the total."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from compete.models import Account, Certificate, Competition, db
from compete.services.kernel.publications import latest_publication
from compete.services.results.snapshots import read_snapshot
from tests.documents.reading import pages
from tests.support.second_day import PRIZES, certify, second_version
from tests.support.signing_in import signed_in
from tests.support.small import all_marks, small

ITEMS = {
    "items": [{"code": "i", "name": "计时单项", "of": "t"}],
    "awards": [{"code": "best", "name": "优胜", "top": 2, "scope": "items"}, *PRIZES["awards"]],
}


def test_paper_and_corrections_name_the_item(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small(all_marks(), event=PRIZES | ITEMS))
    certify(competition, organiser)
    publication = latest_publication(competition)
    assert publication is not None
    (event,) = read_snapshot(publication)[1].events
    [item] = event.items or []
    score = {row.entrant: row.score for row in item.standings}["P2"]
    mine = db.session.query(Certificate).filter_by(kind="award", subject="P2").all()
    desk = signed_in(app, organiser)
    papers = {
        certificate.face["award"]: pages(
            desk.get(f"/desk/X/certificates/{certificate.id}/file.pdf").data
        )[0]
        for certificate in mine
    }
    assert f"中，计时单项成绩{score}分，列该单项第2名，获" in papers["优胜"]
    assert "计时单项优胜" in papers["优胜"]
    assert "总成绩" not in papers["优胜"]
    assert "列个人第2名" in papers["二等奖"]
    second_version(competition, organiser)
    page = desk.get("/desk/X/consequences").text
    assert "计时单项 第 2 → 第 1 名" in page
