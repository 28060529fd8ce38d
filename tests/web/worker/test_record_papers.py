"""What is taken along of a record: the slips with links, the record on paper, its credentials."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest
from flask import Flask
from pypdf import PdfReader

from compete.config import Config
from compete.domain.credentials.did_documents import read_key_file
from compete.domain.credentials.signed import Failure, read_signed, signed_by
from compete.domain.credentials.verification import Outcome, verify_credential
from compete.keys.suite import Ed25519Suite
from compete.models import Account, Certificate, Competition, db, utc_now
from compete.services.certificates.rows import revoke_certificate
from compete.services.workers.own_links import give_link
from tests.support.second_day import certify, with_prizes
from tests.support.signing_in import signed_in
from tests.support.small import IDS
from tests.web.papers import OF_LINKS
from tests.web.unit.test_unit_pages import by_link
from tests.web.worker.test_record_pages import claim, person_of


@pytest.fixture
def config(config: Config) -> Config:
    """An installation with an address of its own on the internet."""
    return replace(config, base_url="https://jingsai.example.cn")


def read(paper: bytes) -> str:
    """The words of a paper, which says whose it is."""
    written = PdfReader(BytesIO(paper))
    assert written.metadata is not None
    assert written.metadata.author
    return "".join(page.extract_text() for page in written.pages)


def test_each_paper_prints_in_each_language(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    phone, url = claim(app, person_of(fresh), IDS["P1"][-4:], organiser)
    waiting = give_link(person_of(fresh, "P2"), organiser)
    unit, desk = by_link(app, fresh, organiser), signed_in(app, organiser)
    doors = {
        "worker.record_paper": (phone, "赵启明"),
        "organiser.link_paper": (desk, "钱文"),
        "unit.links_paper": (unit, "钱文"),
    }
    assert doors.keys() == OF_LINKS.keys()
    for language in ("zh", "en"):
        for endpoint, (client, name) in doors.items():
            client.get(f"/language/{language}")
            path = OF_LINKS[endpoint].format(
                link=url.rpartition("/")[2], person=waiting.person_id, code=fresh.code
            )
            answer = client.get(path)
            assert answer.status_code == 200, (language, endpoint, answer.text[-2000:])
            assert name in read(answer.data), endpoint


def test_no_slip_is_printed_of_a_link_that_was_used(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    person = person_of(fresh)
    claim(app, person, IDS["P1"][-4:], organiser)
    refused = signed_in(app, organiser).get(f"/desk/people/{person.id}/link.pdf")
    assert (refused.status_code, "先发链接" in refused.text) == (409, True)
    unit = by_link(app, fresh, organiser)
    assert unit.get("/unit/X/records/links.pdf").status_code == 409
    given = unit.post("/unit/X/records/links", follow_redirects=True).text
    assert "发了 1 个链接" in given
    paper = read(unit.get("/unit/X/records/links.pdf").data)
    assert "钱文" in paper
    assert "赵启明" not in paper


def test_who_is_not_in_takes_nothing_along(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    _phone, url = claim(app, person_of(fresh), IDS["P1"][-4:], organiser)
    stranger = app.test_client()
    for name in ("record.pdf", "record.json"):
        assert stranger.get(f"{url}/{name}").location.endswith(url)


def test_the_credentials_that_hold_go_along_in_one_signed_file(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = with_prizes(load)
    certify(competition, organiser)
    phone, url = claim(app, person_of(competition), IDS["P1"][-4:], organiser)
    assert "存成一个文件" in phone.get(url).text
    answer = phone.get(f"{url}/record.json")
    assert answer.status_code == 200
    whole = json.loads(answer.data)
    keys = read_key_file(app.test_client().get("/.well-known/did.json").data)
    suite = Ed25519Suite()
    assert whole["type"] == ["VerifiableCredential", "ClrCredential"]
    assert isinstance(signed_by(read_signed(answer.data, suite), keys, suite), str)
    forged = json.dumps(whole | {"name": "别人的档案"}).encode()
    assert isinstance(signed_by(read_signed(forged, suite), keys, suite), Failure)
    for document in whole["credentialSubject"]["verifiableCredential"]:
        verdict = verify_credential(json.dumps(document).encode(), keys, suite=suite, at=utc_now())
        # Whether it was revoked stands in lists of its own, which are not looked at here.
        assert verdict.outcome is Outcome.UNCHECKED
    inside = whole["credentialSubject"]["verifiableCredential"]
    own = db.session.query(Certificate).filter(Certificate.entrant_id.is_not(None)).all()
    mine = [it for it in own if it.entrant is not None and it.entrant.code == "P1"]
    assert len(inside) == len(mine) > 0
    assert not any(number in answer.text for number in IDS.values())
    for paper in mine:
        revoke_certificate(paper, "查明是冒名顶替", organiser)
    assert "存成一个文件" not in phone.get(url).text
    assert phone.get(f"{url}/record.json").status_code == 409
