"""Whatever stands in a field, of 1 to 60 clusters: everybody's paper is printed, with all of it."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from compete.documents.award_certificate import AwardCertificate, render_award_certificates
from compete.documents.texts import one_line
from tests.documents.every_paper import (
    INTERNAL,
    NOT_ON_PAPER,
    PAPERS,
    Feeder,
    known_names,
)
from tests.documents.reading import TYPST_SOURCE, pages
from tests.documents.test_award_certificate import certificate as award

CLUSTERS = [*"一龑䶮𠮷㛃·（）〔ABgj09 -_#$*[]{}\\@\"'<&/~`^", "\n", "\t", "阿不都", "\u200b"]
TEXTS = st.one_of(
    st.lists(st.sampled_from(CLUSTERS), min_size=1, max_size=60).map("".join),
    st.integers(1, 60).map(lambda n: "龑" * n),
    st.integers(1, 60).map(lambda n: "W" * n),
    st.just("阿布都热依木·买买提江·伊斯拉木·库尔班江·阿不都"),
    st.just(TYPST_SOURCE),
).filter(lambda text: bool(one_line(text).strip()))


@pytest.fixture(scope="module")
def shown() -> dict[str, set[str]]:
    """The fields whose text stands on each paper, tried with a word of its own for each."""
    feed = Feeder(str)
    found: dict[str, set[str]] = {"": set()}
    for paper, printed in PAPERS.items():
        names: list[str] = []

        def word(name: str, names: list[str] = names) -> str:
            names.append(name)
            return f"甲{len(names):03d}乙"

        feed.text = word
        text = "".join(pages(printed(feed)))
        found[paper] = {name for place, name in enumerate(names, 1) if f"甲{place:03d}乙" in text}
        found[""].update(names)
    assert sorted({*known_names()} - feed.fed - INTERNAL) == []
    return found


def test_every_text_of_every_record_stands_on_its_paper(shown: dict[str, set[str]]) -> None:
    fed = {name for name in shown[""] if name.partition(".")[2] not in NOT_ON_PAPER}
    # A form has columns for some of a line; between them they show all of it.
    assert fed - set().union(*(shown[paper] for paper in PAPERS)) == set()


# To find a smaller example would set some hundred papers again.
@settings(max_examples=2, phases=[Phase.explicit, Phase.generate])
@given(st.lists(TEXTS, min_size=3, max_size=3))
def test_every_field_of_every_paper_takes_any_text_and_leaves_nobody_out(
    shown: dict[str, set[str]], texts: list[str]
) -> None:
    for paper, printed in PAPERS.items():
        times: Counter[str] = Counter()
        fed: set[str] = set()

        def text(
            name: str, times: Counter[str] = times, fed: set[str] = fed, paper: str = paper
        ) -> str:
            """Each field gets one text after the other, and each field begins with another."""
            times[name] += 1
            now = texts[(len(times) + times[name]) % len(texts)]
            if name in shown[paper]:
                fed.add(now)
            return now

        pdf = printed(Feeder(text, copies=len(texts)))
        assert pdf.left_out == (), paper
        on_it = "".join(pages(pdf)).replace("\u200b", "")
        for read in fed:
            assert re.sub(r"\s+", "", one_line(read))[:12] in on_it, paper


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
