from pathlib import Path

import pytest

from compete.documents.badges import Badge, render_badges
from compete.documents.errors import NothingPrinted
from compete.documents.typesetting import Sheet, typeset
from compete.resources import resource_dir

_STATM = Path("/proc/self/statm")
PAGE = 4096
MEBIBYTE = 2**20


def resident() -> float:
    """Memory of this process in MiB."""
    return int(_STATM.read_text().split()[1]) * PAGE / MEBIBYTE


def badge(name: str) -> Badge:
    return Badge(name, "省港口集团", "叉车司机", "B01", f"https://example.cn/{name[:9]}")


@pytest.mark.skipif(not _STATM.exists(), reason="memory is read from /proc")
def test_printing_batch_after_batch_does_not_pile_up_memory() -> None:
    def batch(number: int) -> None:
        render_badges([badge(f"选手{number}之{i}") for i in range(100)], competition="赛")

    for number in range(3):
        batch(number)
    before = resident()
    for number in range(3, 9):
        batch(number)
    assert resident() - before < 20


def test_a_text_that_cannot_fit_at_any_legible_size_is_refused_in_words() -> None:
    with pytest.raises(NothingPrinted, match=f"排不下，太长，放不下：{'长' * 20}…"):
        render_badges([badge("长" * 5000)], competition="赛")


def test_a_template_that_does_not_exist_is_a_fault_of_ours() -> None:
    with pytest.raises(KeyError, match=r"none\.typ"):
        typeset("none", {}, [Sheet("甲", {})])


def test_no_words_that_are_printed_stand_in_a_template() -> None:
    """Words belong to the code, where they can be translated; a fault's text may stand."""
    for source in (resource_dir("templates") / "documents").glob("*.typ"):
        lines = source.read_text("utf-8").splitlines()
        code = [line for line in lines if not line.lstrip().startswith("//")]
        found = [line for line in code if any("\u4e00" <= c <= "\u9fff" for c in line)]
        assert [line for line in found if "小四" not in line] == []
