"""The published tables come out as printed."""

from __future__ import annotations

from typing import get_args

import pytest

from compete.domain.reliability.alpha import Level, alpha_of_targets
from compete.domain.reliability.concordance import kendall_w
from compete.domain.reliability.icc import intraclass
from tests.domain.reliability.published import published

# Of the same table: bounds of 95 % as R's psych package prints them.
BOUNDS = {
    "ICC(1,1)": (-0.13, 0.72),
    "ICC(2,1)": (0.02, 0.76),
    "ICC(3,1)": (0.34, 0.95),
    "ICC(1,k)": (-0.88, 0.91),
    "ICC(2,k)": (0.07, 0.93),
    "ICC(3,k)": (0.68, 0.99),
}


def test_shrout_and_fleiss_coefficients_come_out_as_printed() -> None:
    source = published("icc_shrout_fleiss_1979")
    agreement = intraclass(source["table"])
    for name, printed in source["published"].items():
        assert round(agreement[name].value, 2) == printed, name
    for name, exact in source["pingouin_0_7_0"].items():
        if name.startswith("ICC"):
            assert agreement[name].value == pytest.approx(exact, abs=5e-7), name
    assert agreement.f_targets == pytest.approx(source["pingouin_0_7_0"]["F_targets"], abs=5e-7)
    assert agreement.f_oneway == pytest.approx(source["pingouin_0_7_0"]["F_oneway"], abs=5e-7)


def test_shrout_and_fleiss_mean_squares_come_out_as_printed() -> None:
    source = published("icc_shrout_fleiss_1979")
    squares = intraclass(source["table"]).squares
    printed = source["mean_squares"]
    assert round(squares.between, 4) == printed["BMS"]
    assert round(squares.within, 4) == printed["WMS"]
    assert round(squares.judges, 4) == printed["JMS"]
    assert round(squares.error, 4) == printed["EMS"]


@pytest.mark.parametrize("name", BOUNDS)
def test_the_intervals_are_those_of_other_programs(name: str) -> None:
    coefficient = intraclass(published("icc_shrout_fleiss_1979")["table"])[name]
    assert (round(coefficient.low, 2), round(coefficient.high, 2)) == BOUNDS[name]


def test_siegels_executives_agree_as_little_as_the_book_says() -> None:
    source = published("kendall_w_siegel_1956")
    table = list(zip(*source["ranks"].values(), strict=True))
    concordance = kendall_w(table)
    assert concordance.s == source["published"]["s"]
    assert concordance.w == pytest.approx(source["exact_W"], abs=1e-12)
    assert f"{concordance.w:.2f}" == f"{source['published']['W']:.2f}"
    assert (concordance.n, concordance.k) == (6, 3)


@pytest.mark.parametrize("level", get_args(Level))
def test_krippendorffs_example_c_comes_out_as_printed(level: str) -> None:
    source = published("krippendorff_alpha_2011")
    alpha = alpha_of_targets(list(zip(*source["observers"], strict=True)), level)
    assert round(alpha.value, 3) == source["published"][level]
    assert alpha.value == pytest.approx(source["recomputed"][level], abs=5e-7)
    # The twelfth unit was seen by one observer alone, and pairs with nothing.
    assert alpha.count == 11
