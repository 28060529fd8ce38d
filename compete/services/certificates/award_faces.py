"""Faces of award certificates: those won by place, and those given by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from compete.domain.awards.won import Won
from compete.domain.values.messages import msg
from compete.models import Competition, Distinction, Entrant, HonourApproval, Member, Team
from compete.services.kernel.competition_settings import AwardStyle, AwardWords, settings_of
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refused
from compete.services.results.approved_external_awards import BY_HAND, HonourBook, distinction_prize
from compete.services.results.best_by_age import still_best
from compete.services.results.table_grounds import place_now
from compete.services.sheets.photo_files import stored_picture

_WORDS = "words"


def with_words(
    competition: Competition, face: dict[str, Any], event: int | None, *, team: bool
) -> dict[str, Any]:
    """The face with what the organiser says differently now: it goes on saying that.

    `event` is the row's of what it was won in, None where that is no event.
    """
    kept = {key: value for key, value in face.items() if key != _WORDS}
    settings = settings_of(competition)
    codes = {row.id: row.code for row in competition.events} if settings.award_styles else {}
    given, honour = bool(face.get("distinction")), bool(face.get("honour"))
    style = style_for(
        settings.award_styles,
        codes.get(event or 0, ""),
        "given" if given else "honour" if honour else "team" if team else "place",
        face["award"],
    )
    words = said_words(style.words if style is not None else settings.award_words)
    return kept | {_WORDS: words} if words else kept


def style_for(styles: Iterable[AwardStyle], event: str, sort: str, award: str) -> AwardStyle | None:
    """The one that is for such a certificate; None: it is as usual.

    Of several one that names the award goes first, then one that names the event.
    """
    fitting = [
        style
        for style in styles
        if style.event in ("", event) and style.sort in ("", sort) and style.award in ("", award)
    ]
    return max(
        fitting,
        key=lambda style: (bool(style.award), bool(style.event), bool(style.sort)),
        default=None,
    )


def said_words(words: AwardWords) -> dict[str, Any]:
    """The words that are not the usual, as a certificate and a record keep them."""
    usual = msgspec.to_builtins(AwardWords())
    return {key: text for key, text in msgspec.to_builtins(words).items() if text != usual[key]}


def words_on(face: Mapping[str, Any]) -> AwardWords:
    """The words that a certificate was issued with."""
    return msgspec.convert(face.get(_WORDS, {}), AwardWords)


def worded(words: AwardWords, *, given: bool, honour: bool) -> dict[str, Any]:
    """The words that a certificate of this sort is printed with."""
    return {
        "title": words.given_title if given else words.title,
        "sentence": words.given if given else words.honour if honour else words.sentence,
        "closing": words.closing,
        "called": words.called,
        "beside": words.signed[1:],
        "frame": words.frame,
        "seal": words.seal,
        "emblem_at": words.emblem_at,
        "shift": (words.right, words.down),
    }


def emblem_of(sha256: str, known: dict[str, bytes] | None = None) -> bytes | None:
    """The picture of that hash, a JPEG; None where none stands there. `known` were read before.

    Raises `Refused` where it is gone or another lies in its place.
    """
    if not sha256:
        return None
    known = {} if known is None else known
    if sha256 not in known:
        picture = stored_picture(sha256)
        if picture is None:
            raise Refused(
                msg(
                    "证书上的徽标图片不见了，或者被换过。同一张再传一次，或者从备份里找回来，才能印"
                )
            )
        known[sha256] = picture
    return known[sha256]


def issuer_on(competition: Competition, words: AwardWords) -> str:
    """The issuer who signs first."""
    return words.signed[0] if words.signed else competition.host or competition.name + "组委会"


def _approved_by(word: HonourApproval | None) -> dict[str, Any]:
    """The approval of an honour that another body gives: the body and its document."""
    if word is None or word.dated is None:
        return {}
    dated = word.dated.isoformat()
    return {"approved": {"body": word.body, "number": word.number, "dated": dated}}


def approval_words(face: Mapping[str, Any]) -> str:
    """The approval in print: 省人社厅核准（苏人社函〔2022〕411 号）; else empty."""
    approval = face.get("approved")
    return "{body}核准（{number}）".format(**approval) if approval else ""


def distinction_face(row: Distinction, book: HonourBook) -> dict[str, Any]:
    """The face of its certificate: place and score if it goes by these, else neither."""
    basis, publication = row.basis or {}, latest_publication(row.competition)
    best = still_best(row, publication) if basis and publication is not None else None
    place = place_now(row, publication) if publication is not None else None
    if place is not None:
        basis = basis | {"rank": place.rank, "total": place.value}
    if best is not None:
        # A later version may have moved the holder, who has the award all the same.
        basis = basis | {"rank": best.rank, "total": best.total}
    return {
        "award": row.title,
        "distinction": row.kind.value,
        "event": row.event.name if row.event is not None else "",
        "rank": basis.get("rank"),
        "total": basis.get("total"),
        "name": row.called,
        "unit": row.of_unit,
        "competition": row.competition.name,
        **_approved_by(book.approving(BY_HAND, row.title, distinction_prize(row))),
    }


def award_face(
    competition: Competition,
    won: Won,
    member: Member | None,
    holder: Entrant | Team | None,
    people: Mapping[str, Entrant],
    book: HonourBook,
) -> dict[str, Any]:
    """The face of an award certificate; that of a crew's member names the crew as well."""
    assert holder is not None
    face: dict[str, Any] = {
        "award": won.award,
        "event": won.event,
        "rank": won.rank,
        "total": won.total,
        "name": (member or holder).name,
        "unit": holder.unit.name,
        "competition": competition.name,
    }
    if member is not None:
        face["crew"] = holder.name
    if won.honour:
        face["honour"] = True
        event = holder.event.code if isinstance(holder, Entrant) else ""
        face |= _approved_by(book.approving(event, won.award, won.member or won.entrant or ""))
    if won.item is not None:
        face["item"] = won.item
    if won.members:
        face["members"] = [people[code].name for code in won.members if code in people]
    return face
