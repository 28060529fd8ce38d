"""Values of the wrong kind, unknown and missing keys, numbers that are none."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

import msgspec
import pytest

from compete.domain import read_bundle, score, write_results
from compete.domain.bundle.problems import BundleError
from compete.domain.bundle.reader.words import describe_type
from compete.domain.values.roles import Role
from compete.language import say
from tests.domain.bundle.sample import GONE, changed, labour, refused, skills

FULL = "events[0].stages[1].modules[0].full"
VALUE = "marks[0].value"

WRONG: list[tuple[str, Any, str]] = [
    ("format", "compete-bundle/3", "compete-bundle/2"),
    ("format", 1, "应当是"),
    ("competition", [], "一个列表"),
    ("competition.kind", "sport", "skills、labour"),
    ("competition.level", "national", "provincial-1"),
    ("competition.year", "2026", "1 到 9999 的整数"),
    ("competition.year", 2026.0, "整数"),
    ("competition.year", 10**30, "整数"),
    ("competition.starts", "2026-02-30", "日期"),
    ("competition.starts", "2026/05/01", "日期"),
    ("competition.starts", "2026-5-1", "日期"),
    ("competition.starts", "2026-05-01T00:00:00", "日期"),
    ("competition.starts", "２０２６-05-01", "日期"),
    ("competition.starts", 20260501, "日期"),
    ("competition.code", "", "1 到 100 个字"),
    ("competition.code", "长" * 101, "1 到 100 个字"),
    ("competition.name", 5, "文字"),
    ("competition.colour", "red", "不认识“colour”"),
    ("competition.extra", "x", "对象"),
    ("unit", [], "不认识“unit”"),
    ("units", {}, "列表"),
    ("units[0]", "U1", "对象"),
    ("units[0].code", 1, "数 1"),
    ("units[0].code", GONE, "少了“code”"),
    ("units[0].name", None, "少了“name”"),
    ("units[1].parent", True, "true"),
    ("judges[0].role", "boss", "chief、judge"),
    ("entrants[0].grade", 6, "1 到 5"),
    ("entrants[0].grade", 0, "1 到 5"),
    ("entrants[0].grade", "4", "1 到 5"),
    ("entrants[0].group", "工人", "worker、teacher、student"),
    ("entrants[1].birth", "28.2.1990", "日期"),
    ("entrants[0].phone", 13800000000, "文字"),
    ("events[0].stages[0].carry", {}, "少了"),
    ("events[0].stages[1].carry.own", GONE, "少了“own”"),
    ("events[0].stages[1].carry.weight", None, "少了“weight”"),
    ("events[0].stages[0].advance.top", -1, "0 到"),
    ("events[0].stages[0].advance.ties", "all", "include、cut"),
    ("events[0].rounding.total", 13, "0 到 12"),
    ("events[0].rounding.module", -1, "0 到 12"),
    ("events[0].rounding.aspect", "2", "整数"),
    ("events[0].ranking.ties", "module:craft", "列表"),
    ("events[0].ranking.ties[0]", 3, "文字"),
    ("events[0].ranking.on", "raw", "rounded、exact"),
    ("events[0].ranking.style", "olympic", "competition、dense、ordinal"),
    ("events[0].stages[1].modules[1].panel.size", 0, "1 到"),
    ("events[0].stages[1].modules[1].panel.size", "two", "整数"),
    ("events[0].stages[1].modules[1].panel.size", True, "整数"),
    ("events[0].stages[1].modules[1].panel.combine", "average", "trimmed_mean"),
    ("events[0].stages[1].modules[1].panel.at", "module", "sheet、aspect"),
    ("events[0].stages[1].modules[1].aspects[0].type", "guess", "judgement"),
    ("events[0].stages[1].modules[1].aspects[0].scale", 0, "1 到"),
    ("events[0].stages[1].modules[1].aspects[2].bands[0].marks", GONE, "少了“marks”"),
    ("events[0].stages[1].modules[2].aspects[1].better", "faster", "lower、higher"),
    ("events[0].team_ranking.best", 0, "1 到"),
    ("events[0].team_ranking.best", GONE, "少了“best”"),
    ("events[0].team_ranking.require_full", "yes", "true 或 false"),
    ("events[0].unit_ranking.points.0", 3, "1 到"),
    ("events[0].unit_ranking.points.first", 3, "整数"),
    ("events[0].unit_ranking.points.01", 3, "整数"),
    ("events[0].unit_ranking.points.1", "many", "数"),
    ("events[0].awards[0].top", 1.5, "整数"),
    ("events[0].awards[0].scope", "all", "entrants、teams、items"),
    ("events[0].awards[1].round", "up", "floor、ceil、half_up"),
    ("events[0].grades", 5, "文字，或者列表"),
    ("events[0].grades[0].grant", GONE, "少了“grant”"),
    ("events[0].grades[0].grant.up", -1, "0 到"),
    ("events[0].grades[0].grant.floor", 6, "1 到 5"),
    ("events[0].grades[0].when.levels", ["town"], ""),
    ("events[0].grades[0].when.holds.at_most", 9, "1 到 5"),
    ("events[0].grades[0].when.item.max_rank", GONE, "少了“max_rank”"),
    ("events[0].grades[0].when.item.code", GONE, "少了“code”"),
    ("events[0].grades[0].when.pass_modules", "some", "“all”，或者列表"),
    ("events[0].grades[0].when.pass_modules", True, "“all”，或者列表"),
    ("outcomes[0].status", "late", "dns、dnf、dsq"),
    ("marks", {"a": 1}, "列表"),
    ("marks[0]", None, "null"),
    ("marks[0].judge", GONE, "少了“judge”"),
    ("marks[0].note", "x", "不认识“note”"),
    (VALUE, "eighty", "文字“eighty”"),
    (VALUE, "", "文字“”"),
    (VALUE, "1e2", "文字“1e2”"),
    (VALUE, "1_0", "文字“1_0”"),
    (VALUE, " 8", "文字“ 8”"),
    (VALUE, "+8", "文字“+8”"),
    (VALUE, ".5", "文字“.5”"),
    (VALUE, "5.", "文字“5.”"),
    (VALUE, "８", "文字“８”"),
    (VALUE, "NaN", "文字“NaN”"),
    (VALUE, "Infinity", "文字“Infinity”"),
    (VALUE, "0.0000000000001", "后最多 12 位"),
    (VALUE, "1" * 19, "前最多 18 位"),
    (VALUE, "1" * 100_000, "…"),
    (VALUE, 10**18, "前最多 18 位"),
    (VALUE, 1e300, "前最多 18 位"),
    (VALUE, float("nan"), "nan"),
    (VALUE, float("inf"), "inf"),
    (VALUE, float("-inf"), "-inf"),
    (VALUE, [80], "一个列表"),
    (VALUE, {"points": 80}, "一个对象"),
    (FULL, True, "true"),
    (FULL, "hundred", "数"),
    (FULL, 1e-13, "后最多 12 位"),
]


@pytest.mark.parametrize(("path", "value", "words"), WRONG)
def test_a_wrong_kind_is_refused_where_it_stands(path: str, value: Any, words: str) -> None:
    messages = refused(changed(skills(), path, value))
    place = f"{path}[0]" if path.endswith("levels") else path
    place = f"{place}.from" if path.endswith("[0].carry") else place
    assert place in messages
    assert words in messages[place]


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("labour.periods", GONE, "少了“periods”"),
        ("labour.indicators[0].scoring", "score", "对象"),
        ("labour.indicators[0].scoring.type", "best", "completion"),
        ("labour.indicators[0].scoring", {}, ""),
        ("labour.indicators[4].scoring.points", {"1": 2}, "数"),
        ("labour.indicators[4].scoring.points[1]", "x", "数"),
        ("labour.values[0].value", True, "true"),
        ("labour.values[0].value", "many", "数"),
        ("labour.groups.A", 1, "文字"),
        ("labour.missing", "skip", "blocks、zero"),
        ("labour.flags.count", -1, "0 到"),
        ("labour.flag", {}, "不认识“flag”"),
    ],
)
def test_so_it_is_in_a_labour_competition(path: str, value: Any, words: str) -> None:
    messages = refused(changed(labour(), path, value))
    place = f"{path}.type" if value == {} and "scoring" in path else path
    assert place in messages
    assert words in messages[place]


def test_nothing_follows_from_what_could_not_be_read() -> None:
    """A wrong list of judges does not make every mark's judge unknown, and so on."""
    for path in (
        "units", "judges", "entrants", "teams", "events", "events[0]", "events[0].stages",
        "events[0].stages[1]", "events[0].stages[1].modules", "events[0].stages[1].parts",
        "events[0].stages[1].modules[1]", "events[0].stages[1].modules[1].aspects",
        "events[0].stages[1].modules[1].aspects[0]", "events[0].stages[1].modules[1].panel",
        "events[0].stages[1].modules[1].panel.size", "events[0].stages[1].modules[1].full",
        "events[0].stages[1].modules[1].aspects[4].max", "events[0].stages[1].modules[1].weight",
        "events[0].stages[1].modules[1].aspects[4].step", "events[0].awards", "events[0].items",
        "events[0].awards[0].top", "events[0].grades[0].grant", "events[0].grades[0].when",
        "events[0].unit_ranking", "events[0].unit_ranking.points", "events[0].ranking",
        "events[0].stages[0].advance", "events[0].stages[0].carry", "entrants[0]",
    ):  # fmt: skip
        messages = refused(changed(skills(), path, True))
        assert list(messages) == [path], messages


