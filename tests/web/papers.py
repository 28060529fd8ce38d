"""Every door behind which something is printed, and going through all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO

from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from compete.models import Certificate, Competition, Entrant, OversightReport, Sheet, db
from compete.services.appeals.appeal_states import appeals_of
from compete.services.kernel.event_rules import labour_of, rules_of
from compete.services.kernel.publications import latest_publication
from compete.services.registration.badges import why_no_badge
from compete.services.results.announced_periods import announced_periods

BEFORE = {
    "organiser.cards": "POST /desk/{code}/judges/cards.pdf?sure=yes",
    "organiser.coding_form": "POST /desk/{code}/coding/form.pdf?event={blind}",
    "organiser.unit_links": "POST /desk/{code}/units/links.pdf",
    "organiser.self_entry_poster": "/desk/{code}/self-entry/poster.pdf",
    "organiser.seating_paper": "/desk/{code}/seating.pdf",
    "organiser.blank_sheets": "/desk/{code}/paper.pdf?module={place}",
}
"""What is printed before the first mark."""
AFTER = {
    "organiser.badges": "/desk/{code}/badges.pdf",
    "organiser.one_badge": "/desk/{code}/entrants/{who}/badge.pdf",
    "organiser.people_form": "/desk/{code}/forms/{form}.pdf",
    "organiser.notice": "/desk/{code}/standings.pdf?event={event}",
    "public.notice": "/p/{code}/notice.pdf?event={event}",
    "organiser.score_summary": "/desk/{code}/standings/summary.pdf?event={event}",
    "organiser.results_book": "/desk/{code}/results.pdf",
    "organiser.promotions": "POST /desk/{code}/awards/promotions.pdf",
    "organiser.handing_out": "/desk/{code}/certificates/handing-out.pdf",
    "organiser.appeal_record": "/desk/{code}/appeals/{appeal}/record.pdf",
    "organiser.sheet_pdf": "/desk/{code}/sheets/{sheet}.pdf",
    "organiser.oversight_paper": "/desk/{code}/plan/reports.pdf?report={report}",
}
"""What is printed once all is decided."""
LABOUR = {
    "organiser.labour_bulletin": "/desk/{code}/labour/bulletin.pdf?period={period}",
    "organiser.labour_matrix_paper": "/desk/{code}/labour/month.pdf?period={period}",
    "public.labour_bulletin": "/p/{code}/periods/{announced}/bulletin.pdf",
}
"""What is printed of a labour competition."""
CHINESE = {
    "organiser.print_all": "/desk/{code}/certificates/{kind}.pdf",
    "organiser.award_words_paper": "/desk/{code}/certificates/words.pdf",
    "organiser.print_certificate": "/desk/{code}/certificates/{certificate}/file.pdf",
    "public.badge_certificate": "/c/{badge}/certificates/{award}.pdf",
}
"""Certificates, which are in Chinese whoever prints them."""
OF_LINKS = {
    "worker.record_paper": "/w/{link}/record.pdf",
    "organiser.link_paper": "/desk/people/{person}/link.pdf",
    "unit.links_paper": "/unit/{code}/records/links.pdf",
}
"""What people's own links are about: printed in `web/worker/test_record_papers.py`."""
RANKED = {
    "organiser.score_summary",
    "organiser.results_book",
    "organiser.promotions",
    "organiser.award_words_paper",
}
"""What is of ranks and awards, which no evaluation has."""


def doors(app: Flask) -> set[str]:
    """Every view that hands out a PDF."""
    return {rule.endpoint for rule in app.url_map.iter_rules() if rule.rule.endswith(".pdf")}


def print_all(
    client: FlaskClient,
    competition: Competition,
    papers: dict[str, str],
    languages: Sequence[str] = ("zh", "en"),
) -> None:
    """Print each of `papers` in each language: whatever there is of it, and nobody left out."""
    for language in languages:
        client.get(f"/language/{language}")
        for endpoint, paper in papers.items():
            if competition.kind == "evaluation" and endpoint in RANKED:
                continue
            for address in _addresses(paper, competition):
                method, _space, path = address.rpartition(" ")
                answer = client.open(path, method=method or "GET")
                assert answer.status_code == 200, (language, address, answer.text[-3000:])
                assert answer.data.startswith(b"%PDF"), (language, address)
                # Whose it is stands in every file, which is made to be kept (PDF/A).
                written = PdfReader(BytesIO(answer.data)).metadata
                assert written is not None, address
                assert written.author, address
                assert b"<pdfaid:part>" in answer.data, address
        with client.session_transaction() as session:
            assert [message for _kind, message in session.get("_flashes", ())] == []


def _addresses(paper: str, competition: Competition) -> Iterator[str]:
    """The door's addresses for what the competition has; none where it has nothing of the kind."""
    filled: list[dict[str, object]] = [{"code": competition.code}]
    for key, values in _values(competition).items():
        if f"{{{key}}}" in paper:
            filled = [given | {key: value} for given in filled for value in values]
    if "handing-out" in paper or "promotions" in paper:
        filled = filled if "grade" in _values(competition)["kind"] else []
    yield from (paper.format(**given) for given in filled)


def _values(competition: Competition) -> dict[str, list[object]]:
    issued = list(
        db.session.scalars(select(Certificate).where(Certificate.competition_id == competition.id))
    )
    own = next(
        (
            certificate
            for certificate in issued
            if certificate.kind == "award" and certificate.entrant_id
        ),
        None,
    )
    entrant = db.session.get_one(Entrant, own.entrant_id) if own else None
    sheet = db.session.scalar(select(Sheet).where(Sheet.competition_id == competition.id).limit(1))
    people = db.session.scalars(select(Entrant).where(Entrant.competition_id == competition.id))
    # Who is out has no badge.
    anybody = next((person for person in people if why_no_badge(person) is None), None)
    reports = OversightReport.competition_id == competition.id
    return {
        "report": list(db.session.scalars(select(OversightReport.id).where(reports))),
        "form": ["attendance", "check_in", "draw", "field_record", "schedule", "order_book"],
        "who": [anybody.code] if anybody else [],
        "period": [period.code for period in labour_of(competition).periods[:3]]
        if competition.kind == "labour"
        else [],
        "announced": announced_periods(out)
        if competition.kind == "labour" and (out := latest_publication(competition))
        else [],
        "event": [event.code for event in competition.events],
        "blind": [event.code for event in competition.events if event.blind],
        "place": [
            f"{event.code}|{stage.code}|{module.code}"
            for event in competition.events
            for stage in rules_of(event).stages[:1]
            for module in stage.modules
        ],
        "kind": sorted({certificate.kind for certificate in issued}),
        "certificate": [certificate.id for certificate in issued[:1]],
        "award": [own.id] if own else [],
        "badge": [entrant.badge_token] if entrant else [],
        "sheet": [sheet.public_id] if sheet else [],
        "appeal": [appeal.public_id for appeal in appeals_of(competition)[:1]],
    }
