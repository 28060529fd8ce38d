"""Signing in by the firm's own sign-in (OpenID Connect), and what somebody may try there."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pyotp
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from joserfc.jwk import RSAKey

from compete import create_app
from compete.config import Config
from compete.domain.values.roles import Role
from compete.models import (
    Account,
    AuditEntry,
    CardHandling,
    Competition,
    FirmIdentity,
    SignedInSession,
    db,
    utc_now,
)
from compete.services.accounts import firm_provider
from compete.services.accounts.accounts import create_account, grant_role, set_password
from compete.services.accounts.firm_accounts import take_up_by_firm
from compete.services.accounts.firm_identities import firm_identity_of
from compete.services.accounts.firm_provider import FirmPerson
from compete.services.accounts.invitations import (
    invite,
    password_link,
    take_up_invitation,
)
from compete.services.accounts.roles import close_account, close_for_good
from compete.services.accounts.second_factors import add_totp, new_totp_key
from compete.services.accounts.second_persons import why_not_second
from compete.services.accounts.sign_in_cards import issue_card
from compete.services.accounts.sign_ins import sign_ins_of
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from tests.support.firm import NAME, Firm, asked_address, query_of, serving_firm, through_firm
from tests.support.signing_in import official, signed_in

PASSWORD = "lamp-cobalt-42"


@pytest.fixture(scope="module")
def served_firm() -> Iterator[Firm]:
    with pytest.MonkeyPatch.context() as patch:
        # The mock stands on this machine and speaks plain HTTP.
        patch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
        with serving_firm() as firm:
            yield firm


@pytest.fixture
def firm(served_firm: Firm) -> Firm:
    served_firm.change, served_firm.broken = None, False
    served_firm.asked.clear()
    served_firm.codes.clear()
    firm_provider._cache.known.clear()
    firm_provider._cache.away_since.clear()
    return served_firm


@pytest.fixture
def config(config: Config, firm: Firm) -> Config:
    return replace(config, firm=firm.settings)


@pytest.fixture
def admin(here: Flask) -> Account:
    here.config["WTF_CSRF_ENABLED"] = False
    return create_account("钱文", username="qian", password=PASSWORD, is_admin=True)


def join(app: Flask, firm: Firm, token: str, subject: str, name: str = "") -> FlaskClient:
    """Open a link, sign in at the firm, and say yes."""
    client = app.test_client()
    page = client.get(f"/invitation/{token}").text
    assert f"用{NAME}登录" in page
    came = through_firm(client, firm, subject, f"/sign-in/firm?invitation={token}")
    assert came.location == f"/invitation/{token}"
    sent = {"how": "firm", "name": name}
    answer = client.post(f"/invitation/{token}", data=sent)
    assert answer.status_code == 302, answer.text
    return client


def joined(admin: Account, firm: Firm, subject: str = "e-1001", name: str = "孙志") -> Account:
    """An account that an administrator's link connected."""
    _made, token = invite(name, is_admin=True, by=admin)
    person = FirmPerson(firm.settings.issuer, subject, name, "")
    return take_up_by_firm(token, person, name=name)


def is_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def records(action: str) -> list[AuditEntry]:
    return list(db.session.query(AuditEntry).filter_by(action=action))


def test_an_administrators_link_connects_and_the_button_signs_in(
    app: Flask, admin: Account, firm: Firm, sound: None
) -> None:
    firm.knows("e-1001", name="孙志", email="qian@example.cn")
    _made, token = invite("孙志", is_admin=True, by=admin)
    client = join(app, firm, token, "e-1001", "孙志")
    assert "孙志" in client.get("/account").text
    assert NAME in client.get("/account").text
    other = app.test_client()
    assert f"用{NAME}登录" in other.get("/sign-in").text
    assert (
        through_firm(other, firm, "e-1001", "/sign-in/firm?next=/desk/new").location == "/desk/new"
    )
    account = db.session.query(Account).filter_by(name="孙志").one()
    assert account.password_hash is None
    assert [sign_in.method for sign_in in sign_ins_of(account)] == ["firm", "firm"]
    assert [entry.subject for entry in records("account.firm_link")] == ["孙志"]
    assert client.get(f"/invitation/{token}").status_code == 410


