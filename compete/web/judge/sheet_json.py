"""A sheet as the tablet gets it: marks, and what the panel's rules add for this judge."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TypedDict

from flask_babel import gettext
from flask_babel import gettext as _

from compete.domain.aspects.types import Aspect
from compete.domain.bundle.event_types import Module
from compete.domain.values.states import HANDED_IN, SheetState
from compete.models import Account, Competition, Judge, Sheet, Stoppage
from compete.services.judging.double_marks import counted_apart, marked_apart
from compete.services.judging.field_records import stops_on
from compete.services.judging.own_times import known_time
from compete.services.judging.panels.previous_round import (
    previous_round_totals,
    previous_round_values,
    previous_values,
)
from compete.services.judging.panels.reveal import PanelView, panel_of, panels_of
from compete.services.judging.panels.rulings import StandingRuling, standing_rulings
from compete.services.judging.signing import (
    SigningState,
    panel_obstacle,
    signature_words,
    signing_state,
)
from compete.services.judging.tablet_data import AnswerData, HomeFrame, HomeRow, SheetData, Value
from compete.services.judging.tablet_view import (
    answer_data,
    as_sent,
    home_data,
    my_sheets,
    sheet_data,
)
from compete.services.kernel.event_rules import module_of_sheet
from compete.services.kernel.module_keys import place_of
from compete.services.kernel.rows_by_number import get_row
from compete.services.sheets.absences import Contradiction, absence_word, contradictions
from compete.services.sheets.act_rules import OpenSheet
from compete.services.sheets.provenance import brought_marks
from compete.services.sheets.sheet_photos import photos_of
from compete.services.sheets.totals import provisional_total
from compete.services.sheets.wording import shown_value
from compete.services.sheets.working_times import time_sentence, timed_aspects
from compete.web.language import say
from compete.web.templating import clock, moment_in_sentence, plain
from compete.web.words import stop_sentence


class RulingJson(TypedDict):
    """A ruling; `value` and `own` as people read them, `own` empty for none."""

    aspect: str
    name: str
    value: str
    own: str
    stands: Value
    """The ruled value as tablets send it."""
    reason: str


def _describe_rulings(module: Module, rulings: Sequence[StandingRuling]) -> list[RulingJson]:
    """The key `ruled` of a sheet, in the order of its aspects."""
    by_aspect = {ruling.aspect: ruling for ruling in rulings}
    return [
        {
            "aspect": aspect.code,
            "name": aspect.name,
            "value": shown_value(aspect, as_sent(aspect, standing_ruling.value), gettext),
            "own": ""
            if standing_ruling.own is None
            else shown_value(aspect, as_sent(aspect, standing_ruling.own), gettext),
            "stands": as_sent(aspect, standing_ruling.value),
            "reason": standing_ruling.reason,
        }
        for aspect in module.aspects
        if (standing_ruling := by_aspect.get(aspect.code)) is not None
    ]


class JudgeMarks(TypedDict):
    """The marks of one judge of a revealed panel, by aspect; `mine` if the asker gave them."""

    judge: str
    name: str
    mine: bool
    values: dict[str, Value]


class PanelJson(TypedDict):
    """A panel of several; `marks` is null until all have submitted."""

    size: int
    submitted: int
    revealed: bool
    marks: list[JudgeMarks] | None


class DisputeJson(TypedDict):
    """The first value that is too far apart."""

    aspect: str | None
    """Null for the sums."""
    name: str | None
    limit: str | None
    """The greatest spread that is allowed; null if all must agree."""
    values: dict[str, Value]
    """The values by judge; of the sums, each sheet's total."""
    descriptors: list[str] | None
    also: list[str]
    """The names of the further ones."""


class RemarkJson(TypedDict):
    """The marks to be given again, without those of others: each judge looks again alone."""

    limit: str | None
    aspects: list[str]
    total: Value
    """The total of the own sheet, if the sums lay too far apart; else null."""


