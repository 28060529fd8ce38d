"""The state of an event's results in words: where it is, what is missing, who moved it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import render_template
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.states import CompetitionState, ResultState, state_words
from compete.models import Competition, Event, Publication
from compete.services.awards.issuing_gate import awards_at_once
from compete.services.closing.blockers import Blocker
from compete.services.closing.results_verification import check_blockers
from compete.services.kernel.clock import local_time, local_today
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refused
from compete.services.kernel.working_calendar import working_days
from compete.services.results.result_moves import (
    Extension,
    asked_mark,
    final_blockers,
    final_word,
    opened_again,
    waits_to_settle,
)
from compete.services.results.result_stands import Stand, moves_of, stand_of
from compete.services.scoring.live import live_results
from compete.web.calendar_words import calendar_doubt
from compete.web.guard import allowed_url
from compete.web.language import say
from compete.web.organiser.asked_cards import asked_cards
from compete.web.organiser.last_look import Fact, make_fact
from compete.web.organiser.log.record_words import record_text
from compete.web.organiser.results.blocker_pages import blocker_url
from compete.web.organiser.results.confirmation.view_model import paper_facts
from compete.web.organiser.shapes import link_to
from compete.web.refusals import problem_of
from compete.web.setting_forms import act_form
from compete.web.shapes import Chip
from compete.web.shown_standings import AWARDS, own_page, shown_events
from compete.web.state_chips import stand_chip
from compete.web.templating import day, day_of_week, moment


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeDays:
    """The days of the notice as they are counted."""

    span: str
    counted: Sequence[str]
    skipped: str
    """Days within it that do not count, or empty."""
    doubt: str
    """The years whose holidays are not known, or empty."""


_R = ResultState
_ORDER = (_R.PROVISIONAL, _R.CHECKED, _R.NOTICE, _R.FINAL, _R.CORRECTED)


def describe_results(competition: Competition, event: Event, refused: Refused | None = None) -> str:
    """The page of one event."""
    stand, publication = stand_of(event), latest_publication(competition)
    shown = shown_events(competition)
    blockers = _blockers(competition, event, stand)
    lead, text = _lead(competition, stand, blockers)
    return render_template(
        "organiser/results/results.html",
        event=event,
        chips=_chips(stand, publication),
        steps=_steps(event, stand, publication),
        lead=lead,
        lead_text=text,
        missing=[
            *(_blocker_fact(competition, blocker) for blocker in blockers),
            *paper_facts(competition),
        ],
        notice=_notice(stand),
        stand=stand,
        asked_mark=asked_mark(stand),
        agree_why_not=_why_not_agree(competition, stand),
        asked=asked_cards(competition),
        open_acts=_open_acts(competition, stand, blockers),
        history=[
            (moment(entry.at), record_text(entry, {event.code: event.name}))
            for entry in moves_of(event)
        ],
        version=publication.version if publication else None,
        shown=event in shown,
        whole=publication is not None and len(shown) == len(competition.events),
        extension=act_form(Extension, refused, at="extend"),
        problem=problem_of(refused),
    )


def _blockers(competition: Competition, event: Event, stand: Stand) -> list[Blocker]:
    if stand.stands and not _settles(competition, stand):
        return opened_again(competition)
    if stand.is_announced:
        return final_blockers(event)
    return check_blockers(competition, live_results(competition).results)


def _settles(competition: Competition, stand: Stand) -> bool:
    """True if it stands corrected while an appeal, or the time for one, kept all from it."""
    return stand.state is _R.CORRECTED and waits_to_settle(competition)


def _chips(stand: Stand, publication: Publication | None) -> list[Chip]:
    chips = [stand_chip(stand)]
    if stand.runs and stand.last_day is not None:
        left = len(working_days().between(local_today() + timedelta(days=1), stand.last_day))
        chips.append(Chip(text=_("还有 %(n)s 个工作日", n=left) if left else _("今天是最后一天"),
                          kind=""))  # fmt: skip
    if publication is not None:
        chips.append(Chip(text=_("第 %(n)s 版", n=publication.version), kind=""))
    return chips


def _has_notice(competition: Competition, stand: Stand) -> bool:
    """True if it becomes final by the end of a notice: of its own, or of the one to come."""
    if _ORDER.index(stand.state) < _ORDER.index(_R.NOTICE):
        return settings_of(competition).notice_days > 0
    return stand.notice_until is not None


def _steps(
    event: Event, stand: Stand, publication: Publication | None
) -> list[tuple[str, str, str]]:
    at = _ORDER.index(stand.state)
    since = moment(stand.changed_at) if stand.changed_at else ""
    notes = {
        _R.PROVISIONAL: _("还会变，只有工作人员看得到"),
        _R.CHECKED: _("规则要的签名、复核和争议都办完了"),
        # Days of a notice that was taken back are no longer to come.
        _R.NOTICE: (_span(stand) if stand.is_announced else "") or _without_days(event, stand),
        _R.FINAL: _("公示期满，申诉都答复了")
        if _has_notice(event.competition, stand)
        else _("过了申诉时间，申诉都答复了"),
        _R.CORRECTED: _("定了以后又改，出新的一版"),
    }
    if publication is not None and stand.state is _R.CORRECTED:
        notes[_R.CORRECTED] = _("第 %(n)s 版", n=publication.version)
    if since:
        notes[stand.state] = since if stand.state is not _R.NOTICE else _span(stand)
    return [
        (
            say(state_words(state)),
            ("done", "now", "later")[(_ORDER.index(state) >= at) + (_ORDER.index(state) > at)],
            notes[state],
        )
        for state in _ORDER
        # Few are ever corrected: it is a step where there is one.
        if state is not _R.CORRECTED or stand.state is _R.CORRECTED
    ]


def _lead(competition: Competition, stand: Stand, blockers: list[Blocker]) -> tuple[str, str]:
    """The next move, and what it does."""
    at_once = {event.code for event in competition.events if awards_at_once(event)}
    certificates = (
        _("获奖证书现在就能发。")
        if stand.event in at_once and not competition_kind(competition).gives_verdicts
        else _("定下来以前就能发证，要写理由。")
        if settings_of(competition).certify_early
        else _("定了以后才能发证书。")
    )
    if _settles(competition, stand) and stand.stands:
        if any(blocker.kind == "appeals" for blocker in blockers):
            return _("申诉了结以后定为最终成绩"), _("更正的一版不用再公示，有申诉时要等了结。")
        if blockers:
            return _("过了申诉时间定为最终成绩"), _("更正的一版不用再公示，有疑问的还可以申诉。")
        return _("可以定为最终成绩"), _("更正的一版不用再公示，申诉时间过了，申诉也都了结了。")
    if stand.stands and blockers:
        return _("评分解锁过，对外的还是公布的那一版"), _("改好再锁定、再公布，就是更正的一版。")
    if stand.stands:
        return _("不用再办"), _("发现错了，解锁评分，改好再公布，就是更正的一版。")
    if stand.is_announced:
        if not blockers:
            if stand.notice_until is None:
                return _("申诉时间过了，可以定为最终成绩"), certificates
            return _("公示期满，可以定为最终成绩"), certificates
        if stand.runs:
            day_of = day(stand.last_day)
            return _("公示到 %(day)s，期满以后定为最终成绩", day=day_of), certificates
        return _("还不能定为最终成绩"), certificates
    if competition.state in (CompetitionState.REGISTERING, CompetitionState.JUDGING):
        return _("评分锁定以后核对成绩"), _("核对好才能公布。")
    if _shut(competition, stand):
        return _("要重新公布，先解锁评分"), _(
            "改好以后锁定，就能公布新的一版，重新公示。没有要改的也这样办。"
        )
    if blockers:
        return _("办完下面的，才能核对、公布"), ""
    if stand.state is _R.CHECKED:
        return _("核对好了，可以公布"), _("公示从公布后的第一个工作日算起。")
    return _("核对成绩"), (
        _("看过名次、奖项和拟晋升，没有不对的，就按“核对无误”。直接公布也算核对过。")
        if not competition_kind(competition).gives_verdicts
        else _("看过合格、不合格，没有不对的，就按“核对无误”。直接公布也算核对过。")
    )


def _shut(competition: Competition, stand: Stand) -> bool:
    """True if the notice was taken back, and nothing can be announced before marks are opened."""
    announced = (CompetitionState.NOTICE, CompetitionState.FINAL)
    return stand.withdrawn_why is not None and competition.state in announced


def _blocker_fact(competition: Competition, blocker: Blocker) -> Fact:
    code = competition.code
    pages = {
        "lock": ("organiser.overview", _("去看")),
        "publish": (own_page(competition, AWARDS), _("去公布")),
        "appeals": ("organiser.appeals", _("去看")),
        "notice": None,
        "window": None,
    }
    page = pages.get(blocker.kind, ("", _("去看")))
    link = None
    if page is not None:
        url = allowed_url(page[0], code=code) if page[0] else blocker_url(competition, blocker.kind)
        link = link_to(page[1], url)
    return make_fact(say(blocker.what), blocker.detail, link)


def _without_days(event: Event, stand: Stand) -> str:
    """Explain a notice without days: it is to come, none was wanted, or it was ended early."""
    if _ORDER.index(stand.state) <= _ORDER.index(_R.NOTICE):
        return _("公布成绩后开始")
    moves = (entry.action for entry in moves_of(event) if entry.action != "results.publish")
    if next(moves, "") == "results.final_early":
        return _("两个人同意不等公示，提前定了")
    return _("不公示")


def _span(stand: Stand) -> str:
    first, last = stand.notice_from, stand.last_day
    if first is None or last is None:
        return ""
    if first == last:
        return day(first)
    return _("%(first)s 至 %(last)s", first=day(first), last=day(last))


def _notice(stand: Stand) -> NoticeDays | None:
    """The days of the notice, and which of them count."""
    first, last = stand.notice_from, stand.last_day
    if first is None or last is None or not (stand.is_announced):
        return None
    calendar = working_days()
    counted = calendar.between(first, last)
    posted = local_time(stand.changed_at).date() if stand.changed_at else first
    skipped = [when for when in _days(min(posted + timedelta(days=1), first), last)
               if when not in counted]  # fmt: skip
    return NoticeDays(
        span=_("%(span)s，%(n)s 个工作日", span=_span(stand), n=len(counted)),
        counted=[day_of_week(when) for when in counted],
        skipped=_("不上班、不算的：%(days)s", days=_("、").join(day(when) for when in skipped))
        if skipped
        else "",
        doubt=calendar_doubt(first, last),
    )


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _why_not_agree(competition: Competition, stand: Stand) -> str | None:
    """Say why the viewer may not agree to end the notice, where somebody asked for it."""
    if stand.asked_by is None:
        return None
    return say(final_word(competition, stand.asked_by).why_not(current_user))


def _open_acts(competition: Competition, stand: Stand, blockers: list[Blocker]) -> set[str]:
    """Return the acts that are possible now."""
    if stand.stands:
        return {"final"} if _settles(competition, stand) and not blockers else set()
    if stand.is_announced:
        only_days = bool(blockers) and all(blocker.kind == "notice" for blocker in blockers)
        acts = {"extend", "withdraw"} | ({"final"} if not blockers else set())
        return acts | ({"early"} if only_days and stand.asked_by is None else set())
    if _shut(competition, stand):
        return {"unlock"}
    if blockers:
        return set()
    acts = {"check"} if stand.state is _R.PROVISIONAL else set()
    return acts | ({"publish"} if competition.state is CompetitionState.LOCKED else set())
