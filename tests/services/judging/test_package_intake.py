"""Marks that somebody else brings: checked like any other, held once, and noted who it was."""

from __future__ import annotations

import json
import zlib
from codecs import BOM_UTF8
from typing import Any
from uuid import uuid4

import pytest

from compete.models import Act, AuditEntry, TabletKey, db
from compete.services.accounts.sign_in_cards import cancel_cards
from compete.services.judging.offline_package import join_codes, read_package
from compete.services.judging.package_intake import TakenPackage, UnprovenError, take_package
from compete.services.judging.tablet_keys import give_key, mac_of
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.sheets.act_seals import check_acts
from compete.services.sheets.provenance import brought_marks
from compete.services.sheets.values import standing_values
from tests.support.panels import Panel

KEYS = ["uuid", "sheet", "kind", "aspect", "value", "at", "tablet", "seq", "note"]


def act(sheet: str, aspect: str, value: Any, **more: Any) -> dict[str, Any]:
    return {
        "uuid": str(uuid4()),
        "sheet": sheet,
        "kind": "mark",
        "aspect": aspect,
        "value": value,
        "at": "2026-09-16T02:24:06.000Z",
        "tablet": "t1",
        "seq": 1,
    } | more


def key_of(panel: Panel, judge: str = "J1") -> TabletKey:
    return give_key(panel.judge(judge), panel.account(judge))


def sealed(text: bytes, key: str) -> bytes:
    return text[:-1] + b',"mac":"' + mac_of(key, text).encode() + b'"}'


def package(
    panel: Panel,
    acts: list[dict[str, Any]],
    of: str = "J1",
    key: TabletKey | None = None,
    **more: Any,
) -> bytes:
    """As a tablet writes it that got its key; `unproven` makes one without."""
    key = key or key_of(panel, of)
    text = unproven(panel, acts, of, format="compete-acts/2", tablet=key.name, **more)
    return sealed(text, key.key)


def unproven(panel: Panel, acts: list[dict[str, Any]], of: str = "J1", **more: Any) -> bytes:
    row = panel.judge(of)
    content = {
        "format": "compete-acts/1",
        "judge": f"{row.competition_id}.{row.id}",
        "made": "2026-09-16T02:30:00.000Z",
        "keys": KEYS,
        "acts": [[act.get(key) for key in KEYS] for act in acts],
    }
    return json.dumps(content | more, separators=(",", ":")).encode()


def pieces(data: bytes, length: int = 100) -> list[str]:
    parts = [data[at : at + length].decode() for at in range(0, len(data), length)]
    checksum = f"{zlib.crc32(data):08x}"
    return [f"CA1 {n}/{len(parts)} {checksum} {part}" for n, part in enumerate(parts, start=1)]


def hand(panel: Panel, data: bytes, who: str = "R1") -> TakenPackage:
    return take_package(panel.competition, data, panel.account(who) if who else panel.organiser)


def marks(panel: Panel, judge: str = "J1") -> list[dict[str, Any]]:
    sheet = panel.sheet(judge).public_id
    return [act(sheet, "smooth", "2"), act(sheet, "work", "17.5")]


def test_acts_are_held_in_their_judges_name_and_the_chain_says_who_brought_them(
    panel: Panel,
) -> None:
    acts = marks(panel)
    handed = hand(panel, package(panel, acts))
    assert (handed.judge.code, handed.new) == ("J1", 2)
    sheet = panel.sheet("J1")
    assert {k: str(v) for k, v in standing_values([sheet.id])[sheet.id].items()} == {
        "smooth": "2",
        "work": "17.5",
    }
    assert {row.judge_id for row in db.session.query(Act)} == {panel.judge("J1").id}
    assert {row.extra["brought_by"] for row in db.session.query(Act) if row.extra} == {"R1 田春"}
    assert [str(source) for source in brought_marks([sheet.id])[sheet.id].values()] == [
        "R1 田春 代交",
        "R1 田春 代交",
    ]
    assert list(check_acts(panel.competition)) == []
    entry = db.session.query(AuditEntry).filter_by(action="acts.hand_over").one()
    assert (entry.actor, entry.subject) == ("田春", "J1")
    assert entry.after["held"] == [act["uuid"] for act in acts]
    assert list(verify_chain(panel.competition)) == []


@pytest.mark.parametrize("case", ["none", "changed", "other judge", "cancelled", "made up"])
def test_a_file_that_no_tablet_proves_is_not_taken_from_one_person(panel: Panel, case: str) -> None:
    acts, key = marks(panel), key_of(panel)
    whole = package(panel, acts, key=key)
    if case == "cancelled":
        cancel_cards(panel.account("J1"), panel.organiser, "丢了")
    data = {
        "none": unproven(panel, acts),
        "changed": whole.replace(b"17.5", b"18.5"),
        "other judge": package(panel, acts, key=key_of(panel, "J2")),
        "cancelled": whole,
        "made up": sealed(
            unproven(panel, acts, format="compete-acts/2", tablet=key.name), "00" * 32
        ),
    }[case]
    for who in ("R1", "C1", ""):
        with pytest.raises(UnprovenError):
            hand(panel, data, who)
    assert db.session.query(Act).count() == 0


