"""Awards given by hand in words: the holder, the title, the giver, the certificate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.distinction_states import DistinctionKind, DistinctionState
from compete.domain.values.kinds import Kind
from compete.domain.values.messages import listed
from compete.domain.values.roles import ROLE_WORDS
from compete.domain.values.states import CertificateState, state_words
from compete.models import Account, Certificate, Competition, Distinction, Event, Publication
from compete.services.accounts.card_handlers import signed_as
from compete.services.certificates.nominated_awards import (
    certificates_of_distinctions,
    distinctions_of,
    why_not_agree_on,
)
from compete.services.kernel.competition_settings import DistinctionRule, distinction_rules_of
from compete.services.registration.eligibility import day_of
from compete.services.results.announced_periods import announced_labour, widest_period
from compete.services.results.approved_external_awards import (
    BY_HAND,
    HonourBook,
    distinction_prize,
    honour_book,
)
from compete.services.results.best_by_age import Contender, contenders
from compete.services.results.snapshots import latest_publication
from compete.web.language import say
from compete.web.organiser.awards.nominated.grounds import ground_notes
from compete.web.shapes import Choice
from compete.web.templating import day, moment

_D, _K = DistinctionState, DistinctionKind
_WAITING = (_D.PROPOSED, _D.RECALLING)
_ICONS = {
    _D.PROPOSED: "proposed",
    _D.GRANTED: "approved",
    _D.RECALLING: "review",
    _D.DROPPED: "refused",
    _D.RECALLED: "revoked",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One award of one holder, and what speaks against going on with it."""

    row: Distinction
    paper: Certificate | None
    state: str
    """The key of `state` in `_parts/states.html`."""
    word: str
    place: str
    """The place of its unit: before it is agreed, or if a veto came since."""
    barred: str
    """The words on the unit's veto in that version."""
    notes: Sequence[str]
    """Notes on who nominated and granted it, by which place, why it was taken back."""
    waits: bool
    """True if it waits for a second person."""
    out: bool
    """True if a valid certificate is out."""
    why_not: str | None
    """The reason the viewer is not that person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A person whom an award may be given to; `why_not`: others come first, a veto."""

    code: str
    name: str
    note: str
    why_not: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """The ranked people of one event who fit an award by age or gender."""

    event: Event
    candidates: Sequence[Candidate]
    unknown: str | None
    """The people of whom nobody knows whether it fits, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DistinctionCard:
    """A title: its possible holders, its holders, and the form that gives it."""

    mark: str
    rule: DistinctionRule
    asks: str
    given: Sequence[Given]
    waiting: int
    candidates: Sequence[Candidate]
    """Units or officials to tick."""
    units: Sequence[Choice]
    """The units, one of which is a coach's."""
    contests: Sequence[Contest]
    not_yet: str | None
    """Why nobody can be nominated yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """One title as the form about them asks for it."""

    title: str = ""
    kind: str = "unit"
    age_to: str = ""
    age_on: str = ""
    gender: str = ""
    places: str = "1"


def kind_words() -> dict[str, str]:
    """Return the words for an award's holders, by kind."""
    return {
        _K.UNIT: _("单位"),
        _K.OFFICIAL: _("裁判和工作人员"),
        _K.COACH: _("教练、领队"),
        _K.ENTRANT: _("选手"),
        _K.TEAM: _("班组"),
        _K.WORKER: _("个人"),
    }


def kinds_here(competition: Competition) -> dict[str, str]:
    """The same, of those that this sort of competition gives awards to."""
    labour = competition.kind == Kind.LABOUR
    return {
        key: word
        for key, word in kind_words().items()
        if key == _K.UNIT or (key in _K.of_labour()) is labour
    }


def gender_words() -> dict[str, str]:
    """Return the words for the holders of an award by gender."""
    return {"": _("不限"), "female": _("女"), "male": _("男")}


def distinction_cards(competition: Competition) -> list[DistinctionCard]:
    """Every title of the organiser's list, then those under which something was given before."""
    rows, papers = distinctions_of(competition), certificates_of_distinctions(competition)
    rules = list(distinction_rules_of(competition))
    known = {rule.title for rule in rules}
    for row in rows:
        if row.title not in known:
            known.add(row.title)
            rules.append(DistinctionRule(row.title, row.kind))
    current = {rule.title for rule in distinction_rules_of(competition)}
    publication, book = latest_publication(competition), honour_book(competition)
    places = _labour_places(competition)
    return [
        _card(
            competition,
            rule,
            [
                _given(competition, row, papers.get(row.id), book, places)
                for row in sorted(rows, key=_order)
                if row.title == rule.title
            ],
            sum(row.title == rule.title and row.state in _WAITING for row in rows),
            publication,
            number,
            still=rule.title in current,
        )
        for number, rule in enumerate(rules, 1)
    ]


