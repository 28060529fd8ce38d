"""What is announced: stored snapshots, the notice list, what a badge's holder may see."""

from compete.services.publication.between_versions import VersionChanges, version_changes
from compete.services.publication.bulletin import print_bulletin
from compete.services.publication.consequences import (
    UNSETTLED,
    compare_again,
    consequence_of,
    consequences_of,
    open_consequences,
)
from compete.services.publication.contestants import (
    GradeVerdict,
    ModuleLine,
    Verdict,
    certificates_of_entrant,
    find_by_badge,
    verdict_for,
)
from compete.services.publication.edition import edition_of, edition_words, named_as_published
from compete.services.publication.event_lines import Announced, announced
from compete.services.publication.line_by_line import ChangedLine, Line, changed_lines
from compete.services.publication.moves_by_appeals import Moved, moved_by_appeal
from compete.services.publication.notice import print_notice, stamp_of
from compete.services.publication.publishing import publish, publish_names
from compete.services.publication.publishing_jobs import PUBLISH, publish_or_ask
from compete.services.publication.record_checks import check_records, seal_certificate
from compete.services.publication.result_moves import (
    MOST_EXTENDED,
    adopt_published,
    agree_final,
    ask_final,
    asked_mark,
    drop_final,
    extend_notice,
    final_blockers,
    make_final,
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
from compete.services.publication.snapshots import (
    also_told,
    is_unchanged,
    latest_publication,
    newest_publications,
    publications,
    published_names,
    read_snapshot,
    snapshot_files,
    standing_publications,
)
from compete.services.publication.stored_pages import (
    Answer,
    Asked,
    Shelf,
    answer_of,
    badge_tokens,
    store_answers,
)
from compete.services.publication.told_periods import (
    announced_labour,
    announced_periods,
    announces,
    announcing,
)
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
    "MOST_EXTENDED",
    "PUBLISH",
    "UNSETTLED",
    "Announced",
    "Answer",
    "Asked",
    "ChangedLine",
    "GradeVerdict",
    "Line",
    "ModuleLine",
    "Moved",
    "Shelf",
    "Stand",
    "Verdict",
    "VersionChanges",
    "WorkingDays",
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
    "brought_days",
    "brought_years",
    "certificates_of_entrant",
    "changed_lines",
    "check_certified",
    "check_records",
    "check_scores",
    "compare_again",
    "consequence_of",
    "consequences_of",
    "days_text",
    "drop_final",
    "edition_of",
    "edition_words",
    "enter_year",
    "entered_years",
    "extend_notice",
    "final_blockers",
    "find_by_badge",
    "is_unchanged",
    "latest_publication",
    "make_final",
    "moved_by_appeal",
    "moves_of",
    "named_as_published",
    "newest_publications",
    "open_consequences",
    "print_bulletin",
    "print_notice",
    "publications",
    "publish",
    "publish_names",
    "publish_or_ask",
    "published_names",
    "read_snapshot",
    "seal_certificate",
    "snapshot_files",
    "stamp_of",
    "stand_of",
    "stand_words",
    "standing_publications",
    "stands_of",
    "store_answers",
    "verdict_for",
    "version_changes",
    "waits_to_settle",
    "withdraw_notice",
    "working_days",
]
