"""Keys by which Chinese names are ordered and found: pinyin, with surnames read as surnames."""

from __future__ import annotations

from functools import lru_cache

# Characters that are read differently when they are a surname.
_SURNAMES = {
    "曾": "zeng1",
    "单": "shan4",
    "仇": "qiu2",
    "解": "xie4",
    "区": "ou1",
    "朴": "piao2",
    "查": "zha1",
    "翟": "zhai2",
    "盖": "ge3",
    "任": "ren2",
    "华": "hua4",
    "纪": "ji3",
    "缪": "miao4",
    "员": "yun4",
    "乐": "yue4",
    "尹": "yin3",
    "覃": "qin2",
    "种": "chong2",
    "召": "shao4",
    "黑": "he4",
    "折": "she2",
    "繁": "po2",
    "秘": "bi4",
    "冼": "xian3",
    "洗": "xian3",
    "那": "na1",
    "宁": "ning4",
    "燕": "yan1",
    "应": "ying1",
    "过": "guo1",
    "葛": "ge3",
    "卜": "bu3",
    "牟": "mu4",
    "隗": "wei3",
    "郇": "xun2",
    "逄": "pang2",
    "芮": "rui4",
    "谌": "chen2",
    "俞": "yu2",
}
_COMPOUND = {
    "尉迟": ("yu4", "chi2"),
    "万俟": ("mo4", "qi2"),
    "长孙": ("zhang3", "sun1"),
    "单于": ("chan2", "yu2"),
    "澹台": ("tan2", "tai2"),
    "令狐": ("ling2", "hu2"),
}


def name_key(name: str) -> str:
    """A sort key: the pinyin of each character with its tone, then the name itself."""
    return f"{' '.join(_spoken(name))} {name}"[:400]


def search_keys(name: str) -> tuple[str, str]:
    """The typed keys of a name: its whole pinyin, and the first letters; no tones, no case.

    Such as `zhaoqiming` and `zqm`.
    """
    return _pinyin_keys(_spoken(name))


def term_keys(term: str) -> tuple[str, str]:
    """The same for what is nobody's name, such as an occupation: no surname in it."""
    return _pinyin_keys(_syllables(term))


def _pinyin_keys(spoken: tuple[str, ...]) -> tuple[str, str]:
    words = [_plain(word) for reading in spoken for word in reading.split()]
    words = [word for word in words if word]
    return "".join(words)[:400], "".join(word[0] for word in words)[:100]


def _plain(word: str) -> str:
    return "".join(sign for sign in word.rstrip("12345").casefold() if sign.isalnum())


def _spoken(name: str) -> tuple[str, ...]:
    if name[:2] in _COMPOUND:
        return (*_COMPOUND[name[:2]], *_syllables(name[2:]))
    if name[:1] in _SURNAMES:
        return (_SURNAMES[name[0]], *_syllables(name[1:]))
    return _syllables(name)


# In a list of a hundred thousand, given names come again and again.
@lru_cache(maxsize=16_384)
def _syllables(name: str) -> tuple[str, ...]:
    # Its dictionaries take longer to read in than all of ours: a start does not wait for them.
    from pypinyin import Style, lazy_pinyin

    return tuple(lazy_pinyin(name, style=Style.TONE3, neutral_tone_with_five=True))
