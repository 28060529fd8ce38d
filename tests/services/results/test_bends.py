"""What bends a promised procedure stands in the file, on the page, on the notice, in the audit."""

from __future__ import annotations

import ast
import io
import json
import re
from collections.abc import Callable, Collection
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader

from compete.cli import main
from compete.config import Config
from compete.domain.bundle.writing import write_bundle
from compete.domain.values.days import date_words
from compete.domain.values.states import CompetitionState, ResultState
from compete.models import (
    Account,
    Competition,
    Publication,
    ResultStand,
    Slot,
    db,
    utc_now,
)
from compete.services.appeals.windows import why_over
from compete.services.closing.competition_lock import unlock_marks
from compete.services.competitions.details import agree_terms, change_details, details_of
from compete.services.kernel import audit
from compete.services.kernel.bends import BENDS
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.fields import with_values
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.labour.closing import close_period, publish_closed
from compete.services.labour.second_look import set_look_rules
from compete.services.results.bends import bends_of
from compete.services.results.bulletin import print_bulletin
from compete.services.results.notice import print_notice
from compete.services.results.public_rechecks import recheck_lines
from compete.services.results.publishing import publish
from compete.services.results.record_checks import check_scores
from compete.services.results.result_moves import (
    agree_final,
    ask_final,
    make_final,
)
from compete.services.results.result_stands import stand_of
from compete.services.results.snapshots import publications, read_snapshot, snapshot_files
from tests.domain.labour.build import one_month
from tests.support.announced import announce, end_appeals, lock, reopen
from tests.support.appealing import person
from tests.support.signing_in import official

PACKAGE = Path(__file__).resolve().parents[3] / "compete"
TEMPLATES = PACKAGE.parent / "templates" / "organiser"
OF_MODULES = ("judges.assign", "judges.undo", "judges.timekeeper", "draw.end", "draw.void")
RECORDS: dict[str, tuple[Any, Any]] = {
    "results.final_early": ({"until": "2026-11-30T23:59:59+08:00"}, {"asked": "吴敏"}),
    "results.withdraw": (None, None),
    "second.present": (None, {"asked": "吴敏"}),
    "second.paper": (None, {"asked": "吴敏", "what": "解锁", "due": "11月27日 10:20"}),
    "second.countersign": (None, {"what": "解锁"}),
    "competition.agree_terms": ({"notice_days": 5}, {"notice_days": 1, "asked": "吴敏"}),
    "marks.unlock": ({"state": "notice"}, {"state": "judging"}),
    "lock.must_sign": ({"must_sign": True}, {"must_sign": False}),
    "event.rules.change": (None, {"asked": "吴敏", "chief": "张三", "supervisor": "李四"}),
    "event.rules.alone": (None, {"version": 2}),
    "overall.rules.change": (None, {"asked": "吴敏", "chief": "张三", "supervisor": "李四"}),
    "judges.assign": ([[1, ""]], [[2, ""]]),
    "judges.undo": ([[2, ""]], [[1, ""]]),
    "judges.timekeeper": (
        {"timekeeper": [], "station": "1"},
        {"timekeeper": ["J1"], "station": "1"},
    ),
    "judge.replace": (None, {"judge": "J2"}),
    "draw.end": (None, None),
    "draw.void": (None, None),
    "competition.format": ({"format": "compete-bundle/1"}, {"format": "compete-bundle/2"}),
    "decision.withdraw": ({"state": "confirmed"}, {"decision": 1}),
    "playoff.withdraw": ({"state": "confirmed", "void": False}, {"playoff": 1}),
    "absence.keep": (None, {"outcome": 1, "kind": "dns", "waives": 2}),
    "judge.absent": (None, {"judge": "J2", "sheets": 4, "left": 2}),
    "marks.typed": (None, {"sheets": {"01 J1": None}, "absent": ["02"], "evidence": "当场念的"}),
    "examiners.overrule": (None, {"short": ["“技能”差 1 名考评员"]}),
    "examiners.rules": ({"theory_per": 15}, {"theory_per": 20}),
    "way_in.renew": (None, {"role": "judge", "judge": "J2", "how": "card", "used": True}),
    "judge.named": ({"name": "张三", "own": True}, {"name": "李四"}),
    "judge.correct": ({"name": "张三"}, {"name": "李四"}),
    "entrant.level_exempt": (None, {"level": "泵站运行工 三级"}),
    "exam.key": (None, {"question": "Q09", "asked": "吴敏"}),
    "judge.add": (None, {"name": "张三", "role": "监督", "as": "supervisor"}),
    "judges.import": (None, {"added": {"J9": "张三"}}),
    "role.grant": ({"another": True}, {"role": "organiser"}),
    "role.revoke": ({"role": "judge", "judge": "J2", "account": 7}, None),
    "device.shared": (
        None,
        {"role": "judge", "judge": "J2", "others": [{"role": "organiser", "judge": None}]},
    ),
    "paper.settle": (None, {"judge": "J2", "module": "m", "decision": 1}),
    "acts.hand_over": (None, {"package": "", "held": []}),
    "labour.rules.change": (None, {"asked": "吴敏", "number": 2}),
    "labour.look.rules": (
        {"share": "5", "least": 10, "first": True},
        {"share": "1", "least": 10, "first": True},
    ),
}
OF_LABOUR = (
    *("second.present", "second.paper", "second.countersign"),
    *("competition.agree_terms", "labour.rules.change", "labour.look.rules"),
)
"""What happens in a labour competition, too, or there alone."""


