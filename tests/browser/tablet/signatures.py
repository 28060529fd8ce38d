"""The hall's server where sheets are signed: a PIN, five tries, and four words."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from compete.domain.values.hashwords import hash_phrase

if TYPE_CHECKING:
    from tests.browser.tablet.hall import Hall


def standing(hall: Hall, name: str) -> dict[str, Any]:
    """The key `signing` of a sheet."""
    ready = hall.sheets[name]["state"] == "submitted"
    code = hall.sheets[name]["code"]
    signed = [signature for signature in hall.signatures if signature["sheet"] == name]
    return {
        "ready": ready,
        "why": None if ready or signed else f"{code} 还没提交，提交了再签",
        "pin": hall.pin is not None,
        "signed": _words(signed[-1]) if signed else None,
    }


def answer(hall: Hall, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """`POST /api/pin` and `POST /api/sheets/<id>/sign`."""
    with hall.lock:
        if path == "/api/pin":
            if body["pin"] != body["again"]:
                return 400, {"error": "两次写的 PIN 不一样，再写一次"}
            hall.pin = body["pin"]
            return 200, {"pin": True}
        name = path.split("/")[3]
        sheet = hall.sheets[name]
        if body["pin"] != hall.pin:
            return 422, {"error": "PIN 不对，还能试 4 次", "left": 4}
        if body["version"] != sheet["version"]:
            return 409, {"error": "这张表刚才又变了，看过再签"}
        if sheet["state"] != "submitted":
            return 409, {"error": f"{sheet['code']} 还没提交，提交了再签"}
        hand = {key: body[key] for key in ("drawing", "name") if key in body}
        hall.signatures.append({"sheet": name, **hand})
        sheet["state"] = "signed"
        sheet["version"] += 1
        receipt = {"state": "signed", "version": sheet["version"]}
        return 200, receipt | _words(hall.signatures[-1])


def _words(signed: dict[str, Any]) -> dict[str, str]:
    digest = hashlib.sha256(signed["sheet"].encode())
    words = hash_phrase(digest.digest())
    at = "2026-09-16T02:31:00+00:00"
    return {"words": words, "hash": digest.hexdigest(), "at": at, "clock": "10:31"}
