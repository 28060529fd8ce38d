"""The page of one contestant, and looking at a whole ID number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.eligibility import RULE_WORDS
from compete.domain.values.messages import Message
from compete.domain.values.rights import Right
from compete.domain.values.states import CompetitionState
from compete.models import Competition, Entrant, Member
from compete.services.appeals.appellants import give_word
from compete.services.competitions.erasure_requests import last_erasure, why_not_erasable
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.event_rules import module_title
from compete.services.kernel.participants import standing_withdrawal
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.registration.badges import why_no_badge
from compete.services.registration.consents import DESK_SOURCES, consents_of
from compete.services.registration.exemptions import rules_for_entrant, why_exemption_stands
from compete.services.registration.people import neighbours_of
from compete.services.registration.person_record import (
    records_about,
    show_number,
    standing_outcomes,
    states_of_sheets,
)
from compete.services.registration.withdrawals import (
    at_the_same_places,
    places_passed_on,
    stage_awaited,
    why_full_for,
    why_no_outcome,
    why_not_returned,
    why_not_withdrawn,
)
from compete.services.results.contestants import verdict_for
from compete.services.schedule.admissions import is_admitted
from compete.services.schedule.station_moves import why_not_moved
from compete.services.workers.outside_results import outside_of, waits
from compete.web import guard
from compete.web.guard import allowed_url
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.registration.person.finding import (
    find_asked,
    find_entrant,
    list_filters,
)
from compete.web.organiser.registration.person.history import describe_history, facts_of
from compete.web.organiser.registration.person.move_panel import (
    OWN_TIME,
    asked_place,
    move_panel,
    moved_back_card,
)
from compete.web.organiser.registration.person.view_model import (
    badges_of,
    consent_words,
    crew_members,
    module_places,
    out_words,
    photo_card,
    result_lines,
    sheet_lines,
    sheets_note,
    sittings_card,
)
from compete.web.outside_words import outside_place
from compete.web.posted import posted_reason
from compete.web.refusals import View, problem_of, refusal_on
from compete.web.section_bars import section_bars
from compete.web.shapes import Choice
from compete.web.words import ranked_here, station_of


@dataclass(frozen=True, slots=True)
class WithdrawCard:
    """The act of withdrawing, or taking it back, with its effects.

    Where it is not `possible`, `then` says why; where it `asks_evidence`, a second person decides.
    """

    then: Sequence[str]
    """The effects on places, sheets and lists."""
    possible: bool = False
    back: bool = False
    asks_evidence: bool = False
    asks_reason: bool = True


def _withdraw_card(entrant: Entrant) -> WithdrawCard:
    """Build the card of the possible act, with its effects on places, sheets and lists."""
    if standing_withdrawal(entrant) is not None:
        why = why_not_returned(entrant)
        if why is not None:
            return WithdrawCard([say(why)], back=True)
        full = why_full_for(entrant)
        then = _return_steps(entrant, full)
        return WithdrawCard(then, possible=True, back=True, asks_reason=full is not None)
    why = why_not_withdrawn(entrant)
    if why is None:
        return WithdrawCard([*_places(entrant), _nothing_left()], possible=True)
    if entrant.competition.state is not CompetitionState.JUDGING:
        if entrant.competition.state is not CompetitionState.REGISTERING:
            why_locked = _("评分已经锁定。要改，先解锁，再按缺考或中途退出办")
            return WithdrawCard([why_locked])
        return WithdrawCard([say(why)])
    if any(outcome.module is None for outcome in standing_outcomes(entrant)):
        out = _("已经记了缺考、中途退出或取消成绩。要撤回，在“缺考、退出、取消”里由两个人定")
        return WithdrawCard([out])
    locked = why_no_outcome(entrant)
    if locked is not None:
        return WithdrawCard([say(locked)])
    if (to_come := stage_awaited(entrant)) is not None:
        names = {"stage": to_come.name, "before": to_come.before}
        then = [
            _("“%(stage)s”记缺考，“%(before)s”的成绩和名次留着；两个人定", **names),
            _("确认了再开始“%(stage)s”：谁递补在那一页提出，开始以后不能再递补", **names),
        ]
        return WithdrawCard(then, possible=True, asks_evidence=True)
    count = sum(len(states) for states in states_of_sheets(entrant).values())
    then = [
        say(why),
        _("%(n)s 张评分表留着，不再等他", n=count),
        _("记缺考的计 0 分；记中途退出的，评过的照算，没评的计 0 分。名次旁边写明")
        if ranked_here()
        else _("记缺考的，结论是缺考；记中途退出的，评过的照算，没评的计 0 分。结论旁边写明"),
    ]
    return WithdrawCard(then, possible=True, asks_evidence=True)


def _places(entrant: Entrant) -> list[str]:
    return [
        _(
            "%(module)s的位子（%(where)s）空出来",
            module=module_title(entrant.event, slot.stage, slot.module),
            where=" ".join(part for part in (slot.session, station_of(slot)) if part) or "—",
        )
        for slot in entrant.slots
    ]


def _nothing_left() -> str:
    return _("人数、检录、参赛证、评分表和成绩里不再有他。资料和记录留着，锁定评分以前可以撤回")


def _return_steps(entrant: Entrant, full: Message | None) -> list[str]:
    then = [_places_back(entrant)]
    beside = at_the_same_places([entrant])
    if beside:
        names = _("、").join(f"{other.code} {other.name}" for other in beside)
        then.append(_("同一场同一个工位现在还有 %(names)s", names=names))
    if full is not None:
        then.append(_("名额满了：%(full)s。撤回就超出，要写明为什么", full=say(full)))
    if entrant.competition.state is CompetitionState.JUDGING:
        then.append(_("评分已经开始，给他补上评分表"))
    return then


def _places_back(entrant: Entrant) -> str:
    if entrant.slots:
        return _("回到名单，位子还是原来的")
    new = places_passed_on(entrant)
    if new is None:
        return _("回到名单，没有位子，要另外排")
    who = f"{new.code} {new.name}"
    return _("回到名单，没有位子，要另外排：位子给了换上的 %(who)s，两个人都算在名单里", who=who)


def _person_html(
    entrant: Entrant,
    shown: dict[str, str] | None = None,
    *,
    asked: str | None = None,
    problem: str | None = None,
    word: str | None = None,
) -> str:
    """The page. By code, `shown` has whole numbers; `asked` is the form to which `problem` is."""
    competition, erased = entrant.competition, entrant.erased_at is not None
    filters, verdict = list_filters(), verdict_for(entrant)
    here = {"code": competition.code, "who": entrant.code}
    people: list[Entrant | Member] = [*entrant.members] or [entrant]
    refused = problem if (asked or "").startswith("#photo-") else None
    photo_problems = {asked.removeprefix("#photo-"): refused} if asked and refused else {}
    locked = why_not_moved(entrant)
    place = asked_place(entrant, request.form.get("place") or request.args.get("move"))
    moving = None
    if place is not None and locked is None:
        moving = move_panel(entrant, place, problem if asked == "#move" else None)
    exemptions_stand = why_exemption_stands(competition)
    prints_badge = why_no_badge(entrant) is None
    return render_template(
        "organiser/registration/person/person.html",
        competition=competition,
        entrant=entrant,
        here_args=here,
        list_args=here | filters,
        filters=filters,
        beside=neighbours_of(entrant, **filters),
        shown=shown or {},
        asked=asked,
        problem=problem,
        out=out_words(entrant),
        facts=facts_of(entrant),
        photo=None if entrant.members else photo_card(entrant, photo_problems),
        members=crew_members(entrant, photo_problems),
        rules=rules_for_entrant(entrant),
        rule_words=RULE_WORDS,
        exemptions_stand=exemptions_stand,
        sittings=sittings_card(entrant),
        outside=[(row, outside_place(row), waits(row)) for row in outside_of(entrant)],
        outside_url=allowed_url(
            "organiser.outside",
            code=competition.code,
            who=None if entrant.members or erased else entrant.code,
        ),
        places=module_places(entrant),
        moving=moving,
        own_key=OWN_TIME,
        move_locked=locked,
        moved=moved_back_card(entrant),
        sheets=sheet_lines(entrant, verdict),
        sheets_note=sheets_note(entrant, verdict),
        results=result_lines(entrant, verdict),
        sections=section_bars(entrant) if verdict is not None else [],
        badges=[] if erased else badges_of(entrant),
        appeal_word=word,
        prints_badge=prints_badge,
        is_admitted=prints_badge or is_admitted(entrant),
        withdrawing=None if erased else _withdraw_card(entrant),
        consents=[(holder, consents_of(holder)) for holder in people],
        consent_words=consent_words,
        consent_sources=[Choice(value=key, label=say(it)) for key, it in DESK_SOURCES.items()],
        open_names=settings_of(competition).full_names,
        erasing=[(row, last_erasure(competition, row), why_not_erasable(row)) for row in people],
        erasure_url=allowed_url("organiser.personal_data", code=competition.code),
        history=describe_history(records_about(entrant), entrant, erased=erased),
    )


def refusal_beside(form: str, *, only: Refusal | None = Refusal.INVALID) -> Callable[[View], View]:
    """Show the person's page again, with what was wrong beside the form.

    In its name `{of}` is the code of whom the form is about, `{rule}` the condition it names.
    With `only`, as by default, a refusal of another kind is answered as anywhere else.
    """

    def page(competition: Competition, who: str, refused: Refused) -> str:
        entrant, holder = find_asked(competition, who)
        asked = form.format(of=holder.code, rule=request.form.get("rule"))
        return _person_html(entrant, asked=asked, problem=problem_of(refused))

    return refusal_on(page, only=only)


@face.get("/<code>/entrants/<who>/")
@guard.may(Right.REGISTER)
def person(competition: Competition, who: str) -> ResponseReturnValue:
    """Show all that is known of one contestant."""
    return _person_html(find_entrant(competition, who))


@face.post("/<code>/entrants/<who>/number")
@guard.may(Right.SEE_NUMBERS)
@refusal_beside("{of}")
def show_whole_number(competition: Competition, who: str) -> ResponseReturnValue:
    """The page with one whole ID number, which no address keeps."""
    entrant, holder = find_asked(competition, who)
    number = show_number(holder, posted_reason(), current_user)
    return _person_html(entrant, {holder.code: number})


@face.post("/<code>/entrants/<who>/appeal-word")
@guard.may(Right.REGISTER)
@only_once
def give_appeal_word(competition: Competition, who: str) -> ResponseReturnValue:
    """Show the word that proves who holds the badge."""
    entrant = find_entrant(competition, who)
    return _person_html(entrant, word=give_word(entrant, current_user))
