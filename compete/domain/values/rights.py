"""Rights and roles: one table of who may do what, for guards, menus, services and tests.

A page or a service names a right and asks here; nowhere else stands a set of roles
that decides who is let in. The table for people in docs/operating.md says the same.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from compete.domain.values.roles import ARBITERS, SCORING_ROLES, WATCHERS, BankRole, Role


class Right(StrEnum):
    """A right: something that somebody may do or not. Most are of one competition."""

    ADMINISTER = "administer"
    """Accounts, certifying bodies, every competition."""
    MAKE = "make"
    """Make a competition; whoever organises one already may."""
    DIRECTORY = "directory"
    """The installation's organisations, and the people of the own competitions."""
    SERIES = "series"
    """Series: make one, see those of the own competitions; who made one keeps it."""
    KEEP_REWARDS = "keep_rewards"
    """What an organisation pays for grades and honours, and its lists: for whom it names alone."""
    MENTORS = "mentors"
    """Mentors and pupils: write agreements of organisations of the own competitions."""
    OPEN_DESK = "open_desk"
    """See the list of the own competitions."""
    OWN_ACCOUNT = "own_account"
    """The own password, PIN and devices."""

    SET_UP = "set_up"
    """Details, events, rules of one competition."""
    REGISTER = "register"
    """Units and contestants: enter, import, correct, withdraw, print badges."""
    TELL = "tell"
    """Messages to people: which, in which words, when; stop them, send again."""
    SEE_NUMBERS = "see_numbers"
    """A whole ID number, with a reason, logged."""
    PRINT_FORMS = "print_forms"
    """The forms of the venue: who begins when and where, who signs."""
    DRAW = "draw"
    """Sessions, rooms and seats: laid out, drawn, moved."""
    APPOINT = "appoint"
    """Officials, what they judge, all their cards on paper."""
    GIVE_ROLES = "give_roles"
    """Invite organisers, take roles back."""
    OPEN_MARKING = "open_marking"
    UNLOCK = "unlock"
    DECIDE_AWARDS = "decide_awards"
    CHECK_RESULTS = "check_results"
    """Say that an event's results were checked, before they are published."""
    PUBLISH = "publish"
    """Publish; extend or withdraw a notice; make results final."""
    ISSUE = "issue"
    """Certificates: issue, print, void, settle what a new version left."""
    DOSSIER = "dossier"
    """The dossier for an inspection: made, and fetched with whole names, logged."""
    RUN_HALL = "run_hall"
    CORRECT_CHECK_IN = "correct_check_in"
    """Take a check-in back at the desk, without the clerk's time limit."""
    SEE_BLIND = "see_blind"
    """See who is behind a blind code before the marks are locked."""

    LEAD = "lead"
    """Return sheets, remind, replace judges, propose outcomes."""
    GIVE_CARDS = "give_cards"
    """Show, renew or cancel an official's sign-in card."""
    LOCK = "lock"
    """Lock the marks of a module or of the competition."""
    RULE = "rule"
    """The chief judge's own: rule on disputes, order marks anew."""

    OVERSEE = "oversee"
    """The supervisor's own: agree to other rules once judging has begun."""

    SEE = "see"
    """The desk's pages about judging and results."""
    FOLLOW_JOBS = "follow_jobs"
    """How far what somebody sent or asked to be printed has come."""
    AGREE = "agree"
    """Be the second of two persons."""
    SAME_DAY = "same_day"
    """The page of the second person: who counts today, there with the first or by a paper."""
    RECHECK = "recheck"
    """Draw the sheets that are entered again, rule on differences."""
    FOLLOW_PAPER = "follow_paper"
    """The pages of paper entry, recheck and handing over."""
    READ_AGAIN = "read_again"
    """Enter a sheet a second time; whoever judged it never does."""
    BRING = "bring"
    """Hand in what a tablet could not send."""

    INVIGILATE = "invigilate"
    """Theory examinations in a hall: open rooms, begin, add time, move people to other devices."""
    MARK = "mark"
    CODE = "code"
    """Blind codes: see and print the form."""
    CHECK_IN = "check_in"
    ENTER_OWN = "enter_own"
    """The people of the own unit: enter, hand in, see what became of them; appeal for them."""

    ENTER_VALUES = "enter_values"
    """The own department's values in a labour competition, or the own unit's self-assessment."""

    SEE_APPEALS = "see_appeals"
    """Appeals with their evidence, and what was decided."""
    ARBITRATE = "arbitrate"
    """Decide on appeals, whoever's turn it is."""
    FIRST_WORD = "first_word"
    """Decide in the first instance."""
    LAST_WORD = "last_word"
    """Decide in the second instance, for good."""

    OPEN_BANKS = "open_banks"
    """The list of question banks, and of each the syllabus and how many questions it has."""
    SEE_QUESTIONS = "see_questions"
    """The questions of a bank with keys and explanations; each look at a secret one is kept."""
    WRITE_QUESTIONS = "write_questions"
    """New questions and new versions, typed or as a workbook."""
    REVIEW_QUESTIONS = "review_questions"
    """Review what others wrote."""
    ASSEMBLE_PAPERS = "assemble_papers"
    """Bring the tables of papers, put papers together by them, say that one was used."""
    SEE_PAPERS = "see_papers"
    """The papers of a bank with their questions; each look is kept."""
    TAKE_OUT_QUESTIONS = "take_out_questions"
    """Ask for a bank or a paper as a file, and fetch it once a second person agreed."""
    KEEP_QUESTIONS = "keep_questions"
    """Withdraw questions, agree to a file, see who looked at what."""


