"""Those of the unit who entered themselves, in rows."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from compete.domain.values.states import ApplicationState
from compete.models import Application
from compete.services.registration.applications import cells_of
from compete.web.templating import moment
from compete.web.ticked_rows import tick_of
from compete.web.unit.shapes import PersonRow
from compete.web.words import typed_grade

_S = ApplicationState


def row_of_own(
    row: Application,
    together: Sequence[Application],
    unmet: Sequence[str],
    mark: str | None,
    place: int,
    *,
    again: bool,
) -> PersonRow:
    """Somebody who entered themselves: to be confirmed or given back, and else their own affair.

    `together`: who is decided with them, of a crew all with the first one shown.
    """
    cells, asks = cells_of(row), row.state is _S.UNCONFIRMED
    at = moment(row.submitted_at)
    notes = [_("本人 %(at)s 用手机报的", at=at)]
    if row.state is _S.RETURNED:
        who = row.decider.name if row.decider else ""
        why = _("%(why)s。%(who)s %(at)s", why=row.reason, who=who, at=moment(row.decided_at))
        notes += [why, _("等本人改好再交")]
    elif row.state is _S.WAITING:
        notes.append(_("候补第 %(n)s 位，前面有人空出来由组委会递补", n=place))
    elif row.state is _S.TAKEN_BACK:
        notes.append(_("本人撤回了"))
    elif row.confirmed_at is not None:
        notes.append(_("%(at)s 确认的，等组委会看", at=moment(row.confirmed_at)))
    if asks and again:
        notes.append(_("名单里有同一个人，弄清楚留哪一份，另一份退回"))
    if crew := cells.get("crew"):
        notes.append(_("组合：%(crew)s", crew=crew))
    if asks and crew:
        names = _("、").join(each.name for each in together)
        notes.append(
            _("一组 %(count)s 人一起确认、退回：%(names)s", count=len(together), names=names)
            if together
            else _("和同组的一起确认、退回")
        )
    told = [cells[key] for key in ("department", "post") if cells.get(key)]
    if told:
        notes.append(_("、").join(told))
    return PersonRow(
        row=row,
        number=cells.get("id_number"),
        grade=typed_grade(cells.get("grade", ""), row.event),
        state=row.state,
        notes=[*notes, *unmet],
        warn=bool(unmet) or (asks and again) or row.state is _S.RETURNED,
        mark=mark,
        photo_word=_("看照片") if mark else _("传照片"),
        open=asks,
        seated=row.state is not _S.RETURNED,
        decide=tick_of(together) if asks else None,
    )
