from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from compete.documents import typesetting
from compete.documents.award_certificate import AwardCertificate, render_award_certificates
from compete.documents.badges import Badge, render_badges
from compete.documents.errors import NothingPrinted
from compete.documents.grade_certificate import GradeCertificate, render_grade_certificates
from compete.documents.press import Setting, here
from compete.documents.typesetting import Sheet, typeset
from compete.resources import resource_dir

_STATM = Path("/proc/self/statm")
PAGE = 4096
MEBIBYTE = 2**20
DAY = date(2022, 9, 20)


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
        chinese_lines = [line for line in code if any("\u4e00" <= c <= "\u9fff" for c in line)]
        assert [line for line in chinese_lines if "小四" not in line] == []


def test_what_surely_fits_is_set_as_if_it_had_been_measured(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In every paper that fits words into a place: the same file, to the byte."""
    measured: list[str] = []

    def measuring(setting: Setting) -> bytes:
        common = setting.files["common.typ"].decode()
        measured.append(common)
        assert common.count("words.match(plain-words) != none") == 1
        changed = common.replace("words.match(plain-words) != none", "false")
        return here(replace(setting, files={**setting.files, "common.typ": changed.encode()}))

    def printed() -> list[bytes]:
        people = ["李雷", "欧阳 Anna-Maria 古丽·阿卜杜热合曼", "长" * 40, "W" * 40]
        return [
            render_badges([badge(name) for name in people], competition="赛"),
            render_award_certificates([award(name) for name in people]),
            render_grade_certificates([grade(name) for name in people]),
        ]

    quick = printed()
    with monkeypatch.context() as patched:
        patched.setattr(typesetting, "press", lambda: measuring)
        slow = printed()
    assert len(measured) == 3
    assert quick == slow


def award(name: str) -> AwardCertificate:
    url = f"https://example.cn/{name[:5]}"
    return AwardCertificate(name, "赛", "个人一等奖", "〔2022〕第001号", "组委会", DAY, url)


def grade(name: str) -> GradeCertificate:
    texts = (
        "居民身份证",
        "320102199001011234",
        "叉车司机",
        "",
        "三级/高级工",
        "S000032000012345678901",
    )
    return GradeCertificate(name, *texts, f"{name}协会", DAY, f"https://example.cn/{name[:5]}")
