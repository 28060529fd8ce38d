"""The list on which certificates are signed for when they are handed out."""

from __future__ import annotations

import pytest
from flask import Flask

from compete.models import Account, Competition
from compete.services.certificates.printing import print_certificates, print_handing_out
from compete.services.certificates.rows import revoke_certificate
from compete.services.jobs.papers.kinds import Asked
from compete.services.kernel.refusal import Refused
from tests.documents.reading import pages
from tests.support.announced import announce, approve_all, body_for
from tests.support.issuing import issue_grade_certificates


def test_the_valid_are_listed_with_masked_numbers_and_nobody_else(
    here: Flask, forklift: Competition, organiser: Account
) -> None:
    announce(forklift, organiser)
    approve_all(forklift, organiser)
    asked = Asked(forklift, organiser, str, {})
    with pytest.raises(Refused, match="还没有证书"):
        print_handing_out(asked, [])
    body = body_for(forklift)
    first, *others = issue_grade_certificates(forklift, body, organiser, "急用")
    revoke_certificate(first, "发错了", organiser)
    with here.test_request_context():
        paper = "".join(pages(print_handing_out(asked, [row.id for row in (first, *others)])))
        assert print_certificates(others).left_out == ()
    assert first.number not in paper
    for other in others:
        assert other.number in paper
        assert other.id_number
        assert other.id_number not in paper
