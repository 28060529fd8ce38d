"""Setting up events by forms: added, changed, refused at their fields, locked, taken away."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from compete.models import Account, Assignment, Competition, Event, db
from compete.services.competitions.drafts import Beginnings, Origin, blank, make_draft
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.event_rules import rules_of
from compete.services.registration.people_seals import check_people
from compete.services.rules.rules_draft import RulesDraft
from compete.services.rules.stage_draft import StageDraft
from compete.services.schedule.allocation import assign_judges, open_judging
from compete.web.organiser.rules.events.reading import read_draft
from tests.services.sheets.test_difficulties import dives
from tests.support.competitions import load_sample
from tests.support.every_rule import every_rule, least_rules
from tests.support.panels import bundle_of, open_panel
from tests.support.people import visitor
from tests.support.signing_in import signed_in
from tests.support.small import small


def fields(page: str, start: str = '<form class="cards rules"') -> dict[str, str]:
    """What the form of rules, or another, would send as it stands, but for its button."""
    form = page.split(start)[1].split("</form>")[0]
    form_values = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r' name="([^"]*)"', tag), re.search(r' value="([^"]*)"', tag)
        if name and ('type="checkbox"' not in tag or " checked" in tag):
            form_values[name[1]] = html.unescape(value[1]) if value else ""
    for name, options in re.findall(r'<select[^>]* name="([^"]*)"[^>]*>(.*?)</select>', form):
        chosen = re.search(r'value="([^"]*)" selected', options)
        form_values[name] = html.unescape(chosen[1]) if chosen else ""
    for name, text in re.findall(r'<textarea[^>]* name="([^"]*)"[^>]*>([^<]*)', form):
        form_values[name] = html.unescape(text)
    return form_values


def draft(organiser: Account) -> Competition:
    return make_draft(blank(Beginnings(name="空的", code="E-2026")), Origin.BLANK, "", organiser)


def event_of(code: str) -> Event:
    db.session.expire_all()
    return db.session.query(Competition).filter_by(code=code).one().events[0]


def add(desk: FlaskClient, name: str, like: str = "") -> str:
    return desk.post("/desk/E-2026/events/add", data={"name": name, "like": like}).location


def test_saving_what_was_shown_changes_nothing(app: Flask, here: Flask, organiser: Account) -> None:
    competition = load_sample("yangtze-recovery", organiser)
    competition_code = competition.code
    desk = signed_in(app, organiser)
    listed = desk.get(f"/desk/{competition_code}/events").text
    assert "实践操作 60%（5 吨折叠平板清障车、50 吨旋转吊清障车、重型吊车）、理论考试 20%" in listed
    for event in competition.events:
        page = desk.get(f"/desk/{competition_code}/events/rules?event={event.code}")
        assert page.status_code == 200
        # Judged already: what is sent as it was shown asks for no change.
        sent = desk.post(
            f"/desk/{competition_code}/events/rules?event={event.code}",
            data=fields(page.text),
            follow_redirects=True,
        )
        assert "和原来一样" in sent.text
    desk.get("/language/en")
    assert (
        "Ask both to agree"
        in desk.get(
            f"/desk/{competition_code}/events/rules?event={competition.events[0].code}"
        ).text
    )
    desk.get("/language/zh")
    made = draft(organiser)
    assert made.events == []
    place = add(desk, "回收", "template:yangtze-recovery:" + competition.events[0].code)
    page = desk.get(place).text
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids)), "two fields of one id: a label points to the wrong one"
    assert "和原来一样" in desk.post(place, data=fields(page), follow_redirects=True).text
    assert len(event_of("E-2026").versions) == 1


def test_no_row_of_a_long_form_is_lost() -> None:
    module = "stages[0].modules[0]"
    form = {f"{module}.weight": "100"}
    for n in range(450):
        form |= {f"{module}.aspects[{n}].type": "score", f"{module}.aspects[{n}].name": f"第{n}项"}
        form |= {f"awards[{n}].name": f"{n}等奖", f"ranking.ties[{n}]": f"aspect:A{n}"}
    form |= {f"{module}.aspects[7].gone": "1", f"{module}.aspects[8].name": ""}
    read = read_draft(form, RulesDraft(name="", stages=(StageDraft(name="决赛", modules=()),)))
    names = [row.name for row in read.stages[0].modules[0].aspects]
    assert (len(names), names[6:8], names[-1]) == (448, ["第6项", "第9项"], "第449项")
    assert (len(read.awards), len(read.ties)) == (450, 450)


def test_an_event_is_set_up_from_nothing(app: Flask, here: Flask, organiser: Account) -> None:
    made = draft(organiser)
    desk = signed_in(app, organiser)
    assert "还没有赛项" in desk.get("/desk/E-2026/events").text
    place = add(desk, "叉车司机")
    form = fields(desk.get(place).text)
    many = desk.post(place, data={str(n): "" for n in range(100_001)})
    assert (many.status_code, "最多 100000 格，这里有 100001 格" in many.text) == (413, True)
    practical = "stages[0].modules[1]"
    more = desk.post(place, data=form | {"act": f"more:{practical}.aspects"}).text
    assert f'name="{practical}.aspects[5].name"' in more
    form = fields(more) | {
        "name": "叉车",
        "occupation.code": "6-30-05-01",
        "occupation.name": "起重装卸机械操作工",
        "blind": "1",
        "stages[0].modules[0].weight": "３０",
        f"{practical}.weight": "70",
        f"{practical}.panel.size": "5",
        f"{practical}.panel.drop_high": "1",
        f"{practical}.panel.drop_low": "1",
        f"{practical}.aspects[0].name": "碰杆",
        f"{practical}.aspects[0].type": "deduction",
        f"{practical}.aspects[0].points": "2",
        f"{practical}.aspects[0].max": "60",
        f"{practical}.aspects[1].name": "平稳",
        f"{practical}.aspects[1].type": "judgement",
        f"{practical}.aspects[1].levels": "差\n中\n良\n优",
        f"{practical}.aspects[1].max": "40",
    }
    form |= {
        "grades": "cn-national-1-2012",
        "ranking.style": "dense",
        "rounding.total": "1",
        "team_ranking.best": "３",
        "team_ranking.ties[0]": "best_rank",
        "unit_ranking.by": "points",
        "unit_ranking.points": "1 9\n2 7",
        f"{practical}.panel.min": "4",
    }
    done = desk.post(place, data=form, follow_redirects=True)
    assert "现在是第 2 版" in done.text
    rules = rules_of(event_of("E-2026"))
    assert (rules.name, event_of("E-2026").blind) == ("叉车", True)
    theory, driving = rules.stages[0].modules
    assert (theory.weight, driving.weight, driving.panel.combine.value) == (30, 70, "trimmed_mean")
    assert [row.type.value for row in driving.aspects] == ["deduction", "judgement"]
    assert driving.aspects[1].extra == {"descriptors": ["差", "中", "良", "优"]}
    assert rules.grades
    assert (rules.ranking.style.value, rules.rounding.total) == ("dense", 1)
    assert rules.team_ranking is not None
    assert (rules.team_ranking.best, rules.team_ranking.ties) == (3, ("best_rank",))
    assert rules.unit_ranking is not None
    assert rules.unit_ranking.points == {1: 9, 2: 7}
    assert driving.panel.min == 4
    assert list(verify_chain(made)) == []
    assert list(check_people(made)) == []
    stale = desk.post(place, data=form | {"seen": "1", "name": "别的"})
    assert stale.status_code == 409
    assert 'value="别的"' in stale.text


def refused_at(field: str, sentence: str, answer: TestResponse, changed: Mapping[str, str]) -> None:
    """The form came back with this sentence at this field, and with what was typed."""
    assert answer.status_code == 400, changed
    parts = answer.text.split(f'id="{field}-error"')
    assert len(parts) == 2, (field, changed)
    assert sentence in parts[1][:900], field
    for name, value in changed.items():
        assert html.escape(value) in answer.text, name


def test_few_judges_take_the_middle_mark_by_one_press(
    app: Flask, here: Flask, organiser: Account
) -> None:
    draft(organiser)
    desk = signed_in(app, organiser)
    place = add(desk, "叉车司机")
    practical = "stages[0].modules[1]"
    one_more = {"act": f"more:{practical}.aspects"}
    form = fields(desk.post(place, data=fields(desk.get(place).text) | one_more).text) | {
        f"{practical}.panel.size": "3",
        f"{practical}.panel.drop_high": "1",
        f"{practical}.panel.drop_low": "1",
        f"{practical}.aspects[0].max": "60",
        f"{practical}.aspects[1].name": "平稳",
        f"{practical}.aspects[1].type": "score",
        f"{practical}.aspects[1].max": "40",
    }
    press = f"median:{practical}"
    refused = desk.post(place, data=form)
    assert (refused.status_code, f'value="{press}"' in refused.text) == (400, True)
    assert desk.post(place, data=form | {"act": press}).status_code == 302
    driving = rules_of(event_of("E-2026")).stages[0].modules[1]
    assert (driving.panel.combine.value, driving.panel.drop_high) == ("median", 0)
    # Nobody said how fine marks are: whole points, never hundredths.
    assert driving.aspects[1].step == 1


def test_what_cannot_be_is_said_at_its_field(app: Flask, here: Flask, organiser: Account) -> None:
    draft(organiser)
    desk = signed_in(app, organiser)
    place = add(desk, "叉车司机")
    form = fields(desk.get(place).text)
    practical = "stages[0].modules[1]"

    def refused(field: str, sentence: str) -> None:
        refused_at(field, sentence, desk.post(place, data=form | changed), changed)

    changed = {f"{practical}.full": "90"}
    refused(f"{practical}.full", "应当等于各评分点满分乘系数之和")
    changed = {f"{practical}.weight": "很多"}
    refused(f"{practical}.weight", "很多")
    changed = {f"{practical}.panel.drop_high": "1"}
    refused(f"{practical}.panel.drop_high", "5 人起")
    changed = {f"{practical}.aspects[0].type": "deduction"}
    refused(f"{practical}.aspects[0].points", "这里要填")
    changed = {f"{practical}.aspects[0].type": "judgement", f"{practical}.aspects[0].levels": "差"}
    refused(f"{practical}.aspects[0].levels", "每一档写一行")
    changed = {f"{practical}.aspects[0].name": ""}
    refused(f"{practical}.aspects[0].name", "名称要写")
    changed = {"team_ranking.best": "三"}
    refused("team_ranking.best", "三")
    changed = {"team_ranking.best": "3", "team_ranking.ties[0]": "module:zz"}
    refused("team_ranking.ties[0]", "zz")
    changed = {"unit_ranking.by": "points", "unit_ranking.points": "1 九"}
    refused("unit_ranking.points", "九")
    changed = {"unit_ranking.by": "points"}
    refused("unit_ranking.points", "这里要填")
    changed = {"unit_ranking.by": "points", "unit_ranking.points": "1 9\n1 8"}
    refused("unit_ranking.points", "1 8")
    changed = {f"{practical}.panel.min": "9"}
    refused(f"{practical}.panel.min", "9")
    changed = {"awards[0].top": "1"}
    refused("awards[0].top", "只写一样")
    changed = {"awards[0].at_least": "几个", "awards[1].min_total": "六十"}
    refused("awards[0].at_least", "几个")
    refused("awards[1].min_total", "六十")
    changed = {"awards[0].scope": "items", "awards[0].pass_modules": "1"}
    refused("awards[0].scope", "还没有单项")
    refused("awards[0].pass_modules", "不要勾")
    changed = {"items[0].name": "吊", "items[0].of": "", "items[0].ties[0]": "time:zz"}
    refused("items[0].of", "这里要填")
    refused("items[0].ties[0]", "zz")
    changed = {"items[0].of": "practical"}
    refused("items[0].name", "名称要写")
    changed = {f"{practical}.aspects[0].factor": "一"}
    refused(f"{practical}.aspects[0].factor", "一")
    changed = {f"{practical}.weight": ""}
    refused(f"{practical}.weight", "这里要填")
    changed = {f"{practical}.gone": "1"}
    refused("ranking.ties[0]", "找不到")
    assert len(event_of("E-2026").versions) == 1
    twice = desk.post("/desk/E-2026/events/add", data={"name": "叉车司机", "like": ""})
    assert (twice.status_code, 'value="叉车司机"' in twice.text) == (409, True)


def test_a_module_that_goes_takes_its_judges_along(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    plain = small()
    plain["entrants"] = []
    competition = load(plain)
    (event,) = competition.events
    for module, codes in (("m", ("J1", "J2")), ("t", ("J3",))):
        seats = [(judge, "") for judge in competition.judges if judge.code in codes]
        assign_judges(event, rules_of(event).stages[0].code, module, seats, organiser)
    desk = signed_in(app, organiser)
    place = f"/desk/X/events/rules?event={event.code}"
    form = fields(desk.get(place).text)
    fewer = desk.post(place, data=form | {"stages[0].modules[0].panel.size": "1"})
    assert "已经安排了 2 名裁判" in fewer.text
    form |= {"stages[0].modules[1].gone": "1", "ranking.ties[1]": ""}
    assert "现在是第 2 版" in desk.post(place, data=form, follow_redirects=True).text
    assert {seat.module for seat in db.session.query(Assignment)} == {"m"}


def test_a_code_that_no_path_carries_has_its_pages(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    for number, code in enumerate(("a/b", "..", "钳工 1/2?#%", "add")):
        plain = small()
        plain["competition"]["code"] = f"P{number}"
        plain["events"][0]["code"] = code
        for entrant in plain["entrants"]:
            entrant["event"] = code
        for row in [*plain.get("teams", []), *plain["marks"]]:
            if "event" in row:
                row["event"] = code
        load(plain)
        desk = signed_in(app, organiser)
        addresses = re.findall(
            r'href="([^"]*/events/[^"]*[?]event=[^"]*)"', desk.get(f"/desk/P{number}/events").text
        )
        assert len(addresses) == 2, code
        for place in addresses:
            assert desk.get(html.unescape(place)).status_code == 200, place
    assert desk.get("/desk/P0/events/rules?event=none").status_code == 404


def test_marks_lock_the_rules_and_people_keep_the_event(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small())
    desk = signed_in(app, organiser)
    (event,) = competition.events
    place = f"/desk/X/events/rules?event={event.code}"
    assert "有 4 人，不能删" in desk.get(place.replace("rules", "remove")).text
    assert desk.post(place.replace("rules", "remove")).status_code == 409
    for module, codes in (("m", ("J1", "J2")), ("t", ("J3",))):
        seats = [(judge, "") for judge in competition.judges if judge.code in codes]
        assign_judges(event, rules_of(event).stages[0].code, module, seats, organiser)
    form = fields(desk.get(place).text)
    open_judging(competition, organiser)
    late = desk.post(place, data=form | {"name": "晚了"})
    assert late.status_code == 400
    assert "写明为什么改规则" in late.text
    for who, status in (("chief", 404), ("judge", 404), ("organiser", 200)):
        assert visitor(app, who, competition).get(place).status_code == status, who


def test_an_event_without_people_goes_with_its_rules(
    app: Flask, here: Flask, organiser: Account
) -> None:
    made = draft(organiser)
    desk = signed_in(app, organiser)
    place = add(desk, "叉车司机")
    assert "规则一起删掉" in desk.get(place.replace("rules", "remove")).text
    assert "删掉了赛项" in desk.post(place.replace("rules", "remove"), follow_redirects=True).text
    db.session.expire_all()
    assert made.events == []
    assert list(verify_chain(made)) == []
    assert list(check_people(made)) == []


def test_numbers_of_thousands_of_digits_are_refused_in_words(
    app: Flask, load: Callable[..., Competition]
) -> None:
    competition = load(small())
    client, page = (
        visitor(app, "organiser", competition),
        f"/desk/{competition.code}/events/rules?event=E",
    )
    for form in ({"seen": "9" * 5000}, {"act": "save", "seen": "1"}):
        row = {"stages[0].modules[0].weight": "60", "stages[0].modules[0].was": "m"}
        sent = form | row | {"stages[0].modules[0].panel.size": "9" * 5000}
        assert client.post(page, data=sent).status_code in (400, 409)


def test_a_form_says_what_was_written_by_hand(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    by_hand, least = every_rule("A"), least_rules("B")
    plain = small(format="compete-bundle/2") | {"entrants": [], "events": [by_hand, least]}
    competition = load(plain)
    first_event, other = competition.events
    before = first_event.rules.definition
    desk = signed_in(app, organiser)
    places = [f"/desk/X/events/rules?event={code}" for code in "AB"]
    page = desk.get(places[0]).text
    assert "和原来一样" in desk.post(places[0], data=fields(page), follow_redirects=True).text
    # Everything is typed into the form of an event that bears the same codes, and says little.
    hidden = re.findall(r'<input type="hidden" name="([^"]*)"', page)
    kept = (".was", "seen")
    typed = {
        name: value
        for name, value in fields(page).items()
        if name not in hidden or name.endswith(kept)
    }
    done = desk.post(places[1], data=typed, follow_redirects=True)
    assert "现在是第 2 版" in done.text, re.findall(r"field-error.*?<span>(.*?)</span>", done.text)
    db.session.expire_all()
    prefix = before["extra"] | {"code_prefix": "B"}
    assert other.rules.definition == before | {"code": "B", "extra": prefix}
    assert (first_event.rules.number, first_event.rules.definition) == (1, before)


def test_an_employers_own_names_of_grades_are_kept_in_the_file(
    app: Flask, here: Flask, organiser: Account
) -> None:
    draft(organiser)
    desk = signed_in(app, organiser)
    place = add(desk, "泵站运行")
    form = fields(desk.get(place).text)
    wrong = desk.post(place, data=form | {"act": "save", "ladder": "一级运行员"})
    assert "<b>等级体系</b></a> 第 1 行要写" in wrong.text
    assert wrong.status_code == 400
    assert "第 1 行要写：等级（5 到 1，没有写 -）、空格、名称" in wrong.text
    assert ">一级运行员</textarea>" in wrong.text
    nameless = desk.post(place, data=form | {"act": "save", "ladder.name": "运行员"})
    assert (nameless.status_code, "这里要填" in nameless.text) == (400, True)
    own = {"ladder.name": "运行员", "ladder": "5 一级运行员\n- 首席运行员"}
    assert desk.post(place, data=form | own | {"act": "save"}).status_code == 302
    kept = rules_of(event_of("E-2026")).extra
    assert kept is not None
    assert kept["ladder"] == {
        "name": "运行员",
        "rungs": [
            {"key": "L5", "name": "一级运行员", "grade": 5},
            {"key": "R1", "name": "首席运行员"},
        ],
    }
    shown = desk.get(place).text
    assert ">5 一级运行员\n- 首席运行员</textarea>" in shown
    assert "和原来一样" in desk.post(place, data=fields(shown), follow_redirects=True).text
    none = fields(shown) | {"ladder": "", "ladder.name": "", "act": "save"}
    assert desk.post(place, data=none).status_code == 302
    assert "ladder" not in (rules_of(event_of("E-2026")).extra or {})


def test_only_types_that_the_competitions_file_can_say_are_offered(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        desk = signed_in(app, open_panel(bundle_of()).organiser)
        page = desk.get("/desk/PANEL/events/rules?event=FORK").text
        assert 'value="relative"' in page
        assert 'value="factored"' not in page
        assert ".difficulties" not in page


def test_all_types_are_offered_where_the_file_can_say_them(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        desk = signed_in(app, open_panel(dives()).organiser)
        page = desk.get("/desk/PANEL/events/rules?event=FORK").text
        assert 'value="factored"' in page
        assert ".difficulties" in page
