"""Documents of applicants on pages: listed, sent, shown to whoever may see them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Response, abort
from flask_babel import gettext as _

from compete.domain.evaluation.documents import KIND_WORDS, DocumentKind, DocumentState
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.states import CompetitionState
from compete.domain.values.upload_limits import LARGEST_DOCUMENT, MIB
from compete.models import Account, ApplicantDocument, Entrant
from compete.services.registration.documents import (
    DESK,
    UNIT,
    Applicant,
    DocumentCount,
    content_of,
    count_documents,
    documents_of,
    find_document,
    kind_of,
    put_document,
    remove_document,
    why_no_documents,
)
from compete.services.sheets.sent_documents import JPEG
from compete.web.downloads import send_file_bytes
from compete.web.language import say
from compete.web.pages import or_404, sent_file
from compete.web.posted import posted_text
from compete.web.shapes import Chip, Choice, choices
from compete.web.templating import day, moment

AddressOf = Callable[[ApplicantDocument], str]
"""The address of a document for whoever looks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentCard:
    """A document as a page lists it."""

    key: str
    kind: str
    word: str
    """The kind as a form sends it."""
    chip: Chip
    came: str
    """Whence and when it came."""
    note: str | None
    """Why it was given back and until when another is to come, or who recognised it."""
    url: str
    is_photo: bool
    removable: bool
    replaceable: bool
    returned: bool
    recognised: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentList:
    """Somebody's documents, and whether more can come."""

    cards: Sequence[DocumentCard]
    kinds: Sequence[Choice]
    why_not: str | None
    most_mb: int = LARGEST_DOCUMENT // MIB


def document_list(holder: Applicant, source: str, address_of: AddressOf) -> DocumentList:
    """Describe somebody's documents for whoever sends them from `source`."""
    why = why_no_documents(holder, source)
    return DocumentList(
        cards=[
            _card(row, address_of(row), why is None, why_no_documents(holder, source, row) is None)
            for row in documents_of(holder)
        ],
        kinds=choices({kind.value: say(KIND_WORDS[kind]) for kind in DocumentKind}),
        why_not=say(why),
    )


def _card(row: ApplicantDocument, url: str, open_still: bool, exchangeable: bool) -> DocumentCard:
    recognised = row.state is DocumentState.RECOGNISED
    return DocumentCard(
        key=row.public_id,
        kind=say(KIND_WORDS[row.kind]),
        word=row.kind.value,
        chip=_chip(row.state),
        came=_("%(from)s %(at)s", **{"from": _source(row.source), "at": moment(row.made_at)}),
        note=_note(row),
        url=url,
        is_photo=row.media == JPEG,
        removable=open_still and not recognised,
        replaceable=exchangeable and row.state is DocumentState.RETURNED,
        returned=row.state is DocumentState.RETURNED,
        recognised=recognised,
    )


def count_chip(count: DocumentCount | None) -> Chip:
    """Tell how many documents somebody has, and first of those that somebody has to see to."""
    if count is None:
        return Chip(text=_("没有"), kind="", icon=None)
    if count.unseen:
        return Chip(text=_("%(n)s 份没看", n=count.unseen), kind="warn", icon="clock")
    if count.returned:
        return Chip(text=_("退回 %(n)s 份", n=count.returned), kind="bad", icon="return")
    return Chip(text=_("%(n)s 份认可", n=count.all), kind="ok", icon="check")


def chip_of_documents(holder: Applicant) -> Chip | None:
    """Tell how many documents somebody has; None where none are handed in any more."""
    competition = holder.competition
    if not competition_kind(competition).has_conditions:
        return None
    if competition.state is not CompetitionState.REGISTERING:
        return None
    if isinstance(holder, Entrant):
        return count_chip(count_documents([holder.id]).get(("entrant", holder.id)))
    return count_chip(count_documents([], [holder.id]).get(("application", holder.id)))


def _chip(state: DocumentState) -> Chip:
    if state is DocumentState.RECOGNISED:
        return Chip(text=_("认可"), kind="ok", icon="check-circle")
    if state is DocumentState.RETURNED:
        return Chip(text=_("退回"), kind="bad", icon="return")
    return Chip(text=_("没看"), kind="warn", icon="clock")


def _source(source: str) -> str:
    return {UNIT: _("单位传"), DESK: _("组委会传")}.get(source, _("本人传"))


def _note(row: ApplicantDocument) -> str | None:
    if row.state is DocumentState.SENT or row.decider is None or row.decided_at is None:
        return None
    if row.state is DocumentState.RECOGNISED:
        return _("%(who)s %(at)s 认可", who=row.decider.name, at=moment(row.decided_at))
    if row.until is None:
        return row.reason
    return _("%(why)s；补到 %(day)s", why=row.reason, day=day(row.until))


def take_sent_document(holder: Applicant, source: str, by: Account | None) -> str:
    """Keep the document that the form sends, or take away the one it names; say which was done."""
    if posted_text("act") == "remove":
        row = or_404(find_document(holder, posted_text("document")))
        remove_document(row, holder, source, by)
        return _("%(name)s 的材料删掉了", name=holder.name)
    sent = sent_file("document", LARGEST_DOCUMENT)
    kind = kind_of(posted_text("kind"))
    put_document(holder, kind, sent, source, by, posted_text("instead_of") or None)
    return _("%(name)s 的材料存好了", name=holder.name)


def send_applicant_document(holder: Applicant, key: str) -> Response:
    """The document itself, a photo shown in place, a PDF to be saved; 404 where it is no more."""
    row = or_404(find_document(holder, key))
    content = content_of(row)
    if content is None:
        abort(404)
    ending = "jpg" if row.media == JPEG else "pdf"
    return send_file_bytes(content, f"{row.public_id}.{ending}", row.media, show=row.media == JPEG)
