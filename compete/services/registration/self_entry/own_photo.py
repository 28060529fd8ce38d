"""Somebody's own photo from their own phone: before they are accepted, and after, on the list."""

from __future__ import annotations

from compete.domain.values.messages import Message, msg
from compete.domain.values.states import ApplicationState, CompetitionState
from compete.models import Application, Entrant, Member
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import changing
from compete.services.registration.applications import refresh
from compete.services.registration.portrait_files import clean_portrait
from compete.services.registration.portraits import portrait_of, put_from_phone
from compete.services.registration.self_entry.own_entry import (
    CORRECTABLE,
    badge_behind,
    entrant_of_application,
)
from compete.services.registration.self_entry.settings import is_decided_still


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
