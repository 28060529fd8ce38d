"""Awards that are given by hand: one nominates with a reason, a second person grants.

What titles there are, and for whom, is the organiser's list (`DistinctionRule`). Units, officials
and coaches are chosen freely; an award by age or gender goes to the best whom it fits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from compete.domain.identity.names import same_name_key
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.distinction_states import (
    DISTINCTION_MOVES,
    DistinctionKind,
    DistinctionState,
)
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import CertificateState, move
from compete.models import (
    Account,
    Certificate,
    Competition,
    Distinction,
    Entrant,
    Event,
    Member,
    Membership,
    Unit,
    db,
    utc_now,
)
from compete.services.accounts.second_persons import SecondWord, asked_word, is_linked
from compete.services.awards.holders import whose
from compete.services.kernel import audit
from compete.services.kernel.competition_settings import (
    DistinctionRule,
    change_settings,
    distinction_rules_of,
)
from compete.services.kernel.kinds_with_results import require_results
from compete.services.kernel.participants import takes_part
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.text_limits import check_name, check_text, reason_text
from compete.services.kernel.transactions import changing, claimed, for_update, unit_of_work
from compete.services.registration.eligibility import day_of
from compete.services.results.best_by_age import contenders
from compete.services.results.labour_grounds import vetoed_period
from compete.services.results.snapshots import read_snapshot
from compete.services.results.table_grounds import rests_on_table, table_basis

_LACKING = {
    DistinctionKind.COACH: (msg("要写教练或领队的姓名"), msg("要选教练或领队的单位")),
    DistinctionKind.TEAM: (msg("要写班组的名称"), msg("要选班组的单位")),
    DistinctionKind.WORKER: (msg("要写姓名"), msg("要选这个人的单位")),
}
"""The words, by kind of holder given by name, where the name or the unit is lacking."""


@dataclass(frozen=True, slots=True)
class Nominee:
    """A nominee: a row of the competition by its code, or a name and unit.

    `full_name`: an official, a coach or a unit's worker agreed to be named in full.
    """

    code: str = ""
    name: str = ""
    unit: str = ""
    full_name: bool = False


def _holder_row(competition: Competition, rule: DistinctionRule, nominee: Nominee) -> Distinction:
    """A row that says whose it is, and nothing more yet."""
    gone = Refused(msg("名单刚变过，请刷新后再选"))
    if rule.kind is DistinctionKind.UNIT:
        unit = next((u for u in competition.units if u.code == nominee.code), None)
        if unit is None:
            raise gone
        return Distinction(unit=unit, holder=f"unit:{unit.id}")
    if rule.kind is DistinctionKind.OFFICIAL:
        judge = next((j for j in competition.judges if j.code == nominee.code), None)
        if judge is None:
            raise gone
        return Distinction(
            judge=judge,
            unit_id=judge.unit_id,
            holder=f"judge:{judge.id}",
            full_name=nominee.full_name,
        )
    if rule.kind in _LACKING:
        no_name, no_unit = _LACKING[rule.kind]
        name = " ".join(nominee.name.split())
        check_name(name)
        if not name:
            raise invalid(no_name)
        unit = next((u for u in competition.units if u.code == nominee.unit), None)
        if unit is None:
            raise invalid(no_unit)
        key = named_holder(rule.kind, unit, name)
        return Distinction(unit=unit, name=name, holder=key, full_name=nominee.full_name)
    person = _person(competition, nominee.code)
    if person is None:
        raise gone
    entrant, member = person
    return Distinction(
        entrant=entrant, member=member, event_id=entrant.event_id, holder=whose(member or entrant)
    )


def _person(competition: Competition, code: str) -> tuple[Entrant, Member | None] | None:
    entrant = db.session.scalar(
        select(Entrant).where(
            Entrant.competition_id == competition.id, Entrant.code == code, takes_part()
        )
    )
    if entrant is not None:
        return (entrant, None) if entrant.erased_at is None else None
    member = db.session.scalar(
        select(Member)
        .join(Entrant, Entrant.id == Member.entrant_id)
        .where(Member.competition_id == competition.id, Member.code == code, takes_part())
    )
    return (member.entrant, member) if member is not None and member.erased_at is None else None


def named_holder(kind: DistinctionKind, unit: Unit, name: str) -> str:
    """The `Distinction.holder` of who is known by name and unit alone."""
    return f"{kind.value}:{unit.id}:{same_name_key(name)}"


def told_of(row: Distinction) -> str:
    """The holder as the chain tells it: by number where there is one, so no name is kept there."""
    if row.kind is DistinctionKind.WORKER and row.unit is not None:
        return f"{row.unit.code}-{row.id}"
    if row.name is not None:
        return row.called
    holder = row.member or row.entrant or row.judge or row.unit
    assert holder is not None
    return holder.code


_D = DistinctionState
_OWN = msg("这是评给你自己的，请另一位来同意")


def distinctions_of(competition: Competition) -> Sequence[Distinction]:
    """List every one that was ever nominated, in that order."""
    return db.session.scalars(
        select(Distinction)
        .where(Distinction.competition_id == competition.id)
        .options(
            joinedload(Distinction.unit),
            joinedload(Distinction.judge),
            joinedload(Distinction.entrant).joinedload(Entrant.unit),
            joinedload(Distinction.member),
            joinedload(Distinction.event),
        )
        .order_by(Distinction.id)
    ).all()


def certificates_of_distinctions(competition: Competition) -> dict[int, Certificate]:
    """The newest certificate of each, by its id."""
    rows = db.session.scalars(
        select(Certificate)
        .where(
            Certificate.competition_id == competition.id, Certificate.distinction_id.is_not(None)
        )
        .order_by(Certificate.id)
    )
    return {row.distinction_id: row for row in rows if row.distinction_id is not None}


def propose_distinctions(
    competition: Competition,
    title: str,
    nominees: Sequence[Nominee],
    reason: str,
    by: Account,
    *,
    event: Event | None = None,
    table: str = "",
) -> list[Distinction]:
    """Nominate these for one award, all or none; each waits for a second person.

    `event` is that of an award by age or gender, `table` the table over several events by whose
    places units get it. Raises `Refused`: INVALID without a reason or
    anybody, or for a name that is missing; CONFLICT for who has it already, is not on the list,
    was struck out, is a vetoed unit, or has others before them.
    """
    require_results(competition)
    reason = reason_text(reason, msg("评定要写理由"))
    if not nominees:
        raise invalid(msg("还没选评给谁"))
    with unit_of_work() as session:
        competition = for_update(competition)
        rule = _rule(competition, title)
        made = []
        for nominee in nominees:
            row = _holder_row(competition, rule, nominee)
            row.competition, row.title, row.kind = competition, rule.title, rule.kind
            row.reason, row.proposed_by = reason, by.id
            if rule.by_place:
                if event is None or row.event_id != event.id:
                    raise Refused(msg("名单刚变过，请刷新后再选"))
                row.basis = _basis(row, event, rule)
            elif table:
                row.basis = _table_basis(row, table)
            else:
                _check_not_struck(row)
                _check_not_vetoed(row)
            if standing_awards(row, row.holder):
                raise Refused(msg("%(name)s 已经有“%(title)s”了", name=row.called, title=title))
            session.add(row)
            session.flush()
            details = {"kind": row.kind.value, **_place(row)}
            note_distinction(row, by, "distinction.propose", reason, **details)
            made.append(row)
    return made


def standing_awards(row: Distinction, holder: str) -> frozenset[int]:
    """The rows of awards of the same title that stand under the holder."""
    standing = select(Distinction.id).where(
        Distinction.competition_id == row.competition.id,
        Distinction.title == row.title,
        Distinction.holder == holder,
        Distinction.state.in_(DistinctionState.standing()),
    )
    return frozenset(db.session.scalars(standing))


def agree_distinction(row: Distinction, by: Account) -> None:
    """The second person's word: it is granted, or taken back where that was asked.

    Raises `Refused` for the first one's own word, where others have the places by now, and for a
    unit that is vetoed by now.
    """
    with unit_of_work():
        row, competition = claimed(row)
        if row.state not in (_D.PROPOSED, _D.RECALLING):
            raise Refused(msg("没有等着同意的，请刷新"))
        first = _proposer_of(row)
        if is_own(row, by) and by.id != first:
            raise Refused(_OWN)
        award_word(row).require(by)
        if row.state is _D.RECALLING:
            why = row.asked_why or ""
            _end(row, _D.RECALLED, why, by, "distinction.recall")
            return
        if row.basis is not None and row.event is not None:
            row.basis = _basis(row, row.event, _rule(competition, row.title))
        elif row.basis is not None and rests_on_table(row):
            row.basis = _table_basis(row, row.basis["table"], row.basis["rank"])
        else:
            _check_not_struck(row)
            _check_not_vetoed(row)
        row.state = move(row.state, _D.GRANTED, DISTINCTION_MOVES)
        row.agreed_by, row.agreed_at = by.id, utc_now()
        note_distinction(row, by, "distinction.grant", row.reason, **_place(row))


def _proposer_of(row: Distinction) -> int | None:
    """The account that nominated, or wants it taken back or put right; None if there is none."""
    return row.proposed_by if row.state is _D.PROPOSED else row.asked_by


def is_own(row: Distinction, by: Account) -> bool:
    """True if an official's award is the account's own, which then has no say in it."""
    return row.judge_id is not None and any(
        part.competition_id == row.competition_id and part.judge_id == row.judge_id
        for part in by.memberships
    )


def why_not_agree_on(row: Distinction, by: Account) -> Message | None:
    """Say why the second word is not this person's, and whose it may be; None: it is."""
    why = award_word(row).why_not(by)
    return _OWN if why is None and is_own(row, by) else why