class PanelKeys(TypedDict):
    """The panel's part of a sheet; each null if there is nothing to say."""

    panel: PanelJson | None
    dispute: DisputeJson | None
    remark: RemarkJson | None


def describe_panel(view: PanelView | None, sheet: Sheet) -> PanelKeys:
    """Describe the panel to a sheet's own judge; `panel` is null if one judge marks alone."""
    if view is None:
        return {"panel": None, "dispute": None, "remark": None}
    return {
        "panel": {
            "size": len(view.sheets),
            "submitted": view.submitted,
            "revealed": view.revealed,
            "marks": [_marks(view, panel_sheet, sheet) for panel_sheet in view.sheets]
            if view.revealed
            else None,
        },
        "dispute": _describe_dispute(view),
        "remark": _describe_remark(view, sheet),
    }


def _describe_dispute(view: PanelView) -> DisputeJson | None:
    """The key `dispute` of a sheet: see `describe_panel`."""
    if not view.apart:
        return None
    aspects = {aspect.code: aspect for aspect in view.module.aspects}
    first, *others = view.apart
    aspect = aspects[first.aspect] if first.aspect else None
    return {
        "aspect": first.aspect,
        "name": aspect.name if aspect else None,
        "limit": f"{first.limit:f}" if first.limit is not None else None,
        "values": _values_of(view, aspect) if aspect else _totals_of(view),
        "descriptors": (aspect.extra or {}).get("descriptors") if aspect else None,
        "also": [aspects[spread.aspect].name for spread in others if spread.aspect],
    }


def _describe_remark(view: PanelView, sheet: Sheet) -> RemarkJson | None:
    if sheet.state in HANDED_IN:
        return None
    aspects, totals = previous_round_values(sheet), previous_round_totals(sheet)
    if not aspects and not totals:
        return None
    limit = view.module.panel.max_spread
    return {
        "limit": None if limit is None else f"{limit:f}",
        "aspects": list(aspects),
        "total": totals.get(sheet.judge.code),
    }


def _values_of(view: PanelView, aspect: Aspect) -> dict[str, Value]:
    return {
        sheet.judge.code: as_sent(aspect, view.values[sheet.id][aspect.code])
        for sheet in view.sheets
    }


def _totals_of(view: PanelView) -> dict[str, Value]:
    return {
        sheet.judge.code: provisional_total(view.module, view.values[sheet.id])
        for sheet in view.sheets
    }


def _marks(view: PanelView, sheet: Sheet, mine: Sheet) -> JudgeMarks:
    values = view.values[sheet.id]
    return {
        "judge": sheet.judge.code,
        "name": sheet.judge.name,
        "mine": sheet.id == mine.id,
        "values": {
            aspect.code: as_sent(aspect, values[aspect.code])
            for aspect in view.module.aspects
            if aspect.code in values
        },
    }


class SignedJson(TypedDict):
    """A signature: its hash in words and whole; `clock` is `at` by the hall's clock."""

    words: str
    hash: str
    at: str
    clock: str


class SigningJson(TypedDict):
    """Says if the sheet can be signed now, and why not; `pin`: whether a PIN is chosen yet."""

    ready: bool
    why: str | None
    pin: bool
    signed: SignedJson | None


class PhotoJson(TypedDict):
    """A photo of the sheet, or of one of its aspects."""

    uuid: str
    aspect: str | None


class WholeSheet(SheetData, PanelKeys):
    """A sheet, and what the panel's rules add for its judge."""

    previous: dict[str, Value]
    """This judge's values of the round before for the aspects to be marked anew; they have no
    value now."""
    signing: SigningJson
    late: str
    """Who has yet to decide whether the sheet counts, as its entrant was said not to make it."""
    ruled: list[RulingJson]
    """The rulings of the chief judge."""
    brought: list[str]
    """The people who brought marks that no tablet sent itself."""
    apart: list[str]
    """Faults that two tablets of the judge counted without knowing of each other, in words."""
    time: str | None
    """The working time as a sentence with its readings, those of others once all are in."""
    lost: list[str]
    """The stops during the contestant's work and the time given for them, in words; nothing
    of a blind event."""
    given: int
    """Seconds given back in all."""
    photos: list[PhotoJson]
    """Oldest first."""


