"""Reported accidents, as the desk's page shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flask import url_for
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.accident_states import AccidentState
from compete.domain.values.numerals import plain
from compete.domain.values.period_states import CorrectionKind
from compete.domain.values.rights import Right
from compete.models import Competition, LabourAccident
from compete.services.accounts.second_persons import SecondWord
from compete.services.kernel.event_rules import labour_of
from compete.services.kernel.text_limits import LONGEST_REASON, too_long
from compete.services.labour.accidents import accidents_of, correction_of
from compete.web import guard
from compete.web.language import say
from compete.web.organiser.accidents.shapes import AccidentCard, AccidentsPage
from compete.web.organiser.shapes import competition_link
from compete.web.shapes import Chip, Choice
from compete.web.templating import day, moment, state_word

_CHIPS = {
    AccidentState.REPORTED: ("warn", "clock"),
    AccidentState.CONFIRMED: ("bad", "warn"),
    AccidentState.REFUSED: ("", "undo"),
}


def _accident_chip(state: AccidentState) -> Chip:
    """How far a report is, in a coloured frame."""
    kind, icon = _CHIPS[state]
    return Chip(text=state_word(state), kind=kind, icon=icon)


def accidents_page(
    competition: Competition,
    typed_in: int | None = None,
    typed: Mapping[str, str] | None = None,
    problem: str | None = None,
) -> AccidentsPage:
    """All reports; with `typed_in` the form of that one as it was typed, and its `problem`."""
    reason = (typed or {}).get("reason", "").strip()
    long = too_long(reason, LONGEST_REASON) if len(reason) > LONGEST_REASON else None
    cards = [(row, _card(competition, row)) for row in accidents_of(competition)]
    return AccidentsPage(
        competition=competition_link(competition),
        back_url=url_for("organiser.labour", code=competition.code),
        book_url=url_for("organiser.accidents_book", code=competition.code) if cards else None,
        kinds=[
            Choice(value=CorrectionKind.VETO.value, label=_("一票否决")),
            Choice(value=CorrectionKind.ADJUSTMENT.value, label=_("扣分")),
        ],
        waiting=[card for row, card in cards if row.state is AccidentState.REPORTED],
        settled=[card for row, card in cards if row.state is not AccidentState.REPORTED],
        typed_in=typed_in,
        typed=dict(typed or {}),
        problem=problem if long is None else None,
        reason_problem=say(long) if long is not None else None,
    )


def _card(competition: Competition, row: LabourAccident) -> AccidentCard:
    names = {each.code: each.name for each in labour_of(competition).periods}
    code, waits = competition.code, row.state is AccidentState.REPORTED
    free = waits and row.correction_id is None and row.refused_by is None
    may_ask = free and guard.may_do(Right.PUBLISH)
    refusing = waits and row.refused_by is not None
    why_not = SecondWord(competition, row.refused_by).why_not(current_user) if refusing else None

    def url(endpoint: str) -> str:
        return url_for(f"organiser.{endpoint}", code=code, number=row.id)

    return AccidentCard(
        id=row.id,
        title=_(
            "%(unit)s %(day)s，%(period)s",
            unit=row.unit.name,
            day=day(row.happened, with_year=True),
            period=names.get(row.period, row.period),
        ),
        chip=_accident_chip(row.state),
        text=_("保存期到了，已经删除") if row.erased_at is not None else row.text or "",
        said=list(_said(row)),
        file_name=row.filename or "",
        file_url=url("accident_evidence") if row.document is not None else None,
        asked_url=url_for("organiser.month", code=code, period=row.period)
        if waits and row.correction_id is not None
        else None,
        confirm_url=url("confirm_accident_report") if may_ask else None,
        refuse_url=url("refuse_accident_report") if may_ask else None,
        agree_url=url("agree_accident") if refusing and why_not is None else None,
        drop_url=url("drop_accident") if refusing and guard.may_do(Right.PUBLISH) else None,
        why_not=say(why_not) if why_not is not None else None,
    )


def _said(row: LabourAccident) -> Iterator[str]:
    yield _("%(who)s %(at)s 报的", who=row.reporter.name, at=moment(row.reported_at))
    asked = correction_of(row)
    if asked is not None:
        what = (
            _("一票否决")
            if asked.kind is CorrectionKind.VETO
            else _("加减分 %(points)s", points=plain(asked.points or 0))
        )
        yield _(
            "%(who)s %(at)s 提出%(what)s：%(why)s",
            who=asked.asker.name,
            at=moment(asked.asked_at),
            what=what,
            why=asked.reason,
        )
    if row.refuser is not None:
        yield _(
            "%(who)s %(at)s 提出不算：%(why)s",
            who=row.refuser.name,
            at=moment(row.refused_at),
            why=row.refused_why or _("保存期到了，已经删除"),
        )
    if row.ender is not None:
        yield _("%(who)s %(at)s 同意", who=row.ender.name, at=moment(row.ended_at))
