"""The fields of each kind of sheet, and what their columns are called: the table of synonyms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from compete.domain.registration_columns import EntryField
from compete.sheets.reading.words import reduced

_NEVER = r"(?!)"


@dataclass(frozen=True, slots=True)
class Field:
    """A field, the headings of its column, and a pattern for further ones.

    Of two columns for one field that of the higher `ranks` counts; with `joined` all are read.
    `inner` fields belong to our own workbooks and stand in no other reading.
    """

    key: str
    words: str
    pattern: str = ""
    unless: str = ""
    joined: bool = False
    inner: bool = False
    ranks: str = ""
    """Headings that go before the others."""

    @property
    def headings(self) -> frozenset[str]:
        """The headings, reduced."""
        return frozenset(map(reduced, self.words.split()))

    @property
    def first(self) -> frozenset[str]:
        """Headings that go before the others, reduced."""
        return frozenset(map(reduced, self.ranks.split()))


@dataclass(frozen=True)
class Kind:
    """A kind of sheet. A table has one of `must` (each a choice of fields) among its columns."""

    name: str
    fields: tuple[Field, ...]
    unread: str = ""
    must: tuple[tuple[str, ...], ...] = (("name",),)
    like: str = ""
    """The kind in whose way its tables are found and read, where that is another."""
    way: str = field(init=False)
    known: Mapping[str, str | None] = field(init=False)
    """By reduced heading the field, None for one that is not read."""
    patterns: tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...] = field(init=False)
    keyed: Mapping[str, Field] = field(init=False)

    def __post_init__(self) -> None:
        known: dict[str, str | None] = dict.fromkeys(map(reduced, self.unread.split()))
        for own_field in self.fields:
            known.update(dict.fromkeys(own_field.headings, own_field.key))
        object.__setattr__(self, "way", self.like or self.name)
        object.__setattr__(self, "known", known)
        object.__setattr__(self, "keyed", {it.key: it for it in self.fields})
        object.__setattr__(
            self,
            "patterns",
            tuple(
                (
                    with_pattern.key,
                    *map(re.compile, (with_pattern.pattern, with_pattern.unless or _NEVER)),
                )
                for with_pattern in self.fields
                if with_pattern.pattern
            ),
        )

    def knowing(self, headings: Iterable[str]) -> Kind:
        """The kind whose heads may have these headings too, of no field."""
        further = ("".join(it.split()) for it in headings)
        return replace(self, unread=" ".join([self.unread, *further]))

    @property
    def raw_headings(self) -> frozenset[str]:
        """The known headings as they may stand in a cell."""
        return frozenset(
            variant
            for word in self.known
            for variant in (
                *(word, f"{word}*", f"*{word}"),
                " ".join(word) if len(word) == 2 else word,
            )
        )

    @property
    def as_written(self) -> bool:
        """True for the rows of a page of ours, which are kept as they are written besides."""
        return self.name not in KINDS

    def field_of(self, heading: str) -> tuple[bool, str | None]:
        """Find a heading's field: whether the heading is known, and the field."""
        return _field_of(self, reduced(heading))

    def denies(self, heading: str, key: str) -> bool:
        """True if a heading says that its column is no such field, whatever stands below it."""
        text = reduced(heading)
        return any(unless.search(text) for own, _is, unless in self.patterns if own == key)

    def by_key(self, key: str) -> Field:
        """The field of this key."""
        return self.keyed[key]

    def __hash__(self) -> int:
        return hash(self.name)


_OF_NUMBERS = re.compile(r"(?:编码|编号|代码|序号|code|id)$")
"""The end of a heading of numbers that stand for something else."""
_NUMBERS = frozenset({"id_number", "credit_code", "certificate", "code", "sub_id"})


@lru_cache(maxsize=8000)
def _field_of(kind: Kind, heading: str) -> tuple[bool, str | None]:
    if heading in kind.known:
        return True, kind.known[heading]
    if 1 < len(heading) <= 120:
        numbers = _OF_NUMBERS.search(heading) is not None
        for key, pattern, unless in kind.patterns:
            if numbers and key not in _NUMBERS:
                # 岗位编码 holds the number of a post, and not the post.
                continue
            if pattern.search(heading) and not unless.search(heading):
                return True, key
    return False, None


