"""The second of two persons: who counts, for what, from when, and why not.

Somebody whose way in another had in hand within a day is no second person, nor is
whoever had the first one's. The same day they are when both say by their own PIN or password
that they are there (`say_present`), or by a signed paper (`on_paper`): both stand on record.
For what is `grave` nobody counts alone whose way in came from the first one, however long ago
and through however many others; for what is `linked` nobody whose way in came so by a link.
`STRICTNESS` says which is which.
Pages ask here before they offer a button, services before they act: both say the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import KW_ONLY, dataclass
from datetime import datetime, timedelta
from enum import Enum
from types import MappingProxyType

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload

from compete.domain.values.messages import Message, listed, msg, some_of
from compete.domain.values.rights import HOLDERS, Right
from compete.domain.values.roles import MARKING_ROLES, SCORING_ROLES
from compete.models import (
    Account,
    CardHandling,
    Competition,
    DeviceUse,
    FirmIdentity,
    Membership,
    Presence,
    SignedPaper,
    SignInCard,
    db,
    utc_now,
)
from compete.services.accounts.access import may
from compete.services.kernel import audit
from compete.services.kernel.clock import moment_words
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.refusal import Refusal, Refused, refuse_if
from compete.services.kernel.transactions import unit_of_work

NO_SECOND_PERSON_FOR = timedelta(hours=24)
PRESENT_FOR = timedelta(minutes=30)
_NAMED = 6
ASKED_YOURSELF = msg("要两个人，你是提出的人，请另一位来同意")
_WHO_AGREES = msg("组委会、裁判长或监督才能同意")
_YOURS, _NOT_YOURS = msg("这是你提的，要另一个人来确认"), msg("这一步不归你办")
_ANEW = ("link", "reset")
"""By these a way in begins anew: who had the former one in hand has nothing any more."""
_BESIDE = "firm_link"
"""By this a way in came beside the former one, whose password stays."""
_paper: ContextVar[SignedPaper | None] = ContextVar("signed paper", default=None)


class Strictness(Enum):
    """The strictness with which a second person is told from a first one with two accounts."""

    DAY = "day"
    """Who had the other's way in in hand within a day is none."""
    LINKED = "linked"
    """Nor is who got in by a link of the other's, ever: an account that nobody sees. A card makes
    an official of the list, whom everybody sees, and asks for a PIN of its holder's own."""
    GRAVE = "grave"
    """Nor is who got in by a card of the other's."""


STRICTNESS: Mapping[str, tuple[Strictness, str]] = MappingProxyType(
    {
        "final": (Strictness.GRAVE, "results are final before their time"),
        "terms": (Strictness.GRAVE, "no re-check at all; what is only shortened within a day"),
        "lock": (Strictness.GRAVE, "published marks are opened; before that within a day"),
        "revoke": (Strictness.GRAVE, "a result is taken away with its certificate"),
        "decision": (Strictness.LINKED, "points, an absence, a result: a place hangs on it"),
        "playoff": (Strictness.LINKED, "who of equals is before whom"),
        "undo-decision": (Strictness.LINKED, "as the decision that is undone"),
        "undo-playoff": (Strictness.LINKED, "as the order that is undone"),
        "stage": (Strictness.LINKED, "marks of who no longer goes on stop counting"),
        "rules": (Strictness.LINKED, "marks are scored anew"),
        "tables": (Strictness.LINKED, "delegations are ranked anew"),
        "award": (Strictness.LINKED, "an honour by nobody's marks"),
        "honour": (Strictness.LINKED, "an honour without its body's approval"),
        "outside": (Strictness.LINKED, "a place that nobody here judged"),
        "grade": (Strictness.LINKED, "a grade by the results"),
        "exam-key": (Strictness.LINKED, "everybody's answers are scored anew"),
        "exempt": (Strictness.LINKED, "a level is tried, and got, without its conditions"),
        "claim": (Strictness.LINKED, "a grade on other grounds"),
        "keep": (Strictness.LINKED, "a certificate stands against the results"),
        "correction": (Strictness.LINKED, "a closed period's sums, and a wage with them"),
        "labour-rules": (Strictness.LINKED, "every period's sums"),
        "accident": (Strictness.LINKED, "a veto of a unit's prize"),
        "appeal": (Strictness.DAY, "arbiters mark nothing; two of their own cards decide"),
        "panels": (Strictness.DAY, "who sits where, before a mark is given"),
        "draw": (Strictness.DAY, "a draw is done again, in public"),
        "paper": (Strictness.DAY, "a draw on paper is done again, in public"),
        "unblinding": (Strictness.DAY, "names come to codes when marks are locked"),
        "erasure": (Strictness.DAY, "personal data go, results stay"),
        "role": (Strictness.DAY, "who leads; nothing is marked by it"),
    }
)
"""By the kind of what waits (`competitions/pending_approvals`), and claims: how strict, and why."""


