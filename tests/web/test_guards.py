"""Every view has a guard, and each guard lets in whom it should and nobody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.routing import Rule

from compete.domain.values import Role
from compete.models import Competition
from compete.services.accounts import grant_role
from tests.support.people import EVERYBODY, account_for, visitor
from tests.support.signing_in import signed_in
from tests.support.small import small

GUARDS = {
    "public",
    "administrator",
    "signed_in",
    "desk",
    "judge",
    "organiser",
    "officials",
    "heads",
    "checkers",
    "chief",
    "coders",
}
PUBLIC = {
    "assets.stylesheet",
    "auth.invitation",
    "auth.language",
    "auth.sign_in",
    "auth.sign_out",
    "auth.use_link",
    "hall.board",
    "hall.data",
    "health.alive",
    "health.ready",
    "public.badge_certificate",
    "public.bundle",
    "public.contestant",
    "public.index",
    "public.look_up",
    "public.results",
    "public.standings",
    "public.verify",
    "public.verify_link",
    "scripts.script",
    "scripts.service_worker",
    "trust.ca",
    "trust.certificate_file",
    "trust.profile",
}
# Whom a page of one guard lets in, and what the others are told.
LET_IN = {
    "administrator": {"admin"},
    "organiser": {"organiser", "admin"},
    "officials": {"organiser", "chief", "supervisor", "admin"},
    "heads": {"organiser", "chief", "admin"},
    "desk": {"organiser", "chief", "supervisor", "admin", "stranger"},
    "judge": {"judge", "chief"},
    "signed_in": set(EVERYBODY) - {"anonymous"},
}


def guard_of(app: Flask, endpoint: str) -> str | None:
    return getattr(app.view_functions[endpoint], "guard", None)


def routes(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def filled(app: Flask, rule: Rule) -> str:
    """The rule's address, with the small competition and things that it has not got."""
    values = {name: 1 if name.endswith(("_id", "number")) else "x" for name in rule.arguments}
    with app.test_request_context():
        built = app.url_map.bind("localhost").build(
            rule.endpoint, values | ({"code": "X"} if "code" in values else {})
        )
    return str(built)


def test_every_view_has_a_guard_that_is_known(app: Flask) -> None:
    assert len(routes(app)) > 40
    unguarded = {
        rule.endpoint for rule in routes(app) if guard_of(app, rule.endpoint) not in GUARDS
    }
    assert unguarded == set()


def test_what_is_public_is_written_down_here(app: Flask) -> None:
    public = {rule.endpoint for rule in routes(app) if guard_of(app, rule.endpoint) == "public"}
    assert public == PUBLIC


def test_a_view_that_forgot_its_guard_is_refused(app: Flask) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    answer = app.test_client().get("/forgotten")
    assert answer.status_code == 403
    assert "secret" not in answer.text


def test_whoever_has_not_signed_in_is_sent_to_the_door_by_every_guarded_page(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    for rule in routes(app):
        if guard_of(app, rule.endpoint) == "public":
            continue
        for method in {"GET", "POST"} & set(rule.methods or ()):
            answer = client.open(filled(app, rule), method=method)
            if rule.rule.startswith("/api/"):
                assert answer.status_code == 401, rule
                assert answer.json["error"]
            else:
                assert answer.status_code == 302, rule
                assert answer.location.startswith("/sign-in"), rule


PAGES = [
    ("/desk/X/entrants", "organiser"),
    ("/desk/X/entrants/upload", "organiser"),
    ("/desk/X/awards", "organiser"),
    ("/desk/X/accounts", "organiser"),
    ("/desk/accounts", "administrator"),
    ("/desk/X/certificates", "organiser"),
    ("/desk/X/judges?people=1", "officials"),
    ("/desk/X/", "officials"),
    ("/desk/X/progress", "officials"),
    ("/desk/X/standings", "officials"),
    ("/desk/", "desk"),
    ("/judge/", "judge"),
    ("/api/home", "judge"),
]


@pytest.mark.parametrize("who", EVERYBODY)
def test_each_person_opens_just_the_pages_that_are_theirs(
    app: Flask, load: Callable[..., Competition], who: str
) -> None:
    competition = load(small())
    if who == "stranger":
        other = load(small(competition={"code": "Y"}))
        account = account_for("stranger", competition)
        assert account is not None
        grant_role(account, other, Role.ORGANISER)
        client = signed_in(app, account)
    else:
        client = visitor(app, who, competition)
    for address, guard in PAGES:
        status = client.get(address).status_code
        if who in LET_IN[guard]:
            assert status == 200, (who, address)
        elif who == "anonymous":
            assert status in (302, 401), (who, address)
        else:
            # Who has no part in a competition is not told that there is one.
            hidden = address.startswith("/desk/X") or guard == "administrator"
            wanted = 404 if hidden else 403
            assert status == wanted, (who, address)


HEADS_ACTS = [
    "/desk/X/lock",
    "/desk/X/judges/J1/card",
    "/desk/X/judges/J1/cancel",
    "/desk/X/sheets/0/return",
]
ORGANISER_ACTS = [
    "/desk/X/open",
    "/desk/X/publish",
    "/desk/X/unlock",
    "/desk/X/judges/assign",
    "/desk/X/certificates/issue/grade",
    "/desk/X/awards/approve/P1",
    "/desk/X/entrants/upload",
]


@pytest.mark.parametrize("who", ["stranger", "judge", "supervisor", "chief"])
def test_acts_of_others_are_not_found(app: Flask, fresh: Competition, who: str) -> None:
    client = visitor(app, who, fresh)
    refused = ORGANISER_ACTS if who == "chief" else ORGANISER_ACTS + HEADS_ACTS
    for address in refused:
        assert client.post(address).status_code == 404, (who, address)
    if who == "chief":
        assert client.post("/desk/X/judges/J1/cancel").status_code == 302


def test_a_competition_that_there_is_not_looks_like_one_of_others(
    app: Flask, fresh: Competition
) -> None:
    client = visitor(app, "stranger", fresh)
    there, not_there = client.get("/desk/X/"), client.get("/desk/NONE/")
    assert there.status_code == not_there.status_code == 404
    assert there.text.replace("/desk/X/", "") == not_there.text.replace("/desk/NONE/", "")


def test_a_supervisor_is_shown_no_button_that_is_not_theirs(
    app: Flask, judged: Competition
) -> None:
    pages = ("/desk/X/progress", "/desk/X/judges?people=1", "/desk/X/")
    for address in pages:
        page = visitor(app, "supervisor", judged).get(address).text
        for act in ("/lock", "/card", "/cancel", "/return", "/desk/X/entrants", "/certificates"):
            assert f'{act}"' not in page, (address, act)


def test_a_judge_of_two_competitions_answers_for_the_one_that_the_page_names(
    app: Flask, load: Callable[..., Competition]
) -> None:
    first, second = load(small()), load(small(competition={"code": "Y"}))
    account = account_for("judge", first)
    assert account is not None
    other = next(judge for judge in second.judges if judge.code == "J1")
    grant_role(account, second, Role.JUDGE, judge=other)
    client = signed_in(app, account)
    own = next(judge for judge in first.judges if judge.code == "J1")
    for competition, judge in ((first, own), (second, other)):
        mark = f"{competition.id}.{judge.id}"
        assert client.get("/api/home", headers={"X-Judge": mark}).status_code == 200
    assert client.get("/api/home", headers={"X-Judge": "9.9"}).status_code == 403
