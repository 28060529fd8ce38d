"""What the READMEs and the pages for organisers name is called so on the pages of that language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[1]
PO = ROOT / "compete" / "translations" / "en" / "LC_MESSAGES" / "messages.po"


CHINESE = ("README.md", "docs/organising.md", "docs/labour.md")
ENGLISH = ("README.en.md", "docs/organising.en.md", "docs/labour.en.md")
# Who a step may begin with.
WHO = (
    "组委会|裁判|裁判长|选手|单位|部门|本人|联系人|申诉人|仲裁|监督|记分员|管理员|第二个人|保密员|管名单的人|谁都行",
    "Organiser|Judge|Chief judge|Contestant|Unit|Department|Contact|Appellant|Arbiter|Supervisor"
    "|Recorder|Administrator|Second person|Keeper|Anybody",
)


def plain(text: str) -> str:
    """A text of the catalogue or of a page, without figures and names."""
    return re.sub(r"%\(\w+\)s|\d+|吴敏|\s", "", text)


def named_in(page: str) -> set[str]:
    """What stands between quotation marks on a page: the names of buttons and pages."""
    return set(re.findall("“([^”]+)”", (ROOT / page).read_text("utf-8")))


def shown(*, english: bool) -> set[str]:
    """All that pages of a language show."""
    with PO.open("rb") as file:
        texts = [message.string if english else message.id for message in read_po(file)]
    forms = [[text] if isinstance(text, str) else text or [] for text in texts]
    return {plain(text) for form in forms for text in form}


@pytest.mark.parametrize("page", CHINESE + ENGLISH)
def test_what_a_page_names_is_called_so_on_the_pages_of_its_language(page: str) -> None:
    texts = shown(english=page in ENGLISH)
    named = named_in(page)
    assert len(named) > 20
    assert sorted(name for name in named if plain(name) not in texts) == []


@pytest.mark.parametrize("page", CHINESE + ENGLISH)
def test_each_step_begins_with_who_does_it(page: str) -> None:
    steps = re.findall(r"^\d+\. .*", (ROOT / page).read_text("utf-8"), re.MULTILINE)
    assert len(steps) > 20
    begun = re.compile(rf"\d+\. \*\*({WHO[page in ENGLISH]})\*\*")
    assert [step for step in steps if not begun.match(step)] == []


@pytest.mark.parametrize("page", CHINESE + ENGLISH)
def test_steps_are_counted_without_a_gap(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    numbers = [int(number) for number in re.findall(r"^(\d+)\. ", text, re.MULTILINE)]
    pairs = zip([0, *numbers], numbers, strict=False)
    assert [pair for pair in pairs if pair[1] not in (1, pair[0] + 1)] == []


@pytest.mark.parametrize("page", CHINESE + ENGLISH)
def test_a_page_links_only_to_files_and_headings_that_are_there(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    for target, heading in re.findall(r"\]\(([^)#:]*)(?:#([^)]*))?\)", text):
        file = (ROOT / page).parent / target if target else ROOT / page
        assert file.exists(), target
        if heading:
            lines = re.findall(r"^#+ (.*)", file.read_text("utf-8"), re.MULTILINE)
            assert heading in {re.sub(r"[^\w -]", "", it).lower().replace(" ", "-") for it in lines}


def test_words_that_english_keeps_apart_are_not_one_text() -> None:
    """The watch starts and ends; a competition has a first and a last day."""
    with PO.open("rb") as file:
        catalogue = {str(message.id): message.string for message in read_po(file)}
    translations = {
        text: catalogue[text] for text in ("开始", "结束", "开始日期", "结束日期", "空位子")
    }
    assert translations == {
        "开始": "Start",
        "结束": "End",
        "开始日期": "First day",
        "结束日期": "Last day",
        "空位子": "free",
    }
    assert catalogue["申请解锁"] == "Ask to unlock"
