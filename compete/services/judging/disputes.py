"""Disputes: a chief judge has a panel too far apart marked again (重评), or rules (裁定)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal

from compete.domain.aspects.types import Aspect
from compete.domain.bundle.event_types import Module
from compete.domain.values.messages import msg
from compete.domain.values.rights import Right, roles_for
from compete.domain.values.states import SHEET_MOVES, SheetState, move
from compete.models import Account, Act, Competition, Judge, Ruling, Sheet, db
from compete.services.accounts.access import membership_of
from compete.services.judging.panels.module_watch import watch_module
from compete.services.judging.panels.previous_round import TOTAL_KIND
from compete.services.judging.panels.reveal import PanelView, panel_of
from compete.services.judging.panels.rulings import StandingRuling, standing_rulings
from compete.services.judging.sent_back_sheets import put_back
from compete.services.judging.signed_content import last_act
from compete.services.judging.signing import supersede_signature
from compete.services.judging.tablet_view import as_sent
from compete.services.kernel import audit
from compete.services.kernel.refusal import Refusal, Refused, invalid, refuse_if
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import unit_of_work
from compete.services.sheets.act_limits import mark_fault
from compete.services.sheets.act_rules import act_value, required_aspect
from compete.services.sheets.act_seals import add_act, seal_acts
from compete.services.sheets.locks_in_force import claim_open
from compete.services.sheets.totals import provisional_total


def chief_judge(account: Account, competition: Competition) -> Judge:
    """The chief judge that the account is. Raises `Refused` (FORBIDDEN) for anybody else."""
    membership = membership_of(account, competition, roles_for(Right.RULE))
    if membership is None or membership.judge is None:
        raise Refused(msg("只有裁判长能这样做"), kind=Refusal.FORBIDDEN)
    return membership.judge


def send_panel_back(
    sheet: Sheet, aspects: Collection[str], reason: str, by: Account
) -> list[Sheet]:
    """Send all sheets of the sheet's panel back; the named aspects are marked anew.

    A value that is called back no longer stands, but stays on record: the
    tablet shows it dashed beside an empty control. Both rounds so stay. Where the
    sums lie too far apart, each sheet keeps what it came to beside them.
    """
    reason = reason_text(reason, msg("重评要写理由，裁判会看到"))
    with unit_of_work():
        view, competition, chief = panel_of_chief(sheet, by)
        for code in aspects:
            required_aspect(view.module, code)
        sums = not aspects or any(spread.aspect is None for spread in view.apart)
        for panel_sheet in view.sheets:
            before, newest = panel_sheet.state, last_act(panel_sheet)
            for code in aspects:
                _recall(
                    panel_sheet,
                    code,
                    view.values[panel_sheet.id].get(code),
                    chief,
                    reason,
                    view.module,
                )
            if sums:
                was = provisional_total(view.module, view.values[panel_sheet.id])
                extra = {"was": was, "recalled_by": chief.code}
                add_act(panel_sheet, chief.id, TOTAL_KIND, None, None, extra, note=reason)
            put_back(panel_sheet, reason)
            db.session.flush()
            audit.record(
                competition,
                by,
                "sheet.remark",
                panel_sheet.label,
                before={"state": before.value},
                after={
                    "state": panel_sheet.state.value,
                    "judge": panel_sheet.judge.code,
                    "aspects": sorted(aspects),
                    "acts": seal_acts(Act.sheet_id == panel_sheet.id, Act.id > newest),
                },
                reason=reason,
            )
        return view.sheets


def rule_dispute(
    sheet: Sheet,
    values: Mapping[str, str | bool],
    reason: str,
    by: Account,
    *,
    ordered: Collection[str] = (),
) -> list[Ruling]:
    """The chief judge's value for each named aspect stands on every sheet of the panel.

    Only for a panel that is in and too far apart, for aspects on which one of its values is
    doubtful or a ruling stands, or for those whose value arbiters have `ordered`. Each is an
    act of kind `ruling` by the chief judge, with `ruled_by`, `reason` and `was` beside it:
    the judges' own values stay on record, and the bundle's marks carry the same, also of a
    ruling that corrects one. A signature under a sheet that changes so no longer stands.
    """
    reason = reason_text(reason, msg("裁定要写理由"))
    if not values:
        raise invalid(msg("还没写裁定成多少"))
    open_to_ruling = set(ordered)
    if not set(values) <= open_to_ruling:
        watch = watch_module(sheet.entrant.event, sheet.stage, sheet.module)
        open_to_ruling.update(watch.doubtful_of(sheet.entrant_id))
    with unit_of_work():
        view, competition, chief = panel_of_chief(sheet, by)
        stands = _panel_rulings(view)
        open_to_ruling.update(code for _sheet, code in stands)
        if not view.apart and not set(values) <= open_to_ruling:
            raise Refused(
                msg("%(code)s 的分差没有超限，这一项也不反常，不用裁定", code=sheet.label)
            )
        newest = max(last_act(panel_sheet) for panel_sheet in view.sheets)
        added = Act.sheet_id.in_([panel_sheet.id for panel_sheet in view.sheets]) & (
            Act.id > newest
        )
        rulings = [
            _rule(
                *(view, required_aspect(view.module, code), sent, chief, reason, by),
                stands={} if code in ordered else stands,
            )
            for code, sent in values.items()
        ]
        for panel_sheet in view.sheets:
            supersede_signature(panel_sheet, reason)
            if panel_sheet.state is SheetState.SIGNED:
                panel_sheet.state = move(panel_sheet.state, SheetState.SUBMITTED, SHEET_MOVES)
            panel_sheet.version += 1
        db.session.flush()
        for ruling in rulings:
            audit.record(
                competition,
                by,
                "dispute.rule",
                sheet.label,
                before=ruling.before,
                after={
                    "module": sheet.module,
                    "aspect": ruling.aspect,
                    "name": required_aspect(view.module, ruling.aspect).name,
                    "value": f"{ruling.value:f}",
                    "acts": seal_acts(added, Act.aspect == ruling.aspect),
                },
                reason=reason,
            )
        return rulings


def panel_of_chief(sheet: Sheet, by: Account) -> tuple[PanelView, Competition, Judge]:
    """The panel with all sheets in, claimed for a chief judge's act; inside a unit of work."""
    competition = claim_open(sheet)
    view = panel_of(sheet)
    if view is None:
        raise Refused(msg("这个模块只有一位裁判，直接退回就行"))
    if not view.revealed:
        raise Refused(msg("%(code)s 的评分表还没交齐", code=sheet.label))
    return view, competition, chief_judge(by, competition)


