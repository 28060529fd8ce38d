"""A notice taken down: what was certified early holds nothing meanwhile."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Flask

from compete.models import Account, Certificate, Competition, db
from compete.services.certificates.printing import print_certificates
from compete.services.results.result_moves import withdraw_notice
from tests.documents.reading import pages as paper_pages
from tests.support.announced import announce_again
from tests.support.second_day import certify, with_prizes
from tests.support.signing_in import signed_in
from tests.web.organiser.certificates.test_consequences import looked_up


def test_certificates_hold_nothing_while_the_notice_is_taken_down(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    """Those that went out early follow results that count no more, until a new version."""
    competition = with_prizes(load)
    certify(competition, organiser)
    desk = signed_in(app, organiser)

    def in_review() -> tuple[int, int, int, int]:
        """On the pages that look one up, in the register, on a person's page; on paper."""
        pages = [looked_up(app, kind, "P2") for kind in ("award", "grade")]
        listed = desk.get("/desk/X/certificates?state=review&kind=award").text
        issued = db.session.scalars(db.select(Certificate).filter_by(kind="award")).all()
        return (
            sum("<h1>复核中</h1>" in page for page in pages),
            len(re.findall(r'href="/v/[^"]+"', listed)),
            desk.get("/desk/X/entrants/P2/").text.count("复核中"),
            sum("复核中" in paper for paper in paper_pages(print_certificates(issued))),
        )

    assert in_review() == (0, 0, 0, 0)
    withdraw_notice(competition.events[0], "重算", organiser)
    assert in_review() == (2, 3, 2, 3)
    assert "公示撤下了，重新公布以前" in looked_up(app, "award", "P2")
    announce_again(competition, organiser)
    assert in_review() == (0, 0, 0, 0)
