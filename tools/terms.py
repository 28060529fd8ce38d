"""Terms: one word for one thing; words that were settled against must not come back.

`RETIRED` holds Chinese words with what stands for them now, looked for in code,
pages, papers and docs; `RETIRED_ENGLISH` patterns are looked for in the English
catalogue. Where the old word is right in another sense, `ALLOWED` says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import read_po

from tools.date_forms import odd_dates, odd_english_dates
from tools.files import committed
from tools.outcome import Outcome

CATALOGUE = "compete/translations/en/LC_MESSAGES/messages.po"
LOOKED_AT = ("compete", "templates", "static", "docs", "sample_events", "README.md")
SUFFIXES = {".py", ".html", ".js", ".typ", ".md", ".json", ".toml", ".csv"}

RETIRED = {
    "胸[卡]": "参赛证",
    "胸[牌]": "参赛证",
    "评[委]": "裁判",
    "装[入]": "载入",
    "成绩[包]": "竞赛文件",
    r"(?<!交)阶[段]": "赛段",
    "口[令]": "核对词",
    r"[指]纹": "核对词",
    r"代[号] %": "错误 %",
    "冠亚[季]": "冠、亚、季军",
    "什么都[不]差": "都齐了",
    "公布了收不[回]来": "公布后不能撤回，只能出新版",
    "评分表关[上]": "评分表停用",
    "不[解]了": "不解锁",
    "不[录]了": "不录入",
    "没[晋]升过": "未因竞赛晋升：符合",
    r"受理：[^\n]{0,20}会[联]系": "受理人：…",
    r"级别符[合] —": "竞赛级别：…（要求…），符合",
    r"分[出]先后": "… 在前：实操 95 > 94",
}
# A certificate's fingerprint is called so by every browser; people's own sheets say what they say.
ALLOWED = {
    "评[委]": re.compile(r"^compete/sheets/reading/"),
    r"[指]纹": re.compile(r"^(compete/tls/|compete/commands/cert\.py|templates/trust/|docs/)"),
    "装[入]": re.compile(r"^compete/domain/values/hashword_list"),
    "口[令]": re.compile(r"^compete/domain/values/hashword_list"),
}

RETIRED_ENGLISH = {
    r"\bred flags?\b": "challenge banner",
    r"\bveto": "disqualifying incident",
    r"\b(on|under) notice\b": "public notice until …",
    r"\bmend(ed|ing|s)?\b": "correct",
    r"\bdoubles\b": "nothing is duplicated",
    r"\bwrote the registration form\b": "imported the form",
    r"^kept\.": "saved.",
    r"\bdoubts about\b": "questions about",
    r"^only who\b": "only the … can",
    r"\bneed not mean false\b": "does not prove it is fake",
    r"^takes .+, found\b": "expected …, got …",
    r"^be recused\b": "recuse myself",
    r"\bi rule on it\b": "decide it",
    r"^judges what$": "modules",
    r"\bhanded over how\b": "method of collection",
    r"\bpenalty taken\b": "penalty applied",
    r"^senior \(level 3\)": "advanced skilled worker (level 3)",
    r"\b1 places\b": "1 place",
    r"^enter (%|\d)": "entry …",
    r"\branks to (be )?open|\bopen the champion": "still to reveal, reveal the champion",
    r", (?-i:Municipal|Provincial|Enterprise|National)\b": "no capital behind a comma",
}
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_CHINESE_MARKS = re.compile(r"[，。、；：（）《》]")


def check_terms(root: Path) -> Outcome:
    """Find retired words in what people read, in Chinese or in English."""
    names = committed(root)
    if names is None:
        return Outcome(skipped="this is no git checkout")
    problems = [problem for name in names for problem in _in_file(root, name)]
    problems += odd_dates(root, names)
    problems += _in_catalogue(root / CATALOGUE)
    return Outcome(problems=problems, note=f"{len(RETIRED)} and {len(RETIRED_ENGLISH)} retired")


def _in_file(root: Path, name: Path) -> Iterator[str]:
    if name.parts[0] not in LOOKED_AT or name.suffix not in SUFFIXES or "vendor" in name.parts:
        return
    text = (root / name).read_text(encoding="utf-8")
    for pattern, now in RETIRED.items():
        allowed = ALLOWED.get(pattern)
        if allowed is not None and allowed.match(name.as_posix()):
            continue
        for hit in re.finditer(pattern, text):
            line = text.count("\n", 0, hit.start()) + 1
            yield f"{name}:{line}: “{hit.group()}”: we say “{now}”"


def _in_catalogue(path: Path) -> Iterator[str]:
    with path.open("rb") as file:
        catalogue = read_po(file)
    for message in catalogue:
        if not message.id:
            continue
        forms = message.string if isinstance(message.string, list | tuple) else [message.string]
        for text in map(str, forms):
            for pattern, now in RETIRED_ENGLISH.items():
                if re.search(pattern, text, re.IGNORECASE):
                    yield f"{path.name}: “{text}”: we say “{now}”"
            for date in odd_english_dates(text):
                yield f"{path.name}: “{text}”: “{date}” is no date as we write it: 16 Sep 14:05"
            if _CHINESE_MARKS.search(text) and not _CHINESE.search(text):
                yield f"{path.name}: “{text}”: Chinese punctuation in an English text"
