"""扣罚、缺考、退出、取消 in words: the proposal, the proposer, and where it counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask import url_for
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.bundle.event_types import Stage
from compete.domain.values.rights import Right
from compete.domain.values.states import CompetitionState, DecisionState
from compete.models import (
    Competition,
    Decision,
    Entrant,
    Event,
    LockEntry,
    OutcomeEntry,
    PenaltyEntry,
    Playoff,
)
from compete.services.accounts.access import may
from compete.services.accounts.card_handlers import signed_as
from compete.services.closing.penalties_and_outcomes import (
    decision_kind_word,
    decision_label,
    decision_word,
    withdrawal_word,
)
from compete.services.kernel.event_rules import attempt_of, module_title, modules_in, rules_of
from compete.services.sheets.absences import contradictions
from compete.services.sheets.blind_codes import are_codes_kept, is_coded
from compete.services.sheets.locks_in_force import is_locked, lock_over
from compete.web import guard
from compete.web.language import say
from compete.web.organiser.judging.progress.to_do import (
    late_sheet_words,
    locks_url,
    place_of,
)
from compete.web.organiser.shapes import Link
from compete.web.shapes import Choice
from compete.web.templating import moment
from compete.web.words import amount_words, ranked_here


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRow:
    """A decision, and what the reader may do with it."""

    row: Decision
    who: str
    what: str
    where: str
    """The module, or the stage."""
    has_photo: bool
    signed: Sequence[str]
    """Who proposed it, who confirmed it, who took it back and why, each with the time."""
    may_confirm: bool
    why_not: str | None
    """Why the reader cannot confirm what waits, and who can."""
    may_withdraw: bool
    outcome: int | None
    """The outcome's number, where it has one."""
    against: Sequence[str]
    """The sheets that came in after it, each in a sentence, until somebody decides."""
    may_keep: bool
    """True if the reader may keep it against them."""


def known_places(competition: Competition, locks: Sequence[LockEntry]) -> list[Choice]:
    """Every stage and module as a choice of the form; one that a lock covers whole says so."""
    whole = {place_of(lock) for lock in locks if lock.session is None}
    places = []
    for event in competition.events:
        for stage in rules_of(event).stages:
            for module in stage.modules:
                place = event.code, stage.code, module.code
                title = module_title(event, stage.code, module.code)
                places.append(
                    Choice(
                        value="|".join(place),
                        label=_("%(module)s（已锁定）", module=title) if place in whole else title,
                    )
                )
            places.append(
                Choice(
                    value=f"{event.code}|{stage.code}|",
                    label=_whole_stage(event, stage),
                )
            )
    return places


def locked_places(locks: Sequence[LockEntry]) -> list[Link]:
    """List the locked parts, before anybody fills the form in for them; each leads to its lock."""
    return [
        Link(
            label=" ".join(
                filter(None, (module_title(lock.event, lock.stage, lock.module), lock.session))
            ),
            url=locks_url(lock),
        )
        for lock in locks
    ]


def how_to_name(competition: Competition) -> str | None:
    """Say how to name a person in a blind event, and what to do if only the number is known."""
    if not any(is_coded(event) for event in competition.events):
        return None
    if guard.may_do(Right.SEE_BLIND):
        if any(are_codes_kept(event) for event in competition.events):
            return _("加密号由加密裁判保管的赛项写参赛号；裁判长确认时只看到加密号。")
        return _("盲评的赛项写加密号，或者写参赛号；记下以后只显示加密号，裁判长确认时看不到是谁。")
    return _(
        "盲评的赛项写评分表上的加密号。只知道参赛号、姓名或者工位的，告诉组委会："
        "组委会按参赛号提出，你在这里确认。"
    )


def effects_here(competition: Competition) -> list[str]:
    """List the effects of each kind of decision, in the order in which they are offered."""
    return [
        _("扣罚：扣分从模块成绩里减，最低到 0；罚时加到用时上。"),
        *(
            (
                _("缺考：记 0 分，没有总名次。"),
                *(
                    [_("几次里只缺一次：算放弃那次，那次计 0 分，照样排名。")]
                    if any(
                        attempt_of(rules_of(event), stage, module)
                        for event, stage, module in modules_in(competition)
                    )
                    else []
                ),
                _("中途退出：做了多少算多少，照样排名。"),
                _("取消成绩：不排名，后面的人往前递补。"),
            )
            if ranked_here()
            else (
                _("缺考：记 0 分，结论是缺考。"),
                _("中途退出：做了多少算多少，照样定合格、不合格。"),
                _("取消成绩：不定合格，结论是取消成绩。"),
            )
        ),
    ]


def why_closed(competition: Competition) -> str | None:
    """Say that nothing can be written down here any more, and who could change that."""
    if competition.state in (CompetitionState.REGISTERING, CompetitionState.JUDGING):
        return None
    if guard.may_do(Right.UNLOCK):
        return _("评分已经锁定，不能再记，也不能再改。要改先解锁。")
    return _("评分已经锁定，不能再记，也不能再改。要改先由组委会解锁。")


def way_to_open(competition: Competition) -> Link | None:
    """Link to open the marks again once they are locked, for whoever may."""
    if why_closed(competition) is None or not guard.may_do(Right.UNLOCK):
        return None
    return Link(label=_("去解锁"), url=url_for("organiser.overview", _anchor="unlock-why"))


