"""A labour competition begun from a template, a year or a workbook, changed until it is used."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import msgspec
import openpyxl
import pytest
from flask import Flask

from compete.domain.bundle.labour_types import Prize
from compete.domain.labour.self_assessment import self_assessed
from compete.domain.labour.tree import PeriodTree
from compete.language import translator
from compete.models import Account, Competition
from compete.services.competitions.drafts import Beginnings, Origin
from compete.services.competitions.templates import (
    LabourTemplate,
    labour_templates,
    make_labour_draft,
    make_labour_edition,
)
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.competition_settings import (
    EntryDeadline,
    FlagDays,
    FollowUp,
    LookRules,
    SafeSince,
    change_settings,
    settings_of,
)
from compete.services.kernel.event_rules import labour_of
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.labour.departments import departments_of
from compete.services.labour.rule_sheets import read_rules_book, rules_book
from compete.services.labour.rule_words import WORDS
from compete.services.labour.rules import (
    labour_rules,
    rules_problems,
    save_labour_rules,
    worked_example,
)
from compete.services.scoring.live_labour import labour_live
from tests.services.labour.made_up import made_up

WANTED = Beginnings(name="2026年六比六赛", code="SIX-2026", year=2026)


@pytest.mark.parametrize("template", labour_templates(), ids=lambda template: template.key)
def test_every_template_is_good_and_comes_out_of_its_workbook_again(
    here: Flask, organiser: Account, template: LabourTemplate
) -> None:
    made = make_labour_draft(template.rules, WANTED, organiser, Origin.TEMPLATE, template.name)
    labour = labour_of(made)
    assert rules_problems(made, labour) == []
    leaf = labour_live(made).outcome.field.tree.leaves[0]
    asked = labour_live(made).outcome.field.asked[leaf]
    assert sum(indicator.max for indicator in labour.indicators if indicator.code in asked) == 100
    whose = [code for row in departments_of(made) for code in row.indicators]
    assert sorted(whose) == sorted(indicator.code for indicator in labour.indicators)
    for indicator in labour.indicators:
        assert 0 <= worked_example(indicator).score <= indicator.max * Decimal("1.2")
    read = read_rules_book(rules_book(made))
    assert read.problems == []
    assert read.rules is not None
    assert save_labour_rules(made, read.rules, organiser) is False, "nothing was changed"
    assert list(verify_chain(made)) == []


def test_periods_of_a_template_stand_in_the_order_in_which_they_are_entered() -> None:
    """What lies inside a period follows it, and what is inspected comes before the inspection."""
    for template in labour_templates():
        tree = PeriodTree(template.rules.labour.periods)
        assert list(tree.periods) == list(tree.from_whole()), template.key
        for parts in tree.parts.values():
            inspections = [tree.periods[code].name[-2:] in ("检查", "抽查") for code in parts]
            assert inspections == sorted(inspections), template.key
        assert tree.periods[tree.leaves[0]].name in ("1 月", "第 1 月")


def changed_book(content: bytes, change: Callable[[openpyxl.Workbook], object]) -> bytes:
    """The workbook after somebody changed it."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_changes_rules_units_and_groups_and_says_what_it_does_not_understand(
    here: Flask, organiser: Account
) -> None:
    rules = labour_templates()[0].rules
    made = make_labour_draft(rules, WANTED, organiser, Origin.TEMPLATE, "")

    def spoil(book: openpyxl.Workbook) -> None:
        book["指标"]["D3"] = "十分"
        book["指标"]["E4"] = "凭印象"
        book["指标"]["M5"] = "十三月"
        book["规则"]["B6"] = "八十"

    read = read_rules_book(changed_book(rules_book(made), spoil))
    assert read.rules is None
    assert {(problem.place, problem.what) for problem in read.problems} >= {
        ("D3", "满分"),
        ("E4", "打分办法"),
        ("M5", "哪些期"),
    }

    def mend(book: openpyxl.Workbook) -> None:
        book["指标"]["D3"] = 12
        book["指标"]["L3"] = "质安部"
        by_rank = ["按名次", *[""] * 4, "5、3、1", "是", "财务部"]
        book["指标"].append(["", "比效益", "成本", 5, *by_rank])
        for row in (["一标", "土建"], ["二标", "土建"], ["机一标", "机电"]):
            book["单位"].append(row)

    read = read_rules_book(changed_book(rules_book(made), mend))
    assert read.problems == []
    assert read.rules is not None
    assert rules_problems(made, read.rules.labour) == []
    assert save_labour_rules(made, read.rules, organiser)
    now = labour_rules(made)
    assert now.labour.indicators[0].max == 12
    assert now.departments["质安部"] == ("I01",)
    assert now.labour.indicators[-1].scoring.points == (5, 3, 1)
    assert dict(now.units) == {"一标": "土建", "二标": "土建", "机一标": "机电"}
    twice = changed_book(rules_book(made), lambda book: book["单位"].append(["三标", ""]))
    read = read_rules_book(twice)
    assert read.rules is not None
    with pytest.raises(Refused, match="有的单位写了组"):
        save_labour_rules(made, read.rules, organiser)
    assert len(made.units) == 3, "what is refused leaves nothing"


