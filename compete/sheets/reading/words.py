"""Words of tables: reduced headings, and the beginnings of sums, notes and signatures."""

from __future__ import annotations

import re
from functools import lru_cache

from compete.domain.identity.names import same_name_key

_BRACKETS = re.compile(r"\([^()]{0,2000}\)|\[[^\[\]]{0,40}\]|【[^【】]{0,40}】|〔[^〔〕]{0,40}〕")
_SUM = re.compile(
    r"(?:本页|本单位|本表)?(?:合计|总计|小计|共计|共(?=[0-9])|累计|总分合计|总合计|平均|平均分|总分|均值|total|subtotal|sum)(?:得分|人数|分数|分值|分)?"
)
_NOTE = re.compile(
    r"(?:备注|附注|说明|填表说明|填写说明|填报说明|注意事项|注意|注)(?:[:：;；.、1-9①]|$)|(?:※|\*)"
)
_SIGNED = re.compile(
    r"(?:本?单位|部门|车间|班组|科室|主管|分管|工会)?(?:(?:填表|填报|制表|审核|审批|复核|核分|评分|统分|记分|经办|负责|联系|报送|批准|编制|统计|登分"
    r"|考评|监考|校核)(?:人员|单位|负责人|日期|时间|员|人|者)?"
    r"(?:\(?(?:签字|签名|盖章|签章)\)?)?[^0-9a-z一-鿿]{0,3}[:：]"
    r"|[^:：]{0,16}(?:签字|签名|盖章|签章|公章)"
    r"|(?:联系电话|电话|手机|日期|填报日期|填表日期|报送日期|时间|联系人|负责人|领导|主席|传真|邮箱"
    r"|电子邮箱|地址)[:：])"
    r"|[0-9 _]{0,6}年[0-9 _]{0,4}月[0-9 _]{0,4}日?$"
)
_EXAMPLE = re.compile(
    r"[(（【\[]?(?:填写|填表|填报)?(?:示例|样例|举例|示范|范例|例子?|样表|填写样)(?:行|数据|[0-9]{1,2}|填写)?"
    r"[)）】\]]?(?:[:：，,、。；; ].*)?"
)
_NUMERAL = "[0-9一二三四五六七八九十百]"
_END_OF_UNITS = re.compile(
    r"[（(【\[—\-]{0,20}以下(?:空白|无正文|无|空)?行?[)）】\]—\-]{0,20}"
    rf"|(?:合计|总计|小计|共计|累计|共|总共)[:：]?{_NUMERAL}{{0,8}}(?:家|个|户)?(?:单位|公司|企业)?[。.]?"
    rf"|.{{0,40}}等(?:共|计|合计)?{_NUMERAL}{{1,8}}(?:家|个|户).*"
    rf"|.{{0,6}}共计?{_NUMERAL}{{1,8}}(?:家|个|户).*"
    r"|[（(]?(?:此处|本页|下页)?(?:空白|完|结束|END|end)[)）]?|[（(][空无略][)）]"
)
_BLANK_BELOW = re.compile(
    r"[（(【\[—\-]{0,20}以下(?:空白|无正文|无内容|为空)行?[)）】\]—\-]{0,20}[。.]?"
)
_SHEET_OF_EXAMPLES = re.compile(
    r"(?:填写|填表|填报|报名|报名表|表格|参考|名单|信息){0,4}(?:样例|示例|范例|样表|模板|示范|范本|样张|样本|例子|例表|填写说明样例)(?:表|页|行|填写|勿删|请勿删除|仅供参考)*"
)


def names_examples(name: str) -> bool:
    """True if a sheet's name says that it only shows how to fill in."""
    bare = re.sub(r"[\s()（）【】\[\]_\-—.、0-9]", "", name)
    return _SHEET_OF_EXAMPLES.fullmatch(bare) is not None


def says_no_unit(text: str) -> bool:
    """True if a line in a list of units is none: （以下空白）, 合计：3家, 等共12家单位."""
    return _END_OF_UNITS.fullmatch("".join(text.split())) is not None


def says_blank_below(text: str) -> bool:
    """True if a line says that nothing follows: （以下空白）, 以下无正文."""
    return _BLANK_BELOW.fullmatch("".join(text.split())) is not None


