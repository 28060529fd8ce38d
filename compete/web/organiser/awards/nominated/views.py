"""Awards given by hand: nominate, grant, take back, and which titles there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.distinction_states import DistinctionKind, DistinctionState
from compete.domain.values.messages import listed, msg
from compete.domain.values.numerals import whole_number
from compete.domain.values.rights import Right
from compete.domain.values.roles import ROLE_WORDS
from compete.domain.values.states import CertificateState, state_words
from compete.models import Account, Certificate, Competition, Distinction, Publication
from compete.services.accounts.card_handlers import signed_as
from compete.services.awards.nominated_awards import (
    MOST_RULES,
    Nominee,
    agree_distinction,
    ask_recall,
    certificates_of_distinctions,
    change_rules,
    distinctions_of,
    drop_distinction,
    propose_distinctions,
    why_not_agree_on,
)
from compete.services.certificates.misspelt_names import (
    agree_correction,
    ask_correction,
    drop_correction,
)
from compete.services.kernel.competition_settings import DistinctionRule, distinction_rules_of
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refused, invalid
from compete.services.registration.eligibility import day_of
from compete.services.results.announced_periods import announced_labour, widest_period
from compete.services.results.approved_external_awards import (
    BY_HAND,
    HonourBook,
    distinction_prize,
    honour_book,
)
from compete.services.results.best_by_age import Contender, contenders
from compete.services.results.given_by_hand import standing_of
from compete.services.results.table_grounds import rests_on_table, table_places
from compete.sheets.texts import typed_codes, typed_parts
from compete.web import guard
from compete.web.certificate_words import shown_number
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.list_book import send_list, sentences
from compete.web.pages import own_row
from compete.web.posted import posted_reason, posted_text
from compete.web.refusals import problem_of, refusal_on
from compete.web.shapes import Choice, choices
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


def _kinds_here(competition: Competition) -> dict[str, str]:
    """The same, of those that this sort of competition gives awards to."""
    labour = competition_kind(competition).has_periods
    return {
        key: word
        for key, word in kind_words().items()
        if key == _K.UNIT or (key in _K.of_labour()) is labour
    }


def _gender_words() -> dict[str, str]:
    """Return the words for the holders of an award by gender."""
    return {"": _("不限"), "female": _("女"), "male": _("男")}


def _distinction_cards(competition: Competition) -> list[dict[str, Any]]:
    """Every title of the organiser's list, then those under which something was given before."""
    rows, papers = distinctions_of(competition), certificates_of_distinctions(competition)
    rules = {rule.title: rule for rule in distinction_rules_of(competition)}
    current = set(rules)
    for row in rows:
        rules.setdefault(row.title, DistinctionRule(row.title, row.kind))
    publication, book = latest_publication(competition), honour_book(competition)
    places = _labour_places(competition)
    cards = []
    for number, rule in enumerate(rules.values(), 1):
        own = [row for row in sorted(rows, key=_order) if row.title == rule.title]
        not_yet = None if rule.title in current else _("这个奖项不再评了，评过的照样有效")
        if rule.title in current and rule.kind is _K.ENTRANT and publication is None:
            not_yet = _("成绩公布以后才能评给选手")
        cards.append(
            {
                "mark": f"award-{number}",
                "rule": rule,
                "asks": _asks(competition, rule),
                "given": [
                    _given_row(competition, row, papers.get(row.id), book, places) for row in own
                ],
                "waiting": sum(row.state in _WAITING for row in own),
                "candidates": _candidates(competition, rule) if not_yet is None else [],
                "tables": _tables(competition, rule) if not_yet is None else [],
                "units": [Choice(value=unit.code, label=unit.name) for unit in competition.units]
                if rule.kind in _K.named()
                else [],
                "contests": _contests(competition, rule, publication)
                if not_yet is None and rule.by_place and publication is not None
                else [],
                "not_yet": not_yet,
            }
        )
    return cards


def _order(row: Distinction) -> tuple[bool, bool, int]:
    """Sort key: what waits first, what is over last."""
    return row.state in (_D.DROPPED, _D.RECALLED), row.state not in _WAITING, row.id


def _asks(competition: Competition, rule: DistinctionRule) -> str:
    """评给选手，不超过 35 周岁，每个赛项 1 名."""
    parts = [_("评给%(whom)s", whom=kind_words()[rule.kind])]
    if rule.age_to:
        on = rule.age_on or day_of(competition)
        parts.append(_("不超过 %(n)s 周岁（%(on)s）", n=rule.age_to, on=day(on, with_year=True)))
    if rule.gender:
        parts.append(_gender_words()[rule.gender])
    if rule.by_place:
        parts.append(_("每个赛项里符合的前 %(n)s 名", n=rule.places))
    return say(listed(parts))


