"""Pictures of questions: brought with a file or a form, drawn anew, kept sealed in the store."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from compete.domain.values.messages import Message
from compete.domain.values.upload_limits import LARGEST_PAPER_PHOTO
from compete.models import Account, QuestionBank, QuestionPicture, db
from compete.services.kernel.refusal import Refused
from compete.services.registration.document_files import read_sealed, store_sealed
from compete.services.sheets.photo_files import Picture, clean_picture

PICTURE_TYPE = "image/jpeg"
_MARK = re.compile(r'<img name="([^"]*)"/>')
Version = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BroughtPictures:
    """Pictures that come with questions, as they are kept, by name; and what is wrong with them."""

    clean: Mapping[str, Picture] = field(default_factory=dict)
    faults: Mapping[str, Message] = field(default_factory=dict)


NO_PICTURES = BroughtPictures()


def drawn_anew(brought: Mapping[str, bytes]) -> BroughtPictures:
    """The pictures as they are kept: with nothing in them but what they show."""
    clean: dict[str, Picture] = {}
    faults: dict[str, Message] = {}
    for name, content in brought.items():
        try:
            clean[name] = clean_picture(content, LARGEST_PAPER_PHOTO)
        except Refused as refused:
            faults[name] = refused.message
    return BroughtPictures(clean, faults)


def names_in(version: Version) -> list[str]:
    """The names of the pictures of which marks stand in a version's texts."""
    options = [option["text"] for option in version.get("options") or ()]
    texts = (version["stem"], *options, version.get("explanation") or "")
    return list(dict.fromkeys(name for text in texts for name in _MARK.findall(text)))


def kept_media(bank: QuestionBank) -> dict[str, dict[str, str]]:
    """The pictures of a bank by name, as a version's `media` has them."""
    query = select(QuestionPicture.name, QuestionPicture.sha256)
    rows = db.session.execute(query.where(QuestionPicture.bank_id == bank.id)).tuples()
    return {name: _media(name, sha256) for name, sha256 in rows}


def put_media(
    version: dict[str, Any], kept: Mapping[str, Mapping[str, str]], brought: BroughtPictures
) -> Message | None:
    """Give a version the `media` of its marks; what is wrong with one that was brought.

    A name that nobody knows has none: the checks of the file tell it.
    """
    known = dict(kept)
    known |= {it["name"]: it for it in version.pop("media", None) or ()}
    known |= {name: _media(name, it.sha256) for name, it in brought.clean.items()}
    names = names_in(version)
    media = [dict(known[name]) for name in names if name in known]
    if media:
        version["media"] = media
    return next((brought.faults[it] for it in names if it in brought.faults), None)


def _media(name: str, sha256: str) -> dict[str, str]:
    return {"name": name, "type": PICTURE_TYPE, "sha256": sha256}


def keep_pictures(
    bank: QuestionBank,
    questions: Iterable[Mapping[str, Any]],
    brought: BroughtPictures,
    by: Account,
) -> None:
    """Keep those that stand in these questions and are not kept yet; inside a unit of work."""
    kept = kept_media(bank)
    wanted = {name for it in questions for name in names_in(it["versions"][-1])}
    for name in sorted(wanted & brought.clean.keys() - kept.keys()):
        picture = brought.clean[name]
        sealed = store_sealed(picture.data)
        row = QuestionPicture(
            bank_id=bank.id,
            name=name,
            sha256=picture.sha256,
            file=sealed.file,
            file_key=sealed.key,
            size=len(picture.data),
            made_by=by.id,
        )
        db.session.add(row)


def pictures_of(bank_id: int, versions: Collection[Version]) -> dict[str, bytes]:
    """The pictures of these versions by their hashes; one that is gone is left out.

    Who may see the questions, and that they were seen, is the caller's.
    """
    wanted = {it["sha256"] for version in versions for it in version.get("media") or ()}
    query = select(QuestionPicture).where(
        QuestionPicture.bank_id == bank_id, QuestionPicture.sha256.in_(wanted)
    )
    rows = {row.sha256: row for row in db.session.scalars(query)} if wanted else {}
    pictures = {key: read_sealed(row.file, row.file_key) for key, row in rows.items()}
    return {key: picture for key, picture in pictures.items() if picture is not None}


def picture_reader(bank: QuestionBank) -> Callable[[str], bytes | None]:
    """What reads a picture of the bank by its name, when asked; None for one that is gone."""
    query = select(QuestionPicture).where(QuestionPicture.bank_id == bank.id)
    rows = {row.name: (row.file, row.file_key) for row in db.session.scalars(query)}

    def read(name: str) -> bytes | None:
        return read_sealed(*rows[name]) if name in rows else None

    return read


def own_pictures(version: Version, pictures: Mapping[str, bytes]) -> dict[str, bytes]:
    """The pictures of one version by the names of its marks."""
    media = version.get("media") or ()
    return {it["name"]: pictures[it["sha256"]] for it in media if it["sha256"] in pictures}