def test_a_workbook_says_in_what_units_assess_themselves_and_one_without_the_column_nothing(
    here: Flask, organiser: Account
) -> None:
    rules = labour_templates()[0].rules
    made = make_labour_draft(rules, WANTED, organiser, Origin.TEMPLATE, "")

    def asked() -> list[str]:
        return [
            indicator.code for indicator in labour_of(made).indicators if self_assessed(indicator)
        ]

    before = asked()
    assert before == [
        indicator.code for indicator in labour_of(made).indicators if indicator.name != "廉洁问题"
    ]
    content = rules_book(made)

    def put(cell: str, text: str) -> bytes:
        return changed_book(content, lambda book: book["指标"].__setitem__(cell, text))

    read = read_rules_book(put("N3", "×"))
    assert read.rules is not None
    assert save_labour_rules(made, read.rules, organiser)
    assert asked() == before[1:]
    older = changed_book(rules_book(made), lambda book: book["指标"].delete_cols(14))
    read = read_rules_book(older)
    assert read.rules is not None
    assert save_labour_rules(made, read.rules, organiser) is False, "it is silent about it"
    assert [problem.place for problem in read_rules_book(put("N3", "随便")).problems] == ["N3"]
    read = read_rules_book(put("N13", "是"))
    assert read.rules is not None
    assert save_labour_rules(made, read.rules, organiser)
    assert asked() == [*before, "I11"]


def test_rules_stay_once_something_is_in_and_the_next_year_begins_from_them(
    load: Callable[..., Competition], organiser: Account
) -> None:
    contest = made_up(load, organiser)
    rules = labour_rules(contest.competition)
    with pytest.raises(Refused) as refused:
        save_labour_rules(contest.competition, rules, organiser)
    assert refused.value.kind is Refusal.CONFLICT
    made = make_labour_edition(contest.competition, WANTED, organiser)
    assert [unit.name for unit in made.units] == [u.name for u in contest.competition.units]
    assert [row.name for row in departments_of(made)] == ["安全部", "工程部"]
    assert labour_live(made).labour.values == ()


