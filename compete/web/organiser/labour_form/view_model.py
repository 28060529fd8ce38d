"""The form of a labour competition's rules: rows, choices, and what is wrong beside its field."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from flask import url_for
from flask_babel import gettext as _

from compete.domain.bundle.problems import Problem
from compete.domain.values.messages import listed
from compete.models import Competition
from compete.services.competitions.file_versions import is_newest
from compete.services.competitions.labour_draft import (
    IndicatorDraft,
    LabourDraft,
    PeriodDraft,
    UnitDraft,
    leaves_in,
)
from compete.services.competitions.labour_form import labour_draft_in_force
from compete.services.kernel.event_rules import labour_of
from compete.services.labour.departments import departments_of
from compete.services.labour.known_rules import rules_seen
from compete.services.labour.rule_changes import waiting_rules
from compete.services.labour.rule_fit import Misfit
from compete.services.labour.rules import why_labour_rules_stay
from compete.web.bundle_places import place_words
from compete.web.guard import allowed_url
from compete.web.language import say
from compete.web.organiser.events.shapes import RowView, Trouble, choices_of
from compete.web.organiser.labour_form.examples import labour_example
from compete.web.organiser.labour_form.misfits import misfit_words, with_refused_rows
from compete.web.organiser.labour_form.reading import Form, field_at, text_in
from compete.web.organiser.labour_form.shapes import (
    FormUrls,
    IndicatorFields,
    LabourChoices,
    LabourFormPage,
    PeriodFields,
)
from compete.web.organiser.labour_rules.view_model import start_choices
from compete.web.organiser.labour_rules.words import change_line
from compete.web.organiser.shapes import competition_link
from compete.web.shapes import Choice

_SHOWN = 20
FEW, MORE = 1, 5
"""So many empty rows a list ends with, and once more were asked for."""


def labour_form_page(
    competition: Competition,
    draft: LabourDraft,
    form: Form | None = None,
    *,
    problem: str | None = None,
    problems: Sequence[Problem] = (),
    misfits: Sequence[Misfit] = (),
    more: str = "",
) -> LabourFormPage:
    """The form with what the draft says; `more` names the list that gets further empty rows.

    `misfits` are what was entered or closed against it: a row that may not go stands again.
    """
    code = competition.code
    by_two, waiting = why_labour_rules_stay(competition), waiting_rules(competition)
    before = labour_draft_in_force(competition)
    draft, gone = with_refused_rows(draft, before, misfits)
    told, others = _told(problems, draft)
    told |= misfit_words(misfits, draft, gone)
    leaves = [Choice(value=each, label=name or each) for each, name in leaves_in(draft)]

    def blank(name: str) -> int:
        return 0 if waiting else MORE if more == name else FEW

    return LabourFormPage(
        competition=competition_link(competition),
        urls=FormUrls(
            here=url_for("organiser.labour_form", code=code),
            rules=url_for("organiser.labour_rules", code=code),
            departments=allowed_url("organiser.departments", code=code),
            units=allowed_url("organiser.units", code=code),
            periods=allowed_url("organiser.months", code=code),
        ),
        seen=form["seen"] if form and "seen" in form else rules_seen(competition),
        by_two=say(by_two) if by_two is not None else None,
        stays=_("有一份规则改动在等第二个人，先同意或者撤回它") if waiting else None,
        waiting=change_line(waiting) if waiting else None,
        problem=problem,
        problems=told,
        others=others,
        draft=draft,
        periods=[
            PeriodFields(path=f"periods[{n}]", draft=each, gone=bool(each.was) and each.was in gone)
            for n, each in enumerate((*draft.periods, *[PeriodDraft()] * blank("periods")))
        ],
        indicators=[
            _indicator(n, each, leaves, told, gone)
            for n, each in enumerate((*draft.indicators, *[IndicatorDraft()] * blank("indicators")))
        ],
        units=[
            RowView(path=f"units[{n}]", draft=each)
            for n, each in enumerate((*draft.units, *[UnitDraft()] * blank("units")))
        ],
        units_open=len(draft.units) <= _SHOWN
        or more == "units"
        or any(field.startswith("units[") for field in told),
        ties=[*draft.ties, *([] if waiting else [""])],
        choices=_choices(competition, draft),
        typed={key: form.get(key, "") for key in ("reason", "starts")} if form else {},
        example=labour_example(competition, draft, form, before),
    )


def _kind_choices() -> list[Choice]:
    """The kinds of scoring, as the rules workbook calls them."""
    words = {
        "score": _("直接打分"),
        "deduction": _("按处扣分"),
        "completion": _("按完成率"),
        "linear": _("按区间"),
        "rank": _("按名次"),
    }
    return choices_of(words)


def _indicator(
    n: int,
    draft: IndicatorDraft,
    leaves: Sequence[Choice],
    told: Mapping[str, str],
    gone: Collection[str],
) -> IndicatorFields:
    path = f"indicators[{n}]"
    known = {each.value for each in leaves}
    others = [Choice(value=code, label=code) for code in draft.periods if code not in known]
    return IndicatorFields(
        path=path,
        draft=draft,
        gone=bool(draft.was) and draft.was in gone,
        leaves=[*leaves, *others],
        opens=f"{path}.periods" in told or f"{path}.code" in told,
    )


def _choices(competition: Competition, draft: LabourDraft) -> LabourChoices:
    names = [each.name for each in draft.periods if each.name]
    known = {each.code for each in draft.indicators}
    vetoed = {
        "none": _("不排名次"),
        "last": _("排在同组最后"),
        "keep": _("照总分排，旁边写明"),
    }
    return LabourChoices(
        kinds=_kind_choices(),
        better=choices_of({"higher": _("数大的在前"), "lower": _("数小的在前")}),
        missing=choices_of({"blocks": _("没有总分，补上再排"), "zero": _("按 0 分")}),
        veto_rank=choices_of(vetoed) if is_newest(competition) else [],
        ties=[
            Choice(value="", label=_("没选")),
            *(Choice(value=each.code, label=each.name) for each in draft.indicators),
            *(Choice(value=code, label=code) for code in draft.ties if code not in known),
        ],
        flag_periods=[
            Choice(value=each.code, label=each.name or each.code) for each in draft.periods
        ],
        period_names=names,
        headings=_once(each.heading for each in draft.indicators),
        departments=_once(
            [
                *(row.name for row in departments_of(competition)),
                *(each.department for each in draft.indicators),
            ]
        ),
        groups=_once(each.group for each in draft.units),
        starts=start_choices(competition, labour_of(competition)),
    )


def _once(texts: Iterable[str]) -> list[str]:
    return [text for text in dict.fromkeys(texts) if text]


def _told(problems: Sequence[Problem], draft: LabourDraft) -> tuple[dict[str, str], list[Trouble]]:
    """Sentences by field, the first of each, and what no field shows."""
    told: dict[str, str] = {}
    others = []
    for found in problems:
        field = field_at(found, draft)
        if field is None:
            others.append(Trouble(place=place_words(found.path), what=say(found.message)))
        elif field not in told:
            told[field] = _words(field, draft) or say(found.message)
    return told, others


def _words(field: str, draft: LabourDraft) -> str | None:
    """What is wrong in the form's own words; None where the reader's are as good."""
    if field == "warn_below" and not draft.flags:
        return _("没有评流动红旗，不能写黄牌线")
    text = text_in(field, draft)
    if field.endswith(".part_of"):
        known = {word for each in draft.periods for word in (each.code, each.name)}
        if not text:
            return _("只能有一个期次不属于别的，别的都要填") if _roots(draft) > 1 else None
        return None if text in known else _("没有叫“%(name)s”的期次", name=text)
    if field.endswith(".places"):
        return _("从第 1 名起写各名次的分，如 10 8 6")
    if field.endswith((".max", ".weight", ".cap", ".zero_at", ".points")) and not text:
        return _("这里要填")
    if field.endswith(".full_at"):
        return _("这里要填") if not text else _("要和 0 分线不一样的数")
    if field.endswith(".code"):
        return _same_code(field, text, draft)
    return None


def _same_code(field: str, text: str, draft: LabourDraft) -> str | None:
    rows: Sequence[PeriodDraft] | Sequence[IndicatorDraft] = draft.indicators
    if field.startswith("periods"):
        rows = draft.periods
    same = [each.name for each in rows if each.code == text]
    if len(same) < 2:
        return None
    return _("%(names)s的代号一样", names=say(listed(same)))


def _roots(draft: LabourDraft) -> int:
    return sum(not each.part_of for each in draft.periods)
