"""JSON Schema (2020-12) of the files, made from the types themselves."""

from typing import Any

import msgspec

from compete.domain.bundle.crews import FEWEST_MEMBERS
from compete.domain.bundle.results import Results
from compete.domain.bundle.types import Bundle
from compete.domain.values import NUMBER_TEXT

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_POINTS = r"^-?[0-9]+(\.[0-9]+)?$"

_IN_POINTS = {"score", "points", "total"}
_NUMBER = {"type": ["string", "integer", "number"], "pattern": f"^{NUMBER_TEXT}$"}

Schema = dict[str, Any]


def bundle_schema() -> Schema:
    """What a bundle may look like, as far as a schema can say.

    Numbers are texts, integers, or binary floats; a key that may be left out
    may be null. That codes point somewhere and full marks add up is beyond it.
    """
    schema = _schema_of(Bundle, "compete-bundle/1")
    _allow_null(schema)
    by_rank = schema["$defs"]["UnitRanking"]["properties"]["points"]["anyOf"][0]
    by_rank["propertyNames"] = {"pattern": "^[1-9][0-9]{0,6}$"}
    crew = schema["$defs"]["Entrant"]["properties"]["members"]["anyOf"][0]
    crew["not"] = {"minItems": 1, "maxItems": FEWEST_MEMBERS - 1}
    return schema


def results_schema() -> Schema:
    """What a results file looks like. The reasons of a grade may have been left out."""
    schema = _schema_of(Results, "compete-results/1")
    schema["$defs"]["GradeRow"]["required"].remove("reasons")
    for part in schema["$defs"].values():
        for name in _IN_POINTS & set(part.get("properties", ())):
            _first(part["properties"][name])["pattern"] = _POINTS
    return schema


def _schema_of(cls: type, title: str) -> Schema:
    schema = msgspec.json.schema(cls)
    _say_numbers(schema)
    for name, part in schema["$defs"].items():
        # A docstring is for programmers, and says nothing of use in a schema.
        part.pop("description", None)
        part["title"] = name
    return {"$schema": _DIALECT, "title": title, **schema}


def _say_numbers(node: Any) -> None:
    """Say numbers as the format does, and lists as JSON does."""
    if isinstance(node, dict) and isinstance(node.get("default"), tuple):
        node["default"] = list(node["default"])
    for child in node.values() if isinstance(node, dict) else node:
        if not isinstance(child, dict | list):
            continue
        if isinstance(child, dict) and child.get("format") == "decimal":
            child.clear()
            child.update(_NUMBER)
        else:
            _say_numbers(child)


def _allow_null(schema: Schema) -> None:
    """Null is the same as leaving a key out."""
    for part in schema["$defs"].values():
        required = set(part.get("required", ()))
        for name, property_schema in part.get("properties", {}).items():
            if name not in required and {"type": "null"} not in property_schema.get("anyOf", ()):
                default = {
                    key: property_schema.pop(key) for key in ("default",) if key in property_schema
                }
                part["properties"][name] = {"anyOf": [property_schema, {"type": "null"}], **default}


def _first(schema: Schema) -> Schema:
    """The schema of the thing itself, where it may also be null."""
    first: Schema = schema.get("anyOf", [schema])[0]
    return first
