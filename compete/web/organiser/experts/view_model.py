"""The pool in rows and forms."""

from __future__ import annotations

from collections.abc import Mapping

from flask import request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.messages import some_of
from compete.domain.values.rights import Right
from compete.models import Competition, Expert
from compete.services.accounts.access import find_competition, may
from compete.services.directory.bringing_experts import plan_experts
from compete.services.directory.expert_fields import (
    FIELDS as EXPERT_FIELDS,
)
from compete.services.directory.expert_fields import (
    KINDS as EXPERT_KINDS,
)
from compete.services.directory.expert_fields import (
    LEVELS as EXPERT_LEVELS,
)
from compete.services.directory.expert_fields import (
    days_away,
    days_text,
    fields_of_expert,
)
from compete.services.directory.experts import (
    ExpertOrder,
    KnownExpertError,
    find_experts,
    may_change_expert,
)
from compete.services.directory.experts_back import last_expert_change
from compete.services.kernel.clock import local_today
from compete.services.kernel.refusal import Refused
from compete.services.officials.new_officials import people_among_officials
from compete.services.schedule.judging_days import days_of
from compete.web.language import say
from compete.web.organiser.competition_words import expert_level_word
from compete.web.organiser.experts.shapes import (
    ExpertForm,
    ExpertPage,
    ExpertRow,
    ExpertsPage,
    ExpertsUrls,
)
from compete.web.organiser.headed_rows import RowsPreview, SentRows, planned_row, rows_preview
from compete.web.organiser.shapes import LastAct, Link, View
from compete.web.paging import asked_page, describe_page
from compete.web.refusals import faults_of, problem_of
from compete.web.shapes import Choice
from compete.web.templating import days_words, moment

PAGE_SIZE = 50


def experts_page(
    values: Mapping[str, str] | None = None,
    refused: Refused | None = None,
) -> ExpertsPage:
    """A page of the pool, or of what is looked for in it."""
    query, number = request.args.get("q", "").strip()[:100], asked_page()
    kind = request.args.get("kind", "")
    kind = kind if kind in EXPERT_KINDS else ""
    wanted = request.args.get("sort", "")
    sort = ExpertOrder(wanted) if wanted in list(ExpertOrder) else ExpertOrder.NEWEST
    asking = _asking()
    code = asking.code if asking else ""
    rows, total = find_experts(query, kind, sort, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE)
    kept = {"q": query, "kind": kind, "asking": code}
    taken = people_among_officials(asking) if asking else set()
    return ExpertsPage(
        rows=[_row(expert, asking, expert.person_id in taken) for expert in rows],
        page=describe_page(total, number, PAGE_SIZE, "organiser.experts", **kept, sort=sort.value),
        query=query,
        kind=kind,
        kinds=[Choice(value="", label=_("全部类别")), *_kinds()],
        sort=sort.value,
        sorts=[
            View(
                label=label,
                url=url_for(
                    "organiser.experts",
                    **{key: text for key, text in kept.items() if text},  # type: ignore[arg-type]
                    sort=order.value,
                ),
                current=order is sort,
            )
            for order, label in zip(
                ExpertOrder, (_("最近录入"), _("姓名"), _("单位"), _("证书到期")), strict=True
            )
        ],
        asking=Link(label=asking.name, url=url_for("organiser.judges", code=code, people=1))
        if asking
        else None,
        asking_code=code,
        form=_form(values or {}, refused, url_for("organiser.add_expert")),
        problem=problem_of(refused),
        known=_known(refused),
        urls=ExpertsUrls(
            search=url_for("organiser.experts"),
            upload=url_for("organiser.upload_experts"),
            workbook=url_for("organiser.experts_workbook"),
            people=url_for("organiser.people"),
        ),
        last=_last(),
    )


def _known(refused: Refused | None) -> str | None:
    if not isinstance(refused, KnownExpertError):
        return None
    return url_for("organiser.expert", expert_id=refused.number)