_PHONE = Field(
    "phone",
    "手机 手机号 手机号码 联系电话 电话 电话号码 联系方式 移动电话 联系手机 本人电话 本人手机"
    " 选手电话"
    " 手机电话 联系手机号 联系人电话 电话手机 手机/电话 联系电话手机 phone mobile tel",
    r"手机|电话|联系方式",
    r"尾号|后四位|末四位|紧急|领队|教练|办公|传真|座机|固定|单位电话|家庭|师傅|指导",
    ranks="手机 手机号 手机号码 移动电话 联系手机 本人手机 mobile",
)
_ID = Field(
    "id_number",
    "身份证 身份证号 身份证号码 身份证件号码 身份证件号 证件号码 证件号 公民身份号码 公民身份证号码"
    " 居民身份证号码 居民身份证号 居民身份证 二代身份证号 二代身份证号码 有效证件号码 身份号码"
    " 有效身份证件号码 idnumber",
    r"身份证|证件号|身份号码",
    r"复印|照片|类型|类别|种类|有效|签发|正面|反面|后[四六]位|地址",
)
_UNIT = Field(
    "unit",
    "单位 单位名称 单位全称 工作单位 工作单位全称 工作单位名称 所在单位 所在单位名称"
    " 所在单位全称 所属单位"
    " 企业名称 企业 公司 公司名称 所在公司 所属公司 用人单位 现工作单位 就职单位 所在企业"
    " 所属企业 院校 学校 学校名称"
    " 参赛单位 推荐单位 代表单位 选送单位 报名单位 申报单位 选派单位 派出单位 unit company"
    " organization organisation",
    r"^(?:参赛|推荐|代表|选送|报名|申报|选派|派出|工作|所在|所属|现|本|原|用人|参加|参评|竞赛){1,3}"
    r"单位(?:名称|全称)?$|^(?:单位|企业|公司)(?:名称|全称)|^(?:所在|所属|参赛)(?:企业|公司)名称$",
    r"上级|主管|填报|颁|发证|联系|简称|性质|电话|意见|地址|代码|监理|建设单位|协办|主办|考核单位",
    ranks="参赛单位 推荐单位 代表单位 选送单位 报名单位 申报单位 选派单位 派出单位 参赛单位名称"
    " 参赛单位全称 推荐单位名称 推荐单位全称 代表单位名称 报名单位名称 报名单位全称"
    " 申报单位名称 选送单位名称",
)
_NOTE = Field("note", "备注 备注说明 说明 其他说明 附注 remark remarks note notes")

