"""Sample data of the form of a labour competition's rules."""

from __future__ import annotations

from typing import Any

from compete.services.competitions.labour_draft import (
    IndicatorDraft,
    LabourDraft,
    PeriodDraft,
    UnitDraft,
)
from compete.web.organiser.differing import ChangeLine
from compete.web.organiser.events.shapes import Trouble
from compete.web.organiser.labour_form.shapes import (
    ExampleView,
    FormUrls,
    IndicatorFields,
    LabourChoices,
    LabourFormPage,
    PeriodFields,
    TriedField,
    UnitFields,
    WorkedView,
)
from compete.web.organiser.shapes import WorkedRow
from compete.web.pages import fields_of
from compete.web.shapes import Chip, Choice
from tests.look.months_samples import COMPETITION
from tests.look.people import SITE

Sample = dict[str, Any]

LONG = (
    "施工现场隐患排查治理和违章行为查处情况（含夜间施工、高处作业、"
    "临时用电、起重吊装四个专项检查合在一起算）的得分"
)


def _asked(code: str, kind: str, **keys: Any) -> IndicatorDraft:
    given = {"heading": "比安全", "name": "隐患和违章", "max": "10", "department": "安全部", **keys}
    return IndicatorDraft(was=code, code=code, type=kind, **given)


_ROWS = (
    _asked("I01", "deduction", points="1", name=LONG),
    _asked("I02", "linear", zero_at="90", full_at="100", heading="比质量", name="合格率"),
    _asked("I03", "completion", cap="1.1", heading="比进度", name="节点"),
    _asked("I04", "rank", places="10 8 6 4", heading="比创新", name="创", periods=("M01",)),
    _asked("I05", "score", heading="季度检查", name="现场检查", max="100", department=""),
)
_PERIODS = (
    PeriodDraft(was="Y", code="Y", name="全年"),
    PeriodDraft(was="Q1", code="Q1", name="一季度", part_of="全年", weight="20"),
    PeriodDraft(was="M01", code="M01", name="1 月", part_of="一季度"),
    PeriodDraft(was="M02", code="M02", name="2 月", part_of="一季度"),
)
_UNITS = (
    UnitDraft(was="U01", name="一标", group="土建"),
    UnitDraft(was="U02", name=LONG, group="机电"),
    UnitDraft(was="U03", name="退出的", away=True),
)
_LEAVES = [Choice(value="M01", label="1 月"), Choice(value="M02", label="2 月")]


def _page(**keys: Any) -> Sample:
    draft = LabourDraft(
        periods=_PERIODS,
        indicators=_ROWS,
        adjust_cap="3",
        ties=("I01",),
        flags=True,
        min="90",
        flag_periods=("Q1",),
        warn_below="80",
        units=_UNITS,
    )
    given: dict[str, Any] = {
        "competition": COMPETITION,
        "urls": FormUrls(here="#", rules="#", departments="#", units="#", periods="#"),
        "seen": "abc",
        "by_two": None,
        "stays": None,
        "waiting": None,
        "problem": None,
        "problems": {},
        "others": [],
        "draft": draft,
        "periods": [
            PeriodFields(path=f"periods[{n}]", draft=each, gone=False)
            for n, each in enumerate((*_PERIODS, PeriodDraft()))
        ],
        "indicators": [
            IndicatorFields(
                gone=False,
                path=f"indicators[{n}]",
                draft=each,
                leaves=_LEAVES,
                opens=each.type == "rank",
            )
            for n, each in enumerate((*_ROWS, IndicatorDraft()))
        ],
        "units": [
            UnitFields(path=f"units[{n}]", draft=each)
            for n, each in enumerate((*_UNITS, UnitDraft()))
        ],
        "units_open": True,
        "ties": ["I01", ""],
        "choices": LabourChoices(
            kinds=[
                Choice(value="score", label="直接打分"),
                Choice(value="deduction", label="按处扣分"),
                Choice(value="completion", label="按完成率"),
                Choice(value="linear", label="按区间"),
                Choice(value="rank", label="按名次"),
            ],
            better=[
                Choice(value="higher", label="数大的在前"),
                Choice(value="lower", label="数小的在前"),
            ],
            missing=[Choice(value="blocks", label="没有总分，补上再排")],
            veto_rank=[Choice(value="none", label="不排名次")],
            ties=[Choice(value="", label="没选"), Choice(value="I01", label=LONG)],
            flag_periods=[Choice(value=each.code, label=each.name) for each in _PERIODS],
            period_names=[each.name for each in _PERIODS],
            headings=["比安全", "比质量"],
            departments=["安全部"],
            groups=["土建", "机电"],
            starts=[
                Choice(value="", label="选一个"),
                Choice(value="all", label="各期都照新规则，已经结账的也重算"),
            ],
        ),
        "typed": {},
        "example": _example(),
    }
    return fields_of(LabourFormPage(**{**given, **keys})) | {"site": SITE}


def _example(**keys: Any) -> ExampleView:
    given: dict[str, Any] = {
        "try_url": "#",
        "leaf": "M01",
        "leaves": _LEAVES,
        "points": "",
        "fields": [
            TriedField(
                name="try.indicators[0]",
                label=LONG,
                type="deduction",
                value="2",
                note="几处",
                target=None,
                problem=None,
            ),
            TriedField(
                name="try.indicators[2]",
                label="节点",
                type="completion",
                value="九成",
                note="完成",
                target="100",
                problem="“九成”不是数",
            ),
        ],
        "worked": WorkedView(
            rows=[
                WorkedRow(name=LONG, note="满分 10", was="9.00", now="8.00", is_total=False),
                WorkedRow(
                    name="这一期总分",
                    note="各项满分合计 40",
                    was="36.00",
                    now="35.00",
                    is_total=True,
                ),
            ],
            differs=True,
            said=["不够红旗最低分 90", "低于 80，黄牌"],
            steps=["隐患和违章：10 − 2 × 1 = 8.00"],
            notes=[],
        ),
    }
    return ExampleView(**{**given, **keys})


def form() -> Sample:
    return _page()


def form_refused() -> Sample:
    """Once there are values: by two, with something wrong in every kind of field."""
    worked = WorkedView(
        rows=[], differs=False, said=[], steps=[], notes=["规则还有 3 处要改，改好了才能试算"]
    )
    return _page(
        by_two="已经有数了，改规则要写理由、要第二个人同意",
        problem="有 6 处要改，没有存",
        problems={
            "indicators[0].max": "“十分”不是数",
            "indicators[0].scoring.points": "这里要填",
            "indicators[3].periods": "时段 Q1 下面还有时段，这里要写最下层的",
            "periods[1].part_of": "没有叫“年度”的期次",
            "units[0].group": "别的单位有组，这家也要写；不参加排名的勾“不参加”",
            "flags.periods": "这里要填",
            "starts": "选新规则从哪一期起",
            "reason": "写明为什么改规则",
        },
        others=[Trouble(place="", what="隐患和违章在1 月已经填了 130 格，不能去掉")],
        example=_example(worked=worked),
    )


def form_waiting() -> Sample:
    """While a change waits for a second person nothing can be typed."""
    return _page(
        by_two="已经有数了，改规则要写理由、要第二个人同意",
        stays="有一份规则改动在等第二个人，先同意或者撤回它",
        waiting=ChangeLine(
            title="改规则",
            url="#",
            state=Chip(text="等第二个人同意", kind="warn", icon="clock"),
            said="吴敏 6月30日 16:20 提出：安全扣分太轻",
        ),
    )
