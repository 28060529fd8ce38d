"""The page of a contestant, part by part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.bundle.crews import crew_role, heads
from compete.domain.grades.ladder import grade_label
from compete.domain.grades.proposals import promotions
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.roles import CREW_ROLE_WORDS
from compete.domain.values.states import (
    HANDED_IN,
    CertificateState,
    CompetitionState,
    ConsequenceState,
    SheetState,
    state_words,
)
from compete.models import Certificate, Consent, Entrant, Member, ReplacedBadge, Slot
from compete.services.accounts.card_handlers import signed_as
from compete.services.closing.grade_decisions import decided_grades
from compete.services.closing.penalties_and_outcomes import decision_kind_word
from compete.services.kernel.event_rules import ladder_of, module_title, rules_of
from compete.services.kernel.installation import Page, address_of
from compete.services.kernel.participants import standing_withdrawal, withdrawal_word
from compete.services.registration.carried_modules import (
    BroughtModule,
    KeptModule,
    brought_modules,
    kept_modules,
)
from compete.services.registration.consents import SOURCE_WORDS
from compete.services.registration.earlier_sittings import TriedAgain, tried_again, why_resit_stays
from compete.services.registration.people import brought_by
from compete.services.registration.person_record import (
    replaced_badges,
    standing_outcomes,
    states_of_sheets,
)
from compete.services.registration.portraits import portrait_mark, portrait_of
from compete.services.results.consequences import DOUBTS, consequence_of, doubts_about
from compete.services.results.contestants import Verdict, certificates_of_entrant, version_without
from compete.services.results.result_stands import stand_of, stand_words
from compete.services.results.snapshots import published_event
from compete.services.schedule.station_moves import late_choice, possible_moves, why_not_moved
from compete.services.sheets.blind_codes import may_see_names
from compete.web.certificate_words import kind_word, shown_number, title_of
from compete.web.guard import allowed_url
from compete.web.language import say
from compete.web.organiser.judging.progress.shapes import Tick
from compete.web.organiser.registration.person.finding import in_the_list
from compete.web.organiser.registration.person.history import Fact, work_facts
from compete.web.portraits import PhotoCard
from compete.web.shapes import Chip
from compete.web.shown_standings import shown_events
from compete.web.templating import moment_in_sentence
from compete.web.verdict_words import verdict_word, why_words
from compete.web.words import outcome_word


@dataclass(frozen=True, slots=True)
class EarlierSittings:
    """The results of a person's earlier sittings of an evaluation: 补考 and 单科保留."""

    resit: TriedAgain | None
    chip: Chip | None
    drops: bool
    """True if 补考 is on record and can be taken back."""
    brought: Sequence[BroughtModule]
    kept: Sequence[KeptModule]


def sittings_card(entrant: Entrant) -> EarlierSittings | None:
    """Build the card; None if there is nothing to say, as in every contest."""
    if not competition_kind(entrant.competition).gives_verdicts:
        return None
    again = tried_again([entrant]).get(entrant.code)
    brought, kept = brought_modules(entrant), kept_modules(entrant)
    if again is None and not brought and not kept:
        return None
    recorded = again is not None and again.attempt is not None
    drops = recorded and why_resit_stays(entrant) is None
    return EarlierSittings(again, resit_chip(again) if again else None, drops, brought, kept)


def resit_chip(again: TriedAgain) -> Chip:
    """Show which attempt it is on record, or would be."""
    if again.attempt is not None:
        return Chip(text=_("补考，第 %(n)s 次", n=again.attempt), kind="", icon="return")
    return Chip(text=_("像是补考，第 %(n)s 次", n=again.proposed), kind="warn", icon="warn")


# The strip's order: what is done stands first.
_ORDER = (
    SheetState.SIGNED,
    SheetState.SUBMITTED,
    SheetState.COMPLETE,
    SheetState.BEGUN,
    SheetState.RETURNED,
    SheetState.NOT_BEGUN,
    SheetState.WITHDRAWN,
)


@dataclass(frozen=True, slots=True)
class CrewMember:
    """One of the people of a crew."""

    row: Member
    role: str
    grade: str
    facts: Sequence[Fact]
    photo: PhotoCard


