"""Calls of the API for other systems, as one of them makes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from flask import Flask
from werkzeug.test import TestResponse

from compete.models import Account, Competition
from compete.services.accounts.api_tokens import Scope, make_token


def called(
    app: Flask,
    path: str,
    token: str | None = None,
    *,
    method: str = "GET",
    sent: Any = None,
    **headers: str,
) -> Any:
    """The answer to a call; what is sent goes as JSON, bytes as they are."""
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    if sent is not None:
        headers.setdefault("Content-Type", "application/json")
    data = sent if sent is None or isinstance(sent, bytes) else msgspec.json.encode(sent)
    return app.test_client().open(f"/api/v1{path}", method=method, data=data, headers=headers)


def refused(answer: TestResponse, status: int) -> dict[str, Any]:
    """The problem that an answer is, at its status."""
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"
    problem: dict[str, Any] = msgspec.json.decode(answer.data)
    assert problem["status"] == status
    return problem


def token_for(by: Account, *scopes: Scope, of: Sequence[Competition] = ()) -> str:
    """A token of these scopes, made by somebody."""
    return make_token("人事系统", scopes=scopes, competitions=of, by=by)[1]