def marked() -> set[str]:
    """The actions of every call that says that it bends."""
    actions: set[str] = set()
    for file in PACKAGE.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        if "bends=" not in text:
            continue
        for call in ast.walk(ast.parse(text)):
            if not isinstance(call, ast.Call):
                continue
            mark = [key.value for key in call.keywords if key.arg == "bends"]
            if mark and isinstance(mark[0], ast.Constant):
                actions |= {
                    constant.value
                    for argument in call.args
                    for constant in ast.walk(argument)
                    if isinstance(constant, ast.Constant)
                    if isinstance(constant.value, str) and "." in constant.value
                }
    return actions


def bend_everything(
    competition: Competition, by: Account, acts: Collection[str] = tuple(BENDS)
) -> dict[str, str]:
    """Each of these acts on record, with a reason of its own."""
    assert set(RECORDS) == set(BENDS)
    reasons = {action: f"理由{number}号" for number, action in enumerate(acts)}
    with unit_of_work():
        audit.record(competition, by, "judging.open", competition.code)
        for action in acts:
            before, after = RECORDS[action]
            subject = competition.code
            for event in competition.events[:1]:
                place = f"{event.code}/{rules_of(event).stages[0].code}/m"
                subject = place if action in OF_MODULES else event.code
            audit.record(
                competition, by, action, subject,
                before=before, after=after, reason=reasons[action], bends=True,
            )  # fmt: skip
    return reasons


def text_of(pdf: bytes) -> str:
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return text.replace("\n", "").replace(" ", "")


def test_every_act_that_bends_is_in_the_table_and_no_other() -> None:
    assert marked() == set(BENDS)


def test_an_act_that_is_in_no_table_does_not_bend(judged: Competition, organiser: Account) -> None:
    with unit_of_work(), pytest.raises(LookupError):
        audit.record(judged, organiser, "sheet.return", "x", bends=True)


