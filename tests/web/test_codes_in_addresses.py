"""Codes with slashes and dots have pages of their own, under addresses that nobody rewrites."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from flask import Flask, url_for

from compete.models import Account, Competition
from tests.support.signing_in import signed_in
from tests.support.small import small


def test_whatever_a_code_is_made_of_its_pages_open(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    plain = small(competition={"code": "甲/乙~1"})
    for entrant, code in zip(plain["entrants"], ("A/1", "..", "~1/~", "B?#%2F"), strict=True):
        entrant["code"] = code
    plain["judges"][0]["code"] = "J/1"
    load(plain)
    desk = signed_in(app, organiser)
    with app.test_request_context():
        people = url_for("organiser.entrants", code="甲/乙~1")
        card = url_for("organiser.new_card", code="甲/乙~1", judge_code="J/1")
    shown = desk.get(people).text
    links = {html.unescape(link) for link in re.findall(r'href="([^"]*/entrants/[^"/]+/)"', shown)}
    assert len(links) == 4, links
    codes = set()
    for link in links:
        # Neither of these reaches a server as it was meant.
        assert not re.search(r"/\.\.?/|%2F(?<!%252F)", link), link
        page = desk.get(link)
        assert page.status_code == 200, link
        codes.add(html.unescape(re.findall(r'class="person-code">([^<]*)<', page.text)[0]))
    assert codes == {"A/1", "..", "~1/~", "B?#%2F"}
    assert desk.post(card).status_code == 302
