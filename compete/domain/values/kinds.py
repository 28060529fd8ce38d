"""The fixed lists of words in a competition bundle."""

from collections.abc import Mapping
from enum import StrEnum

from compete.domain.values.messages import Message, msg


class Kind(StrEnum):
    """The kind of a competition: people ranked, units over periods, people passed, practice."""

    SKILLS = "skills"
    LABOUR = "labour"
    EVALUATION = "evaluation"
    PRACTICE = "practice"


class Level(StrEnum):
    NATIONAL_1 = "national-1"
    NATIONAL_2 = "national-2"
    PROVINCIAL_1 = "provincial-1"
    PROVINCIAL_2 = "provincial-2"
    MUNICIPAL = "municipal"
    INDUSTRY = "industry"
    ENTERPRISE = "enterprise"


class JudgeRole(StrEnum):
    CHIEF = "chief"
    JUDGE = "judge"
    CODER = "coder"
    RECORDER = "recorder"
    SUPERVISOR = "supervisor"


class EntrantGroup(StrEnum):
    WORKER = "worker"
    TEACHER = "teacher"
    STUDENT = "student"


GROUP_WORDS: Mapping[str, Message] = {
    EntrantGroup.WORKER: msg("职工"),
    EntrantGroup.TEACHER: msg("教师"),
    EntrantGroup.STUDENT: msg("学生"),
}


class CrewRole(StrEnum):
    """The role in a crew: lead it (主操), or help (副操)."""

    MAIN = "main"
    ASSISTANT = "assistant"


class OutcomeStatus(StrEnum):
    """The outcomes: did not start, did not finish, disqualified."""

    DNS = "dns"
    DNF = "dnf"
    DSQ = "dsq"


class RankOn(StrEnum):
    ROUNDED = "rounded"
    EXACT = "exact"


class RankStyle(StrEnum):
    """The styles of ranks: 1, 2, 2, 4 or 1, 2, 2, 3 or 1, 2, 3, 4."""

    COMPETITION = "competition"
    DENSE = "dense"
    ORDINAL = "ordinal"


class RoundMode(StrEnum):
    """The ways to round: half up, away from zero; down, towards zero; up, away from zero."""

    HALF_UP = "half_up"
    DOWN = "down"
    UP = "up"


class SharedRank(StrEnum):
    """The points of a shared rank: its own for each, or the mean of the ranks that they fill."""

    FULL = "full"
    AVERAGE = "average"


class TeamMethod(StrEnum):
    SUM = "sum"
    MEAN = "mean"


class AdvanceTies(StrEnum):
    INCLUDE = "include"
    CUT = "cut"


class Combine(StrEnum):
    """The ways to combine the judges of a panel into one."""

    MEAN = "mean"
    MEDIAN = "median"
    TRIMMED_MEAN = "trimmed_mean"
    SUM = "sum"
    AGREED = "agreed"


class CombineAt(StrEnum):
    SHEET = "sheet"
    ASPECT = "aspect"


class Reduced(StrEnum):
    """The ways to treat a panel with too few judges."""

    SAME = "same"
    MEAN = "mean"
    SCALE = "scale"


class Better(StrEnum):
    LOWER = "lower"
    HIGHER = "higher"


class AwardRound(StrEnum):
    FLOOR = "floor"
    CEIL = "ceil"
    HALF_UP = "half_up"


class AwardScope(StrEnum):
    ENTRANTS = "entrants"
    TEAMS = "teams"
    ITEMS = "items"


class PlayoffKind(StrEnum):
    """The ways to part equals at last: another contest (加赛), or lot (抽签)."""

    EXTRA = "extra"
    LOT = "lot"


class NoticeKind(StrEnum):
    """The places that stay open among equals: a unit's own, or the last ones there are."""

    UNIT_TIE = "unit_tie"
    CUT_TIE = "cut_tie"


class ScoringType(StrEnum):
    """The ways in which a labour indicator's value becomes a score."""

    SCORE = "score"
    COMPLETION = "completion"
    LINEAR = "linear"
    DEDUCTION = "deduction"
    RANK = "rank"


class Missing(StrEnum):
    """The effect on a unit of an asked indicator without a value."""

    BLOCKS = "blocks"
    ZERO = "zero"


class VetoRank(StrEnum):
    """The effect of a veto on a unit's rank in a period."""

    KEEP = "keep"
    LAST = "last"
    NONE = "none"


class Centre(StrEnum):
    """The figure of a field at the middle of its scale."""

    MEDIAN = "median"
    MEAN = "mean"


class Spread(StrEnum):
    """The measure of a scale for the distance from the middle."""

    SD = "sd"
    NONE = "none"


class OverallWho(StrEnum):
    """The people or units that a table over several events ranks."""

    UNITS = "units"
    DELEGATIONS = "delegations"


class OverallBy(StrEnum):
    """The things that a table over several events counts."""

    RANKS = "ranks"
    AWARDS = "awards"
    MEDALS = "medals"
    TOTALS = "totals"
    SCALED = "scaled"


class OverallTie(StrEnum):
    """The ways to part equals of a table over several events."""

    MEDALS = "medals"
    BEST = "best"
    EVENTS = "events"
