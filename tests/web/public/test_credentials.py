"""Certificates as signed credentials: one each, checked offline, as the register says."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from compete.config import Config
from compete.domain.credentials.did_documents import read_key_file
from compete.domain.credentials.status_lists import Purpose
from compete.domain.credentials.verification import Outcome, bears_name, summary, verify_credential
from compete.keys.suite import Ed25519Suite
from compete.models import Account, Certificate, Competition, Credential, IssuerKey, db
from compete.services.certificates.issuer_keys import (
    issuer_faults,
    renew_issuer_key,
    withdraw_issuer_key,
)
from compete.services.certificates.reissuing import reissue_certificate
from compete.services.certificates.rows import revoke_certificate
from compete.services.certificates.settling import settle
from compete.services.kernel import audit
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.consequences import consequence_of
from compete.services.results.result_moves import withdraw_notice
from tests.support.announced import announce_again
from tests.support.axe import violations
from tests.support.browser import wait_on_page
from tests.support.second_day import certify, person, second_version, with_prizes
from tests.support.signing_in import signed_in

SITE = "https://jingsai.example.cn"
SUITE = Ed25519Suite()


@pytest.fixture
def config(config: Config) -> Config:
    """An installation with an address of its own on the internet."""
    return replace(config, base_url=SITE)


@pytest.fixture
def certified(here: Flask, load: Callable[..., Competition], organiser: Account) -> Competition:
    competition = with_prizes(load)
    certify(competition, organiser)
    return competition


@pytest.fixture
def client(here: Flask) -> FlaskClient:
    """A passer-by."""
    return here.test_client(use_cookies=False)


def of(kind: str, subject: str) -> Certificate:
    query = db.session.query(Certificate).filter_by(kind=kind, subject=subject)
    return query.order_by(Certificate.id.desc()).first()  # type: ignore[return-value]


def fetch(client: FlaskClient, address: str, accept: str = "*/*") -> bytes:
    answer = client.get(address, headers={"Accept": accept} if accept else None)
    assert answer.status_code == 200, address
    assert "Set-Cookie" not in answer.headers
    return answer.data


def judge(client: FlaskClient, credential: bytes) -> Outcome:
    """What somebody finds who fetched keys and lists and is offline since."""
    keys = read_key_file(fetch(client, "/.well-known/did.json"))
    at = datetime.now(UTC)
    lists = [fetch(client, f"/status/1/{purpose}") for purpose in Purpose]
    for status_list in lists:
        # Whose clock is a minute slow still takes it.
        assert datetime.fromisoformat(json.loads(status_list)["validFrom"]) < at - timedelta(
            minutes=1
        )
    outcome = verify_credential(credential, keys, lists, suite=SUITE, at=at).outcome
    tokens = [fetch(client, f"/status/1/{purpose}", "application/jwt") for purpose in Purpose]
    assert verify_credential(credential, keys, tokens, suite=SUITE, at=at).outcome is outcome
    return outcome


def taken_by_others(client: FlaskClient, token: bytes) -> str:
    """What a program of others says of a token that checks it as it does unless told otherwise."""
    from openbadgeslib.ob3.verifier import OB3VerificationError, OB3Verifier

    def download(address: str) -> bytes:
        # As its own fetching does, it names no form.
        return fetch(client, address.removeprefix(SITE), "")

    verifier = OB3Verifier.for_issuer_did(f"did:web:{SITE.partition('//')[2]}", download=download)
    try:
        verifier.verify(token.decode(), check_status=True, download=download)
    except OB3VerificationError as error:
        return str(error)
    return "valid"


def test_a_status_list_comes_in_the_form_that_is_asked_for(
    client: FlaskClient, certified: Competition
) -> None:
    fetch(client, link(of("grade", "P1"), "jwt"))
    for accept, form in (
        ("", "application/jwt"), ("application/vc+jwt", "application/vc+jwt"),
        ("application/jwt, application/json;q=0.5", "application/jwt"),
        ("application/jwt;q=0.5, application/json", "application/json"),
        ("*/*", "application/json"), ("application/ld+json", "application/ld+json"),
        ("text/html,*/*;q=0.8", "application/json"), ("image/png", "application/json"),
    ):  # fmt: skip
        answer = client.get("/status/1/revocation", headers={"Accept": accept} if accept else None)
        assert answer.headers["Content-Type"] == form, accept
        assert "Accept" in answer.headers["Vary"].split(", ")
        assert answer.data.startswith(b"ey" if form.endswith("jwt") else b"{")


def test_a_program_of_others_takes_a_token_and_its_status_as_it_is_served(
    client: FlaskClient, certified: Competition, organiser: Account
) -> None:
    first = fetch(client, link(of("award", "P1"), "jwt"))
    assert taken_by_others(client, first) == "valid"
    renew_issuer_key()
    # The list is signed by another key than the credential now.
    second = fetch(client, link(of("award", "P2"), "jwt"))
    assert taken_by_others(client, first) == taken_by_others(client, second) == "valid"
    reissue_certificate(of("award", "P1"), "纸张污损", organiser)
    assert "'revocation' is set" in taken_by_others(client, first)
    assert taken_by_others(client, second) == "valid"
    revoke_certificate(of("award", "P2"), "冒名", organiser)
    assert "'revocation' is set" in taken_by_others(client, second)


def link(certificate: Certificate, form: str = "json") -> str:
    return f"/v/{certificate.token}/credential.{form}"


@pytest.mark.each_database
def test_each_certificate_has_one_credential_wherever_it_is_fetched(
    client: FlaskClient, certified: Competition
) -> None:
    assert client.get("/.well-known/did.json").status_code == 404
    assert client.get("/status/1/revocation").status_code == 404
    winner = person(certified, "P1")
    head = audit.chain_head(certified)
    page = client.get(f"/c/{winner.badge_token}").text
    grade, award = of("grade", "P1"), of("award", "P1")
    for certificate in (grade, award):
        path = f"/c/{winner.badge_token}/certificates/{certificate.id}"
        assert f"{path}.json" in page
        document = fetch(client, f"{path}.json")
        assert fetch(client, link(certificate)) == document
        token = fetch(client, f"{path}.jwt")
        assert fetch(client, link(certificate, "jwt")) == token
        asked = {"number": certificate.number, "name": winner.name, "form": "json"}
        assert client.post("/verify/credential", data=asked).data == document
        for form in (document, token):
            assert judge(client, form) is Outcome.VALID
            credential = verify_credential(
                form, read_key_file(fetch(client, "/.well-known/did.json")),
                suite=SUITE, at=datetime.now(UTC),
            ).document  # fmt: skip
            assert bears_name(credential, winner.name)
            assert winner.name not in json.dumps(credential, ensure_ascii=False)
            assert winner.id_number not in json.dumps(credential)
            credential_summary = summary(credential)
            assert credential_summary.number == certificate.number
            assert credential_summary.issuer_id == "did:web:jingsai.example.cn"
    results = {result.name: result.value for result in credential_summary.results}
    assert results == {"奖项": "一等奖", "名次": "1"}
    page_text = client.post("/verify", data={"number": award.number, "name": winner.name}).text
    assert 'action="/verify/credential"' in page_text
    assert award.token not in page_text
    # Nobody's fetching makes the stored pages of the competition stale.
    assert audit.chain_head(certified) == head
    assert db.session.query(Credential).count() == 2


def test_nothing_is_handed_out_to_who_knows_neither_link_nor_name(
    client: FlaskClient, certified: Competition
) -> None:
    winner, other = person(certified, "P1"), person(certified, "P2")
    mine = of("award", "P1")
    for address in (
        f"/c/{other.badge_token}/certificates/{mine.id}.json",
        "/v/wrong/credential.json",
        f"/v/{mine.token}/credential.pdf",
        "/status/2/revocation",
        "/status/1/names",
    ):
        assert client.get(address).status_code == 404, address
    asked = {"number": mine.number, "name": other.name, "form": "json"}
    assert client.post("/verify/credential", data=asked).status_code == 404
    assert client.post("/verify/credential", data=asked | {"form": "pdf"}).status_code == 400
    assert client.post("/verify/credential", data={"form": "json"}).status_code == 400
    assert db.session.query(Credential).count() == 0
    assert winner.name not in client.get("/verify/credential").text


def test_the_lists_follow_the_register(
    client: FlaskClient, certified: Competition, organiser: Account
) -> None:
    codes = ("P1", "P2", "P3")
    awards = {code: fetch(client, link(of("award", code))) for code in codes}
    grades = {code: fetch(client, link(of("grade", code))) for code in codes}
    assert {judge(client, certificate) for certificate in [*awards.values(), *grades.values()]} == {
        Outcome.VALID
    }
    revoke_certificate(of("award", "P3"), "冒名", organiser)
    old = of("grade", "P2")
    reissue_certificate(old, "纸张污损", organiser)
    assert judge(client, awards["P3"]) is Outcome.REVOKED
    assert judge(client, grades["P2"]) is Outcome.REPLACED
    assert client.get(link(old)).status_code == 404
    new = fetch(client, link(of("grade", "P2")))
    assert judge(client, new) is Outcome.VALID
    assert json.loads(new)["id"] != json.loads(grades["P2"])["id"]
    withdraw_notice(certified.events[0], "重算", organiser)
    assert judge(client, awards["P1"]) is judge(client, new) is Outcome.SUSPENDED
    assert judge(client, awards["P3"]) is Outcome.REVOKED
    announce_again(certified, organiser)
    assert judge(client, awards["P1"]) is judge(client, new) is Outcome.VALID
    second_version(certified, organiser)
    assert judge(client, awards["P1"]) is Outcome.SUSPENDED
    assert judge(client, grades["P1"]) is Outcome.SUSPENDED
    page = client.get(f"/v/{of('award', 'P1').token}").text
    assert "电子证书" not in page
    assert client.get(link(of("award", "P1"))).status_code == 404
    # What is to be replaced holds no more than the page of verification says, of either kind.
    for kind in ("award", "grade"):
        waiting = consequence_of(of(kind, "P2"))
        assert waiting is not None
        settle([waiting], "replace", organiser)
        assert "<h1>待换发</h1>" in client.get(f"/v/{of(kind, 'P2').token}").text
        assert client.get(link(of(kind, "P2"))).status_code == 404
    assert judge(client, awards["P2"]) is judge(client, new) is Outcome.SUSPENDED


def test_a_new_key_signs_and_an_old_one_holds_until_it_is_withdrawn(
    client: FlaskClient, certified: Competition
) -> None:
    first = fetch(client, link(of("award", "P1")))
    renewed = renew_issuer_key()
    second = fetch(client, link(of("award", "P2")))
    assert renewed.name in json.loads(second)["proof"][0]["verificationMethod"]
    assert fetch(client, link(of("award", "P1"))) == first
    assert judge(client, first) is judge(client, second) is Outcome.VALID
    old = db.session.query(IssuerKey).order_by(IssuerKey.id).first()
    assert old is not None
    assert "BEGIN" in old.private_key
    assert withdraw_issuer_key(old.name) == 1
    assert judge(client, first) is Outcome.UNKNOWN_KEY
    again = fetch(client, link(of("award", "P1")))
    assert judge(client, again) is Outcome.VALID
    credentials = [json.loads(text) for text in (first, again)]
    for credential in credentials:
        del credential["proof"]
    assert credentials[0] == credentials[1]
    assert list(issuer_faults()) == []
    with unit_of_work():
        renewed.public_key = old.public_key
    assert [renewed.name in str(fault) for fault in issuer_faults()] == [True]


def test_what_is_lost_with_a_backup_is_signed_again_in_the_same_words(
    client: FlaskClient, certified: Competition
) -> None:
    before = json.loads(fetch(client, link(of("grade", "P1"))))
    with unit_of_work() as session:
        session.delete(session.query(Credential).one())
    after = json.loads(fetch(client, link(of("grade", "P1"))))
    for credential in (before, after):
        del credential["proof"]
    assert before == after
    subject = before["credentialSubject"]
    assert subject["achievement"]["humanCode"] == "6-30-05-01"
    assert subject["result"][1]["value"]
    assert before["evidence"][0]["id"] == f"{SITE}/p/{certified.code}?version=1"


@pytest.mark.parametrize(
    "address", ["http://jingsai.example.cn", "https://192.168.1.5:8443", "https://hall.local"]
)
def test_a_site_without_an_address_on_the_internet_signs_nothing(
    app: Flask, client: FlaskClient, certified: Competition, organiser: Account, address: str
) -> None:
    from compete.services.kernel.installation import installation_here

    here = installation_here()
    register = f"/desk/{certified.code}/certificates"
    assert "发出的证书没有电子证书" not in signed_in(app, organiser).get(register).text
    object.__setattr__(here, "config", replace(here.config, base_url=address))
    page = signed_in(app, organiser).get(register).text
    assert "发出的证书没有电子证书" in page
    # What a setting is called is the administrator's.
    assert "COMPETE_" not in page
    winner = person(certified, "P1")
    assert "电子证书" not in client.get(f"/c/{winner.badge_token}").text
    assert client.get(link(of("award", "P1"))).status_code == 404
    assert client.get("/.well-known/did.json").status_code == 404


def test_a_visitor_checks_a_file_in_the_browser(
    visitor: Callable[..., Any], live_url: str, client: FlaskClient, certified: Competition,
    organiser: Account,
) -> None:  # fmt: skip
    good, award = fetch(client, link(of("grade", "P1"))), of("award", "P1")
    token, name = fetch(client, link(award, "jwt")), person(certified, "P1").name
    foreign = good.replace(b"did:web:jingsai.example.cn", b"did:web:else.example.cn")
    someone = visitor("phone")
    page: Page = someone.page()
    page.goto(f"{live_url}/verify/credential")

    def chosen(content: bytes) -> str:
        file = {"name": "x.json", "mimeType": "application/json", "buffer": content}
        page.set_input_files("#file", files=[file])
        wait_on_page(page, "() => document.querySelector('[data-part=working]').hidden")
        return page.locator(".verdict:visible h1").inner_text()

    assert chosen(good) == "有效"
    expect(page.locator("[data-part=said]")).to_contain_text("二级/技师")
    page.fill("#name", name)
    page.get_by_role("button", name="核对").click()
    expect(page.locator("[data-part=name-found]")).to_contain_text("是：")
    page.fill("#name", "另一个人")
    page.get_by_role("button", name="核对").click()
    expect(page.locator("[data-part=name-found]")).to_contain_text("不是：")
    assert violations(page) == []
    assert chosen(token) == "有效"
    assert chosen(good.replace("二级".encode(), "一级".encode())) == "签名不对"
    assert not page.locator("[data-part=said-card]").is_visible()
    assert chosen(foreign) == "没验成"
    expect(page.locator("[data-part=refused-text]")).to_contain_text("else.example.cn")
    assert chosen(b"{}") == "没验成"
    revoke_certificate(award, "冒名", organiser)
    assert chosen(token) == "已撤销"