def award_word(row: Distinction) -> SecondWord:
    """The conditions of the second word on it: an official has none on their own award."""
    competition = row.competition
    whose: list[int] = []
    if row.judge_id is not None:
        own = (Membership.competition_id == competition.id, Membership.judge_id == row.judge_id)
        whose += db.session.scalars(select(Membership.account_id).where(*own))
    return replace(asked_word(competition, _proposer_of(row), linked=is_linked("award")), but=whose)


def drop_distinction(row: Distinction, reason: str, by: Account) -> None:
    """Drop the award, with a reason: it is not granted, or what was to be taken back stays."""
    reason = reason_text(reason)
    with unit_of_work():
        claimed(row)
        if row.state is _D.RECALLING:
            row.state = move(row.state, _D.GRANTED, DISTINCTION_MOVES)
            row.asked_by = row.asked_at = row.asked_why = None
            note_distinction(row, by, "distinction.keep")
            return
        if row.state is not _D.PROPOSED:
            raise Refused(msg("没有等着同意的，请刷新"))
        if not reason:
            raise invalid(msg("不评了要写理由"))
        _end(row, _D.DROPPED, reason, by, "distinction.drop")


def ask_recall(row: Distinction, reason: str, by: Account) -> None:
    """Ask that one without a certificate be taken back; a second person agrees.

    Raises `Refused`: INVALID without a reason, CONFLICT where a certificate is out.
    """
    reason = reason_text(reason, msg("收回要写理由"))
    with unit_of_work():
        row, competition = claimed(row)
        certificate = certificates_of_distinctions(competition).get(row.id)
        if certificate is not None and certificate.state is CertificateState.VALID:
            raise Refused(msg("荣誉证书已经发了，请在证书登记册撤销"))
        if row.new_name is not None:
            raise Refused(msg("姓名的更正还没定，先定下来"))
        row.state = move(row.state, _D.RECALLING, DISTINCTION_MOVES)
        row.asked_by, row.asked_at, row.asked_why = by.id, utc_now(), reason
        note_distinction(row, by, "distinction.ask_recall", reason)


