"""Context of tables: what titles, lines, section rows and a sheet's name say of the rows below."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from compete.domain.identity.names import same_name_key
from compete.sheets.reading.cells import read_duty
from compete.sheets.reading.grid import Grid, cell_text
from compete.sheets.reading.kinds import PEOPLE, VALUES
from compete.sheets.texts import unit_called

UNIT_LABELS = [
    "单位",
    "参赛单位",
    "参赛队",
    "参赛队伍",
    "代表队",
    "代表单位",
    "推荐单位",
    "报名单位",
    "填报单位",
    "申报单位",
    "所在单位",
    "工作单位",
    "选送单位",
    "报送单位",
    "填表单位",
]
_NEVER_UNIT = re.compile("主办|承办|协办|主管|监督|指导|支持|组织单位|组织者|冠名|赞助")
_LABEL = (
    rf"(?:{'|'.join(sorted(UNIT_LABELS, key=len, reverse=True))})"
    r"(?:名称|全称)?(?:[（(][^（()）]{0,12}[)）])?"
)
_UNIT_LINE = re.compile(
    rf"(?:^|[\s　；;，,。])(?:[一二三四五六七八九十0-9]{{1,3}}[、.．])?{_LABEL}\s*[:：](.*)"
)
_ONLY_LABEL = re.compile(rf"{_LABEL}[:：]?")
_NEXT_LABEL = re.compile(
    r"(?:填报|填表|报名|报送|联系|制表|审核)?"
    r"(?:日期|时间|人数|人|电话|手机|领队|教练员?|负责人|地址|传真|邮箱|编号|组别|赛项|工种|项目|科目)"
    r"(?:[（(][^（()）]{0,8}[)）])?[:：]"
)
_ANY_LABEL = re.compile(r"[^:：]{1,14}[:：]")
_ORDINAL = re.compile(
    r"^\s*(?:附件?\s*[0-9一二三四五六七八九十]*[:：.、 ]*"
    r"|[（(]\s*[0-9一二三四五六七八九十]{1,3}\s*[)）]\s*[、.]?"
    r"|第?[0-9一二三四五六七八九十]{1,3}\s*[、.．:：)）]|[①-⑳]\s*"
    r"|第[一二三四五六七八九十0-9]{1,3}(?:部分|类|项(?!目))[:：、 ]*|[★☆●■◆▲※*]+)\s*"
)
_COUNT = re.compile(
    r"\s{0,2}(?:[（(]\s?(?:共|计|合计)?\s?[0-9一二三四五六七八九十百]{1,6}\s?(?:人|名|位|家|个|支)?\s?[)）]"
    r"|[（(]\s?(?:共|计|合计)\s?[0-9一二三四五六七八九十百]{1,6}\s?(?:队|组)\s?[)）]"
    r"|[，,、]?(?:共|计|合计)\s?[0-9一二三四五六七八九十百]{1,6}\s?(?:人|名|位|家|个|支)?"
    r"|\s[0-9]{1,4}\s?(?:人|名))\s?[:：。]?\s?$"
)
_OF_TEAM = re.compile(r"(?<=.{4})[（(][^（()）]{1,4}[队组][)）]$")
_NUMBERED = re.compile(
    r"\s*(?:[（(][一二三四五六七八九十]{1,3}[)）]|第?[一二三四五六七八九十]{1,3}(?:部分|批|类|组)?[、.．:：])"
    r"\s*\S"
)
"""What begins a part of a list, and no person's name."""
_ORGANISATION = re.compile(
    r"[^\s:：，,。；;、]{1,58}(?:公司|集团|厂|局|所|院|校|中心|处|队|站|段|矿|工会|项目部)"
    r"|[甲乙丙丁戊己庚辛壬癸A-Za-z某0-9一二三四五六七八九十]{1,3}单位"
)
_OF_LIST = re.compile(r".{1,30}(?:名单|名册|花名册|一览表|(?:汇总|登记|报名|统计|信息|情况)表)")
_OF_MANY = re.compile(r"[^\s:：，,。；;、]{1,12}(?:单位|企业|系统|片区|赛区)")
"""What is no person, and perhaps several organisations: 省属企业."""
_NO_ORGANISATION = re.compile(
    "竞赛|比赛|大赛|比武|技能|报名|参赛|选手|名单|名册|登记|汇总|附件|通知|关于|代表队$|运动队|以下|如下"
    "|领队|教练|裁判|[?？!！]|^[各本我贵该]|各单位|全体|组织单位|年度?$|^[0-9]+年"
)
_AFTER_ORGANISATION = re.compile(
    r"\s*(?:$|[（(《“]|[0-9]{4}|第[一二三四五六七八九十0-9]|技能|职业|职工|员工|报名|参赛|选手|竞赛|劳动|推荐|申报"
    r"|代表队|名单|人员|裁判|队员|领队|运动|比武|大赛|比赛|岗位|技术|安全|业务|参加|职员|花名册|登记|信息|情况|汇总|年度"
    r"|[一二三四五六七八九十0-9]{1,2}月|上半年|下半年|[一二三四]季度|[—\-－_ 　])"
)
_ROLE_WORDS = {
    word: role
    for role, role_words in (
        (
            "leader",
            "领队 副领队 正领队 领队人员 带队人员 带队领导 带队",
        ),
        (
            "coach",
            "教练 教练员 指导教师 指导老师 技术指导 教练人员 主教练 指导教练 指导员",
        ),
        (
            "entrant",
            "选手 参赛选手 队员 参赛队员 参赛人员 参赛者 参赛职工 竞赛选手 正式选手 运动员",
        ),
        (
            "official",
            "裁判 裁判员 裁判人员 工作人员 随队人员 随队 官员 联络员 联络人 后勤人员"
            " 保障人员 后勤保障人员 监督员 监督人员 仲裁员 仲裁人员 志愿者 专家 翻译"
            " 随队工作人员 赛务人员 会务人员 管理人员 医务人员",
        ),
        (
            "other",
            "替补 替补选手 替补队员 候补 候补选手 候补队员 观摩人员 随行人员 陪同人员"
            " 其他人员 嘉宾 家属 观摩 备选选手 替补人员 候补人员 司机",
        ),
    )
    for word in role_words.split()
}
_LIST_WORD = (
    r"(?:基本|报名|人员|个人|详细|推荐)?(?:名单|名册|花名册|信息|情况|一览|登记|汇总|明细|统计|报名|列表|清单|部分|栏|组)?"
    r"(?:汇总|登记|名单|信息|统计|一览|情况)?表?"
)
_GROUP = re.compile(r"[^\s:：，,。]{1,16}(?:组|赛项|组别|项目|赛区|工种|级别|委员会)")
_OF_AGE = re.compile(
    r"(?:参赛|竞赛)?(?:职工|学生|教师|师生|青年|成年|成人|男子|女子|男|女|专业|业余|个人|团体)组(?:别)?"
)
"""Groups of people, which are within an event and none."""
_PERIOD = re.compile(
    r"(?:[0-9]{4}\s*年\s*)?(?:第?[一二三四1-4]\s*季度|[上下]半年|(?:0?[1-9]|1[0-2]|十[一二]?|[一二三四五六七八九])\s*月(?:份)?)"
    r"|[0-9]{4}\s*年\s*(?:度|全年)?"
)
_PERIOD_PART = re.compile(r"季度|月|半年")
_JUDGES_OF = (
    ("arbiter", re.compile("仲裁(?:委员会|组|委)?")),
    ("supervisor", re.compile("监督(?:组|委员会|仲裁组)?")),
)