def crew_members(entrant: Entrant, problems: Mapping[str, str]) -> list[CrewMember]:
    """The people of a crew; `problems` says by code why a photo was refused."""
    ladder = ladder_of(entrant.event)
    return [
        CrewMember(
            member,
            say(CREW_ROLE_WORDS[crew_role(member.role, member.position)]),
            say(grade_label(member.grade, ladder)),
            work_facts(member),
            photo_card(member, problems),
        )
        for member in entrant.members
    ]


def photo_card(holder: Entrant | Member, problems: Mapping[str, str]) -> PhotoCard:
    """The photo of a person or of a crew's member; `problems` by code."""
    entrant = holder.entrant if isinstance(holder, Member) else holder
    there = portrait_of(holder)
    mark, of = portrait_mark(there), None if holder is entrant else holder.code
    code, who = entrant.competition.code, entrant.code

    def to(endpoint: str) -> str:
        return in_the_list(url_for(endpoint, code=code, who=who))

    return PhotoCard(
        name=holder.name,
        of=holder.code,
        picture=url_for("organiser.portrait", code=code, who=who, of=of, v=mark)
        if there is not None
        else None,
        mark=mark,
        put_url=to("organiser.keep_portrait") if holder.erased_at is None else None,
        remove_url=to("organiser.drop_portrait") if there is not None else None,
        problem=problems.get(holder.code),
    )


def out_words(entrant: Entrant) -> list[str]:
    """List what is out of the ordinary: absent, out or disqualified, and where."""
    words = []
    withdrawal = standing_withdrawal(entrant)
    if withdrawal is not None:
        word = say(withdrawal_word(withdrawal))
        words.append(_("%(what)s：%(why)s", what=word, why=withdrawal.reason))
    for outcome in standing_outcomes(entrant):
        place = entrant, outcome.stage, outcome.module
        word = say(decision_kind_word(outcome.status, *place))
        if outcome.module is not None:
            where = module_title(entrant.event, outcome.stage, outcome.module)
            word = _("%(what)s（%(where)s）", what=word, where=where)
        words.append(word)
    return words


@dataclass(frozen=True, slots=True)
class ModulePlace:
    """The time and place of somebody for a module; `place` is its name in addresses."""

    place: str
    title: str
    slot: Slot | None
    movable: bool


def module_places(entrant: Entrant) -> list[ModulePlace]:
    """Module by module; one of the first stage without a place says so."""
    slots = {(slot.stage, slot.module): slot for slot in entrant.slots}
    movable = why_not_moved(entrant) is None
    before = entrant.competition.state is CompetitionState.REGISTERING
    lines = []
    for at, stage in enumerate(rules_of(entrant.event).stages):
        for module in stage.modules:
            place = stage.code, module.code
            slot = slots.get(place)
            if slot is not None or at == 0:
                # Where nobody has a place yet there is none to give: a draw comes first.
                somewhere = movable and (
                    (slot is not None and before)
                    or bool(possible_moves(entrant, *place))
                    or late_choice(entrant, *place) is not None
                )
                title = module_title(entrant.event, *place)
                lines.append(ModulePlace("/".join(place), title, slot, somewhere))
    # Who has a time stands in the order of times, as the day goes.
    return sorted(lines, key=lambda line: _start(line.slot))


def _start(slot: Slot | None) -> tuple[bool, float]:
    at = slot.starts_at if slot is not None else None
    return at is None, at.timestamp() if at is not None else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetLine:
    """The sheets of a module by state; a score only once it is published."""

    module: str
    count: int
    ticks: Sequence[Tick] = ()
    state: str | None = None
    """The state that all of them are in, as the macro `state` names it."""
    text: str
    score: str | None = None


