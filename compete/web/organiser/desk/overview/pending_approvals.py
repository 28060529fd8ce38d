"""Tasks that wait for a second person: on every home, with who could agree and where."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from flask import url_for
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.distinction_states import DistinctionState
from compete.domain.values.kinds import Kind
from compete.domain.values.messages import Message
from compete.domain.values.period_states import CorrectionState
from compete.domain.values.rights import Right
from compete.domain.values.states import ConsequenceState, DecisionState
from compete.models import Competition, RuleChange
from compete.services.accounts.second_persons import SecondWord
from compete.services.awards.external_awards import words_on_own
from compete.services.awards.nominated_awards import (
    distinctions_of,
    proposer_of,
    why_not_agree_on,
)
from compete.services.certificates.revoking import open_revocations, revocation_word
from compete.services.certificates.settling import keep_word
from compete.services.closing.blockers import Blocker
from compete.services.closing.penalties_and_outcomes import decision_word, decisions_of
from compete.services.competitions.details import terms_word, waiting_terms
from compete.services.competitions.same_day_approvals import (
    is_overdue,
    uncountersigned,
    why_not_countersign,
)
from compete.services.judging.stage_following import asked_stage, stage_word
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.event_rules import module_key, module_title
from compete.services.labour.corrections import correction_word, corrections_of
from compete.services.labour.rule_changes import rules_word, waiting_rules
from compete.services.results.consequences import consequences_of
from compete.services.results.result_moves import final_word
from compete.services.results.result_stands import stands_of
from compete.services.rules.changes import SEAT_WORDS, seats_of
from compete.services.schedule.next_stage import next_stages
from compete.services.schedule.panel_settlement import asker_name, panels_word, waiting_panels
from compete.web.guard import allowed_url, may_do
from compete.web.language import say
from compete.web.organiser.asked_terms import asked_terms_card
from compete.web.organiser.desk.overview.shapes import Missing


def describe_seconds(competition: Competition) -> list[Missing]:
    """List every act that one person asked for and another has to agree to."""
    if competition.kind == Kind.LABOUR:
        pending = [*_corrections(competition), *_labour_rules(competition)]
    else:
        pending = [
            *_stages(competition),
            *_terms(competition),
            *_early(competition),
            *_waiting_keeps(competition),
        ]
    pending += _panels(competition) + _by_hand(competition) + _revocations(competition)
    return pending + _papers(competition)


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


def _panels(competition: Competition) -> list[Missing]:
    """Panels that wait for the chief judge."""
    own = allowed_url("organiser.settling")
    lines = []
    for place, panel in waiting_panels(competition):
        what = _("“%(module)s”的裁判分工等裁判长点头", module=module_title(*place))
        at = {"code": competition.code, "module": module_key(*place)}
        url = own or allowed_url("organiser.seating", **at)
        second = told_second([panels_word(competition, panel).why_not(current_user)])
        lines.append(_line("people", what, url, second, who=asker_name(panel)))
    return lines


def who_can(words: Collection[SecondWord]) -> tuple[str, str]:
    """Return the button's text beside acts that wait for these, and who could agree instead.

    The words are those that the acts themselves require: no button leads to where there is none.
    """
    # Who began twenty of them is asked about once.
    different = {(word.first, word.right, word.grave): word for word in words}
    return told_second([word.why_not(current_user) for word in different.values()])


def told_second(whys: Collection[Message | None]) -> tuple[str, str]:
    """Return the same from the known reasons of each: why this person cannot; None: can."""
    barred = [why for why in whys if why is not None]
    if len(barred) < len(whys) or not barred:
        return _("去同意"), ""
    return _("去看"), say(barred[0])


def blocker_detail(competition: Competition, blocker: Blocker) -> str:
    """Describe a blocker; of waiting penalties and outcomes, also who could confirm them."""
    others = who_confirms(competition) if blocker.kind == "decision" else ""
    return _("；").join(filter(None, (say(blocker.detail), others)))


def who_confirms(competition: Competition) -> str:
    """Name those who could confirm waiting penalties and outcomes; empty if the viewer can."""
    # What bars somebody is who proposed: one of each is enough.
    waiting = {
        row.proposed_by: row
        for row in decisions_of(competition)
        if row.state is DecisionState.PROPOSED
    }
    return told_second([decision_word(row).why_not(current_user) for row in waiting.values()])[1]


def rule_change_note(change: RuleChange) -> str:
    """Name those who could agree in the vacant seats; empty if the viewer can take one."""
    seats = [seat for seat in seats_of(change, current_user) if seat.agreed is None]
    if any(seat.open for seat in seats):
        return ""
    return _("；").join(
        say(seat.why_not)
        if seat.vacant
        else _("%(seat)s：%(why)s", seat=say(SEAT_WORDS[seat.seat]), why=say(seat.why_not))
        for seat in seats
        if seat.why_not is not None
    )


def _waits(
    icon: str,
    what: str,
    words: Collection[SecondWord],
    url: str | None,
    *,
    why: str = "",
    who: str = "",
) -> list[Missing]:
    """Describe a waiting act, with who could agree; none if nothing waits."""
    if not words:
        return []
    return [_line(icon, what, url, who_can(words), why=why, who=who)]


def _line(
    icon: str, what: str, url: str | None, second: tuple[str, str], *, why: str = "", who: str = ""
) -> Missing:
    """Describe a waiting act, with what is `told` of who could agree (`told_second`)."""
    label, others = second
    reason = _("理由：%(why)s", why=why) if why else ""
    detail = _("；").join(filter(None, (reason, others)))
    return Missing(icon, what, detail, url, who, label=label, mine=not others)


def _terms(competition: Competition) -> list[Missing]:
    """List asked changes of terms: less time to object, earlier certificates."""
    asked, card = waiting_terms(competition), asked_terms_card(competition)
    if asked is None or card is None:
        return []
    # Beside the results, where there is an event; else where appeals are set.
    page = "organiser.results" if competition.events else "organiser.appeals"
    what = _("等第二个人同意：%(what)s", what=_("；").join(card.what))
    url = allowed_url(page, code=competition.code)
    details = {"why": asked.why, "who": asked.by.name}
    return _waits("clock", what, [terms_word(competition)], url, **details)


def _stages(competition: Competition) -> Iterator[Missing]:
    """Others go on to a stage that has marks: the second of two looks at who."""
    if not settings_of(competition).asked_stages:
        return
    for stage in next_stages(competition):
        asked = asked_stage(competition, stage)
        if asked is None:
            continue
        what = _("“%(stage)s”按新的名单评，等第二个人同意", stage=stage.name)
        at = {"code": competition.code, "event": stage.event}
        url = allowed_url("organiser.confirm_stage", **at)
        word = stage_word(competition, asked)
        yield from _waits("people", what, [word], url, why=asked.why)


def _early(competition: Competition) -> Iterator[Missing]:
    """List the results that somebody wants final before the notice has ended."""
    for stand in stands_of(competition).values():
        if stand.asked_by is None:
            continue
        what = _("“%(event)s”提前定为最终成绩，等第二个人同意", event=stand.name)
        url = allowed_url("organiser.results", event=stand.event)
        details = {"why": stand.asked_why, "who": stand.asked_name}
        word = final_word(competition, stand.asked_by)
        yield from _waits("clock", what, [word], url, **details)


def _waiting_keeps(competition: Competition) -> list[Missing]:
    """List what is to stay as it is though a new version says otherwise."""
    rows = consequences_of(competition)
    words = [keep_word(row) for row in rows if row.state is ConsequenceState.KEEPING]
    what = _("保留原来的 %(n)s 件，等第二个人同意", n=len(words))
    url = url_for("organiser.consequences")
    return _waits("copy", what, words, url)


def _revocations(competition: Competition) -> list[Missing]:
    """List certificates to be made void, or given again; until then they are as they are."""
    rows = open_revocations(competition)
    url = url_for("organiser.consequences")
    void, again = (
        [revocation_word(row) for row in rows if row.again is wanted] for wanted in (False, True)
    )
    text = _("%(n)s 张证书等第二个人同意撤销", n=len(void))
    anew = _("%(n)s 张撤销了的证书等第二个人同意重新发", n=len(again))
    return [
        *_waits("ban", text, void, url),
        *_waits("copy", anew, again, url),
    ]


def _by_hand(competition: Competition) -> list[Missing]:
    """Awards given by hand, taken back or put right."""
    rows = [
        row
        for row in distinctions_of(competition)
        if row.state in (DistinctionState.PROPOSED, DistinctionState.RECALLING)
        or row.new_name is not None
    ]
    if not rows:
        return []
    what = _("等第二个人同意的评选奖项：%(n)s", n=len(rows))
    different = {(proposer_of(row), row.judge_id): row for row in rows}
    second = told_second([why_not_agree_on(row, current_user) for row in different.values()])
    return [_line("half-circle", what, url_for("organiser.distinctions"), second)]


def _corrections(competition: Competition) -> Iterator[Missing]:
    """Corrections of a period that is closed."""
    for row in corrections_of(competition):
        if row.state is not CorrectionState.ASKED:
            continue
        what = _("“%(unit)s”的一处更正等第二个人同意", unit=row.unit.name)
        month = url_for("organiser.month", period=row.period)
        details = {"why": row.reason, "who": row.asker.name}
        url = f"{month}#correction-{row.id}"
        yield from _waits("copy", what, [correction_word(competition, row)], url, **details)


def _labour_rules(competition: Competition) -> list[Missing]:
    """A change of the rules that months were counted by."""
    change = waiting_rules(competition)
    if change is None:
        return []
    what, details = (
        _("改竞赛规则，等第二个人同意"),
        {"why": change.reason, "who": change.asker.name},
    )
    url = url_for("organiser.rule_change", number=change.id)
    return _waits("file", what, [rules_word(change)], url, **details)


def describe_unapproved(competition: Competition, waiting: int) -> Iterator[Missing]:
    """List honours that wait for another body's approval, or for somebody to say whose they are.

    To who sees to them, and to all where one waits for a second person: then with who could agree.
    """
    if not waiting:
        return
    asked, mine = words_on_own(competition), may_do(Right.DECIDE_AWARDS)
    if mine or asked:
        others = who_can(asked)[1] if asked else ""
        detail = _("；").join(filter(None, (_("核准文件录入以后才发证"), others)))
        what, url = _("等核准的荣誉：%(n)s", n=waiting), url_for("organiser.honours")
        yield Missing("half-circle", what, detail, url, mine=mine)
