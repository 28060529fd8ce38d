"""The form of a labour competition's rules: typed, refused beside its field, saved or asked."""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Callable
from decimal import Decimal
from html.parser import HTMLParser

from flask import Flask
from flask.testing import FlaskClient

from compete.domain.bundle.versions import NEWEST
from compete.domain.bundle.writing import write_bundle
from compete.domain.labour.unit_spans import UnitSpan, unit_spans
from compete.domain.values.roles import Role
from compete.models import Account, Competition
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.kernel.event_rules import labour_of
from compete.services.labour.departments import departments_of
from compete.services.labour.rules import labour_rules
from compete.services.registration.units.unit_list import add_units
from compete.services.scoring.bundle_out import export_bundle
from tests.services.labour.made_up import Contest, act, made_up
from tests.services.labour.test_rules import changed_book
from tests.support.every_rule import LONG
from tests.support.signing_in import signed_in

Fields = dict[str, str | list[str]]


class _Form(HTMLParser):
    """What a browser would send of the form `rules`."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[tuple[str, str]] = []
        self._inside = False
        self._select = ""
        self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {key: value or "" for key, value in attrs}
        if tag == "form":
            self._inside = attributes.get("id") == "rules"
        mine = self._inside or attributes.get("form") == "rules"
        name = attributes.get("name", "")
        if tag == "input" and mine and name:
            ticked = attributes.get("type") not in ("checkbox",) or "checked" in attributes
            if ticked:
                self.sent.append((name, attributes.get("value", "")))
        if tag == "select" and mine:
            self._select = name
        if tag == "option" and self._select and "selected" in attributes:
            self.sent.append((self._select, attributes["value"]))
        if tag == "textarea" and mine:
            self.sent.append((name, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        if tag == "select":
            self._select = ""


def fields(text: str, **typed: str | list[str] | None) -> Fields:
    """The page's form with what is typed into it; None takes a field out."""
    form = _Form()
    form.feed(text)
    form_values: dict[str, list[str]] = {}
    for name, value in form.sent:
        form_values.setdefault(name, []).append(value)
    for name, typed_value in typed.items():
        form_values.pop(name, None)
        if typed_value is not None:
            form_values[name] = [typed_value] if isinstance(typed_value, str) else typed_value
    return {**form_values}


def beside(text: str, name: str) -> str:
    """What is said to be wrong beside a field."""
    hit = re.search(rf'id="{re.escape(name)}-error">.*?<span>(.*?)</span>', text, re.S)
    assert hit is not None, name
    return html.unescape(hit[1])


def row_of(text: str, name: str) -> str:
    """How the fields of the row begin in which that name stands."""
    hit = re.search(rf'name="(\w+\[\d+\])\.name" value="{re.escape(html.escape(name))}"', text)
    assert hit is not None, name
    return hit[1]


def path(contest: Contest) -> str:
    return f"/desk/{contest.competition.code}/labour/rules/form"


def empty_competition(load: Callable[..., Competition]) -> Competition:
    """One indicator, one period, one unit, and nothing entered."""
    return load(
        {
            "format": "compete-bundle/1",
            "competition": {"code": "SIX", "name": "六", "kind": "labour", "level": "enterprise"},
            "units": [{"code": "U01", "name": "一标"}],
            "labour": {
                "periods": [{"code": "Y", "name": "全年"}],
                "indicators": [
                    {"code": "I01", "name": "隐", "max": 10, "scoring": {"type": "score"}}
                ],
            },
        }
    )


FORM = "/desk/SIX/labour/rules/form"


def desk_of(app: Flask) -> FlaskClient:
    return signed_in(app, create_account("吴敏", is_admin=True))


