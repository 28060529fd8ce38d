"""Photos of people: put, put in another's place, taken away, and handed out to be shown or printed.

A photo is of one person of one competition. It lies sealed in the database, and each change
of it stands in the chain with the hashes before and after.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO

from sqlalchemy import ColumnElement, Row, func, or_, select
from sqlalchemy.exc import InvalidRequestError

from compete.domain.values.messages import Message, msg
from compete.domain.values.states import ApplicationState, CompetitionState
from compete.domain.values.upload_limits import LARGEST_PORTRAIT, MIB
from compete.models import Account, Application, Competition, Entrant, Member, Portrait, db, utc_now
from compete.services.kernel import audit
from compete.services.kernel.chunks import in_chunks
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.participants import takes_part
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.transactions import changing, for_update, unit_of_work
from compete.services.kernel.versions import remembered_beside_marks
from compete.services.registration.window import why_units_cannot_enter
from compete.services.sheets.photo_files import clean_picture, is_heif

PORTRAIT_SIZE = (413, 578)
"""Pixels of what is kept at most: 1-inch shape (5:7), sharp on a badge and on a tablet."""

_LEAST_WIDTH, _LEAST_HEIGHT = 150, 200
_SLIMMEST, _WIDEST = 0.55, 1.0
"""Width to height. A 1-inch photo is 0.71; a phone held upright takes 0.56 to 0.75."""
_CENTRE = (0.5, 0.35)
"""The point around which the surplus is cut off evenly: a head stands above the middle."""


class PortraitFault(StrEnum):
    """The fault for which a picture is no photo of a person that can be kept."""

    LARGE = "large"
    BROKEN = "broken"
    HEIC = "heic"
    SMALL = "small"
    SHAPE = "shape"


FAULTS: dict[PortraitFault, Message] = {
    PortraitFault.LARGE: msg(
        "照片太大了，最多 %(most)s MB。缩小再传", most=LARGEST_PORTRAIT // MIB
    ),
    PortraitFault.BROKEN: msg("这不是照片，或者没传完整。要 JPG、PNG、WebP 或 HEIC"),
    PortraitFault.HEIC: msg("这张 HEIC 照片打不开，或者没传完整。另存成 JPG 再传"),
    PortraitFault.SMALL: msg(
        "照片太小，印出来看不清。至少 %(wide)s×%(high)s 像素",
        wide=_LEAST_WIDTH,
        high=_LEAST_HEIGHT,
    ),
    PortraitFault.SHAPE: msg("照片要竖的，像一寸照那样，宽比高约 5:7"),
}
_KINDS = {
    PortraitFault.LARGE: Refusal.TOO_LARGE,
    PortraitFault.BROKEN: Refusal.WRONG_FORMAT,
    PortraitFault.HEIC: Refusal.WRONG_FORMAT,
    PortraitFault.SMALL: Refusal.INVALID,
    PortraitFault.SHAPE: Refusal.INVALID,
}


def try_portrait(sent: bytes) -> bytes | PortraitFault:
    """The JPEG that is kept of a picture that was sent, or why none is.

    Upright, cut to 1-inch shape, without place, time and camera.
    """
    try:
        picture = clean_picture(sent, LARGEST_PORTRAIT)
    except Refused as refused:
        if refused.kind is Refusal.TOO_LARGE:
            return PortraitFault.LARGE
        return PortraitFault.HEIC if is_heif(sent) else PortraitFault.BROKEN
    if picture.width < _LEAST_WIDTH or picture.height < _LEAST_HEIGHT:
        return PortraitFault.SMALL
    if not _SLIMMEST <= picture.width / picture.height <= _WIDEST:
        return PortraitFault.SHAPE
    from PIL import Image, ImageOps

    with Image.open(BytesIO(picture.data)) as whole:
        wide, high = PORTRAIT_SIZE
        # Never made larger than it came.
        scale = min(1.0, whole.width / wide, whole.height / high)
        size = (round(wide * scale), round(high * scale))
        fitted = ImageOps.fit(whole, size, method=Image.Resampling.LANCZOS, centering=_CENTRE)
    fitted.info = {}
    out = BytesIO()
    fitted.save(out, "JPEG", quality=88)
    return out.getvalue()


def clean_portrait(sent: bytes) -> bytes:
    """Clean a photo as `try_portrait`. `Refused`: TOO_LARGE, WRONG_FORMAT, or INVALID for size."""
    picture = try_portrait(sent)
    if isinstance(picture, PortraitFault):
        raise Refused(FAULTS[picture], kind=_KINDS[picture])
    return picture


Holder = Entrant | Member | Application
NONE_YET = "none"
"""The form's word if it showed no photo."""
_BY_UNIT = "unit"
_BY_PERSON = "own"


