"""仲裁记录: the paper on one appeal, with a line for everybody who has to sign it."""

from __future__ import annotations

from compete.models import Account, Competition
from compete.services.appeals.decisions import agree
from compete.services.appeals.filing import go_on
from compete.services.appeals.record_paper import print_appeal
from compete.services.appeals.rules import set_appeal_rules
from compete.services.kernel.competition_settings import AppealRules
from tests.documents.reading import pages
from tests.support.appealing import Bench, appealed, decided
from tests.support.pictures import photo


def test_the_record_is_printed(judged: Competition, organiser: Account, bench: Bench) -> None:
    appeal = appealed(matter="长" * 1200, photos=[photo()])
    agree(decided(appeal, bench.first, outcome="changed", value="0"), bench.second)
    go_on(appeal, "还是不同意", None)
    decided(appeal, bench.head)
    paper = "".join(pages(print_appeal(appeal, organiser)))
    for words in ("仲裁记录01", "钱文P2", "仲裁组的决定", "改判", "还是不同意", "总仲裁的决定"):
        assert words in paper


def test_every_arbiter_has_a_line_to_sign_on(
    judged: Competition, organiser: Account, bench: Bench
) -> None:
    """As many as the rules ask for; printed early it says that nothing is decided yet."""
    appeal = appealed()
    early = "".join(pages(print_appeal(appeal, organiser)))
    assert "仲裁组的决定还没有定" in early
    assert "总仲裁的决定" not in early
    assert early.count("仲裁") - early.count("总仲裁") == 4  # The title, the row, two lines.
    assert "总仲裁" not in early
    agree(decided(appeal, bench.first), bench.second)
    go_on(appeal, "还是不同意", None)
    second = "".join(pages(print_appeal(appeal, organiser)))
    assert "总仲裁的决定还没有定" in second
    assert second.count("还没有定") == 1
    assert second.count("总仲裁") == 3  # It was asked for, has not decided, and has a line.


def test_one_arbiter_signs_where_one_is_enough(
    judged: Competition, organiser: Account, bench: Bench
) -> None:
    set_appeal_rules(judged, AppealRules(arbiters=1), organiser)
    appeal = appealed()
    decided(appeal, bench.first)
    set_appeal_rules(judged, AppealRules(arbiters=2), organiser)
    paper = "".join(pages(print_appeal(appeal, organiser)))
    assert paper.count("仲裁") - paper.count("总仲裁") == 3