class AnswerOfShared(AnswerData):
    """The answer for a sheet that several tablets of the judge mark."""

    apart: list[str]


class AnswerOfHandedIn(AnswerData, PanelKeys):
    """The answer for a sheet that is handed in."""

    previous: dict[str, Value]
    signing: SigningJson
    time: str | None
    ruled: list[RulingJson]
    late: str


class WholeRow(HomeRow):
    """A sheet on the judge's home, with its disputes and rulings."""

    dispute: DisputeJson | None
    ruled: list[RulingJson]
    ready: bool
    """True if it waits for the judge's signature, which can be given now."""
    loaded: bool
    """True if it came in with the competition's file, so that nobody has to sign it."""
    late: str


class WholeHome(HomeFrame):
    """The judge's home."""

    sheets: list[WholeRow]


def whole_sheet(sheet: Sheet, account: Account) -> WholeSheet:
    """Return the answer of `GET /api/sheets/<id>`, which the sheet's page carries too."""
    module = module_of_sheet(sheet)
    stops = stops_on(sheet)
    return {
        **sheet_data(sheet),
        **describe_panel(panel_of(sheet), sheet),
        "previous": {} if sheet.state in HANDED_IN else previous_values(sheet, module),
        "signing": _describe_signing(signing_state(sheet), account),
        "late": _late_words(contradictions(sheet.entrant.competition, Sheet.id == sheet.id)),
        "ruled": _describe_rulings(module, standing_rulings([sheet.id]).get(sheet.id, [])),
        "time": _working_time(sheet, module),
        "brought": _brought_words(sheet, module),
        "apart": [] if sheet.state in HANDED_IN else _apart(sheet, module),
        "lost": [stop_words(stop) for stop in stops],
        "given": sum(stop.seconds or 0 for stop in stops),
        "photos": [{"uuid": photo.uuid, "aspect": photo.aspect} for photo in photos_of(sheet)],
    }


def stop_words(stop: Stoppage) -> str:
    """`10:19 停：液压漏油，补时 11 分 20 秒`."""
    words = _("%(at)s 停：%(why)s", at=clock(stop.stopped_at), why=stop.reason)
    return _("，").join([words, stop_sentence(stop)])


def _brought_words(sheet: Sheet, module: Module) -> list[str]:
    names = {aspect.code: aspect.name for aspect in module.aspects}
    marks = brought_marks([sheet.id]).get(sheet.id, {})
    return [f"{names[code]}: {say(words)}" for code, words in marks.items() if code in names]


def _apart(sheet: Sheet, module: Module) -> list[str]:
    aspects = {aspect.code: aspect for aspect in module.aspects}
    return [
        _(
            "“%(name)s”两台平板各记各的：一台 %(first)s 次，另一台 %(other)s 次，"
            "现在按 %(other)s 次算。不是同一次的话，在这里补上",
            name=aspects[gap.aspect].name,
            first=plain(gap.first),
            other=plain(gap.other),
        )
        for gap in counted_apart(sheet, module)
    ] + [
        _(
            "“%(name)s”在两台平板上评的不一样：一台 %(other)s，另一台 %(stands)s 后上传，"
            "现在按 %(stands)s 算。不对就在这里重评",
            name=gap.aspect.name,
            other=_value_text(gap.aspect, gap.other),
            stands=_value_text(gap.aspect, gap.stands),
        )
        for gap in marked_apart(sheet, module)
    ]


def _value_text(aspect: Aspect, value: bool | Decimal) -> str:
    return shown_value(aspect, value if isinstance(value, bool) else f"{value:f}", say)