_NAMES = (
    "姓名 选手姓名 参赛选手 选手 参赛选手姓名 竞赛选手姓名 参赛人员 参赛人员姓名"
    " 人员姓名 职工姓名 员工姓名"
    " 队员姓名 报名人姓名 参赛者姓名 参赛者 参赛队员 队员 名字 考生姓名 学员姓名"
    " 本人姓名 参赛人 参赛人姓名"
    " 报名人 被推荐人姓名 申报人姓名 学生姓名 教师姓名 name fullname"
)
_OF_PEOPLE = (
    Field(
        "name",
        f"{_NAMES} 成员 成员姓名 组员 组员姓名",
        r"^(?:竞赛|参赛|报名|推荐|选手|队员|职工|员工|人员|考生|申报人|参赛者|被推荐人"
        r"|会员|工会会员|学员|学生|学徒|徒弟|教师|工人|干部|候选人|参加|参训){1,3}姓名$",
        ranks=_NAMES,
    ),
    _ID,
    Field(
        "paper",
        "证件类型 证件种类 证件名称 证件类别 身份证件类型 证件",
        r"证件(?:类型|种类|类别|名称)",
    ),
    _UNIT,
    Field(
        "department",
        "部门 车间 班组 所在部门 所在车间 所在班组 部门/班组 部门班组 车间班组 科室 处室"
        " 所属部门 部门车间 部门名称 工段 班组名称"
        " 所在部门班组 部门/车间",
        r"部门|车间|班组|科室",
        r"意见|负责|联系|电话|盖章|主管",
        joined=True,
    ),
    Field(
        "event",
        "赛项 参赛项目 竞赛项目 参赛赛项 报名赛项 竞赛赛项 参赛工种 竞赛工种 竞赛职业"
        " 参赛职业 报名工种 报名项目"
        " 申报项目 比赛项目 赛项名称 项目 项目名称 报考工种 申报工种 申报职业 参赛专业"
        " 竞赛专业 参赛职业工种 竞赛职业工种"
        " 竞赛工种名称 参赛项目名称 竞赛项目名称 赛项工种 参赛科目 竞赛科目 event",
        r"^(?:参赛|竞赛|报名|比赛|申报|报考|所报)(?:的|/)?(?:职业|工种|项目|赛项|专业|名称|\(|\)|、|/){1,6}$",
    ),
    Field(
        "occupation",
        "工种 职业 职业工种 职业名称 从事工种 从事职业 现工种 本工种 所从事工种"
        " 从事职业工种 工种名称 职业/工种 现从事工种"
        " 现从事职业 从事专业 岗位工种 职业(工种) 现职业 本职业 occupation",
        r"^(?:现|所)?从事(?:的)?(?:职业|工种)",
    ),
    Field(
        "certificate",
        "等级证书编号 证书编号 现等级证书编号 职业技能等级证书编号 职业资格证书编号"
        " 技能等级证书编号 证书号 等级证书号码 职业资格证书号 证书号码",
        r"证书(?:编号|号)",
        inner=True,
    ),
    Field(
        "grade_since",
        "取得现等级的日期 取得现等级日期 现等级取得日期 现等级取得时间 等级取得时间"
        " 现等级证书取得时间 现等级证书发证日期 等级证书取得日期",
        inner=True,
    ),
    Field(
        "papers",
        "学历和职称 学历职称证书 学历、职称 学历证书和职称证书",
        inner=True,
    ),
    Field(
        "promoted",
        "上次竞赛晋升年份 竞赛晋升年份 上次晋升年份",
        inner=True,
    ),
    Field(
        "grade",
        "现等级 技能等级 现技能等级 职业技能等级 现有等级 现职业技能等级 现有技能等级 等级"
        " 职业资格等级 现职业资格等级"
        " 技术等级 现技术等级 技能级别 持证等级 证书等级 现有职业技能等级 资格等级 职业等级"
        " 国家职业资格等级 职业资格"
        " 现有职业资格等级 现有职业资格 技能等级/职称 现职业等级 技能水平 grade",
        r"等级",
        r"申报|申请|晋升|拟|编号|证书号|证号|时间|日期|参赛|竞赛|比赛|报考|取得|颁发|照片",
    ),
    Field("gender", "性别 男/女 gender sex"),
    Field(
        "birth",
        "出生日期 出生年月 出生年月日 出生 生日 出生时间 birth birthday dateofbirth",
        r"出生(?:日期|年月|时间)",
        r"入职|入会|入党|入团|参加|参工|取得|颁发|发证|报名|填报|填表|提交|有效|登记|毕业|到期|聘|培训|体检",
    ),
    replace(_PHONE, unless=rf"{_PHONE.unless}|单位联系|联系人[及和与、/]|填表|填报|负责人"),
    Field(
        "education",
        "文化程度 学历 最高学历 文化水平 教育程度 学历学位 学历/学位 第一学历 全日制学历 education",
        r"学历|文化程度",
    ),
    Field(
        "years",
        "工龄 从业年限 从事本职业年限 本职业工龄 工作年限 本职业年限 本工种工龄 本工种年限"
        " 从事本工种年限 专业工龄"
        " 本岗位工龄 岗位年限 从事年限",
        r"年限|工龄",
    ),
    Field("group", "组别 参赛组别 竞赛组别 分组 报名组别 组 比赛组别 group"),
    Field(
        "team",
        "代表队 参赛队 队名 队伍 代表队名称 参赛队名称 参赛队伍 所属代表队 团队 团队名称"
        " 队伍名称 所在代表队 team",
    ),
    Field(
        "code",
        "编号 号 号码 选手编号 参赛编号 参赛号 参赛证号 参赛证编号 选手号 选手号码 参赛号码 code",
        ranks="选手编号 参赛编号 参赛号 参赛证号 参赛证编号 选手号 选手号码 参赛号码 code",
    ),
    Field(
        "job",
        "职务 岗位 职称 工作岗位 现岗位 岗位名称 职务职称 职务/职称 职称/职务 现任职务"
        " 技术职称 专业技术职称"
        " 专业技术职务 职位 单位职务 行政职务 现任岗位 岗位/职务 职务/岗位 所在岗位 job",
        r"职务|岗位|职称|职位",
        r"年限|取得|时间|工龄",
        joined=True,
    ),
    Field(
        "mentor",
        "师傅 师父 带教师傅 指导教师 指导老师 指导教师姓名 指导老师姓名 师傅姓名 导师",
    ),
    Field("coach", "教练 教练员 指导教练 技术指导 教练姓名 教练员姓名"),
    Field("leader", "领队 领队姓名 带队人 带队领导 带队人姓名 领队人"),
    Field("note", f"{_NOTE.words} 其他"),
    Field(
        "role",
        "身份 人员类别 人员类型 参赛身份 角色 人员身份 人员性质 参赛角色 人员分类 担任角色"
        " 参赛职务 类别",
    ),
    Field("crew", "组合 组合名称 组合名 机组 搭档组", inner=True),
    Field("crew_role", "组合里的职责 选手职责 主辅 职责", inner=True),
    Field(
        "consent",
        "同意公布全名 公布全名 是否同意公布全名 同意公布姓名 是否同意公布姓名 同意公示全名",
        inner=True,
    ),
)
_ASKED = tuple(
    Field(field.value, f"{field.asks.title} {field.asks.headings}")
    for field in EntryField
    if not any(it.key == field for it in _OF_PEOPLE)
)
"""Fields that a registration may ask besides and that have no field of their own above."""