def is_linked(kind: str) -> bool:
    """True if nobody whose way in came by a link of the first one's is the second, ever."""
    return STRICTNESS[kind][0] is Strictness.LINKED


def why_not_second(
    first: int | None,
    second: Account,
    *,
    grave: bool = False,
    linked: bool = False,
    handed_in: bool = False,
) -> Message | None:
    """Say why the account is no second person beside the account numbered `first`; None: it is.

    `first` is None where the first one is a thing (a sheet that a judge marked) and
    only the second one's own way in counts. `handed_in`: a signed paper is there already.
    """
    if linked and not grave and first is not None:
        made = _made_by_another(first, [second], by_link=True)
        if second.id in made:
            return msg(
                "%(name)s的账号是用另一个人给的链接开的，成绩、等级、奖项跟着变的事，"
                "两个人不能这样算：换用登录卡登录的裁判长、监督来同意，或交签字件",
                name=db.session.get_one(Account, made[second.id]).name,
            )
    made = _made_by_another(first, [second]) if grave and first is not None else {}
    if second.id in made:
        name = db.session.get_one(Account, made[second.id]).name
        if handed_in:
            return msg("%(name)s的登录卡或链接经过另一个人的手", name=name)
        return msg(
            "%(name)s的登录卡或链接经过另一个人的手，提前定为最终成绩、免复核、公布以后解锁、"
            "取消成绩并撤销证书，两个人不能这样算：换别人同意，或交签字件",
            name=name,
        )
    row = _in_the_way(first, [second]).get(second.id)
    return None if row is None or _are_present(first, second.id, row) else _why(row, second)


def is_of_one_hand(first: int, second: Account) -> bool:
    """True if one's way in came from the other, or both from one, so that neither is a check."""
    return second.id in _made_by_another(first, [second])


def came_by_link(first: int, second: Account) -> bool:
    """True if one's way in came by a link of the other's, or both by one's who is no administrator.

    For who says so in words of their own; whose words are of results asks `why_not_second`.
    """
    return second.id in _made_by_another(first, [second], by_link=True)


def require_second(
    competition: Competition,
    first: int | None,
    second: Account,
    *,
    grave: bool = False,
    linked: bool = False,
) -> None:
    """Return if the account counts as another person than `first`; else `Refused`, with why.

    Inside the unit of work of the act: that they count because both are there goes on record.
    """
    paper = _paper.get()
    if paper is not None and paper.second_id == second.id and first in (None, paper.first_id):
        return
    refuse_if(why_not_second(first, second, grave=grave, linked=linked))
    row = _in_the_way(first, [second]).get(second.id)
    if row is not None:
        beside = db.session.get_one(Account, _beside(first, second.id, row))
        after = {"asked": audit.signer(beside)}
        audit.record(competition, second, "second.present", second.name, after=after, bends=True)


def paper_in_hand() -> SignedPaper | None:
    """The signed paper by which somebody agrees at this moment, or None."""
    return _paper.get()


