"""The pages of blind codes, as `pages.py` lists the others."""

from __future__ import annotations

from tests.look import coding_samples as coding
from tests.look.look import BOTH, Look

CODING_PAGES = [
    Look("coding", "organiser/coding/coding.html", coding.coding, ("desk", "tall", "phone")),
    Look("coding-shown", "organiser/coding/coding.html", coding.coding_shown, ("desk", "phone")),
    Look(
        "unblinding",
        "organiser/coding/unblinding.html",
        coding.unblinding,
        ("desk", "tall", "phone"),
        BOTH,
    ),
]
