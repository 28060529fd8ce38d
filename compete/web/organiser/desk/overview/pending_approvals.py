"""Tasks that wait for a second person: on every home, with who could agree and where."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.messages import Message
from compete.domain.values.rights import Right
from compete.models import (
    Account,
    Competition,
    DrawCeremony,
    Event,
    PaperDraw,
    PeriodCorrection,
)
from compete.services.accounts.second_persons import SecondWord
from compete.services.closing.approving_jobs import AskedApproval
from compete.services.competitions.pending_approvals import (
    PendingApproval,
    pending_approvals,
    pending_decisions,
)
from compete.services.competitions.same_day_approvals import (
    is_overdue,
    uncountersigned,
    why_not_countersign,
)
from compete.services.kernel.event_rules import module_key
from compete.services.kernel.rows_by_number import find
from compete.web.guard import allowed_url, may_do
from compete.web.language import say
from compete.web.organiser.asked_cards import asked_terms_card
from compete.web.organiser.desk.overview.shapes import Missing
from compete.web.organiser.judging.progress.to_do import locks_url
from compete.web.shown_standings import AWARDS, own_page

_MOST_APART = 3
"""So many of one kind have a line each."""


def _of_draw(draw: DrawCeremony) -> str | None:
    own = allowed_url("organiser.draw_ceremony", number=draw.id)
    return own or allowed_url("organiser.paper_signing")


def _of_paper(paper: PaperDraw) -> str | None:
    own = allowed_url("organiser.draws", module=module_key(paper.event, paper.stage, paper.module))
    return own or allowed_url("organiser.paper_signing")


def _of_panels(place: tuple[Event, str, str]) -> str | None:
    own = allowed_url("organiser.settling")
    return own or allowed_url("organiser.seating", module=module_key(*place))


def _of_terms(competition: Competition) -> str | None:
    # Beside the results, where there is an event; else where appeals are set.
    return allowed_url("organiser.results" if competition.events else "organiser.appeals")


def _of_grades(asked: AskedApproval) -> str | None:
    # Where the second is nobody who decides awards, beside the results.
    return allowed_url(own_page(asked.competition, AWARDS)) or allowed_url("organiser.results")


def _of_correction(row: PeriodCorrection) -> str:
    return f"{url_for('organiser.month', period=row.period)}#correction-{row.id}"


_PLACES: Mapping[str, tuple[str, Callable[[Any], str | None]]] = {
    "decision": ("half-circle", lambda _it: allowed_url("organiser.decisions")),
    "undo-decision": ("undo", lambda _it: allowed_url("organiser.decisions")),
    "undo-playoff": ("undo", lambda _it: allowed_url("organiser.ties")),
    "exam-key": (
        "copy",
        lambda it: allowed_url("organiser.exam_keys", number=it.examination_id),
    ),
    "exempt": ("people", lambda it: allowed_url("organiser.applicant", who=it.entrant.code)),
    "rules": ("people", lambda it: allowed_url("organiser.event_change", number=it[0].id)),
    "tables": ("people", lambda _it: allowed_url("organiser.overall_change")),
    "stage": ("people", lambda it: allowed_url("organiser.confirm_stage", event=it[1].event)),
    "terms": ("clock", lambda it: _of_terms(it[0])),
    "final": ("clock", lambda it: allowed_url("organiser.results", event=it[0].code)),
    "grade": ("half-circle", _of_grades),
    "keep": ("copy", lambda _it: url_for("organiser.consequences")),
    "panels": ("people", lambda it: _of_panels(it[0])),
    "draw": ("undo", _of_draw),
    "paper": ("undo", _of_paper),
    "playoff": ("equals", lambda _it: allowed_url("organiser.ties")),
    "role": ("person", lambda it: allowed_url("organiser.take_back", number=it[0].id)),
    "lock": ("unlock", locks_url),
    "unblinding": ("lock", lambda _it: allowed_url("organiser.unblinding")),
    "outside": ("trophy", lambda _it: allowed_url("organiser.outside")),
    "honour": ("half-circle", lambda _it: url_for("organiser.honours")),
    "award": ("half-circle", lambda _it: url_for("organiser.distinctions")),
    "revoke": ("ban", lambda _it: url_for("organiser.consequences")),
    "erasure": ("lock", lambda _it: allowed_url("organiser.personal_data")),
    "correction": ("copy", _of_correction),
    "labour-rules": ("file", lambda it: url_for("organiser.rule_change", number=it.id)),
    "accident": ("warn", lambda _it: allowed_url("organiser.accidents")),
}
"""Icon and page of each kind that has no row of its own."""


def describe_seconds(competition: Competition) -> list[Missing]:
    """List every act that one person asked for and another has to agree to.

    Appeals stand in rows of their own (`waiting_rows`).
    """
    pending = pending_approvals(competition, leave_out=("decision", "appeal"))
    decisions, many = pending_decisions(competition, _MOST_APART)
    places = [(approval, _PLACES[approval.kind][1](approval.asked)) for approval in pending]
    alike: dict[tuple[str, str, str], list[tuple[PendingApproval, str]]] = {}
    for approval, url in places:
        if url is not None:
            page = url.partition("#")[0]
            alike.setdefault((approval.kind, page, say(approval.waits)), []).append((approval, url))
    decided = [(it, url) for it in decisions if (url := _PLACES[it.kind][1](it.asked)) is not None]
    return [
        *(_of_page(competition, decided, many) if decided else ()),
        *(row for group in alike.values() for row in _of_page(competition, group)),
        *_papers(competition),
    ]


def _of_page(
    competition: Competition, group: Sequence[tuple[PendingApproval, str]], many: int = 0
) -> Iterator[Missing]:
    """Describe each that waits on one page, for whoever may open it; many of them in one line.

    `many` says how many they are, where not all are at hand.
    """
    many = many or len(group)
    if many > _MOST_APART:
        first, url = group[0]
        # What bars somebody is who asked: one of each is enough.
        different = {
            (it.word.first, it.word.right, it.word.grave, it.word.linked, *it.word.but): it
            for it, _url in group
        }
        yield _line(
            _PLACES[first.kind][0],
            _(
                "%(what)s等 %(n)s 件，%(waits)s",
                what=_what(competition, first),
                n=many,
                waits=say(first.waits),
            ),
            url.partition("#")[0],
            told_second([it.why_not(current_user) for it in different.values()]),
        )
        return
    for approval, url in group:
        yield _line(
            _PLACES[approval.kind][0],
            _("%(what)s，%(waits)s", what=_what(competition, approval), waits=say(approval.waits)),
            url,
            told_second([approval.why_not(current_user)]),
            why=approval.reason,
            who=_asker(approval),
        )


def _what(competition: Competition, approval: PendingApproval) -> str:
    card = asked_terms_card(competition) if approval.kind == "terms" else None
    return say(approval.what) if card is None else _("；").join(card.what)


def _asker(approval: PendingApproval) -> str:
    first = find(Account, approval.word.first)
    return first.name if first is not None else ""


def _papers(competition: Competition) -> list[Missing]:
    """Signed papers that nobody has countersigned, those first that are overdue."""
    rows = uncountersigned(competition)
    late = [row for row in rows if is_overdue(row)]
    due = [row for row in rows if not is_overdue(row)]
    groups = (
        (late, _("过期没补签的签字件 %(n)s 件", n=len(late))),
        (due, _("等补签的签字件 %(n)s 件", n=len(due))),
    )
    url = allowed_url("organiser.second_person")
    return [
        _line(
            "file",
            what,
            url,
            told_second([why_not_countersign(row, current_user) for row in papers]),
        )
        for papers, what in groups
        if papers
    ]


def who_can(words: Collection[SecondWord]) -> tuple[str, str]:
    """Return the button's text beside acts that wait for these, and who could agree instead.

    The words are those that the acts themselves require: no button leads to where there is none.
    """
    # Who began twenty of them is asked about once.
    different = {(word.first, word.right, word.grave, word.linked): word for word in words}
    return told_second([word.why_not(current_user) for word in different.values()])


def told_second(whys: Collection[Message | None]) -> tuple[str, str]:
    """Return the same from the known reasons of each: why this person cannot; None: can."""
    barred = [why for why in whys if why is not None]
    if len(barred) < len(whys) or not barred:
        return _("去同意"), ""
    return _("去看"), say(barred[0])


def _line(
    icon: str, what: str, url: str | None, second: tuple[str, str], *, why: str = "", who: str = ""
) -> Missing:
    """Describe a waiting act, with what is `told` of who could agree (`told_second`)."""
    label, others = second
    reason = _("理由：%(why)s", why=why) if why else ""
    detail = _("；").join(filter(None, (reason, others)))
    return Missing(icon, what, detail, url, who, label=label, mine=not others)


def describe_unapproved(waiting: int) -> Iterator[Missing]:
    """List honours that wait for another body's approval, or for somebody to say whose they are.

    To who sees to them; what somebody asked for stands among what takes two.
    """
    if waiting and may_do(Right.DECIDE_AWARDS):
        what, url = _("等核准的荣誉：%(n)s", n=waiting), url_for("organiser.honours")
        yield Missing("half-circle", what, _("核准文件录入以后才发证"), url)