def _recall(
    sheet: Sheet, code: str, value: Decimal | None, chief: Judge, reason: str, module: Module
) -> None:
    if value is None:
        return
    was = as_sent(required_aspect(module, code), value)
    extra = {"was": was, "recalled_by": chief.code}
    add_act(sheet, chief.id, "recall", code, None, extra, note=reason)


def _panel_rulings(view: PanelView) -> dict[tuple[int, str], StandingRuling]:
    """The rulings that stand on the panel, by sheet and aspect."""
    rulings = standing_rulings([sheet.id for sheet in view.sheets])
    return {(sheet, ruling.aspect): ruling for sheet in rulings for ruling in rulings[sheet]}


def _rule(
    view: PanelView,
    aspect: Aspect,
    sent: str | bool,
    chief: Judge,
    reason: str,
    by: Account,
    stands: Mapping[tuple[int, str], StandingRuling],
) -> Ruling:
    value = act_value(aspect, sent)
    refuse_if(mark_fault(aspect, value, sent), Refusal.INVALID)
    assert value is not None
    number = Decimal(int(value)) if isinstance(value, bool) else value
    before_it = [stands.get((sheet.id, aspect.code)) for sheet in view.sheets]
    if all(earlier is not None and earlier.value == number for earlier in before_it):
        raise Refused(msg("“%(name)s”已经是这样裁定的，没有再记", name=aspect.name))
    before = {}
    for sheet, standing in zip(view.sheets, before_it, strict=True):
        was = as_sent(aspect, view.values[sheet.id][aspect.code])
        before[sheet.judge.code] = was
        if standing is not None:
            # What a judge gave is told beside it, not what an earlier ruling put there.
            was = None if standing.own is None else as_sent(aspect, standing.own)
        extra = {"ruled_by": chief.code, "reason": reason, "was": was}
        add_act(sheet, chief.id, "ruling", aspect.code, number, extra, note=reason)
    first = view.sheets[0]
    ruling = Ruling(
        competition_id=first.competition_id,
        entrant_id=first.entrant_id,
        stage=first.stage,
        module=first.module,
        aspect=aspect.code,
        value=number,
        before=before,
        reason=reason,
        judge_id=chief.id,
        account_id=by.id,
    )
    db.session.add(ruling)
    return ruling
