"""What waits for the reader in the question banks, as rows of the home and of the banks' list."""

from __future__ import annotations

from flask import url_for
from flask_login import current_user

from compete.services.questions.waiting import WaitsInBank, waits_in_banks
from compete.web.language import say
from compete.web.organiser.desk.home.shapes import Waiting
from compete.web.organiser.desk.overview.shapes import Missing


def describe_bank_waits() -> list[Waiting]:
    """The rows, each leading to the page that settles it."""
    return [
        Waiting(
            row=Missing("people", say(it.what), say(it.detail), _url(it)),
            competition=it.bank.name,
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
