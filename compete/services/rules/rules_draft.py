"""An event's rules as a form has them: texts, one for each thing that a form can show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from compete.domain.grades.ladder import (
    NATIONAL,
    GradeError,
    ladder_from,
    ladder_lines,
    ladder_tree,
    read_ladder,
)
from compete.domain.values.messages import msg
from compete.domain.values.numerals import plain
from compete.services.directory.ladders.conditions import CONDITIONS, taken_lines
from compete.services.rules.draft_fields import (
    ChainField,
    ChoiceField,
    FlagField,
    Form,
    LinesField,
    ListField,
    NoteField,
    NumberField,
    PercentField,
    RuleField,
    ShareField,
    TextField,
    TicksField,
    UnsaidField,
    WholeField,
    coded,
    draft_field,
    draft_from,
    number,
    put,
    put_at,
    put_changes,
    row_tree,
)
from compete.services.rules.stage_draft import StageDraft, stage_drafts_of, stage_trees

BY_POINTS, BY_MEDALS = "points", "medals"
_STYLE = ("style", "ordinal_by")
_SCALE = ("scale_of", "scale_at", "scale_centre", "scale_spread", "scale_places")
_TWO = msg("空着是 2 位")


@dataclass(frozen=True, slots=True)
class PointsField(TextField):
    """A line for each rank: the rank and its points."""

    def of(self, value: Any) -> str:
        return "\n".join(f"{rank} {plain(Decimal(it))}" for rank, it in (value or {}).items())

    def tidy(self, form: Form, name: str) -> str:
        return "\n".join(line for raw in number(form, name).splitlines() if (line := raw.strip()))


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingDraft:
    """A draft of ranking. `on`, `style`, `mode` and places of decimals empty: as usual.

    Where what parts equals at last is written, it stands behind the style: `ordinal/code`.

    Without `best` teams are not ranked, without `units_by` units are not.
    """

    on: str = draft_field(UnsaidField, "ranking.on", msg("名次看什么"), usual="rounded")
    style: str = draft_field(
        UnsaidField, "ranking.style", msg("同名次以后怎么数"), usual="competition", by_hand=True
    )
    aspect: str = draft_field(
        WholeField, "rounding.aspect", msg("评分点几位小数"), msg("空着不取整")
    )
    module: str = draft_field(
        WholeField, "rounding.module", msg("模块成绩几位小数"), _TWO, silently="2"
    )
    total: str = draft_field(
        WholeField, "rounding.total", msg("总成绩几位小数"), _TWO, silently="2"
    )
    mode: str = draft_field(UnsaidField, "rounding.mode", msg("多出的小数"), usual="half_up")
    """The rounding of all of them: `half_up`, `down` or `up`."""
    best: str = draft_field(
        WholeField, "team_ranking.best", msg("取成绩最好的几名队员"), msg("不排团体就空着")
    )
    method: str = draft_field(
        ChoiceField, "team_ranking.method", msg("几名队员的成绩"), usual="sum"
    )
    min_members: str = draft_field(
        WholeField, "team_ranking.min_members", msg("至少报名几人才排"), msg("空着是 1 人")
    )
    require_full: bool = draft_field(
        FlagField,
        "team_ranking.require_full",
        msg("有名次的队员不够数就不排；不勾：缺的算 0"),
        short=msg("有名次的队员不够数就不排"),
        usually=True,
    )
    team_ties: tuple[str, ...] = draft_field(
        ChainField, "team_ranking.ties", msg("团体同分先比什么")
    )
    units_by: str = draft_field(ChoiceField, "unit_ranking.by", msg("单位排名"), by_hand=True)
    """Empty, `points` or `medals`."""
    points: str = draft_field(
        PointsField,
        "unit_ranking.points",
        msg("名次积分，每行一个：名次、积分；没写的名次 0 分"),
        short=msg("名次积分"),
        by_hand=True,
    )
    shared: str = draft_field(
        UnsaidField, "unit_ranking.shared", msg("并列的名次"), usual="full", by_hand=True
    )
    """The points of a shared rank: `full` or `average`."""
    scale_of: str = draft_field(
        NumberField, "scale.of", msg("标准分：一个标准差几分"), msg("不算标准分就空着")
    )
    scale_at: str = draft_field(NumberField, "scale.at", msg("中间的人几分"), msg("空着是 700"))
    scale_centre: str = draft_field(UnsaidField, "scale.centre", msg("中间看什么"), usual="median")
    scale_spread: str = draft_field(UnsaidField, "scale.spread", msg("差多少怎么量"), usual="sd")
    scale_places: str = draft_field(
        WholeField, "scale.places", msg("标准分几位小数"), msg("空着不要小数")
    )


def _ranking_draft_of(event: Mapping[str, Any]) -> RankingDraft:
    """The form's draft of ranking rules from a file."""
    ranking, units = event.get("ranking") or {}, event.get("unit_ranking") or {}
    return draft_from(
        RankingDraft,
        event,
        style="/".join(str(ranking[key]) for key in _STYLE if ranking.get(key)),
        units_by=BY_MEDALS if units.get("medals") else BY_POINTS if units.get("points") else "",
    )