def _last() -> LastAct | None:
    last = last_expert_change(current_user)
    if last is None:
        return None
    at, names = moment(last.at), say(some_of(last.names))
    said = {
        "expert.add": _("%(at)s 你加了 %(names)s", at=at, names=names),
        "expert.back": _("%(at)s 你放回了 %(names)s", at=at, names=names),
        "expert.end": _("%(at)s 你移出了 %(names)s", at=at, names=names),
        "expert.change": _("%(at)s 你改了 %(names)s", at=at, names=names),
        "several": _("%(at)s 你加了、改了 %(names)s", at=at, names=names),
    }[last.action]
    return LastAct(
        said=said,
        why_not=say(last.why_not) if last.why_not else "",
        mark=last.mark,
        undo_url=url_for("organiser.undo_last_expert"),
    )


def expert_page(
    expert: Expert,
    values: Mapping[str, str] | None = None,
    refused: Refused | None = None,
) -> ExpertPage:
    """One row, with its form for whoever may change it."""
    stands = fields_of_expert(expert)
    address = url_for("organiser.change_expert", expert_id=expert.id)
    return ExpertPage(
        name=expert.person.name,
        form=_form(values or stands, refused, address)
        if may_change_expert(expert, current_user)
        else None,
        facts=[(say(EXPERT_FIELDS[key]), text) for key, text in stands.items() if text],
        problem=problem_of(refused),
        end_url=url_for("organiser.end_expert", expert_id=expert.id),
        back_url=url_for("organiser.experts"),
    )


def preview(sent: SentRows, problem: str | None) -> RowsPreview:
    """What a workbook would do, row by row; those that are known are shown, too."""
    words = {key: say(title) for key, title in EXPERT_FIELDS.items()}
    planned = [
        planned_row(plan, [plan.texts.get(key, "") for key in EXPERT_FIELDS], words, sent)
        for plan in (plan_experts(sent, current_user) if sent else ())
    ]
    return rows_preview("experts", list(words.values()), planned, sent, problem)


def _row(expert: Expert, asking: Competition | None, taken: bool) -> ExpertRow:
    today = asking.ends or asking.starts or local_today() if asking else local_today()
    parts = [
        part
        for part in (expert_level_word(expert.level), expert.occupation, expert.certificate)
        if part
    ]
    return ExpertRow(
        name=expert.person.name,
        url=url_for("organiser.expert", expert_id=expert.id),
        kind=say(EXPERT_KINDS[expert.kind]),
        unit=expert.unit,
        qualification=_("，").join(parts),
        valid=expert.valid_until.isoformat() if expert.valid_until else "",
        expired=expert.valid_until is not None and expert.valid_until < today,
        days=days_text(expert.days),
        note=expert.note,
        away=_away(expert, asking),
        take_url=url_for("organiser.take_expert", code=asking.code, expert_id=expert.id)
        if asking and not taken
        else None,
        taken=taken,
    )


def _away(expert: Expert, asking: Competition | None) -> str:
    """On which of the competition's days they cannot come; empty where they can on each."""
    days = days_of(asking) if asking else []
    away = days_away(expert, days)
    if not away:
        return ""
    if len(away) == len(days):
        return _("比赛那几天来不了")
    return _("%(days)s来不了", days=days_words(away))


def _asking() -> Competition | None:
    """The competition that looks for judges, where it is one's own to appoint in."""
    competition = find_competition(request.args.get("asking", ""))
    if competition is None or not may(current_user, competition, Right.APPOINT):
        return None
    return competition


def _form(values: Mapping[str, str], refused: Refused | None, url: str) -> ExpertForm:
    return ExpertForm(
        values=values,
        faults=faults_of(refused),
        kinds=[Choice(value=say_plain, label=label) for say_plain, label in _kind_pairs()],
        levels=[
            Choice(value="", label=_("没有")),
            *(Choice(value=level, label=expert_level_word(level)) for level in EXPERT_LEVELS),
        ],
        url=url,
    )


def _kind_pairs() -> list[tuple[str, str]]:
    return [(str(word), say(word)) for word in EXPERT_KINDS.values()]


def _kinds() -> list[Choice]:
    return [Choice(value=key, label=say(word)) for key, word in EXPERT_KINDS.items()]
