"""Objections to an award of a labour competition since it was granted, in words."""

from __future__ import annotations

from flask_babel import gettext as _

from compete.domain.values.distinction_states import DistinctionState
from compete.models import Certificate, Distinction
from compete.services.kernel.publications import latest_publication
from compete.services.results.labour_grounds import LostGround, lost_ground


def ground_words(lost: LostGround) -> str:
    """Say what was lost, as `lost_ground` has it."""
    if lost.vetoed:
        return _("%(period)s 一票否决", period=lost.period)
    if lost.now is None:
        return _("%(period)s 第 %(was)s 名 → 没有名次", period=lost.period, was=lost.was)
    return _(
        "%(period)s 第 %(was)s → 第 %(now)s 名",
        period=lost.period,
        was=lost.was,
        now=lost.now,
    )


def ground_notes(row: Distinction, paper: Certificate | None) -> list[str]:
    """Say why what was granted is not certified; empty where a certificate was issued before."""
    if row.state is not DistinctionState.GRANTED or paper is not None:
        return []
    publication = latest_publication(row.competition)
    lost = lost_ground(row, publication) if publication is not None else None
    if lost is None:
        return []
    return [_("依据变了，不发证：%(why)s。收回，或者收回以后重新评", why=ground_words(lost))]
