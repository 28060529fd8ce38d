"""A pupil's own page of a practice: what each try got, and what was taken off where."""

from __future__ import annotations

from flask import render_template

from compete.models import Entrant
from compete.services.competitions.practices import best_try, tries_of
from compete.services.kernel.public_reasons import masked_words


def practice_page(pupil: Entrant) -> str:
    """Render the tries, the newest first, each at once as it was handed in."""
    practice = pupil.competition
    tries = tries_of(practice, pupil)[pupil.code]
    best = best_try(tries)
    return render_template(
        "public/practice.html",
        heading=practice.name,
        subheading=pupil.event.name,
        name=pupil.name,
        unit=pupil.unit.name,
        best=best,
        tries=[it for it in reversed(tries) if it.begun or it.waived],
        left=sum(not it.begun and not it.waived for it in tries),
        comments={
            it.number: [masked_words(text, practice) for text in it.comments] for it in tries
        },
    )
