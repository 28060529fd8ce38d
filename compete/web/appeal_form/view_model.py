"""An appellant's page in words: what there is to appeal against, and what became of it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from flask import current_app, render_template
from flask_babel import gettext as _

from compete.domain.values.states import AppealState, state_words
from compete.domain.values.upload_limits import LARGEST_FILM
from compete.models import Account, Appeal, AppealDecision, AppealEvidence, Entrant, utc_now
from compete.services.appeals.appeal_states import (
    KIND_WORDS,
    ORDERING,
    Kind,
    appeals_of_entrant,
    is_open,
    may_accept,
    may_go_on,
    standing_decision,
    to_carry_out,
    was_accepted,
)
from compete.services.appeals.appellants import can_prove, last_four_are_public
from compete.services.appeals.arbiter_view import decided_value
from compete.services.appeals.evidence import MOST_AT_ONCE, files_until, is_added
from compete.services.appeals.filing import LONGEST_MATTER, SHORTEST_MATTER, appealed_already
from compete.services.appeals.ordered_rulings import carried_words
from compete.services.appeals.second_instance import outcome_words
from compete.services.appeals.windows import appeal_window, items_of
from compete.services.kernel.clock import local_time
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.event_rules import module_title, rules_of
from compete.services.results.contestants import Verdict, verdict_for
from compete.services.results.published_aspects import own_aspects, own_scores
from compete.services.sheets.films import (
    FILM,
)
from compete.services.sheets.sent_documents import PDF
from compete.web.appeal_form.shapes import AppealCard, ItemGroup, ItemRow, Step
from compete.web.language import say
from compete.web.shapes import Chip, Choice
from compete.web.templating import moment_in_sentence
from compete.web.upload_limit_words import most_bytes_of_a_file, size_words

Url = Callable[[str, str], str]
"""The address of an act (`add`, `withdraw`, `go_on`) on an appeal, by its public id."""

CHIPS = {
    AppealState.FILED: "warn",
    AppealState.DECIDED: "ok",
    AppealState.SECOND: "warn",
    AppealState.FINAL: "ok",
    AppealState.WITHDRAWN: "",
}


def appeal_page(
    entrant: Entrant,
    *,
    file_url: str,
    back_url: str,
    act_url: Url,
    by: Account | None,
    typed: Mapping[str, str],
    received: str | None,
    problem: str | None = None,
    acting: str | None = None,
) -> str:
    """Render the page; `by` is the unit's contact, `received` the id of the one just received."""
    verdict = verdict_for(entrant)
    groups = _groups(entrant, verdict, typed.get("item", ""))
    rows = [row for group in groups for row in (group.whole, *group.parts)]
    shut = all(row.shut for row in rows)
    by_unit = by is not None
    appeals = appeals_of_entrant(entrant)
    cards = [
        _describe_appeal(appeal, act_url, by=by, received=appeal.public_id == received)
        for appeal in reversed(appeals)
    ]
    name = verdict.name if verdict else entrant.name
    numbered = can_prove(entrant)
    return render_template(
        "appeal_form/appeal.html",
        heading=_("提出申诉"),
        subheading=" · ".join((name, entrant.code, entrant.unit.name)),
        now=utc_now().isoformat(),
        closed=_why_shut(groups) if shut else None,
        groups=groups,
        reasons=_reasons(groups) if shut else [],
        kinds=[Choice(value=kind.value, label=say(KIND_WORDS[kind])) for kind in Kind],
        cards=cards,
        values=typed,
        uuid=typed.get("uuid") or str(uuid.uuid4()),
        filed=" ".join(appeal.uuid for appeal in appeals),
        problem=problem,
        acting=acting if acting in _offered(cards) else None,
        unknown_number=not by_unit and not numbered,
        whole_number=not by_unit and numbered and last_four_are_public(entrant),
        by_unit=by_unit,
        contact=settings_of(entrant.competition).contact,
        file_url=file_url,
        back_url=back_url,
        shortest=SHORTEST_MATTER,
        longest=LONGEST_MATTER,
        most_photos=MOST_AT_ONCE,
        most_bytes=min(most_bytes_of_a_file(), LARGEST_FILM),
        most_words=size_words(min(current_app.config["MAX_CONTENT_LENGTH"], LARGEST_FILM)),
        blind=entrant.event.blind,
        file_minutes=settings_of(entrant.competition).appeals.file_minutes,
    )


