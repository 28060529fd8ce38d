"""What waits for the reader in the question banks, each with the page that settles it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from flask_login import current_user

from compete.services.questions.waiting import WaitsInBank, waits_in_banks
from compete.web.language import say


@dataclass(frozen=True, slots=True, kw_only=True)
class BankWait:
    """A thing that waits, in words."""

    what: str
    detail: str
    url: str
    bank: str
    at_once: bool
    """True if others wait for it."""


def describe_bank_waits() -> list[BankWait]:
    """What waits, bank by bank."""
    return [
        BankWait(
            what=say(it.what),
            detail=say(it.detail),
            url=_url(it),
            bank=it.bank.name,
            at_once=it.paper is not None or it.export is not None,
        )
        for it in waits_in_banks(current_user)
    ]


def _url(it: WaitsInBank) -> str:
    number = it.bank.id
    if it.paper is not None:
        return url_for("organiser.bank_paper", number=number, paper_number=it.paper.id)
    if it.question is not None:
        return url_for("organiser.question", number=number, question_number=it.question.id)
    if it.export is not None:
        return url_for("organiser.bank_files", number=number)
    return url_for("organiser.bank", number=number, state="draft")