def test_nothing_follows_in_a_labour_competition_either() -> None:
    for path in (
        "labour", "labour.periods", "labour.periods[1]", "labour.periods[1].part_of",
        "labour.indicators", "labour.indicators[0]", "labour.indicators[0].scoring",
        "labour.indicators[0].periods", "labour.values", "labour.values[0]", "labour.groups",
        "labour.values[0].unit", "labour.flags", "labour.ties", "labour.adjustments",
    ):  # fmt: skip
        messages = refused(changed(labour(), path, True))
        assert list(messages) == [path], messages


def test_what_is_wanted_reads_on_from_the_sentence_before_it() -> None:
    """A Chinese sentence goes on with what is wanted: a sign or a Chinese word, no bare digit."""
    shapes = (
        int,
        Annotated[int, msgspec.Meta(ge=1, le=99)],
        str,
        bool,
        date,
        Decimal,
        tuple[int, ...],
    )
    short = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    for shape in (*shapes, short, bool | None, Role, Literal["a"], dict[str, int]):
        sentence = str(say(describe_type(msgspec.inspect.type_info(shape))))
        assert not sentence[0].isascii(), sentence


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_results_given_for_a_competition_are_called_so_in_one_sentence(
    form: Literal["json", "yaml"],
) -> None:
    with pytest.raises(BundleError) as refusal:
        read_bundle(write_results(score(read_bundle(json.dumps(skills()).encode()))), form=form)
    assert [(problem.path, str(problem.message)) for problem in refusal.value.problems] == [
        ("format", "这是成绩数据（compete-results/1），不是竞赛文件")
    ]
