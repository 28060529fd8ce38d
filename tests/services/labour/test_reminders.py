"""Who lacks something is reminded of it on the own page of entry, at most twice a day."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import time_machine

from compete.domain.values.roles import Role
from compete.models import Account, Competition
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.refusal import Refused
from compete.services.kernel.row_checks import check_rows
from compete.services.labour.closing import close_period
from compete.services.labour.deadlines import filled_rows, last_reminder, remind
from compete.services.labour.departments import end_recorder, save_department
from compete.services.labour.entry import Writer
from compete.services.labour.sign_off import sign_off
from compete.services.scoring.live_labour import labour_live
from tests.services.labour.made_up import PIN, Contest, act, everything, made_up


@pytest.fixture
def contest(load: Callable[..., Competition], organiser: Account) -> Contest:
    return made_up(load, organiser)


@pytest.fixture
def contact(contest: Contest) -> Writer:
    unit = contest.competition.units[0]
    account = create_account("谢长林")
    grant_role(account, contest.competition, Role.CONTACT, unit=unit)
    return Writer(contest.competition, account, unit=unit)


def test_units_with_a_link_and_departments_that_have_not_signed_are_told_twice_a_day(
    contest: Contest, contact: Writer, organiser: Account
) -> None:
    competition = contest.competition
    contest.enter(*everything())
    with time_machine.travel("2026-03-02T09:00:00+08:00", tick=False):
        sign_off(contest.safety, "二月", pin=PIN, name="周茹", by=contest.zhou)
        assert remind(competition, "二月", organiser) == 2
        reminder = last_reminder(contact, "二月")
        assert reminder is not None
        assert reminder.lacking == 1, "what is signed off is no longer asked of it"
        works = last_reminder(contest.writer(contest.works), "二月")
        assert works is not None
        assert works.lacking == 3
        assert last_reminder(contest.writer(contest.safety), "二月") is None
        assert remind(competition, "二月", organiser) == 2
        with pytest.raises(Refused, match="今天催过 2 次了"):
            remind(competition, "二月", organiser)
    with time_machine.travel("2026-03-03T09:00:00+08:00", tick=False):
        contest.enter(act("甲", "产值", "1"), by=contact)
        assert remind(competition, "二月", organiser) == 1
    assert list(verify_chain(competition)) == []
    assert list(check_rows(competition)) == []


def test_nobody_is_reminded_of_what_is_closed_or_complete(
    contest: Contest, organiser: Account
) -> None:
    save_department(
        *(contest.competition, "安全部", ["安全", "隐患"], None, organiser),
        department=contest.safety,
    )
    for department, account, name in (
        (contest.safety, contest.zhou, "周茹"),
        (contest.works, contest.chen, "陈平"),
    ):
        sign_off(department, "一月", pin=PIN, name=name, by=account)
    with pytest.raises(Refused, match="都齐了"):
        remind(contest.competition, "一月", organiser)
    for department, name in ((contest.safety, "周茹"), (contest.works, "陈平")):
        end_recorder(department, contest.competition, name, "调走了", organiser)
    with pytest.raises(Refused, match="还没发链接"):
        remind(contest.competition, "二月", organiser)
    close_period(contest.competition, "一月", "", organiser)
    with pytest.raises(Refused, match="已经结账"):
        remind(contest.competition, "一月", organiser)


def test_each_period_that_is_due_says_how_much_of_it_is_there(
    contest: Contest, contact: Writer
) -> None:
    def there(*, own: bool) -> dict[str, dict[str, tuple[int, int] | None]]:
        rows = filled_rows(contest.competition, labour_live(contest.competition), own=own)
        return {
            row.unit: {
                leaf: (count.there, count.asked) if count else None
                for leaf, count in row.by_leaf.items()
            }
            for row in rows
        }

    assert there(own=False)["甲"] == {"一月": (3, 3)}, "nothing of February is due yet"
    contest.enter(*everything("甲"))
    contest.enter(act("甲", "安全", "29"), by=contact)
    assert there(own=False) == {
        "甲": {"一月": (3, 3), "二月": (2, 3)},
        "乙": {"一月": (3, 3), "二月": (0, 3)},
        "丙": {"一月": (3, 3), "二月": (0, 3)},
    }
    assert there(own=True)["甲"] == {"一月": (0, 3), "二月": (1, 3)}