def _offered(cards: Sequence[AppealCard]) -> set[str]:
    """The acts that the page has a form for: meanwhile one may have gone."""
    return {f"{act}-{card.appeal.public_id}" for card in cards for act in card.urls}


def _groups(entrant: Entrant, verdict: Verdict | None, chosen: str) -> list[ItemGroup]:
    """Aspects are offered once results are out: before, what is looked at may be a secret."""
    given = _given_scores(entrant, verdict) if verdict is not None else {}
    again = appealed_already(entrant)
    groups: list[ItemGroup] = []
    for item in items_of(entrant, aspects=verdict is not None):
        window = appeal_window(entrant, item.stage, item.module)
        why = item.barred or window.closed or again.get(item.key)
        note = say(why) if why is not None else given.get(item.key)
        row = ItemRow(
            key=item.key,
            name=item.name,
            note=note,
            shut=why is not None,
            until=window.until.isoformat() if window.until else None,
            until_words=moment_in_sentence(window.until) if window.until else None,
        )
        if item.aspect is None:
            groups.append(ItemGroup(whole=row, parts=[], open=False))
        else:
            last = groups.pop()
            groups.append(
                ItemGroup(
                    whole=last.whole,
                    parts=[*last.parts, row],
                    open=last.open or row.key == chosen,
                )
            )
    return groups


def _given_scores(entrant: Entrant, verdict: Verdict) -> dict[str, str]:
    """Return the given values of each item, by its key."""
    given = {
        "/".join(key): _("%(score)s 分", score=score)
        for key, score in own_scores(entrant, verdict).items()
    }
    for key, aspect in own_aspects(entrant, verdict, _).items():
        marks = _("得 %(mine)s / %(full)s", mine=aspect.mine, full=aspect.full)
        given["/".join(key)] = (
            _("%(value)s，%(marks)s", value=aspect.value, marks=marks) if aspect.value else marks
        )
    return given


def _why_shut(groups: list[ItemGroup]) -> str:
    """Give one sentence if all modules say the same; else say that each has its own reason."""
    notes = {group.whole.note for group in groups if group.whole.note}
    if len(notes) == 1:
        return notes.pop()
    return _("现在没有能申诉的，各项的原因写在下面。") if groups else _("没有能申诉的")


def _reasons(groups: list[ItemGroup]) -> list[str]:
    """Say why each module cannot be appealed against, where they do not all say the same."""
    if len({group.whole.note for group in groups if group.whole.note}) == 1:
        return []
    return [
        _("%(name)s：%(why)s", name=group.whole.name, why=group.whole.note)
        for group in groups
        if group.whole.note
    ]


def _describe_appeal(
    appeal: Appeal, act_url: Url, *, by: Account | None = None, received: bool = False
) -> AppealCard:
    """Describe one appeal as its appellant follows it."""
    decision = standing_decision(appeal)
    waits = appeal.state in (AppealState.FILED, AppealState.SECOND)
    acts = {
        "add": waits,
        "withdraw": waits,
        "accept": may_accept(appeal, by),
        "go_on": may_go_on(appeal),
    }
    filed = local_time(appeal.filed_at)
    return AppealCard(
        appeal=appeal,
        what=what_of(appeal),
        chip=chip_of(appeal),
        steps=steps_of(appeal),
        decision=outcome_text(appeal),
        reason=decision.reason if decision else None,
        added=[(moment_in_sentence(row.added_at), _added_words(row)) for row in appeal.evidence],
        meanwhile=is_open(appeal),
        received=f"{filed:%H:%M:%S}" if received else None,
        in_time=_early(appeal.filed_at, appeal.filing_until) if received else None,
        files_until=files_until_words(appeal) if waits else None,
        urls={act: act_url(act, appeal.public_id) for act, offered in acts.items() if offered},
    )


def files_until_words(appeal: Appeal) -> str | None:
    """Say until when files may follow the words; None once they may not."""
    until = files_until(appeal)
    if utc_now() > until:
        return None
    return _("照片、录像可以跟到 %(at)s，仲裁组到时才定。", at=moment_in_sentence(until))


def _added_words(row: AppealEvidence) -> str:
    """Describe a piece that was put with an appeal, by its sort or by the words themselves."""
    sort = {PDF: _("PDF"), FILM: _("录像")}.get(row.media or "", _("照片") if row.sha256 else "")
    words = row.words or sort or _("材料已经删除")
    if row.words and sort:
        words = _("%(sort)s：%(words)s", sort=sort, words=row.words)
    return _("补的：%(said)s", said=words) if is_added(row) else words


