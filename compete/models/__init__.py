"""Tables, one file per aggregate."""

from compete.models.base import Base, db, set_up_sqlite, utc_now
from compete.models.certificate import Certificate, IssuingBody, NumberSeries
from compete.models.competition import Competition, Event, Judge, RuleVersion, Unit
from compete.models.contact import Contact
from compete.models.decision import Decision
from compete.models.entrant import BlindCode, Entrant, Slot, Team
from compete.models.hall import BoardSnapshot, HallBoard
from compete.models.judging import (
    Act,
    Assignment,
    OutcomeEntry,
    PenaltyEntry,
    Sheet,
    TimeEntry,
)
from compete.models.labour import AdjustmentEntry, LabourValueEntry, VetoEntry
from compete.models.lock import LockEntry
from compete.models.paper import PaperEntry
from compete.models.people import Account, Membership, SignInCard
from compete.models.photo import SheetPhoto
from compete.models.recheck import RecheckEntry, RecheckRound
from compete.models.records import AuditEntry, ImportBatch
from compete.models.recusal import Recusal
from compete.models.results import GradeDecision, Publication
from compete.models.ruling import Ruling
from compete.models.signing import FieldRecord, SignedSheet

__all__ = [
    "Account",
    "Act",
    "AdjustmentEntry",
    "Assignment",
    "AuditEntry",
    "Base",
    "BlindCode",
    "BoardSnapshot",
    "Certificate",
    "Competition",
    "Contact",
    "Decision",
    "Entrant",
    "Event",
    "FieldRecord",
    "GradeDecision",
    "HallBoard",
    "ImportBatch",
    "IssuingBody",
    "Judge",
    "LabourValueEntry",
    "LockEntry",
    "Membership",
    "NumberSeries",
    "OutcomeEntry",
    "PaperEntry",
    "PenaltyEntry",
    "Publication",
    "RecheckEntry",
    "RecheckRound",
    "Recusal",
    "RuleVersion",
    "Ruling",
    "Sheet",
    "SheetPhoto",
    "SignInCard",
    "SignedSheet",
    "Slot",
    "Team",
    "TimeEntry",
    "Unit",
    "VetoEntry",
    "db",
    "set_up_sqlite",
    "utc_now",
]
