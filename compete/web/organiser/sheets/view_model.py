"""One judge's sheet in words: its lines, its photos, its signature and field record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from compete.domain.aspects.types import Aspect
from compete.domain.bundle.event_types import Module
from compete.domain.values.messages import Message
from compete.domain.values.states import HANDED_IN, CompetitionState
from compete.models import Competition, Sheet, SignedSheet
from compete.services.accounts.card_handling import signed_as, signed_by
from compete.services.closing.files_otherwise import BroughtOtherwise
from compete.services.judging.drawn_signature import kept_drawing
from compete.services.judging.field_records import field_drawing, field_facts, standing_record
from compete.services.judging.known_times import known_time
from compete.services.judging.proof import signature_faults
from compete.services.judging.signing import signature_words
from compete.services.kernel.event_rules import module_of, rules_of
from compete.services.sheets.sheet_photos import photos_of
from compete.services.sheets.wording import shown_marks, shown_value
from compete.services.sheets.working_times import time_sentence, timed_aspects
from compete.web.guard import allowed_url
from compete.web.language import say
from compete.web.organiser.board_link import is_chief
from compete.web.organiser.shapes import Link
from compete.web.organiser.sheets.shapes import (
    FieldRecordCard,
    PhotoRow,
    SheetRow,
    SignatureCard,
)
from compete.web.templating import moment
from compete.web.words import extra_time_words, recorded_time, signed_stops


def module_of_sheet(sheet: Sheet) -> Module:
    """The rules of the sheet's module."""
    return module_of(rules_of(sheet.entrant.event), sheet.stage, sheet.module)


def aspect_rows(
    module: Module,
    content: dict[str, Any],
    judges: Mapping[str, str],
    brought: Mapping[str, Message] | None = None,
    otherwise: Sequence[BroughtOtherwise] = (),
) -> list[SheetRow]:
    """Each aspect with its value and marks, as they were signed or as they stand.

    `judges` are names by code; `brought` says of marks that no tablet sent itself who brought
    them; `otherwise` is what files say that do not count.
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
    told = {
        "who": line.who,
        "at": moment(line.at),
        "value": shown_value(aspect, value, _),
    }
    if line.proven:
        return _("%(who)s %(at)s 代交的文件里是 %(value)s，没有记下", **told)
    return _("%(who)s %(at)s 交来的文件证明不了是平板写的，里面是 %(value)s，没有算数", **told)


def describe_photos(competition: Competition, sheet: Sheet, module: Module) -> list[PhotoRow]:
    """The photos of a sheet, with their aspect and their address."""
    names = {aspect.code: aspect.name for aspect in module.aspects}
    return [
        PhotoRow(
            url=url_for(
                "organiser.photo",
                code=competition.code,
                public_id=sheet.public_id,
                uuid=photo.uuid,
            ),
            what=names.get(photo.aspect or "", _("整张表")),
            at=moment(photo.held_at),
            width=photo.width,
            height=photo.height,
        )
        for photo in photos_of(sheet)
    ]


def describe_time(sheet: Sheet, module: Module) -> str | None:
    """The working time with its readings; while the others still mark, this judge's alone."""
    if not timed_aspects(module):
        return None
    sentence = time_sentence(known_time(sheet))
    return say(sentence) if sentence else None


def _signer(signed: SignedSheet) -> str:
    """The judge, and by whose card; who typed in a paper sheet is told as that and no more."""
    if signed.method == "paper":
        return _(
            "%(judge)s（签在纸质表上，由%(who)s核定）",
            judge=signed.judge.name,
            who=say(signed_as(signed.account, signed.signed_at)),
        )
    return say(signed_by(signed.judge.name, signed.account_id, signed.signed_at))


def describe_signature(signed: SignedSheet) -> SignatureCard:
    """One signature: who, when, how, its four words, and whether it still holds."""
    drawing = kept_drawing(signed.drawing) if signed.drawing else None
    return SignatureCard(
        who=_signer(signed),
        at=moment(signed.signed_at),
        words=signature_words(signed.sha256),
        hash=signed.sha256,
        path=drawing.path if drawing else None,
        box=f"0 0 {drawing.width} {drawing.height}" if drawing else None,
        paper=signed.method == "paper",
        typed=signed.method == "typed",
        superseded=_(
            "%(at)s 作废：%(why)s", at=moment(signed.superseded_at), why=signed.superseded_why or ""
        )
        if signed.superseded_at
        else "",
        faults=[say(fault) for fault in signature_faults(signed)],
    )


def describe_field_record(sheet: Sheet) -> FieldRecordCard | None:
    """The field record that the contestant signed, if there is one."""
    record = standing_record(sheet)
    if record is None:
        return None
    drawing, facts = field_drawing(record), field_facts(record)
    return FieldRecordCard(
        started=facts["started"],
        ended=facts["ended"],
        extra_time=extra_time_words(facts),
        stops=signed_stops(facts),
        violations=facts["violations"],
        working_time=recorded_time(facts),
        at=moment(record.signed_at),
        words=signature_words(record.sha256),
        path=drawing.path,
        box=f"0 0 {drawing.width} {drawing.height}",
    )


def way_to_return(competition: Competition, sheet: Sheet) -> str | None:
    """Where a sheet that is in goes back to its judge, while marks are open."""
    if competition.state is not CompetitionState.JUDGING:
        return None
    if sheet.state not in HANDED_IN:
        return None
    return allowed_url("organiser.send_back", code=competition.code, public_id=sheet.public_id)


def way_to_panel(competition: Competition, sheet: Sheet, module: Module) -> Link | None:
    """Where the panel's sheets stand side by side; None where one judge marks alone."""
    if module.panel.size < 2:
        return None
    rules = timed_aspects(module) and competition.state is CompetitionState.JUDGING
    return Link(
        label=_("同组对着看，裁定用时") if rules and is_chief(competition) else _("同组对着看"),
        url=url_for("organiser.panel_page", code=competition.code, public_id=sheet.public_id),
    )