@contextmanager
def on_paper(paper: SignedPaper) -> Iterator[None]:
    """Let who signed the paper count as the second person while the act is done for them."""
    paper_token = audit.ON_PAPER.set((paper.second_id, paper.first.name))
    token = _paper.set(paper)
    try:
        yield
    finally:
        _paper.reset(token)
        audit.ON_PAPER.reset(paper_token)


def say_present(competition: Competition, account: Account) -> None:
    """Note that somebody who just gave the own PIN or password is there: for half an hour.

    Raises `Refused` where the PIN was not set on a device of their own: it must never have
    been one of those who had the card or link in hand.
    """
    with unit_of_work() as session:
        for row in session.scalars(
            select(CardHandling)
            .where(
                CardHandling.account_id == account.id,
                CardHandling.at > utc_now() - NO_SECOND_PERSON_FOR,
            )
            .options(joinedload(CardHandling.by))
        ):
            _require_own_device(account, row.by)
        session.add(Presence(competition_id=competition.id, account_id=account.id))
        audit.record(competition, account, "second.there", account.name)


def present_until(account: Account) -> datetime | None:
    """The time until which the account counts as being there, or None."""
    last = _present_since(account.id)
    return last + PRESENT_FOR if last is not None else None


def note_device(account: Account, device: str, kind: str) -> None:
    """The account signed in on the device (`sign_in`), or set its PIN or password there (`set`).

    Where somebody who marks is one of two accounts of a competition on it, that is told: in a
    small contest of any two, elsewhere of a judge beside somebody who is at the desk.
    """
    with unit_of_work() as session:
        known = session.scalar(
            select(DeviceUse).where(
                DeviceUse.account_id == account.id,
                DeviceUse.device == device,
                DeviceUse.kind == kind,
            )
        )
        if known is None:
            session.add(DeviceUse(account_id=account.id, device=device, kind=kind))
        elif kind == "set":
            known.at = utc_now()
        if known is None and kind == "sign_in":
            session.flush()
            _tell_one_device(account, device)


def _tell_one_device(account: Account, device: str) -> None:
    """Record in each competition who else of it has signed in on the device."""
    here = select(DeviceUse.account_id).where(
        DeviceUse.device == device,
        DeviceUse.kind == "sign_in",
        DeviceUse.account_id != account.id,
    )
    rows = db.session.scalars(
        select(Membership)
        .where(
            Membership.account_id == account.id,
            Membership.role.in_(SCORING_ROLES | HOLDERS[Right.LEAD].roles),
        )
        .order_by(Membership.competition_id, Membership.id)
    ).all()
    for own in rows:
        others = db.session.scalars(
            select(Membership)
            .where(Membership.competition_id == own.competition_id, Membership.account_id.in_(here))
            .order_by(Membership.id)
        ).all()
        beside = [other for other in others if _speaks_beside(own, other)]
        if beside:
            facts = [_part(part) for part in (own, *beside)]
            audit.record(
                own.competition,
                account,
                "device.shared",
                own.judge.code if own.judge else own.role.value,
                after={**facts[0], "others": facts[1:]},
                bends=True,
            )


def _part(part: Membership) -> dict[str, str | None]:
    return {"role": part.role.value, "judge": part.judge.code if part.judge else None}


def _speaks_beside(own: Membership, other: Membership) -> bool:
    """True if the one of two parts on a device could mark as the other, who has no PIN to stop it.

    A tablet that judges share in turn, each by the own PIN, is no such thing.
    """
    marks = [part for part in (own, other) if part.role in MARKING_ROLES]
    if not marks:
        return False
    return len(marks) == 1 or settings_of(own.competition).small


