import pytest

from compete.domain.identity.occupations import occupation_code, same_occupation

CODE, OTHER = "6-30-05-01", "6-31-03-01"


@pytest.mark.parametrize(
    "text", [CODE, f" {CODE} ", "６－30-05-01", "6–30–05–01", f"{CODE} L", f"{CODE}l/s"]
)
def test_a_code_is_known_however_it_is_typed(text: str) -> None:
    assert occupation_code(text) == CODE


@pytest.mark.parametrize(
    "text", ["待核", "", "--", "6-30-05", "0-30-05-01", f"{CODE}-1", f"{CODE} X"]
)
def test_what_is_no_code_is_none(text: str) -> None:
    assert occupation_code(text) is None


def test_codes_decide_where_both_have_one() -> None:
    assert same_occupation(CODE, "起重装卸机械操作工", CODE, "叉车司机")
    assert not same_occupation(CODE, "焊工", OTHER, "焊工")


def test_names_decide_where_a_code_is_missing() -> None:
    assert not same_occupation("待核", "救援机械操作员", "待核", "灌排泵站运行工")
    for code, other in (("待核", "待核"), (CODE, "待核"), ("待核", CODE)):
        assert same_occupation(code, "救援机械操作员", other, "救援机械 操作员")
        assert not same_occupation(code, "救援机械操作员", other, "救援机械操作员助手")
