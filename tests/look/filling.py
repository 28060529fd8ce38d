"""One database with competitions in every state, and the addresses and people that open it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import func, select

from compete import models
from compete.domain.bundle.types import Unit
from compete.domain.rewards.dues import Start
from compete.domain.rewards.points import PointSource
from compete.domain.values.kinds import Level
from compete.domain.values.mentor_states import MentorOutcome
from compete.domain.values.roles import BankRole, Role
from compete.domain.values.states import CertificateState
from compete.models import (
    Account,
    Certificate,
    Competition,
    ConditionEdition,
    ExamPaper,
    GradeLadder,
    LabourDepartment,
    Mentorship,
    Occupation,
    Practice,
    Question,
    QuestionBank,
    RewardList,
    RewardScheme,
    Series,
    SeriesNode,
    db,
)
from compete.resources import resource_dir
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.certificates.award_certificates import issue_award_certificates
from compete.services.certificates.issuing_bodies import bodies
from compete.services.certificates.revoking import ask_revocation
from compete.services.competitions.demonstration import announce_first_part, load_samples
from compete.services.competitions.drafts import Beginnings, Origin, blank, make_draft
from compete.services.competitions.loading import load_bundle
from compete.services.directory.ladders.conditions import fill_editions
from compete.services.directory.ladders.table import fill_ladders
from compete.services.directory.occupations.shipped import fill_catalogue
from compete.services.directory.organisations import add_organisation
from compete.services.hall.board_acts import change_board, make_board
from compete.services.kernel.clock import local_today
from compete.services.kernel.transactions import unit_of_work
from compete.services.labour.closing import close_period
from compete.services.labour.corrections import Wanted, ask_correction
from compete.services.labour.second_look import draw_look, set_look_rules
from compete.services.labour.sign_off import sign_off
from compete.services.mentors.mentorship_fields import EndFields, VisitFields
from compete.services.mentors.mentorships import end_pair, note_visit, withdraw_visit
from compete.services.questions.bank_rights import put_in_bank
from compete.services.questions.practice import open_practice
from compete.services.registration.preview import keep_upload, offer_of
from compete.services.registration.units.links import contact_of, make_link
from compete.services.registration.window import Window, change_window
from compete.services.rewards.pay_rules import PayRuleFields, add_pay_rule
from compete.services.rewards.points import PointRuleFields, add_point_rule
from compete.services.rewards.reward_lists import MonthFields, make_list
from compete.services.workers.own_links import give_link, share
from compete.sheets.registration.template import write_registration_workbook
from tests.domain.scoring.test_overall import RANKS
from tests.domain.scoring.test_overall import two_events as ranked_together
from tests.services.labour.made_up import PIN, act, made_up
from tests.support import drawing, self_entry
from tests.support.announced import announce, approve_all
from tests.support.appealing import appealed, bench_of, decided
from tests.support.competitions import sample
from tests.support.contest import contest
from tests.support.evaluation import evaluation
from tests.support.every_rule import every_rule
from tests.support.every_table import every_table, two_events
from tests.support.issuing import issue_grade_certificates
from tests.support.mentors import pair_of, works
from tests.support.panels import open_panel
from tests.support.second_day import PRIZES, person, second_version
from tests.support.self_entry import NUMBERS
from tests.support.series import node_here, node_in, report_of, series_by
from tests.support.signing_in import sign_in
from tests.support.small import all_marks, read, small
from tests.support.varied import varied_bundle

LONG = "港" * 60


def named(units: Sequence[Unit]) -> tuple[Unit, ...]:
    """The units of a bundle with long names that differ."""
    return tuple(
        msgspec.structs.replace(unit, name=f"{place:02}{LONG}"[:60])
        for place, unit in enumerate(units)
    )


@dataclass
class Filled:
    """What was made: cookies by who holds them, and the ends of addresses by their names."""

    cookies: dict[str, str] = field(default_factory=dict)
    ends: dict[str, str] = field(default_factory=dict)


class Filling:
    """Fills one database, inside an application's context."""

    def __init__(self, app: Flask) -> None:
        self.app, self.made = app, Filled()
        with unit_of_work():
            fill_catalogue()
            fill_ladders()
            fill_editions()
        load_samples(resource_dir("sample_events"))
        self.organiser = db.session.scalars(select(Account).filter_by(name="吴敏")).one()
        admin = self.admin = create_account("管理员", is_admin=True)
        self.let_in("admin", admin)
        for bank in db.session.scalars(select(QuestionBank)).all():
            for role in BankRole:
                put_in_bank(bank, admin, role, None)
        paper = db.session.scalars(select(ExamPaper).order_by(ExamPaper.id).limit(1)).one()
        bank = paper.table.bank
        question = select(func.min(Question.id)).where(Question.bank_id == bank.id)
        self.made.ends |= {
            "bank": str(bank.id),
            "question": str(db.session.scalar(question)),
            "table": str(paper.table_id),
            "paper": str(paper.id),
        }
        self.made.ends["practice-link"] = open_practice(bank, None, admin).link

    def let_in(self, who: str, account: Account) -> None:
        """A session of the account's, by this name."""
        signer = SecureCookieSessionInterface().get_signing_serializer(self.app)
        assert signer is not None
        session = {"_user_id": sign_in(self.app, account), "_fresh": True, "_permanent": True}
        self.made.cookies[who] = str(signer.dumps(session))

    def load(self, plain: dict[str, Any], code: str = "") -> Competition:
        """A competition of its own code, which the organiser runs."""
        if code:
            plain["competition"]["code"] = code
        return self.run_by_organiser(load_bundle(read(plain), by=self.organiser))

    def run_by_organiser(self, competition: Competition) -> Competition:
        """The organiser has its role."""
        grant_role(self.organiser, competition, Role.ORGANISER, by=self.organiser)
        return competition

    def all(self) -> Filled:
        """Everything, one competition after another."""
        self.certified()
        self.announced()
        self.panel()
        self.registering()
        self.drawn()
        self.labour()
        self.hall()
        self.long_names()
        self.series()
        self.rewards(self.admin)
        self.mentors()
        self.load(small() | {"entrants": []}, "NOBODY")
        self.run_by_organiser(load_bundle(varied_bundle(), by=self.organiser))
        rules = small(format="compete-bundle/2")
        self.load(rules | {"entrants": [], "events": [every_rule("A")]}, "RULES")
        self.load(two_events(tables=every_table()), "TABLES")
        sums = ranked_together(**RANKS, who="delegations", name="代表队总分")
        renamed = msgspec.structs.replace(sums.competition, code="SUMS")
        sums = msgspec.structs.replace(sums, competition=renamed)
        announce(self.run_by_organiser(load_bundle(sums, by=self.organiser)), self.organiser)
        self.load(evaluation())
        self.numbers()
        wanted = Beginnings(name="空的", code="EMPTY")
        make_draft(blank(wanted), Origin.BLANK, "", self.organiser)
        return self.made

    def certified(self) -> None:
        """X: published, certified, appealed against, the winner struck out and published anew."""
        competition = self.load(small(all_marks(), event=PRIZES))
        announce(competition, self.organiser)
        approve_all(competition, self.organiser)
        (body,) = bodies()
        issue_grade_certificates(competition, body, self.organiser, "急用")
        issue_award_certificates(competition, self.organiser, "急用")
        bench = bench_of(competition, self.organiser)
        self.let_in("arbiter", bench.first)
        appeal = appealed("P3")
        decided(appeal, bench.first)
        second_version(competition, self.organiser)
        own = person(competition, "P2")
        paper = db.session.scalars(select(Certificate).filter_by(competition_id=competition.id))
        self.made.ends |= {"contestant": str(own.badge_token), "appeal": appeal.public_id}
        assert own.person is not None
        link = give_link(own.person, self.organiser)
        self.made.ends |= {"record": link.link, "shared": share(link).token}
        papers = list(paper)
        self.made.ends["certificate"] = papers[0].token
        valid = [it for it in papers if it.state is CertificateState.VALID]
        for waiting in valid[:2]:
            ask_revocation(waiting, "查明是冒名顶替", self.organiser)

    def announced(self) -> None:
        """RESCUE-2022, a sample, is published, approved and certified."""
        competition = db.session.scalars(select(Competition).filter_by(code="RESCUE-2022")).one()
        announce(competition, self.organiser)
        approve_all(competition, self.organiser)
        (body,) = bodies()
        issue_grade_certificates(competition, body, self.organiser, "急用")
        issue_award_certificates(competition, self.organiser, "急用")

    def panel(self) -> None:
        """PANEL: three judges who disagree about E1; E2 is being marked."""
        panel = open_panel()
        panel.fill_panel("0", "2", "3")
        panel.act(panel.sheet("J1", "E2"), "mark", aspect="smooth", value="2")
        for who in ("J1", "C1", "S1"):
            self.let_in(who, panel.account(who))
        self.made.ends |= {
            "sheet": panel.sheet("J1", "E2").public_id,
            "submitted": panel.sheet("J1").public_id,
        }

    def registering(self) -> None:
        """NEXT: units and people enter, nothing is drawn."""
        competition = self.load(small(), "NEXT")
        change_window(competition, Window(quota=5), self.organiser)
        unit = competition.units[0]
        self.made.ends["unit-link"] = make_link(unit, competition, "顾燕", self.organiser)
        contact = contact_of(unit)
        assert contact is not None
        self.let_in("contact", contact)
        self_entry.switch_on(competition, self.organiser)
        application, link = self_entry.enter(competition)
        row = {"name": "新来", "id_number": NUMBERS[5], "unit": unit.name}
        content = write_registration_workbook(offer_of(competition), [row])
        upload = keep_upload(competition, "报名.xlsx", content, self.organiser)
        self.made.ends |= {
            "own-entry": link,
            "application": application.public_id,
            "batch": str(upload.id),
        }

    def drawn(self) -> None:
        """DRAWN: a ceremony is over. DRAWING: one waits for its seals."""
        competition = self.load(small(), "DRAWN")
        ceremony = drawing.drawn(competition, self.organiser)
        self.made.ends["ceremony"] = str(ceremony.id)
        waiting = drawing.prepared(self.load(small(), "DRAWING"), self.organiser)
        self.made.ends["waiting"] = str(waiting.id)

    def labour(self) -> None:
        """L: a labour competition of two departments, February half filled in."""
        made = made_up(lambda plain: self.load(dict(plain)), self.organiser)
        made.enter(act("甲", "安全", "28"), act("乙", "隐患", "2"))
        self.let_in("recorder", made.zhou)
        safe = (act(unit, "安全", "28", seen=10**6) for unit in "甲乙丙")
        made.enter(*safe, period="一月")
        for department, by in ((made.safety, made.zhou), (made.works, made.chen)):
            sign_off(department, "一月", pin=PIN, name=by.name, by=by)
        close_period(made.competition, "一月", "", self.organiser)
        for unit in "甲乙丙":
            wanted = Wanted("veto", "一月", unit, "一月里有一起亡人事故没有报")
            ask_correction(made.competition, wanted, self.organiser)
        ask_correction(made.competition, wanted, self.organiser)
        set_look_rules(made.competition, Decimal(100), 0, True, self.organiser)
        looker = create_account("郭强")
        grant_role(looker, made.competition, Role.SUPERVISOR, by=self.organiser)
        draw_look(made.competition, "一月", "签", looker)
        self.let_in("looker", looker)

    def hall(self) -> None:
        """CUP: a board on the big screen, live."""
        competition = self.run_by_organiser(
            load_bundle(contest(entrants=12, blind=True), by=self.organiser)
        )
        self.made.ends["board"] = self.board_of(competition)

    def board_of(self, competition: Competition) -> str:
        """The token of a board that is switched on."""
        board = make_board(competition.events[0], self.organiser)
        change_board(
            board,
            switched_on=True,
            delay="0",
            places="9",
            stations=False,
            opens_at=None,
            by=self.organiser,
        )
        return board.token

    def long_names(self) -> None:
        """LONG and LONG-YEAR: names of people and units are of 60 signs; a board and a wall."""
        bundle = contest("LONG", entrants=12)
        long = msgspec.structs.replace(
            bundle,
            entrants=tuple(
                msgspec.structs.replace(entrant, name=LONG) for entrant in bundle.entrants
            ),
            units=named(bundle.units),
        )
        competition = self.run_by_organiser(load_bundle(long, by=self.organiser))
        announce(competition, self.organiser)
        self.made.ends["long-board"] = self.board_of(competition)
        year = sample("key-projects-labour")
        renamed = msgspec.structs.replace(year.competition, code="LONG-YEAR")
        year = msgspec.structs.replace(year, competition=renamed, units=named(year.units))
        announce_first_part(
            self.run_by_organiser(load_bundle(year, by=self.organiser)), self.organiser
        )

    def series(self) -> None:
        """A series with a competition here, nodes that report, and those that have not yet."""
        series = series_by(
            self.organiser, "全市职工职业技能系列赛", year=2026, organiser="市总工会"
        )
        final = db.session.scalars(select(Competition).filter_by(code="X")).one()
        above = node_in(series, "省赛", self.organiser, level=Level.PROVINCIAL_1)
        here = node_here(series, final, self.organiser, under=above)
        report_of(node_in(series, "一公司", self.organiser, under=here), self.organiser, 3, 1200)
        node_in(series, "二公司", self.organiser, under=here)

    def rewards(self, keeper: Account) -> None:
        """A scheme for people of one competition, with rules, points, and this month's list."""
        firm = add_organisation("港口集团", "", None, keeper)
        with unit_of_work() as session:
            here = session.scalars(select(Competition).filter_by(code="X")).one()
            for unit in session.scalars(select(models.Unit).filter_by(competition_id=here.id)):
                unit.organisation_id = firm.id
            scheme = RewardScheme(organisation_id=firm.id, keeper_id=keeper.id)
            session.add(scheme)
        pays = PayRuleFields(
            grade="3",
            amount=Decimal(300),
            start=Start.THIS,
            first=date(2020, 1, 1),
            document="集团〔2026〕8 号",
        )
        add_pay_rule(scheme, pays, keeper)
        earns = PointRuleFields(
            source=PointSource.GRADE, points=Decimal(20), first=date(2020, 1, 1)
        )
        add_point_rule(scheme, earns, keeper)
        make_list(scheme, MonthFields(month=local_today()), keeper)

    def mentors(self) -> None:
        """Agreements of an organisation: one that runs with visits, one that ended well."""
        admin = create_account("师徒管理员", is_admin=True)
        works(admin)
        row = pair_of(admin, aims="能独立焊管\n考高级工", document="师徒〔2026〕12 号")
        visit = VisitFields(by="车间工会", text="看焊接", day=row.starts, hours=Decimal("1.5"))
        note_visit(row, visit, admin)
        twice = note_visit(row, visit, admin)
        withdraw_visit(row, twice.id, "记了两遍", admin)
        ended = pair_of(admin, "刘师傅", "小周", until=row.starts)
        end_pair(ended, EndFields(outcome=MentorOutcome.EXCELLENT, day=ended.starts), admin)
        self.made.ends["works"] = str(row.organisation_id)

    def numbers(self) -> None:
        """Ends of addresses that are the numbers of rows."""
        firsts = {
            "department": LabourDepartment,
            "edition": ConditionEdition,
            "ladder": GradeLadder,
            "occupation": Occupation,
            "practice": Practice,
            "reward-list": RewardList,
            "rewards": RewardScheme,
            "series": Series,
            "series-node": SeriesNode,
            "mentorship": Mentorship,
        }
        for name, model in firsts.items():
            self.made.ends[name] = str(db.session.scalar(select(func.min(model.id))))