def _put_ranking(tree: dict[str, Any], draft: RankingDraft, event: Mapping[str, Any]) -> None:
    """Put into the rules what the draft says otherwise than they do."""
    old = _ranking_draft_of(event)
    put_changes(tree, draft, old)
    if draft.style != old.style:
        part = {key: it for key, it in (tree.get("ranking") or {}).items() if key not in _STYLE}
        style = dict(zip(_STYLE, filter(None, draft.style.split("/")), strict=False))
        put(tree, "ranking", part | style)
    if not draft.best:
        tree.pop("team_ranking", None)
    if not any(getattr(draft, name) for name in _SCALE):
        tree.pop("scale", None)
    elif not draft.scale_of:
        # Without it there is none: a reader refuses the rest, beside the field that is empty.
        tree["scale"] = {**(tree.get("scale") or {}), "of": ""}
    if (draft.units_by, draft.points, draft.shared) != (old.units_by, old.points, old.shared):
        put(tree, "unit_ranking", _units(draft, tree.get("unit_ranking") or {}))


def _units(draft: RankingDraft, known: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: it for key, it in known.items() if key not in (BY_POINTS, BY_MEDALS, "shared")}
    if draft.units_by == BY_MEDALS:
        return kept | {"medals": True}
    if draft.units_by != BY_POINTS:
        return {}
    # Nothing is no way of ranking: a reader refuses the text.
    points = points_by_rank(draft.points) or ""
    return kept | {"points": points} | ({"shared": draft.shared} if draft.shared else {})


def points_by_rank(text: str) -> dict[str, str]:
    """The points that lines of ranks say."""
    points: dict[str, str] = {}
    for line in text.splitlines():
        rank, _blank, worth = line.replace("，", " ").replace(",", " ").strip().partition(" ")
        if rank:
            # A rank that stands twice is no rank: the reader refuses the line.
            points[line if rank in points else rank] = worth.strip()
    return points


@dataclass(frozen=True, slots=True)
class AllPassedField(ChoiceField):
    """The field of modules to be passed: empty, `all` or `taken`; a file's true is `all`."""

    def of(self, value: Any) -> str:
        return value if isinstance(value, str) else "all" if value else ""

    def encode(self, now: Any) -> Any:
        return True if now == "all" else now


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardDraft:
    """A prize: for so many, or for a share of those ranked in per cent."""

    was: str = ""
    name: str = draft_field(RuleField, "name", msg("奖项"), needed=True)
    top: str = draft_field(WholeField, "top", msg("几个"), msg("和百分比写一样"))
    percent: str = draft_field(ShareField, "ratio", msg("百分之几"), msg("和人数写一样"))
    scope: str = draft_field(ChoiceField, "scope", msg("给谁"), usual="entrants")
    """`entrants`, `teams` or `items`."""
    round: str = draft_field(ChoiceField, "round", msg("小数怎么取整"), usual="half_up")
    """The rounding of a share: `floor`, `ceil` or `half_up`."""
    at_least: str = draft_field(WholeField, "at_least", msg("至少几个"))
    """The fewest of them, whatever the share is."""
    min_total: str = draft_field(NumberField, "min_total", msg("成绩至少多少分"))
    within: str = draft_field(NumberField, "within", msg("和最后一个相差几分以内的也给"))
    """By how many points below the last one somebody gets it all the same."""
    min_scaled: str = draft_field(NumberField, "min_scaled", msg("标准分至少多少"))
    pass_modules: str = draft_field(
        AllPassedField, "pass_modules", msg("模块合格"), choices="passing"
    )

    @property
    def is_blank(self) -> bool:
        """True if it is a new row in which nothing was written."""
        typed = self.name or self.top or self.percent or self.at_least or self.min_total
        return not (self.was or typed or self.min_scaled)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDraft:
    """A module or part of the last stage, `of` by its code, that is ranked by itself."""

    was: str = ""
    name: str = draft_field(RuleField, "name", msg("单项"), needed=True)
    of: str = draft_field(ChoiceField, "of", msg("比什么"), choices="items", needed=True)
    ties: tuple[str, ...] = draft_field(ChainField, "ties", msg("同分先比什么"))

    @property
    def is_blank(self) -> bool:
        """True if it is a new row in which nothing was written."""
        return not (self.was or self.name or self.of)