_DUTY_TITLES = frozenset(
    re.findall(
        r"\w+",
        "裁判长 总裁判长 主裁判 主裁判长 考评组长 副裁判长 副总裁判长"
        " 裁判 裁判员 裁判人员 现场裁判 现场裁判员 评分裁判 评判裁判 考评员 评委 执裁人员"
        " 记录员 记录裁判 记分员 记分裁判 统分员 统分裁判 计分员"
        " 加密裁判 加密员 加密裁判员 编码裁判 监督员 监督人员 仲裁员 仲裁 仲裁人员",
    )
)
"""Titles of parts of a list of judges, each nothing but what they do."""


@dataclass(slots=True)
class Names:
    """What the competition has: events, units, indicators and modules, as the caller knows them."""

    events: Sequence[str] = ()
    units: Sequence[str] = ()
    indicators: Sequence[str] = ()
    modules: Sequence[str] = ()
    more_units: bool = False
    """True where a list may bring units that there are not yet."""
    own: str = ""
    """The unit whose contact sends the list; who is of no known unit is of this one."""


END_OF_MARKS = re.compile(r"(?:的)?(?:成绩|得分|分数|总分|考试成绩)$")
"""How the heading or the title of a module's marks ends."""
_ANY_BRACKETS = re.compile(r"[（(【\[〔][^（()）【】\[\]〔〕]{0,60}[）)】\]〕]")