def portrait_of(holder: Holder) -> Portrait | None:
    """The photo of a person, or None. The picture itself is read when asked for."""
    return db.session.scalar(select(Portrait).filter_by(**{_key(holder): holder.id}))


def portrait_mark(portrait: Portrait | None) -> str:
    """The mark that tells one photo of a person from the next."""
    return portrait.sha256[:16] if portrait is not None else NONE_YET


def marks_of_people(
    competition: Competition, entrants: Sequence[Entrant] | None = None
) -> dict[tuple[str, int], str]:
    """The mark of each one's photo, by `("entrant", id)` or `("member", id)`.

    Of all the competition, or of these entrants and their members alone.
    """
    marks = {}
    query = select(Portrait.entrant_id, Portrait.member_id, Portrait.sha256).where(
        Portrait.competition_id == competition.id
    )
    if entrants is not None:
        numbers = [entrant.id for entrant in entrants]
        members = select(Member.id).where(Member.entrant_id.in_(numbers))
        query = query.where(or_(Portrait.entrant_id.in_(numbers), Portrait.member_id.in_(members)))
    for entrant, member, sha256 in db.session.execute(query):
        if entrant is not None:
            marks["entrant", entrant] = sha256[:16]
        elif member is not None:
            marks["member", member] = sha256[:16]
    return marks


@dataclass(frozen=True, slots=True)
class PhotoCount:
    """The counts, of those who take part, each of a crew by themselves, with photo and without."""

    have: int
    lack: int


def count_portraits(competition: Competition) -> PhotoCount:
    """Count the people who have a photo."""
    return remembered_beside_marks(competition, "portraits", lambda: _count(competition))


def _count(competition: Competition) -> PhotoCount:
    alone, members = _alone(competition), _in_crews(competition)
    entrants, of_crews = select(Portrait.entrant_id), select(Portrait.member_id)
    people = [
        select(func.count(Entrant.id)).where(*alone),
        select(func.count(Member.id))
        .join(Entrant, Entrant.id == Member.entrant_id)
        .where(*members),
    ]
    photos = [
        people[0].where(Entrant.id.in_(entrants.where(Portrait.entrant_id.is_not(None)))),
        people[1].where(Member.id.in_(of_crews.where(Portrait.member_id.is_not(None)))),
    ]
    have = sum(db.session.scalar(query) or 0 for query in photos)
    return PhotoCount(have, sum(db.session.scalar(query) or 0 for query in people) - have)


def _alone(competition: Competition) -> tuple[ColumnElement[bool], ...]:
    crews = select(Member.entrant_id).where(Member.competition_id == competition.id)
    return *_in_crews(competition), Entrant.id.not_in(crews)


def _in_crews(competition: Competition) -> tuple[ColumnElement[bool], ...]:
    return Entrant.competition_id == competition.id, takes_part()


def people_without_portrait(
    competition: Competition, most: int
) -> Sequence[Row[tuple[str, str, str]]]:
    """The first of those who take part and have no photo, by number; each of a crew alone.

    Code and name, and as `entrant` the code of whose page they are on.
    """
    alone = (
        select(Entrant.code, Entrant.name, Entrant.code.label("entrant"))
        .where(
            *_alone(competition),
            ~select(Portrait.id).where(Portrait.entrant_id == Entrant.id).exists(),
        )
        .order_by(Entrant.code)
    )
    members = (
        select(Member.code, Member.name, Entrant.code.label("entrant"))
        .join(Entrant, Entrant.id == Member.entrant_id)
        .where(
            *_in_crews(competition),
            ~select(Portrait.id).where(Portrait.member_id == Member.id).exists(),
        )
        .order_by(Entrant.code, Member.position)
    )
    people = [
        row for query in (alone, members) for row in db.session.execute(query.limit(most)).all()
    ]
    # Those of one crew stay in the order in which they stand in it.
    return sorted(people, key=lambda who: who.entrant)[:most]


