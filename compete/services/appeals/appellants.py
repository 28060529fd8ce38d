"""Appellants: people who appeal from a badge, told by the ID number or a word from the desk.

A badge hangs where anybody can photograph it. Four characters can be guessed, so whoever
asks counts wrong ones (`compete/web/public/proof.py`); where they do not suffice any more,
the whole number does, and at last the word, which nobody guesses.
"""

from __future__ import annotations

import hmac
import unicodedata
from datetime import timedelta

from sqlalchemy import select

from compete.domain.values.messages import msg
from compete.models import Account, Certificate, Entrant, Member, db
from compete.models.types import keyed_hash
from compete.services.closing.penalties_and_outcomes import decision_label
from compete.services.directory.merged import same_people
from compete.services.kernel import audit
from compete.services.kernel.clock import local_today
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import for_update, unit_of_work

LAST = 4
_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_LONG = 8
_SEPARATORS = "-·‐‑–—"


def can_prove(entrant: Entrant) -> bool:
    """True if an ID number is known by which a contestant can be told from who found the badge."""
    return bool(_numbers(entrant))


def plain_proof(answer: str) -> str:
    """Take spaces and strokes out of what was typed, and make it half width, as phones write it."""
    text = unicodedata.normalize("NFKC", answer[:200])
    return "".join(sign for sign in text if not sign.isspace() and sign not in _SEPARATORS)


def last_four_are_public(entrant: Entrant) -> bool:
    """True if the look-up of a grade certificate shows them to whoever knows number and name.

    Of whichever competition the certificate is: the badge's page links to those of its own.
    """
    people = {entrant.person_id, *(member.person_id for member in entrant.members)} - {None}
    same = same_people([number for number in people if number is not None])
    graded = select(Certificate.id).where(Certificate.kind == "grade")
    of_entrant = graded.join(Entrant, Entrant.id == Certificate.entrant_id)
    of_member = graded.join(Member, Member.id == Certificate.member_id)
    return any(
        db.session.scalar(query.limit(1)) is not None
        for query in (
            of_entrant.where(Entrant.person_id.in_(list(same))),
            of_member.where(Member.person_id.in_(list(same))),
        )
    )


def proves(entrant: Entrant, answer: str) -> bool:
    """True if these are the last four characters of the ID number behind the badge, or all.

    Of a crew, of any of its people. Compared in constant time.
    """
    plain = plain_proof(answer)
    asked = plain.casefold().encode()
    # Every number is looked at, so that time tells nothing of how many there are.
    fits = [
        hmac.compare_digest(
            (number if len(plain) > LAST else number[-LAST:]).casefold().encode(), asked
        )
        for number in _numbers(entrant)
    ]
    return any(fits)


def proves_by_word(entrant: Entrant, answer: str) -> bool:
    """True if it is the word that the desk gives for this badge, of today or of yesterday."""
    asked = plain_proof(answer).upper().encode()
    days = (local_today() - timedelta(days=back) for back in (0, 1))
    fits = [hmac.compare_digest(_word(entrant, day.isoformat()).encode(), asked) for day in days]
    return any(fits)


def give_word(entrant: Entrant, by: Account) -> str:
    """The word with which this badge's holder can appeal until tomorrow night; logged.

    For who stands at the desk with the badge. It ends with the badge. Raises `Refused` for
    somebody whose data were erased, who has none.
    """
    with unit_of_work() as session:
        competition = for_update(entrant.competition)
        session.refresh(entrant)
        if entrant.erased_at is not None:
            raise Refused(msg("个人资料已经删除，没有参赛证了"))
        word = _word(entrant, local_today().isoformat())
        audit.record(competition, by, "appeal.word", decision_label(entrant))
    return f"{word[:4]}-{word[4:]}"


def _word(entrant: Entrant, day: str) -> str:
    badges = "/".join(
        [entrant.badge_hash, *(member.badge_hash or "" for member in entrant.members)]
    )
    number = int(keyed_hash(f"appeal/{badges}/{day}"), 16)
    signs = []
    for _sign in range(_LONG):
        number, rest = divmod(number, len(_LETTERS))
        signs.append(_LETTERS[rest])
    return "".join(signs)


def _numbers(entrant: Entrant) -> list[str]:
    numbers = (entrant.id_number, *(member.id_number for member in entrant.members))
    plain = [plain_proof(number) for number in numbers if number]
    return [number for number in plain if len(number) >= LAST]
