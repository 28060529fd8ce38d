"""激励名单: the schemes, one of them with its rules and lists, and the list of a month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.rewards.dues import Basis, Change, Start, Why
from compete.domain.values.days import date_words, month_words
from compete.domain.values.messages import Message, msg
from compete.domain.values.rights import Right
from compete.models import PayRuleRow, RewardList, RewardScheme
from compete.services.kernel.refusal import Refused
from compete.services.kernel.rows_by_number import find
from compete.services.rewards.pay_rules import (
    BASES,
    LastMonthFields,
    PayRuleFields,
    add_pay_rule,
    end_pay_rule,
    merit_words,
    rows_of,
)
from compete.services.rewards.reward_lists import (
    MonthFields,
    NamedLine,
    idle_rules,
    lists_of,
    make_list,
    month_to_make,
    named_lines,
    note_taken,
    takes_its_place,
)
from compete.services.rewards.schemes import (
    KeeperFields,
    SchemeFields,
    give_keeper,
    make_scheme,
    schemes_seen_by,
)
from compete.sheets.workbook.tables import Value
from compete.web import guard
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.list_book import send_list
from compete.web.pages import or_404
from compete.web.paging import part_of
from compete.web.refusals import problem_of, refusal_on
from compete.web.setting_forms import act_form, typed_act

PAGE_SIZE = 100
_CHANGES = {
    Change.NEW: msg("新增"),
    Change.CHANGED: msg("变动"),
    Change.LAPSED: msg("停发"),
    Change.SAME: msg("不变"),
}
_KINDS = {Change.NEW: "ok", Change.CHANGED: "warn", Change.LAPSED: "bad", Change.SAME: ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLine:
    """A rule in words; `end_url`: where its last month is written."""

    number: int
    what: str
    amount: str
    basis: str
    months: str
    document: str
    end_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DueLine:
    """A line of a list in words."""

    name: str
    number: str
    unit: str
    what: str
    certificate: str
    basis: str
    before: Decimal | None
    amount: Decimal
    change: str
    kind: str
    why: str
    document: str


def _in_cents(amount: Decimal) -> Decimal:
    """An amount in yuan, as a workbook has it to be summed: with two places."""
    return amount.quantize(Decimal("0.01"))


def money(amount: Decimal | None) -> str:
    """An amount in yuan with two places; — for none."""
    return "—" if amount is None else f"{amount:,.2f}"


def _scheme_or_404(number: int) -> RewardScheme:
    """The scheme of that number, for who keeps it and for administrators; else 404."""
    scheme = or_404(find(RewardScheme, number))
    sees = current_user.is_admin or scheme.keeper_id == current_user.id
    return or_404(scheme if sees else None)


def own_scheme_or_404(number: int) -> RewardScheme:
    """The scheme of that number for who keeps it; else 404."""
    scheme = _scheme_or_404(number)
    return or_404(scheme if scheme.keeper_id == current_user.id else None)


def _show_all(refused: Refused | None = None) -> str:
    return render_template(
        "organiser/rewards/all.html",
        rows=schemes_seen_by(current_user),
        form=act_form(SchemeFields, refused) if current_user.is_admin else None,
        problem=problem_of(refused),
    )


@face.get("/rewards")
@guard.may(Right.KEEP_REWARDS)
def rewards() -> ResponseReturnValue:
    """The schemes that the reader keeps; all for administrators, who make them."""
    return _show_all()


@face.post("/rewards")
@guard.may(Right.KEEP_REWARDS)
@only_once
@refusal_on(_show_all)
def make_reward_scheme() -> ResponseReturnValue:
    """Make the scheme of an organisation."""
    scheme = make_scheme(typed_act(SchemeFields), current_user)
    flash(_("建好了，归 %(name)s 管", name=scheme.keeper.name), "ok")
    return redirect(url_for("organiser.reward_scheme", number=scheme.id))


def _show(number: int, refused: Refused | None = None, **_values: object) -> str:
    scheme = _scheme_or_404(number)
    keeps = scheme.keeper_id == current_user.id
    lists = lists_of(scheme) if keeps else ()
    next_month = MonthFields(month=month_to_make(lists))
    return render_template(
        "organiser/rewards/scheme.html",
        scheme=scheme,
        keeps=keeps,
        rules=[_rule_line(row) for row in rows_of(scheme)] if keeps else (),
        lists=[(row, say(month_words(row.month))) for row in lists],
        month_form=act_form(MonthFields, refused, next_month, at="month") if keeps else None,
        rule_form=act_form(PayRuleFields, refused, at="rule") if keeps else None,
        end_form=act_form(LastMonthFields, refused, at="end") if keeps else None,
        keeper_form=act_form(KeeperFields, refused, at="keeper") if current_user.is_admin else None,
        problem=problem_of(refused),
    )


def _rule_line(row: PayRuleRow) -> RuleLine:
    first = say(month_words(row.first))
    last = say(month_words(row.last)) if row.last is not None else ""
    start = _("，发证当月起算") if row.start is Start.THIS else ""
    if row.last is None:
        months = _("%(first)s起", first=first)
    elif row.last < row.first:
        months = _("一个月也不发")
    else:
        months = _("%(first)s 到 %(last)s", first=first, last=last)
    return RuleLine(
        number=row.id,
        what=say(merit_words(row.grade, row.honour, row.level)),
        amount=money(row.amount),
        basis=say(BASES[row.basis]) + start,
        months=months,
        document=row.document,
        end_url=url_for("organiser.end_reward_rule", number=row.scheme_id, rule_number=row.id),
    )


@face.get("/rewards/<int:number>")
@guard.may(Right.KEEP_REWARDS)
def reward_scheme(number: int) -> ResponseReturnValue:
    """A scheme: its rules and lists, for who keeps it; for an administrator who that is."""
    return _show(number)


@face.post("/rewards/<int:number>/keeper")
@guard.may(Right.KEEP_REWARDS)
@refusal_on(_show)
def give_reward_keeper(number: int) -> ResponseReturnValue:
    """Let another account keep it."""
    changed = give_keeper(_scheme_or_404(number), typed_act(KeeperFields), current_user)
    flash(_("换好了") if changed else _("和原来一样"), "ok")
    return redirect(url_for("organiser.reward_scheme", number=number))


@face.post("/rewards/<int:number>/rules")
@guard.may(Right.KEEP_REWARDS)
@only_once
@refusal_on(_show)
def add_reward_rule(number: int) -> ResponseReturnValue:
    """Add a rule that pays for a grade or an honour."""
    row = add_pay_rule(own_scheme_or_404(number), typed_act(PayRuleFields), current_user)
    what = say(merit_words(row.grade, row.honour, row.level))
    flash(_("加了：%(what)s，%(amount)s 元", what=what, amount=money(row.amount)), "ok")
    return redirect(url_for("organiser.reward_scheme", number=number))


@face.post("/rewards/<int:number>/rules/<int:rule_number>/end")
@guard.may(Right.KEEP_REWARDS)
@refusal_on(_show)
def end_reward_rule(number: int, rule_number: int) -> ResponseReturnValue:
    """Write the last month of a rule."""
    scheme = own_scheme_or_404(number)
    row = or_404(find(PayRuleRow, rule_number))
    row = or_404(row if row.scheme_id == scheme.id else None)
    end_pay_rule(row, typed_act(LastMonthFields), current_user)
    flash(_("存下了"), "ok")
    return redirect(url_for("organiser.reward_scheme", number=number))


@face.post("/rewards/<int:number>/lists")
@guard.may(Right.KEEP_REWARDS)
@only_once
@refusal_on(_show)
def make_reward_list(number: int) -> ResponseReturnValue:
    """Make the list of a month."""
    row = make_list(own_scheme_or_404(number), typed_act(MonthFields), current_user)
    url = url_for("organiser.reward_list", number=number, list_number=row.id)
    return redirect(url)


def _list_or_404(number: int, list_number: int) -> RewardList:
    scheme = own_scheme_or_404(number)
    row = or_404(find(RewardList, list_number))
    return or_404(row if row.scheme_id == scheme.id else None)


@face.get("/rewards/<int:number>/lists/<int:list_number>")
@guard.may(Right.KEEP_REWARDS)
def reward_list(number: int, list_number: int) -> ResponseReturnValue:
    """The list of a month: who is newly due, what changed, what lapsed, and why."""
    row = _list_or_404(number, list_number)
    lines = named_lines(row, current_user)
    counts = {change: sum(it.line.change is change for it in lines) for change in Change}
    shown, page = part_of(
        lines, PAGE_SIZE, "organiser.reward_list", number=number, list_number=list_number
    )
    return render_template(
        "organiser/rewards/list.html",
        scheme=row.scheme,
        row=row,
        month=say(month_words(row.month)),
        amount=money(row.amount),
        counts=[(say(_CHANGES[change]), _KINDS[change], n) for change, n in counts.items() if n],
        lines=[_due_line(it) for it in shown],
        page=page,
        idle=[_rule_line(rule) for rule in idle_rules(row)],
        counts_now=lists_of(row.scheme)[0].id == row.id,
        instead=takes_its_place(row),
    )


@face.get("/rewards/<int:number>/lists/<int:list_number>.xlsx")
@guard.may(Right.KEEP_REWARDS)
def reward_list_book(number: int, list_number: int) -> Response:
    """The list of a month as a workbook, for who pays; each time on record."""
    row = _list_or_404(number, list_number)
    lines = [_due_line(it) for it in named_lines(row, current_user)]
    note_taken(row, current_user)
    columns = [
        *(_("姓名"), _("证件号码"), _("单位"), _("依据"), _("证书编号"), _("怎么发")),
        *(_("上次金额（元）"), _("这次金额（元）"), _("变动"), _("为什么"), _("文件")),
    ]
    title = msg("激励名单 %(month)s", month=month_words(row.month))
    if takes_its_place(row) is not None:
        title = msg("激励名单 %(month)s（已被新的代替）", month=month_words(row.month))
    return send_list(None, title, columns, [_cells(line) for line in lines])


def _cells(line: DueLine) -> Sequence[Value]:
    return [
        *(line.name, line.number, line.unit, line.what, line.certificate, line.basis),
        *(line.before, line.amount, line.change, line.why, line.document),
    ]


def _due_line(it: NamedLine) -> DueLine:
    due = it.line.due
    return DueLine(
        name=it.name or _("资料已删除"),
        number=it.number,
        unit=it.unit,
        what=say(merit_words(due.grade, due.honour, due.level)),
        certificate=due.number,
        basis=say(BASES[due.basis]),
        before=_in_cents(it.line.before) if it.line.before is not None else None,
        amount=_in_cents(it.line.pays),
        change=say(_CHANGES[it.line.change]),
        kind=_KINDS[it.line.change],
        why=_why_words(it),
        document=it.rule.document,
    )


def _why_words(it: NamedLine) -> str:
    """Why a due is new, changed or gone, and from when on it could have been paid."""
    words = [say(_why(it))] if it.line.why is not None else []
    if it.line.missed_from is not None:
        month = say(month_words(it.line.missed_from))
        words.append(_("按规则%(month)s就能发，前面的名单没有，看要不要补", month=month))
    return _("；").join(words)


def _why(it: NamedLine) -> Message:
    line, due = it.line, it.line.due
    once = due.basis is Basis.ONCE
    match line.why:
        case Why.CERTIFIED:
            return msg("%(day)s发的证", day=date_words(due.day))
        case Why.RULE_BEGAN:
            return msg(
                "%(day)s发的证；规则这个月才算到，或者人才到这个单位", day=date_words(due.day)
            )
        case Why.OTHER_GRADE:
            was = merit_words(line.grade_before, "", None)
            return msg("最高等级原来是 %(was)s", was=was)
        case Why.RULE_CHANGED:
            if once:
                return msg("已经发过，规则的金额变了，这次补差，负数是收回")
            return msg("规则的金额变了")
        case Why.VOID:
            return msg("证书作废，已经发过，要收回") if once else msg("证书作废")
        case Why.LEFT:
            return msg("已经不在这个单位")
        case _:
            return msg("规则写错了，已经发过，要收回") if once else msg("规则到期")