def has_portraits(competition: Competition) -> bool:
    """True if anybody has a photo: who prints none is not told of those who lack one."""
    there = select(Portrait.id).where(Portrait.competition_id == competition.id).limit(1)
    return db.session.scalar(there) is not None


def marks_of_applications(ids: Collection[int]) -> dict[int, str]:
    """The mark of the photo of each that has one, by the number of the application."""
    query = select(Portrait.application_id, Portrait.sha256).where(
        Portrait.application_id.in_(list(ids))
    )
    return {number: sha256[:16] for number, sha256 in db.session.execute(query) if number}


def pictures_of(
    entrants: Collection[int], members: Collection[int] = ()
) -> Mapping[tuple[str, int], bytes]:
    """The pictures of these people, by `("entrant", id)` or `("member", id)`, to be printed."""
    pictures: dict[tuple[str, int], bytes] = {}
    for word, column, wanted in (
        ("entrant", Portrait.entrant_id, list(entrants)),
        ("member", Portrait.member_id, list(members)),
    ):
        for chunk in in_chunks(wanted):
            query = select(column, Portrait.picture).where(column.in_(chunk))
            pictures |= {(word, number): picture for number, picture in db.session.execute(query)}
    return pictures


def portrait_of_application(competition: Competition, public_id: str) -> Portrait | None:
    """The photo of somebody whom a unit has handed in at least once, or None."""
    return db.session.scalar(
        select(Portrait)
        .join(Application, Application.id == Portrait.application_id)
        .where(
            Application.competition_id == competition.id,
            Application.public_id == public_id,
            Application.submitted_at.is_not(None),
        )
    )


def find_same_photo(competition: Competition, kind: str, number: int, mark: str) -> Portrait | None:
    """The photo of an entrant or a member of the competition, if it is still the one meant."""
    column = {"entrant": Portrait.entrant_id, "member": Portrait.member_id}.get(kind)
    if column is None:
        return None
    portrait = db.session.scalar(
        select(Portrait).where(Portrait.competition_id == competition.id, column == number)
    )
    return portrait if portrait is not None and portrait_mark(portrait) == mark else None


def put_portrait(holder: Entrant | Member, sent: bytes, seen: str, by: Account) -> Portrait:
    """Keep a photo for somebody on the list; one that was there gives way to it.

    `seen` is the mark of the photo that the form showed. Raises `Refused` as
    `clean_portrait`, and (CONFLICT) where somebody else changed it meanwhile.
    """
    picture = clean_portrait(sent)
    with changing(_competition_of(holder)) as competition:
        return _put_portrait(competition, holder, picture, seen, "desk", by)


def remove_portrait(holder: Entrant | Member, seen: str, by: Account) -> None:
    """Take somebody's photo away. Raises `Refused` (CONFLICT) where it is another by now."""
    with changing(_competition_of(holder)) as competition:
        _remove(competition, holder, seen, by)


def why_unit_cannot_change_photo(holder: Holder) -> Message | None:
    """Say why the unit's contact cannot put or change somebody's photo now; None: they can.

    Before the organiser has accepted somebody, as long as the unit can enter people. On the
    list, where there is none, until judging begins; one that the unit put itself, as long as
    it can enter people. Another is for the organiser, so that nobody's face is changed unseen.
    """
    competition = _competition_of(holder)
    closed = why_units_cannot_enter(competition)
    if isinstance(holder, Application):
        if holder.state is ApplicationState.ACCEPTED:
            return msg("组委会已经收下了，照片要换找组委会")
        return closed
    if settings_of(competition).put_away is not None:
        return closed
    if competition.state is not CompetitionState.REGISTERING:
        return msg("比赛已经开始评分，照片找组委会补")
    there = portrait_of(holder)
    if there is None:
        return None
    if there.source not in (_BY_UNIT, _BY_PERSON):
        return msg("照片是组委会传的，要换找组委会")
    return closed and msg("报名截止了，照片要换找组委会")


def put_unit_portrait(holder: Holder, sent: bytes, seen: str, by: Account) -> Portrait:
    """The same by the unit's contact. Raises `Refused` (CONFLICT) where it is not theirs to do."""
    picture = clean_portrait(sent)
    with unit_of_work():
        competition = _claimed_by_unit(holder)
        return _put_portrait(competition, holder, picture, seen, _BY_UNIT, by)


def remove_unit_portrait(holder: Holder, seen: str, by: Account) -> None:
    """Take a photo away for the unit's contact. `Refused` (CONFLICT) where it is not theirs."""
    with unit_of_work():
        competition = _claimed_by_unit(holder)
        _remove(competition, holder, seen, by)


