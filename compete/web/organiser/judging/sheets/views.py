"""The sheet of one judge on the desk: its marks, who signed it, and whether that still holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import gettext as _

from compete.domain.aspects.types import Aspect
from compete.domain.bundle.event_types import Module
from compete.domain.values.messages import Message
from compete.domain.values.rights import Right
from compete.domain.values.states import HANDED_IN, CompetitionState
from compete.models import Competition, Sheet, SignedSheet
from compete.services.accounts.card_handlers import signed_as, signed_by
from compete.services.closing.attempt_waivers import is_waivable
from compete.services.closing.conflicting_files import BroughtOtherwise, Way, brought_otherwise
from compete.services.judging.drawn_signature import Drawing, kept_drawing
from compete.services.judging.field_records import field_drawing, standing_record
from compete.services.judging.own_times import known_time
from compete.services.judging.printed_sheets import print_sheet
from compete.services.judging.proof import signature_faults
from compete.services.judging.signed_content import last_act, sheet_content
from compete.services.judging.signing import signature_words, signatures, signed_content_of
from compete.services.kernel.event_rules import module_key, module_of_sheet
from compete.services.results.bends import renewed_sheets
from compete.services.sheets.comments import standing_comment
from compete.services.sheets.provenance import brought_marks
from compete.services.sheets.sheet_lookup import sheet_by_id
from compete.services.sheets.sheet_photos import find_photo, photos_of
from compete.services.sheets.totals import is_only_compared, sum_words
from compete.services.sheets.wording import shown_marks, shown_value
from compete.services.sheets.working_times import time_sentence, timed_aspects
from compete.web import guard
from compete.web.api.photos import send_photo
from compete.web.downloads import send_pdf
from compete.web.guard import allowed_url, may_do
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.board_link import board_link, is_chief
from compete.web.organiser.judging.doubt_words import doubts_on
from compete.web.organiser.shapes import Link
from compete.web.pages import or_404
from compete.web.templating import moment
from compete.web.words import told_record


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """An aspect with its value and marks."""

    criterion: str
    name: str
    value: str
    marks: str
    ruling: str
    """The person who ruled on it and why; empty if nobody did."""
    brought: str
    """The person who brought the mark; empty if the tablet sent it."""
    otherwise: Sequence[str]
    """The differing values of brought files that do not count; for the chief judge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureCard:
    """One signature, what was drawn for it, and the parts that no longer agree with it."""

    signed: SignedSheet
    who: str
    words: str
    """The hash of the signed content, in words."""
    drawing: Drawing | None
    faults: Sequence[str]


def _aspect_rows(
    module: Module,
    content: dict[str, Any],
    judges: Mapping[str, str],
    brought: Mapping[str, Message] | None = None,
    otherwise: Sequence[BroughtOtherwise] = (),
) -> list[SheetRow]:
    """List each aspect with its value and marks, as they were signed or as they stand.

    `judges` are names by code; `brought` says of marks that no tablet sent itself who brought
    them; `otherwise` is what files, paper or a tablet say that does not count.
    """
    lines = {line["code"]: line for line in content["aspects"]}
    rows = []
    for aspect in module.aspects:
        line = lines[aspect.code]
        ruling = line.get("ruled")
        by = ruling["ruled_by"] if ruling else ""
        rows.append(
            SheetRow(
                criterion=aspect.criterion or "",
                name=aspect.name,
                value=shown_value(aspect, line["value"], _) or "—",
                marks=shown_marks(line["marks"]) or "—",
                ruling=_("%(who)s裁定：%(why)s", who=judges.get(by, by), why=ruling["reason"])
                if ruling
                else "",
                brought=say(brought[aspect.code]) if brought and aspect.code in brought else "",
                otherwise=[
                    _otherwise(aspect, line) for line in otherwise if line.aspect == aspect.code
                ],
            )
        )
    return rows


def _otherwise(aspect: Aspect, line: BroughtOtherwise) -> str:
    value = line.value if isinstance(line.value, bool) else f"{line.value:f}"
    parts = {
        "who": line.who,
        "at": moment(line.at),
        "value": shown_value(aspect, value, _),
    }
    match line.way:
        case Way.PROVEN_FILE:
            return _("%(who)s %(at)s 代交的文件里是 %(value)s，没有记下", **parts)
        case Way.FILE:
            return _(
                "%(who)s %(at)s 交来的文件证明不了是平板写的，里面是 %(value)s，没有算数", **parts
            )
        case Way.PAPER:
            return _("%(who)s %(at)s 照纸质表录的是 %(value)s，没有算数", **parts)
        case Way.TABLET:
            return _("%(who)s %(at)s 在平板上评的是 %(value)s，没有算数", **parts)


def _describe_time(sheet: Sheet, module: Module) -> str | None:
    """The working time with its readings; while the others still mark, this judge's alone."""
    if not timed_aspects(module):
        return None
    return say(time_sentence(known_time(sheet)))