@lru_cache(maxsize=20_000)
def bare_key(text: str) -> str:
    """A key that spellings of one name share: blanks, brackets and width don't count."""
    return same_name_key(_ANY_BRACKETS.sub("", text)) or same_name_key(text)


def matched(text: str, names: Collection[str]) -> str:
    """The one of the names that a text surely means; empty where it means none."""
    key = same_name_key(text)
    for name in names:
        if same_name_key(name) == key:
            return name
    bare = bare_key(text)
    alike = [name for name in names if bare_key(name) == bare]
    return alike[0] if len(alike) == 1 else ""


@dataclass(slots=True)
class Words:
    """What one line says of what stands below it."""

    row: int
    text: str
    unit: str = ""
    event: str = ""
    period: str = ""
    role: str = ""
    duty: str = ""
    module: str = ""
    column: str = ""
    labelled: bool = False
    """True where a label says that it is the unit."""
    group: bool = False
    """True for 某某组 and 某某赛项."""
    within: bool = False
    """True for a group of people within an event: 职工组."""
    section: bool = False
    """True for a section row between people."""


def without_ordinal(text: str) -> str:
    """A text without the number before it and the count behind it."""
    bare = " ".join(text.split())
    previous = None
    while previous != bare:
        previous = bare
        bare = _ORDINAL.sub("", bare, count=1)
        bare = _COUNT.sub("", bare)
    return bare.strip(" :：　") or text.strip()


def _called(text: str) -> str:
    """A unit's name behind its label, without the count of its people."""
    return unit_called(_COUNT.sub("", text))


def organisation(text: str, units: Collection[str] = ()) -> str:
    """The organisation that a text is, without ordinal, count and team; empty where it is none."""
    bare = _OF_TEAM.sub("", unit_called(without_ordinal(text)))
    if not bare:
        return ""
    if units and (unit := _by_key(tuple(units)).get(same_name_key(bare))):
        return unit
    return bare if _is_organisation(bare) else ""


@lru_cache(maxsize=8)
def _by_key(units: tuple[str, ...]) -> dict[str, str]:
    """The units by what their spellings share."""
    return {same_name_key(unit): unit for unit in reversed(units)}


@lru_cache(maxsize=4000)
def _is_organisation(bare: str) -> bool:
    if _NO_ORGANISATION.search(bare) or _NEVER_UNIT.search(bare):
        return False
    return 3 <= len(bare) <= 60 and _ORGANISATION.fullmatch(bare.replace(" ", "")) is not None


def _organisation_before(text: str, units: Collection[str] = ()) -> str:
    """The organisation with whose full name a title begins; empty where it begins with none."""
    bare = without_ordinal(text)
    bare = re.sub(r"^(?:[0-9]{4}\s*年度?|关于)\s*", "", bare)
    if _NEVER_UNIT.search(bare):
        return ""
    for unit in sorted(units, key=len, reverse=True):
        if unit and bare.startswith(unit):
            return unit
    best = ""
    for match in re.finditer("公司|集团|厂|局|所|院|校|中心|处|队|站|段|矿|工会|项目部", bare):
        name, rest = bare[: match.end()], bare[match.end() :]
        if len(name) >= 4 and _is_organisation(name) and _AFTER_ORGANISATION.match(rest):
            best = name
    return best


def event_in(text: str, events: Sequence[str]) -> tuple[str, int]:
    """The one event that a text names, and how many it names; of nested names the longer."""
    plain = same_name_key(text)
    known_events = [(name, same_name_key(name)) for name in events if same_name_key(name) in plain]
    alone = []
    for name, key in known_events:
        rest = plain
        for _other, longer in known_events:
            if key in longer and key != longer:
                rest = rest.replace(longer, "\0")
        if key in rest:
            alone.append(name)
    return (alone[0] if len(alone) == 1 else ""), len(alone)


def _module_in(text: str, modules: Sequence[str]) -> str:
    """The one module that a title of marks names: 理论成绩."""
    by_bare = {END_OF_MARKS.sub("", it) or it: it for it in modules}
    bare = END_OF_MARKS.sub("", without_ordinal(text))
    return by_bare.get(event_in(bare, [*by_bare])[0], "")