def _barred(row: Distinction) -> str:
    """Say what a veto of its unit means for an award: `propose_distinctions` may refuse it."""
    if row.kind is _K.UNIT:
        return _("被一票否决的，这一期不评优")
    return _("这是所在单位的，定以前想一想")


def _candidates(competition: Competition, rule: DistinctionRule) -> list[dict[str, Any]]:
    if rule.kind is _K.UNIT:
        places = _labour_places(competition) or _table_places(competition)
        order = {code: place for place, code in enumerate(places)}
        return [
            {
                "code": unit.code,
                "name": unit.name,
                "note": places[unit.code].words if unit.code in places else "",
                "why_not": _("不评优")
                if unit.code in places and places[unit.code].vetoed
                else None,
            }
            for unit in sorted(competition.units, key=lambda unit: order.get(unit.code, len(order)))
        ]
    if rule.kind is not _K.OFFICIAL:
        return []
    return [
        {
            "code": judge.code,
            "name": judge.name,
            "note": say(ROLE_WORDS[judge.role]) if judge.role else "",
        }
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
    if competition_kind(competition).of_people or publication is None:
        return {}
    live = announced_labour(publication)
    tree = live.outcome.field.tree
    period = widest_period(publication)
    if period is None:
        return {}
    places = {}
    for row in sorted(live.standings[period], key=lambda row: row.group or ""):
        words = [tree.periods[period].name, row.group or ""]
        if row.rank is not None:
            words.append(_("第 %(n)s 名", n=row.rank))
        words.append(_("一票否决") if row.vetoed else row.total or "")
        places[row.unit] = UnitPlace(" ".join(word for word in words if word), row.vetoed)
    return places


def _table_places(competition: Competition) -> dict[str, UnitPlace]:
    """Return the place of each unit in the published tables over several events, by code.

    Those of the first table come first.
    """
    publication = latest_publication(competition)
    words: dict[str, list[str]] = {}
    for place in table_places(publication) if publication is not None else ():
        row = place.row
        words.setdefault(row.unit, []).append(
            _("%(table)s第 %(n)s 名", table=place.named, n=row.rank)
        )
    return {unit: UnitPlace(say(listed(own)), vetoed=False) for unit, own in words.items()}


def _tables(competition: Competition, rule: DistinctionRule) -> list[Choice]:
    """List the published tables by which an award to units may be given; empty where none is."""
    publication = latest_publication(competition)
    if rule.kind is not _K.UNIT or publication is None:
        return []
    if not competition_kind(competition).of_people:
        return []
    named = {place.table: place.named for place in table_places(publication)}
    return [Choice(value="", label=_("不照总表")), *choices(named)] if named else []


def _contests(
    competition: Competition, rule: DistinctionRule, publication: Publication
) -> list[dict[str, Any]]:
    contests = []
    for event in competition.events:
        fitting, unknown = contenders(event, rule, publication)
        # Who comes after the places is shown so far that a slip in somebody's age is seen.
        shown = [contender for contender in fitting if contender.place <= rule.places + 3]
        contests.append(
            {
                "event": event,
                "candidates": [_contender(contender, rule) for contender in shown],
                "unknown": _(
                    "不知道出生日期或性别，没有算进来：%(names)s", names=say(listed(unknown))
                )
                if unknown
                else None,
            }
        )
    return contests


def _contender(contender: Contender, rule: DistinctionRule) -> dict[str, Any]:
    facts = [_("第 %(n)s 名", n=contender.rank), contender.entrant.unit.name]
    if contender.age is not None:
        facts.insert(1, _("%(n)s 岁", n=contender.age))
    name = contender.member.name if contender.member is not None else contender.entrant.name
    return {
        "code": contender.code,
        "name": name,
        "note": say(listed(facts)),
        "why_not": _("在符合的人里排第 %(n)s", n=contender.place)
        if contender.place > rule.places
        else None,
    }


def _given_row(
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
        notes=[*_notes(row), *_ground_notes(row, paper)],
        waits=waits,
        out=out,
        why_not=say(barred),
    )


def _ground_notes(row: Distinction, paper: Certificate | None) -> list[str]:
    """Say why what was granted is not certified; empty where a certificate was issued before."""
    if row.state is not DistinctionState.GRANTED or paper is not None:
        return []
    publication = latest_publication(row.competition)
    lost = standing_of(row, publication).ground if publication is not None else None
    if lost is None:
        return []
    return [_("依据变了，不发证：%(why)s。收回，或者收回以后重新评", why=say(lost.words))]


def _notes(row: Distinction) -> list[str]:
    notes = [
        _("%(who)s 提名，%(at)s", who=_account_words(row.proposer), at=moment(row.proposed_at))
    ]
    if row.basis and rests_on_table(row):
        notes.append(
            _(
                "%(table)s 第 %(n)s 名，按第 %(version)s 版",
                table=row.basis["named"],
                n=row.basis["rank"],
                version=row.basis["version"],
            )
        )
    elif row.basis:
        notes.append(
            _(
                "%(event)s 第 %(n)s 名，按第 %(version)s 版",
                event=row.event.name if row.event else "",
                n=row.basis["rank"],
                version=row.basis["version"],
            )
        )
    if row.agreer is not None and row.agreed_at is not None:
        notes.append(
            _("%(who)s 同意，%(at)s", who=_account_words(row.agreer), at=moment(row.agreed_at))
        )
    if row.new_name is not None and row.asker is not None:
        notes.append(
            _(
                "%(who)s 提出更正成 %(name)s：%(why)s",
                who=_account_words(row.asker),
                name=row.new_name,
                why=row.asked_why,
            )
        )
    if row.state is _D.RECALLING and row.asker is not None:
        notes.append(
            _("%(who)s 提出收回：%(why)s", who=_account_words(row.asker), why=row.asked_why)
        )
    if row.ender is not None and row.ended_at is not None:
        notes.append(
            _(
                "%(who)s，%(at)s：%(why)s",
                who=_account_words(row.ender),
                at=moment(row.ended_at),
                why=row.ended_why,
            )
        )
    return notes


def _account_words(account: Account) -> str:
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


_COLUMNS = ("title", "kind", "age_to", "age_on", "gender", "places")


def _page(
    competition: Competition, refused: Refused | None = None, rules_refused: Refused | None = None
) -> str:
    """Render the page; a nomination or rules that were refused stand where they were typed."""
    return render_template(
        "organiser/awards/nominated.html",
        competition=competition,
        cards=_distinction_cards(competition),
        shown_number=shown_number,
        named=DistinctionKind.named(),
        problem=problem_of(refused),
        rules=(_typed_rows() if rules_refused else None) or rule_rows(competition),
        rules_problem=problem_of(rules_refused),
        kinds=_kinds_here(competition),
        genders=_gender_words(),
    )


@face.get("/<code>/distinctions")
@guard.may(Right.SEE, of=guard.SKILLS | guard.LABOUR)
def distinctions(competition: Competition) -> ResponseReturnValue:
    """Every title, who has it and who is nominated."""
    return _page(competition)


@face.get("/<code>/distinctions/list.xlsx")
@guard.may(Right.SEE, of=guard.SKILLS | guard.LABOUR)
def distinctions_book(competition: Competition) -> Response:
    """Download who has which award and who is nominated, as it is shown."""
    heads = (_("奖项"), _("评给"), _("单位"), _("理由"), _("状态"), _("说明"), _("证书"))
    rows = [
        [
            *(
                card["rule"].title,
                given.row.called,
                given.row.of_unit,
                given.row.reason,
                given.word,
            ),
            sentences([given.place, *given.notes]),
            shown_number(given.paper) if given.paper is not None else None,
        ]
        for card in _distinction_cards(competition)
        for given in card["given"]
    ]
    return send_list(competition, msg("评选奖项"), heads, rows)


@face.post("/<code>/distinctions/nominate")
@guard.may(Right.DECIDE_AWARDS, of=guard.SKILLS | guard.LABOUR)
@only_once
@refusal_on(_page)
def nominate(competition: Competition) -> ResponseReturnValue:
    """Nominate somebody for an award; a second person grants it."""
    form, title = request.form, request.form.get("title", "")
    event = next((e for e in competition.events if e.code == posted_text("event")), None)
    made = propose_distinctions(
        competition,
        title,
        _nominees(),
        posted_reason(),
        current_user,
        event=event,
        table=form.get("table", ""),
    )
    return _flash_and_return(_("提名了 %(n)s 个，等第二个人同意", n=len(made)))


@face.post("/<code>/distinctions/<int:number>/agree")
@guard.may(Right.AGREE, of=guard.SKILLS | guard.LABOUR)
def agree_to_distinction(competition: Competition, number: int) -> ResponseReturnValue:
    """Grant it as the second person, or agree that it is taken back."""
    row = own_row(Distinction, competition, number)
    if row.new_name is not None:
        paper = agree_correction(row, current_user)
        if paper is None:
            return _flash_and_return(_("更正成 %(name)s 了", name=row.called))
        new = shown_number(paper)
        sentence = _("更正成 %(name)s 了，证书换成 %(new)s", name=row.called, new=new)
        return _flash_and_return(sentence)
    agree_distinction(row, current_user)
    if row.state is DistinctionState.GRANTED:
        return _flash_and_return(_("评定了：%(name)s %(title)s", name=row.called, title=row.title))
    return _flash_and_return(_("收回了：%(name)s %(title)s", name=row.called, title=row.title))


@face.post("/<code>/distinctions/<int:number>/drop")
@guard.may(Right.AGREE, of=guard.SKILLS | guard.LABOUR)
def drop_one_distinction(competition: Competition, number: int) -> ResponseReturnValue:
    """Drop a nomination; or leave what was to be taken back."""
    row = own_row(Distinction, competition, number)
    if row.new_name is not None:
        drop_correction(row, current_user)
        return _flash_and_return(_("不更正：%(name)s %(title)s", name=row.called, title=row.title))
    drop_distinction(row, posted_reason(), current_user)
    if row.state is DistinctionState.GRANTED:
        return _flash_and_return(_("不收回：%(name)s %(title)s", name=row.called, title=row.title))
    return _flash_and_return(_("不评了：%(name)s %(title)s", name=row.called, title=row.title))


@face.post("/<code>/distinctions/<int:number>/recall")
@guard.may(Right.DECIDE_AWARDS, of=guard.SKILLS | guard.LABOUR)
def recall_distinction(competition: Competition, number: int) -> ResponseReturnValue:
    """Ask that one without a certificate be taken back."""
    row = own_row(Distinction, competition, number)
    ask_recall(row, posted_reason(), current_user)
    return _flash_and_return(_("提出收回，等第二个人同意"))


@face.post("/<code>/distinctions/<int:number>/correct")
@guard.may(Right.DECIDE_AWARDS, of=guard.SKILLS | guard.LABOUR)
def correct_distinction(competition: Competition, number: int) -> ResponseReturnValue:
    """Ask that the award stand under another name."""
    row, form = own_row(Distinction, competition, number), request.form
    ask_correction(row, form.get("name", ""), posted_reason(), current_user)
    return _flash_and_return(_("提出更正，等第二个人同意"))


@face.post("/<code>/distinctions/rules")
@guard.may(Right.DECIDE_AWARDS, of=guard.SKILLS | guard.LABOUR)
@refusal_on(lambda competition, refused: _page(competition, rules_refused=refused))
def distinction_rules(competition: Competition) -> ResponseReturnValue:
    """Set the titles given by hand and their conditions; a line without a title is none."""
    rules = [_rule(row) for row in _typed_rows() if row.title]
    change_rules(competition, rules, current_user)
    return _flash_and_return(_("奖项改好了"))


def _typed_rows() -> list[RuleRow]:
    columns = [request.form.getlist(name) for name in _COLUMNS]
    if len({len(column) for column in columns}) != 1 or len(columns[0]) > MOST_RULES + 2:
        abort(400)
    return [
        RuleRow(title=" ".join(t.split()), kind=k, age_to=a, age_on=on, gender=g, places=p)
        for t, k, a, on, g, p in zip(*columns, strict=True)
    ]


def _rule(row: RuleRow) -> DistinctionRule:
    """Read a line as a rule. Raises `Refused` (INVALID), with the title, if it cannot be read."""
    if (
        row.kind not in {kind.value for kind in DistinctionKind}
        or row.gender not in _gender_words()
    ):
        abort(400)
    return DistinctionRule(
        title=row.title,
        kind=DistinctionKind(row.kind),
        age_to=_number(row, row.age_to),
        age_on=_day(row),
        gender=row.gender,  # type: ignore[arg-type]
        places=_number(row, row.places) or 1,
    )


def _number(row: RuleRow, text: str) -> int | None:
    text, number = text.strip(), whole_number(text, 9999)
    if text and number is None:
        raise invalid(msg("“%(title)s”：%(text)s 不是整数", title=row.title, text=text[:20]))
    return number


def _day(row: RuleRow) -> date | None:
    if not row.age_on.strip():
        return None
    try:
        return date.fromisoformat(row.age_on.strip())
    except ValueError as wrong:
        raise invalid(msg("“%(title)s”：日期写成 2022-09-20 这样", title=row.title)) from wrong


def _nominees() -> list[Nominee]:
    """Read the nominees: ticked, typed by number, or named as a coach."""
    form = request.form
    full = form.get("full_name") == "yes"
    codes = [*form.getlist("people"), *typed_codes(form.get("numbers", ""))]
    nominees = [Nominee(code=code, full_name=full) for code in dict.fromkeys(codes) if code]
    if "name" in form:
        names = typed_parts(form["name"]) or [""]
        nominees += [
            Nominee(name=name, unit=form.get("unit", ""), full_name=full) for name in names
        ]
    return nominees


def _flash_and_return(done: str) -> ResponseReturnValue:
    flash(done, "ok")
    return redirect(url_for("organiser.distinctions"))