def _order(row: Distinction) -> tuple[bool, bool, int]:
    """Sort key: what waits first, what is over last."""
    return row.state in (_D.DROPPED, _D.RECALLED), row.state not in _WAITING, row.id


def _card(
    competition: Competition,
    rule: DistinctionRule,
    given: list[Given],
    waiting: int,
    publication: Publication | None,
    number: int,
    *,
    still: bool,
) -> DistinctionCard:
    not_yet = None if still else _("这个奖项不再评了，评过的照样有效")
    if still and rule.kind is _K.ENTRANT and publication is None:
        not_yet = _("成绩公布以后才能评给选手")
    open_now = not_yet is None
    return DistinctionCard(
        mark=f"award-{number}",
        rule=rule,
        asks=_asks(competition, rule),
        given=given,
        waiting=waiting,
        candidates=_candidates(competition, rule) if open_now else [],
        units=[Choice(value=unit.code, label=unit.name) for unit in competition.units]
        if rule.kind in _K.named()
        else [],
        contests=_contests(competition, rule, publication)
        if open_now and rule.by_place and publication is not None
        else [],
        not_yet=not_yet,
    )


def _asks(competition: Competition, rule: DistinctionRule) -> str:
    """评给选手，不超过 35 周岁，每个赛项 1 名."""
    parts = [_("评给%(whom)s", whom=kind_words()[rule.kind])]
    if rule.age_to:
        on = rule.age_on or day_of(competition)
        parts.append(_("不超过 %(n)s 周岁（%(on)s）", n=rule.age_to, on=day(on, with_year=True)))
    if rule.gender:
        parts.append(gender_words()[rule.gender])
    if rule.by_place:
        parts.append(_("每个赛项里符合的前 %(n)s 名", n=rule.places))
    return say(listed(parts))


def _barred(row: Distinction) -> str:
    """Say what a veto of its unit means for an award: `propose_distinctions` may refuse it."""
    if row.kind is _K.UNIT:
        return _("被一票否决的，这一期不评优")
    return _("这是所在单位的，定以前想一想")


def _candidates(competition: Competition, rule: DistinctionRule) -> list[Candidate]:
    if rule.kind is _K.UNIT:
        places = _labour_places(competition)
        order = {code: place for place, code in enumerate(places)}
        return [
            Candidate(
                code=unit.code,
                name=unit.name,
                note=places[unit.code].words if unit.code in places else "",
                why_not=_("不评优") if unit.code in places and places[unit.code].vetoed else None,
            )
            for unit in sorted(competition.units, key=lambda unit: order.get(unit.code, len(order)))
        ]
    if rule.kind is not _K.OFFICIAL:
        return []
    return [
        Candidate(
            code=judge.code, name=judge.name, note=say(ROLE_WORDS[judge.role]) if judge.role else ""
        )
        for judge in competition.judges
    ]


@dataclass(frozen=True, slots=True)
class UnitPlace:
    """The place of a unit, in words; `vetoed`: it is barred from awards."""

    words: str
    vetoed: bool


def _labour_places(competition: Competition) -> dict[str, UnitPlace]:
    """Return the place of each unit of a labour competition by the version in force, by code.

    Groups one after another, the best first.
    """
    publication = latest_publication(competition)
    if competition.kind != Kind.LABOUR or publication is None:
        return {}
    live = announced_labour(publication)
    tree = live.outcome.field.tree
    period = widest_period(publication)
    if period is None:
        return {}
    found = {}
    for row in sorted(live.standings[period], key=lambda row: row.group or ""):
        said = [tree.periods[period].name, row.group or ""]
        if row.rank is not None:
            said.append(_("第 %(n)s 名", n=row.rank))
        said.append(_("一票否决") if row.vetoed else row.total or "")
        found[row.unit] = UnitPlace(" ".join(each for each in said if each), row.vetoed)
    return found