PASS_SOME = "some"
_ANY = msg("空着不看")


@dataclass(frozen=True, slots=True)
class PassingField(ChoiceField):
    """The field on modules to be passed: not, all, all taken, or some."""

    def of(self, value: Any) -> str:
        return "" if not value else value if isinstance(value, str) else PASS_SOME


@dataclass(frozen=True, slots=True)
class PassedField(TicksField):
    """The field on which modules are to be passed, if only some are."""

    def of(self, value: Any) -> tuple[str, ...]:
        return () if isinstance(value, str) else tuple(value or ())

    def texts(self, now: Any, name: str) -> dict[str, str]:
        return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeDraft:
    """A grade in a form: what is empty or false asks and gives nothing. In the form's order."""

    was: str = ""
    cite: str = draft_field(NoteField, "cite", msg("依据哪一条文件"), msg("没有就空着"))
    to: str = draft_field(WholeField, "grant.to", msg("升到"), choices="grades")
    up: str = draft_field(WholeField, "grant.up", msg("升几级"), msg("和“升到”写一样"))
    floor: str = draft_field(WholeField, "grant.floor", msg("升几级的，至少到"), choices="grades")
    ceiling: str = draft_field(
        WholeField, "grant.ceiling", msg("升几级的，最高到"), choices="grades", usual="1"
    )
    max_step: str = draft_field(
        WholeField, "grant.max_step", msg("最多比现在高几级"), msg("空着不限")
    )
    titles: str = draft_field(
        LinesField, "grant.titles", msg("荣誉称号，每行一个；可以只给称号"), short=msg("荣誉称号")
    )
    max_rank: str = draft_field(WholeField, "when.max_rank", msg("前几名"), _ANY)
    top_percent: str = draft_field(PercentField, "when.top_percent", msg("名次在前百分之几"), _ANY)
    min_total: str = draft_field(NumberField, "when.min_total", msg("总成绩至少多少分"), _ANY)
    min_ranked: str = draft_field(WholeField, "when.min_ranked", msg("有名次的至少几人"), _ANY)
    item: str = draft_field(
        ChoiceField, "when.item.code", msg("看哪个单项的名次"), choices="items", beside="item_rank"
    )
    """The code of a single item, or `any`; with `item_rank`."""
    item_rank: str = draft_field(
        WholeField,
        "when.item.max_rank",
        msg("这个单项前几名"),
        msg("选了单项就要填"),
        beside="item",
    )
    at_least: str = draft_field(
        WholeField, "when.holds.at_least", msg("现在至少是"), choices="grades"
    )
    at_most: str = draft_field(
        WholeField,
        "when.holds.at_most",
        msg("现在最高是（没有等级的也算）"),
        short=msg("现在最高是"),
        choices="grades",
    )
    passing: str = draft_field(PassingField, "when.pass_modules", msg("合格"), by_hand=True)
    """Empty, `all`, `taken`, or `some`: the modules and parts `passed`."""
    passed: tuple[str, ...] = draft_field(
        PassedField, "when.pass_modules", msg("要合格的模块和部分"), by_hand=True
    )
    levels: tuple[str, ...] = draft_field(
        TicksField, "when.levels", msg("竞赛级别是其中之一；都不勾就不看"), short=msg("竞赛级别")
    )
    groups: tuple[str, ...] = draft_field(
        TicksField, "when.groups", msg("组别是其中之一；都不勾就不看"), short=msg("组别")
    )
    awards: tuple[str, ...] = draft_field(
        TicksField,
        "when.awards",
        msg("得了其中一个个人奖；都不勾就不看"),
        short=msg("得了哪个个人奖"),
    )
    roles: tuple[str, ...] = draft_field(
        TicksField, "when.roles", msg("组合里给谁；都不勾只给主选手"), short=msg("组合里给谁")
    )
    once_a_year: bool = draft_field(
        FlagField, "when.once_a_year", msg("本年度没有因竞赛晋升过"), tells_no=False
    )
    under: tuple[str, ...] = draft_field(
        ListField,
        "when.under",
        msg("单位是其中之一或在它下面；写单位编号，都空着就不看"),
        msg("单位编号"),
        short=msg("单位"),
        choices="units",
    )

    @property
    def is_blank(self) -> bool:
        """True if it is a new one in which nothing was written."""
        return self == GradeDraft()