def distinctions_to_agree(competition: Competition) -> list[Distinction]:
    """List the nominated awards that wait for a second person: granted, taken back or put right."""
    return [
        row
        for row in distinctions_of(competition)
        if row.state in (_D.PROPOSED, _D.RECALLING) or row.new_name is not None
    ]


def waiting_distinctions(competition: Competition) -> int:
    """Count the nominated awards that wait for a second person."""
    query = select(func.count(Distinction.id)).where(
        Distinction.competition_id == competition.id,
        Distinction.state.in_((_D.PROPOSED, _D.RECALLING)) | Distinction.new_name.is_not(None),
    )
    return db.session.scalar(query) or 0


def _end(row: Distinction, to: DistinctionState, why: str, by: Account, action: str) -> None:
    row.state = move(row.state, to, DISTINCTION_MOVES)
    row.ended_by, row.ended_at, row.ended_why = by.id, utc_now(), why
    note_distinction(row, by, action, why)


def note_distinction(
    row: Distinction, by: Account, action: str, reason: str | None = None, **details: Any
) -> None:
    """The record of what was done about it."""
    after = {"who": told_of(row), **details}
    audit.record(row.competition, by, action, row.title, after=after, reason=reason)


def _rule(competition: Competition, title: str) -> DistinctionRule:
    rules = distinction_rules_of(competition)
    award_rule = next((rule for rule in rules if rule.title == title), None)
    if award_rule is None:
        raise Refused(msg("没有这个奖项了，请刷新"))
    return award_rule