def test_a_competition_is_made_by_the_form_alone(
    app: Flask, load: Callable[..., Competition]
) -> None:
    competition = empty_competition(load)
    desk = desk_of(app)
    text = desk.get(FORM).text
    typed = fields(
        text,
        **{
            "indicators[0].heading": "比安全",
            "indicators[0].department": "安全部",
            "indicators[1].name": LONG,
            "indicators[1].heading": "比进度",
            "indicators[1].max": "１２",
            "indicators[1].scoring.type": "completion",
            "indicators[1].scoring.cap": "1.1",
            "indicators[1].department": "工程部",
            "periods[1].name": "1 月",
            "periods[1].part_of": "全年",
            "flags": "1",
            "flags.min": "90",
            "warn_below": "80",
            "adjust_cap": "3",
            "units[0].group": "土建",
            "units[1].name": "机一标",
            "units[1].group": "机电",
        },
    )
    again = desk.post(FORM, data={**typed, "act": "more:indicators"})
    assert again.status_code == 200
    assert labour_of(competition).indicators[0].heading is None, "nothing is saved yet"
    # What was written just now can be chosen already, by the code that it will have.
    typed = fields(
        again.text,
        **{
            "ties[0]": "I02",
            "indicators[1].periods": ["P02"],
            "indicators[2].name": "杂",
            "indicators[2].heading": "比安全",
            "indicators[2].max": "5",
            "indicators[2].scoring.type": "rank",
            "indicators[2].scoring.places": "5、3 1",
            "indicators[2].scoring.better": "lower",
        },
    )
    assert desk.post(FORM, data=typed).status_code == 302
    labour = labour_of(competition)
    assert [(indicator.code, indicator.name) for indicator in labour.indicators] == [
        ("I01", "隐"),
        ("I03", "杂"),
        ("I02", LONG),
    ], "a new one stands beside the others of its heading"
    last, rank = labour.indicators[2], labour.indicators[1].scoring
    assert (last.max, last.scoring.cap, last.periods) == (12, Decimal("1.1"), ("P02",))
    assert (rank.points, rank.better.value) == ((5, 3, 1), "lower")
    assert [(period.code, period.part_of) for period in labour.periods] == [
        ("Y", None),
        ("P02", "Y"),
    ]
    assert (labour.ties, labour.adjust_cap, labour.warn_below) == (("indicator:I02",), 3, 80)
    assert labour.groups == {"U01": "土建", "U02": "机电"}
    assert {row.name: row.indicators for row in departments_of(competition)} == {
        "安全部": ["I01"],
        "工程部": ["I02"],
    }
    saved = labour_rules(competition)
    assert desk.post(FORM, data=fields(desk.get(FORM).text)).status_code == 302
    assert labour_rules(competition) == saved, "a form that nobody changed changes nothing"


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    app: Flask, load: Callable[..., Competition]
) -> None:
    competition = empty_competition(load)
    desk = desk_of(app)
    wrong = {
        "indicators[0].max": ("十", "“十”"),
        "indicators[1].scoring.points": ("", "这里要填"),
        "periods[0].weight": ("0", ""),
        "periods[1].part_of": ("没有的", "没有叫“没有的”的期次"),
        "warn_below": ("80", "没有评流动红旗，不能写黄牌线"),
    }
    typed = {
        "indicators[1].name": "违章",
        "indicators[1].max": "5",
        "indicators[1].scoring.type": "deduction",
        "periods[1].name": "1 月",
        **{name: text for name, (text, _sentence) in wrong.items()},
    }
    answer = desk.post(FORM, data=fields(desk.get(FORM).text, **typed))
    assert answer.status_code == 400
    for name, (_text, sentence) in wrong.items():
        hit = re.search(rf'id="{re.escape(name)}-error">.*?<span>(.*?)</span>', answer.text)
        assert hit is not None, name
        assert sentence in html.unescape(hit[1]), (name, hit[1])
    kept = fields(answer.text)
    for name, text in typed.items():
        assert kept[name] == [text], name
    assert labour_of(competition).indicators[0].max == 10


def test_rows_go_and_move(app: Flask, load: Callable[..., Competition]) -> None:
    competition = empty_competition(load)
    desk = desk_of(app)
    text = desk.post(FORM, data=fields(desk.get(FORM).text) | {"act": "more:indicators"}).text
    rows = {
        f"indicators[{n}].{key}": field_text
        for n in (1, 2)
        for key, field_text in (("name", f"新{n}"), ("max", "1"))
    }
    assert desk.post(FORM, data=fields(text, **rows)).status_code == 302
    text = desk.get(FORM).text
    moved = fields(text, **{f"{row_of(text, '新2')}.place": "1"})
    assert desk.post(FORM, data=moved).status_code == 302
    assert [indicator.name for indicator in labour_of(competition).indicators] == [
        "新2",
        "隐",
        "新1",
    ]
    text = desk.get(FORM).text
    gone = fields(text, **{f"{row_of(text, '隐')}.gone": "1"})
    assert desk.post(FORM, data=gone).status_code == 302
    assert [indicator.name for indicator in labour_of(competition).indicators] == ["新2", "新1"]


