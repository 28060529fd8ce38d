"""Earlier sittings of a person in an evaluation: 补考, and marks to bring along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from compete.domain.values.kinds import Kind
from compete.models import Entrant
from compete.services.registration.carried_modules import (
    BroughtModule,
    KeptModule,
    brought_modules,
    kept_modules,
)
from compete.services.registration.earlier_sittings import TriedAgain, tried_again, why_resit_stays
from compete.web.shapes import Chip


@dataclass(frozen=True, slots=True)
class EarlierSittings:
    """The results of a person's earlier sittings of an evaluation: 补考 and 单科保留."""

    resit: TriedAgain | None
    chip: Chip | None
    drops: bool
    """True if 补考 is on record and can be taken back."""
    brought: Sequence[BroughtModule]
    kept: Sequence[KeptModule]


def sittings_card(entrant: Entrant) -> EarlierSittings | None:
    """Build the card; None if there is nothing to say, as in every contest."""
    if entrant.competition.kind != Kind.EVALUATION:
        return None
    again = tried_again([entrant]).get(entrant.code)
    brought, kept = brought_modules(entrant), kept_modules(entrant)
    if again is None and not brought and not kept:
        return None
    recorded = again is not None and again.attempt is not None
    drops = recorded and why_resit_stays(entrant) is None
    return EarlierSittings(again, resit_chip(again) if again else None, drops, brought, kept)


def resit_chip(again: TriedAgain) -> Chip:
    """Show which attempt it is on record, or would be."""
    if again.attempt is not None:
        return Chip(text=_("补考，第 %(n)s 次", n=again.attempt), kind="", icon="return")
    return Chip(text=_("像是补考，第 %(n)s 次", n=again.proposed), kind="warn", icon="warn")
