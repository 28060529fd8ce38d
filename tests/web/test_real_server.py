"""What only the real server can show: large bodies, the log, people who drip, and its end."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from compete.config import Config
from compete.models import Account, Competition, Entrant, db
from compete.services.accounts.sign_in_cards import issue_card
from tests.support.served import Browser, Served, serve

pytestmark = pytest.mark.slow

MEGABYTE = 1024**2


@contextmanager
def dripping(served: Served, many: int) -> Iterator[None]:
    """So many who have begun to send: a thread for each is more than there are.

    With a thread for each, whoever comes next would wait until all had been given up.
    """
    with ExitStack() as stack:
        for turn in range(many):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", served.port)))
            length = b"Content-Length: 9\r\n\r\na" if turn % 2 else b"X-Slow: "
            connection.sendall(b"POST /sign-in HTTP/1.1\r\nHost: x\r\n" + length)
        yield


def test_large_bodies_are_answered_in_words_and_the_log_has_no_secret_link_in_it(
    config: Config, fresh: Competition, organiser: Account, tmp_path: Path
) -> None:
    token = issue_card(organiser, one_time=True)[1]
    badge = db.session.query(Entrant).first()
    assert badge is not None
    words = "--workers", "1", "--threads", "2", "--access-log", "--log-level", "debug"
    with serve(config, tmp_path, *words) as served:
        browser = Browser(served)
        with dripping(served, 100):
            browser.sign_in(token)
            too_large_a_file_is_answered_in_words_and_holds_nobody_up(browser)
        somebody_who_has_not_signed_in_cannot_make_the_server_read_on(served)
        links_are_followed(browser, badge.badge_token)
        assert served.stop() == 0
    log = served.log.read_text(encoding="utf-8")
    assert re.search(r'"GET /c/\S{3}…" 200', log)
    assert "POST /sign-in/" in log
    secrets = [token, badge.badge_token]
    assert [secret for secret in secrets if secret in log or secret[:8] in log] == []
    assert browser.cookies
    assert [name for name, value in browser.cookies.items() if value in log] == []


def too_large_a_file_is_answered_in_words_and_holds_nobody_up(browser: Browser) -> None:
    status, page = browser.upload("/desk/X/entrants/upload", 200 * MEGABYTE)
    assert status == 413
    assert "文件太大了，最大 20 MB" in page
    assert "把名单放进来" in page
    assert browser.get("/desk/X/entrants")[0] == 200


def somebody_who_has_not_signed_in_cannot_make_the_server_read_on(served: Served) -> None:
    stranger = Browser(served)
    try:
        status, page = stranger.upload("/desk/X/entrants/upload", 200 * MEGABYTE)
    except ConnectionError:
        # The server shut the door while we were still talking.
        status, page = 413, ""
    assert stranger.sent < 50 * MEGABYTE
    assert status in (302, 413)
    assert "报名表" not in page
    assert Browser(served).get("/")[0] == 200


def links_are_followed(browser: Browser, badge: str) -> None:
    assert browser.get(f"/c/{badge}")[0] == 200
    assert browser.get(f"/v/{badge}")[0] == 404
    assert browser.get(f"/judge/scan?code=/c/{badge}")[0] == 403
    # Who is signed in already is sent on to where they wanted to go.
    assert browser.get(f"/sign-in?next=/c/{badge}")[0] == 302
    assert Browser(browser.served).get(f"/sign-in?next=/c/{badge}")[0] == 200
