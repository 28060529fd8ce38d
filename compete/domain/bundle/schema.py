"""JSON Schema (2020-12) of the files, made from the types themselves."""

from collections.abc import Mapping
from typing import Any

import msgspec

from compete.domain.bundle.crews import FEWEST_MEMBERS
from compete.domain.bundle.results import EvaluationResults, Results
from compete.domain.bundle.types import Bundle, BundleFormat
from compete.domain.bundle.version_types import (
    NOT_OF_EVALUATIONS,
    OF_EVALUATIONS,
    Dialect,
    dialect_of,
    lacking,
    type_in,
)
from compete.domain.bundle.versions import FORMATS
from compete.domain.values.kinds import Kind
from compete.domain.values.numerals import NUMBER_TEXT

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_POINTS = r"^-?[0-9]+(\.[0-9]+)?$"

_IN_POINTS = {"score", "points", "total"}
_NUMBER = {"type": ["string", "integer", "number"], "pattern": f"^{NUMBER_TEXT}$"}

Schema = dict[str, Any]
_Cases = dict[str, tuple[Schema, list[str]]]
"""By the name of a schema the properties that say so, and which of them are required."""


def bundle_schema(version: BundleFormat | None = None) -> Schema:
    """The JSON schema of a bundle, of this version or of the one that it names itself.

    Numbers are texts, integers, or binary floats; a key that may be left out
    may be null. That codes point somewhere and full marks add up is beyond it.
    """
    if version is None:
        *former, newest = FORMATS
        named: _Cases = {name: ({"format": {"const": name}}, ["format"]) for name in former}
        return _schema_by_key(
            "compete-bundle", named, newest, {name: bundle_schema(name) for name in FORMATS}
        )
    usual = dialect_of(version, Kind.SKILLS)
    if usual.is_first:
        return _schema_in(usual, version)
    kind = {"kind": {"const": Kind.EVALUATION}}
    asked = {"competition": {"type": "object", "properties": kind, "required": ["kind"]}}
    judged, ranked = "evaluation", "skills-or-labour"
    schemas = {
        judged: _schema_in(dialect_of(version, Kind.EVALUATION), version),
        ranked: _schema_in(usual, version),
    }
    return _schema_by_key(version, {judged: (asked, ["competition"])}, ranked, schemas)


def _schema_in(dialect: Dialect, version: BundleFormat) -> Schema:
    schema = _schema_of(type_in(dialect, Bundle), version)
    defs = schema["$defs"]
    defs["Bundle"]["properties"]["format"] = {"enum": [version]}
    _allow_null(schema)
    if not dialect.is_first:
        nothing: Schema = {"enum": [None, []]}
        for cls in (*OF_EVALUATIONS, *NOT_OF_EVALUATIONS):
            defs[cls.__name__]["properties"] |= dict.fromkeys(lacking(dialect, cls), nothing)
    if not dialect.is_evaluation:
        by_rank = defs["UnitRanking"]["properties"]["points"]["anyOf"][0]
        by_rank["propertyNames"] = {"pattern": "^[1-9][0-9]{0,6}$"}
        crew = defs["Entrant"]["properties"]["members"]["anyOf"][0]
        crew["not"] = {"minItems": 1, "maxItems": FEWEST_MEMBERS - 1}
    return schema


def _schema_by_key(title: str, cases: _Cases, other: str, schemas: Mapping[str, Schema]) -> Schema:
    """Choose among named schemas by what some keys of the file say."""
    chosen: Schema = {"$ref": other}
    for name, (properties, required) in cases.items():
        says_so = {"properties": properties, "required": required}
        chosen = {"if": says_so, "then": {"$ref": name}, "else": chosen}
    definitions = {name: {"$id": name, **schema} for name, schema in schemas.items()}
    return {"$schema": _DIALECT, "title": title, **chosen, "$defs": definitions}


def results_schema() -> Schema:
    """The JSON schema of a results file. The reasons of a grade may have been left out."""
    schema = _schema_of(Results, "compete-results/1")
    judged = _schema_of(EvaluationResults, "compete-results/1")["$defs"]
    for key in ("overall", "labour"):
        judged["EvaluationResults"]["properties"].pop(key)
    schema["anyOf"] = [{"$ref": schema.pop("$ref")}, {"$ref": "#/$defs/EvaluationResults"}]
    schema["$defs"] |= judged
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
    """Allow null, which is the same as leaving a key out."""
    for part in schema["$defs"].values():
        required = set(part.get("required", ()))
        for name, property_schema in part.get("properties", {}).items():
            if name not in required and {"type": "null"} not in property_schema.get("anyOf", ()):
                default = {
                    key: property_schema.pop(key) for key in ("default",) if key in property_schema
                }
                part["properties"][name] = {"anyOf": [property_schema, {"type": "null"}], **default}


def _first(schema: Schema) -> Schema:
    """The schema of the thing itself, where it may be null too."""
    first: Schema = schema.get("anyOf", [schema])[0]
    return first