def test_the_request_bears_state_nonce_and_a_proof_of_the_code(
    app: Flask, admin: Account, firm: Firm
) -> None:
    joined(admin, firm)
    client = app.test_client()
    address = asked_address(client)
    query = query_of(address)
    assert query["response_type"] == "code"
    assert query["scope"].split()[0] == "openid"
    assert query["code_challenge_method"] == "S256"
    back = firm.lets_in(address, "e-1001")
    client.get(back.partition(app.config.get("SERVER_NAME") or "localhost")[2])
    (verifier,) = firm.codes[0]["code_verifier"]
    digest = hashlib.sha256(verifier.encode()).digest()
    assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == query["code_challenge"]
    assert len(query["state"]) >= 32
    assert query["state"] != query["nonce"]


def test_nobody_comes_in_by_an_e_mail_or_a_name(app: Flask, admin: Account, firm: Firm) -> None:
    set_password(admin, PASSWORD + "x", username="boss@example.cn")
    firm.knows("boss@example.cn", email="boss@example.cn", email_verified=True, name="钱文")
    firm.knows("e-7", email="boss@example.cn", preferred_username="boss@example.cn", name="钱文")
    for subject in ("boss@example.cn", "e-7"):
        client = app.test_client()
        assert through_firm(client, firm, subject).location == "/sign-in"
        assert "没有连到这里的账号" in client.get("/sign-in").text
        assert not is_in(client)


@pytest.mark.parametrize("what", ["state", "nonce", "code", "no state", "iss", "other browser"])
def test_what_another_began_ends_nowhere(app: Flask, admin: Account, firm: Firm, what: str) -> None:
    joined(admin, firm)
    client, other = app.test_client(), app.test_client()
    back = query_of(firm.lets_in(asked_address(client), "e-1001"))
    theirs = query_of(firm.lets_in(asked_address(other), "e-1001"))
    if what == "state":
        back["state"] = theirs["state"]
    elif what == "no state":
        back.pop("state")
    elif what == "iss":
        back["iss"] = "https://elsewhere.example.cn"
    elif what in ("nonce", "code"):
        # A code that was given for another's request brings that one's nonce.
        back["code"] = theirs["code"]
    if what == "other browser":
        client = app.test_client()
    answer = client.get("/sign-in/firm/back", query_string=back)
    assert answer.location == "/sign-in"
    assert not is_in(client)


def test_a_code_is_good_once_and_so_is_a_request(app: Flask, admin: Account, firm: Firm) -> None:
    joined(admin, firm)
    client = app.test_client()
    back = query_of(firm.lets_in(asked_address(client), "e-1001"))
    with client.session_transaction() as session:
        asked = dict(session)
    assert client.get("/sign-in/firm/back", query_string=back).location != "/sign-in"
    assert is_in(client)
    thief = app.test_client()
    with thief.session_transaction() as session:
        session.update(asked)
    assert thief.get("/sign-in/firm/back", query_string=back).location == "/sign-in"
    assert not is_in(thief)
    late = app.test_client()
    back = query_of(firm.lets_in(asked_address(late), "e-1001"))
    with time_machine.travel(utc_now() + timedelta(minutes=11)):
        assert late.get("/sign-in/firm/back", query_string=back).location == "/sign-in"


def unsigned(claims: dict[str, Any]) -> str:
    def part(value: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(claims)}."


@pytest.mark.parametrize(
    "wrong",
    [
        {"aud": "another"},
        {"aud": "another", "azp": "jingsai"},
        {"aud": ["jingsai", "another"]},
        {"aud": ["jingsai", "another"], "azp": "another"},
        {"iss": "https://elsewhere.example.cn"},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": 1},
        {"exp": None},
        {"iat": 32503680000},
        {"sub": None},
        {"sub": ""},
        {"sub": 1001},
        {"at_hash": "AAAA"},
    ],
    ids=str,
)
def test_an_id_token_that_does_not_hold_signs_nobody_in(
    app: Flask, admin: Account, firm: Firm, wrong: dict[str, Any]
) -> None:
    joined(admin, firm)
    firm.change = lambda claims: firm.sign(
        {name: it for name, it in {**claims, **wrong}.items() if it is not None}
    )
    client = app.test_client()
    assert through_firm(client, firm, "e-1001").location == "/sign-in"
    assert not is_in(client)


