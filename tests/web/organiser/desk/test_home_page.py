"""The desk's home: what waits for who looks, in all competitions and by their roles there."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete.domain.values.roles import Role
from compete.models import Account, CardHandling, Competition, db
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.accounts.printed_cards import print_judge_cards
from compete.services.accounts.sign_in_cards import use_card
from compete.services.closing.competition_lock import lock_marks, unlock_marks
from compete.services.closing.module_locks import ask_unlock, confirm_unlock
from compete.services.competitions.archive import put_away
from compete.services.competitions.details import change_details, details_of
from compete.services.kernel.clock import local_today
from compete.services.kernel.fields import with_values
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.acceptance import return_people
from compete.services.registration.units.links import make_link
from compete.services.results.result_moves import ask_final
from compete.services.sheets.locks_in_force import standing_locks
from tests.services.registration.test_waiting_list import hand_in, seen
from tests.support.announced import announce, end_appeals, plain
from tests.support.signing_in import official, signed_in
from tests.support.small import small


def lines_of(desk: FlaskClient, address: str = "/desk/") -> list[tuple[str, str]]:
    """What each line says, and where it leads."""
    lines = []
    listed = re.findall(
        r'<ul class="rows missing waiting">(.*?)</ul>', desk.get(address).text, re.S
    )
    for item in re.findall(r"<li.*?</li>", "".join(listed), re.S):
        line_text = " ".join(html.unescape(re.sub("<[^>]+>", " ", item)).split())
        link = re.search(r'<(?:a|form) [^>]*(?:href|action)="([^"]+)"', item)
        assert link is not None, line_text
        lines.append((line_text, html.unescape(link[1])))
    return lines


def test_what_is_done_elsewhere_is_gone_and_the_next_act_stands_there(
    app: Flask, judged: Competition, organiser: Account
) -> None:
    plain(judged)
    desk = signed_in(app, organiser)
    assert "/desk/X/lock" in [where for _text, where in lines_of(desk)]
    lock_marks(judged, organiser)
    after = lines_of(desk)
    assert "/desk/X/lock" not in [where for _text, where in after]
    assert any("公布成绩" in text and where == "/desk/X/awards" for text, where in after)
    for _text, where in after:
        assert desk.get(where).status_code == 200, where


def test_a_second_word_waits_for_who_may_give_it_and_not_for_who_asked(
    app: Flask, judged: Competition, organiser: Account
) -> None:
    announce(judged, organiser)
    end_appeals(judged)
    ask_final(judged.events[0], "急用", organiser)
    what = "提前定为最终成绩"
    assert not any(what in text for text, _where in lines_of(signed_in(app, organiser)))
    for code in ("C1", "S1"):
        (line,) = [
            waiting_line
            for waiting_line in lines_of(signed_in(app, official(judged, code)))
            if what in waiting_line[0]
        ]
        assert line[0].endswith("去同意")


def test_nobody_is_sent_to_agree_where_the_act_would_refuse_them(
    app: Flask, judged: Competition, organiser: Account
) -> None:
    chief = official(judged, "C1")
    print_judge_cards(judged, organiser)
    with unit_of_work():
        for row in db.session.query(CardHandling):
            row.at -= timedelta(days=10)
    announce(judged, organiser)
    end_appeals(judged)

    def is_sent(what: str) -> bool:
        return any(what in line for line, _where in lines_of(signed_in(app, chief)))

    ask_final(judged.events[0], "急用", organiser)
    assert not is_sent("提前定为最终成绩")
    unlock_marks(judged, "录错了", organiser)
    lock = standing_locks(judged)[0]
    ask_unlock(lock, "录错了", organiser)
    with pytest.raises(Refused):
        confirm_unlock(lock, chief)
    assert not is_sent("解锁“")
    page = signed_in(app, chief).get("/desk/X/").text
    assert "”，等第二个人同意" in page
    assert "去同意" not in page


def test_who_has_parts_in_several_sees_each_by_the_role_there(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    own, other = [load(small(competition={"code": code})) for code in ("OWN", "OTHER")]
    contact = use_card(make_link(other.units[0], other, "顾燕", organiser))
    grant_role(contact, own, Role.ORGANISER, by=organiser)
    with unit_of_work():
        own.name, other.name = "OWN 竞赛", "OTHER 竞赛"
    rows = hand_in(other, contact, "甲")
    desk = signed_in(app, contact)
    lines = lines_of(desk)
    assert any("OWN 竞赛" in line and where.startswith("/desk/OWN/") for line, where in lines)
    # Handed in, it waits for the organiser; what is not handed in waits for the contact.
    assert not any(where.startswith("/unit/OTHER/") for _line, where in lines)
    assert not any(where.startswith("/desk/OTHER/") for _line, where in lines)
    return_people(other, seen(*rows), "照片不清楚", organiser)
    lines = lines_of(desk)
    (returned,) = [line for line in lines if "OTHER 竞赛" in line[0]]
    assert (returned[1], "1 人" in returned[0]) == ("/unit/OTHER/?show=returned", True)
    assert "甲" in desk.get(returned[1]).text
    together = desk.get("/desk/?by=competition").text
    assert "<h2>OWN 竞赛</h2>" in together
    assert sorted(lines_of(desk, "/desk/?by=competition")) == sorted(lines)


def test_nothing_waits_and_the_next_day_is_told(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small())
    stands = details_of(competition)
    on = local_today() + timedelta(days=20)
    change_details(competition, with_values(stands, starts=on, ends=on), stands, organiser, "")
    watcher = create_account("周颖")
    grant_role(watcher, competition, Role.SUPERVISOR, by=organiser)
    page = signed_in(app, watcher).get("/desk/").text
    assert lines_of(signed_in(app, watcher)) == []
    assert page.count("没有等你的事") == 1
    assert re.search(r"接下来：.*?开赛", page)
    assert f'<a href="/desk/{competition.code}/">' in page


def test_what_was_put_away_waits_for_nobody(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small())
    desk = signed_in(app, organiser)
    assert lines_of(desk)
    put_away(competition, competition.name, organiser)
    assert lines_of(desk) == []
    assert competition.name in desk.get("/desk/").text
