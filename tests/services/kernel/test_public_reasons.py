"""What is said of a new version names nobody whom public pages mask."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from msgspec.structs import replace

from compete.models import Account, Competition, Examinee
from compete.services.closing.competition_lock import lock_marks
from compete.services.closing.penalties_and_outcomes import (
    Proposal,
    confirm_proposal,
    propose_decision,
)
from compete.services.kernel.public_reasons import masked_words
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.public_rechecks import recheck_lines
from compete.services.results.publishing import publish, publish_names, publish_or_ask
from compete.services.results.snapshots import publications, read_snapshot
from tests.services.certificates.test_reissuing import rename
from tests.support.announced import announce, lock, reopen
from tests.support.second_day import certify, person, with_prizes
from tests.support.signing_in import official
from tests.support.small import all_marks, read, small


def test_a_version_says_numbers_and_no_names(
    here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small(all_marks()))
    announce(competition, organiser)
    reopen(competition, organiser)
    lock_marks(competition, organiser)
    for reason in ("赵启明录错一张", "赵 启明录错一张"):
        for attempt in (publish, publish_or_ask):
            with pytest.raises(Refused, match="不要写“赵启明”，写参赛号 P1"):
                attempt(competition, organiser, reason)
    first = latest_publication(competition)
    assert first is not None
    assert first.version == 1
    publish(competition, organiser, "P1 录错一张，赵*明的分数改了")
    second = latest_publication(competition)
    assert second is not None
    assert second.version == 2


def test_a_name_of_before_a_correction_is_refused_and_masked(
    here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    """It was published, or stands on a certificate, and is on no register any more."""
    competition = load(small(all_marks()))
    announce(competition, organiser)
    rename(competition, "P3", "孙龑", organiser)
    for name in ("孙䶮", "孙龑"):
        with pytest.raises(Refused, match=f"不要写“{name}”，写参赛号 P3"):
            publish_names(competition, organiser, f"{name} 更正姓名")
        assert masked_words(f"{name} 更正姓名", competition) == "孙* 更正姓名"
    publish_names(competition, organiser, "P3 更正姓名")
    assert masked_words("孙䶮、孙龑", competition) == "孙*、孙*"


def test_a_name_on_a_certificate_is_masked_once_it_is_corrected(
    here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = with_prizes(load)
    certify(competition, organiser)
    with unit_of_work():
        for publication in publications(competition):
            publication.names = None
    rename(competition, "P3", "孙龑", organiser)
    assert masked_words("孙䶮、孙龑", competition) == "孙*、孙*"


def test_a_name_is_found_however_it_is_spaced_out(
    here: Flask, load: Callable[..., Competition]
) -> None:
    plain = small(all_marks())
    plain["entrants"][0]["name"] = "Anna Lee"
    competition = load(plain)
    assert masked_words("李 小\n小和 钱文，周 一", competition) == "李*小和 钱*，周*"
    assert masked_words("AnnaLee 和 Anna  Lee", competition) == "A***e 和 A***e"
    with pytest.raises(Refused, match="不要写“Anna Lee”，写参赛号 P1"):
        publish(competition, official(competition, "C1"), "Anna Lee 录错")


def test_who_holds_a_grade_on_other_grounds_is_not_named_either(
    here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small(all_marks()))
    with unit_of_work() as session:
        row = Examinee(competition_id=competition.id, code="#1", name="冯远征", unit_name="甲单位")
        session.add(row)
    assert masked_words("冯远征 举报", competition) == "冯*征 举报"
    with pytest.raises(Refused, match="不要写姓名“冯远征”"):
        publish(competition, organiser, "冯远征 举报")


def test_a_reason_that_goes_out_again_tells_no_name_of_before(
    here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small(all_marks()))
    reason = "孙䶮 超时，李小小 看见"
    wanted = Proposal("penalty", "S", "m", reason, "录像", points="1")
    decision = propose_decision(person(competition, "P3"), wanted, official(competition, "C1"))
    confirm_proposal(decision, official(competition, "S1"))
    lock(competition, organiser)
    publish(competition, organiser, also=["reasons"])
    rename(competition, "P3", "孙龑", organiser)
    version = publish_names(competition, organiser, "P3 更正姓名")
    (penalty,) = read_snapshot(version)[0].penalties
    assert penalty.reason == "孙* 超时，李*小 看见"


def test_why_nothing_is_checked_again_names_nobody(
    here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small(all_marks()))
    waived = {"event": "E", "stage": "S", "name": "赛", "waived": True, "who": "吴敏"}
    waived |= {"at": "2026-01-01T00:00:00Z", "why": "李小小 不同意"}
    bundle = replace(read(small()), extra={"recheck": [waived]})
    (line,) = recheck_lines(bundle, competition)
    assert str(line).endswith("理由：李*小 不同意")
