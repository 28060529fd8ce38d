"""Sample data of the form of an event's rules."""

from __future__ import annotations

from typing import Any

from compete.domain.aspects.kinds import class_of
from compete.domain.aspects.types import AspectType
from compete.services.competitions.award_draft import AwardDraft
from compete.services.competitions.grade_draft import GradeDraft
from compete.services.competitions.item_draft import ItemDraft
from compete.services.competitions.module_draft import AspectDraft, ModuleDraft
from compete.services.competitions.ranking_draft import RankingDraft
from compete.services.competitions.stage_draft import PartDraft, StageDraft
from compete.web.organiser.events.shapes import (
    AspectView,
    AwardChoices,
    AwardView,
    ChoiceGroup,
    ExampleCard,
    GradeChoices,
    GradeView,
    ItemView,
    LadderCard,
    ModuleView,
    MovedRow,
    MovedView,
    NearTie,
    OwnField,
    PartView,
    RankingChoices,
    RulesPage,
    SampleRow,
    SchemeCard,
    SchemeRow,
    StageView,
    StandingView,
    StepView,
    Trouble,
    TypeView,
    WorkedView,
)
from compete.web.organiser.events.tried import TriedField, TriedModule
from compete.web.organiser.shapes import WorkedRow
from compete.web.pages import fields_of
from compete.web.shapes import Choice
from tests.look.people import (
    COMPETITION,
    SITE,
)

Sample = dict[str, Any]


def _type(kind: AspectType) -> TypeView:
    fields = [
        OwnField(
            key=field.key,
            label=str(field.label),
            input=field.input.value,
            hint=str(field.hint),
            choices=[Choice(value=value, label=str(label)) for value, label in field.choices],
            usual=field.usual,
        )
        for field in class_of(kind).fields
    ]
    return TypeView(value=kind.value, label=str(class_of(kind).title), fields=fields)


_LONG = "全省交通运输行业第十二届职业技能竞赛暨全国大赛江苏选拔赛港口起重装卸机械操作工叉车司机决赛"
_RANKING_CHOICES = RankingChoices(
    on=[Choice(value="rounded", label="公布的总成绩")],
    style=[Choice(value="competition", label="1、2、2、4")],
    mode=[Choice(value="half_up", label="四舍五入"), Choice(value="down", label="截去")],
    method=[Choice(value="sum", label="相加")],
    units_by=[Choice(value="points", label="名次换成积分，加起来")],
    team_ties=[Choice(value="best", label="队里最高总成绩高的队在前")],
    combine=[Choice(value="trimmed_mean", label="去掉高低再平均")],
    at=[Choice(value="sheet", label="每人先加成一个分，再合")],
    reduced=[Choice(value="same", label="照样合")],
)


def _tried(place: int, label: str, type_: str, value: str, **keys: Any) -> TriedField:
    """A field of the example; what is not told is empty."""
    usual: dict[str, Any] = {"note": "", "options": [], "most": "", "step": "1", "best": None}
    name = f"try.stages[0].modules[0].aspects[{place}]"
    filled = {"problem": None, **usual, **keys}
    return TriedField(name=name, label=label, type=type_, value=value, usual=value, **filled)


_EXAMPLE = ExampleCard(
    try_url="#",
    modules=[
        TriedModule(
            name="实操",
            fields=[
                _tried(0, "碰杆", "deduction", "1", most="10", note="错几次"),
                _tried(1, "操作平稳", "judgement", "9", most="3", problem="从 0 到 3 的整数"),
                _tried(2, _LONG, "relative", "10", note="本人", best="8"),
                _tried(
                    3, "防护", "measurement", "yes", options=[Choice(value="yes", label="合格")]
                ),
            ],
        )
    ],
    worked=WorkedView(
        rows=[
            WorkedRow(
                name="实操",
                note="满分 100，权重 80%",
                was="84.11",
                now="85.22",
                is_total=False,
            ),
            WorkedRow(name="总成绩", note="", was="84.89", now="85.78", is_total=True),
        ],
        differs=True,
        version=3,
        steps=[(0, "实操：85.22（满分 100）"), (1, "裁判 1：合计 85.22"), (2, "碰杆：扣 1 次")],
        notes=["“实操”的配分加起来是 95，先当满分是它"],
    ),
    standing=StandingView(
        counts=[(3, "人升技师")],
        rows=[
            SampleRow(
                name="甲", rank="1", scores="理论 92，实操 97", total="96.00", won="", rises="技师"
            )
        ],
        why="戊第 5 名不升：理论 58，要 60",
    ),
    editions=[Choice(value="1", label="2021年全省港口职业技能竞赛")],
)