def sheet_lines(entrant: Entrant, verdict: Verdict | None) -> list[SheetLine]:
    """Sheets by state, module by module; a score only out of the publication.

    Beside the codes on other pages the states would tell which code has as many handed in.
    """
    if not may_see_names(entrant.competition, [entrant.event], current_user):
        return [
            SheetLine(
                module=module_title(entrant.event, stage, module),
                count=len(states),
                text=_("盲评，解密以前不写评到哪里"),
            )
            for (stage, module), states in states_of_sheets(entrant).items()
        ]
    scores = {line.code: line for line in verdict.modules} if verdict else {}
    lines = []
    for (stage, module), reached in states_of_sheets(entrant).items():
        away = _away(entrant, stage, module)
        # Nobody goes on with the sheets of somebody who is out.
        states = [
            SheetState.WITHDRAWN if away and state not in HANDED_IN else state for state in reached
        ]
        words = {state: say(state_words(state)) for state in states}
        if away:
            words[SheetState.WITHDRAWN] = away
        ordered = sorted(states, key=_ORDER.index)
        same = len(set(ordered)) == 1 and ordered[0] is not SheetState.WITHDRAWN
        line = scores.get(module) if verdict and _is_last(verdict, stage) else None
        lines.append(
            SheetLine(
                module=module_title(entrant.event, stage, module),
                count=len(ordered),
                ticks=[Tick(state=state.value, label=words[state], url=None) for state in ordered],
                state=ordered[0].value if same else None,
                text=_("，").join(
                    f"{words[state]} {ordered.count(state)}" for state in dict.fromkeys(ordered)
                ),
                score=f"{line.score} / {line.full}" if line and line.score is not None else None,
            )
        )
    return lines


def _away(entrant: Entrant, stage: str, module: str) -> str:
    """Say what keeps somebody from the module: left, absent, disqualified; else empty."""
    if (withdrawal := standing_withdrawal(entrant)) is not None:
        return say(withdrawal_word(withdrawal))
    for outcome in standing_outcomes(entrant):
        if outcome.stage == stage and outcome.module in (None, module):
            return say(decision_kind_word(outcome.status, entrant, stage, outcome.module))
    return ""


def _is_last(verdict: Verdict, stage: str) -> bool:
    """True if the stage is the one whose scores a publication shows of this person."""
    return any(
        known.code == stage and known.name == verdict.stage for known in verdict.rules.stages
    )


@dataclass(frozen=True, slots=True)
class ResultLine:
    """A line about something published or issued."""

    label: str
    text: str
    url: str | None
    bad: bool = False


def result_lines(entrant: Entrant, verdict: Verdict | None) -> list[ResultLine]:
    """Place, awards and certificates, each with the page that has more; nothing before."""
    lines: list[ResultLine] = []
    if verdict is not None:
        describe = _placed_lines if verdict.judged is None else _judged_lines
        lines += describe(entrant, verdict)
    for certificate in certificates_of_entrant(entrant):
        state = certificate.state
        text = f"{title_of(certificate)} {shown_number(certificate)}"
        if certificate.member_id is not None:
            text = f"{certificate.face['name']} {text}"
        doubt = _doubt(certificate)
        if state is not CertificateState.VALID:
            text = _("%(what)s，%(state)s", what=text, state=say(state_words(state)))
        elif doubt is not None:
            text = _("%(what)s，%(state)s", what=text, state=doubt)
        elif _is_kept(certificate):
            text = _("%(what)s，%(state)s", what=text, state=_("保留"))
        lines.append(
            ResultLine(
                kind_word(certificate),
                text,
                url_for(
                    "organiser.certificates",
                    code=entrant.competition.code,
                    open=certificate.id,
                    _anchor=f"certificate-{certificate.id}",
                ),
                bad=state is CertificateState.REVOKED,
            )
        )
    return lines


def _placed_lines(entrant: Entrant, verdict: Verdict) -> list[ResultLine]:
    """Place and awards, and the grade that goes with them."""
    code = entrant.competition.code
    standings = (
        allowed_url("organiser.standings", code=code, event=entrant.event.code, q=entrant.code)
        if entrant.event in shown_events(entrant.competition)
        else None
    )
    awards = allowed_url("organiser.awards", code=code)
    won = [*verdict.awards, *(say(title) for title in verdict.honours)]
    settled = stand_of(entrant.event).stands
    label = _("晋升等级") if settled else _("拟晋升")
    return [
        ResultLine(_("名次"), _place(verdict), standings),
        ResultLine(_("奖项"), _("、").join(won) or _("没有"), awards),
        *_grade_lines(entrant, verdict, label, awards),
    ]