def _role_in(text: str) -> str:
    """The role that a title gives: one that is nothing but roles, and words for a list."""
    bare = "".join(unicodedata.normalize("NFKC", without_ordinal(text)).split())
    bare = re.sub(r"\([^()]*\)", "", bare)
    if not bare or ":" in bare or len(bare) > 30:
        return ""
    roles = set()
    parts = [part for part in re.split(r"[、,，/和及与兼;]", bare) if part]
    for number, part in enumerate(parts):
        role = _ROLE_WORDS.get(part)
        if role is None and number == len(parts) - 1:
            for word in sorted(_ROLE_WORDS, key=len, reverse=True):
                if part.startswith(word) and re.fullmatch(_LIST_WORD, part[len(word) :]):
                    role = _ROLE_WORDS[word]
                    break
        if role is None:
            return ""
        roles.add(role)
    if len(roles) == 1:
        return roles.pop()
    return "other" if roles else ""


def _duty_in(text: str, *, listed: bool = True) -> str:
    """The duty that a title gives: one that is nothing but a duty, or `listed` its list."""
    bare = "".join(without_ordinal(text).split())
    titles = sorted(_DUTY_TITLES, key=len, reverse=True)
    for word in [bare] if bare in _DUTY_TITLES else titles:
        if bare.startswith(word) and re.fullmatch(_LIST_WORD, bare[len(word) :]):
            duty = str(read_duty(word)[0])
            # 裁判员名单 above the first head is the title of them all.
            return duty if listed or duty != "judge" or bare == word else ""
    return ""


def period_in(text: str) -> str:
    """The period that a text names, as written: 7月, 2026年7月, 三季度."""
    plain = unicodedata.normalize("NFKC", text)
    if re.search(r"月\s*[0-9]{1,2}\s*日", plain):
        plain = re.sub(r"(?:[0-9]{4}\s?年)?\s?[0-9]{1,2}\s?月\s?[0-9]{1,2}\s?日", "", plain)
    named = [match[0] for match in _PERIOD.finditer(plain)]
    exact = [it for it in named if _PERIOD_PART.search(it)]
    chosen = exact if exact else named
    texts = list(dict.fromkeys("".join(it.split()) for it in chosen))
    if len(texts) != 1:
        return ""
    return texts[0] if exact else (texts[0] if re.search("年度|全年|年$", texts[0]) else "")


def is_period(text: str | None) -> bool:
    """True if a text is a period and nothing else: 7月, 三季度."""
    plain = "".join(unicodedata.normalize("NFKC", text or "").split())
    return bool(plain) and period_in(plain) == plain


def label_of_unit(grid: Grid, row: int) -> tuple[str, str]:
    """The unit that a line says behind a label or in the next cell, and that cell's letters."""
    own = [(column, cell_text(value)) for column, value in grid.own(row)]
    for place, (column, text) in enumerate(own):
        match = _UNIT_LINE.search(text)
        if match is not None and _NEVER_UNIT.search(re.split("[:：]", text[: match.start(1)])[-2]):
            # Of several labels in a line each has its own word before it.
            continue
        if match is not None:
            value = re.split(r"\s{2,}|　{2,}|\t", match[1].strip(" 　_"))[0]
            if cut := _NEXT_LABEL.search(value):
                value = value[: cut.start()]
            value = _called(value.strip(" 　_，,；;。"))
            if value:
                return value, grid.letters(column)
        if match is None and (place > 0 or len(own) > 6):
            continue
        only = match is not None or _ONLY_LABEL.fullmatch(without_ordinal(text)) is not None
        if only and place + 1 < len(own):
            after, value = own[place + 1]
            heading = PEOPLE.field_of(value)[0] or VALUES.field_of(value)[0]
            if not re.search("[:：]", value) and not _ONLY_LABEL.fullmatch(value) and not heading:
                value = _called(value.strip(" 　_"))
                if value and re.search(r"[^\W\d_]", value):
                    return value, grid.letters(after)
    return "", ""


def says_only_label(text: str) -> bool:
    """True for a label of a unit alone: 参赛单位, 单位（盖章）."""
    return _ONLY_LABEL.fullmatch(without_ordinal(text)) is not None


