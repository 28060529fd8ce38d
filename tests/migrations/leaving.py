"""What a version of the program leaves behind: a small competition, from marks to certificates.

`python -m tools.leave_behind COMMIT` runs this with that commit's own code, so it calls only
what every version since bd2a86e has. A database made by it is never made again.
"""

from __future__ import annotations

from typing import Any

from compete import create_app
from compete.cli import main
from compete.domain.values.roles import Role
from compete.models import Account, Competition
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.accounts.pins import set_pin
from compete.services.certificates.award_certificates import issue_award_certificates
from compete.services.closing.penalties_and_outcomes import (
    Proposal,
    confirm_proposal,
    propose_decision,
)
from compete.services.competitions.loading import load_bundle
from compete.services.judging.signing import sign_sheet
from tests.support.announced import announce, approve_all, body_for
from tests.support.issuing import issue_grade_certificates
from tests.support.judging import Tablet, seat_and_open
from tests.support.panels import PIN, SIGNATURE
from tests.support.signing_in import official
from tests.support.small import all_marks, read, small

PRIZES: dict[str, Any] = {
    "occupation": {"code": "6-30-05-01", "name": "起重装卸机械操作工", "track": "叉车司机"},
    "awards": [
        {"code": "first", "name": "一等奖", "top": 1},
        {"code": "second", "name": "二等奖", "top": 1},
    ],
    "grades": [
        {"code": "top-1", "when": {"groups": ["worker"], "max_rank": 1}, "grant": {"to": 2}},
        {"code": "top-3", "when": {"groups": ["worker"], "max_rank": 3}, "grant": {"to": 3}},
    ],
}


def leave_behind() -> None:
    """The whole day, in the database that the environment names."""
    if main(["db", "upgrade"]):
        raise SystemExit("the database could not be made")
    with create_app().app_context():
        organiser = create_account("吴敏")
        competition = load_bundle(read(small(event=PRIZES)), by=organiser)
        grant_role(organiser, competition, Role.ORGANISER, by=organiser)
        _judge(competition, organiser)
        announce(competition, organiser, "第一次公布")
        approve_all(competition, organiser)
        issue_grade_certificates(competition, body_for(competition), organiser, "急用")
        issue_award_certificates(competition, organiser, "急用")


def _judge(competition: Competition, organiser: Account) -> None:
    """Marks from three tablets, one of them changed; a sheet signed; a penalty by two."""
    seat_and_open(competition, organiser)
    tablets = {code: Tablet(competition, code) for code in ("J1", "J2", "J3")}
    tablets["J1"].send(tablets["J1"].mark("a", "12.5", "P1", note="先记的"))
    for mark in all_marks():
        tablet = tablets[mark["judge"]]
        tablet.send(tablet.mark(mark["aspect"], mark["value"], mark["entrant"]))
    for tablet in tablets.values():
        for code in ("P1", "P2", "P3", "P4"):
            tablet.send(tablet.act("submit", code))
    signer = tablets["J1"]
    set_pin(signer.account, PIN, PIN)
    sign_sheet(signer.sheet("P1"), pin=PIN, drawing=SIGNATURE, by=signer.account)
    wanted = Proposal("penalty", "S", "m", "越线", "监督看到的", points="2")
    decision = propose_decision(signer.sheet("P4").entrant, wanted, official(competition, "C1"))
    confirm_proposal(decision, official(competition, "S1"))


if __name__ == "__main__":
    leave_behind()