_PAGE = re.compile(
    r"[-—第]?[0-9一二三四五六七八九十]{1,4}[-—]"
    r"|第[0-9一二三四五六七八九十]{1,4}页(?:[,，/]?(?:共|总计?)[0-9一二三四五六七八九十]{1,4}页)?"
    r"|page[0-9]{1,4}(?:(?:of|/)[0-9]{1,4})?"
)


def says_page(text: str) -> bool:
    """True if a line only numbers its page: 第 1 页 共 3 页, - 2 -."""
    return _PAGE.fullmatch("".join(text.split()).casefold()) is not None


_MESSAGE = re.compile(
    r"(?:收到|以上|谢谢|感谢|辛苦|完毕|报名完毕|请|烦请|麻烦|各位|大家|@)"
    r"(?:(?:请)?(?:回复|查收|审核|审阅|核对|知悉|确认|领导|老师|名单|大家|各位|了|啦)|[0-9]{0,3}[人名])*"
    r"[。.!！~～,，、]*"
)


def says_message(text: str) -> bool:
    """True if a lone text only speaks to its reader, as in a chat: 收到请回复, 请查收, 谢谢."""
    return _MESSAGE.fullmatch("".join(text.split())) is not None


_PAST = re.compile(
    r"往届|历届|历年|往年|上一?届|去年|上一?年度?(?:获奖|成绩|名单|参赛)|前[一二三四五几]届"
)


def says_past(text: str) -> bool:
    """True if a title is of an earlier year's list: 往届成绩, 上届获奖名单; no 报名 after one."""
    return len(text) <= 40 and _PAST.search(text) is not None and "报名" not in text


_SHEET_OF_PAST = re.compile(
    r"(?:(?:已|全部)?作废|废|旧|老|备份|去年|上年|往年|往届|上一?届)(?:的|版|表|名单|报名表?|数据|备份)*"
)
_YEAR = re.compile(r"(?<![0-9])(20[0-9]{2})(?![0-9])")
_PART_OF_YEAR = re.compile(r"月|季|半年|批|20[0-9]{2}[-./]")


def names_past(sheet: str) -> bool:
    """True if a sheet's name says that what stands there counts no more: 作废, 旧表, 去年报名."""
    return _SHEET_OF_PAST.fullmatch(re.sub(r"[\s()（）0-9年_\-—]", "", sheet)) is not None


def year_named(text: str) -> int:
    """The year that a sheet's name or a title is of: 2025年报名; 0 for none, several, or a part."""
    years = years_in(text)
    return years.pop() if len(years) == 1 and not _PART_OF_YEAR.search(text) else 0


def years_in(text: str) -> set[int]:
    """The years that stand in a text."""
    return {*map(int, _YEAR.findall(text))}


@lru_cache(maxsize=20_000)
def reduced(text: str) -> str:
    """A heading without spaces, brackets, stars and units of measure, in small letters."""
    plain = same_name_key(text)
    bare = _BRACKETS.sub("", plain).strip("*★●·※:;,.、/\\-_~'\"()")
    return bare or plain.strip("*★※:;,.()[]【】")


def one_line(text: str) -> str:
    """The text with single blanks, in one line."""
    return " ".join(text.split())


def says_sum(text: str) -> bool:
    """True if a cell begins a row of sums: 合计, 小计, 共计 12 人."""
    plain = same_name_key(text)
    match = _SUM.match(plain)
    if match is None or len(plain) > 16:
        return False
    rest = plain[match.end() :].strip(":：=()")
    return not rest or rest[:1].isdigit() or rest.endswith(("人", "分", "名", "家", "个", "万元"))


def says_note(text: str) -> bool:
    """True if a cell begins a note under a table."""
    return _NOTE.match(same_name_key(text)) is not None


def says_signature(text: str) -> bool:
    """True if a cell asks for a signature, a seal or a date."""
    plain = same_name_key(text)
    return len(plain) <= 60 and _SIGNED.match(plain) is not None


def says_example(text: str) -> bool:
    """True if a cell marks its row as an example."""
    return len(text) <= 40 and _EXAMPLE.fullmatch("".join(text.split())) is not None
