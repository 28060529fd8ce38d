"""A field said once: its faults, its texts, what differs, what takes two, its schema."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from compete.domain.values.kinds import Level
from compete.domain.values.messages import msg
from compete.services.kernel.detail_fields import Details, is_less
from compete.services.kernel.fields import (
    Setting,
    Step,
    differences,
    fields_of,
    headings,
    kept_fault,
    other_headings,
    read_texts,
    schema_of,
    settled_fault,
    take_two,
    texts_of,
    with_values,
)
from compete.services.kernel.refusal import FieldRefused, Refused
from compete.web.setting_forms import form_of


@dataclass(frozen=True)
class Sample:
    """Settings of each kind."""

    name: Annotated[str, Setting(msg("名称"), most=4, needed=msg("名称要写"), also=("叫什么",))]
    hours: Annotated[
        int,
        Setting(
            msg("几小时"),
            least=1,
            most=9,
            needed=msg("要写几小时"),
            until=Step.PUBLISHED,
            stays=msg("公布了不能改"),
            two_if=is_less,
            kept_if=is_less,
            kept=msg("锁定了只能加长"),
        ),
    ] = 2
    share: Annotated[Decimal, Setting(msg("比例"), most=100)] = Decimal(5)
    starts: Annotated[date | None, Setting(msg("开始"))] = None
    kinds: Annotated[tuple[str, ...], Setting(msg("哪几样"), most=2, each=3)] = ()
    level: Annotated[
        Level,
        Setting(msg("级别"), choices={Level.MUNICIPAL: msg("市级"), Level.INDUSTRY: msg("行业")}),
    ] = Level.MUNICIPAL


SAMPLE = Sample(name="甲")


@pytest.mark.parametrize(
    ("texts", "faults"),
    [
        ({"name": ""}, {"name": "名称要写"}),
        ({"name": "一二三四五"}, {"name": "最多 4 个字，现在是 5 个"}),
        ({"hours": ""}, {"hours": "要写几小时"}),
        ({"hours": "0"}, {"hours": "1 到 9"}),
        ({"hours": "两"}, {"hours": "要写数"}),
        ({"share": "100.5"}, {"share": "0 到 100"}),
        ({"share": "1.234"}, {"share": "最多 2 位小数"}),
        ({"starts": "明天"}, {"starts": "日期看不懂，写成 2026-09-15 这样"}),
        ({"kinds": "甲、乙、丙"}, {"kinds": "最多 2 样，现在是 3 样"}),
        ({"kinds": "甲乙丙丁"}, {"kinds": "“甲乙丙丁…”最多 3 个字，现在是 4 个"}),
        ({"level": "省级"}, {"level": "没有这一种"}),
        ({"name": "甲\x07"}, {"name": "有看不见的字符，请删掉再试"}),
    ],
)
def test_what_cannot_stand_there_is_named_at_its_field(
    texts: dict[str, str], faults: dict[str, str]
) -> None:
    read, wrong = read_texts(Sample, texts_of(SAMPLE) | texts)
    assert read is None
    assert {name: str(why) for name, why in wrong.items()} == faults


def test_texts_give_the_values_again() -> None:
    sample = Sample("乙", 3, Decimal("12.5"), date(2026, 5, 1), ("甲", "乙"), Level.INDUSTRY)
    texts = texts_of(sample)
    assert texts == {
        "name": "乙",
        "hours": "3",
        "share": "12.5",
        "starts": "2026-05-01",
        "kinds": "甲、乙",
        "level": "行业",
    }
    assert read_texts(Sample, texts) == (sample, {})
    assert read_texts(Sample, texts | {"hours": " ３ ", "share": "12。5"}) == (sample, {})
    assert headings(Sample)["name"] == msg("名称")
    assert other_headings(Sample) == {"叫什么": "name"}


def test_a_change_takes_two_is_refused_or_free_by_what_was_reached() -> None:
    less, more = with_values(SAMPLE, hours=1), with_values(SAMPLE, hours=3)
    opened, locked = frozenset({Step.OPENED}), frozenset({Step.OPENED, Step.LOCKED})
    assert differences(SAMPLE, less) == ["hours"]
    assert take_two(SAMPLE, less, frozenset()) == ()
    assert take_two(SAMPLE, less, opened) == ("hours",)
    assert take_two(SAMPLE, less, opened, but=("hours",)) == ()
    assert take_two(SAMPLE, more, opened) == ()
    assert kept_fault(SAMPLE, less, opened) is None
    assert str(kept_fault(SAMPLE, less, locked)) == "锁定了只能加长"
    assert kept_fault(SAMPLE, more, locked) is None
    assert settled_fault(SAMPLE, more, locked) is None
    fault = settled_fault(SAMPLE, more, frozenset({Step.PUBLISHED}))
    assert fault is not None
    assert (fault.field, str(fault)) == ("hours", "公布了不能改")


def test_the_schema_says_what_the_fields_say() -> None:
    schema = schema_of(Sample)
    assert schema["required"] == ["name", "hours"]
    assert schema["properties"]["hours"] == {
        "title": "几小时",
        "type": "integer",
        "minimum": 1,
        "maximum": 9,
        "x-until": "published",
        "x-two": True,
    }
    assert schema["properties"]["starts"] == {
        "title": "开始",
        "type": ["string", "null"],
        "format": "date",
    }
    assert schema["properties"]["kinds"]["items"] == {"type": "string", "maxLength": 3}
    assert schema["properties"]["level"]["enum"] == ["municipal", "industry"]
    assert list(schema_of(Details)["properties"]) == list(fields_of(Details))


def test_the_form_is_made_of_the_fields(app: Flask) -> None:
    made = form_of(Sample)
    typed = {"name": " 丙 ", "hours": "4", "share": "７.5", "kinds": "甲，乙", "level": "industry"}
    with app.test_request_context("/", method="POST", data=typed):
        form = made(meta={"csrf": False})
        assert form.taken(SAMPLE) == Sample(
            "丙", 4, Decimal("7.5"), None, ("甲", "乙"), Level.INDUSTRY
        )
        assert 'maxlength="4"' in form.name()
        assert "required" in form.name()
        form.show(SAMPLE)
        assert 'value="2"' in form.hours()
    wrong = MultiDict(typed | {"hours": "10"})
    with app.test_request_context("/", method="POST", data=wrong):
        form = made(meta={"csrf": False})
        with pytest.raises(FieldRefused, match="几小时：1 到 9") as refused:
            form.taken(SAMPLE)
        assert refused.value.field == "hours"
        again = made(meta={"csrf": False})
        assert again.shown_again(refused.value) is None
        assert [str(error) for error in again.hours.errors] == ["1 到 9"]
        assert again.hours.data == 10
        assert made(meta={"csrf": False}).shown_again(Refused(msg("别的"))) == "别的"