@pytest.fixture
def audited(
    config: Config, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[[Competition], str]:
    """What `compete audit` says of a competition."""
    monkeypatch.setenv("COMPETE_DATA_DIR", str(config.data_dir))
    monkeypatch.setenv("COMPETE_DATABASE_URL", config.database_url)

    def run(competition: Competition) -> str:
        assert main(["audit", competition.code]) == 0
        return capsys.readouterr().out

    return run


def _told_in_file(publication: Publication, reasons: dict[str, str]) -> None:
    rows = json.loads(snapshot_files(publication)[0])["extra"]["bends"]
    assert {row["act"]: row["why"] for row in rows} == reasons
    assert all(row["who"] and row["what"] and row["at"] for row in rows)


def test_each_act_of_the_table_reaches_file_page_notice_and_audit(
    judged: Competition,
    organiser: Account,
    client: FlaskClient,
    audited: Callable[[Competition], str],
) -> None:
    lock(judged, organiser)
    reasons = bend_everything(judged, organiser)
    publication = publish(judged, organiser)
    _told_in_file(publication, reasons)
    page = client.get(f"/p/{judged.code}").get_data(as_text=True)
    paper = text_of(print_notice(judged, judged.events[0].code))
    audit_text = audited(judged)
    rechecked = recheck_lines(read_snapshot(publication)[0], judged)
    assert rechecked
    for line in (*rechecked, *(bend.line for bend in bends_of(judged))):
        assert str(line) in page
        assert str(line).replace(" ", "") in paper
        assert str(line) in audit_text


def test_each_act_of_a_labour_competition_reaches_file_page_bulletin_and_audit(
    load: Callable[..., Competition],
    organiser: Account,
    client: FlaskClient,
    audited: Callable[[Competition], str],
) -> None:
    competition = load(json.loads(write_bundle(one_month({"甲": 90, "乙": 80}))))
    close_period(competition, "M", "", organiser)
    reasons = bend_everything(competition, organiser, OF_LABOUR)
    _told_in_file(publish_closed(competition, organiser), reasons)
    pages = [client.get(url).get_data(as_text=True) for url in ("/p/L", "/p/L/periods/M/units/甲")]
    paper = text_of(print_bulletin(competition, "M"))
    audit_text = audited(competition)
    lines = [str(bend.line) for bend in bends_of(competition)]
    assert len(lines) == len(OF_LABOUR)
    for line in lines:
        assert all(line in page for page in pages)
        assert line.replace(" ", "") in paper
        assert line in audit_text
    # What came after a version is said of it at once; an older one keeps what was told then.
    set_look_rules(competition, Decimal(0), 0, False, organiser, "人手不够")
    assert "人手不够" in client.get("/p/L").get_data(as_text=True)


def test_before_a_period_is_closed_the_second_look_is_set_freely(
    load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(json.loads(write_bundle(one_month({"甲": 90, "乙": 80}))))
    set_look_rules(competition, Decimal(50), 5, True, organiser)
    set_look_rules(competition, Decimal(40), 5, True, organiser)
    close_period(competition, "M", "", organiser)
    set_look_rules(competition, Decimal(60), 5, True, organiser)
    assert bends_of(competition) == []
    with pytest.raises(Refused, match="理由"):
        set_look_rules(competition, Decimal(60), 5, False, organiser, " ")
    set_look_rules(competition, Decimal(60), 5, False, organiser, "赶在节前公布")
    (bend,) = bends_of(competition)
    assert "没核完也能公布" in str(bend.what)
    assert bend.why == "赶在节前公布"


def test_a_reason_names_nobody_whom_pages_mask(judged: Competition, organiser: Account) -> None:
    announce(judged, organiser)
    unlock_marks(judged, "漏了赵启明的分", organiser)
    (bend,) = bends_of(judged)
    assert "赵启明" not in bend.why
    assert bend.why.startswith("漏了赵")


def test_what_was_ordinary_bends_nothing(judged: Competition, organiser: Account) -> None:
    lock(judged, organiser)
    reopen(judged, organiser)
    # The second organiser, who agreed, came when judging had begun: that is told.
    assert [bend.action for bend in bends_of(judged)] == ["role.grant"]
    assert latest_publication(judged) is None


def test_a_notice_that_two_cut_short_is_told_in_a_version_of_its_own(
    judged: Competition, organiser: Account, client: FlaskClient
) -> None:
    announce(judged, organiser)
    event = judged.events[0]
    promised = stand_of(event).last_day
    assert promised is not None
    end_appeals(judged)
    ask_final(event, "颁奖仪式提前", organiser)
    agree_final(event, official(judged, "S1"))
    versions = publications(judged)
    assert [version.version for version in versions] == [2, 1]
    new, old = (snapshot_files(version) for version in versions)
    assert new[1] == old[1]
    (row,) = json.loads(new[0])["extra"]["bends"]
    assert (row["act"], row["event"], row["why"]) == (
        "results.final_early", event.code, "颁奖仪式提前",
    )  # fmt: skip
    for text in (str(date_words(promised)), organiser.name, "颁奖仪式提前"):
        assert text in row["what"] + row["who"] + row["why"]
    badge = client.get(f"/c/{person('P1').badge_token}").get_data(as_text=True)
    assert "颁奖仪式提前" in badge
    assert check_scores(versions[0]) is None
    assert list(verify_chain(judged)) == []


def test_a_promised_time_to_appeal_outlives_an_early_end(
    judged: Competition, organiser: Account
) -> None:
    announce(judged, organiser)
    event = judged.events[0]
    with pytest.raises(Refused, match="申诉受理到"):
        ask_final(event, "颁奖仪式提前", organiser)
    with pytest.raises(Refused, match="申诉受理到"):
        make_final(event, organiser)
    # However it came to be final, whoever was promised the time has it.
    with unit_of_work():
        db.session.query(ResultStand).one().state = ResultState.FINAL
        judged.state = CompetitionState.FINAL
    assert why_over(person("P1")) is None
    end_appeals(judged)
    assert why_over(person("P1")) is not None


def test_once_a_module_is_over_not_even_two_shorten_the_time_to_appeal(
    judged: Competition, organiser: Account
) -> None:
    now = details_of(judged)
    wanted = with_values(now, appeal_hours=1)
    change_details(judged, wanted, now, organiser, why="当晚闭幕")
    with unit_of_work():
        slot = Slot(
            entrant_id=person("P1").id, stage="S", module="m",
            starts_at=utc_now() - timedelta(hours=1), ends_at=utc_now() - timedelta(minutes=5),
        )  # fmt: skip
        db.session.add(slot)
    with pytest.raises(Refused, match="比完"):
        agree_terms(judged, official(judged, "S1"))
    with pytest.raises(Refused, match="比完"):
        change_details(judged, wanted, now, organiser, why="当晚闭幕")


# By act, the template of the form in which its reason is written, and the field there; a form
# of a setting that is told by two has several.
REASONS_ASKED = {
    "results.final_early": [("results/results", "early-why")],
    "results.withdraw": [("results/results", "withdraw-why")],
    "competition.agree_terms": [
        ("competitions/details/details", "form.why_shorter"),
        ("appeals/appeals", "rules.form.why"),
        ("judging/recheck/recheck", "rule.why"),
    ],
    "marks.unlock": [("desk/overview", "unlock-why")],
    "event.rules.change": [("rules/events/_changes", "rules-why")],
    "event.rules.alone": [("competitions/small/items", "'reason'")],
    "overall.rules.change": [("rules/overall/form", "overall-why")],
    "judges.assign": [("schedule/seating/seating", "写一句理由")],
    "examiners.rules": [("schedule/seating/seating", "examiners-reason")],
    "examiners.overrule": [("last_look", "'why'")],
    "judge.replace": [("schedule/judges/replace", "'reason'")],
    "draw.end": [("schedule/draws/_ending", "'why'")],
    "draw.void": [("schedule/draws/ceremony", "'why'")],
    "competition.format": [("competitions/file_version", "version-why")],
    "decision.withdraw": [("judging/decisions", "'withdraw-' ~ row.id")],
    "absence.keep": [("judging/decisions", "'keep-' ~ outcome")],
    "playoff.withdraw": [("results/ties", "'withdraw-' ~ row.id")],
    "judge.absent": [("competitions/small/absent", "'reason'")],
    "marks.typed": [("competitions/small/marks", "'reason'")],
    "role.revoke": [("accounts/revocation", "'reason'")],
    "exam.key": [("examinations/keys", "'reason'")],
    "judge.correct": [("schedule/judges/correct", "'reason'")],
    "entrant.level_exempt": [("registration/documents", "'organiser.ask_to_exempt'")],
    "labour.rules.change": [("labour/rules", "rules-why"), ("labour/form/form", "rules-why")],
    "labour.look.rules": [("labour/second_look/look", "rules.why")],
}
WITHOUT_REASON = {
    *("second.present", "second.paper", "second.countersign"),
    *("lock.must_sign", "judges.undo", "judges.timekeeper"),
    *("way_in.renew", "judge.named", "judge.add", "judges.import", "role.grant"),
    *("device.shared", "paper.settle", "acts.hand_over"),
}
BESIDE = {
    "certificates/certificates": "revoke-",
    "certificates/consequences/consequences": "settle-reason",
}
"""What no act of the table tells, and the page of a certificate does."""


def test_each_form_whose_reason_everybody_reads_says_so() -> None:
    assert set(REASONS_ASKED) | WITHOUT_REASON == set(BENDS)
    forms = [*BESIDE.items(), *(form for forms in REASONS_ASKED.values() for form in forms)]
    for template, field in forms:
        text = (TEMPLATES / f"{template}.html").read_text(encoding="utf-8")
        calls = re.findall(r"\{\{-? ?(?:plain|line|field|why_field|why_fold)\(.*?\}\}", text)
        # A reason is called so unless the call says otherwise.
        asked = [
            call for call in calls if field in call or (field == "'reason'" and "why_f" in call)
        ]
        assert asked, (template, field)
        for call in asked:
            assert re.search("public=|told_to_all|会写在公布的成绩上", call), (template, call)