def _basis(row: Distinction, event: Event, rule: DistinctionRule) -> dict[str, Any]:
    """The basis: place, score and age by the version in force. `Refused` for no place."""
    publication = latest_publication(event.competition)
    if publication is None:
        raise Refused(msg("成绩公布以后才能评给选手"))
    entrant = row.entrant
    assert entrant is not None
    person = row.member or entrant
    fitting, _unknown = contenders(event, rule, publication)
    winner = next((contender for contender in fitting if contender.code == person.code), None)
    if winner is None:
        raise Refused(msg("%(name)s 不符合“%(title)s”的条件", name=person.name, title=rule.title))
    if winner.place > rule.places:
        raise Refused(
            msg(
                "%(name)s 在符合条件的人里排第 %(place)s，“%(title)s”每个赛项只有前 %(most)s",
                name=person.name,
                place=winner.place,
                title=rule.title,
                most=rule.places,
            )
        )
    day = rule.age_on or day_of(event.competition)
    return {
        "rank": winner.rank,
        "total": winner.total,
        "age": winner.age if rule.age_to else None,
        "age_to": rule.age_to,
        "on": day.isoformat(),
        "gender": rule.gender,
        "places": rule.places,
        "version": publication.version,
    }


def _table_basis(row: Distinction, table: str, most: int | None = None) -> dict[str, Any]:
    """The basis on a place in a table by the version in force.

    `Refused` for a unit without one, or with one behind `most`, by which it was nominated.
    """
    publication = latest_publication(row.competition)
    if publication is None:
        raise Refused(msg("成绩公布以后才能照总表评"))
    if row.unit is None or row.kind is not DistinctionKind.UNIT:
        raise invalid(msg("照总表只能评给单位"))
    basis = table_basis(publication, table, row.unit.code)
    if basis is None:
        raise Refused(msg("%(name)s 在这张总表里没有名次", name=row.called))
    if most is not None and basis["rank"] > most:
        raise Refused(
            msg(
                "提名时%(name)s是“%(table)s”第 %(was)s 名，现在是第 %(now)s 名：不评了，重新提名",
                name=row.called,
                table=basis["named"],
                was=most,
                now=basis["rank"],
            )
        )
    return basis