def _contests(
    competition: Competition, rule: DistinctionRule, publication: Publication
) -> list[Contest]:
    found = []
    for event in competition.events:
        fitting, unknown = contenders(event, rule, publication)
        # Who comes after the places is shown so far that a slip in somebody's age is seen.
        shown = [contender for contender in fitting if contender.place <= rule.places + 3]
        found.append(
            Contest(
                event=event,
                candidates=[_contender(contender, rule) for contender in shown],
                unknown=_("不知道出生日期或性别，没有算进来：%(names)s", names=say(listed(unknown)))
                if unknown
                else None,
            )
        )
    return found


def _contender(contender: Contender, rule: DistinctionRule) -> Candidate:
    facts = [_("第 %(n)s 名", n=contender.rank), contender.entrant.unit.name]
    if contender.age is not None:
        facts.insert(1, _("%(n)s 岁", n=contender.age))
    name = contender.member.name if contender.member is not None else contender.entrant.name
    return Candidate(
        code=contender.code,
        name=name,
        note=say(listed(facts)),
        why_not=_("在符合的人里排第 %(n)s", n=contender.place)
        if contender.place > rule.places
        else None,
    )


def _given(
    competition: Competition,
    row: Distinction,
    paper: Certificate | None,
    book: HonourBook,
    places: Mapping[str, UnitPlace],
) -> Given:
    waits = row.state in _WAITING or row.new_name is not None
    place = None
    if row.state in (_D.PROPOSED, _D.GRANTED):
        place = next((places.get(u.code) for u in competition.units if u.id == row.unit_id), None)
    if row.state is _D.GRANTED and place is not None and not place.vetoed:
        # Of what is given only what speaks against it since is told.
        place = None
    barred = why_not_agree_on(row, current_user) if waits else None
    out = paper is not None and paper.state is CertificateState.VALID
    state, word = _ICONS[row.state], say(state_words(row.state))
    if row.state is _D.GRANTED and out:
        state, word = "issued", _("已发证")
    elif row.state is _D.GRANTED and book.waits_by_hand(row):
        refused = book.word_on(BY_HAND, row.title, distinction_prize(row)) is not None
        state, word = ("refused", _("没有核准")) if refused else ("proposed", _("等核准"))
    return Given(
        row=row,
        paper=paper,
        state=state,
        word=word,
        place=place.words if place is not None else "",
        barred=_barred(row) if place is not None and place.vetoed else "",
        notes=[*_notes(row), *ground_notes(row, paper)],
        waits=waits,
        out=out,
        why_not=say(barred) if barred is not None else None,
    )


def _notes(row: Distinction) -> list[str]:
    notes = [_("%(who)s 提名，%(at)s", who=_who(row.proposer), at=moment(row.proposed_at))]
    if row.basis:
        notes.append(
            _(
                "%(event)s 第 %(n)s 名，按第 %(version)s 版",
                event=row.event.name if row.event else "",
                n=row.basis["rank"],
                version=row.basis["version"],
            )
        )
    if row.agreer is not None and row.agreed_at is not None:
        notes.append(_("%(who)s 同意，%(at)s", who=_who(row.agreer), at=moment(row.agreed_at)))
    if row.new_name is not None and row.asker is not None:
        notes.append(
            _(
                "%(who)s 提出更正成 %(name)s：%(why)s",
                who=_who(row.asker),
                name=row.new_name,
                why=row.asked_why,
            )
        )
    if row.state is _D.RECALLING and row.asker is not None:
        notes.append(_("%(who)s 提出收回：%(why)s", who=_who(row.asker), why=row.asked_why))
    if row.ender is not None and row.ended_at is not None:
        notes.append(
            _(
                "%(who)s，%(at)s：%(why)s",
                who=_who(row.ender),
                at=moment(row.ended_at),
                why=row.ended_why,
            )
        )
    return notes


def _who(account: Account) -> str:
    return say(signed_as(account))


def rule_rows(competition: Competition) -> list[RuleRow]:
    """The titles as the form asks for them, with two empty lines to add more."""
    return [
        RuleRow(
            title=rule.title,
            kind=rule.kind.value,
            age_to=str(rule.age_to or ""),
            age_on=rule.age_on.isoformat() if rule.age_on else "",
            gender=rule.gender,
            places=str(rule.places),
        )
        for rule in distinction_rules_of(competition)
    ] + [RuleRow(), RuleRow()]
