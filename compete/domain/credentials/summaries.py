"""Summaries of credentials for readers; they do not say that a credential holds.

Anybody can write a credential, so every part may be missing or of another
kind: then its text is empty.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from compete.domain.credentials.json_text import as_list, as_object
from compete.domain.credentials.signed import issuer_of


class SaidResult(NamedTuple):
    """A result by its name: 理论, 91.00."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Summary:
    """The parts of a credential as texts."""

    issuer: str
    """The issuer's name, as the credential has it."""
    issuer_id: str
    title: str
    number: str
    results: tuple[SaidResult, ...]


def summary(document: dict[str, Any]) -> Summary:
    """Summarise a credential."""
    subject = as_object(document.get("credentialSubject"))
    return Summary(
        issuer=_text(as_object(document.get("issuer")).get("name")),
        issuer_id=_text(issuer_of(document)),
        title=_text(document.get("description")) or _text(document.get("name")),
        number=_text(subject.get("licenseNumber")),
        results=tuple(_results(subject)),
    )


def _results(subject: dict[str, Any]) -> Iterator[SaidResult]:
    """List each result with the name of what it is a result of."""
    achievement = as_object(subject.get("achievement"))
    possible = map(as_object, as_list(achievement.get("resultDescription")))
    described = {_text(result.get("id")): result for result in possible}
    for result in map(as_object, as_list(subject.get("result"))):
        about = described.get(_text(result.get("resultDescription")), {})
        value = _text(result.get("value"))
        for level in map(as_object, as_list(about.get("rubricCriterionLevel"))):
            if level.get("id") == result.get("achievedLevel"):
                value = _text(level.get("name"))
        yield SaidResult(_text(about.get("name")), value)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