def test_a_signature_that_is_none_or_anothers_counts_for_nothing(
    app: Flask, admin: Account, firm: Firm
) -> None:
    joined(admin, firm)
    stranger = RSAKey.generate_key(2048)
    from joserfc import jwt
    from joserfc.jwk import OctKey

    secret = OctKey.import_key(firm.settings.client_secret.encode() * 3)
    for change in (
        unsigned,
        lambda claims: firm.sign(claims, stranger),
        lambda claims: jwt.encode({"alg": "HS256"}, claims, secret),
        lambda claims: "",
        lambda claims: "a.b",
        lambda claims: "密",
    ):
        firm.change = change
        client = app.test_client()
        assert through_firm(client, firm, "e-1001").location == "/sign-in"
        assert not is_in(client)
    firm.change = None
    client = app.test_client()
    through_firm(client, firm, "e-1001")
    assert is_in(client)


def test_clocks_may_differ_by_two_minutes(app: Flask, admin: Account, firm: Firm) -> None:
    joined(admin, firm)
    for off, holds in ((-100, True), (-140, False), (100, True), (140, False)):
        now = int(utc_now().timestamp())
        # Issued ahead of our clock, or at its end already.
        times = {"iat": now + off} if off > 0 else {"iat": now - 900, "exp": now + off}
        firm.change = lambda claims, times=times: firm.sign({**claims, **times})
        client = app.test_client()
        through_firm(client, firm, "e-1001")
        assert is_in(client) is holds, off


