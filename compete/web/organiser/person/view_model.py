"""What the page of a contestant says, part by part."""

from __future__ import annotations

from dataclasses import replace

from flask import url_for
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.bundle.crews import crew_role, heads
from compete.domain.grades.ladder import grade_label
from compete.domain.identity.masks import mask_id
from compete.domain.identity.names import made_up_note
from compete.domain.values.roles import CREW_ROLE_WORDS
from compete.domain.values.states import (
    HANDED_IN,
    CertificateState,
    CompetitionState,
    SheetState,
    state_words,
)
from compete.models import Certificate, Entrant, Member, Slot
from compete.services.kernel.event_rules import ladder_of, module_title, rules_of
from compete.services.kernel.taking_part import standing_withdrawal
from compete.services.publication.consequences import DOUBTS, doubts_about
from compete.services.publication.contestants import (
    Verdict,
    certificates_of_entrant,
    version_without,
)
from compete.services.publication.result_stands import stand_of, stand_words
from compete.services.registration.listing import brought_by
from compete.services.registration.person_record import standing_outcomes, states_of_sheets
from compete.services.schedule.moving import late_choice, possible_moves, why_not_moved
from compete.services.sheets.blind_codes import may_see_names
from compete.web.certificate_words import kind_word, shown_number, title_of
from compete.web.guard import allowed_url
from compete.web.language import say
from compete.web.organiser.person.facts import grade_fact, personal_facts, work_facts
from compete.web.organiser.person.photo_card import photo_card
from compete.web.organiser.person.shapes import (
    CrewMember,
    Fact,
    IdNumber,
    PersonCard,
    ResultLine,
    SheetLine,
    SlotLine,
)
from compete.web.organiser.progress.shapes import Tick
from compete.web.shapes import Chip
from compete.web.shown_standings import shown_events
from compete.web.templating import clock, moment
from compete.web.verdict_words import verdict_word, why_words
from compete.web.words import group_word, outcome_word, ranked_here

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


def person_card(
    entrant: Entrant, shown: dict[str, str], problems: dict[str, str] | None = None
) -> PersonCard:
    """Who it is; by code, `shown` has whole numbers, `problems` why a photo was refused."""
    problems = problems or {}
    crew = bool(entrant.members)
    facts = [
        Fact(label=_("赛项"), value=entrant.event.name),
        Fact(label=_("单位"), value=entrant.unit.name),
        *(
            [Fact(label=_("代表队"), value=entrant.team.name if entrant.team else "—")]
            if ranked_here()
            else []
        ),
        Fact(label=_("组别"), value=group_word(entrant.group)),
    ]
    if not crew:
        facts = [
            *personal_facts(entrant),
            *facts,
            grade_fact(entrant),
            *work_facts(entrant),
        ]
    names = [entrant.name, *(member.name for member in entrant.members)]
    notes = [made_up_note(name) for name in names]
    facts = [Fact(label=_("姓名里的字"), value=say(note)) for note in notes if note] + facts
    return PersonCard(
        code=entrant.code,
        name=entrant.name,
        chips=_chips(entrant),
        number=None if crew else _number(entrant, shown),
        facts=facts,
        photo=None if crew else photo_card(entrant, problems),
        members=[
            CrewMember(
                code=member.code,
                name=member.name,
                role=say(CREW_ROLE_WORDS[crew_role(member.role, member.position)]),
                grade=say(grade_label(member.grade, ladder_of(entrant.event))),
                facts=work_facts(member),
                number=_number(member, shown),
                correct_url=url_for(
                    "organiser.identity",
                    code=entrant.competition.code,
                    who=entrant.code,
                    of=member.code,
                )
                if member.erased_at is None
                else None,
                photo=photo_card(member, problems),
            )
            for member in entrant.members
        ],
    )


def _number(holder: Entrant | Member, shown: dict[str, str]) -> IdNumber:
    return IdNumber(
        holder=holder.code,
        masked=mask_id(holder.id_number) if holder.id_number else None,
        whole=shown.get(holder.code),
    )


def _chips(entrant: Entrant) -> list[Chip]:
    """What is out of the ordinary: absent, out or disqualified, and where."""
    chips = []
    withdrawal = standing_withdrawal(entrant)
    if withdrawal is not None:
        word = _("已退赛：%(why)s", why=withdrawal.reason)
        chips.append(Chip(text=word, kind="bad", icon="ban"))
    for outcome in standing_outcomes(entrant):
        word = outcome_word(outcome.status)
        if outcome.module is not None:
            where = module_title(entrant.event, outcome.stage, outcome.module)
            word = _("%(what)s（%(where)s）", what=word, where=where)
        chips.append(Chip(text=word, kind="bad", icon="ban"))
    return chips


def slot_lines(entrant: Entrant, moving: tuple[str, str] | None) -> list[SlotLine]:
    """When and where, module by module; a module of the first stage without a place says so."""
    slots = {(slot.stage, slot.module): slot for slot in entrant.slots}
    movable = why_not_moved(entrant) is None
    before = entrant.competition.state is CompetitionState.REGISTERING
    lines = []
    for place, stage in enumerate(rules_of(entrant.event).stages):
        for module in stage.modules:
            slot = slots.get((stage.code, module.code))
            if slot is not None or place == 0:
                title = module_title(entrant.event, stage.code, module.code)
                url = url_for(
                    "organiser.person",
                    code=entrant.competition.code,
                    who=entrant.code,
                    move=f"{stage.code}/{module.code}",
                    _anchor="move",
                )
                # Where nobody has a place yet there is none to give: a draw comes first.
                somewhere = movable and (
                    (slot is not None and before)
                    or bool(possible_moves(entrant, stage.code, module.code))
                    or late_choice(entrant, stage.code, module.code) is not None
                )
                line = _slot_line(slot, title, url if somewhere else None)
                chosen = moving == (stage.code, module.code)
                lines.append((slot, replace(line, chosen=chosen)))
    # Who has a time stands in the order of times, as the day goes.
    lines.sort(key=lambda pair: (pair[0] is None or not pair[0].starts_at, _start(pair[0])))
    return [line for _slot, line in lines]


