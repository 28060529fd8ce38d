"""Own entry: somebody enters themselves: handed in, corrected, taken back, by an own link.

They have no account. A random link, of which the hash is kept, says which application is
theirs, as a badge's does. Whether a number stands on the list already is told to nobody here:
the unit and the organisers see it, and settle whose it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.exc import InvalidRequestError

from compete.domain.values.messages import Message, msg
from compete.domain.values.states import APPLICATION_MOVES, ApplicationState, CompetitionState, move
from compete.models import (
    Account,
    Application,
    Competition,
    Entrant,
    Member,
    Membership,
    ReplacedBadge,
    Unit,
    db,
    utc_now,
)
from compete.models.types import token_hash
from compete.services.kernel import audit
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import changing, for_update, unit_of_work
from compete.services.registration.applications import (
    cells_of,
    fill,
    new_draft,
    record_people,
    refresh,
)
from compete.services.registration.badges import new_badge
from compete.services.registration.corrections import WrongFieldsError
from compete.services.registration.documents import drop_files_of
from compete.services.registration.portraits import (
    clean_portrait,
    portrait_of,
    put_from_phone,
    put_own_portrait,
)
from compete.services.registration.self_entry.crew_entry import (
    TOGETHER,
    mark_together,
    member_link,
    partners_of,
    read_crew,
)
from compete.services.registration.self_entry.settings import (
    MOST_OF_ONE_UNIT,
    MOST_UNSEEN,
    OwnFields,
    has_contact,
    is_decided_still,
    read_own,
    require_self_entry,
)

_S = ApplicationState
CORRECTABLE = frozenset({_S.RETURNED, _S.TAKEN_BACK})
"""The states in which somebody writes their own fields again to hand them in once more."""
TAKEABLE = frozenset({_S.UNCONFIRMED, _S.SUBMITTED, _S.WAITING, _S.RETURNED})
"""The states in which somebody may take it back."""
UNSEEN = (_S.UNCONFIRMED, _S.SUBMITTED)
"""The states before any decision: what was handed in may still be changed."""
_LINK = re.compile(r"[A-Za-z0-9_-]{32}")


def new_link() -> str:
    """A random link (192 bits), before anything stands under it."""
    return new_badge()[0]


def entry_under(link: str) -> Application | None:
    """The application under a link, or None."""
    return db.session.scalar(select(Application).where(Application.link_hash == token_hash(link)))


def entrant_of_application(application: Application) -> Entrant | None:
    """The entrant that it became on the list, alone or as a crew, or None."""
    number = application.entrant_id
    return db.session.get(Entrant, number) if number is not None else None


def badge_behind(application: Application) -> str | None:
    """The token of the badge to which the link leads on; None once the badge got another code.

    So a desk that learns of a link in the wrong hands cuts it off with a new badge.
    """
    entrant = entrant_of_application(application)
    if entrant is None:
        return None
    own = (member for member in entrant.members if member.id_hash == application.id_hash)
    member = next(own, None)
    whose = ReplacedBadge.member_id == (member.id if member is not None else None)
    replaced = select(ReplacedBadge.id).where(ReplacedBadge.entrant_id == entrant.id, whose)
    if db.session.scalar(replaced.limit(1)) is not None:
        return None
    if entrant.members:
        return member.badge_token if member is not None else None
    return entrant.badge_token


def hand_in_own(
    competition: Competition, typed: Mapping[str, str], link: str, photo: bytes | None
) -> str:
    """Take somebody in who enters themselves, and their crew; the link under which it stands.

    Each of a crew has an entry and a link of their own (`others_under`). `link` was made with
    the form: sent again because the answer was lost, the same person in the same event is not
    taken twice. What another sends with it gets a link of its own.
    Raises `WrongFieldsError` with what is wrong by field (`photo` among them), `Refused`
    (CONFLICT) where nobody can enter now.
    """
    require_self_entry(competition)
    crew = read_crew(competition, typed)
    picture = _checked(crew[1], photo)
    with changing(competition) as competition:
        require_self_entry(competition)
        application = _filled(competition, crew[1])
        there = entry_under(link) if _LINK.fullmatch(link) else None
        if there is not None and _is_same(there, application):
            return link
        if there is not None or not _LINK.fullmatch(link):
            link = new_link()
        first = application.public_id
        for place, own in crew.items():
            if place > 1:
                application = _filled(competition, own)
            if len(crew) > 1:
                mark_together(application, first)
            _make_room(competition, own.unit)
            application.unit_id = own.unit.id if own.unit is not None else None
            whose = link if place == 1 else member_link(link, place)
            application.by_person, application.link_hash = True, token_hash(whose)
            _send(application, own.unit)
            db.session.add(application)
            db.session.flush()
            if picture is not None and place == 1:
                put_own_portrait(competition, application, picture)
            _record(competition, "application.own_hand_in", application)
    return link


def _filled(competition: Competition, fields: OwnFields) -> Application:
    application = new_draft(None, competition, None)
    fill(application, fields.cells, fields.checked, competition)
    return application


def correct_own(
    application: Application, typed: Mapping[str, str], seen: int, photo: bytes | None
) -> None:
    """Write one's fields again, until it is decided or after it was given or taken back.

    Raises `WrongFieldsError`, and `Refused` (CONFLICT) where that cannot be now, or where
    `seen` is not the version that stands.
    """
    competition = application.competition
    require_self_entry(competition)
    before = cells_of(application)
    fields = read_own(competition, typed, before)
    picture = _checked(fields, photo)
    with unit_of_work():
        competition = _claimed(application)
        require_self_entry(competition)
        if application.state not in {*CORRECTABLE, *UNSEEN} or application.version != seen:
            raise _changed()
        fill(application, fields.cells, fields.checked, competition)
        mark_together(application, before.get(TOGETHER, ""))
        application.unit_id = fields.unit.id if fields.unit is not None else None
        _send(application, fields.unit)
        if picture is not None:
            put_own_portrait(competition, application, picture)
        _record(competition, "application.own_correct", application)


def take_own_back(application: Application) -> None:
    """Take back one's own entry; and those of the crew who came from the same phone.

    Raises `Refused` (CONFLICT) once that is for the organiser.
    """
    with unit_of_work():
        competition = _claimed(application)
        why = why_not_take_back(application)
        if why is not None:
            raise Refused(why)
        for member in [application, *partners_of(application, TAKEABLE)]:
            member.state = move(member.state, _S.TAKEN_BACK, APPLICATION_MOVES)
            member.version += 1
            _record(competition, "application.own_take_back", member)


def why_not_take_back(application: Application) -> Message | None:
    """Say why somebody cannot take it back here; None: they can."""
    if application.state is _S.ACCEPTED:
        return msg("组委会已经收下了，不参加要找单位或者组委会")
    if application.state not in TAKEABLE:
        return msg("已经撤回了")
    if not is_decided_still(application.competition):
        return msg("报名结束了，要改找组委会")
    return None


def delete_own(application: Application) -> None:
    """Delete what was written for good, the photo too; the record keeps that it was there.

    Raises `Refused` (CONFLICT) unless it was taken back before.
    """
    with unit_of_work() as session:
        competition = _claimed(application)
        if application.state is not _S.TAKEN_BACK:
            raise Refused(msg("先撤回，再删资料"))
        drop_files_of(application)
        _record(competition, "application.own_delete", application)
        session.delete(application)


def was_returned_by_unit(application: Application) -> bool:
    """True if the unit's contact gave it back, and not the organiser."""
    query = select(Membership.id).where(
        Membership.account_id == application.decided_by,
        Membership.unit_id == application.unit_id,
    )
    return application.unit_id is not None and db.session.scalar(query.limit(1)) is not None