def _grade_tree(draft: GradeDraft, known: Mapping[str, Any] | None, code: str) -> dict[str, Any]:
    """The rule with what the draft says otherwise; `code` is that of a new one."""
    tree = row_tree(draft, known, code)
    old = draft_from(GradeDraft, known) if known is not None else GradeDraft()
    if (draft.passing, draft.passed) != (old.passing, old.passed):
        some = draft.passing == PASS_SOME
        # Some of none is no condition: a reader refuses the empty list.
        modules = list(draft.passed) if some else draft.passing
        put_at(tree, "when.pass_modules", modules, needed=some)
    tree.setdefault("grant", {})
    return tree


_USUAL_RANKING = RankingDraft()
KEPT_RULES = "kept"
"""Of grade rules: as they stand."""


@dataclass(frozen=True, slots=True)
class EarlierRules:
    """A version of an event's rules before the one in force, as a file writes them."""

    number: int
    definition: Mapping[str, Any]


OWN_LINES = "own"
"""Of conditions of application: the lines that the event has itself, of no edition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsDraft:
    """The terms of the grade tried for, in an event of an evaluation."""

    grade: str = draft_field(WholeField, "grade", needed=True)
    cite: str = draft_field(RuleField, "cite")
    on: str = draft_field(RuleField, "on")
    carry_months: str = draft_field(WholeField, "carry_months")
    conditions: str = draft_field(ChoiceField, "conditions", by_hand=True)
    """The key of the edition of which it has a copy, `own`, or empty: nothing is asked."""
    again: bool = draft_field(FlagField, "conditions.again", by_hand=True)
    """The edition's lines are to be taken as they stand now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesDraft:
    """A draft of rules: all that a form shows of an event."""

    name: str = draft_field(RuleField, "name", msg("赛项名称"), needed=True)
    occupation_name: str = draft_field(RuleField, "occupation.name", msg("职业"))
    occupation_code: str = draft_field(RuleField, "occupation.code", msg("职业编码"))
    occupation_track: str = draft_field(RuleField, "occupation.track", msg("工种"))
    blind: bool = draft_field(FlagField, "extra.blind", msg("盲评"), named="blind")
    stages: tuple[StageDraft, ...]
    ties: tuple[str, ...] = draft_field(ChainField, "ranking.ties", msg("同分先比什么"))
    ranking: RankingDraft = _USUAL_RANKING
    items: tuple[ItemDraft, ...] = ()
    awards: tuple[AwardDraft, ...] = ()
    grades: str = KEPT_RULES
    """`kept` for the `grade_rules`, the name of a pack, or empty for none."""
    ladder_name: str = ""
    ladder: str = ""
    """An employer's own ladder, as `read_ladder` reads it; empty for the national one."""
    ladder_source: str = ""
    """The key of the ladder of the installation's table of which it is a copy."""
    grade_rules: tuple[GradeDraft, ...] = ()
    terms: TermsDraft | None = None
    """None for a contest."""
    base: EarlierRules | None = field(default=None, compare=False, repr=False)
    """The earlier version that it was taken from; None for the rules in force."""