def _early(filed: datetime, until: datetime | None) -> str:
    if until is None:
        return _("服务器收到的时间")
    left = int((until - filed).total_seconds())
    return _(
        "服务器收到的时间，比截止早 %(minutes)s 分 %(seconds)s 秒",
        minutes=left // 60,
        seconds=left % 60,
    )


def what_of(appeal: Appeal) -> str:
    """The module, the aspect, and what it is about."""
    event = appeal.entrant.event
    parts = [module_title(event, appeal.stage, appeal.module)]
    name = _aspect_name(appeal)
    if name is not None:
        parts.append(name)
    return " · ".join([*parts, say(KIND_WORDS[Kind(appeal.kind)])])


def _aspect_name(appeal: Appeal) -> str | None:
    """Return the name of the aspect that the appeal is about, if it is about one."""
    for stage in rules_of(appeal.entrant.event).stages:
        for module in stage.modules:
            if (stage.code, module.code) == (appeal.stage, appeal.module):
                names = {aspect.code: aspect.name for aspect in module.aspects}
                return names.get(appeal.aspect or "", appeal.aspect)
    return appeal.aspect


def chip_of(appeal: Appeal) -> Chip:
    """The state in words, with what is left to be done."""
    if to_carry_out(appeal):
        return Chip(text=_("等裁判长执行"), kind="warn", icon="clock")
    kind = CHIPS[appeal.state]
    icon = {"warn": "clock", "ok": "check"}.get(kind, "ban")
    return Chip(text=say(state_words(appeal.state)), kind=kind, icon=icon)


def outcome_text(appeal: Appeal) -> str | None:
    """Put the decision into words; None while there is none."""
    decision = standing_decision(appeal)
    return decision_text(decision) if decision is not None else None


def decision_text(decision: AppealDecision) -> str:
    """Put a decision into words, with the value and what it orders."""
    words = say(outcome_words(decision))
    if value := decided_value(decision, _):
        words = _("%(outcome)s，改成 %(value)s", outcome=words, value=value)
    return (
        _("%(said)s：%(orders)s", said=words, orders=decision.orders) if decision.orders else words
    )


def steps_of(appeal: Appeal) -> list[Step]:
    """List the steps taken on an appeal and those to come, in the order of time."""
    state = appeal.state
    first = [row for row in appeal.decisions if row.instance == 1 and row.stood_at]
    second = [row for row in appeal.decisions if row.instance == 2 and row.stood_at]
    steps = [_step(appeal.filed_at, _("收到"), "", done=True)]
    if first:
        until = _(
            "%(at)s 前可以提请总仲裁", at=moment_in_sentence(appeal.second_until or appeal.filed_at)
        )
        text = until if state is AppealState.DECIDED and may_go_on(appeal) else ""
        steps.append(_step(first[-1].stood_at, _("仲裁组定了"), text, done=True))
    elif state is AppealState.FILED:
        steps.append(_step(None, _("仲裁组在看"), "", done=False))
        steps.append(
            _step(appeal.answer_by, _("最迟这时答复"), _("这一页会写结果和理由"), done=False)
        )
    accepted = len(steps)
    if was_accepted(appeal):
        steps.append(_step(appeal.second_until, _("接受了决定，不再改"), "", done=True))
    if appeal.second_at:
        steps.append(_step(appeal.second_at, _("提请了总仲裁"), appeal.second_why or "", done=True))
        if second:
            steps.append(_step(second[-1].stood_at, _("总仲裁定了，不再改"), "", done=True))
        elif state is AppealState.SECOND:
            steps.append(_step(appeal.second_by, _("总仲裁最迟这时答复"), "", done=False))
    if appeal.withdrawn_at:
        steps.append(_step(appeal.withdrawn_at, _("撤回了"), "", done=True))
    decision = standing_decision(appeal)
    if decision is not None and decision.outcome in ORDERING and state is not AppealState.SECOND:
        at, taken = appeal.carried_at, appeal.second_until
        early = at is not None and taken is not None and at < taken and was_accepted(appeal)
        carried = _step(at, _("裁判长执行"), say(carried_words(appeal)), done=at is not None)
        steps.insert(accepted if early else len(steps), carried)
    return steps


def _step(at: datetime | None, title: str, text: str, *, done: bool) -> Step:
    return Step(at=moment_in_sentence(at) if at else "", title=title, text=text, done=done)