def _checked(fields: OwnFields, photo: bytes | None) -> bytes | None:
    """The photo as it is kept. Raises `WrongFieldsError` with all that is wrong."""
    problems, picture = dict(fields.problems), None
    if photo:
        try:
            picture = clean_portrait(photo)
        except Refused as refused:
            problems["photo"] = refused.message
    if problems:
        raise WrongFieldsError(problems)
    return picture


def _is_same(there: Application, now: Application) -> bool:
    return (there.competition_id, there.event_id, there.id_hash) == (
        now.competition_id,
        now.event_id,
        now.id_hash,
    )


def _make_room(competition: Competition, unit: Unit | None) -> None:
    """Refuse too many of one unit, or of none; the places of a unit's contact stay free."""
    unseen = Application.state.in_(UNSEEN) & Application.confirmed_at.is_(None)
    there, waiting = db.session.execute(
        select(func.count(Application.id), func.count(Application.id).filter(unseen)).where(
            Application.competition_id == competition.id,
            Application.by_person,
            Application.unit_id == unit.id if unit is not None else Application.unit_id.is_(None),
        )
    ).one()
    if there >= MOST_OF_ONE_UNIT:
        raise Refused(msg("这个单位报名的太多了，找组委会"))
    if waiting >= MOST_UNSEEN:
        raise Refused(msg("这个单位还没看的报名太多了，请单位或者组委会先看，过一会儿再报"))