def test_keys_that_the_firm_changed_are_fetched_anew_and_once_a_minute(
    app: Flask, admin: Account, firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    joined(admin, firm)
    through_firm(app.test_client(), firm, "e-1001")
    through_firm(app.test_client(), firm, "e-1001")
    assert firm.asked.count("/.well-known/openid-configuration") == 1
    assert firm.asked.count("/jwks") == 1
    known = firm_provider._cache.known[firm.settings.issuer]
    known.keys = {"keys": [RSAKey.generate_key(2048).as_dict(private=False)]}
    client = app.test_client()
    through_firm(client, firm, "e-1001")
    # They were fetched a moment ago: a stranger's tokens make nobody ask all the time.
    assert not is_in(client)
    assert firm.asked.count("/jwks") == 1
    known.keys_at -= 61
    through_firm(client, firm, "e-1001")
    assert is_in(client)
    assert firm.asked.count("/jwks") == 2


def test_a_firm_that_is_away_keeps_nobody_from_the_usual_sign_in(
    app: Flask, admin: Account, firm: Firm
) -> None:
    joined(admin, firm)
    firm.broken = True
    client = app.test_client()
    assert client.get("/sign-in/firm").location == "/sign-in"
    assert f"{NAME}现在没有回应" in client.get("/sign-in").text
    asked = len(firm.asked)
    # Who comes a moment later is told so at once.
    assert app.test_client().get("/sign-in/firm").location == "/sign-in"
    assert len(firm.asked) == asked
    client.post("/sign-in", data={"username": "qian", "password": PASSWORD})
    assert is_in(client)
    firm.broken = False
    firm_provider._cache.away_since.clear()
    other = app.test_client()
    back = query_of(firm.lets_in(asked_address(other), "e-1001"))
    firm.broken = True
    assert other.get("/sign-in/firm/back", query_string=back).location == "/sign-in"
    assert not is_in(other)


def test_no_other_page_asks_the_firm(app: Flask, admin: Account, firm: Firm) -> None:
    account = joined(admin, firm)
    client = signed_in(app, account)
    for page in ("/", "/sign-in", "/account", "/desk/", "/desk/accounts"):
        client.get(page, follow_redirects=True)
    assert firm.asked == []


def test_metadata_of_another_issuer_is_not_taken(
    app: Flask, admin: Account, firm: Firm, config: Config
) -> None:
    other = replace(firm.settings, issuer=firm.settings.issuer.replace("localhost", "127.0.0.1"))
    strange = create_app(replace(config, firm=replace(other, issuer=other.issuer + "/x")))
    assert strange.test_client().get("/sign-in/firm").location == "/sign-in"


def test_one_person_has_one_account_and_an_account_one_person(
    app: Flask, admin: Account, firm: Firm
) -> None:
    account = joined(admin, firm)
    other = create_account("周颖", username="zhou", password=PASSWORD)
    _made, token = password_link(other, by=admin)
    person = FirmPerson(firm.settings.issuer, "e-1001", "孙志", "")
    with pytest.raises(Refused, match="已经连到这里的 孙志"):
        take_up_by_firm(token, person, name="")
    _made, token = password_link(account, by=admin)
    with pytest.raises(Refused, match="另一个账号"):
        take_up_by_firm(token, replace(person, subject="e-2"), name="")
    # A part for somebody new goes to the account that is there: no second one.
    _made, token = invite("孙志", is_admin=True, by=admin)
    assert take_up_by_firm(token, person, name="孙志").id == account.id
    assert db.session.query(FirmIdentity).count() == 1


def test_an_account_that_is_there_is_connected_by_its_own_link_and_keeps_its_password(
    app: Flask, admin: Account, firm: Firm
) -> None:
    account = create_account("周颖", username="zhou", password=PASSWORD)
    _made, token = password_link(account, by=admin)
    join(app, firm, token, "e-3")
    client = app.test_client()
    client.post("/sign-in", data={"username": "zhou", "password": PASSWORD})
    assert is_in(client)
    other = app.test_client()
    through_firm(other, firm, "e-3")
    assert "周颖" in other.get("/account").text
    handled = db.session.query(CardHandling).filter_by(account_id=account.id).one()
    assert (handled.kind, handled.by_id) == ("firm_link", admin.id)


def test_only_an_administrators_link_connects_and_only_after_a_yes(
    app: Flask, admin: Account, firm: Firm, judged: Competition, organiser: Account
) -> None:
    _made, token = invite("客人", competition=judged, by=organiser)
    client = app.test_client()
    assert f"用{NAME}登录" not in client.get(f"/invitation/{token}").text
    person = FirmPerson(firm.settings.issuer, "e-9", "客人", "")
    with pytest.raises(Refused, match="管理员发的才行"):
        take_up_by_firm(token, person, name="客人")
    # A judge's card is handed out by others: it takes no second way in.
    judge = official(judged, "C1")
    issue_card(judge, one_time=False, by=organiser)
    _made, token = password_link(judge, by=admin)
    assert f"用{NAME}登录" not in client.get(f"/invitation/{token}").text
    with pytest.raises(Refused):
        take_up_by_firm(token, person, name="")
    # To come back from the firm connects nothing by itself.
    _made, token = invite("孙志", is_admin=True, by=admin)
    through_firm(client, firm, "e-9", f"/sign-in/firm?invitation={token}")
    assert db.session.query(FirmIdentity).count() == 0
    assert not is_in(client)
    assert "连上，登录" in client.get(f"/invitation/{token}").text
    # Nor can another browser say yes.
    answer = app.test_client().post(f"/invitation/{token}", data={"how": "firm", "name": "孙志"})
    assert answer.status_code == 409


def test_unlinking_is_on_record_and_signs_out(app: Flask, admin: Account, firm: Firm) -> None:
    account = joined(admin, firm)
    client = app.test_client()
    through_firm(client, firm, "e-1001")
    assert "要解除，先在下面设密码" in client.get("/account").text
    client.post("/account/firm/unlink")
    assert firm_identity_of(account) is not None
    desk = signed_in(app, admin)
    assert "解除单位登录" in desk.get("/desk/accounts").text
    desk.post(f"/desk/accounts/{account.id}/firm/unlink")
    assert firm_identity_of(account) is None
    assert not is_in(client)
    (entry,) = records("account.firm_unlink")
    assert (entry.subject, entry.actor) == ("孙志", "钱文")
    other = app.test_client()
    through_firm(other, firm, "e-1001")
    assert not is_in(other)
    # With a password one's own link is ended by that.
    second = joined(admin, firm, "e-2", "周颖")
    set_password(second, PASSWORD, username="zhou")
    own = signed_in(app, second)
    own.post("/account/firm/unlink", data={"old": "wrong"})
    assert firm_identity_of(second) is not None
    own.post("/account/firm/unlink", data={"old": PASSWORD})
    assert firm_identity_of(second) is None


def test_who_set_a_second_step_up_here_is_asked_for_it(
    app: Flask, admin: Account, firm: Firm
) -> None:
    _made, token = password_link(admin, by=None)
    take_up_by_firm(token, FirmPerson(firm.settings.issuer, "e-1", "", ""), name="")
    firm.knows("e-1", sid="s-1")
    client = app.test_client()
    through_firm(client, firm, "e-1")
    assert is_in(client)
    key = new_totp_key()
    add_totp(admin, key, pyotp.TOTP(key).at(utc_now()))
    client = app.test_client()
    assert through_firm(client, firm, "e-1").location == "/sign-in/code"
    assert not is_in(client)
    with time_machine.travel(utc_now() + timedelta(minutes=2)):
        client.post("/sign-in/code", data={"code": pyotp.TOTP(key).at(utc_now())})
        assert is_in(client)
    assert db.session.query(SignedInSession).filter(SignedInSession.firm_session != "").count() == 2


def test_who_has_no_secret_here_sets_one_after_coming_from_the_firm_alone(
    app: Flask, admin: Account, firm: Firm
) -> None:
    """A session that somebody else got hold of makes no way in of its own."""
    account = joined(admin, firm)
    sent = {"username": "sun", "password": PASSWORD, "again": PASSWORD}
    old = signed_in(app, account)
    assert "再用单位登录进来" in old.get("/account").text
    assert old.post("/account/password", data=sent).status_code == 428
    client, late = app.test_client(), app.test_client()
    through_firm(client, firm, "e-1001")
    through_firm(late, firm, "e-1001")
    with time_machine.travel(utc_now() + timedelta(minutes=31), tick=True):
        assert late.post("/account/password", data=sent).status_code == 428
    assert client.post("/account/password", data=sent).status_code == 302
    db.session.refresh(account)
    assert account.username == "sun"


def test_a_closed_or_erased_account_comes_in_no_more(
    app: Flask, admin: Account, firm: Firm, sound: None
) -> None:
    account = joined(admin, firm)
    close_account(account, admin, "离职")
    client = app.test_client()
    through_firm(client, firm, "e-1001")
    assert not is_in(client)
    with unit_of_work():
        close_for_good(account)
    assert "e-1001" not in {row.subject for row in db.session.query(FirmIdentity)}


def test_half_a_setting_starts_nothing(tmp_path: Any) -> None:
    from compete.config import ConfigError

    base = {"COMPETE_DATA_DIR": str(tmp_path / "var")}
    whole = {
        "COMPETE_OIDC_ISSUER": "https://login.example.cn/realms/gongsi",
        "COMPETE_OIDC_CLIENT_ID": "jingsai",
        "COMPETE_OIDC_CLIENT_SECRET": "secret",
    }
    read = Config.from_env(base | whole).firm
    assert read is not None
    assert read.name == "单位账号"
    assert "secret" not in repr(read)
    for name in whole:
        with pytest.raises(ConfigError, match=f"还缺 {name}"):
            Config.from_env(base | {key: it for key, it in whole.items() if key != name})
    with pytest.raises(ConfigError, match="设置不全"):
        Config.from_env(base | {"COMPETE_OIDC_NAME": "港务账号"})
    for issuer, why in (("http://login.example.cn", "https"), ("login", "写全")):
        with pytest.raises(ConfigError, match=why):
            Config.from_env(base | whole | {"COMPETE_OIDC_ISSUER": issuer})
    with pytest.raises(ConfigError, match="最多 20 个字"):
        Config.from_env(base | whole | {"COMPETE_OIDC_NAME": "长" * 21})


def test_without_a_setting_there_is_nothing(config: Config, firm: Firm) -> None:
    client = create_app(replace(config, firm=None)).test_client()
    assert "/sign-in/firm" not in client.get("/sign-in").text
    for path in ("/sign-in/firm", "/sign-in/firm/back"):
        assert client.get(path).status_code == 404
    assert client.post("/sign-in/firm/sign-out").status_code == 404


def sign_out(app: Flask, token: str) -> int:
    app.config["WTF_CSRF_ENABLED"] = True
    answer = app.test_client().post("/sign-in/firm/sign-out", data={"logout_token": token})
    app.config["WTF_CSRF_ENABLED"] = False
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.status_code


def test_who_is_signed_out_at_the_firm_is_out_here(
    app: Flask, admin: Account, firm: Firm, sound: None
) -> None:
    account = joined(admin, firm)
    clients = [app.test_client() for _ in range(2)]
    for client in clients:
        through_firm(client, firm, "e-1001")
    by_card = signed_in(app, account)
    other = signed_in(app, admin)
    assert sign_out(app, firm.logout_token("e-77")) == 200
    assert all(map(is_in, (*clients, by_card, other)))
    assert sign_out(app, firm.logout_token("e-1001")) == 200
    assert not any(map(is_in, (*clients, by_card)))
    assert is_in(other)
    (entry,) = records("session.firm_end")
    assert entry.after == {"ended": 3}


def test_of_one_session_there_one_ends_here(app: Flask, admin: Account, firm: Firm) -> None:
    joined(admin, firm)
    first, second = app.test_client(), app.test_client()
    for client, sid in ((first, "s-1"), (second, "s-2")):
        firm.knows("e-1001", sid=sid)
        through_firm(client, firm, "e-1001")
    assert sign_out(app, firm.logout_token(None, sid="s-1")) == 200
    assert not is_in(first)
    assert is_in(second)
    # Over here already: that ends nobody else's.
    assert sign_out(app, firm.logout_token("e-1001", sid="s-1", jti="again")) == 200
    assert is_in(second)
    assert sign_out(app, firm.logout_token("e-1001", sid="unknown", jti="third")) == 200
    assert not is_in(second)


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "https://elsewhere.example.cn"},
        {"aud": "another"},
        {"aud": None},
        {"iat": None},
        {"iat": 1},
        {"iat": 32503680000},
        {"exp": 1},
        {"exp": "soon"},
        {"events": None},
        {"events": {}},
        {"events": {"http://schemas.openid.net/event/backchannel-logout": 1}},
        {"nonce": "n"},
        {"jti": None},
        {"sub": None},
    ],
    ids=str,
)
def test_a_logout_token_that_does_not_hold_ends_nothing(
    app: Flask, admin: Account, firm: Firm, wrong: dict[str, Any]
) -> None:
    account = joined(admin, firm)
    client = signed_in(app, account)
    assert sign_out(app, firm.logout_token(**{"subject": "e-1001", **wrong})) == 400
    assert is_in(client)