def test_bringing_them_twice_or_after_the_tablet_holds_them_once(panel: Panel) -> None:
    acts = marks(panel)
    data = package(panel, acts)
    hand(panel, data)
    again = hand(panel, data, "C1")
    assert again.new == 0
    assert all(act.before for act in again.acts)
    assert db.session.query(Act).count() == 2


def test_anothers_sheet_and_what_is_off_the_scale_are_refused_one_by_one(panel: Panel) -> None:
    mine, theirs = panel.sheet("J1").public_id, panel.sheet("J2").public_id
    acts = [act(theirs, "smooth", "3"), act(mine, "smooth", "9"), act(mine, "work", "12")]
    handed = hand(panel, package(panel, acts), "")
    assert [str(act.refused) if act.refused else None for act in handed.acts] == [
        "这张表现在不是你的（换了人，或者撤回了），分还在这台平板里，问裁判长",
        "“操作平稳”要从 0 到 3 的整数，9 没有记下",
        None,
    ]
    # What is not the judge's own is not even named.
    assert [act.sheet for act in handed.acts] == ["—", "E1", "E1"]
    assert db.session.query(Act).count() == 1


def test_more_than_one_batch_comes_in_together(panel: Panel) -> None:
    sheet = panel.sheet("J1").public_id
    acts = [act(sheet, "work", str(number % 20), seq=number) for number in range(450)]
    assert hand(panel, package(panel, acts)).new == 450
    assert db.session.query(Act).count() == 450


@pytest.mark.parametrize(("who", "may"), [("J1", False), ("S1", False), ("R1", True)])
def test_judges_and_supervisors_bring_nothing(panel: Panel, who: str, may: bool) -> None:
    data = package(panel, marks(panel))
    if may:
        assert hand(panel, data, who).new == 2
        return
    with pytest.raises(Refused) as refused:
        hand(panel, data, who)
    assert refused.value.kind is Refusal.FORBIDDEN
    assert db.session.query(Act).count() == 0


@pytest.mark.parametrize("judge", ["1.999999", "999999.1"])
def test_a_judge_from_elsewhere_is_refused(panel: Panel, judge: str) -> None:
    with pytest.raises(Refused, match="不是这场竞赛的裁判的"):
        hand(panel, unproven(panel, marks(panel), "J1", judge=judge))
    assert db.session.query(Act).count() == 0


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "不是平板交出来的文件"),
        (b"[]", "不是平板交出来的文件"),
        (b'{"format":"other/1","judge":"1.1","keys":[],"acts":[]}', "不是平板交出来的文件"),
        (b'{"format":"compete-acts/1","judge":"x","keys":[],"acts":[]}', "不是平板交出来的文件"),
        (b'{"format":"compete-acts/1","judge":"1.1","keys":[],"acts":[]}', "一条分数也没有"),
        (b'{"format":"compete-acts/1","judge":"1.1","keys":["uuid"],"acts":[[1]]}', "读不懂"),
        (b'{"format":"compete-acts/1","judge":"1.1","keys":["uuid"],"acts":[[]]}', "读不懂"),
        (b"\xff\xfe", "不是平板交出来的文件"),
        (b" " * (2 * 1024 * 1024 + 1), "太大了"),
    ],
)
def test_what_is_no_package_says_so(data: bytes, why: str) -> None:
    with pytest.raises(Refused, match=why):
        read_package(data)


def test_a_mark_that_an_editor_put_before_the_file_changes_nothing(panel: Panel) -> None:
    data = package(panel, marks(panel))
    assert read_package(BOM_UTF8 + data) == read_package(data)


def test_codes_are_put_together_in_any_order_and_from_any_separators(panel: Panel) -> None:
    data = package(panel, marks(panel))
    codes = pieces(data)
    assert len(codes) > 3
    assert join_codes(" , ".join([*reversed(codes), codes[0]])) == data


@pytest.mark.parametrize("case", ["none", "missing", "mixed", "misread"])
def test_codes_that_cannot_be_put_together_say_why(panel: Panel, case: str) -> None:
    codes = pieces(package(panel, marks(panel)))
    other = pieces(package(panel, marks(panel)))
    text, why = {
        "none": ("hello", "没有读到平板上的码"),
        "missing": ("\n".join(codes[:1] + codes[2:]), f"还差第 2 张，一共 {len(codes)} 张"),
        "mixed": ("\n".join([*codes, other[0]]), "不是同一次交的"),
        "misread": ("\n".join([codes[0][:-1] + "!", *codes[1:]]), "有一张扫错了"),
    }[case]
    with pytest.raises(Refused, match=why):
        join_codes(text)