def _step(key: str, number: int, state: str) -> StepView:
    """A step that is open beside all others."""
    return StepView(
        key=key,
        number=number,
        title="评分表",
        words=["实操 ", "7", " 项 ", "100", f" 分，{_LONG}"],
        state=state,
        before="实操 6 项 100 分" if state == "other" else "",
        doubts=["“实操”的配分合计 95，满分 100"] if state == "doubt" else [],
        facts=["一等奖：45 × 10% = 4.5，取 5 人"],
        opens=True,
        stuck=True,
    )


def rules() -> Sample:
    """The rules of an event, with a sum that is not right."""
    rows = [
        AspectDraft(was="a1", name="碰杆", type="deduction", max="20", own={"points": "2"}),
        AspectDraft(
            was="a2", name="操作平稳", type="judgement", max="10", own={"levels": "差\n中\n良\n优"}
        ),
        AspectDraft(
            was="a3", name=_LONG, criterion=_LONG, type="time", max="5", own={"full_at": "480"}
        ),
        AspectDraft(
            was="a4",
            name="堆码",
            type="measurement",
            max="10",
            factor="2",
            own={"bands": "10 10\n20 8"},
        ),
        AspectDraft(
            was="a5", name="着装", type="checklist", max="5", own={"checks": "安全帽\n劳保鞋"}
        ),
        AspectDraft(),
    ]
    p = "stages[1].modules[0]"
    module = ModuleView(
        path=p,
        draft=ModuleDraft(was="m", name="实操", weight="80", full="100", size="3"),
        judges_added=False,
        aspects=[AspectView(path=f"{p}.aspects[{n}]", draft=row) for n, row in enumerate(rows)],
        marked=False,
        more=["80 分合格", "去掉高低再平均"],
        opens=True,
        sheets=[Choice(value="#", label="四列的表（项目、考核要点、配分、评分标准）")],
    )
    of_stages: dict[str, Any] = {
        "parts": [
            PartView(path="stages[1].parts[0]", draft=PartDraft(was="p", name=_LONG, weight="60")),
        ],
        "part_choices": [Choice(value="", label="不属于部分"), Choice(value="0", label=_LONG)],
        "carry_choices": [Choice(value="", label="不带"), Choice(value="0", label="预赛")],
        "tie_choices": [Choice(value="include", label="都进")],
        "gone_too": False,
    }
    page = RulesPage(
        competition=COMPETITION,
        events_url="#",
        title="叉车司机",
        version=2,
        base=2,
        earlier=[Choice(value="#", label="第 1 版，8月1日 09:12")],
        in_force={"name": "叉车"},
        stays=None,
        proposes=None,
        changes=[],
        problem="有 2 处要改，没有存",
        done=None,
        scheme=None,
        terms=None,
        example=_EXAMPLE,
        moved=None,
        problems={
            f"{p}.full": "满分是 100，应当等于各评分点满分乘系数之和：60",
            f"{p}.aspects[2].zero_at": "time 评分点要有“zero_at”",
        },
        others=[Trouble(place="第 1 个赛段 › 部分", what="部分里至少要有一个权重大于 0 的模块")],
        steps={
            key: _step(key, n, state)
            for n, (key, state) in enumerate(
                (
                    ("stages", "done"),
                    ("sheets", "doubt"),
                    ("ties", "other"),
                    ("awards", "done"),
                    ("grades", "empty"),
                    ("terms", "done"),
                    ("others", "locked"),
                ),
                1,
            )
        },
        name="叉车司机",
        occupation_code="6-30-05-01",
        occupation_name="起重装卸机械操作工",
        occupation_track="叉车司机",
        occupation_hints=[
            "6-30-05-01 是 1999 年版的编码，2015 年版改成 6-30-05-01 起重装卸机械操作工"
        ],
        blind=False,
        stages=[
            StageView(
                path="stages[0]",
                draft=StageDraft(was="first", name="预赛", top="12", per_unit="4"),
                carries=False,
                sends_on=True,
                modules=[],
                **of_stages,
            ),
            StageView(
                path="stages[1]",
                draft=StageDraft(
                    was="final", name=_LONG, carry_from=0, carry_weight="0.3", carry_own="0.7"
                ),
                carries=True,
                sends_on=False,
                modules=[module],
                **of_stages,
            ),
        ],
        ranking=RankingDraft(best="3", team_ties=("best",), units_by="points", points="1 9\n2 7"),
        team_ties=["best", ""],
        ranking_choices=_RANKING_CHOICES,
        ties=["module:m", ""],
        near_ties=[NearTie(module="计时", aspect=_LONG, key="aspect:a3")],
        tie_choices=[
            ChoiceGroup(label="", options=[Choice(value="", label="不再比")]),
            ChoiceGroup(
                label="模块和部分", options=[Choice(value="module:m", label="实操成绩高的在前")]
            ),
            ChoiceGroup(
                label="评分点",
                options=[Choice(value="aspect:a3", label=f"实操“{_LONG}”得分高的在前")],
            ),
        ],
        items=[
            ItemView(
                path="items[0]", draft=ItemDraft(was="i", name=_LONG, of="m"), ties=["module:m", ""]
            ),
            ItemView(path="items[1]", draft=ItemDraft(), ties=[""]),
        ],
        item_choices=[Choice(value="", label="没选"), Choice(value="m", label=_LONG)],
        awards=[
            AwardView(
                path="awards[0]",
                draft=AwardDraft(
                    was="1", name="一等奖", percent="10", at_least="1", pass_modules="all"
                ),
                more=["至少 1 个"],
                opens=True,
            ),
            AwardView(path="awards[1]", draft=AwardDraft(name=_LONG), more=[], opens=False),
        ],
        award_choices=AwardChoices(
            scope=[Choice(value="entrants", label="个人"), Choice(value="items", label="每个单项")],
            round=[Choice(value="half_up", label="四舍五入")],
            passing=[Choice(value="", label="不看"), Choice(value="all", label="都要合格")],
            within=True,
        ),
        grades="kept",
        grade_choices=[Choice(value="kept", label="照下面写的，没有写就不晋升")],
        grade_rules=[
            GradeView(
                path="grades[0]",
                draft=GradeDraft(
                    was="g", cite=_LONG, max_rank="3", to="2", levels=("municipal",), passing="some"
                ),
                start=1,
                more=["市级", "一年一次"],
                under=["U01", ""],
                opens=True,
            ),
            GradeView(
                path="grades[1]",
                draft=GradeDraft(was="h", max_rank="10"),
                start=4,
                more=[],
                under=[""],
                opens=False,
            ),
        ],
        grade_words=GradeChoices(
            levels=[Choice(value="municipal", label="市级")],
            groups=[Choice(value="worker", label="职工组")],
            roles=[Choice(value="main", label="主选手")],
            awards=[Choice(value="1", label="一等奖"), Choice(value="2", label=_LONG)],
            items=[Choice(value="", label="不看"), Choice(value="i", label=_LONG)],
            passing=[Choice(value="some", label="下面勾的都参加过、都合格")],
            passed=[Choice(value="m", label=_LONG)],
            grades=[Choice(value="", label="不写"), Choice(value="2", label="二级（技师）")],
            units=[Choice(value="U01", label="甲港")],
        ),
        ladder=LadderCard(
            choices=[Choice(value="", label="国家的：新八级工"), Choice(value="a", label=_LONG)],
            chosen="a",
            title=_LONG,
            rungs="一级运行员 → 三级/运行员 → 首席运行员",
            now="初级运行员 → 三级/运行员 → 首席运行员",
            now_name=_LONG,
            stays="",
            own_name="",
            own="",
            example="- 学徒工\n5 初级工 | 五级/初级工",
        ),
        types=[_type(kind) for kind in AspectType],
        longest_name=200,
    )
    return {"site": SITE, "here_url": "#", "event_code": "A", "unsaved": False, **fields_of(page)}