PEOPLE = Kind(
    "people",
    (*_OF_PEOPLE, *_ASKED),
    unread=(
        "序号 民族 政治面貌 籍贯 照片 相片 邮箱 电子邮箱 电子邮件 email e-mail 年龄 学位"
        " 毕业院校 毕业学校 毕业院校及专业"
        " 所学专业 专业 地址 通讯地址 通信地址 家庭住址 详细地址 签名 签字 本人签名 健康状况"
        " 身体状况 传真 邮编 邮政编码 身高"
        " 体重 尺码 服装尺码 衣服尺码 鞋码 血型 微信 微信号 qq qq号 入职时间 参加工作时间 参工时间"
        " 紧急联系人 紧急联系电话 紧急联系人电话"
        " 主要荣誉 获奖情况 原因 户籍 申报等级 申请等级 参赛等级 竞赛等级 工号 食宿 住宿 饮食禁忌"
        " 得分 成绩 名次 座机 办公电话 固定电话"
        " 单位电话 单位联系人 户口所在地 工作简历 主要业绩 单位意见 推荐意见 一寸照片 近期照片"
        " 是否住宿 no no. 单位简称 上级单位"
        " 所属行业 取得等级时间 发证时间 发证单位 发证机关 从业时间 国籍 婚姻状况 报名序号"
    ),
    must=(("name", "leader", "coach"),),
)

_APPLIED_FOR = "申报等级 申请等级 报考等级 认定等级 考核等级 报名等级 申报级别 申请级别"
_LEVEL = Field(
    "event",
    f"等级 {_APPLIED_FOR} 赛项 赛项名称 event",
    r"^拟?(?:申报|申请|报考|认定|考核|报名)(?:的|认定|职业|技能|资格|工种){0,3}(?:等级|级别)$",
    ranks=_APPLIED_FOR,
)


def _of_candidates(field: Field) -> Field:
    """A field in a list for an evaluation: 等级 is the level applied for, its trade no event."""
    if field.key == "event":
        return _LEVEL
    if field.key == "occupation":
        trades = PEOPLE.by_key("event")
        words = {*trades.words.split()} - {*_LEVEL.words.split()}
        pattern = f"{field.pattern}|{trades.pattern}"
        return replace(field, words=" ".join((field.words, *sorted(words))), pattern=pattern)
    if field.key == "grade":
        words = {*field.words.split()} - {"等级"}
        return replace(field, words=" ".join(sorted(words)))
    return field


CANDIDATES = replace(PEOPLE, fields=tuple(map(_of_candidates, PEOPLE.fields)))
"""The people of an evaluation."""