def second_now(
    competition: Competition, by: Account, right: Right = Right.AGREE, *, grave: bool = False
) -> Message:
    """Say beforehand who could be the second beside `by` now, who not, and until when."""
    people = [person for person in holders_of(competition, right) if person.id != by.id]
    if not people:
        return msg("这个竞赛里还没有别人能办，先发卡或发链接给第二个人")
    alone = _made_by_another(by.id, people) if grave else {}
    people = [person for person in people if person.id not in alone]
    if not people:
        return msg("公布以后解锁要交签字件：你和别人，登录卡、链接都经过对方或者同一个人的手")
    stops = _absent_handlings(by.id, people)
    able = [person.name for person in people if person.id not in stops]
    later = [
        msg("%(name)s要到%(until)s以后", name=person.name, until=_until(stops[person.id].at))
        for person in people
        if person.id in stops
    ][:_NAMED]
    if not later:
        return msg("现在能当第二个人的：%(names)s", names=some_of(able, _NAMED))
    if able:
        return msg(
            "现在能当第二个人的：%(names)s；%(later)s",
            names=some_of(able, _NAMED),
            later=listed(later, msg("，")),
        )
    return msg(
        "今天没有人能直接当第二个人：%(later)s。今天要办的，两个人当面办，或交签字件",
        later=listed(later, msg("，")),
    )


def require_may_agree(by: Account, competition: Competition) -> None:
    """Return for who may say the second word on what somebody asked; else `Refused` (FORBIDDEN)."""
    if not may(by, competition, Right.AGREE):
        raise Refused(_WHO_AGREES, kind=Refusal.FORBIDDEN)


@dataclass(frozen=True, slots=True)
class SecondWord:
    """The conditions of the second word on something that the account numbered `first` asked for.

    Services `require` it before they act, pages ask `why_not` before they offer a button.
    """

    competition: Competition
    first: int | None
    _: KW_ONLY
    right: Right = Right.AGREE
    grave: bool = False
    linked: bool = False
    own: Message = _YOURS
    """The words for who asked."""
    whose: Message = _NOT_YOURS
    """The words for whoever has not the right."""
    of_either: bool = False
    """True if the right is wanted of either of the two, and the first has it not."""
    but: Collection[int] = ()
    """Accounts that may not for reasons of their own."""

    def require(self, by: Account) -> None:
        """Return for another person with the right; else `Refused`, with why."""
        able = may(by, self.competition, self.right)
        if not able and not self.of_either:
            raise Refused(self.whose, kind=Refusal.FORBIDDEN)
        if by.id == self.first:
            raise Refused(self.own)
        if not able:
            raise Refused(self.whose)
        require_second(self.competition, self.first, by, grave=self.grave, linked=self.linked)

    def why_not(self, by: Account, *, handed_in: bool = False) -> Message | None:
        """Say what stands where `by` finds no button: why not, and who can; None where `by` can.

        `handed_in`: it is a signed paper that waits, so none is advised.
        """
        fault = self._fault(by, handed_in=handed_in)
        if fault is None:
            return None
        left = {by.id, self.first, *self.but}
        people = [
            person for person in holders_of(self.competition, self.right) if person.id not in left
        ]
        stops = _absent_handlings(self.first, people)
        alone: Mapping[int, int] = {}
        if self.first is not None and (self.grave or self.linked):
            alone = _made_by_another(self.first, people, by_link=not self.grave)
        able = [person.name for person in people if person.id not in {*stops, *alone}]
        if able:
            return msg("%(why)s。现在能办的：%(names)s", why=fault, names=some_of(able, _NAMED))
        if not people:
            return msg("%(why)s。这个竞赛里还没有别人能办，先发卡或发链接给第二个人", why=fault)
        later = [person for person in people if person.id not in alone]
        if not later and handed_in:
            return msg(
                "%(why)s。现在没有人能补签：请管理员给另一个人发链接，由那个人补签，"
                "或由没给提出的人发过卡、链接的管理员补签",
                why=fault,
            )
        makers = self._card_makers() if not later and self.right is Right.AGREE else []
        if makers:
            return msg(
                "%(why)s。提出的人和别人，登录卡、链接都经过对方或者同一个人的手：请%(makers)s"
                "给一位监督发登录卡，满 24 小时由监督来办；今天要办，交签字件",
                why=fault,
                makers=some_of(makers, _NAMED),
            )
        if not later:
            return msg(
                "%(why)s。提出的人和别人，登录卡、链接都经过对方或者同一个人的手，交签字件来办",
                why=fault,
            )
        soonest = min(later, key=lambda person: stops[person.id].at)
        if handed_in:
            return msg(
                "%(why)s。现在没有人能补签，最早是%(name)s，%(until)s 以后",
                why=fault,
                name=soonest.name,
                until=_until(stops[soonest.id].at),
            )
        return msg(
            "%(why)s。现在没有人能办，最早是%(name)s，%(until)s 以后；"
            "今天要办，两个人当面办，或交签字件",
            why=fault,
            name=soonest.name,
            until=_until(stops[soonest.id].at),
        )

    def _fault(self, by: Account, *, handed_in: bool) -> Message | None:
        if by.id == self.first:
            return msg("要另一个人来")
        if not may(by, self.competition, self.right):
            return self.whose
        return why_not_second(
            self.first, by, grave=self.grave, linked=self.linked, handed_in=handed_in
        )

    def _card_makers(self) -> list[str]:
        """Name those whose card would make a supervisor who is the second, by what refuses one."""
        if self.first is None:
            return []
        people = [
            person
            for person in holders_of(self.competition, Right.GIVE_CARDS)
            if person.id not in (self.first, *self.but)
        ]
        hands = _hands_of({self.first, *(person.id for person in people)})
        own = _through(self.first, hands)
        return [
            person.name
            for person in people
            if not _is_barred(
                self.first, own, {**_through(person.id, hands), person.id: False},
                by_link=not self.grave,
            )
        ]  # fmt: skip


