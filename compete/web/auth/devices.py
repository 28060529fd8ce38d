"""Devices: their names in the own list of devices, and ids that tell them apart."""

from __future__ import annotations

import hashlib
import secrets

from flask import Response, current_app, g, request

from compete.models import Account
from compete.services.accounts.second_persons import note_device

_COOKIE = "device"

_BROWSERS = (
    ("MicroMessenger", "微信"),
    ("Edg", "Edge"),
    ("HuaweiBrowser", "华为浏览器"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("OpenHarmony", "HarmonyOS"),
    ("iPad", "iPad"),
    ("iPhone", "iPhone"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def device_name(user_agent: str) -> str:
    """Name a device, such as `Chrome · Android`; empty for one that says nothing we know."""
    parts = []
    for known in (_BROWSERS, _SYSTEMS):
        parts += [word for mark, word in known if mark in user_agent[:400]][:1]
    return " · ".join(parts)


def note_secret_set(account: Account) -> None:
    """Note that the account set its PIN or password on this device."""
    note_device(account, _digest(), "set")


def note_signed_in(response: Response, account: Account) -> Response:
    """Note that the account signed in on this device, which keeps its id."""
    note_device(account, _digest(), "sign_in")
    return keep_a_year(response, _COOKIE, _device_id())


def keep_a_year(response: Response, name: str, value: str, path: str = "/") -> Response:
    """Let the device keep a value in a cookie that no script reads."""
    response.set_cookie(
        name,
        value,
        max_age=31_536_000,
        httponly=True,
        samesite="Lax",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        path=path,
    )
    return response


def _device_id() -> str:
    """The random id in the cookie; made where there is none yet."""
    if "device_id" not in g:
        g.device_id = request.cookies.get(_COOKIE, "")[:64] or secrets.token_urlsafe(24)
    return str(g.device_id)


def _digest() -> str:
    return hashlib.sha256(_device_id().encode()).hexdigest()
