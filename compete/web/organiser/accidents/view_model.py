"""Reported accidents, as the desk's page shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from flask import render_template
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.accident_states import AccidentState
from compete.domain.values.numerals import plain
from compete.domain.values.period_states import CorrectionKind
from compete.models import Competition, LabourAccident
from compete.services.accounts.second_persons import SecondWord
from compete.services.kernel.event_rules import labour_of
from compete.services.kernel.text_limits import LONGEST_REASON, too_long
from compete.services.labour.accidents import accidents_of, correction_of
from compete.web.language import say
from compete.web.shapes import Choice
from compete.web.templating import day, moment


@dataclass(frozen=True, slots=True, kw_only=True)
class AccidentCard:
    """A report in words, and why who looks is no second person to its refusal."""

    row: LabourAccident
    title: str
    text: str
    said: Sequence[str]
    """Who reported it, what was asked for and by whom, what came of it, a line each."""
    why_not: str | None


def accidents_page(
    competition: Competition,
    typed_in: int | None = None,
    typed: Mapping[str, str] = MappingProxyType({}),
    problem: str | None = None,
) -> str:
    """All reports; with `typed_in` the form of that one as it was typed, and its `problem`."""
    reason = typed.get("reason", "").strip()
    long = too_long(reason, LONGEST_REASON) if len(reason) > LONGEST_REASON else None
    cards = accident_cards(competition)
    return render_template(
        "organiser/accidents/accidents.html",
        competition=competition,
        kinds=[
            Choice(value=CorrectionKind.VETO.value, label=_("一票否决")),
            Choice(value=CorrectionKind.ADJUSTMENT.value, label=_("扣分")),
        ],
        waiting=[card for card in cards if card.row.state is AccidentState.REPORTED],
        settled=[card for card in cards if card.row.state is not AccidentState.REPORTED],
        typed_in=typed_in,
        typed=typed,
        problem=problem if long is None else None,
        reason_problem=say(long) if long is not None else None,
    )


def accident_cards(competition: Competition) -> list[AccidentCard]:
    """All reports, those that wait first."""
    cards = [_card(competition, row) for row in accidents_of(competition)]
    return sorted(cards, key=lambda card: card.row.state is not AccidentState.REPORTED)


def _card(competition: Competition, row: LabourAccident) -> AccidentCard:
    names = {each.code: each.name for each in labour_of(competition).periods}
    refusing = row.state is AccidentState.REPORTED and row.refused_by is not None
    why_not = SecondWord(competition, row.refused_by).why_not(current_user) if refusing else None
    return AccidentCard(
        row=row,
        title=_(
            "%(unit)s %(day)s，%(period)s",
            unit=row.unit.name,
            day=day(row.happened, with_year=True),
            period=names.get(row.period, row.period),
        ),
        text=_("保存期到了，已经删除") if row.erased_at is not None else row.text or "",
        said=list(_said(row)),
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
