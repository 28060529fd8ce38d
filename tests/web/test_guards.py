"""Every view has a guard, and shows no more than it should; who is let in: test_every_route."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from flask import Flask, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.routing import Rule

from compete.domain.values.kinds import Kind
from compete.domain.values.rights import Right
from compete.domain.values.roles import Role
from compete.models import Account, Competition
from compete.services.accounts.accounts import grant_role
from tests.support.people import account_for, visitor
from tests.support.signing_in import signed_in
from tests.support.small import small

PUBLIC = {
    "api_v1.competition",
    "api_v1.competitions",
    "api_v1.docs",
    "api_v1.feed",
    "api_v1.openapi",
    "api_v1.publication",
    "api_v1.publications",
    "api_v1.schedule",
    "api_v1.standings",
    "api_v1.verify_certificate",
    "assets.stylesheet",
    "auth.back_from_firm",
    "auth.go_to_firm",
    "auth.invitation",
    "auth.language",
    "auth.second_step",
    "auth.sign_in",
    "auth.sign_in_by_passkey",
    "auth.sign_out",
    "auth.sign_out_by_firm",
    "auth.use_link",
    "draws.check",
    "draws.file",
    "draws.party",
    "draws.party_opens",
    "draws.party_seals",
    "draws.seal",
    "exam.page",
    "exam_api.acts",
    "exam_api.paper",
    "exam_api.seat",
    "exam_api.sitting",
    "exam_api.standing_now",
    "hall.board",
    "hall.data",
    "health.alive",
    "health.ready",
    "log.check",
    "log.checkpoint",
    "log.consistency",
    "log.earlier",
    "log.entry_bundle",
    "log.key",
    "log.leaf",
    "log.proof",
    "log.tile",
    "log.trust",
    "metrics.metrics",
    "practice.page",
    "practice.take",
    *("worker.choose", "worker.end_share", "worker.enter_again", "worker.first"),
    *("worker.leave_again", "worker.make_share", "worker.own", "worker.record_file"),
    *("worker.record_paper", "worker.say_of_points", "worker.shared"),
    "public.appeal",
    "public.badge_schedule",
    "public.member_schedule",
    "public.schedule",
    "public.appeal_act",
    "public.badge_certificate",
    "public.badge_credential",
    "public.bundle",
    "public.correct_entry",
    "public.delete_entry",
    "public.enter",
    "public.hand_in",
    "public.own_entry",
    "public.entry_document",
    "public.entry_documents",
    "public.own_document",
    "public.own_documents",
    "public.own_photo",
    "public.send_entry_document",
    "public.send_own_document",
    "public.send_own_photo",
    "public.take_entry_back",
    "public.check_credential",
    "public.claims",
    "public.contestant",
    "public.file_appeal",
    "public.withdraw_consent",
    "public.found_credential",
    "public.index",
    "public.issuer",
    "public.labour_book",
    "public.messages_off",
    "public.stop_own_messages",
    "public.labour_bulletin",
    "public.labour_bulletin_book",
    "public.labour_period",
    "public.labour_unit",
    "public.labour_wall",
    "public.unit_wall",
    "public.link_credential",
    "public.look_up",
    "public.notice",
    "public.results",
    "public.second_look",
    "public.standings",
    "public.status",
    "public.verify",
    "public.verify_link",
    "public.compare_holder",
    "scripts.icon",
    "scripts.script",
    "scripts.service_worker",
    "trust.ca",
    "trust.certificate_file",
    "trust.profile",
}


def guard_of(app: Flask, endpoint: str) -> str | None:
    return getattr(app.view_functions[endpoint], "guard", None)


def routes(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def named(app: Flask, endpoint: str) -> set[str]:
    return next(app.url_map.iter_rules(endpoint)).arguments


def test_every_view_has_a_guard_that_is_known(app: Flask) -> None:
    assert len(routes(app)) > 40
    known = {"public", "token", *Right}
    unguarded = {rule.endpoint for rule in routes(app) if guard_of(app, rule.endpoint) not in known}
    assert unguarded == set()


def test_what_is_public_is_written_down_here(app: Flask) -> None:
    public = {rule.endpoint for rule in routes(app) if guard_of(app, rule.endpoint) == "public"}
    assert public == PUBLIC


def test_a_view_that_forgot_its_guard_is_refused(app: Flask) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    answer = app.test_client().get("/forgotten")
    assert answer.status_code == 403
    assert "secret" not in answer.text


def test_who_asks_for_the_head_of_a_page_does_no_act(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    load(small())
    methods = []
    view = app.view_functions["organiser.put_competition_away"]

    @wraps(view)
    def note_method(**values: str) -> ResponseReturnValue:
        methods.append(request.method)
        return view(**values)

    app.view_functions["organiser.put_competition_away"] = note_method
    answer = signed_in(app, organiser).head("/desk/X/put-away", data={"name": "小赛"})
    assert (answer.status_code, answer.data, methods) == (200, b"", ["GET"])


def test_a_competition_that_there_is_not_looks_like_one_of_others(
    app: Flask, fresh: Competition
) -> None:
    client = visitor(app, "stranger", fresh)
    there, not_there = client.get("/desk/X/"), client.get("/desk/NONE/")
    assert there.status_code == not_there.status_code == 404
    assert there.text.replace("/desk/X/", "") == not_there.text.replace("/desk/NONE/", "")


def test_pages_of_a_labour_competition_tell_another_that_it_has_none_of_them(
    app: Flask, fresh: Competition
) -> None:
    """Every one of them, by its mark: each reads what a labour competition alone has."""
    client = visitor(app, "organiser", fresh)
    here = {"code": "X", "unit": "U", "period": "M", "number": 1, "uuid": "u"}
    with app.test_request_context():
        addresses = [
            (rule.endpoint, "POST" if rule.methods and "GET" not in rule.methods else "GET")
            for rule in routes(app)
            if getattr(app.view_functions[rule.endpoint], "kinds", ()) == {Kind.LABOUR}
        ]
        asked = [
            (method, url_for(endpoint, **{k: here[k] for k in named(app, endpoint)}))
            for endpoint, method in addresses
        ]
    assert len(asked) > 40
    for method, address in asked:
        answer = client.open(address, method=method, data={"csrf_token": ""})
        assert answer.status_code == 404, address
        assert "技能竞赛没有这一页" in answer.text, address


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
