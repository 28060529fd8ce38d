"""The API described: OpenAPI 3.1 and a page to read, both from the operations' declarations."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec
from flask import Response, jsonify, render_template

from compete.domain.values.messages import Message, msg
from compete.web import guard
from compete.web.api_v1.operations import (
    LONGEST_KEY,
    OPERATIONS,
    Operation,
    Query,
    accepted_types,
    face,
    over_all,
)
from compete.web.language import say
from compete.web.problems import PREFIX, Problem

_REF = "#/components/schemas/{name}"
_PLACE = re.compile(r"<(?:(int):)?(\w+)>")
STATUSES: Mapping[int, Message] = {
    400: msg("请求的格式不对，errors 写明哪个参数"),
    401: msg("没有令牌，或者令牌不对、过期、收回了"),
    403: msg("令牌没有这个权限，detail 写明要哪个"),
    404: msg("没有，或者这个令牌看不到"),
    405: msg("这个地址不收这种请求"),
    409: msg("现在的状态不行"),
    413: msg("请求太大"),
    412: msg("If-Match 不是现在的这一版，先读再改"),
    415: msg("只收 application/json"),
    422: msg("规则不允许，errors 写明哪一行哪一项"),
    428: msg("改之前要带 If-Match"),
    429: msg("太频繁了，过 Retry-After 秒再来"),
    500: msg("系统出了错，什么也没有写入"),
    503: msg("数据库暂时没有回应"),
}


@face.get("/openapi.json")
@guard.public
@over_all
def openapi() -> Response:
    """The description by OpenAPI 3.1."""
    return jsonify(description())


@face.get("/docs")
@guard.public
@over_all
def docs() -> str:
    """The description as a page."""
    return render_template(
        "api_v1/docs.html", operations=OPERATIONS, prefix=PREFIX, statuses=STATUSES, place=address
    )


def description() -> dict[str, Any]:
    """Describe every operation as OpenAPI 3.1 wants it."""
    types = [Problem, *(declared.answer for declared in OPERATIONS)]
    bodies = [declared for declared in OPERATIONS if declared.body is not None]
    types += [declared.body for declared in bodies]
    schemas, components = msgspec.json.schema_components(types, ref_template=_REF)
    sent = dict(zip((of.name for of in bodies), schemas[1 + len(OPERATIONS) :], strict=True))
    problem = {
        "description": "application/problem+json",
        "content": {"application/problem+json": {"schema": schemas[0]}},
    }
    paths: dict[str, Any] = {}
    for declared, schema in zip(OPERATIONS, schemas[1:], strict=False):
        described = _described(declared, schema, sent.get(declared.name))
        paths.setdefault(address(declared), {})[declared.method.lower()] = described
    return {
        "openapi": "3.1.0",
        "info": {"title": "compete", "version": "1"},
        "servers": [{"url": PREFIX.rstrip("/")}],
        "paths": paths,
        "components": {
            "schemas": components,
            "responses": {"Problem": problem},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def address(declared: Operation) -> str:
    """An operation's address as OpenAPI writes it."""
    return _PLACE.sub(r"{\2}", declared.path)


def _described(
    declared: Operation, schema: dict[str, Any], body: dict[str, Any] | None
) -> dict[str, Any]:
    sent = {"schema": body, "example": declared.sent}
    content = dict.fromkeys(accepted_types(declared), sent)
    return {
        **({"requestBody": {"required": True, "content": content}} if body is not None else {}),
        "operationId": declared.name,
        "summary": say(declared.summary),
        "security": [{"token": []}] if declared.scope else [{}, {"token": []}],
        "parameters": [
            *_places(declared.path),
            *_parameters(declared.query),
            *_headers(declared),
        ],
        "responses": {
            "200": {
                "description": say(declared.summary),
                "content": {declared.media: {"schema": schema, "example": declared.example}},
            },
            **({"304": {"description": "ETag"}} if declared.method == "GET" else {}),
            "default": {"$ref": "#/components/responses/Problem"},
        },
    }


def _places(path: str) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "integer" if kind else "string"},
        }
        for kind, name in _PLACE.findall(path)
    ]


def _parameters(query: type[Query]) -> list[dict[str, Any]]:
    return [
        {
            "name": field.name,
            "in": "query",
            "required": field.required,
            "schema": _inlined(msgspec.json.schema(field.type)),
        }
        for field in msgspec.structs.fields(query)
    ]


def _headers(declared: Operation) -> list[dict[str, Any]]:
    headers = {"PATCH": ("If-Match", True)}
    if declared.scope is not None:
        headers["POST"] = "Idempotency-Key", False
    if declared.method not in headers:
        return []
    name, required = headers[declared.method]
    text = {"type": "string", "pattern": "^[!-~]+$", "maxLength": LONGEST_KEY}
    return [{"name": name, "in": "header", "required": required, "schema": text}]


def _inlined(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter's schema without names of its own: enumerations stand where they are used."""
    named = schema.pop("$defs", {})

    def resolve(part: Any) -> Any:
        if isinstance(part, list):
            return [resolve(item) for item in part]
        if not isinstance(part, dict):
            return part
        if "$ref" in part:
            return resolve(named[part["$ref"].rpartition("/")[2]])
        return {key: resolve(item) for key, item in part.items()}

    resolved: dict[str, Any] = resolve(schema)
    return resolved