def put_own_portrait(competition: Competition, application: Application, picture: bytes) -> None:
    """Keep the picture that somebody who enters themselves sent, in a unit of work that records it.

    `picture` is clean already (`clean_portrait`).
    """
    keep_picture(competition, application, picture, _BY_PERSON, None)


def put_from_phone(competition: Competition, holder: Holder, picture: bytes, seen: str) -> Portrait:
    """Keep the clean picture that somebody sent by the link of their own, and record it."""
    return _put_portrait(competition, holder, picture, seen, _BY_PERSON, None)


def hand_over(application: Application, to: Entrant | Member) -> None:
    """The photo goes with the person who is accepted; in a unit of work that records it."""
    portrait = portrait_of(application)
    if portrait is not None:
        portrait.application_id = None
        setattr(portrait, _key(to), to.id)


def drop_of(application: Application) -> None:
    """The photo of somebody who is dropped goes too; in a unit of work that records it."""
    portrait = portrait_of(application)
    if portrait is not None:
        db.session.delete(portrait)
        db.session.flush()


def keep_picture(
    competition: Competition, holder: Holder, picture: bytes, source: str, by: Account | None
) -> Portrait:
    """Write one down, in a unit of work that records it."""
    portrait = portrait_of(holder)
    columns = {
        "picture": picture,
        "sha256": hashlib.sha256(picture).hexdigest(),
        "source": source,
        "made_by": by.id if by is not None else None,
    }
    if portrait is not None:
        for key, value in columns.items():
            setattr(portrait, key, value)
        portrait.made_at = utc_now()
        return portrait
    portrait = Portrait(competition_id=competition.id, **{_key(holder): holder.id}, **columns)
    db.session.add(portrait)
    return portrait


def _key(holder: Holder) -> str:
    """The column of photos that has the holder's number."""
    if isinstance(holder, Entrant):
        return "entrant_id"
    return "member_id" if isinstance(holder, Member) else "application_id"


def _put_portrait(
    competition: Competition,
    holder: Holder,
    picture: bytes,
    seen: str,
    source: str,
    by: Account | None,
) -> Portrait:
    before = _still(holder, seen)
    was = before.sha256 if before is not None else None
    portrait = keep_picture(competition, holder, picture, source, by)
    _record(competition, holder, "portrait.put", was, portrait.sha256, by)
    return portrait


def _remove(competition: Competition, holder: Holder, seen: str, by: Account) -> None:
    portrait = _still(holder, seen)
    if portrait is None:
        raise Refused(msg("没有照片"))
    was = portrait.sha256
    db.session.delete(portrait)
    _record(competition, holder, "portrait.remove", was, None, by)


def _still(holder: Holder, seen: str) -> Portrait | None:
    if not isinstance(holder, Application) and holder.erased_at is not None:
        raise Refused(msg("个人资料已经删除，不能再改"))
    there = portrait_of(holder)
    if portrait_mark(there) != seen:
        raise Refused(msg("照片刚被别人换过，看一下再传"))
    return there


def _claimed_by_unit(holder: Holder) -> Competition:
    """The competition claimed, if the holder's photo is the unit's to change as things stand."""
    try:
        competition = for_update(_competition_of(holder))
        db.session.refresh(holder)
    except InvalidRequestError:
        # Dropped in another window.
        raise Refused(msg("名单刚被别人改过，请再看一遍")) from None
    why = why_unit_cannot_change_photo(holder)
    if why is not None:
        raise Refused(why)
    return competition


def _record(
    competition: Competition,
    holder: Holder,
    action: str,
    was: str | None,
    now: str | None,
    by: Account | None,
) -> None:
    content: dict[str, str | bool] = {"photo": now, "replaced": was is not None} if now else {}
    if isinstance(holder, Application):
        content["application"] = holder.public_id
    subject = holder.name if isinstance(holder, Application) else holder.code
    if by is None and isinstance(holder, Application):
        # Who never comes on the list shall not stand in the chain by name.
        action, subject = "application.own_photo", competition.code
    before = {"photo": was} if was else None
    audit.record(competition, by, action, subject, before=before, after=content or None)


def _competition_of(holder: Holder) -> Competition:
    return holder.entrant.competition if isinstance(holder, Member) else holder.competition
