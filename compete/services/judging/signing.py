"""Signing: a judge puts PIN and name under a sheet, and what was signed is kept for good."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from compete.domain.values.canonical import canonical_json, canonical_sha256
from compete.domain.values.hashwords import hash_phrase
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import HANDED_IN, SHEET_MOVES, CompetitionState, SheetState, move
from compete.models import Account, Competition, Sheet, SignedSheet, db, utc_now
from compete.services.accounts.pins import check_pin
from compete.services.judging.drawn_signature import drawing_text, read_drawing
from compete.services.judging.panels.reveal import PanelView, is_limited, panel_of
from compete.services.judging.signed_content import last_act, sheet_content
from compete.services.kernel import audit
from compete.services.kernel.refusal import Refused, invalid, refuse_if
from compete.services.kernel.transactions import claimed, unit_of_work
from compete.services.sheets.locks_in_force import is_locked


@dataclass(frozen=True)
class SigningState:
    """The state of signing: whether a sheet can be signed now, why not, and what was signed."""

    ready: bool
    why: Message | None
    signed: SignedSheet | None


def signature_words(sha256: str) -> str:
    """The four words of a hash given in hex."""
    return hash_phrase(bytes.fromhex(sha256))


def signed_content_of(signed: SignedSheet) -> dict[str, Any]:
    """The signed content, as JSON values."""
    content: dict[str, Any] = json.loads(signed.content)
    return content


def standing_signature(sheet: Sheet) -> SignedSheet | None:
    """The signature that stands under the sheet, or None."""
    return db.session.scalar(
        select(SignedSheet)
        .where(SignedSheet.sheet_id == sheet.id, SignedSheet.superseded_at.is_(None))
        .order_by(SignedSheet.id.desc())
        .limit(1)
    )


def signatures(sheet: Sheet) -> list[SignedSheet]:
    """List every signature ever put under the sheet, newest first."""
    return list(
        db.session.scalars(
            select(SignedSheet)
            .where(SignedSheet.sheet_id == sheet.id)
            .order_by(SignedSheet.id.desc())
        )
    )


def signing_state(sheet: Sheet) -> SigningState:
    """The state that the tablet shows under a sheet: ready, waiting for something, or signed."""
    if sheet.state is SheetState.SIGNED:
        return SigningState(False, None, standing_signature(sheet))
    if sheet.state is SheetState.SUBMITTED and sheet.submitted_at is None:
        return SigningState(False, msg("随竞赛载入的，不用签"), None)
    why = _obstacle(sheet)
    return SigningState(why is None, why, None)


def sign_sheet(
    sheet: Sheet,
    *,
    pin: str,
    drawing: Any,
    by: Account,
    seen_version: int | None = None,
    name: str | None = None,
) -> SignedSheet:
    """Sign a submitted sheet as its judge.

    `drawing` is what the tablet drew (see `drawing.read_drawing`); who cannot
    draw types the own `name` instead. `seen_version` is the sheet's version on
    the tablet, so that nobody signs what he has not seen. Signing again what is
    signed gives the same signature: the first answer may have been lost. Raises
    `Refused`: INVALID for no signature or another's name; WRONG_SECRET, LOCKED_OUT or
    NEEDED_FIRST for the PIN; CONFLICT when the sheet cannot be signed now.
    """
    drawn, method = _by_hand(sheet, drawing, name)
    check_pin(by, pin)
    with unit_of_work():
        sheet, _competition = claimed(sheet)
        if sheet.state is SheetState.SIGNED:
            standing = standing_signature(sheet)
            assert standing is not None
            return standing
        refuse_if(_obstacle(sheet))
        if seen_version is not None and seen_version != sheet.version:
            raise Refused(msg("这张表刚才又变了，看过再签"))
        return put_signature(sheet, by, drawing=drawn, method=method)


def _by_hand(sheet: Sheet, drawing: Any, name: str | None) -> tuple[str | None, str]:
    """The kept form of a signature by hand, and its method: a drawing, or a typed name."""
    if drawing is not None or name is None:
        return drawing_text(read_drawing(drawing)), "tablet"
    if "".join(name.split()) != "".join(sheet.judge.name.split()):
        raise invalid(msg("写的不是 %(name)s，再写一次", name=sheet.judge.name))
    return None, "typed"


def put_signature(
    sheet: Sheet, by: Account, *, drawing: str | None, method: str = "tablet"
) -> SignedSheet:
    """Store the signature under the sheet as it stands; inside a unit of work."""
    upto = last_act(sheet)
    content = sheet_content(sheet, upto)
    signed = SignedSheet(
        sheet_id=sheet.id,
        judge_id=sheet.judge_id,
        account_id=by.id,
        method=method,
        content=canonical_json(content).decode(),
        sha256=canonical_sha256(content),
        last_act=upto,
        drawing=drawing,
        signed_at=utc_now(),
    )
    db.session.add(signed)
    before = sheet.state
    sheet.state = move(before, SheetState.SIGNED, SHEET_MOVES)
    sheet.version += 1
    db.session.flush()
    audit.record(
        db.session.get_one(Competition, sheet.competition_id),
        by,
        "sheet.sign",
        sheet.label,
        before={"state": before.value},
        after={
            "state": sheet.state.value,
            "judge": sheet.judge.code,
            "sheet": sheet.public_id,
            "sha256": signed.sha256,
            "method": method,
        },
    )
    return signed


def supersede_signature(sheet: Sheet, why: str) -> None:
    """The signature no longer stands, but stays as evidence; inside a unit of work."""
    standing = standing_signature(sheet)
    if standing is not None:
        standing.superseded_at = utc_now()
        standing.superseded_why = why[:500]


def _obstacle(sheet: Sheet) -> Message | None:
    competition = db.session.get_one(Competition, sheet.competition_id)
    locked = is_locked(sheet.entrant, sheet.stage, sheet.module)
    if locked and competition.state is CompetitionState.JUDGING and sheet.state not in HANDED_IN:
        # Somebody who came after the lock, or whose sheet was sent back before it.
        return msg("这个模块锁着，裁判长或组委会申请解锁、另一个人同意以后才能评")
    if competition.state is CompetitionState.REGISTERING:
        return msg("还没开始评分，开始以后再签")
    if competition.state is not CompetitionState.JUDGING or locked:
        return msg("评分已经锁定，不能再签")
    if sheet.state is not SheetState.SUBMITTED:
        return msg("%(code)s 还没提交，提交了再签", code=sheet.label)
    return panel_obstacle(panel_of(sheet))


def panel_obstacle(view: PanelView | None) -> Message | None:
    """The panel's obstacle to signing: where rules compare judges, all are to be in and agreed."""
    if view is None or not is_limited(view.module):
        return None
    if not view.revealed:
        return msg("同组还没交齐，齐了再签")
    if view.apart:
        return msg("组里分差超限，裁判长处理以后再签")
    return None