JUDGES = Kind(
    "judges",
    (
        Field(
            "name",
            "姓名 裁判姓名 裁判员姓名 裁判员 裁判 考评员姓名 专家姓名 评委姓名 评委 人员姓名"
            " 执裁人员 执裁人员姓名 考评员 name",
            r"^(?:裁判|裁判员|考评员|专家|评委|执裁人员|人员|现场裁判){1,2}姓名$",
        ),
        _UNIT,
        _PHONE,
        _ID,
        Field(
            "duty",
            "职责 裁判职务 执裁职务 裁判职责 分工 裁判分工 角色 拟任职务 担任职务 裁判岗位"
            " 执裁岗位 裁判类别 裁判类型 岗位职责 职务"
            " 身份 组内职务 组内分工 组内职责 承担职务 竞赛职务 大赛职务 执裁角色 工作职责"
            " 拟任岗位 担任角色 裁判角色"
            " 执裁分工 任职 拟任裁判职务 裁判任职",
            r"(?:裁判|执裁|拟任|担任|承担)(?:人员)?(?:职务|职责|岗位|角色|分工|类别)",
        ),
        Field(
            "certificate",
            "裁判证号 裁判证书编号 裁判员证号 裁判员证书编号 证书编号 证书号 裁判资格证号"
            " 考评员证号 考评员证书编号 裁判证编号"
            " 裁判证书号 裁判员证书号 资格证书编号 证书号码 裁判证书号码 考评员证书号"
            " 裁判员编号 证卡编号",
            r"(?:裁判|考评|执裁|资格|证书|证卡).{0,6}(?:编号|证号|号码|号)$",
            r"身份|手机|电话",
        ),
        _NOTE,
        Field("code", "编号 裁判编号", inner=True),
    ),
    unread=(
        "序号 性别 民族 出生年月 出生日期 年龄 学历 文化程度 职称 职称/技能等级 技能等级"
        " 职业技能等级 专业 从事专业 执裁赛项 赛项 竞赛项目 执裁项目"
        " 工种 邮箱 电子邮箱 照片 部门 所在部门 专业技术职称 执裁经历 裁判等级 级别 政治面貌 地址"
        " 银行卡号 开户行 签名 签字 no no. 行政职务"
        " 技术职称 专业技术职务 技术等级 职业资格等级 职称/职务 从事工种 执裁工种 裁判赛项 工作年限"
        " 执裁年限"
    ),
)

UNITS = Kind(
    "units",
    (
        Field(
            "name",
            f"{_UNIT.words} 名称 全称 参赛单位名称 单位(全称) 标段 标段名称 项目部 项目部名称"
            " 参赛标段 施工单位 公司全称 企业全称"
            " 代表队 代表队名称 参赛队",
            _UNIT.pattern,
            _UNIT.unless,
            ranks=(
                "单位名称 单位全称 企业名称 公司名称 名称 全称 参赛单位 参赛单位名称 参赛单位全称"
            ),
        ),
        Field(
            "credit_code",
            "统一社会信用代码 信用代码 社会信用代码 统一信用代码 统一代码 组织机构代码 机构代码"
            " 统一社会信用代码号",
            r"信用代码",
        ),
        Field(
            "contact",
            "联系人 联系人姓名 联络人 联络员 经办人 单位联系人 负责联系人 工会联系人 竞赛联系人"
            " 联络人姓名 联络员姓名 负责人 contact",
            r"(?:联系|联络)(?:人|员)(?:姓名)?$",
        ),
        _PHONE,
        Field("group", "组别 分组 组 参赛组别 竞赛组别 所属组 类别 单位类别 组别名称 group"),
        Field("code", "编号 单位编号", inner=True),
        Field("parent", "上级单位 主管单位 上级", inner=True),
    ),
    unread=(
        "序号 备注 地址 通讯地址 参赛人数 人数 邮箱 电子邮箱 传真 邮编 职务 部门 参赛项目 说明"
        " no no. 领队 原因 职工人数 行业 所属行业"
        " 性质 单位性质 单位简称 简称 盖章 签字"
    ),
)

