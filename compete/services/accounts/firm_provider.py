"""The firm's sign-in, spoken to by OpenID Connect: where it is asked, what it signed.

Code flow with PKCE, state and nonce. What it says of itself and its keys are kept for an hour in
each process; keys that it changed are fetched anew when a token names one, once a minute at most.
Nothing here is asked but as somebody signs in by it, or as it signs somebody out.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeGuard
from urllib.parse import urlsplit

from compete.config import FirmSettings
from compete.domain.values.messages import msg
from compete.models import utc_now
from compete.services.kernel.installation import config_here
from compete.services.kernel.refusal import Refusal, Refused

_logger = logging.getLogger(__name__)
LEEWAY = 120
"""Seconds by which the clocks of two servers may differ."""
_PATIENCE = (3.05, 5.0)
_IN_ALL = 10.0
_LARGEST = 1 << 20
_KEPT_FOR, _KEYS_AT_MOST_EVERY = 3600.0, 60.0
# Whoever comes while it is away is told so at once: nobody's page waits behind another's.
_AWAY_FOR = 5.0
# What somebody else could make with what we know (HS256) or with nothing (none) proves nothing.
_SIGNED_BY = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
_LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
_LOGOUT_LATEST = 600


class FirmAwayError(Refused):
    """The refusal of a sign-in because the firm's does not answer, or answers nothing usable."""

    def __init__(self) -> None:
        super().__init__(
            msg("%(name)s现在没有回应，用这里的用户名和密码登录", name=firm_here().name),
            kind=Refusal.CONFLICT,
        )


@dataclass(frozen=True, slots=True)
class FirmPerson:
    """The person whom the firm's sign-in let in: its issuer's name for them, and its session's."""

    issuer: str
    subject: str
    name: str
    session: str


@dataclass(frozen=True, slots=True)
class LogoutToken:
    """What a checked logout token ends: a person's sessions here, or the one of a session there."""

    issuer: str
    subject: str
    session: str
    id: str


@dataclass(slots=True)
class _Known:
    metadata: Mapping[str, Any]
    keys: Mapping[str, Any]
    metadata_at: float
    keys_at: float


@dataclass(slots=True)
class _Cache:
    lock: threading.Lock = field(default_factory=threading.Lock)
    known: dict[str, _Known] = field(default_factory=dict)
    away_since: dict[str, float] = field(default_factory=dict)


_cache = _Cache()


def firm_here() -> FirmSettings:
    """The firm's sign-in of this installation. Raises `Refused` (UNKNOWN) where there is none."""
    firm = config_here().firm
    if firm is None:
        raise Refused(msg("这里没有设单位登录"), kind=Refusal.UNKNOWN)
    return firm


def request_address(back: str, *, state: str, nonce: str, verifier: str) -> str:
    """The address at the firm to which the browser is sent; it comes back to `back`."""
    known = _known_of(firm_here())
    with _client(back) as client:
        address, _state = client.create_authorization_url(
            known.metadata["authorization_endpoint"],
            state=state,
            nonce=nonce,
            code_verifier=verifier,
        )
    return str(address)


def person_by_code(code: str, back: str, *, nonce: str, verifier: str) -> FirmPerson:
    """The person for whom the firm gave the code, which is good once.

    Raises `Refused` (WRONG_SECRET) for a code or a token that does not hold.
    """
    from authlib.integrations.base_client import OAuthError
    from requests import RequestException

    firm = firm_here()
    known = _known_of(firm)
    try:
        with _client(back, known.metadata) as client:
            token = client.fetch_token(
                known.metadata["token_endpoint"],
                code=code,
                code_verifier=verifier,
                timeout=_PATIENCE,
                allow_redirects=False,
            )
    except OAuthError as error:
        # A wrong client secret is the installation's affair: its log says so.
        _logger.warning("the firm's sign-in gave no token: %s", error.error)
        raise _no_sign_in() from error
    except (RequestException, ValueError) as error:
        _logger.warning("the firm's sign-in gave no token: %s", type(error).__name__)
        raise FirmAwayError from error
    claims = _id_token_of(firm, token, nonce)
    return FirmPerson(
        issuer=firm.issuer,
        subject=claims["sub"],
        name=_text_of(claims, "name"),
        session=_text_of(claims, "sid"),
    )


def read_logout_token(text: str) -> LogoutToken:
    """The logout token, checked as Back-Channel Logout 1.0 says.

    Raises `Refused` (INVALID) for any that does not hold.
    """
    firm = firm_here()
    header, claims = _signed_claims(firm, text)
    now = int(utc_now().timestamp())
    issued, ends = claims.get("iat"), claims.get("exp", now + 1)
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    events = claims.get("events")
    subject, session, number = (_text_of(claims, name) for name in ("sub", "sid", "jti"))
    holds = (
        str(header.get("typ", "logout+jwt")).lower().removeprefix("application/")
        in ("logout+jwt", "jwt")
        and claims.get("iss") == firm.issuer
        and firm.client_id in audiences
        and _is_time(issued)
        and now - _LOGOUT_LATEST - LEEWAY < issued <= now + LEEWAY
        and _is_time(ends)
        and now < ends + LEEWAY
        and isinstance(events, dict)
        and isinstance(events.get(_LOGOUT_EVENT), dict)
        and "nonce" not in claims
        and number
        and (subject or session)
    )
    if not holds:
        raise _no_logout()
    return LogoutToken(issuer=firm.issuer, subject=subject, session=session, id=number)


