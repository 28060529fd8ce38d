"""Invented people: names, ID numbers, telephones.

ID numbers begin with 3200, a region that is never issued, and have right
check digits; telephones begin with 1990000, which nobody has been given.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date

from compete.domain.identity.citizen_id import citizen_check_digit

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严金魏陶姜戚谢邹潘葛范彭鲁韦马"
_MEN = (
    "志远 海峰 文杰 建军 国栋 晓东 大伟 海涛 立新 学军 卫国 一凡 启明 永强 春生 德华 家骏 俊杰 "
    "明亮 成林 世昌 长江 金龙 宝山 少华 云飞 子轩 浩然 天佑 振宇 思远 伟 强 磊 军 勇 杰 涛 斌 超"
)
_WOMEN = "秀英 桂兰 丽华 雪梅 静怡 晓燕 玉兰 美玲 海燕 敏 静 丽 娟 燕 芳 霞 倩 颖 洁 琳"
WOMEN = _WOMEN.split()
GIVEN = [*_MEN.split(), *WOMEN]


@dataclass(frozen=True)
class Person:
    """An invented person."""

    name: str
    id_number: str
    gender: str
    birth: date
    phone: str


class People:
    """Gives out people, no two alike; the same seed gives the same ones in the same order."""

    def __init__(self, seed: int, region: int) -> None:
        self._dice = random.Random(seed)
        self._region = f"3200{region:02d}"
        self._names: set[str] = set()
        self._count = 0

    def keep_free(self, *names: str) -> None:
        """Names that nobody made up by chance may bear."""
        self._names.update(names)

    def person(self, name: str | None = None, gender: str | None = None) -> Person:
        """Somebody of this name, or of one made up."""
        called = name or self._new_name()
        woman = gender == "female" if gender else called[1:] in WOMEN
        self._count += 1
        birth = date(
            self._dice.randint(1972, 1999), self._dice.randint(1, 12), self._dice.randint(1, 28)
        )
        return Person(
            name=called,
            id_number=self._id_number(birth, woman),
            gender="female" if woman else "male",
            birth=birth,
            phone=f"1990000{self._region[5]}{self._count:03d}",
        )

    def _new_name(self) -> str:
        while True:
            name = self._dice.choice(SURNAMES) + self._dice.choice(GIVEN)
            if name not in self._names:
                self._names.add(name)
                return name

    def _id_number(self, birth: date, woman: bool) -> str:
        order = self._count * 2 - (0 if woman else 1)
        first_17 = f"{self._region}{birth:%Y%m%d}{order:03d}"
        return first_17 + citizen_check_digit(first_17)