SCHEME = Kind(
    "scheme",
    (
        Field(
            "max",
            "配分 分值 满分 分数 标准分 标准分值 配分值 分 满分值 标准分数 最高分 应得分 分值分"
            " 配分分 maxmark maxmarks max 分值/分 配分/分",
            r"^(?:配分|分值|满分|标准分)|(?:配分|分值|满分|标准分|标准分数)$|maxmark|maximummark|^maximum",
            r"标准$|细则|说明",
        ),
        Field(
            "rule",
            "评分标准 评分细则 扣分标准 评分办法 评分方法 怎么给分 考核评分的扣分标准 评分要求"
            " 评分说明 考核标准 扣分细则 评价标准 评分规定 考核内容及标准 考核办法 考核规定"
            " 计分办法 计分规则"
            " 标准 评分规则 给分标准 扣分办法 评判标准 评分点说明 评分依据 得分标准 扣分说明 扣分点"
            " 考核评分标准 评定标准 扣分规则"
            " extraaspectdescription requirement",
            r"(?:评分|扣分|考核|评价|得分|给分|评判|评定|配分).{0,6}(?:标准|细则|办法|规则|依据|说明|方法)"
            r"|^extra(?:aspect)?description|^(?:judge?(?:ment)?)?scoredescription|^requirement"
            r"|^(?:补充|额外|附加)(?:评分点|评分项)?(?:描述|说明)|^等级(?:描述|说明)$|^要求或公称尺寸",
            r"^(?:执行|职业)",
            joined=True,
        ),
        Field(
            "name",
            "考核要点 考核点 评分要点 评分点 评分内容 评分项 要点 二级指标 三级指标 考核内容"
            " 考核项目 评分项目 评价项目 一级指标 内容"
            " 项目 鉴定内容 鉴定点 鉴定范围 考核范围 作业项目 操作步骤 主要内容 检测项目"
            " 检查项目 工序 步骤 考核模块 任务 评价内容"
            " 评价要点 考核要求 项目名称 评分要素 检测内容 检查内容 考评内容 考评项目 考评要点"
            " 考核点名称 作业内容 测评项目 测量项目"
            " 大项 小项 评分模块 模块 操作内容 竞赛内容 比赛内容 竞赛项目 观测点 评分指标 指标"
            " 考核指标 名称 指标名称 技术要求 考核技术要求 检测要求 评分点描述 评分项描述"
            " aspect-description"
            " aspectdescription",
            r"^aspect-?description|(?:考核|评分|鉴定|考评|评价|检测|作业|操作)(?:的)?(?:项目|内容|要点|点|要素|范围|指标|步骤)$",
            joined=True,
        ),
        Field(
            "type",
            "类型 评分类型 给分方式 评分方式 评价方式 评判方式 aspecttype type",
            r"^aspecttype|^(?:评分)?类型m",
        ),
        Field(
            "sub_id",
            "subcriteriaid subcriterionid",
            r"^sub-?criteri(?:a|on)id|^子(?:标准|项)(?:编号|id)",
            inner=True,
        ),
        Field(
            "sub_name",
            "subcriterianame subcriterionname",
            r"^sub-?criteri(?:a|on)(?:name|description)|^子(?:标准|项)名称",
            inner=True,
        ),
        Field(
            "level",
            "judgscore judgementscore judgmentscore",
            r"^judge?(?:ment)?score|^(?:评判|评价)(?:等级|分|分值|分数)$",
            inner=True,
        ),
        Field(
            "standard",
            "职业标准 对应标准 标准条目 wsossection wssssection",
            r"^ws[os]s(?:section|章节|部分)",
            inner=True,
        ),
        Field("serial", "序号 编号 no no. 号 序", inner=True),
        Field(
            "department",
            "责任部门 考核部门 牵头部门 负责部门 考核责任部门 责任考核部门 评分部门 主责部门"
            " 考评部门 打分部门",
        ),
        Field("cycle", "考核周期 考核频次 周期 频次 考核频率 评分周期 考评周期 考核时间 考评频次"),
    ),
    unread=(
        "得分 扣分 实得分 扣分原因 备注 实测 实测值 检测结果 实测记录 考评员签字 裁判签字 裁判"
        " 评分人 签名 自评 互评 dayofmarking calculationrow"
        " 评分 得分记录 扣分记录 评分记录 测量工具 量具 检测工具 工具 公差 criteria total totalmark"
        " 裁判评分 裁判1 裁判2 裁判3 权重 结果"
    ),
    must=(("max",), ("name", "sub_id")),
)

