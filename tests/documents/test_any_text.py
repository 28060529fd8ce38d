"""Whatever stands in a field, of 1 to 60 clusters: everybody's paper is printed, with all of it."""

from __future__ import annotations

import re

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from compete.documents.award_certificate import AwardCertificate, render_award_certificates
from compete.documents.typesetting import one_line
from tests.documents.every_paper import (
    INTERNAL,
    NOT_ON_PAPER,
    PAPERS,
    Feeder,
    known_names,
)
from tests.documents.reading import TYPST_SOURCE, pages
from tests.documents.test_award_certificate import certificate as award

RARE = [*"龑䶮𠮷㛃頫堃喆", "葛\U000e0100"]
MARKS = "·（）#$*[]{}\\@\"'<&/~`^_-"


def _many(of: str | list[str], least: int, most: int) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(of), min_size=least, max_size=most).map("".join)


CLASSES: dict[str, st.SearchStrategy[str]] = {
    "one": _many([*"一龑㛃W7", "𠮷"], 1, 1),
    "thirty": st.permutations("阿不都热依木买提江伊斯拉库尔班").map(
        lambda of: "·".join(["".join(of[:7]), "".join(of[:12]), "".join(of[:9])])
    ),
    "sixty": st.sampled_from("龑一W").map(lambda text: text * 60),
    "rare": _many(RARE, 2, 30),
    "latin": st.builds("{} {}".format, _many("ABCgjyQß", 1, 40), _many("abcéüñ ", 1, 19)),
    "digits": _many("0123456789", 1, 60),
    "breaks": st.builds("{}\n{}\t{}\u200b{}".format, *[_many("一二三W", 1, 14)] * 4),
    "markup": st.just(TYPST_SOURCE) | st.builds("甲{}".format, _many(MARKS, 1, 59)),
    "mixed": _many([*"一龑㛃（）ABgj09 ", *MARKS, "\n", "\t", "𠮷", "阿不都", "\u200b"], 1, 60),
}
"""Texts of 1 to 60 clusters, of each sort that has ever stopped a paper."""
TEXTS = st.fixed_dictionaries(
    {
        name: texts.filter(lambda text: bool(one_line(text).strip()))
        for name, texts in CLASSES.items()
    }
)


@pytest.fixture(scope="module")
def shown() -> dict[str, set[str]]:
    """The fields whose text stands on each paper, tried with a word of its own for each."""
    feed = Feeder(str)
    names_of_papers: dict[str, set[str]] = {"": set()}
    for paper, printed in PAPERS.items():
        names: list[str] = []

        def word(name: str, names: list[str] = names) -> str:
            names.append(name)
            return f"甲{len(names):03d}乙"

        feed.text = word
        text = "".join(pages(printed(feed)))
        names_of_papers[paper] = {
            name for place, name in enumerate(names, 1) if f"甲{place:03d}乙" in text
        }
        names_of_papers[""].update(names)
    assert sorted({*known_names()} - feed.fed - INTERNAL) == []
    return names_of_papers


def test_every_text_of_every_record_stands_on_its_paper(shown: dict[str, set[str]]) -> None:
    fed = {name for name in shown[""] if name.partition(".")[2] not in NOT_ON_PAPER}
    # A form has columns for some of a line; between them they show all of it.
    assert fed - set().union(*(shown[paper] for paper in PAPERS)) == set()


# To find a smaller example would set some hundred papers again, and one example is of every class.
@settings(max_examples=1, phases=[Phase.generate])
@given(TEXTS)
def test_every_field_of_every_paper_takes_any_text_and_leaves_nobody_out(
    shown: dict[str, set[str]], texts: dict[str, str]
) -> None:
    classes = list(texts)
    for paper, printed in PAPERS.items():
        met: dict[str, set[str]] = {}
        for turn in range(len(classes)):
            fed: set[str] = set()

            def text(
                name: str,
                turn: int = turn,
                fed: set[str] = fed,
                met: dict[str, set[str]] = met,
                paper: str = paper,
            ) -> str:
                """Every field begins with another class, and goes on to the next each turn."""
                known = met.setdefault(name, set())
                now = classes[(list(met).index(name) + turn) % len(classes)]
                known.add(now)
                if name in shown[paper]:
                    fed.add(texts[now])
                return texts[now]

            # Once with several of each record on a paper: what is long pushes the others on.
            pdf = printed(Feeder(text, copies=1 if turn else 3))
            assert pdf.left_out == (), paper
            on_it = "".join(pages(pdf)).replace("\u200b", "")
            for read in fed:
                assert re.sub(r"\s+", "", one_line(read))[:12] in on_it, (paper, read)
        assert {name: set(classes) for name in met} == met, paper


def test_the_samples_own_longest_names_fit_a_certificate() -> None:
    longest = AwardCertificate(
        **{
            **{name: getattr(award(), name) for name in AwardCertificate.__slots__},
            "recipient": "阿布都热依木·买买提江·伊斯拉木·库尔班江",
            "unit": "江苏省沿江石油化工港口装卸储运有限责任公司第一分公司集装箱作业部",
        }
    )
    (page,) = pages(render_award_certificates([longest]))
    assert longest.recipient in page
    assert longest.unit in page