@dataclass(frozen=True, slots=True)
class Holders:
    """The holders of a right."""

    roles: frozenset[Role]
    administrators: bool
    """True if administrators may without a role, as they may all that organisers may."""
    everybody: bool = False
    """True if any account may, with or without a part in a competition."""
    in_banks: frozenset[BankRole] = frozenset()
    """The roles in a question bank that may; for rights that are of no competition."""
    keeps_rewards: bool = False
    """True if who keeps an organisation's rewards may."""

    def of(self, roles: Collection[Role], *, administrator: bool, acting: bool = False) -> bool:
        """True if somebody with these roles may; `acting`: do something, not only read."""
        if acting:
            roles = frozenset(roles) - WATCHERS
        return (
            self.everybody
            or (administrator and self.administrators)
            or not self.roles.isdisjoint(roles)
        )


def _by(*roles: Role) -> Holders:
    return Holders(frozenset(roles), administrators=Role.ORGANISER in roles)


def _in_banks(*roles: BankRole, administrators: bool = False) -> Holders:
    return Holders(frozenset(), administrators=administrators, in_banks=frozenset(roles))


_O, _C, _S, _R = Role.ORGANISER, Role.CHIEF, Role.SUPERVISOR, Role.RECORDER

HOLDERS: Mapping[Right, Holders] = {
    Right.ADMINISTER: Holders(frozenset(), administrators=True),
    Right.MAKE: _by(_O),
    Right.DIRECTORY: _by(_O),
    Right.SERIES: _by(_O),
    Right.KEEP_REWARDS: Holders(frozenset(), administrators=True, keeps_rewards=True),
    Right.MENTORS: _by(_O),
    Right.OPEN_DESK: _by(_O, _C, _S, *WATCHERS),
    Right.OWN_ACCOUNT: Holders(frozenset(Role), administrators=True, everybody=True),
    Right.SET_UP: _by(_O),
    Right.REGISTER: _by(_O, Role.REGISTRAR),
    Right.TELL: _by(_O),
    Right.SEE_NUMBERS: _by(_O),
    Right.PRINT_FORMS: _by(_O, Role.REGISTRAR, Role.OFFICE),
    Right.DRAW: _by(_O, Role.OFFICE),
    Right.APPOINT: _by(_O),
    Right.GIVE_ROLES: _by(_O),
    Right.OPEN_MARKING: _by(_O),
    Right.UNLOCK: _by(_O),
    Right.DECIDE_AWARDS: _by(_O),
    Right.CHECK_RESULTS: _by(_O, _C, _S),
    Right.PUBLISH: _by(_O),
    Right.ISSUE: _by(_O),
    Right.DOSSIER: _by(_O),
    Right.RUN_HALL: _by(_O),
    Right.CORRECT_CHECK_IN: _by(_O, Role.OFFICE),
    Right.SEE_BLIND: _by(_O),
    Right.LEAD: _by(_O, _C),
    Right.GIVE_CARDS: _by(_O, _C),
    Right.LOCK: _by(_O, _C),
    Right.RULE: _by(_C),
    Right.OVERSEE: _by(_S),
    Right.SEE: _by(_O, _C, _S, *WATCHERS),
    Right.FOLLOW_JOBS: _by(_O, _C, _S, Role.REGISTRAR, Role.OFFICE, *WATCHERS),
    Right.AGREE: _by(_O, _C, _S),
    Right.SAME_DAY: _by(_O, _C, _S, _R, Role.ARBITER),
    Right.RECHECK: _by(_O, _C, _S, Role.OBSERVER),
    Right.FOLLOW_PAPER: _by(_O, _C, _S, _R, *WATCHERS),
    Right.READ_AGAIN: _by(_R, _S),
    Right.BRING: _by(_O, _C, _R),
    Right.INVIGILATE: _by(_O, _C, Role.OFFICE, Role.CLERK),
    Right.MARK: _by(*SCORING_ROLES),
    Right.CODE: _by(_O, Role.CODER),
    Right.CHECK_IN: _by(_O, Role.CLERK, Role.OFFICE),
    Right.ENTER_OWN: _by(Role.CONTACT),
    Right.ENTER_VALUES: _by(_R, Role.CONTACT),
    Right.SEE_APPEALS: _by(_O, _C, _S, *ARBITERS, Role.OBSERVER),
    Right.ARBITRATE: _by(*ARBITERS),
    Right.FIRST_WORD: _by(Role.ARBITER),
    Right.LAST_WORD: _by(Role.HEAD_ARBITER),
    Right.OPEN_BANKS: _in_banks(*BankRole, administrators=True),
    Right.SEE_QUESTIONS: _in_banks(*BankRole),
    Right.WRITE_QUESTIONS: _in_banks(BankRole.AUTHOR),
    Right.REVIEW_QUESTIONS: _in_banks(BankRole.REVIEWER),
    Right.ASSEMBLE_PAPERS: _in_banks(BankRole.ASSEMBLER),
    Right.SEE_PAPERS: _in_banks(BankRole.ASSEMBLER, BankRole.KEEPER),
    Right.TAKE_OUT_QUESTIONS: _in_banks(BankRole.ASSEMBLER, BankRole.KEEPER),
    Right.KEEP_QUESTIONS: _in_banks(BankRole.KEEPER),
}


def roles_for(right: Right) -> frozenset[Role]:
    """The roles that may do it."""
    return HOLDERS[right].roles