def _start(slot: Slot | None) -> float:
    return slot.starts_at.timestamp() if slot is not None and slot.starts_at else 0.0


def _slot_line(slot: Slot | None, title: str, url: str | None) -> SlotLine:
    if slot is None:
        return SlotLine(
            when="—",
            module=title,
            where=_("还没排"),
            note=None,
            move_url=url,
            chosen=False,
            bare=True,
        )
    notes = []
    if slot.check_in_at:
        notes.append(_("%(at)s 检录", at=clock(slot.check_in_at)))
    if slot.ends_at:
        notes.append(_("到 %(at)s", at=clock(slot.ends_at)))
    session = slot.session if slot.session and slot.session not in title else None
    return SlotLine(
        when=moment(slot.starts_at) if slot.starts_at else _("时间没排"),
        module=" ".join(part for part in (title, session) if part),
        where=slot.station or _("不分工位"),
        note=_("，").join(notes) or None,
        move_url=url,
        chosen=False,
    )


def sheet_lines(entrant: Entrant, verdict: Verdict | None) -> list[SheetLine]:
    """Sheets by state, module by module; a score only out of the publication.

    Beside the codes on other pages the states would tell which code has as many handed in.
    """
    if not may_see_names(entrant.competition, [entrant.event], current_user):
        return [
            SheetLine(
                module=module_title(entrant.event, stage, module),
                count=len(found),
                ticks=[],
                state=None,
                text=_("盲评，解密以前不写评到哪里"),
                score=None,
            )
            for (stage, module), found in states_of_sheets(entrant).items()
        ]
    scores = {line.code: line for line in verdict.modules} if verdict else {}
    lines = []
    for (stage, module), found in states_of_sheets(entrant).items():
        away = _away(entrant, stage, module)
        # Nobody goes on with the sheets of somebody who is out.
        states = [
            SheetState.WITHDRAWN if away and state not in HANDED_IN else state for state in found
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
    """What keeps somebody from the module: left, absent, disqualified; empty for who takes part."""
    if standing_withdrawal(entrant) is not None:
        return _("已退赛")
    for outcome in standing_outcomes(entrant):
        if outcome.stage == stage and outcome.module in (None, module):
            return outcome_word(outcome.status)
    return ""


def _is_last(verdict: Verdict, stage: str) -> bool:
    """Whether the stage is the one whose scores a publication shows of this person."""
    return any(
        known.code == stage and known.name == verdict.stage for known in verdict.rules.stages
    )


def result_lines(entrant: Entrant, verdict: Verdict | None) -> list[ResultLine]:
    """Place, awards and certificates, each with the page that has more; nothing before."""
    code = entrant.competition.code
    lines: list[ResultLine] = []
    if verdict is not None:
        told = _placed_lines if verdict.judged is None else _judged_lines
        lines += told(entrant, verdict)
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
        lines.append(
            ResultLine(
                label=kind_word(certificate),
                text=text,
                url=url_for(
                    "organiser.certificates",
                    code=code,
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
        ResultLine(label=_("名次"), text=_place(verdict), url=standings),
        ResultLine(label=_("奖项"), text=_("、").join(won) or _("没有"), url=awards),
        *_grade_lines(entrant, verdict, label, awards),
    ]


def _judged_lines(entrant: Entrant, verdict: Verdict) -> list[ResultLine]:
    """What an evaluation came to and why, and the grade."""
    row, event = verdict.judged, entrant.event
    assert row is not None
    verdicts = allowed_url(
        "organiser.verdicts", code=entrant.competition.code, event=event.code, q=entrant.code
    )
    why = why_words(verdict.rules, row, brought_by(entrant.carried))
    said = [verdict_word(row.verdict), *([why] if why else [])]
    label = _("认定等级") if stand_of(event).stands else _("拟认定")
    return [
        ResultLine(label=_("结论"), text=_("；").join(said), url=verdicts),
        *_grade_lines(entrant, verdict, label, verdicts),
    ]


def _grade_lines(
    entrant: Entrant, verdict: Verdict, label: str, url: str | None
) -> list[ResultLine]:
    """The grade that the results give, of each of a crew; nothing where they give none."""
    ladder = ladder_of(entrant.event)
    given = [
        " ".join(part for part in (grade.name, say(grade_label(grade.grade, ladder))) if part)
        for grade in verdict.grades
        if grade.promoted
    ]
    return [ResultLine(label=label, text=_("、").join(given), url=url)] if given else []


def _doubt(certificate: Certificate) -> str | None:
    """What a later version or a notice taken down makes of it, as its check page says."""
    doubt = doubts_about([certificate]).get(certificate.id)
    return say(DOUBTS[doubt]) if doubt else None


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
    """What the page keeps back until results are out, or which version it shows."""
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


def position_words(place: int, total: int) -> str:
    """Where in the list somebody stands."""
    return _("第 %(place)s 个，共 %(n)s 个", place=place, n=total)
