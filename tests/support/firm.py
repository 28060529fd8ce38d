"""A firm's sign-in on this machine: `oidc-provider-mock`, and what an attacker changes of it."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import flask
import requests
from flask import Flask
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

from compete.config import FirmSettings
from compete.models import utc_now

CLIENT_ID, NAME = "jingsai", "港务账号"
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


@dataclass
class Firm:
    """A firm's sign-in that is served: its settings here, its key, what it was asked."""

    settings: FirmSettings
    key: RSAKey
    asked: list[str] = field(default_factory=list)
    """The paths that were asked, in turn."""
    codes: list[dict[str, list[str]]] = field(default_factory=list)
    """The forms that asked for a token."""
    change: Callable[[dict[str, Any]], str | None] | None = None
    """Gives another ID token for the claims of the one that it made."""
    broken: bool = False

    def sign(self, claims: dict[str, Any], key: RSAKey | None = None, **header: str) -> str:
        """A token that the firm signed."""
        return jwt.encode({"alg": "RS256", **header}, claims, key or self.key)

    def logout_token(self, subject: str | None = None, **other: Any) -> str:
        """A logout token for the person; a claim that is None is left out."""
        now = int(utc_now().timestamp())
        claims = {
            "iss": self.settings.issuer,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 120,
            "jti": f"jti-{len(self.asked)}-{subject}",
            "events": {LOGOUT_EVENT: {}},
            "sub": subject,
            **other,
        }
        return self.sign({name: it for name, it in claims.items() if it is not None})

    def knows(self, subject: str, **claims: Any) -> None:
        """Somebody who can sign in there, and what the firm says of them."""
        address = f"{self.settings.issuer}/users/{subject}"
        assert requests.put(address, json=claims, timeout=5).status_code == 204

    def lets_in(self, address: str, subject: str) -> str:
        """The address to which the firm sends a browser back, once the person signed in there."""
        answer = requests.post(address, data={"sub": subject}, allow_redirects=False, timeout=5)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]


@contextlib.contextmanager
def serving_firm() -> Iterator[Firm]:
    """Serve a firm's sign-in from a thread."""
    import oidc_provider_mock

    app: Flask = oidc_provider_mock.app(require_nonce=True)
    store: list[Any] = []
    firm: list[Firm] = []

    @app.before_request
    def note() -> flask.typing.ResponseReturnValue | None:
        store[:] = [flask.g.oidc_provider_mock_storage]
        if not firm:
            return None
        firm[0].asked.append(flask.request.path)
        if flask.request.path == "/oauth2/token":
            firm[0].codes.append(flask.request.form.to_dict(flat=False))
        return ("", 503) if firm[0].broken else None

    @app.after_request
    def other(response: flask.Response) -> flask.Response:
        change = firm[0].change if firm else None
        if change is not None and flask.request.path == "/oauth2/token":
            document = json.loads(response.get_data())
            if "id_token" in document:
                claims = jwt.decode(document["id_token"], firm[0].key).claims
                document["id_token"] = change(dict(claims))
                response.set_data(json.dumps(document))
        return response

    server = make_server("localhost", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        issuer = f"http://localhost:{server.server_port}"
        requests.get(f"{issuer}/jwks", timeout=5)
        key = RSAKey.import_key(store[0].jwk.as_dict(is_private=True))
        firm.append(Firm(FirmSettings(issuer, CLIENT_ID, "a secret of the two", NAME), key))
        yield firm[0]
    finally:
        server.shutdown()
        thread.join(timeout=20)
        server.server_close()


def asked_address(client: FlaskClient, to: str = "/sign-in/firm") -> str:
    """The address at the firm to which a press of the button leads."""
    answer = client.get(to)
    assert answer.status_code == 302
    assert answer.location is not None
    return answer.location


def through_firm(client: FlaskClient, firm: Firm, subject: str, to: str = "/sign-in/firm") -> Any:
    """Go to the firm, sign in there and come back: the answer to that."""
    back = urlsplit(firm.lets_in(asked_address(client, to), subject))
    return client.get(f"{back.path}?{back.query}")


def query_of(address: str) -> dict[str, str]:
    """The parameters of an address, each given once."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