def rules_scheme() -> Sample:
    """A marking scheme that was sent, with a row that is wrong and sums that are not right."""
    rows = [
        SchemeRow(
            number=3 + n,
            criterion="安全",
            name=name,
            type="计错扣分",
            max=most,
            words=["每次扣 2 分，扣完为止", "碰到标杆记一次"],
            state=state,
            reasons=reasons,
        )
        for n, (name, most, state, reasons) in enumerate(
            [
                ("碰杆", "20", "same", []),
                ("倒杆", "20", "added", ["照评分标准的字面认成计错，每次扣 2 分"]),
                (_LONG, "二十", "refused", ["配分“二十”不是数"]),
            ]
        )
    ]
    scheme = SchemeCard(
        path="stages[0].modules[0]",
        module="实操",
        file="叉车司机评分标准.xlsx",
        sheet="实操",
        token="x",
        rows=rows,
        wrong=1,
        warnings=["配分加起来是 98，模块“实操”满分 100", "没有读的列：备注"],
    )
    moved = MovedView(
        title="2021年全省港口职业技能竞赛 45 人，照这样重排",
        ranks=9,
        awards=2,
        rows=[
            MovedRow(name="孙*远", ranks=("第 6", "第 4"), awards=("二等奖", "一等奖")),
            MovedRow(name=_LONG, ranks=("第 5", "没有名次"), awards=("没有奖", "没有奖")),
        ],
        more=7,
        notes=["有 3 个分的评分点新规则里没有，没有算"],
    )
    return rules() | {"problem": None, "others": [], "scheme": scheme, "moved": moved}


def rules_locked() -> Sample:
    """The same once marking has begun."""
    return rules() | {"stays": "评分已经开始，规则不能在这里改", "problem": None, "others": []}
