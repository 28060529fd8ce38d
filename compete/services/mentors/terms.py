"""Terms of agreements held against each other: overlaps, circles, how many pupils at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from compete.domain.values.days import date_words, months_later
from compete.domain.values.messages import Message, msg
from compete.services.mentors.mentor_rules import MentorRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Who teaches whom, from a day to a day, both counted in."""

    mentor: Hashable
    pupil: Hashable
    first: date
    last: date
    number: int | None = None
    """Of the agreement; None for one that is not written yet."""

    def meets(self, other: Term) -> bool:
        """True if both have a day in common."""
        return self.first <= other.last and other.first <= self.last


class Terms:
    """The terms that count, looked up by who teaches."""

    def __init__(self, terms: Iterable[Term] = ()) -> None:
        self._of_mentor: dict[Hashable, list[Term]] = defaultdict(list)
        for term in terms:
            self.add(term)

    def add(self, term: Term) -> None:
        """Let a term count for those that are looked at after it."""
        self._of_mentor[term.mentor].append(term)

    def faults(self, term: Term, rules: MentorRules) -> dict[str, Message]:
        """What is wrong with a term by itself, and beside the others; by field."""
        if term.mentor == term.pupil:
            return {"pupil": msg("师傅和徒弟是同一个人")}
        if term.last < term.first:
            return {"until": msg("到期日期在开始日期前面")}
        if _is_longer(term, rules.months):
            last = months_later(term.first, rules.months) - timedelta(days=1)
            words = msg("最长 %(n)s 个月，到 %(day)s", n=rules.months, day=date_words(last))
            return {"until": words}
        beside = [it for it in self._meeting(term) if it.pupil != term.pupil]
        if any(it.pupil == term.pupil for it in self._meeting(term)):
            return {"starts": msg("这一对在这段时间里已经有协议")}
        if any(
            it.pupil == term.mentor and it.meets(term) for it in self._of_mentor.get(term.pupil, ())
        ):
            return {"pupil": msg("徒弟这时正带着师傅，不能互相带")}
        most = _most_at_once(term, beside)
        if most + 1 > rules.pupils:
            return {
                "mentor": msg(
                    "这段时间里已经带着 %(n)s 个徒弟，最多 %(most)s 个", n=most, most=rules.pupils
                )
            }
        return {}

    def _meeting(self, term: Term) -> list[Term]:
        return [
            it
            for it in self._of_mentor.get(term.mentor, ())
            if it.meets(term) and (it.number is None or it.number != term.number)
        ]


def _is_longer(term: Term, months: int) -> bool:
    """True if a term lasts longer: a year from 1 March ends on the last day of February."""
    try:
        return term.last >= months_later(term.first, months)
    except ValueError:
        return False


def _most_at_once(term: Term, beside: Sequence[Term]) -> int:
    """How many other pupils there are at a time on some day of the term."""
    days = {term.first, *(it.first for it in beside if it.first > term.first)}
    return max(len({it.pupil for it in beside if it.first <= day <= it.last}) for day in days)