def _judged_lines(entrant: Entrant, verdict: Verdict) -> list[ResultLine]:
    """Describe the verdict of an evaluation and why, and the grade."""
    row, event = verdict.judged, entrant.event
    assert row is not None
    verdicts = allowed_url(
        "organiser.verdicts", code=entrant.competition.code, event=event.code, q=entrant.code
    )
    why = why_words(verdict.rules, row, brought_by(entrant.carried))
    words = [verdict_word(row.verdict), *([why] if why else [])]
    label = _("认定等级") if stand_of(event).stands else _("拟认定")
    return [
        ResultLine(_("结论"), _("；").join(words), verdicts),
        *_grade_lines(entrant, verdict, label, verdicts),
    ]


def _grade_lines(
    entrant: Entrant, verdict: Verdict, label: str, url: str | None
) -> list[ResultLine]:
    """The grade as every list names it, of each of a crew: given, kept, put off or revoked."""
    published = published_event(verdict.publication, entrant.event.code)
    assert published is not None  # it is what the verdict is from
    # A grade that was kept is nobody's by the results: its member is asked of the crew.
    members = {member.code: member.name for member in entrant.members}
    members |= {grade.member: grade.name or "" for grade in verdict.grades if grade.member}
    decided, ladder = decided_grades(entrant.competition), ladder_of(entrant.event)
    texts = promotions(published[1], decided, members, ladder, of=entrant.code)
    text = texts.get(entrant.code)
    return [ResultLine(label, say(text), url)] if text is not None else []


def _doubt(certificate: Certificate) -> str | None:
    """Say how a later version or a notice taken down puts it in doubt, as its check page does."""
    doubt = doubts_about([certificate]).get(certificate.id)
    return say(DOUBTS[doubt]) if doubt else None


def _is_kept(certificate: Certificate) -> bool:
    """True if two kept it though the results in force give something else."""
    settled = consequence_of(certificate)
    return settled is not None and settled.state is ConsequenceState.KEPT


def _place(verdict: Verdict) -> str:
    if verdict.rank is None:
        word = _("还没评完") if verdict.status == "incomplete" else outcome_word(verdict.status)
        return _("没有名次：%(why)s", why=word)
    return _(
        "第 %(rank)s 名，总分 %(total)s，%(who)s参评",
        rank=verdict.rank,
        total=verdict.total,
        who=say(heads(verdict.ranked, verdict.crewed)),
    )


def sheets_note(entrant: Entrant, verdict: Verdict | None) -> str | None:
    """Say what the page keeps back until results are out, or which version it shows."""
    if verdict is None:
        without = version_without(entrant)
        if without is not None:
            return _("公布的第 %(n)s 版里没有，再公布一版才有", n=without.version)
        return _("公布前不显示得分")
    return _(
        "第 %(n)s 版，%(state)s",
        n=verdict.publication.version,
        state=say(stand_words(verdict.stand)),
    )


Holder = Entrant | Member


def badges_of(entrant: Entrant) -> list[tuple[Holder, str, Sequence[ReplacedBadge]]]:
    """The badges of now with where each leads, and those before; a crew's shared one where one is.

    Of a person one, of a crew one for each.
    """
    before = replaced_badges(entrant)
    holders: list[Holder] = [member for member in entrant.members if member.erased_at is None]
    if entrant.badge_shared or not entrant.members:
        holders.append(entrant)
    return [
        (
            holder,
            address_of(Page.BADGE, token=holder.badge_token or entrant.badge_token),
            [
                badge
                for badge in before
                if badge.member_id == (holder.id if isinstance(holder, Member) else None)
            ],
        )
        for holder in holders
    ]


def consent_words(word: Consent) -> str:
    """A word about the whole name: when, by whom, and how one knows."""
    what = _("同意") if word.given else _("不同意")
    text = _(
        "%(at)s %(what)s（%(source)s）",
        at=moment_in_sentence(word.made_at),
        what=what,
        source=say(SOURCE_WORDS.get(word.source, word.source)),
    )
    if word.maker is not None:
        text = _("%(said)s，%(who)s 记的", said=text, who=say(signed_as(word.maker, word.made_at)))
    return f"{text} {word.note}" if word.note else text
