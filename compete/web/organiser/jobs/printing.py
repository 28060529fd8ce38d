"""The answer of a door behind which something is printed that may be long."""

from __future__ import annotations

from flask import redirect
from flask.typing import ResponseReturnValue
from flask_login import current_user

from compete.models import Competition, Job
from compete.services.jobs.papers.kinds import Wish
from compete.services.jobs.papers.printing import print_or_ask
from compete.web.addresses import asked_at
from compete.web.downloads import send_pdf, send_workbook
from compete.web.language import chosen
from compete.web.organiser.jobs.job_faces import job_url


def print_or_follow(
    competition: Competition, paper: str, filename: str, /, **of: str
) -> ResponseReturnValue:
    """The file where it is soon printed, else the page that follows the job."""
    wish = Wish(paper, chosen().code, filename, asked_at(), of)
    made = print_or_ask(competition, wish, current_user)
    if isinstance(made, Job):
        return redirect(job_url(made))
    return send_workbook(made, filename) if filename.endswith(".xlsx") else send_pdf(made, filename)
