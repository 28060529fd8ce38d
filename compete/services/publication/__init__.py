"""What is announced: stored snapshots, the notice list, what a badge's holder may see."""

from compete.services.publication.aspects_given import own_aspects, own_scores
from compete.services.publication.bends import bends_of
from compete.services.publication.between_versions import VersionChanges, version_changes
from compete.services.publication.bulletin import bulletin_of, print_bulletin
from compete.services.publication.bulletin_corrections import (
    correction_words,
    marks_moved,
    stood_before,
)
from compete.services.publication.bulletin_sheets import bulletin_book
from compete.services.publication.consequences import (
    DOUBTS,
    SPEAKS_AGAINST,
    UNSETTLED,
    compare_again,
    consequence_of,
    consequences_of,
    doubt_about,
    doubts_about,
    open_consequences,
)
from compete.services.publication.contestants import (
    GradeVerdict,
    ModuleLine,
    Verdict,
    certificates_of_entrant,
    find_by_badge,
    verdict_for,
    version_without,
)
from compete.services.publication.differences import foreseen
from compete.services.publication.distinctions import (
    Contender,
    contenders,
    distinction_lines,
    distinctions_in_force,
    still_best,
)
from compete.services.publication.edition import (
    edition_of,
    edition_of_labour,
    edition_of_period,
    edition_words,
    named_as_published,
)
from compete.services.publication.event_lines import Announced, announced, objections_to
from compete.services.publication.honours_approved import (
    BY_HAND,
    HonourBook,
    distinction_prize,
    honour_book,
    honour_words,
)
from compete.services.publication.labour_grounds import (
    LostGround,
    ground_lost,
    vetoed_period,
    widest_period,
)
from compete.services.publication.line_by_line import ChangedLine, Line, changed_lines
from compete.services.publication.moves_by_appeals import Moved, moved_by_appeal
from compete.services.publication.notice import NOTICE, is_logged, print_notice, stamp_of
from compete.services.publication.notice_term import put_up_for
from compete.services.publication.public_rechecks import live_recheck_lines, recheck_lines
from compete.services.publication.published_sums import (
    PlacesBefore,
    WorkedLine,
    moved_places,
    places_before,
    worked_totals,
)
from compete.services.publication.publishing import publish, publish_names, with_procedure
from compete.services.publication.publishing_jobs import PUBLISH, publish_or_ask
from compete.services.publication.record_checks import check_records, seal_certificate
from compete.services.publication.result_moves import (
    WrongDaysError,
    adopt_published,
    agree_final,
    ask_final,
    asked_mark,
    drop_final,
    extend_notice,
    final_blockers,
    make_final,
    opened_again,
    waits_to_settle,
    withdraw_notice,
)
from compete.services.publication.result_stands import (
    Stand,
    all_stand_words,
    moves_of,
    stand_of,
    stand_words,
    stands_of,
)
from compete.services.publication.results_book import RESULTS_BOOK, print_results_book
from compete.services.publication.score_summary import SCORE_SUMMARY, print_score_summary
from compete.services.publication.snapshots import (
    also_told,
    forget_names,
    is_unchanged,
    latest_publication,
    newest_publications,
    public_files,
    publications,
    published_already,
    published_names,
    read_snapshot,
    snapshot_files,
    standing_publications,
    stored_fault,
)
from compete.services.publication.stored_pages import (
    Answer,
    Asked,
    Shelf,
    answer_of,
    badge_tokens,
    store_answers,
)
from compete.services.publication.storing_versions import publish_bends
from compete.services.publication.taken_down import on_taken_down
from compete.services.publication.telling import then_told, when_published
from compete.services.publication.told_departments import DEPARTMENTS, with_departments
from compete.services.publication.told_periods import (
    announced_labour,
    announced_periods,
    announces,
    announcing,
    newest_period,
)
from compete.services.publication.version_notes import public_note
from compete.services.publication.worked_again import check_certified, check_scores
from compete.services.publication.working_calendar import (
    WorkingDays,
    brought_days,
    brought_years,
    days_text,
    enter_year,
    entered_years,
    working_days,
)

__all__ = [
    "BY_HAND",
    "DEPARTMENTS",
    "DOUBTS",
    "NOTICE",
    "PUBLISH",
    "RESULTS_BOOK",
    "SCORE_SUMMARY",
    "SPEAKS_AGAINST",
    "UNSETTLED",
    "Announced",
    "Answer",
    "Asked",
    "ChangedLine",
    "Contender",
    "GradeVerdict",
    "HonourBook",
    "Line",
    "LostGround",
    "ModuleLine",
    "Moved",
    "PlacesBefore",
    "Shelf",
    "Stand",
    "Verdict",
    "VersionChanges",
    "WorkedLine",
    "WorkingDays",
    "WrongDaysError",
    "adopt_published",
    "agree_final",
    "all_stand_words",
    "also_told",
    "announced",
    "announced_labour",
    "announced_periods",
    "announces",
    "announcing",
    "answer_of",
    "ask_final",
    "asked_mark",
    "badge_tokens",
    "bends_of",
    "brought_days",
    "brought_years",
    "bulletin_book",
    "bulletin_of",
    "certificates_of_entrant",
    "changed_lines",
    "check_certified",
    "check_records",
    "check_scores",
    "compare_again",
    "consequence_of",
    "consequences_of",
    "contenders",
    "correction_words",
    "days_text",
    "distinction_lines",
    "distinction_prize",
    "distinctions_in_force",
    "doubt_about",
    "doubts_about",
    "drop_final",
    "edition_of",
    "edition_of_labour",
    "edition_of_period",
    "edition_words",
    "enter_year",
    "entered_years",
    "extend_notice",
    "final_blockers",
    "find_by_badge",
    "foreseen",
    "forget_names",
    "ground_lost",
    "honour_book",
    "honour_words",
    "is_logged",
    "is_unchanged",
    "latest_publication",
    "live_recheck_lines",
    "make_final",
    "marks_moved",
    "moved_by_appeal",
    "moved_places",
    "moves_of",
    "named_as_published",
    "newest_period",
    "newest_publications",
    "objections_to",
    "on_taken_down",
    "open_consequences",
    "opened_again",
    "own_aspects",
    "own_scores",
    "places_before",
    "print_bulletin",
    "print_notice",
    "print_results_book",
    "print_score_summary",
    "public_files",
    "public_note",
    "publications",
    "publish",
    "publish_bends",
    "publish_names",
    "publish_or_ask",
    "published_already",
    "published_names",
    "put_up_for",
    "read_snapshot",
    "recheck_lines",
    "seal_certificate",
    "snapshot_files",
    "stamp_of",
    "stand_of",
    "stand_words",
    "standing_publications",
    "stands_of",
    "still_best",
    "stood_before",
    "store_answers",
    "stored_fault",
    "then_told",
    "verdict_for",
    "version_changes",
    "version_without",
    "vetoed_period",
    "waits_to_settle",
    "when_published",
    "widest_period",
    "with_departments",
    "with_procedure",
    "withdraw_notice",
    "worked_totals",
    "working_days",
]