def _check_not_struck(row: Distinction) -> None:
    """Refuse a contestant whose results were struck out."""
    publication = latest_publication(row.competition)
    if row.entrant is None:
        return
    if publication is None:
        # Until then somebody may withdraw, or be struck out.
        raise Refused(msg("成绩公布以后才能评给选手"))
    for event in read_snapshot(publication)[1].events:
        for place in event.standings:
            if place.entrant == row.entrant.code and place.status == "dsq":
                raise Refused(msg("%(name)s 的成绩取消了，不能评", name=row.called))


def _check_not_vetoed(row: Distinction) -> None:
    """Refuse a unit that is vetoed: it is ranked, and gets no award (its teams may)."""
    if row.kind is not DistinctionKind.UNIT or competition_kind(row.competition).of_people:
        return
    publication, unit = latest_publication(row.competition), row.unit
    period = vetoed_period(publication, unit.code) if publication and unit else None
    if period is not None:
        sentence = msg(
            "%(name)s 在“%(period)s”被一票否决，不评优；解除否决、公布新的一版以后才能评",
            name=row.called,
            period=period,
        )
        raise Refused(sentence)


def _place(row: Distinction) -> dict[str, Any]:
    """The basis as the chain tells it: somebody's age stands in the row alone."""
    keys = ("table", "rank", "places", "version")
    return {key: row.basis[key] for key in keys if key in row.basis} if row.basis else {}


LONGEST_TITLE = 60
_KINDS_OF_LABOUR = DistinctionKind.of_labour()
MOST_RULES, OLDEST, MOST_PLACES = 40, 100, 100


def change_rules(competition: Competition, rules: Sequence[DistinctionRule], by: Account) -> None:
    """The titles that are given by hand from now on; what was given stays as it was given.

    Raises `Refused` (INVALID) for a title that is empty, too long or there twice, for an age or
    a number of places that cannot be; CONFLICT where an award of another kind stands under it.
    """
    if len(rules) > MOST_RULES:
        raise invalid(msg("最多 %(most)s 个奖项", most=MOST_RULES))
    for rule in rules:
        _check_rule(rule)
        if competition_kind(competition).has_periods != (rule.kind in _KINDS_OF_LABOUR) and (
            rule.kind is not DistinctionKind.UNIT
        ):
            raise invalid(msg("“%(title)s”评给的对象这个竞赛没有", title=rule.title))
    titles = [rule.title for rule in rules]
    for title in titles:
        if titles.count(title) > 1:
            raise invalid(msg("“%(title)s”写了两次", title=title))
    with changing(competition) as competition:
        kinds = {rule.title: rule.kind for rule in rules}
        for row in distinctions_of(competition):
            if (
                row.state in DistinctionState.standing()
                and kinds.get(row.title, row.kind) is not row.kind
            ):
                raise Refused(msg("“%(title)s”已经评给了别的对象，不能改", title=row.title))
        before = distinction_rules_of(competition)
        change_settings(competition, distinctions=tuple(rules))
        audit.record(
            competition,
            by,
            "distinction.rules",
            competition.code,
            before={"titles": [rule.title for rule in before]},
            after={"titles": titles},
        )


def _check_rule(rule: DistinctionRule) -> None:
    check_text(rule.title, LONGEST_TITLE)
    if not rule.title:
        raise invalid(msg("要写奖项的名称"))
    if rule.age_to is not None and not 1 <= rule.age_to <= OLDEST:
        raise invalid(msg("年龄要在 1 到 %(most)s 之间", most=OLDEST))
    if not 1 <= rule.places <= MOST_PLACES:
        raise invalid(msg("名额要在 1 到 %(most)s 之间", most=MOST_PLACES))
    personal = rule.age_to is not None or rule.age_on is not None or rule.gender
    if personal and rule.kind is not DistinctionKind.ENTRANT:
        raise invalid(msg("年龄和性别只对选手有用，“%(title)s”不是给选手的", title=rule.title))
