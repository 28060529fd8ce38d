"""Filing: the appellant files, adds evidence, withdraws, or goes to the second instance."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from compete.domain.values.messages import Message, msg
from compete.domain.values.states import APPEAL_MOVES, AppealState, move
from compete.models import (
    Account,
    Appeal,
    Competition,
    Entrant,
    db,
    utc_now,
)
from compete.services.appeals.appeal_states import Kind, may_accept, may_go_on, standing_decision
from compete.services.appeals.evidence import (
    MOST_PHOTOS,
    evidence_row,
    files_of,
    require_few_films,
    require_few_pdfs,
)
from compete.services.appeals.windows import Item, appeal_window, item_key, items_of
from compete.services.closing.penalties_and_outcomes import decision_label
from compete.services.kernel import audit
from compete.services.kernel.appeal_terms import term_end
from compete.services.kernel.clock import moment_words
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.participants import standing_withdrawal
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.kernel.text_limits import check_text, kept_text
from compete.services.kernel.transactions import claimed, for_update, unit_of_work
from compete.services.sheets.act_rules import is_uuid
from compete.services.sheets.films import FILM
from compete.services.sheets.sent_documents import PDF

SHORTEST_MATTER, LONGEST_MATTER = 5, 2000
MOST_ADDED, MOST_OF_ENTRANT = 20, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """A typed appeal. `item` is the key of an `Item`, `uuid` was made where it was typed.

    `photos` are photos, PDFs and films as they were sent.
    """

    uuid: str
    item: str
    kind: str
    matter: str
    photos: Sequence[bytes] = ()


def file_appeal(entrant: Entrant, wanted: Filing, by: Account | None) -> Appeal:
    """Take an appeal in; `by` is the unit's contact, None where it is the contestant.

    One whose UUID is known already for this entrant is there, and nothing changes.
    Raises `Refused`: INVALID for what is missing or barred, WRONG_FORMAT for what is no
    photo, PDF or film; CONFLICT where it is
    too late (with both times), or something stands in the way.
    """
    if not is_uuid(wanted.uuid):
        raise invalid(msg("这一条的编号不对"))
    known = _same_appeal(wanted, entrant)
    if known is not None:
        return known
    matter, item = _checked(entrant, wanted)
    _require_open(entrant, item.stage, item.module)
    files = files_of(wanted.photos, entrant)
    with unit_of_work() as session:
        competition = for_update(session.get_one(Competition, entrant.competition_id))
        entrant = session.get_one(Entrant, entrant.id)
        known = _same_appeal(wanted, entrant)
        if known is not None:
            return known
        _require_open(entrant, item.stage, item.module)
        _require_first(entrant, item.stage, item.module, item.aspect)
        require_few_films(files, entrant, 0)
        now = utc_now()
        number = session.scalar(
            select(func.max(Appeal.number)).where(Appeal.competition_id == competition.id)
        )
        appeal = Appeal(
            public_id=secrets.token_urlsafe(16),
            uuid=wanted.uuid,
            competition_id=competition.id,
            entrant_id=entrant.id,
            number=(number or 0) + 1,
            stage=item.stage,
            module=item.module,
            aspect=item.aspect,
            kind=Kind(wanted.kind).value,
            matter=matter,
            filed_by=by.id if by else None,
            filed_at=now,
            filing_until=appeal_window(entrant, item.stage, item.module).until,
            answer_by=term_end(competition, now, settings_of(competition).appeals.answer_hours),
        )
        session.add(appeal)
        session.flush()
        for file in files:
            session.add(evidence_row(appeal, "", file, by))
        note(appeal, by, "appeal.file", item=item.key, photos=len(files))
    return appeal


def add_evidence(appeal: Appeal, words: str, photos: Sequence[bytes], by: Account | None) -> None:
    """Put more with it, until it is decided; nothing that is there is replaced.

    What is written beside a film is kept with it: it says at which instants to look.
    Raises `Refused`: INVALID for nothing at all, or an instant after a film's end; WRONG_FORMAT
    for what is no photo, PDF or film; CONFLICT once decided or full.
    """
    words = kept_text(words, LONGEST_MATTER)
    if not words and not photos:
        raise invalid(msg("写一句，或者加照片、PDF、录像"))
    files = files_of(photos, appeal.entrant, words)
    with unit_of_work() as session:
        appeal, _competition = claimed(appeal)
        if appeal.state not in (AppealState.FILED, AppealState.SECOND):
            raise Refused(msg("这件申诉已经定了，不能再补材料"))
        there = appeal.evidence
        # The same file sent again after a lost answer is there already.
        known = {row.sha256 for row in there if row.sha256}
        if any(file.media == FILM and file.sha256 in known for file in files):
            words = ""
        files = [file for file in files if file.sha256 not in known]
        if len(files) > MOST_PHOTOS - len(known):
            raise Refused(msg("一件申诉最多 %(most)s 个文件", most=MOST_PHOTOS))
        media = [row.media for row in there]
        require_few_pdfs(files, media.count(PDF))
        require_few_films(files, appeal.entrant, media.count(FILM))
        if len(there) >= MOST_ADDED + MOST_PHOTOS:
            raise Refused(msg("补的材料太多了，最多 %(most)s 次", most=MOST_ADDED))
        beside = next((file for file in files if file.media == FILM), None)
        if words and beside is None:
            session.add(evidence_row(appeal, words, None, by))
        for file in files:
            session.add(evidence_row(appeal, words if file is beside else "", file, by))
        note(appeal, by, "appeal.add", photos=len(files))


def withdraw_appeal(appeal: Appeal, by: Account | None) -> Appeal:
    """Take it back, for good. In the second instance what the first decided stands.

    Raises `MoveError` once it is decided or withdrawn.
    """
    with unit_of_work():
        appeal, _competition = claimed(appeal)
        second = appeal.state is AppealState.SECOND
        to = AppealState.FINAL if second else AppealState.WITHDRAWN
        appeal.state = move(appeal.state, to, APPEAL_MOVES)
        appeal.withdrawn_at = utc_now()
        for row in appeal.decisions:
            if row.stood_at is None and row.dropped_at is None:
                row.dropped_at = appeal.withdrawn_at
        note(appeal, by, "appeal.withdraw")
    return appeal


def go_on(appeal: Appeal, why: str, by: Account | None) -> Appeal:
    """Take the decision to the second instance, once, within the set time.

    Raises `Refused`: INVALID without a reason, CONFLICT when it is too late or was there.
    """
    why = kept_text(why, LONGEST_MATTER, msg("为什么不同意这个决定，要写"))
    with unit_of_work():
        appeal, _competition = claimed(appeal)
        now = utc_now()
        decision = standing_decision(appeal)
        if appeal.state is AppealState.DECIDED and not may_go_on(appeal, now):
            raise Refused(
                msg(
                    "提请总仲裁到 %(until)s 为止，现在是 %(now)s，没有收",
                    until=moment_words(appeal.second_until or now),
                    now=moment_words(now),
                )
            )
        appeal.state = move(appeal.state, AppealState.SECOND, APPEAL_MOVES)
        appeal.second_at, appeal.second_why = now, why
        hours = settings_of(appeal.competition).appeals.second_hours
        appeal.second_by = term_end(appeal.competition, now, hours)
        note(appeal, by, "appeal.go_on", of=decision.outcome if decision else None)
    return appeal


def accept_decision(appeal: Appeal, by: Account | None) -> Appeal:
    """Accept the decision: nobody takes it further, and nothing waits for that any more.

    Raises `Refused`: FORBIDDEN for the unit where the contestant appealed, CONFLICT where it
    is not to be taken further anyway.
    """
    with unit_of_work():
        appeal, _competition = claimed(appeal)
        if appeal.state is not AppealState.DECIDED or not may_go_on(appeal):
            raise Refused(msg("这件申诉没有等着接受的决定，请刷新"))
        if not may_accept(appeal, by):
            raise Refused(msg("是选手本人提的，由本人接受"), kind=Refusal.FORBIDDEN)
        decision = standing_decision(appeal)
        appeal.state = move(appeal.state, AppealState.FINAL, APPEAL_MOVES)
        appeal.second_until = utc_now()
        note(appeal, by, "appeal.accept", of=decision.outcome if decision else None)
    return appeal


def note(
    appeal: Appeal, by: Account | None, action: str, reason: str | None = None, **details: object
) -> None:
    """Write the step into the audit chain; blind contestants by their code alone."""
    after = {"number": appeal.number, "state": appeal.state.value, **details}
    who = decision_label(appeal.entrant)
    audit.record(appeal.competition, by, action, who, after=after, reason=reason)


def _checked(entrant: Entrant, wanted: Filing) -> tuple[str, Item]:
    matter = wanted.matter.strip()
    if not wanted.item:
        raise invalid(msg("选对哪一项有疑问"))
    # Before results are out what is looked at may be a secret, and so may its name.
    known = items_of(entrant, aspects=latest_publication(entrant.competition) is not None)
    item = next((item for item in known if item.key == wanted.item), None)
    if item is None:
        raise invalid(msg("没有这一项，请重新选"))
    if item.barred is not None:
        raise invalid(item.barred)
    if wanted.kind not in set(Kind):
        raise invalid(msg("选是什么事"))
    if len(matter) < SHORTEST_MATTER:
        raise invalid(msg("写清楚哪里不对，至少 %(n)s 个字", n=SHORTEST_MATTER))
    check_text(matter, LONGEST_MATTER)
    if standing_withdrawal(entrant) is not None:
        raise Refused(msg("已经退赛，没有可以申诉的"))
    return matter, item


def _require_open(entrant: Entrant, stage: str, module: str) -> None:
    closed = appeal_window(entrant, stage, module).closed
    if closed is not None:
        raise Refused(closed)


def _require_first(entrant: Entrant, stage: str, module: str, aspect: str | None) -> None:
    count = select(func.count()).where(Appeal.entrant_id == entrant.id)
    if (db.session.scalar(count) or 0) >= MOST_OF_ENTRANT:
        raise Refused(msg("一个人最多 %(most)s 件申诉", most=MOST_OF_ENTRANT))
    again = appealed_already(entrant).get(item_key(stage, module, aspect))
    if again is not None:
        raise Refused(again)


def appealed_already(entrant: Entrant) -> dict[str, Message]:
    """The reasons, by an item's key, why it cannot be appealed against once more."""
    corrected = _corrected_at(entrant.competition)
    return {
        item_key(row.stage, row.module, row.aspect): msg(
            "这一项已经申诉过了（申诉 %(number)s），不能再提", number=f"{row.number:02}"
        )
        for row in db.session.scalars(select(Appeal).where(Appeal.entrant_id == entrant.id))
        # What a correction changed may be appealed against anew.
        if corrected is None or row.filed_at > corrected
    }


def _corrected_at(competition: Competition) -> datetime | None:
    publication = latest_publication(competition)
    return publication.published_at if publication and publication.version > 1 else None


def _same_appeal(wanted: Filing, entrant: Entrant) -> Appeal | None:
    """The appeal that came in already under this UUID; one of another item would lose it."""
    appeal = db.session.scalar(select(Appeal).where(Appeal.uuid == wanted.uuid))
    if appeal is None:
        return None
    item = item_key(appeal.stage, appeal.module, appeal.aspect)
    if appeal.entrant_id == entrant.id and wanted.item != item:
        raise Refused(
            msg(
                "刚才交的已经收到了（申诉 %(number)s）。重新打开这一页，再提这一项",
                number=f"{appeal.number:02}",
            )
        )
    if appeal.entrant_id != entrant.id:
        raise Refused(msg("这一条的编号已经用过了"))
    return appeal