def draft_of(event: Mapping[str, Any]) -> RulesDraft:
    """The form's draft of rules from a file."""
    ladder = ladder_from(event.get("extra"))
    return draft_from(
        RulesDraft,
        event,
        stages=stage_drafts_of(event["stages"]),
        ranking=_ranking_draft_of(event),
        items=tuple(draft_from(ItemDraft, item) for item in event.get("items") or ()),
        awards=tuple(draft_from(AwardDraft, award) for award in event.get("awards") or ()),
        grade_rules=tuple(draft_from(GradeDraft, rule) for rule in _grades(event)),
        ladder_name="" if ladder is NATIONAL else ladder.name,
        ladder="" if ladder is NATIONAL else ladder_lines(ladder),
        ladder_source=ladder.source,
        terms=_terms(event) if event.get("verdict") else None,
    )


def tree_of(draft: RulesDraft, event: Mapping[str, Any]) -> dict[str, Any]:
    """The rules with what the draft says; what no form shows, or nobody changed, stays as it is.

    A draft that was taken from an earlier version changes that one, codes and all.
    Not checked: numbers that are none stay the texts that they are, for a reader to refuse.
    """
    event = draft.base.definition if draft.base else event
    old = draft_of(event)
    tree: dict[str, Any] = dict(event)
    put_changes(tree, draft, old)
    if not any((tree.get("occupation") or {}).get(key) for key in ("code", "name", "track")):
        tree.pop("occupation", None)
    _put_ladder(tree, draft, old)
    tree["stages"] = stage_trees(draft.stages, event["stages"])
    if draft.terms is not None:
        _put_terms(tree, draft.terms, old.terms or TermsDraft())
    _put_ranking(tree, draft.ranking, event)
    if draft.items != old.items:
        items = {item["code"]: item for item in event.get("items") or ()}
        put(tree, "items", list(coded(draft.items, items, row_tree, "item")))
    if draft.awards != old.awards:
        awards = {award["code"]: award for award in event.get("awards") or ()}
        put(tree, "awards", list(coded(draft.awards, awards, row_tree, "award")))
    if draft.grades != KEPT_RULES:
        put(tree, "grades", draft.grades)
    elif draft.grade_rules != old.grade_rules:
        grades = {rule["code"]: rule for rule in _grades(event)}
        put(tree, "grades", list(coded(draft.grade_rules, grades, _grade_tree, "rule")))
    return tree


def _grades(event: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The rules of grades that are written out; a pack that is only named has none here."""
    grades = event.get("grades") or ()
    return () if isinstance(grades, str) else grades


def _put_ladder(tree: dict[str, Any], draft: RulesDraft, old: RulesDraft) -> None:
    ladder = (draft.ladder, draft.ladder_name, draft.ladder_source)
    if ladder == (old.ladder, old.ladder_name, old.ladder_source):
        return
    try:
        own = (
            read_ladder(draft.ladder_name, draft.ladder, draft.ladder_source)
            if draft.ladder
            else None
        )
    except GradeError:
        # Refused by `odd_problems`, with the line.
        return
    extra = {key: it for key, it in (tree.get("extra") or {}).items() if key != "ladder"}
    put(tree, "extra", extra | ({"ladder": ladder_tree(own)} if own else {}))


def _terms(event: Mapping[str, Any]) -> TermsDraft:
    taken = (event.get("extra") or {}).get(CONDITIONS) or {}
    own = OWN_LINES if event.get("apply") else ""
    return draft_from(TermsDraft, event, conditions=taken.get("id") or own, again=False)


def _put_terms(tree: dict[str, Any], terms: TermsDraft, old: TermsDraft) -> None:
    put_changes(tree, terms, old)
    for stage in tree["stages"]:
        # Only the modules of a part have a share in it.
        for scored in (*stage["modules"], *stage.get("parts", ())):
            if scored.get("weight") == "":
                del scored["weight"]
    same = (terms.conditions, terms.grade) == (old.conditions, old.grade)
    if terms.conditions == OWN_LINES or (same and not terms.again):
        return
    for key, value in taken_lines(terms.conditions, terms.grade).items():
        own = tree.get("extra") or {}
        others = {name: value for name, value in own.items() if name != CONDITIONS}
        put(tree, key, others | value if key == "extra" else value)