def _id_token_of(firm: FirmSettings, token: Mapping[str, Any], nonce: str) -> Mapping[str, Any]:
    from authlib.oidc.core import CodeIDToken
    from joserfc.errors import JoseError

    header, claims = _signed_claims(firm, token.get("id_token"))
    checked = CodeIDToken(
        claims,
        header,
        {
            "iss": {"essential": True, "value": firm.issuer},
            "aud": {"essential": True, "value": firm.client_id},
        },
        {
            "nonce": nonce,
            "client_id": firm.client_id,
            "access_token": token.get("access_token"),
        },
    )
    try:
        checked.validate(now=int(utc_now().timestamp()), leeway=LEEWAY)
    except (JoseError, ValueError, TypeError, AttributeError) as error:
        raise _no_sign_in() from error
    if not 0 < len(_text_of(claims, "sub")) <= 255:
        raise _no_sign_in()
    return claims


def _signed_claims(firm: FirmSettings, text: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The header and claims of what the firm signed by one of its keys, by a signature that counts.

    Raises `Refused` for anything else.
    """
    from joserfc import jwt
    from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError
    from joserfc.jwk import KeySet
    from joserfc.jws import JWSRegistry

    if not isinstance(text, str) or not text.isascii() or len(text) > _LARGEST:
        raise _no_sign_in()
    registry = JWSRegistry(algorithms=_SIGNED_BY, strict_check_header=False)
    tried: list[int] = []
    for renewed in (False, True):
        known = _known_of(firm, renewed=renewed)
        if id(known.keys) in tried:
            break
        tried.append(id(known.keys))
        try:
            keys = KeySet.import_key_set(dict(known.keys))  # type: ignore[arg-type]
            # A firm with several keys says which; without that the one key is meant.
            decoded = jwt.decode(text, keys, registry=registry)
        except (InvalidKeyIdError, BadSignatureError):
            continue
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise _no_sign_in() from error
        return dict(decoded.header), dict(decoded.claims)
    raise _no_sign_in()


def _known_of(firm: FirmSettings, *, renewed: bool = False) -> _Known:
    """What the firm's sign-in says of itself, and its keys; `renewed`: a key was not among them.

    Raises `FirmAwayError` where it does not answer and nothing is kept.
    """
    with _cache.lock:
        known, now = _cache.known.get(firm.issuer), time.monotonic()
        if known is None and now - _cache.away_since.get(firm.issuer, -_AWAY_FOR) < _AWAY_FOR:
            raise FirmAwayError
        if known is None or now - known.metadata_at > _KEPT_FOR:
            try:
                metadata = _metadata_of(firm)
                known = _Known(metadata, _json_of(metadata["jwks_uri"]), now, now)
            except FirmAwayError:
                if known is None:
                    _cache.away_since[firm.issuer] = time.monotonic()
                    raise
                # What it said an hour ago holds until it answers.
                known.metadata_at = now - _KEPT_FOR + _KEYS_AT_MOST_EVERY
            _cache.known[firm.issuer] = known
        elif renewed and now - known.keys_at > _KEYS_AT_MOST_EVERY:
            known.keys_at = now
            known.keys = _json_of(known.metadata["jwks_uri"])
        return known


def _metadata_of(firm: FirmSettings) -> Mapping[str, Any]:
    metadata = _json_of(firm.issuer.rstrip("/") + "/.well-known/openid-configuration")
    endpoints = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    usable = metadata.get("issuer") == firm.issuer and all(
        _is_as_safe(metadata.get(name), firm.issuer) for name in endpoints
    )
    if not usable:
        _logger.warning("the firm's sign-in calls itself %r", metadata.get("issuer"))
        raise FirmAwayError
    return metadata


def _is_as_safe(address: Any, issuer: str) -> bool:
    """True for an address by HTTPS; of a firm's sign-in on this machine by HTTP too."""
    if not isinstance(address, str):
        return False
    try:
        scheme = urlsplit(address).scheme
    except ValueError:
        return False
    return scheme == "https" or scheme == urlsplit(issuer).scheme


def _json_of(address: str) -> Mapping[str, Any]:
    """Fetch an object of JSON, of a bounded size and in a bounded time; no redirect is followed."""
    import requests

    until, content = time.monotonic() + _IN_ALL, b""
    try:
        with requests.get(
            address, timeout=_PATIENCE, allow_redirects=False, stream=True
        ) as response:
            response.raise_for_status()
            for piece in response.iter_content(1 << 14):
                content += piece
                if len(content) > _LARGEST or time.monotonic() > until:
                    raise FirmAwayError
        document = json.loads(content)
    except (requests.RequestException, ValueError) as error:
        _logger.warning("the firm's sign-in at %s: %s", address, type(error).__name__)
        raise FirmAwayError from error
    if not isinstance(document, dict):
        raise FirmAwayError
    return document


def _client(back: str, metadata: Mapping[str, Any] | None = None) -> Any:
    from authlib.integrations.requests_client import OAuth2Session

    firm = firm_here()
    methods = (metadata or {}).get("token_endpoint_auth_methods_supported")
    by_post = isinstance(methods, list) and "client_secret_basic" not in methods
    return OAuth2Session(
        firm.client_id,
        firm.client_secret,
        token_endpoint_auth_method="client_secret_post" if by_post else "client_secret_basic",
        scope="openid profile",
        redirect_uri=back,
        code_challenge_method="S256",
    )


def _text_of(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    return value.strip() if isinstance(value, str) else ""


def _is_time(value: Any) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _no_sign_in() -> Refused:
    return Refused(
        msg("%(name)s给的登录这里不能认，请再登录一次", name=firm_here().name),
        kind=Refusal.WRONG_SECRET,
    )


def _no_logout() -> Refused:
    return Refused(msg("退出的通知不能认"), kind=Refusal.INVALID)