def beside_chief(competition: Competition, first: Account) -> SecondWord:
    """The word beside `first` on a result: one of the two has to be a chief judge."""
    linked = is_linked("decision")
    if may(first, competition, Right.RULE):
        return SecondWord(competition, first.id, linked=linked)
    whose = msg("两个人里要有一位裁判长")
    return SecondWord(
        competition, first.id, right=Right.RULE, whose=whose, of_either=True, linked=linked
    )


def asked_word(
    competition: Competition,
    first: int | None,
    own: Message = ASKED_YOURSELF,
    *,
    linked: bool = False,
) -> SecondWord:
    """The word of whoever leads or oversees, beside who asked."""
    return SecondWord(competition, first, own=own, whose=_WHO_AGREES, linked=linked)


def two_persons_from(competition: Competition, right: Right, *, of: int = 2) -> datetime | None:
    """The time from which some two of those with `right` count as two persons; now, if they do.

    None while fewer than `of` have an account; where one is enough, nobody has to wait.
    """
    people, now = holders_of(competition, right), utc_now()
    if len(people) < of:
        return None
    if of < 2:
        return now
    soonest: list[datetime] = []
    for first in people:
        others = [person for person in people if person is not first]
        stops = _in_the_way(first.id, others)
        soonest += [
            stops[other.id].at + NO_SECOND_PERSON_FOR if other.id in stops else now
            for other in others
        ]
    return min(soonest)


def holders_of(competition: Competition, right: Right) -> Sequence[Account]:
    """List who has the right and can sign in: those with a part in it first, then admins."""
    with_part = db.session.scalars(
        select(Account)
        .join(Membership, Membership.account_id == Account.id)
        .where(
            Membership.competition_id == competition.id,
            Membership.role.in_(HOLDERS[right].roles),
            Account.active,
        )
        .order_by(Account.id)
    ).all()
    admins: Sequence[Account] = ()
    if HOLDERS[right].administrators:
        query = select(Account).where(Account.is_admin, Account.active).order_by(Account.id)
        admins = db.session.scalars(query).all()
    return list(dict.fromkeys([*with_part, *admins]))