def words_of(grid: Grid, row: int, names: Names, *, section: bool = False) -> Words:
    """What a line above a table, or a section row, says."""
    own = grid.own(row)
    first = cell_text(own[0][1]) if own else ""
    line_words = Words(row, " ".join(first.split()), section=section)
    line_words.unit, line_words.column = label_of_unit(grid, row)
    line_words.labelled = bool(line_words.unit)
    whole = " ".join(cell_text(value) for _column, value in own)
    line_words.period = period_in(whole)
    if line_words.labelled and len(own) == 1 and not section:
        # A line with a label says nothing else but what its labels name.
        if re.search("(?:赛项|工种|项目)[:：]", whole):
            line_words.event = event_in(whole, names.events)[0]
        return line_words
    texts_here = [cell_text(value) for _column, value in own]
    texts = [text for text in texts_here if not is_ordinal(text)]
    if not line_words.labelled and len(texts) == 1:
        line_words.unit = organisation(texts[0], names.units)
        if (not line_words.unit and not section) or not line_words.unit:
            line_words.unit = _organisation_before(texts[0], names.units)
        line_words.column = grid.letters(own[texts_here.index(texts[0])][0])
        line_words.role = _role_in(texts[0])
    if not re.match(r"\s*(?:注|备注|说明|联系|报送|填报日期|电话)", whole):
        line_words.event = event_in(whole, names.events)[0]
        line_words.module = _module_in(whole, names.modules)
    first = texts[0] if len(texts) == 1 else first
    line_words.text = " ".join(first.split())
    bare = without_ordinal(first)
    line_words.within = _OF_AGE.fullmatch(bare) is not None
    line_words.group = _is_group(bare) and not line_words.unit and not line_words.within
    if not re.search("监督员竞赛|电话", first):
        line_words.duty = duty_of_group(first)
    line_words.duty = line_words.duty or _duty_in(first, listed=section)
    return line_words


def duty_of_group(text: str) -> str:
    """The duty of all in a group of judges: 仲裁组, 监督组; empty for another group."""
    groups = (duty for duty, pattern in _JUDGES_OF if pattern.search(text))
    return "" if "裁判长" in text else next(groups, "")


def words_of_sheet(name: str, names: Names) -> Words:
    """What a sheet's name says of its tables."""
    line_words = Words(0, name)
    line_words.unit = organisation(name, names.units)
    line_words.event = event_in(name, names.events)[0]
    line_words.role = _role_in(name)
    line_words.period = period_in(name)
    line_words.module = _module_in(name, names.modules)
    for duty, pattern in _JUDGES_OF:
        if pattern.fullmatch(without_ordinal(name)) or (
            pattern.search(name) and name.endswith("组")
        ):
            line_words.duty = duty
    line_words.duty = line_words.duty or _duty_in(name, listed=False)
    return line_words


def is_role(text: str) -> bool:
    """True if a text is nothing but roles, and words for a list of them."""
    return bool(_role_in(text))


def is_ordinal(text: str) -> bool:
    """True for a cell that only numbers its row: 3, 一、, （二）."""
    plain = text.strip(" （）().、．")
    return (
        not plain
        or plain.isdigit()
        or (len(plain) <= 3 and not plain.strip("一二三四五六七八九十"))
    )


def _is_group(bare: str) -> bool:
    """True for 某某组 and 某某赛项, no sentence about one."""
    return _GROUP.fullmatch(bare) is not None and not re.search(
        "请|报送|于|前|日|负责|送至|[0-9]", bare
    )


_DEPARTMENT = re.compile(
    r"[^\s、，,/]{1,12}(?:车间|工段|科室|分会|部门|工区)|[^\s、，,/]{2,12}(?:部|科|室|班)"
    r"|[一二三四五六七八九十甲乙丙丁白中夜]班"
)
"""机电科, 生产一部, 甲班: nobody is called so."""


def is_section(text: str, names: Names) -> bool:
    """True if a row with nothing but this text begins a section: it is no person."""
    bare = without_ordinal(text)
    if organisation(text, names.units) or re.search("[:：]", text):
        return True
    if event_in(text, names.events)[1] or END_OF_MARKS.search(bare):
        return True
    if _module_in(text, names.modules) or _NUMBERED.match(text):
        return True
    if _COUNT.search(text) and len(bare) > 1:
        return True
    if any(it.fullmatch(bare) for it in (_DEPARTMENT, _OF_MANY, _OF_LIST)):
        return True
    return _is_group(bare) or (bool(_role_in(text) or _duty_in(text)) and len(bare) > 1)
