"""The rules of a labour competition as a form: saved at once, or asked for by two."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from compete.domain.bundle.problems import Problem
from compete.domain.values.messages import listed, msg
from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.competitions.file_versions import is_newest
from compete.services.competitions.labour_draft import (
    IndicatorDraft,
    LabourDraft,
    PeriodDraft,
    PrizeDraft,
    SpanDraft,
    UnitDraft,
    labour_draft_in_force,
    labour_rules_of_draft,
    leaves_in,
)
from compete.services.kernel.event_rules import labour_of
from compete.services.kernel.refusal import Refused
from compete.services.kernel.text_limits import LONGEST_REASON, too_long
from compete.services.labour.departments import departments_of
from compete.services.labour.rule_changes import waiting_rules
from compete.services.labour.rule_fit import Misfit, RulesMisfit
from compete.services.labour.rule_words import KINDS
from compete.services.labour.rules import rules_mark, why_labour_rules_stay
from compete.services.rules.rules_saving import RulesRefused
from compete.web import guard
from compete.web.bundle_places import place_words
from compete.web.labour_words import told_apart
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.labour.form.examples import labour_example
from compete.web.organiser.labour.form.reading import Form, field_at, read_labour_draft, text_in
from compete.web.organiser.labour.rules.asking import (
    ask_for_rules,
    refuse_second_change,
    save_alone,
    says_start,
    start_choices,
)
from compete.web.organiser.rules.events.shapes import Trouble
from compete.web.organiser.rules.rule_differences import change_line
from compete.web.posted import posted_reason, posted_text
from compete.web.refusals import problem_of, refusal_on, refuse_too_much
from compete.web.shapes import Choice, choices

Row = TypeVar("Row", IndicatorDraft, PeriodDraft)
STARTS = "starts"


def _with_refused_rows(
    draft: LabourDraft, before: LabourDraft, misfits: Sequence[Misfit]
) -> tuple[LabourDraft, set[str]]:
    """Return the draft with the rows that had to stay though marked to go, and their codes."""
    there = {indicator.code for indicator in draft.indicators} | {
        period.code for period in draft.periods
    }
    rows = [misfit.code for misfit in misfits if misfit.of in ("indicators", "periods")]
    gone = {code for code in rows if code not in there}
    indicators = _standing_again(draft.indicators, before.indicators, gone)
    periods = _standing_again(draft.periods, before.periods, gone)
    return replace(draft, indicators=indicators, periods=periods), gone


def _misfit_words(
    misfits: Sequence[Misfit], draft: LabourDraft, gone: Collection[str]
) -> dict[str, str]:
    """Sentences by field; where several are about one, all of them."""
    by_field: dict[str, list[str]] = {}
    for misfit in misfits:
        by_field.setdefault(_field(misfit, draft, gone), []).append(say(misfit.why))
    return {field: _("；").join(dict.fromkeys(words)) for field, words in by_field.items()}


def _field(misfit: Misfit, draft: LabourDraft, gone: Collection[str]) -> str:
    units = {unit.name: unit.was for unit in draft.units}
    codes = {
        "periods": [row.code for row in draft.periods],
        "spans": [units.get(row.unit, row.was) for row in draft.spans],
    }.get(misfit.of, [row.code for row in draft.indicators])
    if not misfit.of or misfit.code not in codes:
        return STARTS
    key = "gone" if misfit.code in gone else misfit.key
    return f"{misfit.of}[{codes.index(misfit.code)}].{key}"


def _standing_again(
    rows: Sequence[Row], before: Sequence[Row], gone: Collection[str]
) -> tuple[Row, ...]:
    """The rows with those of `before` that are `gone`, each where it stood."""
    standing = list(rows)
    for place, row in enumerate(before):
        if row.was in gone:
            standing.insert(place, row)
    return tuple(standing)


_SHOWN = 20
FEW, MORE = 1, 5
"""The number of empty rows that end a list, and of those once more were asked for."""


def _form_page(
    competition: Competition,
    draft: LabourDraft,
    form: Form | None = None,
    *,
    problem: str | None = None,
    problems: Sequence[Problem] = (),
    misfits: Sequence[Misfit] = (),
    more: str = "",
) -> str:
    """Show the form with the draft; `more` names the list that gets further empty rows.

    `misfits` are what was entered or closed against it: a row that may not go stands again.
    """
    waiting, before = waiting_rules(competition), labour_draft_in_force(competition)
    draft, gone = _with_refused_rows(draft, before, misfits)
    by_field, others = _sort_problems(problems, draft)
    by_field |= _misfit_words(misfits, draft, gone)

    leaves = [Choice(value=code, label=name or code) for code, name in leaves_in(draft)]
    known = {leaf.value for leaf in leaves}
    names = {period.code: period.name for period in draft.periods}

    def blank(name: str) -> int:
        return 0 if waiting else MORE if more == name else FEW

    return render_template(
        "organiser/labour/form/form.html",
        seen=form["seen"] if form and "seen" in form else rules_mark(competition),
        by_two=why_labour_rules_stay(competition),
        stays=_("有一份规则改动在等第二个人，先同意或者撤回它") if waiting else None,
        waiting=change_line(waiting) if waiting else None,
        problem=problem,
        problems=by_field,
        others=others,
        draft=draft,
        gone=gone,
        periods=[*draft.periods, *[PeriodDraft()] * blank("periods")],
        indicators=[
            (
                row,
                leaves
                + [
                    Choice(value=it, label=names.get(it) or it)
                    for it in row.periods
                    if it not in known
                ],
            )
            for row in (*draft.indicators, *[IndicatorDraft()] * blank("indicators"))
        ],
        units=[*draft.units, *[UnitDraft()] * blank("units")],
        units_open=len(draft.units) <= _SHOWN
        or more == "units"
        or any(field.startswith("units[") for field in by_field),
        prizes=[*draft.prizes, *[PrizeDraft()] * blank("prizes")]
        if is_newest(competition) or draft.prizes
        else [],
        spans=[*draft.spans, *[SpanDraft()] * blank("spans")],
        ties=[*draft.ties, *([] if waiting else [""])],
        choices=_choices(competition, draft),
        typed=form or {},
        example=labour_example(competition, draft, form, before, gone),
    )


def _choices(competition: Competition, draft: LabourDraft) -> dict[str, Sequence[Choice | str]]:
    """The choices, and the proposals for typed fields."""
    named = told_apart(
        draft.indicators,
        {period.code: period.name for period in draft.periods},
        {indicator.code: indicator.department for indicator in draft.indicators},
    )
    vetoed = {
        "none": _("不排名次"),
        "last": _("排在同组最后"),
        "keep": _("照总分排，旁边写明"),
    }
    return {
        "kinds": choices({str(kind): _(word) for kind, word in KINDS.items()}),
        "better": choices({"higher": _("数大的在前"), "lower": _("数小的在前")}),
        "missing": choices({"blocks": _("没有总分，补上再排"), "zero": _("按 0 分")}),
        "veto_rank": choices(vetoed) if is_newest(competition) else [],
        "ties": [
            Choice(value="", label=_("没选")),
            *(Choice(value=code, label=name) for code, name in named.items()),
            *(Choice(value=code, label=code) for code in draft.ties if code not in named),
        ],
        "flag_periods": choices(
            {period.code: period.name or period.code for period in draft.periods}
        ),
        "prize_by": [
            Choice(value="", label=_("选一样")),
            *(
                Choice(value=f"heading:{name}", label=name)
                for name in _once(indicator.heading for indicator in draft.indicators)
            ),
            *(
                Choice(value=f"indicator:{code}", label=_("指标：%(name)s", name=name))
                for code, name in named.items()
            ),
        ],
        "prize_periods": [
            Choice(value="", label=_("全部期次")),
            *(
                Choice(value=period.code, label=period.name or period.code)
                for period in draft.periods
            ),
        ],
        "period_names": [period.name for period in draft.periods if period.name],
        "headings": _once(indicator.heading for indicator in draft.indicators),
        "departments": _once(
            [
                *(row.name for row in departments_of(competition)),
                *(indicator.department for indicator in draft.indicators),
            ]
        ),
        "groups": _once(unit.group for unit in draft.units),
        "leaves": [name for _code, name in leaves_in(draft) if name],
        "units": [unit.name for unit in draft.units if unit.name],
        "starts": start_choices(competition, labour_of(competition)),
    }


def _once(texts: Iterable[str]) -> list[str]:
    return [text for text in dict.fromkeys(texts) if text]


def _sort_problems(
    problems: Sequence[Problem], draft: LabourDraft
) -> tuple[dict[str, str], list[Trouble]]:
    """Sentences by field, the first of each, and what no field shows."""
    by_field: dict[str, str] = {}
    others = []
    for problem in problems:
        field = field_at(problem, draft)
        if field is None:
            others.append(Trouble(place=place_words(problem.path), what=say(problem.message)))
        elif field not in by_field:
            by_field[field] = _words(field, draft) or say(problem.message)
    return by_field, others


def _words(field: str, draft: LabourDraft) -> str | None:
    """Explain a fault in the form's own words; None if the reader's are as good."""
    if field == "warn_below" and not draft.flags:
        return _("没有评流动红旗，不能写黄牌线")
    text = text_in(field, draft)
    if field.endswith(".part_of"):
        known = {word for period in draft.periods for word in (period.code, period.name)}
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
    same = [row.name for row in rows if row.code == text]
    if len(same) < 2:
        return None
    return _("%(names)s的代号一样", names=say(listed(same)))


def _roots(draft: LabourDraft) -> int:
    return sum(not period.part_of for period in draft.periods)


# 130 units, 200 indicators asked in 60 periods and more.
_MOST_FIELDS = 50_000


@face.route("/<code>/labour/rules/form", methods=["GET", "POST"])
@guard.may(Right.SET_UP, of=guard.LABOUR)
def labour_form(competition: Competition) -> ResponseReturnValue:
    """The rules in force as a form; what cannot be saved stays in its field."""
    before = labour_draft_in_force(competition)
    if request.method != "POST":
        return _form_page(competition, before)
    _refuse_too_much()
    refuse_second_change(competition)
    draft = read_labour_draft(request.form, before)
    act, _colon, more = request.form.get("act", "save").partition(":")
    if act in ("more", "try"):
        return _form_page(competition, draft, request.form, more=more)
    return _save(competition, draft)


@face.post("/<code>/labour/rules/try")
@guard.may(Right.SET_UP, of=guard.LABOUR)
def try_labour_form(competition: Competition) -> ResponseReturnValue:
    """Work the example out under what the form says now; nothing is stored."""
    _refuse_too_much()
    before = labour_draft_in_force(competition)
    # A form that is closed sends its example alone.
    closed = waiting_rules(competition) is not None
    draft = before if closed else read_labour_draft(request.form, before)
    card = labour_example(competition, draft, request.form, before, as_sent=True)
    return jsonify(
        card=render_template("organiser/labour/form/_example.html", example=card),
        worked=render_template("organiser/labour/form/_worked.html", worked=card["worked"]),
        problems={it["name"]: it["problem"] for it in card["fields"] if it["problem"]},
    )


def _refused_form(competition: Competition, draft: LabourDraft, refused: Refused) -> str:
    misfits = refused.why if isinstance(refused, RulesMisfit) else ()
    return _form_page(
        competition,
        draft,
        request.form,
        problem=_("这样改不了，什么都没有改") if misfits else problem_of(refused),
        problems=refused.problems if isinstance(refused, RulesRefused) else (),
        misfits=misfits,
    )


@refusal_on(_refused_form)
def _save(competition: Competition, draft: LabourDraft) -> ResponseReturnValue:
    alone = why_labour_rules_stay(competition) is None
    reason = posted_reason()
    unsaid = []
    if not alone and not says_start():
        unsaid.append(Problem("starts", msg("选新规则从哪一期起")))
    if not alone and not reason.strip():
        unsaid.append(Problem("reason", msg("写明为什么改规则")))
    if not alone and len(reason) > LONGEST_REASON:
        unsaid.append(Problem("reason", too_long(reason, LONGEST_REASON)))
    try:
        rules = labour_rules_of_draft(competition, draft)
    except RulesRefused as refused:
        raise RulesRefused([*unsaid, *refused.problems]) from None
    if unsaid:
        raise RulesRefused(unsaid)
    seen = posted_text("seen")
    if alone:
        return save_alone(competition, rules, "labour_form", seen)
    return ask_for_rules(competition, rules, seen)


def _refuse_too_much() -> None:
    refuse_too_much(sum(len(values) for _name, values in request.form.lists()), _MOST_FIELDS)
