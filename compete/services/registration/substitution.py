"""Substitution: somebody comes for one of a unit's people, also once registration has closed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select

from compete.domain.values.messages import Message, msg
from compete.domain.values.states import APPLICATION_MOVES, ApplicationState, move
from compete.models import (
    Account,
    Application,
    Competition,
    Entrant,
    OutcomeEntry,
    Sheet,
    Unit,
    db,
    utc_now,
)
from compete.services.kernel import audit
from compete.services.kernel.participants import standing_withdrawal, takes_part
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import changing
from compete.services.registration.acceptance import Accepted, accept_people
from compete.services.registration.applications import (
    EDITABLE,
    FIELDS,
    HIDDEN,
    applications_of,
    cells_of,
    check_cells,
    fill,
    new_draft,
    offer_for,
    others_of_number,
    refresh,
    stands_already,
)
from compete.services.registration.corrections import WrongFieldsError
from compete.services.registration.entrant_lookup import entrant_by_code
from compete.services.registration.self_entry.settings import is_decided_still
from compete.services.registration.submission import drop_entered
from compete.services.registration.withdrawals import why_not_withdrawn, withdraw_person
from compete.services.schedule.station_moves import hand_over_places

_S = ApplicationState
_INSTEAD, _WHY = "instead", "instead_why"
"""In the fields of an application, beside those of the workbook."""
_OLD = ("event", "team", "crew", "role")
"""The fields that the new one takes over from the old one."""
REPLACED_FIELDS = tuple(key for key in FIELDS if key not in _OLD)
"""The fields that the unit says of the new one."""


def instead_of(application: Application) -> str | None:
    """The number of whom somebody is to replace; None for who comes for nobody."""
    return cells_of(application).get(_INSTEAD)


def reason_of(application: Application) -> str:
    """The unit's reason for it."""
    return cells_of(application).get(_WHY, "")


def requests_of(applications: Iterable[Application]) -> dict[str, Application]:
    """The request not decided, or given back, by the number of who is to be replaced."""
    requests: dict[str, Application] = {}
    for application in applications:
        code = instead_of(application)
        if code is not None and application.state is not _S.ACCEPTED:
            requests[code] = application
    return requests


def request_for(entrant: Entrant) -> Application | None:
    """The unit's request that somebody comes for them, also one that was given back."""
    return requests_of(_of_unit(entrant)).get(entrant.code)


def replaceable_of(unit: Unit, competition: Competition) -> set[str]:
    """The numbers of those of a unit beside whom it is offered; `why_not_replaced` decides."""
    if not is_decided_still(competition):
        return set()
    judged = [Entrant.id.in_(select(table.entrant_id)) for table in (Sheet, OutcomeEntry)]
    query = select(Entrant.code).where(
        Entrant.competition_id == competition.id,
        Entrant.unit_id == unit.id,
        takes_part(),
        ~Entrant.members.any(),
        *(~condition for condition in judged),
    )
    return set(db.session.scalars(query))


def why_not_replaced(entrant: Entrant) -> Message | None:
    """Say why the unit cannot ask for somebody else; None until judging begins."""
    if not is_decided_still(entrant.competition):
        return msg("比赛已经开始评分，报名结束了，要换人找组委会")
    if entrant.members:
        return msg("组合换人找组委会")
    if standing_withdrawal(entrant) is not None:
        return msg("%(code)s 已经退赛了", code=entrant.code)
    return why_not_withdrawn(entrant)