def test_a_form_without_a_period_is_refused_in_words(
    app: Flask, load: Callable[..., Competition]
) -> None:
    with app.app_context():
        empty_competition(load)
    desk = desk_of(app)
    form = fields(desk.get(FORM).text)
    none = {name: text for name, text in form.items() if not name.startswith("periods[")}
    refused = desk.post(FORM, data=none)
    assert refused.status_code == 400
    assert "没有存" in refused.text
    assert desk.post(FORM, data={}).status_code == 400


def test_who_was_slower_is_told_and_keeps_what_was_typed(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = empty_competition(load)
    desk = desk_of(app)
    text = desk.get(FORM).text
    add_units(competition, ["二标"], organiser)
    answer = desk.post(FORM, data=fields(text, **{"indicators[0].name": "隐患"}))
    assert (answer.status_code, "别人改过规则" in answer.text) == (409, True)
    assert fields(answer.text)["indicators[0].name"] == ["隐患"]


def test_the_example_is_worked_out_as_one_types(
    app: Flask, load: Callable[..., Competition]
) -> None:
    empty_competition(load)
    desk = desk_of(app)
    typed = fields(
        desk.get(FORM).text,
        **{
            "indicators[0].max": "20",
            "indicators[0].scoring.type": "deduction",
            "indicators[0].scoring.points": "3",
            "try.indicators[0].type": "deduction",
            "try.indicators[0]": "2",
            "try.points": "5",
            "adjust_cap": "1.5",
            "flags": "1",
            "flags.min": "16",
        },
    )
    answer = desk.post("/desk/SIX/labour/rules/try", data=typed).json
    assert answer is not None
    for phrase in ("14.00", "1.50", "15.50", "不够红旗最低分 16", "改以后"):
        assert phrase in answer["worked"], phrase
    month = {"periods[1].name": "一月", "periods[1].part_of": "全年", "try.leaf": "P02"}
    for flagged, goes in (([], True), (["P02"], True), (["Y"], False)):
        of_flags = {"warn_below": "18", "flags.periods": flagged}
        answer = desk.post("/desk/SIX/labour/rules/try", data=typed | month | of_flags).json
        assert answer is not None
        words = ("15.50", "不够红旗最低分 16", "低于 18，黄牌")
        assert [flag_phrase in answer["worked"] for flag_phrase in words] == [True, goes, goes], (
            flagged
        )
    typed |= {"try.indicators[0]": "几处"}
    answer = desk.post("/desk/SIX/labour/rules/try", data=typed).json
    assert answer is not None
    assert list(answer["problems"]) == ["try.indicators[0]"]


def test_the_examples_values_stay_beside_their_rows_while_another_is_to_go(
    app: Flask, load: Callable[..., Competition]
) -> None:
    competition = empty_competition(load)
    desk = desk_of(app)
    second = {"indicators[1].name": "进度", "indicators[1].max": "10", "ties[0]": "I01"}
    assert desk.post(FORM, data=fields(desk.get(FORM).text, **second)).status_code == 302
    typed = fields(
        desk.get(FORM).text,
        **{"indicators[0].gone": "1", "try.indicators[0]": "9", "try.indicators[1]": "11"},
    )
    tried = desk.post("/desk/SIX/labour/rules/try", data=typed).json
    assert tried is not None
    assert tried["problems"] == {"try.indicators[1]": "11 超过满分 10"}
    assert 'name="try.indicators[1]" value="11"' in tried["card"]
    assert "try.indicators[0]" not in tried["card"]
    assert "改好再算" in tried["worked"]
    # The indicator is compared at equal totals: its row stands again.
    refused = desk.post(FORM, data=typed)
    assert refused.status_code == 400
    for n, value in enumerate(("9", "11")):
        assert f'name="try.indicators[{n}]" value="{value}"' in refused.text
    assert len(labour_of(competition).indicators) == 2


def test_once_there_are_values_the_form_asks_a_second_person(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    contest = made_up(load, organiser)
    desk = desk_of(app)
    text = desk.get(path(contest)).text
    row = row_of(text, "隐患")
    assert "要第二个人同意" in text
    harder = {f"{row}.scoring.points": "5"}
    unsaid = desk.post(path(contest), data=fields(text, **harder, starts="all", reason=" "))
    assert (unsaid.status_code, "写明为什么改规则" in unsaid.text) == (400, True)
    assert fields(unsaid.text)[f"{row}.scoring.points"] == ["5"]
    lost = desk.post(
        path(contest),
        data=fields(text, **{f"{row}.gone": "1"}, starts="all", reason="不要了"),
    )
    assert lost.status_code == 400
    assert "已经填了 3 格" in beside(lost.text, f"{row_of(lost.text, '隐患')}.gone"), "at its row"
    assert fields(lost.text)[f"{row_of(lost.text, '隐患')}.gone"] == ["1"]
    most = {f"{row_of(text, '安全')}.max": "5"}
    low = desk.post(path(contest), data=fields(text, **most, starts="all", reason="轻些"))
    assert "不在 0 到新的满分 5 之间" in beside(low.text, f"{row_of(text, '安全')}.max")
    away = {f"{row_of(text, '一月')}.gone": "1"}
    month = desk.post(path(contest), data=fields(text, **away, starts="all", reason="不算"))
    assert "不能去掉" in beside(month.text, f"{row_of(month.text, '一月')}.gone")
    late = desk.post(
        path(contest), data=fields(text, adjust_cap="1", starts="from:二月", reason="封顶")
    )
    assert "各期只能是一样的" in beside(late.text, "starts")
    asked = desk.post(path(contest), data=fields(text, **harder, starts="all", reason="太松"))
    assert asked.status_code == 302
    change = asked.headers["Location"]
    assert "每处扣 5" in desk.get(change).text
    closed = desk.get(path(contest))
    assert "等第二个人" in closed.text
    assert desk.post(path(contest), data=fields(text, **harder)).status_code == 409
    second = create_account("周颖")
    grant_role(second, contest.competition, Role.ORGANISER)
    assert signed_in(app, second).post(f"{change}/agree").status_code == 302
    assert labour_of(contest.competition).indicators[1].scoring.points == 5


def test_what_is_scored_otherwise_from_a_period_on_is_told_apart_from_what_it_was(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    contest = made_up(load, organiser)
    desk = desk_of(app)
    text = desk.get(path(contest)).text
    harder = {f"{row_of(text, '隐患')}.scoring.points": "5"}
    typed = fields(text, **harder, starts="from:二月", reason="太松")
    asked = desk.post(path(contest), data=typed)
    second = create_account("周颖")
    grant_role(second, contest.competition, Role.ORGANISER)
    signed_in(app, second).post(f"{asked.headers['Location']}/agree")
    assert ">隐患（二月起）</option>" in desk.get(path(contest)).text, "for equal totals"
    assert "安全、隐患（一月起）、隐患（二月起）<" in desk.get("/desk/L/departments").text
    department = desk.get(f"/desk/L/departments/{contest.safety.id}").text
    contest.enter(act("甲", "隐患-2", "1"))
    changes = desk.get("/desk/L/labour/changes").text
    for name in ("隐患（一月起）", "隐患（二月起）"):
        assert f"<span>{name}</span>" in department
        assert f">{name}</option>" in changes
    assert "<td>二月 隐患</td>" in changes, "the period says which"


def test_a_prize_and_a_unit_that_leaves_are_typed_into_the_form(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    contest = made_up(load, organiser)
    plain = json.loads(write_bundle(export_bundle(contest.competition)))
    plain["format"], plain["competition"]["code"] = "compete-bundle/2", "NEW"
    plain["labour"]["values"] = []
    competition, desk = load(plain), desk_of(app)
    form = "/desk/NEW/labour/rules/form"
    typed = {
        **{"prizes[0].name": "安全之星", "prizes[0].by": "indicator:安全", "prizes[0].top": "2"},
        **{"spans[0].unit": "丙", "spans[0].last": "一月", "spans[0].into": "甲"},
    }
    assert desk.post(form, data=fields(desk.get(form).text, **typed)).status_code == 302
    labour = labour_of(competition)
    assert [(it.name, it.by, it.top) for it in labour.prizes] == [("安全之星", "indicator:安全", 2)]
    assert unit_spans(labour) == {"丙": UnitSpan(last="一月", into="甲")}
    again = fields(desk.get(form).text, **{"prizes[0].gone": "1", "spans[0].gone": "1"})
    assert desk.post(form, data=again).status_code == 302
    labour = labour_of(competition)
    assert (labour.prizes, unit_spans(labour)) == ((), {})
    wrong = fields(desk.get(form).text, **{"spans[0].unit": "丙", "spans[0].last": "五月"})
    answer = desk.post(form, data=wrong)
    assert answer.status_code == 400
    assert "没有“五月”这一期" in beside(answer.text, "spans[0].last")


def test_a_unit_in_no_group_takes_no_part(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    contest = made_up(load, organiser)
    desk = desk_of(app)
    text = desk.get(path(contest)).text
    groups = {"units[0].group": "土建", "units[1].group": "土建"}
    some = desk.post(path(contest), data=fields(text, **groups, starts="all", reason="分组"))
    assert (some.status_code, "不参加排名的勾" in some.text) == (400, True)
    away = fields(text, **groups, **{"units[2].away": "1"}, starts="all", reason="分组")
    asked = desk.post(path(contest), data=away)
    assert asked.status_code == 302
    second = create_account("周颖")
    grant_role(second, contest.competition, Role.ORGANISER)
    agreed = signed_in(app, second).post(f"{asked.headers['Location']}/agree")
    assert agreed.status_code == 302
    assert labour_of(contest.competition).groups == {"甲": "土建", "乙": "土建"}


def test_a_field_takes_as_much_as_stands_in_it(
    app: Flask, load: Callable[..., Competition]
) -> None:
    marks = [str(200 - n) for n in range(100)]
    by_rank = {"type": "rank", "points": marks, "better": "higher"}
    competition = load(
        {
            "format": "compete-bundle/1",
            "competition": {"code": "SIX", "name": "六", "kind": "labour", "level": "enterprise"},
            "units": [{"code": "U01", "name": "一标"}],
            "labour": {
                "periods": [{"code": "Y", "name": "全年"}],
                "indicators": [{"code": "I01", "name": "创新", "max": 200, "scoring": by_rank}],
            },
        }
    )
    desk = desk_of(app)
    text = desk.get(FORM).text
    tags = re.findall(r"<input [^>]*>", text)
    fits = [
        len(html.unescape(value[1])) <= int(most[1])
        for tag in tags
        if (most := re.search(r'maxlength="(\d+)"', tag))
        and (value := re.search(r'value="([^"]*)"', tag))
    ]
    assert fits
    assert all(fits)
    assert " ".join(marks) in text
    saved = desk.post(FORM, data=fields(text))
    assert saved.status_code == 302
    assert labour_of(competition).indicators[0].scoring.type == "rank"


def test_what_the_rules_still_use_is_told_by_its_name_where_it_was_to_go(
    app: Flask, load: Callable[..., Competition]
) -> None:
    plain = {"max": 10, "scoring": {"type": "score"}}
    competition = load(
        {
            "format": NEWEST,
            "competition": {"code": "SIX", "name": "六", "kind": "labour", "level": "enterprise"},
            "units": [{"code": "U01", "name": "一标"}],
            "labour": {
                "periods": [
                    {"code": "Y", "name": "全年"},
                    *({"code": f"P{n}", "name": f"{n} 月", "part_of": "Y"} for n in (1, 2)),
                ],
                "indicators": [
                    {"code": "A", "name": "隐患", "heading": "比安全"} | plain,
                    {"code": "B", "name": "进度", "heading": "比进度", "periods": ["P2"]} | plain,
                    {"code": "C", "name": "质量"} | plain,
                ],
                "ties": ["indicator:A"],
                "flags": {"periods": ["P2"]},
                "prizes": [
                    {"code": "X", "name": "安全奖", "by": "indicator:A", "top": 1},
                    {"code": "Z", "name": "进度奖", "by": "heading:比进度", "top": 1},
                ],
            },
        }
    )
    desk = desk_of(app)
    text = desk.get(FORM).text
    gone = {f"{row_of(text, name)}.gone": "1" for name in ("隐患", "2 月")}
    gone[f"{row_of(text, '进度')}.heading"] = "比工期"
    answer = desk.post(FORM, data=fields(text, **gone))
    assert answer.status_code == 400
    for row, field, words in (
        ("隐患", "gone", "隐患不能去掉：同分先比什么、安全奖还用着它"),
        ("2 月", "gone", "2 月不能去掉：哪些期发红旗、进度还用着它"),
        ("进度", "heading", "比进度不能去掉：进度奖还用着它"),
    ):
        assert beside(answer.text, f"{row_of(answer.text, row)}.{field}") == words
    assert "indicator:" not in re.sub(r"<[^>]+>", "", answer.text)
    assert fields(answer.text)[f"{row_of(answer.text, '隐患')}.gone"] == ["1"]
    # Nor by a workbook.
    book = changed_book(
        desk.get("/desk/SIX/labour/rules.xlsx").data,
        lambda it: (it["指标"].delete_rows(3), it["规则"].delete_rows(3, 20)),
    )
    sent = {"rules": (io.BytesIO(book), "规则.xlsx")}
    answer = desk.post("/desk/SIX/labour/rules", data=sent)
    assert (answer.status_code, "没有“隐患”" in answer.text) == (400, True)
    assert len(labour_of(competition).indicators) == 3
