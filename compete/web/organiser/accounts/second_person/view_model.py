"""The second person: the people who count beside the viewer, waiting acts, open papers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.messages import listed
from compete.models import Account, Competition, SignedPaper
from compete.services.accounts.card_handlers import signed_as
from compete.services.accounts.second_persons import present_until, second_now, why_not_second
from compete.services.competitions.pending_approvals import PendingApproval, asked_by
from compete.services.competitions.same_day_approvals import (
    is_overdue,
    may_see_paper,
    second_rights,
    seconds_for,
    signed_papers,
    who_can_together,
    why_not_countersign,
)
from compete.services.kernel.refusal import Refused
from compete.web.guard import allowed_url
from compete.web.homes import home_of
from compete.web.language import say
from compete.web.refusals import problem_of
from compete.web.shapes import Choice
from compete.web.templating import moment

_LONGEST_WHY = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondRow:
    """A person who could be the second beside the viewer."""

    name: str
    able: bool
    text: str
    """The reason they cannot, and from when they can; or that they are there."""
    grave: str
    """Why never alone for the gravest acts, or empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRow:
    """A signed paper; `late`: it was to be countersigned by now."""

    row: SignedPaper
    who: str
    text: str
    open: bool
    late: bool
    may_countersign: bool
    why_not: str


def second_page(competition: Competition, refused: Refused | None = None) -> str:
    """Render the page as the signed-in person sees it: `acts` are what they asked for, `people`
    who could agree; `together_acts` and `together_people`, what both being there can do.
    """
    people = seconds_for(competition, current_user)
    acts = asked_by(competition, current_user)
    together = {act.key: who_can_together(competition, act, people, current_user) for act in acts}
    here_able = [person for person in people if any(person in able for able in together.values())]
    return render_template(
        "organiser/accounts/second_person/second_person.html",
        above=allowed_url("organiser.overview") or home_of(current_user),
        now=second_now(competition, current_user, second_rights(competition, current_user)[0]),
        rows=[_row(person) for person in people],
        here_until=present_until(current_user),
        secret=_secret_word(current_user),
        acts=[Choice(value=_value(act), label=_words(act)) for act in acts if act.by_paper],
        people=_person_choices(people),
        together_acts=[
            Choice(value=_value(act), label=_act_words(act, able, here_able))
            for act in acts
            if (able := together[act.key])
        ],
        together_people=_person_choices(here_able),
        papers=[
            _paper(paper)
            for paper in signed_papers(competition)
            if may_see_paper(paper, current_user)
        ],
        chosen=request.values.get("act", ""),
        problem=problem_of(refused),
    )


def _person_choices(people: Sequence[Account]) -> list[Choice]:
    return [Choice(value=str(person.id), label=say(signed_as(person))) for person in people]


def _act_words(act: PendingApproval, able: Sequence[Account], offered: Sequence[Account]) -> str:
    """Describe the act, and who can agree to it if not all offered people can."""
    if len(able) == len(offered):
        return _words(act)
    names = say(listed(person.name for person in able))
    return _("%(what)s（只能和%(names)s）", what=_words(act), names=names)


def _words(act: PendingApproval) -> str:
    """Describe the act with the reason, as far as a line has room for it."""
    if not act.reason:
        return say(act.what)
    why = act.reason if len(act.reason) <= _LONGEST_WHY else f"{act.reason[:_LONGEST_WHY]}…"
    return _("%(what)s，理由：%(why)s", what=say(act.what), why=why)


def _value(act: PendingApproval) -> str:
    """The value of a choice: which act, and what was asked when the page was shown."""
    return f"{act.key} {act.mark}"


def _secret_word(account: Account) -> str:
    """Name the secret by which somebody proves who they are: a card's PIN, else the password."""
    return _("PIN") if account.pin_hash is not None else _("密码")


def _row(person: Account) -> SecondRow:
    # What is between two people is between both; said to who reads, it is about the other.
    why = why_not_second(person.id, current_user)
    here = present_until(person)
    grave = why_not_second(current_user.id, person, grave=True) if why is None else None
    return SecondRow(
        name=person.name,
        able=why is None,
        text=_("%(at)s 前在场", at=moment(here)) if here else say(why) if why is not None else "",
        grave=_("提前定为最终成绩、免复核、公布以后解锁、取消成绩并撤销证书不能单独算")
        if grave is not None
        else "",
    )


def _paper(paper: SignedPaper) -> PaperRow:
    open_ = paper.countersigned_at is None
    why = why_not_countersign(paper, current_user) if open_ else None
    return PaperRow(
        row=paper,
        who=_(
            "%(second)s 签字，%(first)s %(at)s 交",
            second=say(signed_as(paper.second, paper.made_at)),
            first=paper.first.name,
            at=moment(paper.made_at),
        ),
        text=_(
            "%(at)s 前补签。没补签也照样有效，公布的页面、文件和公示上一直写着",
            at=moment(paper.due_at),
        )
        if paper.countersigner is None or paper.countersigned_at is None
        else _(
            "%(who)s %(at)s 补签",
            who=say(signed_as(paper.countersigner, paper.countersigned_at)),
            at=moment(paper.countersigned_at),
        ),
        open=open_,
        late=is_overdue(paper),
        may_countersign=open_ and why is None,
        why_not=say(why) if why is not None else "",
    )