def ask_replacement(
    entrant: Entrant, typed: Mapping[str, str], reason: str, by: Account
) -> Application:
    """Hand somebody in who is to take the place of one of the unit's people.

    Nothing changes until an organiser accepts it. One that was given back is asked for again.
    Raises `WrongFieldsError` for what is missing or wrong, `Refused` (INVALID) without a reason,
    (CONFLICT) for one that waits already, for who is on the list, and once judging has begun.
    """
    reason = reason_text(reason)
    with changing(entrant.competition, entrant) as competition:
        why = why_not_replaced(entrant)
        if why is not None:
            raise Refused(why)
        unit = db.session.get_one(Unit, entrant.unit_id)
        application = request_for(entrant)
        if application is None:
            application = new_draft(unit, competition, by)
        elif application.state not in EDITABLE:
            raise Refused(msg("已经申请过了，先撤回再改"))
        before = cells_of(application) if application.cells else {}
        cells = {key: typed.get(key, "").strip() for key in REPLACED_FIELDS}
        for key in HIDDEN:
            cells[key] = cells[key] or before.get(key, "")
        cells |= {"event": entrant.event.name, "team": entrant.team.name if entrant.team else ""}
        cells = {key: text for key, text in cells.items() if text}
        checked, problems = check_cells(cells, offer_for(competition, unit), unit)
        if problems:
            raise WrongFieldsError(problems)
        if not reason:
            raise invalid(msg("写明为什么换人，组委会看得到"))
        fill(application, cells | {_INSTEAD: entrant.code, _WHY: reason}, checked, competition)
        if stands_already(application):
            raise Refused(msg("%(name)s 已经在这个赛项的名单里", name=application.name))
        _require_asked_once(application)
        application.state = move(application.state, _S.SUBMITTED, APPLICATION_MOVES)
        application.submitted_at, application.reason = utc_now(), None
        db.session.add(application)
        after = {
            "application": application.public_id,
            "version": application.version,
            "unit": unit.code,
        }
        audit.record(
            competition, by, "application.replace", entrant.code, after=after, reason=reason
        )
    return application


def _require_asked_once(application: Application) -> None:
    """Raise `Refused` for who waits already, in whose place or on their own."""
    for other in others_of_number(application):
        if other.state in EDITABLE and instead_of(other) is None:
            continue
        if (code := instead_of(other)) is not None:
            raise Refused(
                msg(
                    "%(name)s 已经申请换下 %(code)s，一个人只能换下一个人。换成别人，"
                    "或者先撤回那一份",
                    name=other.name,
                    code=code,
                )
            )
        raise Refused(
            msg(
                "%(name)s 自己已经报了名，不能再换下别人。换成别人，或者先撤回那一份",
                name=other.name,
            )
        )


def take_request_back(application: Application, by: Account) -> str:
    """Take the request back: what was written goes. Returns the name of who was to come.

    Raises `Refused` (CONFLICT) for one that was accepted, and once judging has begun.
    """
    with changing(application.competition) as competition:
        refresh(application)
        if application.state is _S.ACCEPTED:
            raise Refused(msg("组委会已经收下了，不能再撤回"))
        if not is_decided_still(competition):
            raise Refused(msg("比赛已经开始评分，报名结束了，要换人找组委会"))
        return drop_entered(application, competition, by, "take_back")


def _of_unit(entrant: Entrant) -> Sequence[Application]:
    return applications_of(db.session.get_one(Unit, entrant.unit_id))


def accept_with_replacements(
    competition: Competition, seen: Mapping[str, int], by: Account, *, exempted_for: str = ""
) -> Accepted:
    """Accept as `accept_people`; who comes for somebody else takes the places, and that one goes.

    Raises `Refused` (CONFLICT) as that does, and where somebody cannot be replaced any more.
    """
    with changing(competition) as competition:
        asked = _substitutes(competition, seen)
        for application, old in asked:
            why = why_not_replaced(old)
            if why is not None:
                who = {"name": application.name, "code": old.code, "old": old.name}
                raise Refused(msg("%(name)s 换下 %(code)s %(old)s：%(why)s", **who, why=why))
        done = accept_people(
            competition,
            seen,
            by,
            exempted_for=exempted_for,
            freed={application.public_id for application, _old in asked},
        )
        for application, old in asked:
            if application.entrant_id is None:
                continue
            new = db.session.get_one(Entrant, application.entrant_id)
            reason = reason_of(application)
            withdraw_person(old, reason, by)
            places = hand_over_places(old, new)
            after = {"old": old.code, "places": places}
            audit.record(competition, by, "entrant.replace", new.code, after=after, reason=reason)
            after = {"new": new.code, "places": places}
            audit.record(competition, by, "entrant.replaced", old.code, after=after, reason=reason)
    return done


def _substitutes(
    competition: Competition, seen: Mapping[str, int]
) -> list[tuple[Application, Entrant]]:
    """List those of them who come for somebody, each with whom."""
    if not seen:
        return []
    pairs = []
    for application in db.session.scalars(
        select(Application)
        .where(Application.competition_id == competition.id, Application.public_id.in_(list(seen)))
        .order_by(Application.id)
    ):
        code = instead_of(application)
        old = entrant_by_code(competition, code) if code is not None else None
        if old is not None:
            pairs.append((application, old))
    return pairs
