"""Tables, one file per aggregate."""

from compete.models.accounts import (
    BY_LINK,
    Account,
    CardHandling,
    FirmIdentity,
    FirmSignOut,
    Invitation,
    Membership,
    SecondFactor,
    SignedInSession,
    SignIn,
    SignInCard,
)
from compete.models.admission import Admission
from compete.models.api_feed import ApiAnswer, FeedEntry
from compete.models.api_token import ApiToken
from compete.models.appeal import Appeal, AppealDecision, AppealEvidence
from compete.models.application import Application
from compete.models.audit import AuditEntry, ImportBatch, ImportRow, RememberedColumns
from compete.models.badge import ReplacedBadge
from compete.models.base import Base, db, set_up_sqlite, utc_now
from compete.models.calendar import CalendarDate
from compete.models.certificate import Certificate, CertificateSum, IssuingBody, NumberSeries
from compete.models.check_in import CheckIn
from compete.models.competition import Competition, Event, Judge, RuleVersion, Unit
from compete.models.consent import Consent
from compete.models.consequence import Consequence
from compete.models.credential import Credential, IssuerKey
from compete.models.decision import Decision
from compete.models.distinction import Distinction
from compete.models.document import ApplicantDocument
from compete.models.dossier import Dossier
from compete.models.draw import DrawCeremony, DrawShare, PaperDraw
from compete.models.entrant import BlindCode, Entrant, Member, Slot, Team
from compete.models.erasure import Erasure
from compete.models.examination import (
    ExamAct,
    ExamDevice,
    ExamEssay,
    ExamGrant,
    Examination,
    ExamKey,
    ExamMark,
    ExamMarker,
    ExamRoom,
    ExamSitting,
    QuestionFigure,
)
from compete.models.examinee import Examinee
from compete.models.exemption import Exemption
from compete.models.expert import Expert
from compete.models.fee import Fee
from compete.models.grade_claim import ClaimDocument, GradeClaim
from compete.models.grade_ladder import ConditionEdition, GradeLadder
from compete.models.hall import BoardSnapshot, HallBoard
from compete.models.honour_approval import HonourApproval
from compete.models.installation import FormerKey, Generation, KeyCheck
from compete.models.installation_people import NAME_KEY_LENGTH, Organisation, Person, PersonsApart
from compete.models.job import Job
from compete.models.labour import (
    SELF,
    AdjustmentEntry,
    LabourDepartment,
    LabourSignOff,
    LabourValueEntry,
    VetoEntry,
)
from compete.models.labour_accidents import LabourAccident
from compete.models.labour_head_counts import LabourHeadCount
from compete.models.labour_looks import LabourFinding, LabourLook
from compete.models.labour_months import PeriodCorrection, PeriodStand
from compete.models.labour_notes import LabourNote
from compete.models.labour_reminders import LabourReminder
from compete.models.labour_rules import LabourRuleChange
from compete.models.lock import LockEntry
from compete.models.log import LogCheckpoint, LogLeaf, LogTile
from compete.models.mentors import MentorNote, MentorRuleSet, Mentorship
from compete.models.occupation import Occupation
from compete.models.outbox import Delivery, MessageAddress, Webhook
from compete.models.oversight import OversightReport
from compete.models.paper import PaperEntry
from compete.models.person_link import PersonLink, PersonShare
from compete.models.photo import SheetPhoto
from compete.models.playoff import Playoff
from compete.models.portrait import Portrait, PortraitFile, PortraitUpload
from compete.models.printed import PrintedPiece
from compete.models.publications import GradeDecision, Publication
from compete.models.question import (
    BankPart,
    BankRequest,
    ExamPaper,
    PaperTable,
    Practice,
    PracticeDay,
    Question,
    QuestionBank,
    QuestionLook,
    QuestionPicture,
    QuestionReview,
    QuestionUse,
    QuestionVersion,
    SyllabusNode,
)
from compete.models.recheck import RecheckEntry, RecheckRound
from compete.models.recusal import Recusal
from compete.models.result_stand import ResultStand, WorkingYear
from compete.models.revocation import Revocation
from compete.models.rewards import (
    Attendance,
    PayRuleRow,
    PointConsent,
    PointEntry,
    PointRuleRow,
    RewardList,
    RewardScheme,
)
from compete.models.room import Room, RoomUse
from compete.models.row_seal import RowSeal
from compete.models.rule_changes import RuleChange
from compete.models.ruling import Ruling
from compete.models.second_persons import DeviceUse, Presence, SignedPaper
from compete.models.series import (
    Nomination,
    OutsideResult,
    Series,
    SeriesBerth,
    SeriesNode,
    SeriesReminder,
    SeriesSettled,
    SessionReport,
)
from compete.models.sheets import (
    Act,
    Assignment,
    DifficultyEntry,
    OutcomeEntry,
    PenaltyEntry,
    Sheet,
    SheetComment,
    TimeEntry,
)
from compete.models.signing import FieldRecord, SignedSheet
from compete.models.stoppage import Stoppage
from compete.models.stored_page import StoredPage
from compete.models.submission import Submission
from compete.models.tablet_contact import Contact
from compete.models.tablets import TabletKey
from compete.models.tie import JudgeTie
from compete.models.withdrawal import Withdrawal