VALUES = Kind(
    "values",
    (
        Field(
            "unit",
            f"{_UNIT.words} 标段 标段名称 项目部 项目部名称 参赛标段 施工单位 承包单位 参建单位"
            " 名称 被考核单位 合同段 施工标段 部门 部门名称 班组"
            " 班组名称 考核对象 车间",
            r"^(?:参赛|参建|施工|承建|责任|被考核|受检|所属|竞赛|参评)"
            r"(?:单位|班组|车间|部门|队伍|标段|工区|项目部)(?:名称|全称)?$|^标段|^合同段",
            r"监理|建设单位|考核单位|计量|上级",
            ranks="单位 单位名称 参赛单位 被考核单位",
        ),
        Field(
            "indicator",
            "指标 指标名称 考核指标 考核项目 项目 竞赛指标 考核内容 内容 评分项目 指标项 竞赛内容",
        ),
        Field(
            "target",
            "目标 目标值 计划 计划值 任务 任务值 计划数 目标数 计划完成 计划指标 任务数 计划量"
            " 目标任务 应完成",
        ),
        Field(
            "value",
            "值 数值 完成 完成值 实际 实际值 实际完成 考评 考核得分 得分 考评得分 评分 完成数"
            " 完成量 实绩 考核分 考评分 实际得分 实际数"
            " 本月完成 当月完成 实际完成值 分值 分数 考核评分 数",
        ),
        Field(
            "period",
            "月份 期次 考核月份 考核期次 考核期 季度 考核季度 所属月份 所属期 年月",
            r"^(?:统计|考核|考评|填报|上报|所属|竞赛|评比|数据)(?:年度|月度|季度|月份|年月|期次|期间|期)$",
        ),
        Field("code", "编号 单位编号", inner=True),
        Field("group", "组 组别 分组", inner=True),
    ),
    unread=(
        "序号 合计 总分 总计 得分合计 合计得分 总得分 平均 平均分 排名 名次 备注 说明 组 组别"
        " 分组 编号 扣分原因 原因 自评 自评分 自评得分 小计"
        " 等次 奖项 红旗 完成率 签字 负责人 加分 扣分 no no. 累计 综合得分 综合排名 类别 月份 期次"
        " 日期 单位编号 等级 流动红旗 计量单位 满分 权重 指标编号 序"
        " 加权得分 加权总分 加权合计 综合分 最终得分 折算得分 折合得分 汇总得分 得分小计"
        " 完成时间 完成日期 填报时间 填报日期 上报时间 联系人 联系电话 电话 手机 填报人 审核人"
    ),
    must=(("unit",),),
)

MARKS = Kind(
    "marks",
    (
        Field(
            "name",
            f"{PEOPLE.by_key('name').words} 选手名",
            PEOPLE.by_key("name").pattern,
        ),
        _ID,
        Field(
            "code",
            "编号 选手编号 参赛编号 参赛号 准考证号 准考证号码 参赛证号 考号 选手号 抽签号"
            " 赛位号 工位号 场次号"
            " 加密号 密码号 代号 暗码 考生编号 考生号 code",
        ),
        Field("module", "模块 科目 赛段 环节 考核模块 模块名称 考试科目 竞赛模块 竞赛环节 module"),
        Field(
            "mark",
            "成绩 得分 总成绩 分数 最终成绩 总分 考核成绩 考试成绩 最终得分 总得分 综合成绩"
            " 合计 合计得分"
            " 理论成绩 实操成绩 技能成绩 操作成绩 mark score",
            r"(?:成绩|得分|分数|总分)$",
            r"名次|排名|等级",
        ),
    ),
    unread=(
        "序号 单位 所在单位 工作单位 参赛单位 名次 排名 备注 性别 等级 赛项 工种 职业 手机 电话"
        " 联系电话"
        " 部门 代表队 参赛队 签名 签字 裁判 日期 no no. 奖项 等次 结果 是否合格 评定 年龄 班组"
        " 学历 组别 说明 工号 班级 桌号 机位 机位号 考场 考场号 试室 座位 座位号 座号"
        " 场次 批次 工龄 用时 交卷时间 考试时间"
    ),
    must=(("name", "code", "id_number"), ("mark",)),
)
"""Marks that were given elsewhere."""

KINDS = {kind.name: kind for kind in (PEOPLE, JUDGES, UNITS, SCHEME, VALUES, MARKS)}


def headings_match(heading: str, other: str) -> bool:
    """True if two headings are one without spaces, brackets, stars and units of measure."""
    return reduced(heading) == reduced(other)