def _working_time(sheet: Sheet, module: Module) -> str | None:
    if not timed_aspects(module) or sheet.state not in HANDED_IN:
        return None
    return say(time_sentence(known_time(sheet)))


def short_answer(
    opened: OpenSheet, account_id: int
) -> AnswerData | AnswerOfShared | AnswerOfHandedIn:
    """Return a sheet's part of `POST /api/acts`' answer; once in, with panel and signing too."""
    answer = answer_data(opened)
    if opened.row.state not in HANDED_IN:
        if not opened.is_shared:
            return answer
        return {**answer, "apart": _apart(get_row(Sheet, opened.row.id), opened.module)}
    sheet = get_row(Sheet, opened.row.id)
    account = get_row(Account, account_id)
    return {
        **answer,
        **describe_panel(panel_of(sheet), sheet),
        "previous": {},
        "signing": _describe_signing(signing_state(sheet), account),
        "time": _working_time(sheet, opened.module),
        "late": _late_words(contradictions(sheet.entrant.competition, Sheet.id == sheet.id)),
        "ruled": _describe_rulings(opened.module, standing_rulings([sheet.id]).get(sheet.id, [])),
    }


def whole_home(judge: Judge) -> WholeHome:
    """Return the answer of `GET /api/home`."""
    data = home_data(judge)
    sheets = my_sheets(judge)
    panels = panels_of([sheet for sheet in sheets if sheet.state in HANDED_IN])
    rulings = standing_rulings([sheet.id for sheet in sheets if sheet.state in HANDED_IN])
    rulings_of = {sheet.public_id: rulings.get(sheet.id, []) for sheet in sheets}
    loaded = {
        sheet.public_id
        for sheet in sheets
        if sheet.state is SheetState.SUBMITTED and sheet.submitted_at is None
    }
    views = {sheet.public_id: panels.get(place_of(sheet)) for sheet in sheets}
    late = _late_among(judge, data["sheets"])
    rows: list[WholeRow] = []
    for row in data["sheets"]:
        view = views[row["id"]]
        rows.append(
            {
                **row,
                "dispute": _describe_dispute(view) if view else None,
                "ruled": _describe_rulings(view.module, rulings_of[row["id"]]) if view else [],
                "ready": data["open"]
                and not row["locked"]
                and row["state"] == SheetState.SUBMITTED
                and row["id"] not in loaded
                and panel_obstacle(view) is None,
                "late": late.get(row["id"], ""),
                "loaded": row["id"] in loaded,
            }
        )
    return {**data, "sheets": rows}


def _late_words(late: Sequence[Contradiction]) -> str:
    """Say that somebody has yet to decide whether a sheet counts; nothing where it is not so."""
    if not late:
        return ""
    outcome = late[0].outcome
    what = say(absence_word(late[0].sheet.entrant, outcome.stage, outcome.module))
    return _("先记了%(what)s，这张算不算，等裁判长定", what=what)


def _late_among(judge: Judge, rows: Sequence[HomeRow]) -> dict[str, str]:
    """The same of a judge's sheets, by their public ids; read where any was excused in vain."""
    if not any(row["excused"] and row["state"] != SheetState.NOT_BEGUN for row in rows):
        return {}
    late = contradictions(get_row(Competition, judge.competition_id), Sheet.judge_id == judge.id)
    return {it.sheet.public_id: _late_words([it]) for it in late}


def _describe_signing(state: SigningState, account: Account) -> SigningJson:
    """The key `signing` of a sheet."""
    signed = state.signed
    return {
        "ready": state.ready,
        "why": say(state.why),
        "pin": account.pin_hash is not None,
        "signed": {
            "words": signature_words(signed.sha256),
            "hash": signed.sha256,
            "at": signed.signed_at.isoformat(),
            "clock": moment_in_sentence(signed.signed_at),
        }
        if signed
        else None,
    }
