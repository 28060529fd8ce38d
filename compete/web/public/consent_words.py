"""The people who may take the consent to the whole name back on a badge's own page."""

from __future__ import annotations

from collections.abc import Sequence

from compete.models import Entrant, Member
from compete.services.kernel.competition_settings import settings_of
from compete.services.registration.consents import has_consented


def people_behind(holder: Entrant | Member) -> Sequence[Entrant | Member]:
    """Return the people a badge speaks for: one of a crew, or all by a shared one."""
    if isinstance(holder, Member):
        return [holder]
    return [*holder.members] or [holder]


def consenting_people(holder: Entrant | Member) -> Sequence[Entrant | Member] | None:
    """Return the people whose whole names are published and may be masked; None for nobody.

    Who holds a badge of their own in a crew takes back their own consent alone.
    """
    entrant = holder.entrant if isinstance(holder, Member) else holder
    if not settings_of(entrant.competition).full_names:
        return None
    return [person for person in people_behind(holder) if has_consented(person)]
