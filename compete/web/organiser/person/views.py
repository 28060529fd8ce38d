"""One contestant's page, and looking at a whole ID number."""

from __future__ import annotations

from flask import Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.models import Competition, Entrant
from compete.services.appeals.proving import give_word
from compete.services.kernel.event_rules import ladder_of
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.taking_part import standing_withdrawal
from compete.services.publication.contestants import verdict_for
from compete.services.registration.people import neighbours_of
from compete.services.registration.person_record import records_about, show_number
from compete.services.schedule.moving import why_not_moved
from compete.web import guard
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.person.badge_card import badge_card
from compete.web.organiser.person.consent_card import consent_card
from compete.web.organiser.person.eligibility_card import eligibility_card
from compete.web.organiser.person.erase_card import erase_card
from compete.web.organiser.person.finding import (
    find_entrant,
    find_holder,
    in_the_list,
    list_filters,
)
from compete.web.organiser.person.history import describe_history
from compete.web.organiser.person.move_panel import asked_place, move_panel, moved_back_card
from compete.web.organiser.person.shapes import PersonPage, PersonUrls
from compete.web.organiser.person.sittings_card import sittings_card
from compete.web.organiser.person.view_model import (
    person_card,
    position_words,
    result_lines,
    sheet_lines,
    sheets_note,
    slot_lines,
)
from compete.web.organiser.person.withdraw_card import withdraw_card
from compete.web.organiser.shapes import Link, competition_link
from compete.web.pages import fields_of


@face.get("/<code>/entrants/<who>/")
@guard.may(Right.REGISTER)
def person(competition: Competition, who: str) -> ResponseReturnValue:
    """All that is known of one contestant."""
    return render_template(
        "organiser/person/person.html", **fields_of(page_of(find_entrant(competition, who)))
    )


@face.post("/<code>/entrants/<who>/number")
@guard.may(Right.SEE_NUMBERS)
def show_whole_number(competition: Competition, who: str) -> ResponseReturnValue:
    """The page with one whole ID number, which neither an address nor a cache keeps."""
    entrant = find_entrant(competition, who)
    holder = find_holder(entrant, request.form.get("of", who))
    shown: dict[str, str] = {}
    problem = None
    try:
        shown[holder.code] = show_number(holder, request.form.get("reason", ""), current_user)
    except Refused as refused:
        if refused.kind is not Refusal.INVALID:
            raise
        problem = say(refused.message)
    page = page_of(entrant, shown, asked=holder.code if problem else None, problem=problem)
    answer: Response = make_response(
        render_template("organiser/person/person.html", **fields_of(page)), 400 if problem else 200
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@face.post("/<code>/entrants/<who>/appeal-word")
@guard.may(Right.REGISTER)
@only_once
def give_appeal_word(competition: Competition, who: str) -> ResponseReturnValue:
    """The page with the word that proves who holds the badge, which no cache keeps."""
    entrant = find_entrant(competition, who)
    page = page_of(entrant, word=give_word(entrant, current_user))
    answer: Response = make_response(
        render_template("organiser/person/person.html", **fields_of(page))
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _photo_problem(asked: str | None, problem: str | None) -> dict[str, str]:
    """Whose photo was refused, and why."""
    before, found, holder = (asked or "").partition("#photo-")
    return {holder: problem} if found and not before and problem else {}


def page_of(
    entrant: Entrant,
    shown: dict[str, str] | None = None,
    *,
    asked: str | None = None,
    problem: str | None = None,
    move: tuple[str, str] | None = None,
    word: str | None = None,
) -> PersonPage:
    """The page's parts put together."""
    locked = why_not_moved(entrant)
    place = move or asked_place(entrant, request.args.get("move"))
    panel = None
    if place is not None and locked is None:
        panel = move_panel(entrant, place, problem if asked == "#move" else None)
    competition, filters = entrant.competition, list_filters()
    beside = neighbours_of(entrant, **filters)
    verdict = verdict_for(entrant)
    entrants = in_the_list(url_for("organiser.entrants", code=competition.code))

    def to(endpoint: str, who: str | None = None) -> str:
        return in_the_list(url_for(endpoint, code=competition.code, who=who or entrant.code))

    return PersonPage(
        competition=competition_link(competition),
        list_link=Link(label=_("选手"), url=entrants),
        place=position_words(beside.place, beside.total) if beside else None,
        person=person_card(entrant, shown or {}, _photo_problem(asked, problem)),
        eligibility=eligibility_card(entrant),
        sittings=sittings_card(entrant),
        slots=slot_lines(entrant, place if panel else None),
        moving=panel,
        move_locked=say(locked) if locked is not None else None,
        moved=moved_back_card(entrant),
        sheets=sheet_lines(entrant, verdict),
        sheets_note=sheets_note(entrant, verdict),
        results=result_lines(entrant, verdict),
        badge=badge_card(entrant, word) if entrant.erased_at is None else None,
        withdrawing=withdraw_card(entrant) if entrant.erased_at is None else None,
        consent=consent_card(entrant),
        erasing=erase_card(entrant),
        history=describe_history(
            records_about(entrant),
            entrant.code,
            ladder_of(entrant.event),
            erased=entrant.erased_at is not None,
        ),
        urls=PersonUrls(
            entrants=entrants,
            show_number=to("organiser.show_whole_number"),
            correct=to("organiser.identity") if entrant.erased_at is None else None,
            print_badge=None
            if standing_withdrawal(entrant) or entrant.erased_at is not None
            else to("organiser.one_badge"),
            replace_badge=to("organiser.another_badge"),
            give_word=to("organiser.give_appeal_word"),
            previous=to("organiser.person", beside.previous)
            if beside and beside.previous
            else None,
            following=to("organiser.person", beside.following)
            if beside and beside.following
            else None,
        ),
        asked=asked,
        problem=problem,
    )