__all__ = [
    "BY_LINK",
    "NAME_KEY_LENGTH",
    "SELF",
    "Account",
    "Act",
    "AdjustmentEntry",
    "Admission",
    "ApiAnswer",
    "ApiToken",
    "Appeal",
    "AppealDecision",
    "AppealEvidence",
    "ApplicantDocument",
    "Application",
    "Assignment",
    "Attendance",
    "AuditEntry",
    "BankPart",
    "BankRequest",
    "Base",
    "BlindCode",
    "BoardSnapshot",
    "CalendarDate",
    "CardHandling",
    "Certificate",
    "CertificateSum",
    "CheckIn",
    "ClaimDocument",
    "Competition",
    "ConditionEdition",
    "Consent",
    "Consequence",
    "Contact",
    "Credential",
    "Decision",
    "Delivery",
    "DeviceUse",
    "DifficultyEntry",
    "Distinction",
    "Dossier",
    "DrawCeremony",
    "DrawShare",
    "Entrant",
    "Erasure",
    "Event",
    "ExamAct",
    "ExamDevice",
    "ExamEssay",
    "ExamGrant",
    "ExamKey",
    "ExamMark",
    "ExamMarker",
    "ExamPaper",
    "ExamRoom",
    "ExamSitting",
    "Examination",
    "Examinee",
    "Exemption",
    "Expert",
    "Fee",
    "FeedEntry",
    "FieldRecord",
    "FirmIdentity",
    "FirmSignOut",
    "FormerKey",
    "Generation",
    "GradeClaim",
    "GradeDecision",
    "GradeLadder",
    "HallBoard",
    "HonourApproval",
    "ImportBatch",
    "ImportRow",
    "Invitation",
    "IssuerKey",
    "IssuingBody",
    "Job",
    "Judge",
    "JudgeTie",
    "KeyCheck",
    "LabourAccident",
    "LabourDepartment",
    "LabourFinding",
    "LabourHeadCount",
    "LabourLook",
    "LabourNote",
    "LabourReminder",
    "LabourRuleChange",
    "LabourSignOff",
    "LabourValueEntry",
    "LockEntry",
    "LogCheckpoint",
    "LogLeaf",
    "LogTile",
    "Member",
    "Membership",
    "MentorNote",
    "MentorRuleSet",
    "Mentorship",
    "MessageAddress",
    "Nomination",
    "NumberSeries",
    "Occupation",
    "Organisation",
    "OutcomeEntry",
    "OutsideResult",
    "OversightReport",
    "PaperDraw",
    "PaperEntry",
    "PaperTable",
    "PayRuleRow",
    "PenaltyEntry",
    "PeriodCorrection",
    "PeriodStand",
    "Person",
    "PersonLink",
    "PersonShare",
    "PersonsApart",
    "Playoff",
    "PointConsent",
    "PointEntry",
    "PointRuleRow",
    "Portrait",
    "PortraitFile",
    "PortraitUpload",
    "Practice",
    "PracticeDay",
    "Presence",
    "PrintedPiece",
    "Publication",
    "Question",
    "QuestionBank",
    "QuestionFigure",
    "QuestionLook",
    "QuestionPicture",
    "QuestionReview",
    "QuestionUse",
    "QuestionVersion",
    "RecheckEntry",
    "RecheckRound",
    "Recusal",
    "RememberedColumns",
    "ReplacedBadge",
    "ResultStand",
    "Revocation",
    "RewardList",
    "RewardScheme",
    "Room",
    "RoomUse",
    "RowSeal",
    "RuleChange",
    "RuleVersion",
    "Ruling",
    "SecondFactor",
    "Series",
    "SeriesBerth",
    "SeriesNode",
    "SeriesReminder",
    "SeriesSettled",
    "SessionReport",
    "Sheet",
    "SheetComment",
    "SheetPhoto",
    "SignIn",
    "SignInCard",
    "SignedInSession",
    "SignedPaper",
    "SignedSheet",
    "Slot",
    "Stoppage",
    "StoredPage",
    "Submission",
    "SyllabusNode",
    "TabletKey",
    "Team",
    "TimeEntry",
    "Unit",
    "VetoEntry",
    "Webhook",
    "Withdrawal",
    "WorkingYear",
    "db",
    "set_up_sqlite",
    "utc_now",
]