def way_to_unlock(
    competition: Competition, entrant: Entrant, stage: str, module: str | None
) -> Link | None:
    """Link to the page on which two people open the module whose lock covers the entrant."""
    lock = lock_over(entrant, stage, module)
    return Link(label=_("去解锁"), url=locks_url(lock)) if lock else None


def is_alone(decision: Decision) -> bool:
    """True if it is an absence that one person typed alone, as no grade hangs on it."""
    return decision.confirmed_by == decision.proposed_by


def signed_words(row: Decision | Playoff) -> list[str]:
    """Say who proposed it, who confirmed it, and who took it back and why."""
    lines = []
    alone = isinstance(row, Decision) and is_alone(row)
    if row.proposer is not None:
        who, at = say(signed_as(row.proposer, row.proposed_at)), moment(row.proposed_at)
        lines.append(
            _("%(who)s %(at)s 记下，一个人记就生效", who=who, at=at)
            if alone
            else _("%(who)s %(at)s 提出", who=who, at=at)
        )
    if row.confirmer is not None and not alone:
        who, at = say(signed_as(row.confirmer, row.confirmed_at)), moment(row.confirmed_at)
        lines.append(_("%(who)s %(at)s 确认", who=who, at=at))
    if row.waits_to_end and row.ender is not None:
        who, why = row.ender.name, row.ended_why or ""
        lines.append(_("%(who)s提出撤回，等另一个人同意：%(why)s", who=who, why=why))
    elif row.ender is not None:
        who, at, why = row.ender.name, moment(row.ended_at), row.ended_why or ""
        lines.append(_("%(who)s %(at)s 撤回：%(why)s", who=who, at=at, why=why))
    return lines


def decision_row(
    decision: Decision,
    judging: bool,
    photo: bool,
    locks: Sequence[LockEntry],
    late: Mapping[int, Sequence[str]],
) -> DecisionRow:
    """Describe one decision: what, whom, why, whose, and what the reader may do with it."""
    place = decision.entrant, decision.stage, decision.module
    waits = decision.state is DecisionState.PROPOSED
    # Under a lock nothing of it may change; asked for one by one only where any lock stands.
    locked = judging and decision.ended_at is None and bool(locks) and is_locked(*place)
    open_here = judging and not locked
    second = decision_word(decision) if waits else None
    if decision.waits_to_end and decision.ended_by != current_user.id:
        second = withdrawal_word(decision)
    against = late.get(decision.outcome_id or 0, ())
    why_not = second.why_not(current_user) if second is not None and open_here else None
    return DecisionRow(
        row=decision,
        who=_proposer_label(decision),
        what=_decision_words(decision, decision.kind, decision.points, decision.seconds),
        where=_place_words(decision),
        has_photo=photo,
        signed=signed_words(decision),
        may_confirm=second is not None and open_here and why_not is None,
        why_not=_("评分已经锁定，先解锁才能确认或撤回")
        if locked
        else say(why_not)
        if why_not is not None
        else None,
        may_withdraw=decision.ended_at is None and open_here and guard.may_do(Right.LEAD),
        outcome=decision.outcome_id,
        against=against,
        may_keep=bool(against) and guard.may_do(Right.LEAD),
    )


def late_sheets(competition: Competition) -> dict[int, list[str]]:
    """List by the number of the outcome the sheets that came in after it, in sentences."""
    late: dict[int, list[str]] = {}
    for it in contradictions(competition):
        late.setdefault(it.outcome.id, []).append(late_sheet_words(it))
    return late


def loaded_row(entry: OutcomeEntry | PenaltyEntry) -> tuple[str, str, str, str]:
    """Who, what, where and why of an entry that came with the competition's file."""
    what = (
        _decision_words(entry, "penalty", entry.points, entry.seconds)
        if isinstance(entry, PenaltyEntry)
        else _decision_words(entry, entry.status, None, None)
    )
    return _person_label(entry.entrant), what, _place_words(entry), entry.reason or ""


def _proposer_label(decision: Decision) -> str:
    """Name the person as the proposer did, if coders keep the codes; the other name is hidden."""
    entrant = decision.entrant
    if not are_codes_kept(entrant.event):
        return _person_label(entrant)
    by_number = may(decision.proposer, entrant.competition, Right.SEE_BLIND)
    mine = by_number and guard.may_do(Right.SEE_BLIND)
    return f"#{decision.id} {entrant.code if mine else decision_label(entrant)}"


def _person_label(entrant: Entrant) -> str:
    return decision_label(entrant) if entrant.event.blind else f"{entrant.code} {entrant.name}"


def _decision_words(
    entry: Decision | OutcomeEntry | PenaltyEntry,
    kind: str,
    points: Decimal | None,
    seconds: Decimal | None,
) -> str:
    word = say(decision_kind_word(kind, entry.entrant, entry.stage, entry.module))
    return _("，").join([word, *amount_words(points, seconds)])


def _whole_stage(event: Event, stage: Stage) -> str:
    """Name the stage, with its event if there are several."""
    head = f"{event.name} " if len(event.competition.events) > 1 else ""
    return head + _("整个%(stage)s", stage=stage.name)


def _place_words(entry: Decision | OutcomeEntry | PenaltyEntry) -> str:
    event = entry.entrant.event
    for stage in rules_of(event).stages:
        if stage.code != entry.stage:
            continue
        if entry.module is None:
            return _whole_stage(event, stage)
        return module_title(event, entry.stage, entry.module)
    return entry.stage