def test_a_logout_token_is_good_once_and_by_the_firms_key_alone(
    app: Flask, admin: Account, firm: Firm
) -> None:
    account = joined(admin, firm)
    token = firm.logout_token("e-1001", jti="once")
    assert sign_out(app, token) == 200
    client = signed_in(app, account)
    assert sign_out(app, token) == 400
    claims = {"iss": firm.settings.issuer, "aud": "jingsai", "iat": int(utc_now().timestamp())}
    claims |= {"jti": "x", "sub": "e-1001"}
    claims["events"] = {"http://schemas.openid.net/event/backchannel-logout": {}}
    stranger = RSAKey.generate_key(2048)
    for other in (firm.sign(claims, stranger), unsigned(claims), "", "a.b.c", "密"):
        assert sign_out(app, other) == 400
    assert is_in(client)
    assert sign_out(app, firm.sign(claims, typ="at+jwt")) == 400
    assert sign_out(app, firm.sign(claims, typ="logout+jwt")) == 200
    assert not is_in(client)


def test_who_invited_still_counts_however_one_signs_in(
    judged: Competition, organiser: Account, admin: Account, firm: Firm
) -> None:
    """An organiser who is an administrator connects an account of the own to the firm."""
    with unit_of_work():
        organiser.is_admin = True
    _made, token = invite("影子", competition=judged, by=organiser)
    person = FirmPerson(firm.settings.issuer, "shadow", "影子", "")
    own = take_up_by_firm(token, person, name="影子")
    assert "不满 24 小时" in str(why_not_second(organiser.id, own))
    with time_machine.travel(utc_now() + timedelta(days=3), tick=True):
        for strict in ({"linked": True}, {"grave": True}):
            assert why_not_second(organiser.id, own, **strict) is not None
            assert why_not_second(own.id, organiser, **strict) is not None
        # A password by somebody else's link ends no way in through the firm.
        _made, reset = password_link(own, by=admin)
        take_up_invitation(reset, name="影子", username="ying", password=PASSWORD)
    with time_machine.travel(utc_now() + timedelta(days=6), tick=True):
        assert why_not_second(organiser.id, own, linked=True) is not None
    # Nor is an account that was another's before, once the own firm's person is behind it.
    third = create_account("周颖", username="zhou", password=PASSWORD)
    grant_role(third, judged, Role.ORGANISER)
    assert why_not_second(organiser.id, third, linked=True) is None
    _made, token = password_link(third, by=organiser)
    take_up_by_firm(token, replace(person, subject="shadow-2"), name="")
    with time_machine.travel(utc_now() + timedelta(days=3), tick=True):
        assert "链接" in str(why_not_second(organiser.id, third, linked=True))