def _signer(signed: SignedSheet) -> str:
    """Name the judge, and by whose card; of a paper sheet, just the person who typed it in."""
    if signed.method == "paper":
        return _(
            "%(judge)s（签在纸质表上，由%(who)s核定）",
            judge=signed.judge.name,
            who=say(signed_as(signed.account, signed.signed_at)),
        )
    return say(signed_by(signed.judge.name, signed.account_id, signed.signed_at))


def _describe_signature(signed: SignedSheet) -> SignatureCard:
    """Describe one signature: who, when, how, its four words, and whether it still holds."""
    return SignatureCard(
        signed=signed,
        who=_signer(signed),
        words=signature_words(signed.sha256),
        drawing=kept_drawing(signed.drawing) if signed.drawing else None,
        faults=[say(fault) for fault in signature_faults(signed)],
    )


def _way_to_return(competition: Competition, sheet: Sheet) -> str | None:
    """Address that sends a handed-in sheet back to its judge, while marks are open."""
    if competition.state is not CompetitionState.JUDGING or sheet.state not in HANDED_IN:
        return None
    return allowed_url("organiser.send_back", public_id=sheet.public_id)


def _way_to_waive(competition: Competition, sheet: Sheet) -> str | None:
    """Address that records that the contestant waives this attempt, where that can be."""
    if competition.state is not CompetitionState.JUDGING or not is_waivable(sheet):
        return None
    return allowed_url("organiser.waive", public_id=sheet.public_id)


def _way_to_panel(competition: Competition, sheet: Sheet, module: Module) -> Link | None:
    """Link to the panel's sheets side by side; None if one judge marks alone."""
    if module.panel.size < 2:
        return None
    rules = timed_aspects(module) and competition.state is CompetitionState.JUDGING
    return Link(
        label=_("同组对着看，裁定用时") if rules and is_chief(competition) else _("同组对着看"),
        url=url_for("organiser.panel_page", public_id=sheet.public_id),
    )


def sheet_of(competition: Competition, public_id: str) -> Sheet:
    """The sheet of that id in the competition; else 404."""
    return or_404(sheet_by_id(competition, public_id))


@face.get("/<code>/sheets/<public_id>")
@guard.may(Right.SEE)
def sheet(competition: Competition, public_id: str) -> ResponseReturnValue:
    """Show a sheet, its signatures, and whether they hold."""
    sheet_row = sheet_of(competition, public_id)
    module = module_of_sheet(sheet_row)
    signed = signatures(sheet_row)
    content = (
        signed_content_of(signed[0])
        if signed and signed[0].superseded_at is None
        else sheet_content(sheet_row, last_act(sheet_row))
    )
    names = {aspect.code: aspect.name for aspect in module.aspects}
    record = standing_record(sheet_row)
    return render_template(
        "organiser/judging/sheets.html",
        sheet=sheet_row,
        after_renewal=sheet_row in renewed_sheets(competition),
        rows=_aspect_rows(
            module,
            content,
            {judge.code: judge.name for judge in competition.judges},
            brought_marks([sheet_row.id]).get(sheet_row.id),
            brought_otherwise(sheet_row) if is_chief(competition) else (),
        ),
        total_words=say(sum_words(module)),
        total="—" if is_only_compared(module) else content["total"] or "—",
        doubts=doubts_on(sheet_row) if may_do(Right.LEAD) else [],
        working_time=_describe_time(sheet_row, module),
        notes=[note["text"] for note in content["notes"]],
        comment=standing_comment(sheet_row),
        photos=[(it, names.get(it.aspect or "", _("整张表"))) for it in photos_of(sheet_row)],
        signatures=[_describe_signature(signature) for signature in signed],
        record=record,
        told=told_record(record) if record else None,
        record_words=signature_words(record.sha256) if record else "",
        record_drawing=field_drawing(record) if record else None,
        back=board_link(
            competition, module_key(sheet_row.entrant.event, sheet_row.stage, sheet_row.module)
        ),
        send_back=_way_to_return(competition, sheet_row),
        waive=_way_to_waive(competition, sheet_row),
        panel=_way_to_panel(competition, sheet_row, module),
    )


@face.get("/<code>/sheets/<public_id>.pdf")
@guard.may(Right.SEE)
def sheet_pdf(competition: Competition, public_id: str) -> Response:
    """Print the sheet, with the words of the signed content in its foot."""
    sheet_row = sheet_of(competition, public_id)
    return send_pdf(
        print_sheet(sheet_row, gettext), f"评分表_{sheet_row.label}_{sheet_row.judge.code}.pdf"
    )


@face.get("/<code>/sheets/<public_id>/photos/<uuid>")
@guard.may(Right.SEE)
def photo(competition: Competition, public_id: str, uuid: str) -> ResponseReturnValue:
    """Send one photo of a sheet."""
    picture = or_404(find_photo(sheet_of(competition, public_id), uuid))
    return send_photo(picture)