def _send(application: Application, unit: Unit | None) -> None:
    """Hand it in: to the unit's contact where there is one, else to the organiser at once."""
    asks = unit is not None and has_contact(unit)
    state = _S.UNCONFIRMED if asks else _S.SUBMITTED
    if application.state not in UNSEEN:
        application.submitted_at = utc_now()
    if application.state is not state:
        application.state = move(application.state, state, APPLICATION_MOVES)
    application.reason = None
    application.confirmed_by = application.confirmed_at = None


def _claimed(application: Application) -> Competition:
    try:
        competition = for_update(application.competition)
        refresh(application)
    except InvalidRequestError:
        raise _changed() from None
    return competition


def _changed() -> Refused:
    return Refused(msg("这份报名刚有变动，没有存。重新打开这一页，看过再改"))


def _record(competition: Competition, action: str, application: Application) -> None:
    """Record without a name: who never comes on the list shall not stand in the chain."""
    unit = application.unit_id
    code = next((own_unit.code for own_unit in competition.units if own_unit.id == unit), None)
    after = {
        "application": application.public_id,
        "version": application.version,
        **({"unit": code} if code else {}),
    }
    audit.record(competition, None, action, competition.code, after=after)


def renew_own_link(
    application: Application, seen: int, by: Account, unit: Unit | None = None
) -> str:
    """The new link, told to whoever asked for it once; `unit` where its contact asks.

    Whoever holds it can correct what came back and take it back, as the person themselves.
    Raises `Refused` (CONFLICT) where somebody changed it meanwhile, or it is another unit's.
    """
    with changing(application.competition) as competition:
        refresh(application)
        own = unit is None or application.unit_id == unit.id
        if application.version != seen or not application.by_person or not own:
            raise Refused(msg("名单刚被别人改过，请再看一遍"))
        link = new_link()
        application.link_hash = token_hash(link)
        application.version += 1
        subject = unit.code if unit is not None else competition.code
        record_people(competition, by, "application.new_link", subject, [application])
    return link


def photo_holder(application: Application) -> Application | Entrant | Member | None:
    """The holder of the photo: the entry until it is accepted, then the person on the list.

    Of a crew the own one of each; None where the badge got another code since.
    """
    if application.state is not ApplicationState.ACCEPTED:
        return application
    entrant = entrant_of_application(application)
    if entrant is None or badge_behind(application) is None:
        return None
    own = (member for member in entrant.members if member.id_hash == application.id_hash)
    return next(own, None) if entrant.members else entrant


def why_no_own_photo(application: Application) -> Message | None:
    """Say why somebody cannot send their photo now; None: they can.

    Until they are accepted they may change it. On the list they may add one that is lacking,
    until judging begins: nobody's face is changed unseen.
    """
    holder, competition = photo_holder(application), application.competition
    if holder is None:
        return msg("参赛证换过码，照片找组委会")
    if isinstance(holder, Application):
        if application.state in CORRECTABLE:
            return msg("照片和要改的一起交")
        return None if is_decided_still(competition) else msg("报名结束了，要改找组委会")
    if settings_of(competition).put_away is not None or holder.erased_at is not None:
        return msg("报名结束了，要改找组委会")
    if competition.state is not CompetitionState.REGISTERING:
        return msg("比赛已经开始评分，照片找组委会补")
    if portrait_of(holder) is not None:
        return msg("照片有了，要换找组委会")
    return None


def put_own_photo(application: Application, sent: bytes, seen: str) -> None:
    """Keep somebody's photo; `seen` is the mark of the one that the page showed.

    What the unit or the organiser saw before is another by it, and has to be seen again. Raises
    `Refused` as `clean_portrait`, and (CONFLICT) where it cannot be now or another came meanwhile.
    """
    picture = clean_portrait(sent)
    with changing(application.competition):
        refresh(application)
        why, holder = why_no_own_photo(application), photo_holder(application)
        if why is not None or holder is None:
            raise Refused(why or msg("参赛证换过码，照片找组委会"))
        if isinstance(holder, Application):
            application.version += 1
        put_from_phone(application.competition, holder, picture, seen)