def test_the_next_year_has_the_settings_and_nothing_of_what_came_of_this_one(
    load: Callable[..., Competition], organiser: Account
) -> None:
    contest = made_up(load, organiser)
    old, day = contest.competition, date(2026, 4, 15)
    with unit_of_work():
        change_settings(
            old,
            contact="工会 025-1234567",
            look=LookRules(Decimal(7), 3, True),
            entry_deadlines={"一月": EntryDeadline(sign=datetime(2026, 2, 5, 9, tzinfo=UTC))},
            flag_days={"Q": {"甲": FlagDays(day)}},
            follow_ups={"Q": {"乙": FollowUp(by=day, who="安全部周茹")}},
            safe_since={"甲": SafeSince(day)},
        )
        old.host = "省总工会"
    made = make_labour_edition(old, WANTED, organiser)
    settings = settings_of(made)
    assert (made.host, settings.contact, settings.look.least) == ("省总工会", "工会 025-1234567", 3)
    assert settings.safe_since == {"甲": SafeSince(day)}, "days without an accident go on"
    assert (settings.entry_deadlines, settings.flag_days, settings.follow_ups) == ({}, {}, {})


def test_the_workbook_speaks_english_too_and_is_read_in_both(
    here: Flask, organiser: Account
) -> None:
    """What was saved in one language is read in the other, word by word."""
    english = translator("en")
    assert english is not None
    assert len({english(word) for word in WORDS}) == len(WORDS), "each word is told from the others"
    for template in labour_templates()[:2]:
        wanted = replace(WANTED, code=template.key.upper())
        made = make_labour_draft(template.rules, wanted, organiser, Origin.TEMPLATE, template.name)
        content = rules_book(made, english)
        book = openpyxl.load_workbook(io.BytesIO(content))
        assert [sheet.title for sheet in book] == [
            english(w) for w in ("指标", "期次", "规则", "单项奖", "单位")
        ]
        words = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
        assert not words & {"打分办法", "按处扣分", "缺数", "没有总分", "每组几面红旗"}
        read = read_rules_book(content, [english])
        assert read.problems == []
        assert read.rules is not None
        assert save_labour_rules(made, read.rules, organiser) is False, "nothing was changed"
        chinese = read_rules_book(rules_book(made), [english])
        assert chinese.rules == read.rules


def test_a_row_taken_out_and_one_put_in_without_a_code_are_two(
    here: Flask, organiser: Account
) -> None:
    """Its place says nothing: the new one has a code that nobody has, nor had."""
    rules = labour_templates()[0].rules
    made = make_labour_draft(rules, WANTED, organiser, Origin.TEMPLATE, "六比六赛")
    codes = [row.code for row in labour_rules(made).labour.indicators]

    def change(book: openpyxl.Workbook) -> None:
        sheet = book["指标"]
        row = next(it for it in sheet.iter_rows() if it[0].value == codes[1])
        sheet.delete_rows(row[0].row)
        sheet.append([None, "比创新", "新的一项", 5, "直接打分"])

    book = changed_book(rules_book(made), change)
    read = read_rules_book(book, before=labour_rules(made).labour)
    assert read.problems == []
    assert read.rules is not None
    now = [row.code for row in read.rules.labour.indicators]
    assert now[:-1] == [codes[0], *codes[2:]]
    assert now[-1] not in codes
    assert rules_problems(made, read.rules.labour) == []


def test_prizes_go_with_their_rows_and_stay_where_a_workbook_has_no_sheet_for_them(
    here: Flask, organiser: Account
) -> None:
    rules = labour_templates()[0].rules
    first = rules.labour.indicators[0]
    prize = Prize(code="W01", name="安全之星", by=f"indicator:{first.code}", top=2)
    labour = msgspec.structs.replace(rules.labour, prizes=(prize,))
    made = make_labour_draft(
        replace(rules, labour=labour), WANTED, organiser, Origin.TEMPLATE, "六比六赛"
    )
    book, before = rules_book(made), labour_rules(made).labour
    emptied = changed_book(book, lambda it: it["单项奖"].delete_rows(3, 20))
    without = changed_book(book, lambda it: it.remove(it["单项奖"]))
    for content, prizes in ((book, (prize,)), (emptied, ()), (without, (prize,))):
        read = read_rules_book(content, before=before)
        assert read.rules is not None
        assert read.rules.labour.prizes == prizes