def _in_the_way(first: int | None, seconds: Sequence[Account]) -> Mapping[int, CardHandling]:
    """The newest handling within a day, by account, for which it is no second person."""
    ids = {person.id for person in seconds}
    concerns: list[ColumnElement[bool]] = [CardHandling.account_id.in_(ids)]
    if first is not None:
        concerns.append(and_(CardHandling.account_id == first, CardHandling.by_id.in_(ids)))
    handlings: dict[int, CardHandling] = {}
    for row in db.session.scalars(
        select(CardHandling)
        .where(or_(*concerns), CardHandling.at > utc_now() - NO_SECOND_PERSON_FOR)
        .options(joinedload(CardHandling.by), joinedload(CardHandling.account))
        .order_by(CardHandling.at, CardHandling.id)
    ):
        stopped = {row.account_id, row.by_id} if row.account_id == first else {row.account_id}
        handlings |= dict.fromkeys(stopped & ids, row)
    return handlings


def _absent_handlings(first: int | None, people: Sequence[Account]) -> Mapping[int, CardHandling]:
    """The handlings as `_in_the_way`, without those who are there with the first one."""
    return {
        number: row
        for number, row in _in_the_way(first, people).items()
        if not _are_present(first, number, row)
    }


def _beside(first: int | None, second: int, row: CardHandling) -> int:
    """The number of who has to be there with the second: the first, or else who had the way in."""
    if first is not None:
        return first
    return row.by_id if row.account_id == second else row.account_id


def _are_present(first: int | None, second: int, row: CardHandling) -> bool:
    return all(_present_since(number) for number in (second, _beside(first, second, row)))


def _present_since(account: int) -> datetime | None:
    return db.session.scalar(
        select(func.max(Presence.at)).where(
            Presence.account_id == account, Presence.at > utc_now() - PRESENT_FOR
        )
    )


def _require_own_device(account: Account, other: Account) -> None:
    """Raise `Refused` unless the PIN or password was set where the other never signed in."""
    device = db.session.scalar(
        select(DeviceUse.device)
        .where(DeviceUse.account_id == account.id, DeviceUse.kind == "set")
        .order_by(DeviceUse.at.desc())
        .limit(1)
    )
    shared = device is not None and db.session.scalar(
        select(DeviceUse.id).where(
            DeviceUse.account_id == other.id,
            DeviceUse.device == device,
            DeviceUse.kind == "sign_in",
        )
    )
    if device is None or shared:
        raise Refused(
            msg(
                "%(name)s的 PIN 或密码不是在自己的设备上设的，当面办不算。换一张卡，在自己的手机或"
                "平板上设；或交签字件",
                name=account.name,
            )
        )


def _made_by_another(
    first: int, people: Sequence[Account], *, by_link: bool = False
) -> Mapping[int, int]:
    """The accounts that are not another beside `first` for what is grave: whose way in was in hand.

    One had the other's in hand, at whatever remove; or somebody had both, one of them by a link
    that is nobody's but whoever opens it. Administrators may: they make everybody. `by_link`:
    what came by a card alone does not count.
    """
    hands = _hands_of({first, *(person.id for person in people)})
    own = _through(first, hands)
    made_by: dict[int, int] = {}
    for person in people:
        theirs = _through(person.id, hands)
        if _is_barred(first, own, theirs, by_link=by_link):
            made_by[person.id] = person.id
        elif own.get(person.id, False) if by_link else person.id in own:
            made_by[person.id] = first
    return made_by


def _is_barred(
    first: int,
    own: Mapping[int, bool],
    theirs: Mapping[int, bool],
    *,
    by_link: bool,
) -> bool:
    """True if a way in that came through `theirs` is none of another person than the first."""
    if theirs.get(first, False) if by_link else first in theirs:
        return True
    both = [by for by, link in own.items() if by in theirs and (link or theirs[by])]
    return not all(db.session.get_one(Account, by).is_admin for by in both)


def _through(account: int, hands: Mapping[int, Mapping[int, bool]]) -> Mapping[int, bool]:
    """The accounts through which an account's way in came, at any remove; True if by a link."""
    by_link: dict[int, bool] = {}
    todo = [(account, False)]
    while todo:
        number, linked = todo.pop()
        for by, one_link in hands.get(number, {}).items():
            link = linked or one_link
            # Looked at anew only where a link now leads there too.
            if by != account and by_link.get(by) not in (True, link):
                by_link[by] = link
                todo.append((by, link))
    return by_link


