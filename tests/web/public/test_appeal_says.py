"""What stands on the page of who appeals: own marks, how long files follow, what was refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import time_machine
from flask.testing import FlaskClient

from compete.models import Account, Competition
from compete.services.appeals.appeal_states import appeals_of
from compete.services.appeals.evidence import files_until
from compete.services.appeals.filing import add_evidence, withdraw_appeal
from compete.services.kernel.clock import moment_words
from tests.domain.scoring.build import event, mark, module, stage
from tests.support.announced import announce
from tests.support.appealing import appealed
from tests.support.small import IDS, small
from tests.web.public.test_appealing import SCRIPT, address, sent


def test_what_can_be_appealed_stands_with_what_was_given_for_it(
    client: FlaskClient, judged: Competition, organiser: Account
) -> None:
    before = client.get(address()).text
    assert "得 " not in before
    announce(judged, organiser)
    page = client.get(address()).text
    assert words_beside(page, "S/m") == "80.00 分"
    assert words_beside(page, "S/m/f") == "1 次，得 25 / 30"
    assert words_beside(page, "S/m/a") == "45，得 45 / 60"


def test_each_stages_module_stands_with_its_own_score(
    client: FlaskClient, load: Callable[..., Competition], organiser: Account
) -> None:
    marks = [
        mark(code, str(90 - 10 * place), stage_code="A")
        for place, code in enumerate(("P1", "P2", "P3", "P4"))
    ]
    plain = small(
        [
            *marks,
            *(mark(code, value, stage_code="B") for code, value in (("P1", "50"), ("P2", "45"))),
        ]
    )
    first = stage(module(), code="A", advance={"top": 2})
    plain["events"] = [event(first, stage(module(), code="B"))]
    announce(load(plain), organiser)
    page = client.get(address()).text
    # Both are called m: the final's score is not the preliminary's.
    assert (words_beside(page, "A/m"), words_beside(page, "B/m")) == ("80.00 分", "45.00 分")
    assert words_beside(client.get(address("P3")).text, "A/m") == "70.00 分"


def test_how_long_files_may_follow_is_said_before_and_after(
    client: FlaskClient, judged: Competition, organiser: Account
) -> None:
    announce(judged, organiser)
    page = client.get(address()).text
    assert "照片和录像可以跟到那以后 10 分钟" in page
    answer = client.post(address(), data=sent(page), headers=SCRIPT).get_json()
    appeal = appeals_of(judged)[0]
    until = str(moment_words(files_until(appeal)))
    assert answer["until"] == f"照片、录像可以跟到 {until}，仲裁组到时才定。"
    receipt = client.get(answer["url"]).text
    assert answer["until"] in receipt
    with time_machine.travel(files_until(appeal) + timedelta(seconds=1)):
        add_evidence(appeal, "还有一张", [], None)
        later = client.get(address()).text
    assert "可以跟到 " not in later.split("<form")[0]
    assert "补的：还有一张" in later


def test_what_was_refused_about_an_appeal_stays_open_with_what_was_typed(
    client: FlaskClient, judged: Competition, organiser: Account
) -> None:
    announce(judged, organiser)
    appeal = appealed(item="S/m")
    at = f"{address()}/{appeal.public_id}"
    for act, typed in (("withdraw", ""), ("add", "旁边的人也看见了")):
        page = client.post(f"{at}/{act}", data={"last_four": "0000", "words": typed}).text
        fold = re.search(
            rf'<details class="plain" open>.*?action="{at}/{act}".*?</details>', page, re.S
        )
        assert fold is not None
        assert page.count('<details class="plain" open>') == 1
        assert page.count('role="alert"') == 2, "beside the act, and the form's own, hidden"
        assert 'role="alert"' in fold[0]
        assert typed in fold[0]
    # Where the act is gone meanwhile it is said all the same.
    withdraw_appeal(appeal, None)
    page = client.post(f"{at}/withdraw", data={"last_four": IDS["P2"][-4:]})
    assert page.status_code == 409
    assert '<div class="message bad" role="alert">' in page.text


def words_beside(page: str, item: str) -> str:
    """What stands beside an item that can be chosen."""
    hit = re.search(
        rf'value="{item}"[^>]*><span><b>[^<]*</b><span class="appeal-under">([^<]*)', page
    )
    return hit[1] if hit else ""
