"""What waits for the reader in the question banks, each with the page that settles it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from flask_login import current_user

from compete.domain.values.examination_states import BankRequestKind
from compete.models import BankRequest
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
            at_once=it.request is not None and it.request.question_id is None,
        )
        for it in waits_in_banks(current_user)
    ]


def url_of_request(request: BankRequest) -> str:
    """The page on which it is settled."""
    number = request.bank_id
    if request.kind is BankRequestKind.FILE:
        return url_for("organiser.bank_files", number=number)
    if request.question_id is not None:
        return url_for("organiser.question", number=number, question_number=request.question_id)
    return url_for("organiser.bank_paper", number=number, paper_number=request.paper_id)


def _url(it: WaitsInBank) -> str:
    if it.request is not None:
        return url_of_request(it.request)
    return url_for("organiser.bank", number=it.bank.id, state="draft")