def _hands_of(ids: Collection[int]) -> Mapping[int, Mapping[int, bool]]:
    """The accounts that had a way in in hand, by account; True if by a link.

    What was cancelled or set anew by somebody else since counts no more.
    """
    hands: dict[int, dict[int, bool]] = {}
    while ids := set(ids) - set(hands):
        cancelled = (
            select(SignInCard.account_id, func.max(SignInCard.cancelled_at))
            .where(SignInCard.account_id.in_(ids), SignInCard.cancelled_at.is_not(None))
            .group_by(SignInCard.account_id)
        )
        void = dict(db.session.execute(cancelled).tuples().all())
        # Who has the card beside a new password still has it.
        carded = set(
            db.session.scalars(
                select(SignInCard.account_id).where(
                    SignInCard.account_id.in_(ids),
                    SignInCard.cancelled_at.is_(None),
                    SignInCard.one_time.is_(False),
                )
            )
        )
        # Nor does a new password end what the firm lets in, whoever that is there.
        joined = set(
            db.session.scalars(
                select(FirmIdentity.account_id).where(
                    FirmIdentity.account_id.in_(ids), FirmIdentity.ended_at.is_(None)
                )
            )
        )
        hands |= {number: {} for number in ids}
        by_firm: dict[int, dict[int, bool]] = {number: {} for number in joined}
        for row in db.session.scalars(
            select(CardHandling)
            .where(CardHandling.account_id.in_(ids))
            .order_by(CardHandling.at, CardHandling.id)
        ):
            if row.kind in _ANEW and row.account_id not in carded:
                hands[row.account_id] = dict(by_firm.get(row.account_id, {}))
            if row.kind == _BESIDE and row.account_id in joined:
                by_firm[row.account_id][row.by_id] = True
            over = void.get(row.account_id)
            if row.kind in (*_ANEW, _BESIDE) or over is None or row.at >= over:
                by_link = row.kind in (*_ANEW, _BESIDE)
                joins = row.by_id in by_firm.get(row.account_id, {})
                hands[row.account_id][row.by_id] = by_link or joins
        ids = {by for number in ids for by in hands[number]}
    return hands


def _why(row: CardHandling, second: Account) -> Message:
    return msg(
        "%(what)s，不满 24 小时，%(until)s 以后才能当第二个人",
        what=_yours(row) if row.account_id == second.id else _theirs(row),
        until=_until(row.at),
    )


def _yours(row: CardHandling) -> Message:
    who = row.by.name
    return {
        "issue": msg("你的登录卡是%(who)s发的", who=who),
        "show": msg("%(who)s看过你的登录卡", who=who),
        "print": msg("%(who)s打印过你的登录卡", who=who),
        "link": msg("你的用户名和密码是用%(who)s发的链接设的", who=who),
        "reset": msg("你的新密码是用%(who)s发的链接设的", who=who),
        "firm_link": msg("你的账号是用%(who)s发的链接连上单位登录的", who=who),
        "unit_link": msg("你登录用的链接是%(who)s发的", who=who),
    }[row.kind]


def _theirs(row: CardHandling) -> Message:
    name = row.account.name
    return {
        "issue": msg("%(name)s的登录卡是你发的", name=name),
        "show": msg("你看过%(name)s的登录卡", name=name),
        "print": msg("你打印过%(name)s的登录卡", name=name),
        "link": msg("%(name)s的用户名和密码是用你发的链接设的", name=name),
        "reset": msg("%(name)s的新密码是用你发的链接设的", name=name),
        "firm_link": msg("%(name)s的账号是用你发的链接连上单位登录的", name=name),
        "unit_link": msg("%(name)s登录用的链接是你发的", name=name),
    }[row.kind]


def _until(at: datetime) -> Message:
    """The end of the day in words: `11月23日 10:20`."""
    return moment_words(at + NO_SECOND_PERSON_FOR)
