"""The API asked whatever its own description allows: never a fault of ours, never another shape."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
)

import compete.web.loaded  # noqa: F401 (every operation)
from compete.models import Account, Competition
from compete.services.accounts.api_tokens import Scope
from compete.web.api_v1.operations import OPERATIONS
from compete.web.extensions import limiter
from tests.services.labour.made_up import made_up
from tests.support.api_calls import token_for
from tests.support.small import small

CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance]
PLACES = {"code": "X", "event": "E", "module": "t", "period": "二月", "entrant": "P1"}


@pytest.mark.parametrize("name", [declared.name for declared in OPERATIONS])
def test_an_operation_answers_as_it_is_described(
    app: Flask,
    load: Callable[..., Competition],
    organiser: Account,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    monkeypatch.setattr(limiter, "enabled", False)
    load(small())
    labour = made_up(load, organiser).competition
    token = token_for(organiser, *Scope)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    (operation,) = (
        result.ok()
        for result in schema.get_all_operations()
        if result.ok().definition.raw["operationId"] == name
    )

    @settings(
        max_examples=12,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def ask(case: schemathesis.Case) -> None:
        # Places that there are: what else an address may say is tried beside this.
        places = PLACES | ({"code": labour.code} if "/periods" in operation.path else {})
        case.path_parameters = {
            name: places.get(name, value) for name, value in (case.path_parameters or {}).items()
        }
        case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)

    ask()
